"""The table of scenarios: each is one row with its ID, its claim and its way of playing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import World

SUITES: Mapping[str, str] = {
    "initial": "IL",
    "matching": "MD",
    "clients": "CR",
    "employees": "EM",
    "products": "PT",
    "deals": "DO",
    "invoices": "IP",
    "realtime": "RT",
    "schedule": "SM",
    "file": "FM",
    "limits": "LF",
    "recovery": "RU",
    "conflicts": "CL",
    "custom": "CZ",
}
SUITE_OF_GROUP = {group: suite for suite, group in SUITES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario.

    Attributes:
        id: As in the catalogue: `IL-01`.
        claim: The sentence that is false if it fails.
        behaviours: IDs of the promised behaviours that it tries.
        scope: `clients` if only the clients' half is built, `""` if all of it is.
        policy: The only policy under which it says something, `""` for both.
        differs: How its world differs from the usual one.
    """

    id: str
    claim: str
    behaviours: tuple[str, ...]
    scope: str
    policy: str
    play: Callable[[World], None]
    differs: Mapping[str, Any] = field(default_factory=dict)  # Any: fields of Arrangement

    @property
    def suite(self) -> str:
        return SUITE_OF_GROUP[self.id.partition("-")[0]]

    def arranged(self, usual: Arrangement) -> Arrangement:
        return replace(usual, **self.differs)


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    id_: str,
    claim: str,
    *,
    behaviours: str,
    scope: str = "",
    policy: str = "",
    **differs: Any,  # Any: fields of Arrangement
) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """Enter a function into the table. `behaviours` are IDs with blanks between: `"H1 H8"`."""

    def enter(play: Callable[[World], None]) -> Callable[[World], None]:
        if id_ in SCENARIOS:
            raise ValueError(f"Scenario {id_} stands twice in the table. Give one another ID.")
        SCENARIOS[id_] = Scenario(
            id=id_,
            claim=claim,
            behaviours=tuple(behaviours.split()),
            scope=scope,
            policy=policy,
            play=play,
            differs=differs,
        )
        return play

    return enter
