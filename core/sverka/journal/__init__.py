"""What we remember. The journal is the only memory of the exchange."""

from sverka.journal.sqlite import SqliteJournal

__all__ = ["SqliteJournal"]
