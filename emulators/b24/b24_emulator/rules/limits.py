"""How hard one portal may be pressed. Source: b24restdocs: limits.md.

The counter of a source address grows by one with each request and leaks; a request that would
lift it above the threshold is refused.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

# Moments are floats of unix seconds: half a microsecond must not refuse a call.
ROUNDING = 1e-5
BASKET_S = 60.0
BASKETS_LIVE_S = 600.0
COUNTED_FROM_S = 0.1
"""Shorter calls are not entered in the account of running time (inferred from recordings)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitProfile:
    """The limits of one kind of portal.

    Attributes:
        page_size: Rows of a list's page.
        drain_per_s: Calls forgotten each second.
        threshold: Counter value above which a call is refused; None is no limit.
        operating_s: Running time of one method for one caller in ten minutes; None is no limit.
    """

    page_size: int = 50
    drain_per_s: float = 2.0
    threshold: int | None = None
    operating_s: float | None = 480.0


LIMITS: dict[str, LimitProfile] = {
    "50-2-100": LimitProfile(threshold=100),
    "cloud": LimitProfile(threshold=50),
    "enterprise": LimitProfile(threshold=250, drain_per_s=5.0),
    "box": LimitProfile(operating_s=None),
}


@dataclass(slots=True)
class Bucket:
    """The counters of one portal, one for each source address."""

    levels: dict[str, tuple[float, float]] = field(default_factory=dict)

    def level(self, profile: LimitProfile, peer: str, now_s: float) -> float:
        level, at_s = self.levels.get(peer, (0.0, now_s))
        return max(0.0, level - profile.drain_per_s * max(0.0, now_s - at_s))

    def admits(
        self, profile: LimitProfile, peer: str, now_s: float, *, refused_count: bool
    ) -> bool:
        """Count one request; whether it may pass."""
        if profile.threshold is None:
            return True
        level = self.level(profile, peer, now_s)
        passes = level + 1 <= profile.threshold + ROUNDING
        if passes or refused_count:
            level += 1
        self.levels[peer] = (level, now_s)
        return passes


@dataclass(slots=True)
class Basket:
    """Running time of one minute: from its first call on, forgotten ten minutes later."""

    from_s: float
    spent_s: float


@dataclass(slots=True)
class OperatingAccount:
    """Running time by method and caller, in baskets of a minute. Source: limits.md."""

    baskets: dict[str, list[Basket]] = field(default_factory=dict)

    def spent_s(self, key: str, now_s: float) -> float:
        return sum(basket.spent_s for basket in self._living(key, now_s))

    def spent(self, now_s: float) -> dict[str, float]:
        """Running time of all accounts that are not empty."""
        spent = {key: self.spent_s(key, now_s) for key in self.baskets}
        return {key: seconds for key, seconds in spent.items() if seconds}

    def resets_at_s(self, key: str, now_s: float) -> float:
        living = self._living(key, now_s)
        return (living[0].from_s if living else now_s) + BASKETS_LIVE_S

    def enter(self, key: str, spent_s: float, now_s: float) -> None:
        if spent_s < COUNTED_FROM_S:
            return
        living = self._living(key, now_s)
        if not living or now_s >= living[-1].from_s + BASKET_S:
            living.append(Basket(now_s, 0.0))
        living[-1].spent_s += spent_s
        self.baskets[key] = living

    def _living(self, key: str, now_s: float) -> list[Basket]:
        kept = self.baskets.get(key)
        if not kept:
            return []
        return [basket for basket in kept if basket.from_s + BASKETS_LIVE_S > now_s]

    def dump(self) -> object:
        return {key: [asdict(basket) for basket in kept] for key, kept in self.baskets.items()}

    @classmethod
    def loaded(cls, dump: dict[str, list[dict[str, Any]]]) -> "OperatingAccount":  # Any: JSON
        return cls({key: [Basket(**row) for row in rows] for key, rows in dump.items()})
