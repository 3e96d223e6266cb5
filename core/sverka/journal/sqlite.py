"""The journal in SQLite: WAL, synchronous FULL, one transaction a save; in memory in simulation."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from sverka.asks import Query, Stored
from sverka.journal.loading import LOADS
from sverka.journal.opening import MEMORY, close, held, passing, seen
from sverka.journal.writing import DROPS, PUTS

T = TypeVar("T")


class SqliteJournal:
    """A journal in one file, or in memory.

    Args:
        reading: Only to be looked into, also while another process holds it.

    Raises:
        JournalBusy: Another process holds the file.
        JournalForeign: The file is not ours.
        JournalNewer: A newer version of ours wrote it.
        JournalFull: There is no room for it.
    """

    def __init__(self, path: str | Path = MEMORY, *, reading: bool = False) -> None:
        self._path = str(path)
        self._db, self._lock = (seen(self._path), None) if reading else held(self._path)

    def close(self) -> None:
        close(self._db, self._lock)

    def copy(self) -> "SqliteJournal":
        """All that it holds, in memory: what is saved there is gone when it is closed."""
        copied = SqliteJournal()
        self._db.backup(copied._db)
        return copied

    def load(self, query: Query[T]) -> T:
        """Answer a query of `sverka.asks`."""
        answer: T = LOADS[type(query)](self._db, query)
        return answer

    def save(self, puts: Iterable[Stored], drops: Iterable[Stored]) -> None:
        """All of it durable when this returns, or none of it.

        Raises:
            JournalFull: There is no room for it.
            JournalBusy: Somebody writes into the file past us, such as a person's SQLite tool.
        """
        try:
            self._save(puts, drops)
        except sqlite3.OperationalError as error:
            if trouble := passing(self._path, error):
                raise trouble from error
            raise

    def _save(self, puts: Iterable[Stored], drops: Iterable[Stored]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for stored in drops:
                DROPS[type(stored)](self._db, stored)
            for stored in puts:
                PUTS[type(stored)](self._db, stored)
            self._db.execute("COMMIT")
        except BaseException:
            # On a full disk SQLite may have rolled back already.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
