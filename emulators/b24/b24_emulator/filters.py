"""Filters of the classic lists: an operator before each name, all conditions together.

Source: b24restdocs: api-reference/crm/companies/crm-company-list.md and the pages beside it.
What a classic list does not know it ignores: then everything comes back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any

from b24_emulator import php
from b24_emulator.schema import MULTIFIELD, Field, Schema
from b24_emulator.table import Row
from b24_emulator.values import LIKE_FREE, SWITCHES, comparable, is_unset, kept_comparable, text_of

Predicate = Callable[[Row], bool]

_KEY = re.compile(r"(!=%|!%=|!%|!@|!=|!|>=|<=|=%|%=|>|<|=|@|%)?(.+)", re.DOTALL)
_COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le}
_EQUAL = {"", "=", "@"}
_UNEQUAL = {"!", "!=", "!@"}
_LIKE = {"%": "contains", "=%": "pattern", "%=": "pattern"}
_UNLIKE = {"!%": "contains", "!=%": "pattern", "!%=": "pattern"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter.

    Attributes:
        operator: The prefix as sent, `""` for none.
        values: What it is compared with; several mean IN.
    """

    field: Field
    operator: str
    values: tuple[object, ...]

    @property
    def is_equality(self) -> bool:
        return self.operator in _EQUAL


def conditions(schema: Schema, sent: object) -> list[Condition]:
    """Read a sent filter; unknown names are dropped, as the portal does (inferred)."""
    if not isinstance(sent, dict):
        return []
    found = (_condition(schema, str(key), value) for key, value in sent.items())
    return [condition for condition in found if condition is not None]


def parted(key: str) -> tuple[str, str]:
    """`(">=", "ID")` of `>=ID`."""
    found = _KEY.fullmatch(key)
    return (found[1] or "", found[2]) if found else ("", key)


@lru_cache(maxsize=4096)
def _target(schema: Schema, key: str) -> tuple[str, Field | None]:
    operator, name = parted(key)
    field = schema.fields.get(name.upper())
    is_ignored = field is not None and field.kind in LIKE_FREE and "%" in operator
    return operator, None if is_ignored else field


def _condition(schema: Schema, key: str, value: object) -> Condition | None:
    operator, field = _target(schema, key)
    if field is None:
        return None
    values = tuple(php.rows(value)) if isinstance(value, list | dict) else (value,)
    return Condition(field, operator, values)


def predicate(condition: Condition) -> Predicate:
    """What a condition asks of a row."""
    operator = condition.operator
    if condition.field.multiple:
        return _of_many(condition)
    if condition.field.kind == MULTIFIELD:
        return _multifield(condition)
    if operator in _EQUAL:
        return _one_of(condition)
    if operator in _UNEQUAL:
        return _none_of(_one_of(condition))
    if operator in _COMPARE:
        return _compared(condition)
    if operator in _LIKE:
        return _like(condition, _LIKE[operator])
    return _none_of(_like(condition, _UNLIKE[operator]))


def _of_many(condition: Condition) -> Predicate:
    """Whether any value of a user field holds; of a negative condition, whether none fails."""
    single = replace(condition, field=replace(condition.field, multiple=False))
    name, holds = condition.field.name, predicate(single)
    is_negative = condition.operator in _UNEQUAL or condition.operator in _UNLIKE
    judge = all if is_negative else any

    def of_row(row: Row) -> bool:
        return judge(holds({name: value}) for value in row.get(name) or ("",))

    return of_row


def _one_of(condition: Condition) -> Predicate:
    field, name = condition.field, condition.field.name
    empty = [value for value in condition.values if _is_empty(field, value)]
    wanted = {comparable(field, value) for value in condition.values if value not in empty}
    takes_empty = bool(empty)

    def holds(row: Row) -> bool:
        value = row.get(name)
        if value is None or value == "":
            return takes_empty
        return kept_comparable(field, value) in wanted

    return holds


def _is_empty(field: Field, value: object) -> bool:
    return is_unset(value) and not (value is False and field.kind in SWITCHES)


def _none_of(inner: Predicate) -> Predicate:
    # A row without the value is not equal to it: the portal adds OR IS NULL.
    return lambda row: not inner(row)


def _compared(condition: Condition) -> Predicate:
    field, name = condition.field, condition.field.name
    compare = _COMPARE[condition.operator]
    limit = comparable(field, condition.values[0] if condition.values else "")

    def holds(row: Row) -> bool:
        value = row.get(name)
        if value is None or value == "":
            return False
        return bool(compare(kept_comparable(field, value), limit))

    return holds


def _like(condition: Condition, form: str) -> Predicate:
    name = condition.field.name
    wanted = [text_of(value) for value in condition.values]
    if form == "contains":
        return lambda row: any(text in text_of(row.get(name)) for text in wanted)
    patterns = [_pattern(text) for text in wanted]
    return lambda row: any(pattern.fullmatch(text_of(row.get(name))) for pattern in patterns)


def _pattern(text: str) -> re.Pattern[str]:
    signs = {"%": ".*", "_": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in text), re.DOTALL)


def _multifield(condition: Condition) -> Predicate:
    """Exact match against any value of the field, whatever the operator says about likeness."""
    name = condition.field.name
    wanted = {text_of(value) for value in condition.values}

    def holds(row: Row) -> bool:
        values: Iterable[dict[str, Any]] = row.get(name) or ({"VALUE": ""},)  # Any: texts
        return any(text_of(value["VALUE"]) in wanted for value in values)

    return holds if condition.operator not in _UNEQUAL else _none_of(holds)
