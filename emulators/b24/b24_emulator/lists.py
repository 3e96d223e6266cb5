"""One engine for all classic lists: filter, order, select, pages.

Source: b24restdocs: settings/how-to-call-rest-api/list-methods-pecularities.md and
settings/performance/huge-data.md.
"""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from b24_emulator import php
from b24_emulator.filters import Condition, Predicate, conditions, predicate
from b24_emulator.schema import Field, Schema
from b24_emulator.table import Row, Table
from b24_emulator.values import NUMBERS, comparable, is_unset

WITHOUT_COUNT = -1
Ranked = TypeVar("Ranked", bound=Row)


@dataclass(frozen=True, slots=True)
class Query:
    """One call of a list method, read.

    Attributes:
        order: Fields in their weight, True for descending; empty is by ID upwards.
        columns: Names to return; None is all plain ones.
        start: Offset of the page, -1 for a page without counting.
        groups: What else must hold, beside the conditions.
    """

    conditions: Sequence[Condition]
    order: Sequence[tuple[Field, bool]]
    columns: Sequence[str] | None
    start: int
    groups: Sequence[Predicate] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What was found. `total` is None where nothing was counted.

    Attributes:
        numbers: Of the rows, also where a row does not show its own.
    """

    rows: list[Row]
    numbers: list[int]
    total: int | None
    next_start: int | None


def query(schema: Schema, params: Mapping[str, Any]) -> Query:  # Any: what was sent
    """Read `filter`, `order`, `select`, `start`; unknown names are ignored."""
    return Query(
        conditions=conditions(schema, params.get("filter")),
        order=order(schema, params.get("order")),
        columns=columns(schema, params.get("select")),
        start=max(php.integer(params.get("start")), WITHOUT_COUNT),
    )


def order(schema: Schema, sent: object) -> list[tuple[Field, bool]]:
    if not isinstance(sent, dict):
        return []
    return [
        (schema.fields[name.upper()], str(direction).strip().upper() == "DESC")
        for name, direction in sent.items()
        if name.upper() in schema.fields
    ]


def columns(schema: Schema, sent: object) -> list[str] | None:
    """Columns to return; multi-fields only by name, ID always (recorded answers hold it).

    `*` are the portal's own fields, `UF_*` those of its users; nothing named is both.
    """
    names = [sent] if isinstance(sent, str) else php.rows(sent)
    names = [str(name).upper() for name in names if name]
    if not names:
        return None
    own = [name for name in schema.plain if name not in schema.user_fields]
    wholes = {"*": own, "UF_*": schema.user_fields}
    wanted = {"ID", *(field for name in names for field in wholes.get(name, [name]))}
    return [name for name in schema.fields if name in wanted and name not in schema.hidden]


def find(table: Table, ask: Query, page_size: int) -> Page:
    """Rows of one page."""
    ids, rest = _narrowed(table, ask.conditions)
    matching = _matching(table, ids, rest, ask)
    if ask.start == WITHOUT_COUNT:
        found = list(islice(matching, page_size))
        return Page([_selected(table, n, ask.columns) for n in found], found, None, None)
    found = matching if isinstance(matching, list) else list(matching)
    # A start inside a page is that page: the kernel asks for page start // 50 + 1 (rest module,
    # classes/general/rest.php: getNavData).
    begin = ask.start - ask.start % page_size
    end = begin + page_size
    shown = list(found[begin:end])
    rows = [_selected(table, number, ask.columns) for number in shown]
    return Page(rows, shown, len(found), end if end < len(found) else None)


def _narrowed(
    table: Table, asked: Sequence[Condition]
) -> tuple[Sequence[int], Sequence[Condition]]:
    """Numbers worth a look, ascending, and the conditions that are still to be tried."""
    for condition in asked:
        found = _looked_up(table, condition)
        if found is not None:
            return found, [other for other in asked if other is not condition]
    first, last = 0, len(table.ids)
    rest = []
    for condition in asked:
        if condition.field.name == "ID" and condition.operator in _BOUNDS:
            side, is_lower = _BOUNDS[condition.operator]
            limit = comparable(condition.field, condition.values[0] if condition.values else 0)
            place = side(table.ids, limit)
            first, last = (max(first, place), last) if is_lower else (first, min(last, place))
        else:
            rest.append(condition)
    return table.ids[first:last] if (first, last) != (0, len(table.ids)) else table.ids, rest


_BOUNDS = {
    ">": (bisect.bisect_right, True),
    ">=": (bisect.bisect_left, True),
    "<": (bisect.bisect_left, False),
    "<=": (bisect.bisect_right, False),
}


def _looked_up(table: Table, condition: Condition) -> list[int] | None:
    """What an equality finds without a scan, None where a scan is needed."""
    name = condition.field.name
    if not condition.is_equality:
        return None
    if name == "ID":
        numbers = {php.integer(value) for value in condition.values}
        return sorted(number for number in numbers if number in table.rows)
    if not table.is_indexed(name):
        return None
    is_number = condition.field.kind in NUMBERS
    sent = ("" if is_unset(value) else value for value in condition.values)
    keys = [str(php.integer(value)) if is_number and value != "" else value for value in sent]
    return sorted({number for key in keys for number in table.with_value(name, key)})


def _matching(
    table: Table, ids: Sequence[int], rest: Sequence[Condition], ask: Query
) -> Iterable[int]:
    rows = table.rows
    tests = [*(predicate(condition) for condition in rest), *ask.groups]
    if ask.order and ask.order[0][0].name == "ID" and ask.order[0][1]:
        ids = ids[::-1]
    found: Iterable[int] = (
        (number for number in ids if all(test(rows[number]) for test in tests)) if tests else ids
    )
    if not ask.order or ask.order[0][0].name == "ID":
        return found
    return [int(row["ID"]) for row in ranked((rows[number] for number in found), ask.order)]


def ranked(rows: Iterable[Ranked], order: Sequence[tuple[Field, bool]]) -> list[Ranked]:
    """Rows in the order asked for; ties stay as they came."""
    found = list(rows)
    # Sorting by the last key first leaves ties in the order of the earlier keys.
    for field, is_descending in reversed(order):
        found.sort(key=lambda row: _rank(field, row), reverse=is_descending)
    return found


def _rank(field: Field, row: Row) -> tuple[bool, float | str]:
    value = row.get(field.name)
    if value is None or value == "" or isinstance(value, list):
        return (False, 0.0 if field.kind in NUMBERS else "")
    return (True, comparable(field, value))


def _selected(table: Table, number: int, wanted: Sequence[str] | None) -> Row:
    row = table.rows[number]
    names = table.schema.plain if wanted is None else wanted
    return {name: row[name] for name in names if name in row}
