"""One portion of waiting changes on its way through the pass, from pairing to the note of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import (
    CreatesOf,
    Flow,
    FoundBy,
    IntentsOf,
    LinksOf,
    Reviews,
    Stored,
    WaitingOf,
    load,
    new_id,
    now,
    save,
)
from sverka.decide.agreement import agreed, arrived, confirmed, intended, rebased, redone
from sverka.decide.fields import Conflict, decide
from sverka.decide.matching import (
    EXTERNAL,
    Found,
    Matched,
    New,
    Unclear,
    hits_of,
    match,
    search_keys,
)
from sverka.decide.steps import Outcome, Step
from sverka.decide.telling import Said, past, tell_conflict, tell_first_meeting, tell_outcome
from sverka.entities.clients import CLIENT
from sverka.records import (
    HistoryLine,
    Intent,
    Level,
    Link,
    Record,
    Review,
    SearchKeys,
    SideName,
    Waiting,
    Written,
    split_key,
)
from sverka.settings import Criterion, Settings
from sverka.sides.delivery import pause_s
from sverka.sides.portal_writing import needs_mark
from sverka.sides.side import Side

PORTAL, INFOBASE = SideName

REDONE = (
    "a doubtful update is made again: if it had arrived, what a person has done to these "
    "values since is undone"
)


@dataclass(slots=True)
class Pair:
    """One client in work: what waits for it, its two records, what is to be done.

    Attributes:
        aged: A record of it was read earlier in the pass, and may have changed since.
        doubts: Updates of an earlier try of which nobody knows whether they arrived.
        closed: Why nothing (more) is done, `""` while it is open.
        lines: What the history will say.
        met: What it will say of a first meeting.
    """

    waiting: list[Waiting]
    keys: dict[SideName, str]
    link: Link | None = None
    records: dict[SideName, Record] = field(default_factory=dict)
    aged: bool = False
    steps: list[Step] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    doubts: list[Intent] = field(default_factory=list)
    review: Review | None = None
    closed: str = ""
    lines: list[Said] = field(default_factory=list)
    met: list[Said] = field(default_factory=list)

    @property
    def own(self) -> SideName:
        """The side whose change brought the pair up."""
        return self.waiting[0].side

    def close(self, why: str, level: Level | None = None) -> None:
        self.closed = why
        if level:
            self.tell(level, why)

    def tell(self, level: Level, text: str, values: Mapping[str, str] | None = None) -> None:
        """Have a line in the history."""
        self.lines.append(Said(level, text, values or {}))


@dataclass(slots=True)
class Portion:
    """Carries one portion through.

    Attributes:
        tally: Counts what happened, for the report.
        known: Records by key that were read whole earlier in the pass; each is used once.
    """

    settings: Settings
    sides: Mapping[SideName, Side]
    run: int
    tally: Counter[str]
    known: dict[str, Record] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    reviews: dict[tuple[SideName, str], Review] = field(default_factory=dict)

    def carry(self, waiting: Sequence[Waiting]) -> Flow[float | None]:
        """Returns when the first doubtful record may be tried again; None if none is."""
        yield from self.pair_up(waiting)
        yield from self.recover()
        yield from self.read_whole()
        yield from self.match_new()
        yield from self.decide_all(self.pairs)
        yield from self.look_again()
        yield from self.intend()
        outcomes = yield from self.write()
        return (yield from self.note(outcomes))

    def pair_up(self, waiting: Sequence[Waiting]) -> Flow[None]:
        by_key: dict[tuple[SideName, str], Pair] = {}
        for side in SideName:
            keys = tuple(entry.key for entry in waiting if entry.side is side)
            for link in (yield from load(LinksOf(side, keys))):
                pair = by_key.get((side, link.key(side))) or Pair([], {}, link)
                for end in SideName:
                    pair.keys[end] = link.key(end)
                    by_key[end, link.key(end)] = pair
        for entry in (yield from self._with_other_ends(waiting, by_key)):
            pair = by_key.setdefault((entry.side, entry.key), Pair([], {entry.side: entry.key}))
            pair.waiting.append(entry)
        self.pairs = list({id(pair): pair for pair in by_key.values()}.values())

    def _with_other_ends(
        self, waiting: Sequence[Waiting], ends: Iterable[tuple[SideName, str]]
    ) -> Flow[Sequence[Waiting]]:
        """What waits for the other end of a pair is done with it: it is read but once."""
        mine = {(entry.side, entry.key) for entry in waiting}
        together = list(waiting)
        for side in SideName:
            keys = tuple(key for end, key in ends if end is side and (end, key) not in mine)
            together += (yield from load(WaitingOf(side, keys))) if keys else []
        return together

    def recover(self) -> Flow[None]:
        """Look up what an earlier, doubtful try may have created; never create it blindly."""
        for side in SideName:
            sources = {p.keys[side.other]: p for p in self.pairs if side.other in p.keys}
            intents = yield from load(IntentsOf(side, tuple(sources)))
            creates = [intent for intent in intents if not intent.target_key]
            for intent in intents:
                if intent.target_key:
                    sources[intent.source_key].doubts.append(intent)
            if not creates:
                continue
            found = yield from self.sides[side].find([intent.external for intent in creates])
            links = []
            for intent in creates:
                pair = sources[intent.source_key]
                if pair.link is None and (key := found.get(intent.external)):
                    links.append(self._restored(pair, intent, key))
            yield from save(puts=links, drops=creates)
        yield from self._recover_made()

    def _recover_made(self) -> Flow[None]:
        """A record that the infobase reports as new may be of our own doubtful making."""
        news = {
            split_key(key)[1]: pair
            for pair in self.pairs
            if pair.link is None and not pair.closed and (key := pair.keys.get(INFOBASE))
        }
        creates = (yield from load(CreatesOf(INFOBASE, tuple(news)))) if news else []
        links = []
        for intent in creates:
            pair = news[intent.external]
            self._absorb(pair, PORTAL, intent.source_key)
            links.append(self._restored(pair, intent, pair.keys[INFOBASE]))
        yield from save(puts=links, drops=creates)

    def _restored(self, pair: Pair, intent: Intent, key: str) -> Link:
        self._absorb(pair, intent.side, key)
        bases = {intent.side: intent.target_base, intent.side.other: intent.source_base}
        pair.link = Link.between(pair.keys, bases)
        pair.tell(Level.WARNING, f"found after a doubtful create: {key}")
        return pair.link

    def read_whole(self) -> Flow[None]:
        yield from self._read(self.pairs)
        keys = [search_keys(r) for pair in self.pairs for r in pair.records.values()]
        keys += [SearchKeys(side=side, key=key, found_by={}) for side, key in self._missing()]
        links = [link for pair in self.pairs if (link := self._cleared(pair))]
        doubts = [intent for pair in self.pairs for intent in pair.doubts]
        yield from save(puts=[*keys, *links], drops=doubts)
        for pair in self.pairs:
            self._close_if_gone(pair)

    def _cleared(self, pair: Pair) -> Link | None:
        """The link if a doubtful update of the pair has arrived after all."""
        before = pair.link
        for intent in pair.doubts:
            target = pair.records.get(intent.side)
            if before and pair.link and target:
                base = before.base(intent.side)
                if arrived(intent, target.values, base):
                    pair.link = confirmed(pair.link, intent, before)
                else:
                    pair.tell(Level.WARNING, REDONE, redone(intent, base))
        return pair.link if pair.link is not before else None

    def _read(self, pairs: Iterable[Pair]) -> Flow[None]:
        pairs = list(pairs)
        for pair in pairs:
            for side, key in pair.keys.items():
                if side not in pair.records and (known := self.known.pop(key, None)):
                    pair.records[side] = known
                    pair.aged = True
        for side in SideName:
            wanted = [
                pair.keys[side] for pair in pairs if side in pair.keys and side not in pair.records
            ]
            found = (yield from self.sides[side].read(wanted)) if wanted else {}
            for pair in pairs:
                if record := found.get(pair.keys.get(side, "")):
                    pair.records[side] = record

    def _missing(self) -> Iterator[tuple[SideName, str]]:
        for pair in self.pairs:
            for side, key in pair.keys.items():
                if side not in pair.records:
                    yield side, key

    def _close_if_gone(self, pair: Pair) -> None:
        for side, key in pair.keys.items():
            record = pair.records.get(side)
            if record is None:
                level = Level.WARNING if pair.link else None
                pair.close(f"{key} is gone from the {side}; its pair is left as it is", level)
            elif record.outside:
                level = Level.INFO if pair.link else None
                pair.close(f"{key} is not exchanged: {record.outside}", level)

    def match_new(self) -> Flow[None]:
        lonely = [pair for pair in self.pairs if not pair.closed and pair.link is None]
        if not lonely:
            return
        self.reviews = {(r.side, r.key): r for r in (yield from load(Reviews()))}
        for side in SideName:
            mine = [pair for pair in lonely if not pair.closed and pair.own is side]
            if mine:
                own = yield from self._bearers(side, mine)
                by_value = yield from self._bearers(side.other, mine, Criterion.INN)
                by_mark = yield from self._by_external(side.other, mine)
                found = {**by_value, EXTERNAL: by_mark}
                taken = yield from self._taken(side.other, found)
                for pair in mine:
                    review = self.reviews.get((side, pair.keys[side]))
                    self._match_one(pair, found, own, taken=taken, review=review)
        matched = [pair for pair in lonely if not pair.closed and len(pair.keys) == 2]
        for pair in matched:
            pair.waiting = list((yield from self._with_other_ends(pair.waiting, pair.keys.items())))
        yield from self._read(matched)

    def _bearers(self, side: SideName, pairs: Sequence[Pair], *more: str) -> Flow[Found]:
        """Who on `side` bears a value by which one of these pairs' own records is found."""
        mine = [search_keys(pair.records[pair.own]).found_by for pair in pairs]
        found: dict[str, Mapping[str, tuple[str, ...]]] = {}
        for by in dict.fromkeys([*self.settings.clients.criteria, *more]):
            values = tuple({value: None for keys in mine for value in keys.get(by, ())})
            found[by] = yield from load(FoundBy(side, by, values))
        return found

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
        record = pair.records[own]
        if own is INFOBASE:
            record = replace(record, external=split_key(record.key)[1])
        hits = hits_of(record, found, [EXTERNAL, *self.settings.clients.criteria], own=own_bearers)
        verdict = match(hits, taken=taken, policy=self.settings.clients.policy, review=review)
        if isinstance(verdict, Matched):
            taken.add(verdict.key)
            self._absorb(pair, other, verdict.key)
            pair.tell(Level.INFO, f"recognised by {verdict.by}: {verdict.key}")
            self.tally["linked"] += 1
        elif isinstance(verdict, Unclear):
            self._ask_a_person(pair, verdict)
        else:
            self._warn_of_likes(pair, record, found, verdict)

    def _absorb(self, pair: Pair, side: SideName, key: str) -> None:
        """The found record may wait in this portion by itself: it is the same pair."""
        pair.keys[side] = key
        for double in self.pairs:
            if double is not pair and double.keys.get(side) == key and double.link is None:
                pair.waiting += double.waiting
                double.waiting = []
                double.close("taken together with its pair")

    def _ask_a_person(self, pair: Pair, verdict: Unclear) -> None:
        own = pair.own
        candidates = ", ".join(verdict.candidates)
        what = "looks like a double of" if len(verdict.candidates) == 1 else "could be any of"
        pair.review = Review(
            side=own, key=pair.keys[own], criterion=verdict.by, candidates=verdict.candidates
        )
        pair.close(f"{pair.keys[own]} {what} {candidates} by {verdict.by}", Level.WARNING)
        self.tally["review"] += 1

    def _warn_of_likes(
        self,
        pair: Pair,
        record: Record,
        found: Found,
        verdict: New,
    ) -> None:
        if verdict.hint:
            pair.tell(Level.WARNING, f"created new, though {verdict.hint}")
        likes = [key for hit in hits_of(record, found, [Criterion.INN]) for key in hit.keys]
        if likes and not verdict.hint:
            pair.tell(Level.WARNING, f"INN also on {', '.join(likes)}")

    def decide_all(self, pairs: Iterable[Pair]) -> Flow[None]:
        for pair in pairs:
            if pair.closed:
                continue
            if len(pair.records) == 2:
                self._decide_pair(pair)
            elif len(pair.keys) == 1:
                known = pair.keys.get(INFOBASE)
                guid = split_key(known)[1] if known else (yield from new_id())
                pair.steps = [self._create(pair.records[pair.own], guid)]
            else:
                pair.close(
                    f"{pair.keys[pair.own.other]} is gone from the other side", Level.WARNING
                )

    def look_again(self) -> Flow[None]:
        """What is to be updated is read right before: neither system can compare and swap."""
        pairs = [p for p in self.pairs if p.aged and any(s.target and s.written for s in p.steps)]
        for pair in pairs:
            pair.records, pair.steps, pair.conflicts, pair.met = {}, [], [], []
        yield from self._read(pairs)
        for pair in pairs:
            self._close_if_gone(pair)
        yield from self.decide_all(pairs)

    def _decide_pair(self, pair: Pair) -> None:
        portal, infobase = pair.records[PORTAL], pair.records[INFOBASE]
        clients = self.settings.clients
        decision = decide(
            CLIENT,
            portal,
            infobase,
            link=pair.link,
            winner=clients.winner,
            portal_carries=CLIENT.carried(portal.key.partition(":")[0], infobase.kind),
        )
        pair.conflicts = decision.conflicts
        pair.met = [] if pair.link else tell_first_meeting(decision)
        for source, target in ((infobase, portal), (portal, infobase)):
            written = decision.written(target.side)
            if written and target.side is INFOBASE and not clients.update_existing:
                names = ", ".join(sorted(written))
                pair.tell(Level.INFO, f"not updated, clients.update_existing is off: {names}")
                written = {}
            guid = split_key(infobase.key)[1]
            marks = target.side is PORTAL and needs_mark(target, guid)
            if written or marks:
                pair.steps.append(_step(source, target, written, guid))

    def _create(self, record: Record, guid: str) -> Step:
        shape = self.settings.clients.shapes[record.kind]
        carried = CLIENT.carried(shape, record.kind)
        written = {
            name: value for name, value in record.values.items() if value and name in carried
        }
        return Step(
            side=record.side.other, source=record, target=None, written=written, external=guid
        )

    def intend(self) -> Flow[None]:
        yield from save([intent for pair in self.pairs for intent in _intents(pair)])

    def write(self) -> Flow[dict[int, Outcome]]:
        """Outcomes by the identity of their step.

        The infobase goes first: a client who was made there is then marked on the portal.
        """
        outcomes: dict[int, Outcome] = {}
        for side in (INFOBASE, PORTAL):
            steps = [step for step in self._steps() if step.side is side]
            if steps:
                for outcome in (yield from self.sides[side].write(steps)):
                    outcomes[id(outcome.step)] = outcome
            for pair in self.pairs if side is INFOBASE else ():
                self._mark_made(pair, outcomes)
        return outcomes

    def _mark_made(self, pair: Pair, outcomes: Mapping[int, Outcome]) -> None:
        for step in list(pair.steps):
            outcome = outcomes.get(id(step))
            if step.creates and outcome and outcome.key and needs_mark(step.source, step.external):
                made = Record(
                    side=INFOBASE, key=outcome.key, kind=step.source.kind, values=outcome.settled
                )
                pair.steps.append(_step(made, step.source, {}, step.external))

    def _steps(self) -> Iterator[Step]:
        return (step for pair in self.pairs for step in pair.steps)

    def note(self, outcomes: Mapping[int, Outcome]) -> Flow[float | None]:
        """One transaction: links, what is done, what stays with its reason, the history."""
        moment_s = yield from now()
        puts: list[Stored] = []
        drops: list[Stored] = []
        again_s: list[float] = []
        for pair in self.pairs:
            mine = [outcomes[id(step)] for step in pair.steps]
            if failed := [outcome for outcome in mine if outcome.reason]:
                kept = [self._kept(entry, failed, moment_s) for entry in pair.waiting]
                puts += kept
                again_s += [entry.next_at_s for entry in kept if failed[0].doubtful]
            else:
                drops += pair.waiting
            if any(outcome.doubtful for outcome in mine):
                fresh, done = _certain(pair, mine)
                puts += fresh
                drops += done
            else:
                for link in self._link(pair, mine):
                    puts += [link, *self._answered(link)]
                drops += _intents(pair)
            puts += [pair.review] if pair.review else []
            puts += self._history(pair, mine, moment_s)
        yield from save(puts, drops)
        return min(again_s, default=None)

    def _kept(self, entry: Waiting, failed: Sequence[Outcome], moment_s: float) -> Waiting:
        tries = entry.tries + 1
        pace = self.settings.pace
        doubtful = failed[0].doubtful
        calm_s = pace.calm_s if doubtful else pace.calm_s * 60
        return replace(
            entry,
            reason="; ".join(outcome.reason for outcome in failed),
            tries=tries,
            next_at_s=moment_s + pause_s(tries, calm_s, 0.0) if doubtful else moment_s + calm_s,
            parked=not doubtful and tries >= pace.tries,
        )

    def _answered(self, link: Link) -> list[Review]:
        """Open questions about either of a pair: who he is has now been found."""
        asked = [(side, self.reviews.get((side, link.key(side)))) for side in SideName]
        return [
            replace(review, decided=link.key(side.other))
            for side, review in asked
            if review and not review.decided
        ]

    def _link(self, pair: Pair, outcomes: Sequence[Outcome]) -> list[Link]:
        if (pair.closed and not pair.steps) or not all(o.key for o in outcomes):
            return []
        portal, infobase = pair.records.get(PORTAL), pair.records.get(INFOBASE)
        link = agreed(portal, infobase, outcomes=outcomes, before=pair.link)
        return [] if link == pair.link else [link]

    def _history(
        self, pair: Pair, outcomes: Sequence[Outcome], moment_s: float
    ) -> list[HistoryLine]:
        key = pair.keys.get(pair.own if pair.waiting else PORTAL, "")
        self._count(pair, outcomes)
        decided = [*pair.met, *map(tell_conflict, pair.conflicts)]
        said = [*pair.lines, *decided, *map(tell_outcome, outcomes)]
        return [
            HistoryLine(
                run=self.run,
                at_s=moment_s,
                level=line.level,
                text=line.text,
                side=line.side,
                key=key,
                values=line.values,
            )
            for line in said
        ]

    def _count(self, pair: Pair, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            failed = "doubtful" if outcome.doubtful else "unsent"
            self.tally[failed if outcome.reason else past(outcome)] += 1
        if not outcomes and not pair.closed:
            self.tally["unchanged"] += 1


def _step(source: Record, target: Record, written: Written, guid: str) -> Step:
    return Step(side=target.side, source=source, target=target, written=written, external=guid)


def _intents(pair: Pair) -> list[Intent]:
    return [intended(step, pair.link) for step in pair.steps if step.written]


def _certain(pair: Pair, outcomes: Sequence[Outcome]) -> tuple[list[Stored], list[Stored]]:
    """What to keep and to drop of a pair of which one update went and another is in doubt.

    The link learns at once of the one that went: a person may undo it before the next try.
    """
    before, link = pair.link, pair.link
    done: list[Stored] = []
    doubtful: list[Intent] = []
    for outcome in outcomes:
        if before is None or link is None or not outcome.step.written:
            continue
        intent = intended(outcome.step, before)
        if outcome.doubtful:
            doubtful.append(intent)
        elif outcome.went == outcome.step.written.keys() and intent.target_key:
            link = confirmed(link, intent, before)
            done.append(intent)
    if before is None or link is None or not done:
        return [], []
    return [link, *(rebased(intent, before, link) for intent in doubtful)], done
