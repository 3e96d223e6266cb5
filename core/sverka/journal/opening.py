"""Opening a journal's file: is it ours, of which version, and who holds it.

One process at a time holds a journal. The lock is SQLite's own, on an empty file beside it, and
the operating system lets it go when the process dies; so others may still read the journal.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sverka.errors import JournalBusy, JournalForeign, JournalFull, JournalNewer

APPLICATION_ID = 0x53564B41
VERSION = 2

PATIENCE_S = 1.0
"""A reader that comes or goes may lock the file for a moment."""

MEMORY = ":memory:"

PASSING: dict[int, type[JournalBusy | JournalFull]] = {
    sqlite3.SQLITE_BUSY: JournalBusy,
    sqlite3.SQLITE_LOCKED: JournalBusy,
    sqlite3.SQLITE_FULL: JournalFull,
}

SCHEMA = """
CREATE TABLE waiting (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, side TEXT NOT NULL, key TEXT NOT NULL,
    fate TEXT NOT NULL, reason TEXT NOT NULL, tries INTEGER NOT NULL, next_at_s REAL NOT NULL,
    parked INTEGER NOT NULL, waits_for TEXT NOT NULL, UNIQUE (side, key)
);
CREATE INDEX waiting_held ON waiting (waits_for) WHERE waits_for<>'';
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


STEPS = {
    1: (
        "ALTER TABLE waiting ADD COLUMN waits_for TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX waiting_held ON waiting (waits_for) WHERE waits_for<>''",
    )
}
"""What makes the next version of a version."""


def held(path: str) -> tuple[sqlite3.Connection, sqlite3.Connection | None]:
    """A journal to work with, made if it is not there, and its lock, None in memory.

    Raises:
        JournalBusy, JournalForeign, JournalFull, JournalNewer: It cannot be used.
    """
    with _worded(path):
        db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S)
    try:
        with _worded(path):
            # Looked at before anything is written: a foreign file stays as it is, and alone.
            _require_ours(path, db)
            lock = None if path == MEMORY else _locked(path)
    except BaseException:
        db.close()
        raise
    try:
        with _worded(path):
            _begin(db)
    except BaseException:
        close(db, lock)
        raise
    return db, lock


def close(db: sqlite3.Connection, lock: sqlite3.Connection | None) -> None:
    """Close a journal; its lock goes last."""
    db.close()
    if lock:
        lock.close()


def seen(path: str) -> sqlite3.Connection:
    """A journal to look into, whoever holds it; nothing can be written.

    One of a former version is brought to ours first, which takes a moment in which nobody holds it.

    Raises:
        JournalBusy, JournalForeign, JournalNewer: It cannot be read.
    """
    with _worded(path):
        address = f"{Path(path).absolute().as_uri()}?mode=rw"
        db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE_S)
    try:
        with _worded(path):
            db.execute("PRAGMA query_only=ON")
            _require_ours(path, db)
            _require_any(path, db)
            is_former = _version(db) < VERSION
    except BaseException:
        db.close()
        raise
    if is_former:
        db.close()
        close(*held(path))
        return seen(path)
    return db


def passing(path: str, error: sqlite3.Error) -> JournalBusy | JournalFull | None:
    """What SQLite says of a file that is ours and cannot be used for now; None if it says else."""
    if _code(error) == sqlite3.SQLITE_IOERR:
        # So it words a quota that is used up, or a disk that is full under its shared memory.
        return JournalFull(path, f"the disk takes no more, or is broken ({error})")
    kind = PASSING.get(_code(error))
    return kind(path) if kind else None


@contextmanager
def _worded(path: str) -> Iterator[None]:
    """What SQLite says of a file that cannot be opened, in our errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        why = "it is no SQLite file" if _code(error) == sqlite3.SQLITE_NOTADB else str(error)
        raise passing(path, error) or JournalForeign(path, why) from error


def _code(error: sqlite3.Error) -> int:
    """The primary one; Python's own complaints have none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _require_ours(path: str, db: sqlite3.Connection) -> None:
    """An empty file will be ours."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = _version(db)
    if _tables(db) and application != APPLICATION_ID:
        raise JournalForeign(path, "another program made it")
    if version > VERSION:
        raise JournalNewer(path, version=version, known=VERSION)


def _require_any(path: str, db: sqlite3.Connection) -> None:
    if not _tables(db):
        raise JournalForeign(path, "it is empty yet")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _tables(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _locked(path: str) -> sqlite3.Connection:
    lock = sqlite3.connect(f"{path}-lock", isolation_level=None, timeout=0.0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except BaseException:
        lock.close()
        raise
    return lock


def _begin(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    # Fails too where somebody holds the file itself, such as a person's SQLite tool.
    db.execute("BEGIN EXCLUSIVE")
    if not _tables(db):
        for statement in SCHEMA.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    else:
        for version in range(_version(db), VERSION):
            for statement in STEPS[version]:
                db.execute(statement)
    db.execute(f"PRAGMA user_version={VERSION}")
    db.execute("COMMIT")
