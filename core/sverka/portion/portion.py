"""The steps of one portion, in their order."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import Flow, NewestChange, WaitingOf, load, now
from sverka.decide.steps import Outcome, Step
from sverka.portion.deciding import Deciding, step_to
from sverka.portion.departures import Departure
from sverka.portion.fates import Fates, close_if_marked, keep_home
from sverka.portion.holding import Holding
from sverka.portion.meeting import Meeting
from sverka.portion.noting import Noting
from sverka.portion.owners import Owners
from sverka.portion.pairing import Pairing
from sverka.portion.pairs import INFOBASE, PORTAL, Pair
from sverka.portion.reading import Reading, close_if_gone
from sverka.portion.restoring import put_back
from sverka.portion.telling import Telling
from sverka.records import Record, SideName, Waiting
from sverka.settings import Settings
from sverka.sides.portal_writing import needs_mark
from sverka.sides.side import Side

OLD_S = 10.0
"""So long after its reading a record is not updated: a slow other side has kept us from it."""


Witness = Callable[[Sequence[Pair], Mapping[int, Outcome]], None]
"""Takes the pairs of a portion, and the outcomes by the identity of their step."""


def nobody(pairs: Sequence[Pair], outcomes: Mapping[int, Outcome]) -> None:
    """Looks at nothing."""


@dataclass(slots=True)
class Portion:
    """Carries one portion through.

    Attributes:
        tally: Counts what happened, for the report.
        known: Records by key that were read whole earlier in the pass; each is used once.
        departures: Gets the clients that are to go from the side where they still are.
        restored: The base was restored from a backup, and this is the first exchange since.
        witness: Is shown the pairs and their outcomes once all is noted.
        is_alone: Nobody else takes changes over meanwhile.
    """

    settings: Settings
    sides: Mapping[SideName, Side]
    run: int
    tally: Counter[str]
    known: dict[str, Record] = field(default_factory=dict)
    witness: Witness = nobody
    departures: list[Departure] = field(default_factory=list)
    restored: bool = False
    is_alone: bool = True
    _newest: int = 0

    def carry(self, waiting: Sequence[Waiting]) -> Flow[float | None]:
        """Returns when the first doubtful record may be tried again; None if none is."""
        clients = self.settings.clients
        pairing = Pairing(self.sides)
        telling = Telling(self.run)
        reading = Reading(self.sides, self.known, telling)
        owners = Owners()
        deciding = Deciding(clients, owners, self.settings.directions)

        yield from pairing.pair_up(waiting)
        yield from pairing.recover()
        pairs = pairing.pairs
        self._newest = yield from load(NewestChange())
        yield from reading.read_whole(pairs)
        if self.restored:
            yield from put_back(pairs)
        yield from Fates(self.settings, self.sides, pairs, self.departures, self.tally).follow()
        for pair in pairs:
            close_if_gone(pair)
        keep_home(pairs, clients)
        yield from owners.settle(pairs)
        meeting = Meeting(clients, self.sides, self.tally, pairs, owners)
        met = yield from meeting.match_new()
        yield from reading.read(met)
        close_if_marked(met)
        yield from owners.settle(met)
        yield from Holding(clients).hold(pairs)
        yield from deciding.decide_all(pairs)
        yield from self._look_again(pairs, reading, deciding)
        sources = self.settings.directions.sources
        noting = Noting(self.settings.pace, telling, self.tally, meeting.reviews, sources)
        yield from noting.intend(pairs)
        outcomes = yield from self._write(pairs)
        again_s = yield from noting.note(pairs, outcomes)
        self.witness(pairs, outcomes)
        return again_s

    def _look_again(
        self, pairs: Sequence[Pair], reading: Reading, deciding: Deciding
    ) -> Flow[None]:
        """What is to be written is read right before: neither system can compare and swap.

        Who is to be made anew is read, too: he must still be there to be made from.
        """
        aged = [pair for pair in pairs if pair.aged and any(s.written for s in pair.steps)]
        for pair in aged:
            pair.records, pair.steps, pair.conflicts, pair.met = {}, [], [], []
            pair.withheld = set()
        yield from reading.read(aged)
        for pair in aged:
            close_if_gone(pair)
        yield from deciding.owners.settle(aged)
        yield from deciding.decide_all(aged)

    def _write(self, pairs: Sequence[Pair]) -> Flow[dict[int, Outcome]]:
        """Outcomes by the identity of their step.

        The infobase goes first: a client who was made there is then marked on the portal.
        """
        outcomes: dict[int, Outcome] = {}
        begun_s = yield from now()
        for side in (INFOBASE, PORTAL):
            steps = [step for pair in pairs for step in pair.steps if step.side is side]
            for some in self._at_a_time(side, steps):
                outcomes |= yield from self._put_off(side, some, begun_s)
                left = [step for step in some if id(step) not in outcomes]
                if left:
                    for outcome in (yield from self.sides[side].write(left)):
                        outcomes[id(outcome.step)] = outcome
            for pair in pairs if side is INFOBASE else ():
                _mark_made(pair, outcomes)
        return outcomes

    def _at_a_time(self, side: SideName, steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
        """Where changes are taken over meanwhile the infobase gets what its lanes take at once."""
        pace = self.settings.pace
        size = len(steps) if self.is_alone or side is PORTAL else pace.lanes
        for at in range(0, len(steps), max(size, 1)):
            yield steps[at : at + size]

    def _put_off(
        self, side: SideName, steps: Sequence[Step], begun_s: float
    ) -> Flow[dict[int, Outcome]]:
        """Updates of what may have been edited, or was, since it was read: they are decided anew.

        Neither system can compare and swap.
        """
        moment_s = yield from now()
        updates = {step.target.key: step for step in steps if step.target and step.written}
        late: Mapping[str, str] = {}
        if moment_s - begun_s > OLD_S:
            late = dict.fromkeys(updates, f"the {side} was read more than {OLD_S:.0f} s before")
        elif updates and not self.is_alone:
            newer = yield from load(WaitingOf(side, tuple(updates)))
            late = {one.key: "it was changed meanwhile" for one in newer if self._is_news(one)}
        return {id(updates[key]): _not_tried(updates[key], reason) for key, reason in late.items()}

    def _is_news(self, entry: Waiting) -> bool:
        return entry.sequence > self._newest


def _not_tried(step: Step, reason: str) -> Outcome:
    assert step.target, "only updates are put off"
    return Outcome(
        step=step,
        key=step.target.key,
        settled=step.target.values,
        reason=reason,
        put_off=True,
    )


def _mark_made(pair: Pair, outcomes: Mapping[int, Outcome]) -> None:
    for step in list(pair.steps):
        outcome = outcomes.get(id(step))
        if step.creates and outcome and outcome.key and needs_mark(step.source, step.external):
            made = replace(step.source, side=INFOBASE, key=outcome.key, values=outcome.settled)
            pair.steps.append(step_to(made, step.source, {}, step.external, {}))
