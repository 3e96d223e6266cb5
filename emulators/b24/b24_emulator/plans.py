"""Which rows a list looks at: what an index serves is not scanned.

Of the conditions that an index serves, the one with the fewest rows is taken; bounds of ID cut what
it found; what is left is tried row by row. A range that leaves no row out is no condition.
"""

import bisect
import heapq
import sys
from collections.abc import Callable, Iterable, Iterator, Reversible, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any

from b24_emulator import php
from b24_emulator.filters import Condition
from b24_emulator.indexes import Groups, Index, Span
from b24_emulator.schema import MULTIFIELD, Field
from b24_emulator.table import Table
from b24_emulator.values import MOMENTS, NUMBERS, SWITCHES, comparable, is_unset

BOUNDS: dict[str, tuple[Callable[..., int], bool]] = {
    ">": (bisect.bisect_right, True),
    ">=": (bisect.bisect_left, True),
    "<": (bisect.bisect_left, False),
    "<=": (bisect.bisect_right, False),
}
"""What finds the place of a limit among ascending values, and whether it is the lower one."""
SMALL = 8
"""Rows under a key, at which all of a range are sorted sooner than its keys are gone through."""
Limit = tuple[Callable[..., int], bool, float | str]
"""The same with the limit itself."""


@dataclass(frozen=True)
class Plan:
    """Rows worth a look.

    Attributes:
        groups: Ascending numbers; no two groups share one.
        rest: Conditions that are still to be tried.
        served: Those that the groups hold to.
        bounds: Of ID; they cut each group.
        by: The field whose values in their order the groups are of, `""` for none.
        is_scan: No index serves: these are all rows.
        size: How many they are about, before the bounds.
    """

    groups: Reversible[Sequence[int]]
    rest: Sequence[Condition]
    bounds: Sequence[Limit] = ()
    by: str = ""
    is_scan: bool = False
    size: int = 0
    served: Sequence[Condition] = ()

    def __len__(self) -> int:
        return sum(map(len, self._spans()))

    def _spans(self) -> list[Span]:
        groups = self._sorted if isinstance(self.groups, Groups) else self.groups
        return [span for group in groups if (span := self.cut(group))]

    @cached_property
    def _sorted(self) -> Iterable[Sequence[int]]:
        """A range's numbers, in one group if there are few under each key."""
        groups = self.groups
        if isinstance(groups, Groups) and self.size < SMALL * len(groups.places):
            return [groups.flat()]
        return groups

    def cut(self, numbers: Sequence[int]) -> Span:
        """What the bounds of ID leave of a group."""
        return Span(numbers, _between(numbers, self.bounds))

    def numbers(self, *, is_descending: bool = False) -> Iterable[int]:
        """All numbers in their order."""
        spans = self._spans()
        if len(spans) == 1:
            (span,) = spans
            return span.part(slice(None, None, -1)) if is_descending else span
        # Moments mostly stand in the order of the numbers: then there is nothing to merge.
        if all(before.last < after.first for before, after in pairwise(spans)):
            turned = map(reversed, reversed(spans)) if is_descending else spans
            return chain.from_iterable(turned)
        if is_descending:
            return heapq.merge(*map(reversed, spans), reverse=True)
        return heapq.merge(*spans)


def plan(table: Table, asked: Sequence[Condition]) -> Plan:
    """The way to the rows that `asked` lets through with the fewest of them to look at."""
    bounds, others = _parted(asked, lambda one: one.field.name == "ID" and one.operator in BOUNDS)
    ways = [*_equalities(table, others), *_ranges(table, others)]
    if idle := [one for served, _, size in ways if size == EVERYTHING for one in served]:
        _, others = _parted(others, idle.__contains__)
        ways = [way for way in ways if way[2] != EVERYTHING]
    if not ways:
        return Plan([table.ids], others, _limits(bounds), is_scan=True, size=len(table.ids))
    served, groups, size = min(ways, key=itemgetter(2))
    rest = [one for one in others if one not in served]
    by = groups.index.field if isinstance(groups, Groups) else ""
    return Plan(groups, rest, _limits(bounds), by, size=size, served=served)


def _parted(
    asked: Iterable[Condition], is_first: Callable[[Condition], bool]
) -> tuple[list[Condition], list[Condition]]:
    parts: tuple[list[Condition], list[Condition]] = [], []
    for one in asked:
        parts[not is_first(one)].append(one)
    return parts


Way = tuple[Sequence[Condition], Reversible[Sequence[int]], int]
"""Conditions that are served, the numbers that they let through, and how many about."""
EVERYTHING = sys.maxsize
"""For a range: that it lets all rows through."""


def _equalities(table: Table, asked: Sequence[Condition]) -> Iterator[Way]:
    for condition in asked:
        name = condition.field.name
        if not condition.is_equality:
            continue
        if name == "ID":
            numbers = {php.integer(value) for value in condition.values}
            found = sorted(number for number in numbers if number in table.rows)
            yield [condition], [found], len(found)
        elif index := table.indexes.get(name):
            groups = _equal(index, condition)
            yield [condition], groups, sum(map(len, groups))


def _equal(index: Index, condition: Condition) -> list[Sequence[int]]:
    keys = dict.fromkeys(_key(index, condition.field, value) for value in condition.values)
    groups = [index.with_key(key) for key in keys]
    if condition.field.kind != MULTIFIELD or len(groups) == 1:
        return groups
    # A row may have several of the values.
    return [sorted({number for group in groups for number in group})]


def _key(index: Index, field: Field, value: object) -> str:
    if is_unset(value):
        return index.form("")
    if field.kind in NUMBERS:
        return str(php.integer(value))
    return index.form(comparable(field, value) if field.kind in MOMENTS else value)


def _ranges(table: Table, asked: Sequence[Condition]) -> Iterator[Way]:
    compared = [one for one in asked if one.operator in BOUNDS and is_ordered(table, one.field)]
    for name in dict.fromkeys(one.field.name for one in compared):
        served = [one for one in compared if one.field.name == name]
        keys = table.indexes[name].keys()
        places = _between(keys, _limits(served))
        # What has no value is on neither side of a limit.
        first = max(places.start, bisect.bisect_right(keys, ""))
        places = range(first, max(first, places.stop))
        # As if each key had as many rows: to count them would take a look at each key.
        about = len(places) * len(table.ids) // len(keys) if keys else 0
        size = EVERYTHING if keys and len(places) == len(keys) else about
        yield served, Groups(table.indexes[name], places), size


def is_ordered(table: Table, field: Field) -> bool:
    """Whether the keys of the field's index stand in the order of its values."""
    is_text = field.kind not in {*NUMBERS, *SWITCHES, MULTIFIELD}
    return field.name in table.indexes and is_text and not field.multiple


def _limits(conditions: Iterable[Condition]) -> list[Limit]:
    return [
        (*BOUNDS[one.operator], comparable(one.field, one.values[0] if one.values else None))
        for one in conditions
    ]


def _between(ascending: Sequence[Any], limits: Iterable[Limit]) -> range:  # Any: comparable
    first, last = 0, len(ascending)
    for side, is_lower, limit in limits:
        place = side(ascending, limit)
        first, last = (max(first, place), last) if is_lower else (first, min(last, place))
    return range(first, max(first, last))
