"""What an operation answers, before anybody has chosen between JSON and Atom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onec_emulator.odata.shape import Shown
from onec_emulator.schemas import EntitySet, Field, Row

ATOM_FEED = "application/atom+xml;type=feed;charset=utf-8"
ATOM_ENTRY = "application/atom+xml;type=entry;charset=utf-8"
JSON = "application/json;charset=utf-8"
XML = "application/xml;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a set.

    Attributes:
        keys: Keys of the rows, in the order to show them.
        shown: The same records in part, or with others inside; None if they are shown whole.
        count: Number of all rows that passed the filter, None if nobody asked.
    """

    schema: EntitySet
    keys: Sequence[str]
    rows: Sequence[Row]
    shown: Sequence[Shown] | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class One:
    """One record, whole or in part; `location` is its address if it was just made."""

    schema: EntitySet
    key: str
    row: Row
    shown: Shown | None = None
    status: int = 200
    location: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of one record, reached through its address."""

    field: Field
    value: object


@dataclass(frozen=True, slots=True)
class Names:
    """The service document: the names of the sets."""

    sets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plain:
    """Bytes that look the same whatever was accepted; `rest` follows them, as in a `Reply`."""

    body: bytes = b""
    content_type: str = XML
    status: int = 200
    rest: Iterable[bytes] = ()


Answer = Rows | One | Property | Names | Plain
