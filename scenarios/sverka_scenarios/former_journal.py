"""A journal as the first version of the exchange wrote it, for an upgrade to meet.

The text below is what that version made; it never changes.
"""

import sqlite3
from pathlib import Path

from sverka.journal.opening import APPLICATION_ID

SCHEMA_OF_1 = """
CREATE TABLE waiting (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, side TEXT NOT NULL, key TEXT NOT NULL,
    fate TEXT NOT NULL, reason TEXT NOT NULL, tries INTEGER NOT NULL, next_at_s REAL NOT NULL,
    parked INTEGER NOT NULL, UNIQUE (side, key)
);
CREATE INDEX waiting_due ON waiting (parked, next_at_s, sequence);
CREATE TABLE link (
    portal_key TEXT PRIMARY KEY, infobase_key TEXT NOT NULL UNIQUE,
    portal_base TEXT NOT NULL, infobase_base TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE intent (
    side TEXT NOT NULL, source_key TEXT NOT NULL, external TEXT NOT NULL,
    source_base TEXT NOT NULL, target_base TEXT NOT NULL, target_key TEXT NOT NULL,
    PRIMARY KEY (side, source_key)
) WITHOUT ROWID;
CREATE TABLE review (
    side TEXT NOT NULL, key TEXT NOT NULL, criterion TEXT NOT NULL, candidates TEXT NOT NULL,
    decided TEXT NOT NULL, PRIMARY KEY (side, key)
) WITHOUT ROWID;
CREATE TABLE history (
    number INTEGER PRIMARY KEY, run INTEGER NOT NULL, at_s REAL NOT NULL, level TEXT NOT NULL,
    side TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, named TEXT NOT NULL
);
CREATE INDEX history_key ON history (key);
CREATE TABLE search_key (
    side TEXT NOT NULL, criterion TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (side, criterion, value, key)
) WITHOUT ROWID;
CREATE INDEX search_key_of ON search_key (side, key);
CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
TABLES = ("waiting", "link", "intent", "review", "history", "search_key", "cursor")


def write_former(journal: sqlite3.Connection, path: Path) -> None:
    """Write what a journal holds into a new file, as the first version would have kept it."""
    former = sqlite3.connect(path, isolation_level=None)
    try:
        former.executescript(SCHEMA_OF_1)
        former.execute("BEGIN")
        for table in TABLES:
            names = [row[1] for row in former.execute(f"PRAGMA table_info({table})")]
            rows = journal.execute(f"SELECT {', '.join(names)} FROM {table}")
            marks = ", ".join("?" * len(names))
            former.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        former.execute("COMMIT")
        former.execute(f"PRAGMA application_id={APPLICATION_ID}")
        former.execute("PRAGMA user_version=1")
    finally:
        former.close()
