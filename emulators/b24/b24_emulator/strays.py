"""Names that classic methods ignore without a word: in fields, filter, order and select."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from b24_emulator import php
from b24_emulator.filters import parted
from b24_emulator.schema import Schema
from b24_emulator.watched import unread
from sverka_emulator_kit.record import Miss

WHOLES = ("*", "UF_*")
Sent = Mapping[str, Any]  # Any: what the caller sent


def in_fields(schema: Schema, sent: Sent) -> list[Miss]:
    """Fields of a write that are unknown or read only."""
    return unread("fields", _upper(sent), _written(schema))


def in_list(schema: Schema, params: Sent) -> Sequence[Miss]:
    """Names of a list's parameters that the entity does not have."""
    select = params.get("select")
    columns = [select] if isinstance(select, str) else php.rows(select)
    sent = (_tree(params, "filter"), _tree(params, "order"), filter(None, columns))
    return _in_list(schema, *(tuple(map(str, names)) for names in sent))


@lru_cache(maxsize=1024)
def _in_list(
    schema: Schema, filtered: tuple[str, ...], ordered: tuple[str, ...], selected: tuple[str, ...]
) -> tuple[Miss, ...]:
    return (
        *unread("filter", _upper(parted(key)[1] for key in filtered), schema.fields),
        *unread("order", _upper(ordered), schema.fields),
        *unread("select", _upper(selected), schema.fields, WHOLES),
    )


def _tree(params: Sent, name: str) -> Sent:
    sent = params.get(name)
    return sent if isinstance(sent, dict) else {}


def _upper(names: Iterable[object]) -> list[str]:
    return [str(name).upper() for name in names]


@lru_cache(maxsize=256)
def _written(schema: Schema) -> frozenset[str]:
    return frozenset(name for name, field in schema.fields.items() if not field.read_only)
