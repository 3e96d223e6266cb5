"""Balances and turnovers of an accumulation register.

A balance at a moment is of the movements before it, turnovers are of an interval with both its
ends, as in the query language behind; groups in which nothing is and nothing moved are left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from onec_emulator.odata import accounts, errors
from onec_emulator.odata.answers import Rows
from onec_emulator.odata.arguments import (
    ACCOUNTS,
    BEFORE,
    WITHIN,
    arguments,
    counts_as,
    dimensions_of,
    function_of,
)
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.reading import listed
from onec_emulator.odata.service import Service
from onec_emulator.schemas import EntitySet, Row
from onec_emulator.schemas.accounts import RECORDS_WITH_ANALYTICS
from onec_emulator.schemas.virtual import SUFFIXES, columns, parameters, row_schema
from onec_emulator.table import Table
from onec_emulator.totals import PLACES, Dimensions, dimensions

RECEIPT, EXPENSE = "Receipt", "Expense"
FUNCTIONS = frozenset(SUFFIXES)


@dataclass(slots=True)
class _Group:
    """What moved in one combination of dimensions, by resource and by when and whither."""

    row: Row
    sums: dict[str, dict[str, float]] = field(default_factory=dict)
    moved: bool = False

    def add(self, resource: str, what: str, number: float) -> None:
        sums = self.sums.setdefault(resource, {BEFORE: 0, RECEIPT: 0, EXPENSE: 0})
        sums[what] = round(sums[what] + number, PLACES)


def total_rows(service: Service, ask: Ask) -> Rows:
    """The rows of a balance or of turnovers, with the query options of any list.

    Raises:
        ODataError: The register has no such table, or an argument is malformed or unknown.
    """
    register, name = service.register(ask.address.name), function_of(ask)
    if name not in register.schema.virtual_tables:
        raise errors.method_unknown()
    given = arguments(ask, parameters(register.schema, name))
    if name == RECORDS_WITH_ANALYTICS:
        return accounts.records(service, ask, register, given)
    if ACCOUNTS in parameters(register.schema, name):
        return listed(service, ask, accounts.totals(service, register, name, given))
    chosen = dimensions_of(register.schema, given.get("Dimensions", ""))
    records = service.records(register)
    keys: Iterable[str] = records.order
    if condition := given.get("Condition", ""):
        keys = service.filters.compiled(records.schema, condition).keys(records)
    rows = (records.rows[key] for key in keys)
    groups = _grouped(register.schema, name, given, chosen, rows)
    table = Table(row_schema(register.schema, name, chosen))
    for group in groups:
        if row := _shown(register.schema, name, group):
            table.put(table.schema.key_of(row), row)
    return listed(service, ask, table)


def _grouped(
    schema: EntitySet,
    name: str,
    given: Mapping[str, str],
    chosen: tuple[str, ...],
    rows: Iterable[Row],
) -> Iterable[_Group]:
    groups: dict[Dimensions, _Group] = {}
    resources = schema.register.resources if schema.register is not None else ()
    for row in rows:
        what = _what(name, given, row)
        if not row["Active"] or what is None:
            continue
        group = groups.setdefault(dimensions(schema, row, chosen), _Group(_own(row, chosen)))
        group.moved = group.moved or what != BEFORE
        sign = -1 if what == BEFORE and row.get("RecordType") == EXPENSE else 1
        for resource in resources:
            group.add(resource, what, sign * row[resource])
    return groups.values()


def _what(name: str, given: Mapping[str, str], row: Row) -> str | None:
    """How a record counts: into what was before, or as a receipt or an expense; None if not."""
    found = counts_as(name, given, row["Period"])
    return str(row.get("RecordType") or RECEIPT) if found == WITHIN else found


def _own(row: Row, chosen: tuple[str, ...]) -> Row:
    names = (each for name in chosen for each in (name, f"{name}_Type"))
    return {name: row[name] for name in names if name in row}


READ: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "Balance": lambda sums: sums[BEFORE],
    "OpeningBalance": lambda sums: sums[BEFORE],
    "Receipt": lambda sums: sums[RECEIPT],
    "Expense": lambda sums: sums[EXPENSE],
    "Turnover": lambda sums: round(sums[RECEIPT] - sums[EXPENSE], PLACES),
    "ClosingBalance": lambda sums: round(sums[BEFORE] + sums[RECEIPT] - sums[EXPENSE], PLACES),
}
"""What each column shows of a resource."""


def _shown(schema: EntitySet, name: str, group: _Group) -> Row:
    totals = {
        resource + column: READ[column](sums)
        for resource, sums in group.sums.items()
        for column in columns(schema, name)
    }
    return group.row | totals if group.moved or any(totals.values()) else {}
