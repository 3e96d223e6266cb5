"""What is certified. The built-in core, run by its simulated driver in virtual time."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sverka.asks import Counts, HistoryOf, Request, Reviews, Stored, Unsent
from sverka.drivers.pacer import Pacer
from sverka.drivers.scheduler import Task
from sverka.drivers.simulated import Crash, Crashed, CrashPoint, Simulated, Trip
from sverka.engine import Engine, Report, Scope
from sverka.errors import JournalError, SverkaError, TryLater
from sverka.journal import SqliteJournal
from sverka.modes import engine_for, manual, schedule
from sverka.preview import Preview, preview
from sverka.realtime import Realtime
from sverka.records import HistoryLine, Review, Waiting
from sverka.settings import Settings
from sverka_emulator_kit.clock import VirtualClock
from sverka_scenarios.former_journal import write_former
from sverka_scenarios.roads import Road

RESTART_S = 5.0
"""How long a died process is away: longer than any request that is still on its way."""


class JournalOnDisk(SqliteJournal):
    """A journal whose disk can be full, in SQLite's own words; what it holds stays readable."""

    full = False

    def save(self, puts: Iterable[Stored], drops: Iterable[Stored]) -> None:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        super().save(puts, drops)

    def write_former(self, path: Path) -> None:
        """Leave what it holds in a file of the first version's format."""
        write_former(self._db, path)


@dataclass(slots=True)
class EmbeddedCore:
    """The core of this repository. A scenario starts it, kills it, and reads its lists.

    Attributes:
        troubles: Texts of the errors that ended a pass early.
        crashes: Points at which it died, in order.
        realtime: It lives in realtime mode, as long as the clock moves.
        trips: Calls by their side and the moment of their arrival.
    """

    settings: Settings
    clock: VirtualClock
    roads: Mapping[str, Road]
    seed: int
    journal: JournalOnDisk = field(default_factory=JournalOnDisk)
    troubles: list[str] = field(default_factory=list)
    crashes: list[CrashPoint] = field(default_factory=list)
    realtime: bool = False
    trips: dict[tuple[str, float], Trip] = field(default_factory=dict)
    _life: int = 0
    _engine: Engine = field(init=False)
    _driver: Simulated = field(init=False)
    _background: Task | None = None
    _folder: TemporaryDirectory[str] | None = None

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A new process over the same journal."""
        pace = self.settings.pace
        self._life += 1
        self._engine = engine_for(self.settings)
        self._driver = Simulated(
            self.clock,
            {side: road.carry for side, road in self.roads.items()},
            self.journal,
            pacer=Pacer(pace.threshold, pace.drain_per_s),
            seed=self.seed * 1000 + self._life,
            lanes=pace.lanes,
            arriving=self._note_trip,
        )
        self._background = None
        if self.realtime:
            self._background = self._driver.start(Realtime(self._engine).live())

    def _note_trip(self, request: Request, trip: Trip) -> None:
        self.trips[request.side, self.clock.now_s()] = trip

    def go_realtime(self) -> None:
        self.realtime = True
        self.start()

    def end_realtime(self) -> None:
        self.realtime = False
        self.start_anew()

    def raise_error(self) -> None:
        """If realtime has ended with an error, raise it."""
        if self._background and self._background.error:
            raise self._background.error

    def dies(self, crash: Crashed) -> None:
        """It has died in the background, and is started again after a while."""
        self.crashes.append(crash.point)
        self.clock.after(RESTART_S, self.start)

    def exchange(self, scope: Scope = Scope.CHANGES) -> Report | None:
        """One pass; None if trouble ended it early or the process died in it."""
        try:
            return self._driver.run(manual(self._engine, scope))
        except TryLater as trouble:
            self.troubles.append(str(trouble))
        except Crashed as crash:
            self.dies(crash)
            self.clock.advance(RESTART_S)
        return None

    def preview(self) -> Preview:
        """What an exchange of everything would do now."""
        with closing(self.journal.copy()) as copy:
            return self._driver.run(preview(self._engine, copy))

    def start_anew(self) -> None:
        """The process is ended from outside, whatever it is doing, and started again."""
        self._driver.die()
        self.start()

    def stop_at_exchange(self) -> str:
        """What an exchange that ends early says, `""` if it does not; a person starts it again."""
        try:
            self._driver.run(manual(self._engine, Scope.CHANGES))
        except (SverkaError, sqlite3.Error) as error:
            self.start_anew()
            return str(error)
        return ""

    def keep_schedule(self, every_s: float) -> None:
        """Passes without end, as long as the clock moves."""
        self._background = self._driver.start(schedule(self._engine, every_s=every_s))

    def die(self, point: CrashPoint, after: int = 1, call: str = "") -> None:
        """Have the process die at the `after`-th passing of a point from now on."""
        self._driver.crash = Crash(point, after, call)

    def configure(self, settings: Settings) -> None:
        """Other settings, and a new process with them."""
        self.settings = settings
        self.start_anew()

    def upgrade(self, *, starts: int = 1) -> list[str]:
        """A newer program takes up the journal of the first version; only the last start succeeds.

        The others find it held by a process that has not ended yet. Returns what they said.
        """
        self._driver.die()
        self._folder = TemporaryDirectory(prefix="sverka-")
        path = Path(self._folder.name) / "journal.sqlite"
        self.journal.write_former(path)
        self.journal.close()
        lock, said = sqlite3.connect(f"{path}-lock", isolation_level=None), []
        lock.execute("BEGIN EXCLUSIVE")
        for _ in range(starts - 1):
            try:
                JournalOnDisk(path).close()
            except JournalError as error:
                said.append(str(error))
        lock.close()
        self.journal = JournalOnDisk(path)
        self.start()
        return said

    def forget(self) -> None:
        """A new process over an empty journal: the old one is lost."""
        self.journal.close()
        self.journal = JournalOnDisk()
        self.start_anew()

    def decide(self, review: Review, key: str) -> None:
        """A person says who a record on the review list is."""
        again = Waiting(side=review.side, key=review.key)
        self.journal.save([replace(review, decided=key), again], [])

    def live_on(self) -> None:
        """No planned death any more."""
        self._driver.crash = None

    def resend_all(self) -> None:
        """A person presses 'resend' on every unsent package."""
        entries = [replace(entry, tries=0, next_at_s=0.0, parked=False) for entry in self.unsent()]
        self.journal.save(entries, [])

    def unsent(self) -> list[Waiting]:
        return self.journal.load(Unsent())

    def reviews(self) -> list[Review]:
        return self.journal.load(Reviews())

    def history(self, key: str = "", run: int = 0) -> list[HistoryLine]:
        return self.journal.load(HistoryOf(key, run))

    def counts(self) -> dict[str, int]:
        return self.journal.load(Counts())

    def close(self) -> None:
        self.journal.close()
        if self._folder:
            self._folder.cleanup()
