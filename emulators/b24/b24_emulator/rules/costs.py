"""How long the portal works, in seconds, from and to; nobody publishes it (inferred).

What a method costs is data: a test that wants a method dear says so by its name or a pattern.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

Span = tuple[float, float]

HTTP_S: Span = (0.020, 0.060)
"""What one HTTP call takes beside its commands."""
COMMAND_S: Span = (0.005, 0.015)
SHORTEST_S = 1e-6


class CostUnusable(ValueError):
    """A cost was set that is none; the message says what one looks like."""


@dataclass(slots=True)
class Costs:
    """What a command of each method takes.

    Attributes:
        by_method: Spans by a shell pattern over lower-case names; of several the last counts.
    """

    by_method: dict[str, Span] = field(default_factory=dict)

    def of(self, name: str) -> Span:
        for pattern in reversed(self.by_method):
            if fnmatchcase(name, pattern):
                return self.by_method[pattern]
        return COMMAND_S

    def set(self, spans: Mapping[str, object]) -> None:
        """Put these spans in place of those that were set: `{"crm.company.*": [2, 3]}`.

        Raises:
            CostUnusable: A span is not two numbers of seconds, the lower one first.
        """
        self.by_method = {pattern.lower(): _span(pattern, sent) for pattern, sent in spans.items()}


def _span(pattern: str, sent: object) -> Span:
    match sent:
        case [int() | float() as from_s, int() | float() as to_s] if 0 <= from_s <= to_s:
            return float(from_s), float(to_s)
    raise CostUnusable(f"The cost of {pattern!r} is {sent!r}. Give two numbers of seconds, [2, 3].")
