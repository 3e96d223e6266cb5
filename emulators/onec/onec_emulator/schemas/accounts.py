"""Registers of accounts: a record has two sides, and a total one of them.

A side's own properties bear `Dr` or `Cr` in the record and nothing in a total: `AccountDr_Key`,
`ExtDimensionCr1`, `КоличествоDr`. Names of the totals' columns are those that public clients of
БП read (`СуммаBalanceDr`, `КоличествоTurnoverCr`); those of opening and closing balances follow
from them, and how a balance falls on the two sides from the account's type: inferred. Names of the
kinds of analytics in a record, `ExtDimensionTypeDr1_Key`, are those of public clients too.
"""

from collections.abc import Mapping
from functools import lru_cache

from onec_emulator.schemas import RECORDS, EntitySet, Field, Row

SIDES = ("Dr", "Cr")
ACCOUNT = "Account_Key"
PLACES = (1, 2, 3)
ANALYTICS = tuple(f"ExtDimension{place}" for place in PLACES)
RECORDS_WITH_ANALYTICS = "RecordsWithExtDimensions"
BY_ACCOUNT: Mapping[str, str] = {
    "ВалютнаяСумма": "Валютный",
    "Количество": "Количественный",
    **dict.fromkeys(("СуммаНУ", "СуммаПР", "СуммаВР"), "НалоговыйУчет"),
}
"""Flag of the account without which a resource is not kept: null there."""
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "Balance": ("AccountCondition", "Condition", "Dimensions", "ExtraDimensions", "Period"),
    **dict.fromkeys(
        ("Turnovers", "BalanceAndTurnovers"),
        (
            *("AccountCondition", "Condition", "Dimensions", "EndPeriod"),
            *("ExtraDimensions", "StartPeriod"),
        ),
    ),
    RECORDS_WITH_ANALYTICS: ("Condition", "EndPeriod", "Order", "StartPeriod", "Top"),
}
_TURNOVER = ("Turnover", "TurnoverDr", "TurnoverCr")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Balance": ("Balance", "BalanceDr", "BalanceCr"),
    "Turnovers": _TURNOVER,
    "BalanceAndTurnovers": (
        *("OpeningBalance", "OpeningBalanceDr", "OpeningBalanceCr"),
        *_TURNOVER,
        *("ClosingBalance", "ClosingBalanceDr", "ClosingBalanceCr"),
    ),
}


def of_side(name: str, side: str) -> str:
    """What a total's property is called on one side of a record, if the sides differ in it."""
    if name in ANALYTICS:
        return f"{name[:-1]}{side}{name[-1]}"
    if name.endswith("_Type"):
        return of_side(name.removesuffix("_Type"), side) + "_Type"
    if name.endswith("_Key"):
        return f"{name.removesuffix('_Key')}{side}_Key"
    return f"{name}{side}"


@lru_cache(maxsize=64)
def side_schema(entity: EntitySet) -> EntitySet:
    """One side of a record: account, analytics, dimensions; conditions of totals are about it."""
    assert entity.register is not None
    typed = [each for name in ANALYTICS for each in (name, f"{name}_Type")]
    fields = {name: _field(entity, name) for name in (ACCOUNT, *typed, *entity.register.dimensions)}
    return EntitySet(f"{entity.name}_Side", tuple(fields), fields, {}, is_complex=True)


def _field(entity: EntitySet, name: str) -> Field:
    held = entity.parts[RECORDS]
    one = held.get(of_side(name, "Dr")) or held[name]
    return Field(
        name,
        one.edm,
        target=one.target,
        names_type=one.names_type,
    )


@lru_cache(maxsize=64)
def analytics_schema(entity: EntitySet) -> EntitySet:
    """A record together with the kinds of its analytics."""
    kinds = (f"ExtDimensionType{side}{place}_Key" for side in SIDES for place in PLACES)
    fields = {**entity.parts[RECORDS], **{name: Field(name, "Edm.Guid") for name in kinds}}
    name = f"{entity.name}_{RECORDS_WITH_ANALYTICS}"
    return EntitySet(name, entity.part_key, fields, {}, is_complex=True)


def side_of(entity: EntitySet, record: Row, side: str) -> Row:
    """Values of one side of a record, under the names of `side_schema`."""
    return {
        name: record[own] if (own := of_side(name, side)) in record else record[name]
        for name in side_schema(entity).fields
    }


def moved(entity: EntitySet, record: Row, side: str) -> dict[str, float]:
    """What a record moves on one of its sides, by resource."""
    assert entity.register is not None
    names = entity.register.resources
    return {name: record.get(of_side(name, side), record.get(name)) or 0 for name in names}
