"""One engine for all classic lists: filter, order, select, pages.

Source: b24restdocs: settings/how-to-call-rest-api/list-methods-pecularities.md and
settings/performance/huge-data.md.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

import orjson

from b24_emulator import php, strays
from b24_emulator.filters import Condition, Predicate, conditions, predicate
from b24_emulator.indexes import Groups, Span
from b24_emulator.plans import Plan, is_ordered, plan
from b24_emulator.schema import Field, Schema
from b24_emulator.shapes import picked
from b24_emulator.table import Row, Table
from b24_emulator.values import NUMBERS, kept_comparable
from sverka_emulator_kit.record import Miss

ASKED = ("filter", "order", "select", "start")
"""All that a page depends on, beside its table."""
PAGES_MAX = 256
WITHOUT_COUNT = -1
WALK_SHARE = 8
"""A walk tries one row for so many keys that would be gathered, so it is lost for little."""
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
        missed: Names that were asked and that the table does not have, for lists that look.
    """

    rows: Sequence[Row]
    numbers: Sequence[int]
    total: int | None
    next_start: int | None
    missed: Sequence[Miss] = ()


def listed(table: Table, params: Mapping[str, Any], page_size: int) -> Page:  # Any: what was sent
    """The page that a call of a list method asks for.

    It is kept until the table changes: whoever asks for changes, or reads everything anew, mostly
    asks what was asked before.
    """
    try:
        asked = orjson.dumps([page_size, *map(params.get, ASKED)])
    except TypeError:
        # A number of more than 64 bits, or half a letter: nothing that JSON has.
        return asked_anew(table, params, page_size)
    page: Page | None = table.pages.get(asked)
    if page is None:
        if len(table.pages) >= PAGES_MAX:
            table.pages.clear()
        page = table.pages[asked] = asked_anew(table, params, page_size)
    return page


def asked_anew(
    table: Table,
    params: Mapping[str, Any],  # Any: what was sent
    page_size: int,
    groups: Sequence[Predicate] = (),
) -> Page:
    """The same, never kept; and of those rows only that pass `groups`."""
    ask = replace(query(table.schema, params), groups=groups)
    page = find(table, ask, page_size)
    return replace(page, missed=strays.in_list(table.schema, params))


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


def columns(schema: Schema, sent: object) -> Sequence[str] | None:
    """Columns to return; multi-fields only by name, ID always (recorded answers hold it).

    `*` are the portal's own fields, `UF_*` those of its users; nothing named is both.
    """
    sent = [sent] if isinstance(sent, str) else php.rows(sent)
    names = tuple(map(str, filter(None, sent)))
    return _columns(schema, names) if names else None


@lru_cache(maxsize=1024)
def _columns(schema: Schema, sent: tuple[str, ...]) -> tuple[str, ...]:
    names = [name.upper() for name in sent]
    own = [name for name in schema.plain if name not in schema.user_fields]
    wholes = {"*": own, "UF_*": schema.user_fields}
    wanted = {"ID", *(field for name in names for field in wholes.get(name, [name]))}
    return tuple(name for name in schema.fields if name in wanted and name not in schema.hidden)


def find(table: Table, ask: Query, page_size: int) -> Page:
    """Rows of one page."""
    way = plan(table, ask.conditions)
    if ask.start == WITHOUT_COUNT and (found := _walked(table, way, ask, page_size)) is not None:
        return Page(_selected(table, found, ask.columns), found, None, None)
    tests = [*map(predicate, way.rest), *ask.groups]
    numbers = _in_order(table, way, ask.order, tests)
    if ask.start == WITHOUT_COUNT:
        found = list(islice(numbers, page_size))
        return Page(_selected(table, found, ask.columns), found, None, None)
    # A start inside a page is that page: the kernel asks for page start // 50 + 1 (rest module,
    # classes/general/rest.php: getNavData).
    begin = ask.start - ask.start % page_size
    end = min(begin + page_size, sys.maxsize)
    if tests:
        numbers = list(numbers)
    total = len(numbers) if isinstance(numbers, list) else len(way)
    if isinstance(numbers, Span):
        shown = list(numbers.part(slice(begin, end)))
    else:
        shown = list(islice(numbers, begin, end))
    return Page(_selected(table, shown, ask.columns), shown, total, end if end < total else None)


def _walked(table: Table, way: Plan, ask: Query, page_size: int) -> list[int] | None:
    """A page found by trying rows in the order of their numbers; None if it was not found soon.

    Where a range lets most rows through, that is sooner than to gather and sort all of them.
    """
    if not isinstance(way.groups, Groups) or not _is_by_number(ask.order):
        return None
    steps = len(way.groups.places) // WALK_SHARE
    if steps < page_size:
        return None
    span = way.cut(table.ids)
    tests = [*map(predicate, (*way.served, *way.rest)), *ask.groups]
    turned = reversed(span) if ask.order and ask.order[0][1] else span
    found = list(islice(_passing(table, islice(turned, steps), tests), page_size))
    return found if len(found) == page_size or steps >= len(span) else None


def _is_by_number(order: Sequence[tuple[Field, bool]]) -> bool:
    return not order or order[0][0].name == "ID"


def _passing(table: Table, numbers: Iterable[int], tests: Sequence[Predicate]) -> Iterable[int]:
    for test in tests:
        numbers = _holding(table.rows, numbers, test)
    return numbers


def _holding(rows: Mapping[int, Row], numbers: Iterable[int], test: Predicate) -> Iterable[int]:
    return (number for number in numbers if test(rows[number]))


def _in_order(
    table: Table, way: Plan, order: Sequence[tuple[Field, bool]], tests: Sequence[Predicate]
) -> Iterable[int]:
    rows = table.rows

    def passing(numbers: Iterable[int]) -> Iterable[int]:
        return _passing(table, numbers, tests)

    if _is_by_number(order):
        return passing(way.numbers(is_descending=bool(order) and order[0][1]))
    first, is_descending = order[0]
    if not is_ordered(table, first) or not (way.is_scan or way.by == first.name):
        return _numbers(ranked((rows[number] for number in passing(way.numbers())), order))
    index = table.indexes[first.name]
    groups = way.groups if way.by else Groups.of(index)
    turned = reversed(groups) if is_descending else groups
    alike = (passing(way.cut(group)) for group in turned)
    if len(order) == 1:
        return chain.from_iterable(alike)
    ties = order[1:]
    return chain.from_iterable(_numbers(ranked((rows[n] for n in group), ties)) for group in alike)


def _numbers(found: Iterable[Row]) -> list[int]:
    return [int(row["ID"]) for row in found]


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
    return (True, kept_comparable(field, value))


def _selected(table: Table, numbers: Iterable[int], wanted: Sequence[str] | None) -> list[Row]:
    rows = [*map(table.rows.__getitem__, numbers)]
    return [*picked(rows, table.schema.plain if wanted is None else wanted)]
