"""How each query of `sverka.asks` is answered from the journal's tables."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from sverka import asks
from sverka.journal.plain import strings_from_text, values_from_text
from sverka.records import (
    Fate,
    HistoryLine,
    Intent,
    Level,
    Link,
    Review,
    SideName,
    Waiting,
)

Db = sqlite3.Connection


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))


def _links_of(db: Db, query: asks.LinksOf) -> list[Link]:
    column = "portal_key" if query.side is SideName.PORTAL else "infobase_key"
    return _links(db, f"{column} IN ({_marks(query.keys)})", query.keys)


def _belonging_to(db: Db, query: asks.BelongingTo) -> list[Link]:
    owner = "json_extract(infobase_base, '$.owner')"
    return _links(db, f"{owner} IN ({_marks(query.owners)})", query.owners)


def _links(db: Db, where: str, values: tuple[str, ...]) -> list[Link]:
    return [
        Link(
            portal_key=row[0],
            infobase_key=row[1],
            portal_base=values_from_text(row[2]),
            infobase_base=values_from_text(row[3]),
        )
        for row in db.execute(f"SELECT * FROM link WHERE {where}", values)
    ]


WAITING = (
    "SELECT sequence, side, key, fate, reason, tries, next_at_s, parked, waits_for FROM waiting"
)


def _waiting(rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:  # Any: a row of SQLite
    return [
        Waiting(
            sequence=row[0],
            side=SideName(row[1]),
            key=row[2],
            fate=Fate(row[3]),
            reason=row[4],
            tries=row[5],
            next_at_s=row[6],
            parked=bool(row[7]),
            waits_for=row[8],
        )
        for row in rows
    ]


def _due(db: Db, query: asks.Due) -> list[Waiting]:
    order = "DESC" if query.newest else "ASC"
    of_sides = f"side IN ({_marks(query.sides)})"
    where = f"WHERE parked=0 AND next_at_s<=? AND {of_sides} ORDER BY sequence {order} LIMIT ?"
    return _waiting(db.execute(f"{WAITING} {where}", (query.now_s, *query.sides, query.limit)))


def _next_due(db: Db, query: asks.NextDue) -> float | None:
    where = f"WHERE parked=0 AND side IN ({_marks(query.sides)})"
    row = db.execute(f"SELECT min(next_at_s) FROM waiting {where}", query.sides).fetchone()
    return None if row[0] is None else float(row[0])


def _newest_change(db: Db, _: asks.NewestChange) -> int:
    return int(db.execute("SELECT coalesce(max(sequence), 0) FROM waiting").fetchone()[0])


def _waiting_of(db: Db, query: asks.WaitingOf) -> list[Waiting]:
    where = f"WHERE parked=0 AND side=? AND key IN ({_marks(query.keys)}) ORDER BY sequence"
    return _waiting(db.execute(f"{WAITING} {where}", (query.side, *query.keys)))


def _held_for(db: Db, query: asks.HeldFor) -> list[Waiting]:
    where = f"WHERE waits_for IN ({_marks(query.owners)}) ORDER BY sequence"
    return _waiting(db.execute(f"{WAITING} {where}", query.owners))


def _unsent(db: Db, _: asks.Unsent) -> list[Waiting]:
    return _waiting(db.execute(f"{WAITING} WHERE reason<>'' ORDER BY sequence"))


def _intents_of(db: Db, query: asks.IntentsOf) -> list[Intent]:
    where = f"side=? AND source_key IN ({_marks(query.source_keys)})"
    return _intents(db, where, (query.side, *query.source_keys))


def _creates_of(db: Db, query: asks.CreatesOf) -> list[Intent]:
    where = f"side=? AND target_key='' AND external IN ({_marks(query.externals)})"
    return _intents(db, where, (query.side, *query.externals))


def _intents(db: Db, where: str, values: tuple[str, ...]) -> list[Intent]:
    return [
        Intent(
            side=SideName(row[0]),
            source_key=row[1],
            external=row[2],
            source_base=values_from_text(row[3]),
            target_base=values_from_text(row[4]),
            target_key=row[5],
        )
        for row in db.execute(f"SELECT * FROM intent WHERE {where}", values)
    ]


def _found_by(db: Db, query: asks.FoundBy) -> dict[str, tuple[str, ...]]:
    rows = db.execute(
        "SELECT value, key FROM search_key WHERE side=? AND criterion=?"
        f" AND value IN ({_marks(query.values)}) ORDER BY value, key",
        (query.side, query.criterion, *query.values),
    )
    found: dict[str, tuple[str, ...]] = {}
    for value, key in rows:
        found[value] = (*found.get(value, ()), key)
    return found


def _reviews(db: Db, _: asks.Reviews) -> list[Review]:
    return [
        Review(
            side=SideName(row[0]),
            key=row[1],
            criterion=row[2],
            candidates=tuple(json.loads(row[3])),
            decided=row[4],
        )
        for row in db.execute("SELECT * FROM review")
    ]


def _history_of(db: Db, query: asks.HistoryOf) -> list[HistoryLine]:
    rows = db.execute(
        "SELECT run, at_s, level, side, key, text, named FROM history"
        " WHERE (?='' OR key=?) AND (?=0 OR run=?) ORDER BY number",
        (query.key, query.key, query.run, query.run),
    )
    return [
        HistoryLine(
            run=row[0],
            at_s=row[1],
            level=Level(row[2]),
            side=row[3],
            key=row[4],
            text=row[5],
            values=strings_from_text(row[6]),
        )
        for row in rows
    ]


def _cursor_of(db: Db, query: asks.CursorOf) -> str:
    row = db.execute("SELECT value FROM cursor WHERE name=?", (query.name,)).fetchone()
    return str(row[0]) if row else ""


COUNTED = {
    "links": "SELECT count(*) FROM link",
    "waiting": "SELECT count(*) FROM waiting",
    "unsent": "SELECT count(*) FROM waiting WHERE reason<>''",
    "intents": "SELECT count(*) FROM intent",
    "reviews": "SELECT count(*) FROM review WHERE decided=''",
}


def _counts(db: Db, _: asks.Counts) -> dict[str, int]:
    return {name: int(db.execute(text).fetchone()[0]) for name, text in COUNTED.items()}


# Any: each function takes the kind that stands beside it.
LOADS: dict[type, Callable[[Db, Any], Any]] = {
    asks.LinksOf: _links_of,
    asks.BelongingTo: _belonging_to,
    asks.Due: _due,
    asks.NextDue: _next_due,
    asks.NewestChange: _newest_change,
    asks.WaitingOf: _waiting_of,
    asks.HeldFor: _held_for,
    asks.Unsent: _unsent,
    asks.IntentsOf: _intents_of,
    asks.CreatesOf: _creates_of,
    asks.FoundBy: _found_by,
    asks.Reviews: _reviews,
    asks.HistoryOf: _history_of,
    asks.CursorOf: _cursor_of,
    asks.Counts: _counts,
}
