"""Filter and order of `crm.item.list`: groups of any depth, and no name that is not known.

Source: b24restdocs: api-reference/crm/universal/crm-item-list.md.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from b24_emulator import php
from b24_emulator.filters import Condition, Predicate, parted, predicate
from b24_emulator.items import Names
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Field
from b24_emulator.table import Row

LOGIC = "logic"
DIRECTIONS = ("ASC", "DESC")
Tree = Mapping[str, Any]  # Any: what was sent


def parts(names: Names, sent: Tree) -> tuple[list[Condition], list[Predicate]]:
    """Conditions that must all hold, and groups among them.

    Raises:
        PortalRefusal: A field is not known, or is compared with an object.
    """
    if _is_or(sent):
        return [], [_group(names, sent)]
    groups = {key: value for key, value in sent.items() if _is_group(names, key, value)}
    single = {key: value for key, value in sent.items() if key not in groups and key != LOGIC}
    conditions = [_condition(names, key, value) for key, value in single.items()]
    return conditions, [_group(names, _tree(value)) for value in groups.values()]


def _is_or(sent: Tree) -> bool:
    return str(sent.get(LOGIC, "AND")).upper() == "OR"


def _is_group(names: Names, key: str, value: object) -> bool:
    """An array under a key that names no field; under a name it is a list of values."""
    return isinstance(value, dict | list) and not names.known(parted(key)[1])


def _tree(value: object) -> Tree:
    if isinstance(value, list):
        return {str(index): element for index, element in enumerate(value)}
    return value if isinstance(value, dict) else {}


def _group(names: Names, sent: Tree) -> Predicate:
    inner = {key: value for key, value in sent.items() if key != LOGIC}
    conditions, groups = parts(names, inner)
    tests = [*(predicate(condition) for condition in conditions), *groups]
    judge: Callable[[Iterable[bool]], bool] = any if _is_or(sent) else all

    def holds(row: Row) -> bool:
        return judge(test(row) for test in tests)

    return holds


def _condition(names: Names, key: str, value: object) -> Condition:
    operator, name = parted(key)
    field = names.field(names.known(name))
    if field is None:
        raise _invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    if isinstance(value, dict) and not php.is_sequence(value):
        raise _invalid(f"Invalid filter: field '{name}' has invalid value")
    values = php.rows(value) if isinstance(value, list | dict) else [value]
    if field.kind == "switch":
        # Only 1 and 0 are understood here: a Y is no number and finds what is off.
        values = [str(php.integer(element)) for element in values]
    return Condition(field, operator, tuple(values))


def order(names: Names, sent: Tree) -> list[tuple[Field, bool]]:
    """Fields in their weight, True for descending.

    Raises:
        PortalRefusal: A field or a direction is not known.
    """
    ranks = []
    for name, direction in sent.items():
        field = names.field(names.known(name))
        if field is None:
            raise _invalid(f"Invalid order: field '{name}' is not allowed in order")
        word = str(direction).strip().upper()
        if word not in DIRECTIONS:
            text = f"allowed sort directions are ASC, DESC. But got '{direction}'"
            raise _invalid(f"Invalid order: {text} for field '{name}'")
        ranks.append((field, word == "DESC"))
    return ranks


def _invalid(text: str) -> PortalRefusal:
    return PortalRefusal("INVALID_ARG_VALUE", text)
