"""Virtual tables of registers: the functions, their parameters, and what their rows hold.

Names of functions, parameters and row types as in the recorded `$metadata` of an УТ 11.5 base
(pavel-v-sobolev/cdc-1c: tests/responses/trade_demo_8.5); names of columns from the guide (17.4).
"""

from collections.abc import Mapping
from functools import lru_cache

from onec_emulator.schemas import RECORDS, EntitySet, Field, accounts
from onec_emulator.schemas.register import ACCOUNTING

SLICES = ("SliceLast", "SliceFirst")
_OF_INTERVAL = ("Condition", "Dimensions", "EndPeriod", "StartPeriod")
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "SliceLast": ("Condition", "Period"),
    "SliceFirst": ("Condition", "Period"),
    "Balance": ("Condition", "Dimensions", "Period"),
    "Turnovers": _OF_INTERVAL,
    "BalanceAndTurnovers": _OF_INTERVAL,
}
MOMENTS = frozenset(("Period", "StartPeriod", "EndPeriod"))
SUFFIXES = {
    "Balance": "Balance",
    "Turnovers": "Turnover",
    "BalanceAndTurnovers": "BalanceAndTurnover",
    accounts.RECORDS_WITH_ANALYTICS: accounts.RECORDS_WITH_ANALYTICS,
}
"""What the type of a row is called after its register."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Balance": ("Balance",),
    "Turnovers": ("Turnover", "Receipt", "Expense"),
    "BalanceAndTurnovers": (
        *("OpeningBalance", "Turnover", "Receipt", "Expense"),
        "ClosingBalance",
    ),
}
"""What stands behind the name of each resource; a register of turnovers has no receipts."""


_PERIODS = (
    *("Period", "SecondPeriod", "MinutePeriod", "HourPeriod", "DayPeriod", "WeekPeriod"),
    *("TenDaysPeriod", "MonthPeriod", "QuarterPeriod", "HalfYearPeriod", "YearPeriod"),
)
PERIODS: Mapping[str, Field] = {
    **{name: Field(name, "Edm.DateTime") for name in _PERIODS},
    "Recorder": Field("Recorder", "Edm.String"),
    "LineNumber": Field("LineNumber", "Edm.Int64"),
    "Recorder_Type": Field("Recorder_Type", "Edm.String"),
}
"""What a row of turnovers could be broken down by."""


def parameters(entity: EntitySet, function: str) -> tuple[str, ...]:
    """Parameters of a function of a register, in the order of their names."""
    return accounts.PARAMETERS[function] if _is_of_accounts(entity) else PARAMETERS[function]


def _is_of_accounts(entity: EntitySet) -> bool:
    return entity.register is not None and entity.register.kind == ACCOUNTING


def columns(entity: EntitySet, function: str) -> tuple[str, ...]:
    assert entity.register is not None
    if _is_of_accounts(entity):
        return accounts.COLUMNS[function]
    return ("Turnover",) if entity.register.kind == "Turnovers" else COLUMNS[function]


def record_fields(entity: EntitySet) -> Mapping[str, Field]:
    """The fields of one record of a register."""
    return entity.parts[RECORDS] if entity.is_recorded else entity.fields


@lru_cache(maxsize=256)
def row_schema(
    entity: EntitySet, function: str, chosen: tuple[str, ...] | None = None
) -> EntitySet:
    """Rows of a balance or of turnovers: dimensions, then each resource's totals.

    Args:
        chosen: The dimensions that are grouped by, None for all.
    """
    if function == accounts.RECORDS_WITH_ANALYTICS:
        return accounts.analytics_schema(entity)
    assert entity.register is not None
    fields, register = record_fields(entity), entity.register
    shown: dict[str, Field] = {}
    dimensions = register.dimensions
    if _is_of_accounts(entity):
        fields = accounts.side_schema(entity).fields
        dimensions = (accounts.ACCOUNT, *accounts.ANALYTICS, *dimensions)
    for name in dimensions if chosen is None else chosen:
        shown |= {each: fields[each] for each in (name, f"{name}_Type") if each in fields}
    key = tuple(shown)
    for resource in register.resources:
        for column in columns(entity, function):
            shown[resource + column] = Field(resource + column, "Edm.Double")
    return EntitySet(f"{entity.name}_{SUFFIXES[function]}", key, shown, {}, is_complex=True)


def return_type(entity: EntitySet, function: str) -> str:
    """Name of the type of a function's rows, without its namespace."""
    if function in SUFFIXES:
        return row_schema(entity, function).name
    return entity.part_set(RECORDS) if entity.is_recorded else entity.name
