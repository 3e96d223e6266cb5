"""Who was merged into whom: in 1C the loser is marked for deletion, on the portal it is gone.

Either way the survivor is looked for before anything is taken for a deletion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import BelongingTo, CursorOf, Flow, FoundBy, LinksOf, Reviews, load, save
from sverka.decide.fates import is_merge_possible
from sverka.decide.matching import inn_kpp
from sverka.entities.clients import CLIENT
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, absorb
from sverka.records import Cursor, Level, Link, Record, Review, SideName, Waiting, split_key
from sverka.settings import Criterion
from sverka.sides.side import Holders, Side

BY_MARK = "the mark"
BY_REQUISITE = "the requisite"
BY_NUMBERS = "INN+KPP"
BY_BINDINGS = "what belonged to it"
BY_DECISION = "a person's decision"
BY_TRACES = "merged on the portal"
"""What a person is asked of a client whose end there is gone: into whom, if at all."""
NOBODY = "new"
MERGED = "merged"
"""Cursors of clients whose record on the portal went into that of another client."""

Candidate = tuple[Pair, str, str]
"""Who may go on as which key, and what tells it."""


@dataclass(slots=True)
class Survivors:
    """Looks for the survivors of clients that are gone from one side.

    Attributes:
        children: Links of what belonged to each of them, by his key in the infobase.
        reached: Who bears a phone or an e-mail of his on the portal, likewise.
        decided: What a person said of a client of whom nothing tells whether he was merged.
    """

    sides: Mapping[SideName, Side]
    pairs: Sequence[Pair]
    children: dict[str, list[Link]] = field(default_factory=dict)
    reached: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)

    def look_for(self, gone: Sequence[Pair], side: SideName) -> Flow[None]:
        """Let links move to those who are found, and say whose they cannot move to."""
        if not gone:
            return
        yield from self._learn_children(gone)
        candidates = yield from self.candidates(gone, side)
        keys = [key for _, key, _ in candidates]
        links = (yield from load(LinksOf(side, tuple(keys)))) if keys else []
        linked = {link.key(side): link for link in links}
        shown = yield from read_again(self.sides[side], keys)
        moved: dict[str, Pair] = {}
        for pair, key, by in candidates:
            survivor = shown.get(key)
            if pair.closed or pair.link is None:
                continue
            if survivor is None or not _is_client(survivor):
                if by == BY_DECISION:
                    yield from _keep_merged(pair, f"{key}, which is no client, took it in by {by}")
                continue
            if key in linked:
                yield from self._leave(pair, side, f"{key} with {by}", linked[key])
                continue
            lost = pair.keys[side]
            self._move(pair, survivor)
            pair.tell(Level.INFO, f"{lost} is gone; by {by} it goes on as {key}")
            linked[key] = Link(portal_key=pair.keys[PORTAL], infobase_key=pair.keys[INFOBASE])
            moved[key] = pair
        yield from self._answer(moved, side)
        if side is PORTAL:
            yield from _remember(gone)

    def candidates(self, gone: Sequence[Pair], side: SideName) -> Flow[list[Candidate]]:
        found = (yield from self._on_portal(gone)) if side is PORTAL else []
        found += yield from self._by_bindings(gone, side)
        return found + ((yield from self._by_numbers(gone)) if side is INFOBASE else [])

    def _on_portal(self, gone: Sequence[Pair]) -> Flow[list[Candidate]]:
        """Who bears his mark, else his numbers."""
        guids = {split_key(pair.keys[INFOBASE])[1]: pair for pair in gone}
        marked = yield from self.sides[PORTAL].find(list(guids))
        # Asked of the portal itself: a merge moves requisites, and tells it in no certain order.
        links = [pair.link for pair in gone if pair.link]
        holders = yield from self.sides[PORTAL].holders(links)
        found = [(guids[guid], key, BY_MARK) for guid, key in marked.items() if guid in guids]
        for review in (yield from load(Reviews())):
            if review.side is INFOBASE and review.criterion == BY_TRACES:
                self.decided[review.key] = review.decided
        for pair in gone:
            key = self.decided.get(pair.keys[INFOBASE], "")
            found += [(pair, key, BY_DECISION)] if key not in {"", NOBODY} else []
        for pair in gone:
            held = holders.get(pair.keys[INFOBASE], Holders())
            self.reached[pair.keys[INFOBASE]] = held.reached
            for by, keys in ((BY_REQUISITE, held.ours), (BY_NUMBERS, held.alike)):
                found += _sole(pair, PORTAL, keys, by)
        return found

    def doubt(self, pair: Pair, link: Link) -> Review | None:
        """What a person has to be asked before his pair on the portal is taken for deleted."""
        key = link.infobase_key
        reached = self.reached.get(key, ())
        asked = key in self.reached and self.decided.get(key) != NOBODY
        if not asked or not is_merge_possible(link, reached, self.children.get(key, ())):
            return None
        return Review(side=INFOBASE, key=key, criterion=BY_TRACES, candidates=reached)

    def _by_numbers(self, gone: Sequence[Pair]) -> Flow[list[Candidate]]:
        """Duplicates in 1C are mostly those with the same numbers."""
        known = {
            pair.keys[INFOBASE]: inn_kpp(pair.link.infobase_base) for pair in gone if pair.link
        }
        values = tuple(dict.fromkeys(filter(None, known.values())))
        bearers = (yield from load(FoundBy(INFOBASE, Criterion.INN_KPP, values))) if values else {}
        return [
            candidate
            for pair in gone
            for candidate in _sole(
                pair, INFOBASE, bearers.get(known.get(pair.keys[INFOBASE], ""), ()), BY_NUMBERS
            )
        ]

    def _learn_children(self, gone: Sequence[Pair]) -> Flow[None]:
        owners = tuple(pair.keys[INFOBASE] for pair in gone)
        for link in (yield from load(BelongingTo(owners))):
            self.children.setdefault(str(link.infobase_base["owner"]), []).append(link)

    def _by_bindings(self, gone: Sequence[Pair], side: SideName) -> Flow[list[Candidate]]:
        """To whom all went that belonged to him."""
        keys = [link.key(side) for links in self.children.values() for link in links]
        shown = yield from read_again(self.sides[side], keys)
        found: list[Candidate] = []
        for pair in gone:
            mine = [link.key(side) for link in self.children.get(pair.keys[INFOBASE], ())]
            now = [shown[key] for key in mine if key in shown]
            owners = {str(record.values.get("owner", "")) for record in now}
            if pair.keys[side] not in owners:
                found += _sole(pair, side, sorted(owners - {""}), BY_BINDINGS)
        return found

    def _move(self, pair: Pair, survivor: Record) -> None:
        """What both sides show meets anew: nobody agreed on it with this record yet."""
        pair.link, pair.records[survivor.side] = None, survivor
        absorb(pair, survivor.side, survivor.key, self.pairs)

    def _leave(self, pair: Pair, side: SideName, who: str, link: Link) -> Flow[None]:
        told = f"{who} is {link.key(side.other)}"
        if side is PORTAL:
            yield from _keep_merged(pair, told)
            return
        # What belonged to him is the other one's now; he himself goes as the setting says.
        left = self.children.get(pair.keys[INFOBASE], ())
        yield from save([Waiting(side=INFOBASE, key=child.infobase_key) for child in left])
        pair.tell(
            Level.WARNING,
            f"{pair.keys[INFOBASE]} is gone, and {told}: if they were merged, merge "
            f"{pair.keys[PORTAL]} on the portal, too",
        )

    def _answer(self, moved: Mapping[str, Pair], side: SideName) -> Flow[None]:
        """Who a survivor is need not be asked any more."""
        reviews = (yield from load(Reviews())) if moved else []
        answered = [
            replace(review, decided=moved[review.key].keys[side.other])
            for review in reviews
            if review.side is side and review.key in moved and not review.decided
        ]
        yield from save(answered)


def read_again(side: Side, keys: Sequence[str]) -> Flow[Mapping[str, Record]]:
    """Records as they are now: the journal may know who is gone meanwhile."""
    shown = (yield from side.read(list(dict.fromkeys(keys)))) if keys else {}
    return {key: record for key, record in shown.items() if isinstance(record, Record)}


def _sole(pair: Pair, side: SideName, keys: Sequence[str], by: str) -> Iterator[Candidate]:
    """Of several nobody knows which one it is."""
    others = [key for key in keys if key != pair.keys[side]]
    if len(others) == 1:
        yield pair, others[0], by


def _remember(gone: Sequence[Pair]) -> Flow[None]:
    """Whom a person has tidied up since, such as a second requisite, tells it no more."""
    for pair in gone:
        unknown = pair.link and not pair.closed
        if unknown and (told := (yield from load(CursorOf(_merged(pair))))):
            _leave_merged(pair, told)


def _keep_merged(pair: Pair, told: str) -> Flow[None]:
    yield from save([Cursor(name=_merged(pair), value=told)])
    _leave_merged(pair, told)


def _merged(pair: Pair) -> str:
    return f"{MERGED}.{pair.keys[INFOBASE]}"


def _leave_merged(pair: Pair, told: str) -> None:
    pair.close(
        f"{pair.keys[PORTAL]} is gone from the portal, and {told}: if they were merged, replace "
        "one by the other in 1C, too",
        Level.WARNING,
    )


def _is_client(record: Record) -> bool:
    return record.entity == CLIENT.name and not record.outside
