"""A mirror of the portal's rate bucket, so that the core is never refused for its own traffic."""

from dataclasses import dataclass

CATCHING_UP = 0.5
"""Room below the threshold, in calls: on its way a call may catch up with the one before, and
the portal counts arrivals."""


@dataclass(slots=True)
class Pacer:
    """One bucket per portal and source address; a pure object of the scheduler.

    Attributes:
        threshold: The portal refuses above so many counted calls.
        drain_per_s: Calls it forgets each second.
        level: Counted calls as we believe; None while unknown. Others may have filled the
            bucket before us, so an unknown bucket is taken as full: then calls go at the
            rate at which it drains, and after `threshold / drain_per_s` seconds it is known.
        at_s: When `level` was true.
    """

    threshold: int
    drain_per_s: float
    level: float | None = None
    at_s: float = 0.0

    def reserve(self, now_s: float) -> float:
        """Count one call; returns when it may leave, unix seconds, `now_s` or later."""
        self._drain(now_s)
        assert self.level is not None
        self.level += 1.0
        excess = self.level - (self.threshold - CATCHING_UP)
        return now_s + max(0.0, excess / self.drain_per_s)

    def refused(self, now_s: float) -> None:
        """The portal refused a call: others use the bucket too, and it is full."""
        self._drain(now_s)
        self.level = max(self.level or 0.0, float(self.threshold))

    def _drain(self, now_s: float) -> None:
        if self.level is None:
            self.level = self.threshold - CATCHING_UP
        else:
            # A wall clock may step back: that fills nothing.
            passed_s = max(0.0, now_s - self.at_s)
            self.level = max(0.0, self.level - passed_s * self.drain_per_s)
        self.at_s = now_s
