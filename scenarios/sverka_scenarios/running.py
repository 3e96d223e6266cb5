"""The exchange under test, as a scenario runs it: settings, 'exchange now', modes, start, kill."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sverka.drivers.simulated import Crashed, CrashPoint
from sverka.engine import Report, Scope
from sverka.errors import SettingsError
from sverka.settings import Settings
from sverka_emulator_kit.clock import VirtualClock
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.lists import Lists
from sverka_scenarios.moments import WatchedRoad

SETTLING_S = 30.0


class Running(Lists, ABC):
    """The one exchange between the two systems, and the time in which it runs."""

    arrangement: Arrangement
    clock: VirtualClock
    roads: dict[str, WatchedRoad]

    @abstractmethod
    def settings(self) -> Settings:
        """What the exchange is told, by the present arrangement."""

    def exchange(self, times: int = 1) -> Report | None:
        """'Exchange now', changes only; returns the last pass's report, None if it broke off.

        In realtime mode nobody presses a button: time passes instead.
        """
        report = None
        for _ in range(times):
            if self.core.realtime:
                self.wait(SETTLING_S)
            else:
                report = self.core.exchange(Scope.CHANGES)
                self.wait(1.0)
        return report

    def exchange_everything(self) -> Report | None:
        report = self.core.exchange(Scope.FULL)
        self.wait(1.0)
        return report

    def goes_realtime(self) -> None:
        """The exchange is switched to realtime; what was missed is taken up first."""
        self.core.go_realtime()
        self.wait(SETTLING_S)

    def leaves_realtime(self) -> None:
        self.core.end_realtime()

    @contextmanager
    def on_schedule(self, every_s: float) -> Iterator[None]:
        """Inside the block the exchange runs by itself, as time passes."""
        self.core.keep_schedule(every_s)
        yield
        self.core.start_anew()

    def wait(self, seconds_s: float) -> None:
        end_s = self.clock.now_s() + seconds_s
        while self.clock.now_s() < end_s:
            try:
                self.clock.advance(end_s - self.clock.now_s())
            except Crashed as crash:
                self.core.dies(crash)
        self.core.raise_error()

    def later(self, delay_s: float, deed: Callable[[], None]) -> None:
        """Have something done in the middle of what follows."""
        self.clock.after(delay_s, deed)

    def refused(self, *words: str) -> None:
        """'Exchange now' ends with one message that says what to repair."""
        try:
            self.core.exchange(Scope.FULL)
            message = "nothing"
        except SettingsError as error:
            message = str(error)
        for said in words:
            self.check(said in message, f"the message {message!r} says {said!r}")

    def breaks_off(self, words: str) -> None:
        """'Exchange now' ends early and says these words; a person starts it again later."""
        told = self.core.stop_at_exchange()
        self.check(words in told, f"the exchange breaks off with {words!r}: {told!r}")
        self.wait(1.0)

    def changes_settings(self, **differs: Any) -> None:  # Any: fields of Arrangement
        """A person changes these settings, and starts the exchange's process anew."""
        self.arrangement = replace(self.arrangement, **differs)
        self.core.settings = self.settings()
        self.core.start_anew()

    def restarts(self) -> None:
        """The exchange's process is ended and started again."""
        self.core.start_anew()

    def is_upgraded(self) -> None:
        """A newer program starts over a journal of the first format; its first start fails."""
        (said,) = self.core.upgrade(starts=2)
        self.check("held by another process" in said, f"the failed start says why: {said!r}")

    def journal_has_room(self, *, room: bool) -> None:
        """The disk that holds the exchange's journal takes nothing more, or takes it again."""
        self.core.journal.full = not room

    def kill_at(self, point: CrashPoint, after: int = 1, call: str = "") -> None:
        """The exchange's process dies at this point of its next work, and is started again.

        With `call` only writing calls of that name count: `batch`, `POST Catalog_Контрагенты`.
        """
        self.core.die(point, after, call)

    def died(self) -> bool:
        return bool(self.core.crashes)

    def deaths(self) -> int:
        return len(self.core.crashes)
