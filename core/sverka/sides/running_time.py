"""A mirror of the portal's account of running time: a method that has spent its own pauses alone.

The portal adds up how long each method ran in the last ten minutes, in baskets of a minute, and
refuses a method whose sum is above its limit; other methods go on (b24restdocs: limits.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sverka.wire.b24 import Spent

BASKET_S = 60.0
"""A basket is forgotten at a time; so a method that is refused again waits for the next one."""
ROUNDED_S = 1.0
"""The portal tells the moment in whole seconds, rounded down."""


@dataclass(slots=True)
class RunningTime:
    """What the portal has told of each method.

    Attributes:
        limit_s: The portal refuses a method above so many seconds; `inf` for no limit.
    """

    limit_s: float
    _resets_at_s: dict[str, float] = field(default_factory=dict)
    _paused_until_s: dict[str, float] = field(default_factory=dict)

    def told(self, method: str, spent: Spent, now_s: float) -> None:
        """An answer of this method came, and told its account."""
        self._resets_at_s[method] = now_s + spent.resets_in_s + ROUNDED_S
        if spent.operating_s > self.limit_s:
            self._paused_until_s[method] = self._resets_at_s[method]

    def refused(self, method: str, now_s: float) -> float:
        """The portal refused it for its running time; returns when it may be called again."""
        until_s = max(self._resets_at_s.get(method, 0.0), self._paused_until_s.get(method, 0.0))
        self._paused_until_s[method] = until_s if until_s > now_s else now_s + BASKET_S
        return self._paused_until_s[method]

    def paused(self, methods: Iterable[str]) -> bool:
        """Whether one of them may have to wait: only then the time matters."""
        return any(method in self._paused_until_s for method in methods)

    def until_s(self, method: str, now_s: float) -> float:
        """When the method may be called again, unix seconds; 0 if it may be now."""
        until_s = self._paused_until_s.get(method, 0.0)
        if until_s > now_s:
            return until_s
        self._paused_until_s.pop(method, None)
        return 0.0
