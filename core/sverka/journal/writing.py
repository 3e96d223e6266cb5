"""How each kind of row is put into the journal's tables, and dropped from them."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from sverka.journal.plain import values_to_text
from sverka.records import (
    Cursor,
    HistoryLine,
    Intent,
    Link,
    Review,
    SearchKeys,
    Waiting,
)

Db = sqlite3.Connection


def _put_waiting(db: Db, entry: Waiting) -> None:
    if entry.sequence:
        # A newer change of the same record has replaced this row: it stays as it is.
        db.execute(
            "UPDATE waiting SET reason=?, tries=?, next_at_s=?, parked=?, waits_for=?"
            " WHERE sequence=?",
            (
                entry.reason,
                entry.tries,
                entry.next_at_s,
                entry.parked,
                entry.waits_for,
                entry.sequence,
            ),
        )
        return
    db.execute(
        "INSERT OR REPLACE INTO waiting (side, key, fate, reason, tries, next_at_s, parked,"
        " waits_for) VALUES (?,?,?,?,?,?,?,?)",
        (
            entry.side,
            entry.key,
            entry.fate,
            entry.reason,
            entry.tries,
            entry.next_at_s,
            entry.parked,
            entry.waits_for,
        ),
    )


def _drop_waiting(db: Db, entry: Waiting) -> None:
    db.execute("DELETE FROM waiting WHERE sequence=?", (entry.sequence,))


def _put_link(db: Db, link: Link) -> None:
    db.execute(
        "DELETE FROM link WHERE portal_key=? OR infobase_key=?",
        (link.portal_key, link.infobase_key),
    )
    db.execute(
        "INSERT INTO link VALUES (?,?,?,?)",
        (
            link.portal_key,
            link.infobase_key,
            values_to_text(link.portal_base),
            values_to_text(link.infobase_base),
        ),
    )


def _drop_link(db: Db, link: Link) -> None:
    db.execute("DELETE FROM link WHERE portal_key=?", (link.portal_key,))


def _put_intent(db: Db, intent: Intent) -> None:
    db.execute(
        "INSERT OR REPLACE INTO intent VALUES (?,?,?,?,?,?)",
        (
            intent.side,
            intent.source_key,
            intent.external,
            values_to_text(intent.source_base),
            values_to_text(intent.target_base),
            intent.target_key,
        ),
    )


def _drop_intent(db: Db, intent: Intent) -> None:
    db.execute("DELETE FROM intent WHERE side=? AND source_key=?", (intent.side, intent.source_key))


def _put_review(db: Db, review: Review) -> None:
    db.execute(
        "INSERT OR REPLACE INTO review VALUES (?,?,?,?,?)",
        (
            review.side,
            review.key,
            review.criterion,
            json.dumps(review.candidates),
            review.decided,
        ),
    )


def _drop_review(db: Db, review: Review) -> None:
    db.execute("DELETE FROM review WHERE side=? AND key=?", (review.side, review.key))


def _put_history(db: Db, line: HistoryLine) -> None:
    named = json.dumps(dict(line.values), ensure_ascii=False)
    db.execute(
        "INSERT INTO history (run, at_s, level, side, key, text, named) VALUES (?,?,?,?,?,?,?)",
        (line.run, line.at_s, line.level, line.side, line.key, line.text, named),
    )


def _put_search_keys(db: Db, keys: SearchKeys) -> None:
    _drop_search_keys(db, keys)
    db.executemany(
        "INSERT OR IGNORE INTO search_key VALUES (?,?,?,?)",
        [
            (keys.side, criterion, value, keys.key)
            for criterion, values in keys.found_by.items()
            for value in values
        ],
    )


def _drop_search_keys(db: Db, keys: SearchKeys) -> None:
    db.execute("DELETE FROM search_key WHERE side=? AND key=?", (keys.side, keys.key))


def _put_cursor(db: Db, cursor: Cursor) -> None:
    db.execute("INSERT OR REPLACE INTO cursor VALUES (?,?)", (cursor.name, cursor.value))


def _drop_cursor(db: Db, cursor: Cursor) -> None:
    db.execute("DELETE FROM cursor WHERE name=?", (cursor.name,))


# Any: each function takes the kind that stands beside it.
PUTS: dict[type, Callable[[Db, Any], None]] = {
    Waiting: _put_waiting,
    Link: _put_link,
    Intent: _put_intent,
    Review: _put_review,
    HistoryLine: _put_history,
    SearchKeys: _put_search_keys,
    Cursor: _put_cursor,
}
DROPS: dict[type, Callable[[Db, Any], None]] = {
    Waiting: _drop_waiting,
    Link: _drop_link,
    Intent: _drop_intent,
    Review: _drop_review,
    SearchKeys: _drop_search_keys,
    Cursor: _drop_cursor,
}
