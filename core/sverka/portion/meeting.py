"""Who is who on the other side: pairs that nobody has linked yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow, FoundBy, LinksOf, Reviews, load
from sverka.decide.matching import (
    EXTERNAL,
    MARKED_INN,
    Found,
    Keys,
    Matched,
    New,
    Unclear,
    criteria_of,
    hits_of,
    likes,
    match,
    search_keys,
)
from sverka.portion.owners import Owners
from sverka.portion.pairing import with_other_ends
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, absorb
from sverka.records import Level, Review, SideName, split_key
from sverka.settings import ClientSettings, Criterion
from sverka.sides.side import Side

Reviewed = dict[tuple[SideName, str], Review]


@dataclass(slots=True)
class Meeting:
    """Finds the other ends of pairs."""

    settings: ClientSettings
    sides: Mapping[SideName, Side]
    tally: Counter[str]
    pairs: Sequence[Pair]
    owners: Owners
    reviews: Reviewed = field(default_factory=dict)

    def match_new(self) -> Flow[list[Pair]]:
        """Returns the pairs whose other end was found, and is still to be read."""
        lonely = [pair for pair in self.pairs if not pair.closed and pair.link is None]
        if not lonely:
            return []
        self.reviews = {(r.side, r.key): r for r in (yield from load(Reviews()))}
        for side in SideName:
            mine = [pair for pair in lonely if not pair.closed and pair.own is side]
            if mine:
                own = yield from self._bearers(side, mine)
                by_value = yield from self._bearers(side.other, mine, Criterion.INN)
                by_mark = yield from self._by_external(side.other, mine)
                found = {**by_value, EXTERNAL: by_mark}
                taken = yield from self._taken(side.other, found)
                found[MARKED_INN] = yield from self._marked(side.other, mine)
                for pair in mine:
                    review = self.reviews.get((side, pair.keys[side]))
                    self._match_one(pair, found, own, taken=taken, review=review)
        matched = [pair for pair in lonely if not pair.closed and len(pair.keys) == 2]
        for pair in matched:
            pair.waiting = list((yield from with_other_ends(pair.waiting, pair.keys.items())))
        return matched

    def _bearers(self, side: SideName, pairs: Sequence[Pair], *more: str) -> Flow[Found]:
        """Who on `side` bears a value by which one of these pairs' own records is found."""
        mine = [self._keys(side, pair) for pair in pairs]
        entities = dict.fromkeys(pair.records[pair.own].entity for pair in pairs)
        criteria = [by for entity in entities for by in criteria_of(entity, self.settings.criteria)]
        found: dict[str, Mapping[str, tuple[str, ...]]] = {}
        for by in dict.fromkeys([*criteria, *more]):
            values = tuple({value: None for keys in mine for value in keys.get(by, ())})
            found[by] = yield from load(FoundBy(side, by, values))
        return found

    def _marked(self, side: SideName, pairs: Sequence[Pair]) -> Flow[Mapping[str, tuple[str, ...]]]:
        inns = {inn: None for p in pairs for inn in self._keys(side, p).get(Criterion.INN, ())}
        return (yield from load(FoundBy(side, MARKED_INN, tuple(inns))))

    def _keys(self, side: SideName, pair: Pair) -> Keys:
        """What its own record is found by on a side."""
        return search_keys(self.owners.seen_from(side, pair.records[pair.own])).found_by

    def _by_external(
        self, side: SideName, pairs: Sequence[Pair]
    ) -> Flow[Mapping[str, tuple[str, ...]]]:
        """The external ID is a GUID of the infobase: one end holds it, the other one is it."""
        if side is PORTAL:
            guids = tuple(split_key(pair.keys[INFOBASE])[1] for pair in pairs)
            return (yield from load(FoundBy(PORTAL, EXTERNAL, guids)))
        marks = [r.external for pair in pairs if (r := pair.records[PORTAL]).external]
        known = yield from self.sides[INFOBASE].find(marks)
        return {mark: (key,) for mark, key in known.items()}

    def _taken(self, side: SideName, found: Found) -> Flow[set[str]]:
        keys = {key: None for by in found.values() for hits in by.values() for key in hits}
        links = yield from load(LinksOf(side, tuple(keys)))
        # Who was found from the other side a moment ago is linked only when all is written.
        found_now = {pair.keys[side] for pair in self.pairs if len(pair.keys) == 2}
        return {link.key(side) for link in links} | found_now

    def _match_one(
        self,
        pair: Pair,
        found: Found,
        own_bearers: Found,
        *,
        taken: set[str],
        review: Review | None,
    ) -> None:
        if pair.closed or len(pair.keys) == 2:
            return
        own, other = pair.own, pair.own.other
        sought = self._keys(other, pair)
        if own is INFOBASE:
            sought = {**sought, EXTERNAL: (split_key(pair.keys[own])[1],)}
        entity = pair.records[own].entity
        hits = hits_of(
            sought,
            found,
            [EXTERNAL, *criteria_of(entity, self.settings.criteria)],
            entity=entity,
            mine=self._keys(own, pair),
            own=own_bearers,
        )
        verdict = match(hits, taken=taken, policy=self.settings.policy, review=review)
        if isinstance(verdict, Matched):
            taken.add(verdict.key)
            absorb(pair, other, verdict.key, self.pairs)
            pair.recognised_by = verdict.by
            pair.tell(Level.INFO, f"recognised by {verdict.by}: {verdict.key}")
            self.tally["linked"] += 1
        elif isinstance(verdict, Unclear):
            self._ask_a_person(pair, verdict)
        else:
            self._warn_of_likes(pair, sought, found, verdict)

    def _ask_a_person(self, pair: Pair, verdict: Unclear) -> None:
        own = pair.own
        candidates = ", ".join(verdict.candidates)
        what = "looks like a double of" if len(verdict.candidates) == 1 else "could be any of"
        pair.review = Review(
            side=own, key=pair.keys[own], criterion=verdict.by, candidates=verdict.candidates
        )
        pair.close(f"{pair.keys[own]} {what} {candidates} by {verdict.by}", Level.WARNING)
        self.tally["review"] += 1

    def _warn_of_likes(self, pair: Pair, sought: Keys, found: Found, verdict: New) -> None:
        if verdict.hint:
            pair.tell(Level.WARNING, f"created new, though {verdict.hint}")
        alike = likes(sought, found)
        if alike and not verdict.hint:
            pair.tell(Level.WARNING, f"INN also on {', '.join(alike)}")
