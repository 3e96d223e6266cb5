"""How we know that the real system behaves so: exactly one of three ways, always named."""

from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a behaviour comes from: a page, an observation, or a reason."""

    how: Known
    where: str


def documented(page: str) -> Provenance:
    """The official documents say so; `page` is the page's path."""
    return Provenance(Known.DOCUMENTED, page)


def observed(where: str) -> Provenance:
    """Seen in a live system or a recorded answer; `where` names it."""
    return Provenance(Known.OBSERVED, where)


def inferred(why: str) -> Provenance:
    """Concluded by us; `why` gives the reason."""
    return Provenance(Known.INFERRED, why)
