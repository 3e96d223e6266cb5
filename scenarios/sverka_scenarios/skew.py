"""A system whose clock goes wrong."""

from collections.abc import Callable

from sverka_emulator_kit.clock import Timer, VirtualClock


class WrongClock(VirtualClock):
    """Shows another time than the clock that it follows; what is due comes when it should.

    Attributes:
        ahead_s: How many seconds it is fast.
    """

    def __init__(self, right: VirtualClock) -> None:
        super().__init__()
        self._right = right
        self.ahead_s = 0.0

    def now_s(self) -> float:
        return self._right.now_s() + self.ahead_s

    def at(self, moment_s: float, deed: Callable[[], None]) -> Timer:
        return self._right.at(moment_s - self.ahead_s, deed)

    def step(self) -> bool:
        return self._right.step()
