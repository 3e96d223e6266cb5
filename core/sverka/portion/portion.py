"""The steps of one portion, in their order."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import Flow, now
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
    """

    settings: Settings
    sides: Mapping[SideName, Side]
    run: int
    tally: Counter[str]
    known: dict[str, Record] = field(default_factory=dict)
    witness: Witness = nobody
    departures: list[Departure] = field(default_factory=list)
    restored: bool = False

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
            if (yield from now()) - begun_s > OLD_S:
                late = [step for step in steps if step.target and step.written]
                outcomes |= {id(step): _too_late(step) for step in late}
                steps = [step for step in steps if id(step) not in outcomes]
            if steps:
                for outcome in (yield from self.sides[side].write(steps)):
                    outcomes[id(outcome.step)] = outcome
            for pair in pairs if side is INFOBASE else ():
                _mark_made(pair, outcomes)
        return outcomes


def _too_late(step: Step) -> Outcome:
    """Not written: what was read may have been edited meanwhile. It is decided anew at once."""
    assert step.target, "only updates can be late"
    reason = f"the {step.side} was read more than {OLD_S:.0f} s before"
    return Outcome(
        step=step, key=step.target.key, settled=step.target.values, reason=reason, doubtful=True
    )


def _mark_made(pair: Pair, outcomes: Mapping[int, Outcome]) -> None:
    for step in list(pair.steps):
        outcome = outcomes.get(id(step))
        if step.creates and outcome and outcome.key and needs_mark(step.source, step.external):
            made = replace(step.source, side=INFOBASE, key=outcome.key, values=outcome.settled)
            pair.steps.append(step_to(made, step.source, {}, step.external, {}))
