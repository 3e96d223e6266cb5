"""What makes a set a register: dimensions, resources, and the functions that read it."""

from collections.abc import Mapping
from dataclasses import dataclass

ACCOUNTING = "Accounting"


@dataclass(frozen=True, slots=True)
class Register:
    """What makes a set a register; names as they stand on the wire, `Номенклатура_Key`.

    Attributes:
        periodicity: `Second`, `Day`, … of an information register; `""` if it has no periods.
        kind: `Balance` or `Turnovers` of an accumulation register, `Accounting` of one of
            accounts, else `""`. Dimensions and resources of accounts stand here without the side.
    """

    dimensions: tuple[str, ...]
    resources: tuple[str, ...]
    periodicity: str = ""
    kind: str = ""


VIRTUAL_TABLES: Mapping[str, tuple[str, ...]] = {
    "Balance": ("Balance", "Turnovers", "BalanceAndTurnovers"),
    "Turnovers": ("Turnovers",),
    ACCOUNTING: ("Balance", "Turnovers", "BalanceAndTurnovers", "RecordsWithExtDimensions"),
    "": (),
}
"""Functions that a register is read through, by its kind."""
