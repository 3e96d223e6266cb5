"""What a planted bug is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bug:
    """One defect.

    Attributes:
        caught_by: The scenario that must fail while it is planted.
        in_random_lives: The simulation must come upon it, too; what random lives have no
            occasion for is left to the scenario.
        replacements: What stands where instead, by dotted name.
    """

    name: str
    story: str
    caught_by: str
    replacements: Mapping[str, Any]  # Any: functions of several kinds
    in_random_lives: bool = True
