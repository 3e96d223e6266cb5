"""Values of records as JSON text and back, for the journal's columns."""

import json
from collections.abc import Mapping

from sverka.records import Item, Value, Values


def values_to_text(values: Values) -> str:
    """Scalars as strings, items as `[value, label, key]`; names in order, so equal is equal."""
    return json.dumps(
        {name: _plain(value) for name, value in values.items()}, ensure_ascii=False, sort_keys=True
    )


def values_from_text(text: str) -> dict[str, Value]:
    return {name: _value(value) for name, value in json.loads(text).items()}


def strings_from_text(text: str) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in json.loads(text).items()}


def _plain(value: Value) -> object:
    if isinstance(value, str):
        return value
    return [[item.value, item.label, item.key] for item in value]


def _value(value: str | list[list[str]]) -> Value:
    return value if isinstance(value, str) else tuple(Item(*item) for item in value)
