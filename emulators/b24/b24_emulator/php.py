"""How PHP reads and writes: brackets in names, arrays that are objects, numbers out of texts."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Nineteen digits are more than any number of a record; int() itself refuses thousands of them.
_LEADING_INT = re.compile(r"\s*([+-]?\d{1,19})")
_LEADING_NUMBER = re.compile(r"\s*([+-]?(?:\d{1,19}\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2}(?!\d))?)")
_INDEX = re.compile(r"[0-9]{1,18}")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_TRUE = {"1", "true", "y", "yes", "on"}

INTEGER_MAX = 2**63 - 1

LEVELS = 64
"""PHP's max_input_nesting_level: a name with more subscripts is dropped."""

VARIABLES = 10_000
"""PHP's max_input_vars as the vendor's own environment sets it (inferred for the cloud)."""

NAME_KEPT = 100
"""Letters of a name that is remembered once it was read: callers send the same ones again."""

Tree = dict[str, Any]  # Any: what a caller may send, nested
"""Parameters as PHP's $_REQUEST: names → texts, numbers, lists and trees."""


def unquoted(text: str) -> str:
    """Percent-decoding, plus signs as blanks. Runs are decoded whole: Cyrillic is all runs."""
    if "+" in text:
        text = text.replace("+", " ")
    return _ENCODED.sub(_decode_run, text) if "%" in text else text


def _decode_run(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace")


def parse_query(query: str) -> Tree:
    """Read `a[b][]=1&c=2` as PHP does; numeric subscripts from 0 on make lists.

    A pair is cut at its first equals sign, so a raw `filter[>=ID]=2` loses its meaning.
    """
    # The rest of a bomb stays one text: it is neither split nor decoded.
    pairs = [pair for pair in query.split("&", VARIABLES)[:VARIABLES] if pair]
    split = (pair.partition("=") for pair in pairs)
    return nested((_name(name), unquoted(value)) for name, _, value in split)


def _name(sent: str) -> str:
    return _known_name(sent) if len(sent) <= NAME_KEPT else unquoted(sent)


@lru_cache(maxsize=4096)
def _known_name(sent: str) -> str:
    return unquoted(sent)


def nested(pairs: Iterable[tuple[str, object]]) -> Tree:
    """Names with brackets as trees and lists; of two equal names the last one counts.

    What is nested deeper than `LEVELS`, and what comes after `VARIABLES` names, is left out.
    """
    root: Tree = {}
    following: dict[int, int] = {}
    has_trees = False
    for name, value in islice(pairs, VARIABLES):
        if "[" in name[1:]:
            has_trees = True
            _enter(root, name, value, following)
        else:
            root[name] = value
    return {name: with_lists(value) for name, value in root.items()} if has_trees else root


def _enter(root: Tree, name: str, value: object, following: dict[int, int]) -> None:
    """Put a value under its subscripts; `following` knows each node's next free index."""
    first, keys = (_known_path if len(name) <= NAME_KEPT else _path)(name)
    if len(keys) > LEVELS:
        return
    node, step = root, first
    for key in keys:
        child = node.get(step)
        if not isinstance(child, dict):
            child = node[step] = {}
            following[id(child)] = 0
        node, step = child, key or str(following[id(child)])
        if _INDEX.fullmatch(step):
            following[id(node)] = max(following[id(node)], int(step) + 1)
    node[step] = value


def _path(name: str) -> tuple[str, list[str]]:
    """The first step of a name, and its subscripts."""
    head, _, rest = name.partition("[")
    # Behind the last closing bracket nothing can match, however long one looks for it.
    keys = _BRACKETS.findall("[" + rest[: rest.rfind("]") + 1])
    # PHP turns a bracket that nobody closes into an underscore.
    return head if keys else f"{head}_{rest}", keys


_known_path = lru_cache(maxsize=4096)(_path)


def with_lists(value: Any) -> Any:
    """Trees whose keys are exactly 0, 1, 2… become lists, at every depth."""
    if not isinstance(value, dict):
        return value
    rows = {key: with_lists(inner) for key, inner in value.items()}
    return list(rows.values()) if rows and is_sequence(rows) else rows


def is_sequence(rows: Mapping[str, object]) -> bool:
    return all(key == str(index) for index, key in enumerate(rows))


def encoded(rows: Mapping[str, object]) -> object:
    """What json_encode makes of a PHP array: `[]` if empty, a list if its keys are 0, 1, 2."""
    return list(rows.values()) if is_sequence(rows) else dict(rows)


def rows(value: object) -> list[Any]:
    """The elements of what PHP would call an array, be it a list or an object; else nothing."""
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []


def integer(value: object) -> int:
    """PHP's (int): leading digits of a text, 0 for anything else; 64 bits and no more.

    What PHP makes of a float out of that range it leaves open (php.net: language.types.integer).
    """
    if isinstance(value, str):
        found = _LEADING_INT.match(value)
        value = int(found[1]) if found else 0
    if not isinstance(value, bool | int | float):
        return 0
    return max(-INTEGER_MAX - 1, min(int(value), INTEGER_MAX))


def number(value: object) -> float:
    """PHP's (float): the number that a text begins with, 0 for anything else."""
    if isinstance(value, bool | int | float):
        return float(value)
    found = _LEADING_NUMBER.match(value) if isinstance(value, str) else None
    return float(found[1]) if found else 0.0


def brief(number: float) -> int | float:
    """A float as PHP's JSON writes it: without a fraction if it has none and is no giant."""
    return int(number) if number.is_integer() and abs(number) <= INTEGER_MAX else number


def flag(value: object) -> bool:
    """`Y`, `1`, `true`, and Python's `True` as one client writes it."""
    return str(value).strip().lower() in _TRUE
