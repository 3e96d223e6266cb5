"""One pass of the exchange; both directions go through the same steps.

collect changes -> journal -> confirm at the source -> read whole records -> match -> decide
-> order and pack -> write -> note
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sverka.asks import Counts, CursorOf, Due, Flow, Unsent, load, now, save, sleep
from sverka.decide.matching import search_keys
from sverka.portion import Departing, Departure, Portion, Witness, nobody
from sverka.records import Cursor, HistoryLine, Level, Record, SideName, Waiting
from sverka.settings import Settings
from sverka.sides.infobase_numbers import RESTORED
from sverka.sides.side import Feed, Side, Survey

RUNS = "runs"
LOOK_EVERY_S = 1.0
"""How often who has to wait looks whether the other exchange has ended."""


class Scope(StrEnum):
    """How much one pass takes up."""

    FULL = "full"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one pass did.

    Attributes:
        counts: created, updated, removed, linked, unchanged, unsent, doubtful, review.
        journal: What the journal holds afterwards: links, waiting, unsent, reviews, intents.
    """

    run: int
    scope: Scope
    counts: Mapping[str, int] = field(default_factory=dict)
    journal: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Engine:
    """Runs passes between two sides.

    Attributes:
        witness: Is shown what became of each portion.
    """

    settings: Settings
    portal: Side
    infobase: Side
    witness: Witness = nobody
    _under_way: int | None = None

    @property
    def sides(self) -> tuple[Side, Side]:
        return (self.portal, self.infobase)

    def run(self, scope: Scope) -> Flow[Report]:
        """One whole pass. One that is asked for while another is under way begins after it.

        Raises:
            TryLater: A side cannot be reached; all that was collected waits in the journal.
            SettingsError: A side does not let us in.
        """
        yield from self._queue_up(scope)
        self._under_way = 0
        try:
            return (yield from self._pass(scope))
        finally:
            self._under_way = None

    def _queue_up(self, scope: Scope) -> Flow[None]:
        if self._under_way is not None:
            text = f"exchange of {scope} waits until this one has ended"
            moment_s = yield from now()
            yield from save([HistoryLine(run=self._under_way, at_s=moment_s, text=text)])
        while self._under_way is not None:
            yield from sleep(LOOK_EVERY_S)

    def _pass(self, scope: Scope) -> Flow[Report]:
        run = yield from self._begin(scope)
        tally: Counter[str] = Counter()
        surveys: dict[SideName, Survey] = {}
        sources = self.settings.directions.sources
        found_restored = yield from load(CursorOf(RESTORED))
        # Only the portal can give back what the base has forgotten.
        restored = bool(found_restored) and SideName.PORTAL in sources
        scope = Scope.FULL if restored else scope
        for side in self.sides:
            if side.name in sources and (survey := (yield from collect(side))):
                surveys[side.name] = survey
        known: dict[str, Record] = {}
        for side in self.sides:
            records = yield from self._survey(side, scope, surveys.get(side.name))
            known |= {record.key: record for record in records}
        yield from self._resend()
        yield from self._drain(run, tally, known, restored=restored)
        yield from save(drops=[Cursor(name=RESTORED, value="yes")] if restored else [])
        counts = yield from load(Counts())
        return Report(run=run, scope=scope, counts=dict(tally), journal=counts)

    def _begin(self, scope: Scope) -> Flow[int]:
        run = self._under_way = int((yield from load(CursorOf(RUNS))) or 0) + 1
        moment_s = yield from now()
        lines = [HistoryLine(run=run, at_s=moment_s, text=f"exchange of {scope} begins")]
        for side in self.sides:
            for warning in (yield from side.open()):
                lines.append(
                    HistoryLine(
                        run=run, at_s=moment_s, text=warning, level=Level.WARNING, side=side.name
                    )
                )
        common = self.portal.entities & self.infobase.entities
        for side in self.sides:
            side.keep_to(common)
        yield from save([Cursor(name=RUNS, value=str(run)), *lines])
        return run

    def _survey(self, side: Side, scope: Scope, survey: Survey | None) -> Flow[tuple[Record, ...]]:
        """Know by what each record of a side can be found; a full pass takes them all up."""
        cursor = f"surveyed.{side.name}"
        if survey is None:
            if scope is Scope.CHANGES and (yield from load(CursorOf(cursor))):
                return ()
            survey = yield from side.everything()
        keys = [search_keys(record) for record in survey.records]
        carried = scope is Scope.FULL and side.name in self.settings.directions.sources
        taken_up = survey.records if carried else ()
        waiting = [Waiting(side=record.side, key=record.key) for record in taken_up]
        yield from save([*keys, *waiting, Cursor(name=cursor, value="yes")])
        return survey.records

    def _resend(self) -> Flow[None]:
        """Unsent packages go with every pass, except those that wait for a person."""
        unsent = yield from load(Unsent())
        yield from save([replace(entry, next_at_s=0.0) for entry in unsent if not entry.parked])

    def _drain(
        self, run: int, tally: Counter[str], known: dict[str, Record], *, restored: bool = False
    ) -> Flow[None]:
        """Carry portion after portion. `known`: records that were read whole in this pass."""
        pace = self.settings.pace
        sides = {side.name: side for side in self.sides}
        departures: list[Departure] = []
        again_s: float | None = None
        rounds = 0
        while True:
            moment_s = yield from now()
            sources = self.settings.directions.sources
            due = yield from load(Due(moment_s, pace.portion, sides=sources))
            if due:
                portion = Portion(self.settings, sides, run, tally, known, self.witness, departures)
                portion.restored = restored
                next_s = yield from portion.carry(due)
                again_s = next_s if again_s is None else min(again_s, next_s or again_s)
            elif again_s is None or rounds >= pace.tries:
                break
            else:
                rounds += 1
                yield from sleep(max(again_s - moment_s, 0.0))
                again_s = None
        yield from Departing(self.settings, sides, run, tally).carry_out(departures)


def collect(side: Side) -> Flow[Survey | None]:
    """Take a side's changes over: they are confirmed there only once they are durable here."""
    while True:
        feed = yield from side.changes()
        yield from keep(feed)
        yield from side.confirm(feed)
        if not feed.more:
            return feed.survey


def keep(feed: Feed) -> Flow[None]:
    yield from save(
        [Waiting(side=change.side, key=change.key, fate=change.fate) for change in feed.changes]
    )
