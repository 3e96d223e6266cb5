"""The data of a base as bytes, and back."""

import hashlib
from typing import Any

import orjson

from onec_emulator import consequences
from onec_emulator.books import Books
from onec_emulator.schemas import EntitySet
from sverka_emulator_kit.exports import TYPES
from sverka_emulator_kit.state import Shelf, whole


def layout(books: Books) -> str:
    """The configuration, with a digest of its fields."""
    fields = {name: sorted(table.schema.blank) for name, table in books.tables.items()}
    digest = hashlib.sha256(orjson.dumps(fields)).hexdigest()[:12]
    return f"{books.configuration.name} {digest}"


def taken(books: Books) -> bytes:
    """All that a base holds and will do; what was recorded of its life is no part of it."""
    return orjson.dumps(whole(rest(books), shelves(books)))


def shelves(books: Books) -> dict[str, Shelf]:
    """Rows and registrations: what there may be much of."""
    rows = {f"rows/{name}": table.rows for name, table in books.tables.items()}
    registered = {
        f"registered/{node}/{name}": waiting
        for node, registrations in books.plan.nodes.items()
        for name, waiting in registrations.items()
    }
    return {**rows, **registered}


def rest(books: Books) -> dict[str, Any]:  # Any: JSON
    """All else, with empty places for the shelves."""
    return {
        "rows": {name: {} for name in books.tables},
        "registered": {
            node: {name: {} for name in registrations}
            for node, registrations in books.plan.nodes.items()
        },
        "numbers": books.numbering.last,
        "settings": books.settings,
        "due": books.due,
        "untold": books.untold,
        "guids": books.guids.getstate(),
        "chance": books.chance.getstate(),
    }


def state_schema(books: Books) -> dict[str, object]:
    """JSON Schemas of rows and registrations; a folder's attributes may be null."""
    rows = {name: _rows(table.schema) for name, table in books.tables.items()}
    sent = {"type": ["integer", "null"]}
    waiting = {
        "type": "object",
        "properties": {
            name: {"type": "object", "additionalProperties": sent} for name in books.tables
        },
        "additionalProperties": False,
    }
    return {
        "rows": {
            "type": "object",
            "properties": rows,
            "required": list(rows),
            "additionalProperties": False,
        },
        "registered": {"type": "object", "additionalProperties": waiting},
        "numbers": {"type": "object", "additionalProperties": {"type": "integer"}},
        "due": {"type": "object", "additionalProperties": {"type": "number"}},
        "untold": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }


def _rows(schema: EntitySet) -> dict[str, object]:
    fields = {name: {"type": _types(value)} for name, value in schema.blank.items()}
    row = {
        "type": "object",
        "properties": fields,
        "required": list(schema.key),
        "additionalProperties": False,
    }
    return {"type": "object", "additionalProperties": row}


def _types(empty: object) -> list[str]:
    return [TYPES[type(empty)], "null"]


def put_back(books: Books, snapshot: bytes) -> None:
    """Have a base hold what it held when the snapshot was taken."""
    kept = orjson.loads(snapshot)
    books.balances.clear()
    for name, table in books.tables.items():
        table.refill(kept["rows"][name])
        for row in table.rows.values():
            consequences.count(books, table, None, row)
    books.settings, books.due = kept["settings"], kept["due"]
    # A state that was kept before there were notices has none.
    books.untold = kept.get("untold", {})
    books.plan.nodes = kept["registered"]
    books.numbering.last = kept["numbers"]
    for name, stream in (("guids", books.guids), ("chance", books.chance)):
        version, state, gauss = kept[name]
        stream.setstate((version, tuple(state), gauss))
