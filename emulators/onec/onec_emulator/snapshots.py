"""The data of a base as bytes, and back."""

import orjson

from onec_emulator import consequences
from onec_emulator.books import Books


def taken(books: Books) -> bytes:
    """All that a base holds and will do; what was recorded of its life is no part of it."""
    return orjson.dumps(
        {
            "rows": {name: table.rows for name, table in books.tables.items()},
            "registered": books.plan.nodes,
            "numbers": books.numbering.last,
            "settings": books.settings,
            "due": books.due,
            "guids": books.guids.getstate(),
            "chance": books.chance.getstate(),
        }
    )


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
