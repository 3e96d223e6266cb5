"""What an operation answers, before anybody has chosen between JSON and Atom."""

from collections.abc import Sequence
from dataclasses import dataclass

from onec_emulator.schemas import EntitySet, Row

ATOM_FEED = "application/atom+xml;type=feed;charset=utf-8"
ATOM_ENTRY = "application/atom+xml;type=entry;charset=utf-8"
JSON = "application/json;charset=utf-8"
XML = "application/xml;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a set.

    Attributes:
        keys: Keys of the rows, in the order to show them.
        select: Properties to show, None for all.
        count: Number of all rows that passed the filter, None if nobody asked.
    """

    schema: EntitySet
    keys: Sequence[str]
    rows: Sequence[Row]
    select: tuple[str, ...] | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class One:
    """One record, whole or in part; `location` is its address if it was just made."""

    schema: EntitySet
    key: str
    row: Row
    select: tuple[str, ...] | None = None
    status: int = 200
    location: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The service document: the names of the sets."""

    sets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plain:
    """Bytes that look the same whatever was accepted."""

    body: bytes = b""
    content_type: str = XML
    status: int = 200


Answer = Rows | One | Names | Plain
