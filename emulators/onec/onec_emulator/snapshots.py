"""The data of a base as bytes, and back."""

import hashlib
from typing import Any

import orjson

from onec_emulator import consequences
from onec_emulator.books import Books
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
        "guids": books.guids.getstate(),
        "chance": books.chance.getstate(),
    }


def put_back(books: Books, snapshot: bytes) -> None:
    """Have a base hold what it held when the snapshot was taken."""
    kept = orjson.loads(snapshot)
    books.balances.clear()
    for name, table in books.tables.items():
        table.refill(kept["rows"][name])
        for row in table.rows.values():
            consequences.count(books, table, None, row)
    books.settings, books.due = kept["settings"], kept["due"]
    books.plan.nodes = kept["registered"]
    books.numbering.last = kept["numbers"]
    for name, stream in (("guids", books.guids), ("chance", books.chance)):
        version, state, gauss = kept[name]
        stream.setstate((version, tuple(state), gauss))
