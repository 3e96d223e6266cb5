"""Balances and turnovers of a register of accounts, a row for each account and its analytics.

A balance at a moment is of the movements before it, turnovers are of an interval with both its
ends. `ExtraDimensions` names kinds of analytics by their guids: accounts without one of them are
left out, and the analytics stand in the order of the kinds (guide, 17.4.13.1). Records with their
analytics know no `$skip` and follow no order that is asked for (pavel-v-sobolev/onecdc: DESIGN.md).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from onec_emulator.odata import errors
from onec_emulator.odata.answers import Rows
from onec_emulator.odata.arguments import BEFORE, WITHIN, counts_as, dimensions_of
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.reading import listed
from onec_emulator.odata.service import Service
from onec_emulator.schemas import EMPTY_GUID, UNDEFINED, EntitySet, Row
from onec_emulator.schemas.accounts import (
    ACCOUNT,
    ANALYTICS,
    BY_ACCOUNT,
    PLACES,
    SIDES,
    analytics_schema,
    moved,
    of_side,
    side_of,
    side_schema,
)
from onec_emulator.schemas.virtual import columns, row_schema
from onec_emulator.table import Table
from onec_emulator.totals import PLACES as DECIMALS

Sums = dict[tuple[str, str], float]
"""What moved, by when and on which side."""


@dataclass(slots=True)
class _Total:
    row: Row
    sums: dict[str, Sums] = field(default_factory=dict)

    def add(self, resource: str, when: str, side: str, number: float) -> None:
        sums = self.sums.setdefault(resource, dict.fromkeys(PARTS, 0.0))
        sums[when, side] = round(sums[when, side] + number, DECIMALS)


PARTS = tuple((when, side) for when in (BEFORE, WITHIN) for side in SIDES)


def totals(service: Service, register: Table, name: str, given: Mapping[str, str]) -> Table:
    """The rows of a balance or of turnovers.

    Raises:
        ODataError: A condition is malformed, or a dimension or a kind of analytics is unknown.
    """
    schema = register.schema
    chosen = (ACCOUNT, *ANALYTICS, *dimensions_of(schema, given.get("Dimensions", "")))
    arranged = _arrangement(service, schema, given.get("ExtraDimensions", ""))
    conditions = [
        service.filters.compiled(side_schema(schema), text).holds
        for text in (given.get("AccountCondition"), given.get("Condition"))
        if text
    ]
    found: dict[tuple[object, ...], _Total] = {}
    for when, side, record in _moves(service, register, name, given):
        row = arranged(side_of(schema, record, side))
        if row is None or not all(holds(row) for holds in conditions):
            continue
        own = {each: row[each] for one in chosen for each in (one, f"{one}_Type") if each in row}
        total = found.setdefault(tuple(own.values()), _Total(own))
        for resource, number in moved(schema, record, side).items():
            total.add(resource, when, side, number)
    table = Table(row_schema(schema, name, chosen))
    for total in found.values():
        if shown := _shown(service, schema, name, total):
            table.put(table.schema.key_of(shown), shown)
    return table


def records(service: Service, ask: Ask, register: Table, given: Mapping[str, str]) -> Rows:
    """The records of an interval with their analytics and the kinds of these.

    Raises:
        ODataError: Rows are to be skipped, or the condition is malformed or names the recorder.
    """
    if ask.options.skip:
        raise errors.bad_option("$skip")
    ask.options.orderby = ()
    held = service.records(register)
    keys: Iterable[str] = held.order
    if condition := given.get("Condition", ""):
        keys = service.filters.compiled(held.schema, condition).keys(held)
    within = (key for key in keys if counts_as("Turnovers", given, held.rows[key]["Period"]))
    kinds = _kinds(service, register.schema)
    table = Table(analytics_schema(register.schema))
    for key in islice(within, int(given["Top"]) if given.get("Top") else None):
        record = held.rows[key]
        table.put(key, record | _kinds_of(record, kinds))
    return listed(service, ask, table)


def _kinds(service: Service, schema: EntitySet) -> Mapping[str, list[str]]:
    """Kinds of analytics by account."""
    return {
        key: [line["ExtDimensionType_Key"] for line in account["ExtDimensionTypes"]]
        for key, account in _chart(service, schema).items()
    }


def _chart(service: Service, schema: EntitySet) -> Mapping[str, Row]:
    """Accounts by key; none if their chart is left out of the OData composition."""
    chart = service.tables.get(side_schema(schema).fields[ACCOUNT].target or "")
    return chart.rows if chart is not None else {}


def _kinds_of(record: Row, kinds: Mapping[str, list[str]]) -> Row:
    found: Row = {}
    for side in SIDES:
        own = kinds.get(record[of_side(ACCOUNT, side)], [])
        for place in PLACES:
            kind = own[place - 1] if place <= len(own) else EMPTY_GUID
            found[f"ExtDimensionType{side}{place}_Key"] = kind
    return found


def _moves(
    service: Service, register: Table, name: str, given: Mapping[str, str]
) -> Iterator[tuple[str, str, Row]]:
    """Each side of each active record that counts, and as what."""
    records = service.records(register)
    for key in records.order:
        record = records.rows[key]
        found = counts_as(name, given, record["Period"]) if record["Active"] else None
        if found is not None:
            yield from ((found, side, record) for side in SIDES)


def _arrangement(service: Service, schema: EntitySet, text: str) -> Callable[[Row], Row | None]:
    """What puts the analytics of a side into the order asked for; None for a side without them."""
    kinds = [kind.strip().removeprefix("guid'").strip("'") for kind in text.split(",")]
    asked = [kind.lower() for kind in kinds if kind]
    if not asked:
        return lambda row: row
    if len(asked) > len(ANALYTICS):
        raise errors.bad_option("ExtraDimensions")
    places = _kinds(service, schema)

    def arranged(row: Row) -> Row | None:
        own = places.get(row[ACCOUNT], [])
        if any(kind not in own for kind in asked):
            return None
        found = dict(row)
        for number, name in enumerate(ANALYTICS):
            held = ANALYTICS[own.index(asked[number])] if number < len(asked) else ""
            found[name] = row[held] if held else ""
            found[f"{name}_Type"] = row[f"{held}_Type"] if held else UNDEFINED
        return found

    return arranged


def _shown(service: Service, schema: EntitySet, name: str, total: _Total) -> Row:
    account = _chart(service, schema).get(total.row[ACCOUNT], {})
    row, any_moved = dict(total.row), False
    for resource, sums in total.sums.items():
        for column in columns(schema, name):
            number = _column(column, sums, str(account.get("Type", "")))
            any_moved = any_moved or bool(number)
            is_kept = account.get(BY_ACCOUNT.get(resource, ""), True)
            row[resource + column] = number if is_kept else None
    return row if any_moved else {}


def _column(column: str, sums: Sums, kind: str) -> float:
    """One number of a resource. A balance falls on the side of its account's type."""
    moment, _, side = column.partition("Turnover" if "Turnover" in column else "Balance")
    debit, credit = sums[WITHIN, "Dr"], sums[WITHIN, "Cr"]
    if "Turnover" in column:
        return {"": round(debit - credit, DECIMALS), "Dr": debit, "Cr": credit}[side]
    before = sums[BEFORE, "Dr"] - sums[BEFORE, "Cr"]
    held = before + debit - credit if moment == "Closing" else before
    on_debit = kind == "Active" or (kind != "Passive" and held > 0)
    sided = {"": held, "Dr": held if on_debit else 0.0, "Cr": 0.0 if on_debit else -held}
    return round(sided[side], DECIMALS) or 0.0
