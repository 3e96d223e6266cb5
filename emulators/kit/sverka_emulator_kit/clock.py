"""The time of the emulated systems: virtual, or the wall's with a shift; timers on one heap."""

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

SHORTEST_WAIT_S = 1e-4
"""No timer keeps a shorter one, and to be put to sleep costs more than a call."""
START_S = datetime(2025, 11, 3, 6, 0, tzinfo=UTC).timestamp()
"""Where virtual time starts: 2025-11-03 09:00 in Moscow, a Monday, unix seconds."""


@dataclass(order=True, slots=True)
class Timer:
    """A deed due at a moment; ties are broken by the order of asking."""

    at_s: float
    sequence: int
    deed: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class VirtualClock:
    """A clock that stands still until somebody moves it. Moments are unix seconds.

    Systems that share a clock share its heap, so that deliveries, deferred jobs and the
    calls of a simulated core happen in one order.
    """

    is_virtual = True

    def __init__(self, start_s: float = START_S) -> None:
        self._now_s = start_s
        self._timers: list[Timer] = []
        self._sequence = itertools.count()

    def now_s(self) -> float:
        return self._now_s

    def at(self, moment_s: float, deed: Callable[[], None]) -> Timer:
        """Have `deed` done at `moment_s`, or at once if that has passed."""
        timer = Timer(max(moment_s, self.now_s()), next(self._sequence), deed)
        heapq.heappush(self._timers, timer)
        return timer

    def after(self, delay_s: float, deed: Callable[[], None]) -> Timer:
        return self.at(self.now_s() + delay_s, deed)

    def step(self) -> bool:
        """Move to the next timer and do its deed; False if none is left."""
        while self._timers:
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                self._now_s = max(self._now_s, timer.at_s)
                timer.deed()
                return True
        return False

    def due_s(self) -> float | None:
        """The moment of the next timer, None if there is none."""
        while self._timers and self._timers[0].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0].at_s if self._timers else None

    def advance(self, seconds_s: float) -> None:
        """Move on by `seconds_s`, doing everything that falls due on the way, in order."""
        end_s = self._now_s + seconds_s
        while (due_s := self.due_s()) is not None and due_s <= end_s:
            self.step()
        self._now_s = max(self._now_s, end_s)

    def wait(self, seconds_s: float) -> None:
        """Nobody waits in virtual time: who moves the clock accounts for the delay."""


class WallClock(VirtualClock):
    """The wall's time with a shift, which `advance` moves on; it can be frozen.

    Attributes:
        shift_s: How far it is ahead of the wall, in seconds.

    Timers are done by `run_due`, which the door calls before each request and its pump
    twenty times a second.
    """

    is_virtual = False

    def __init__(self) -> None:
        super().__init__(time.time())
        self.shift_s = 0.0
        self._frozen = False

    def now_s(self) -> float:
        if not self._frozen:
            self._now_s = time.time() + self.shift_s
        return self._now_s

    @property
    def is_frozen(self) -> bool:
        return self._frozen

    def freeze(self) -> None:
        self.now_s()
        self._frozen = True

    def unfreeze(self) -> None:
        self.shift_s = self._now_s - time.time()
        self._frozen = False

    def advance(self, seconds_s: float) -> None:
        target_s = self.now_s() + seconds_s
        was_frozen, self._frozen = self._frozen, True
        super().advance(target_s - self._now_s)
        self.shift_s = self._now_s - time.time()
        self._frozen = was_frozen

    def is_due(self) -> bool:
        """Whether `run_due` has something to do. Asked without a lock."""
        return any(timer.at_s <= self.now_s() for timer in self._timers[:1])

    def run_due(self) -> None:
        now_s = self.now_s()
        while (due_s := self.due_s()) is not None and due_s <= now_s:
            self.step()

    def wait(self, seconds_s: float) -> None:
        if seconds_s >= SHORTEST_WAIT_S:
            time.sleep(seconds_s)


Clock = VirtualClock
"""What the systems ask for: either clock will do."""
