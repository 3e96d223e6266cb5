"""The words of the domain as plain values: records on two sides, links between them, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class SideName(StrEnum):
    """One end of the exchange."""

    PORTAL = "portal"
    INFOBASE = "infobase"

    @property
    def other(self) -> "SideName":
        return SideName.INFOBASE if self is SideName.PORTAL else SideName.PORTAL


def typed_key(what: str, own_id: object) -> str:
    """A record's key within its side: `company:12`, `client:0a1b…`."""
    return f"{what}:{own_id}"


def split_key(key: str) -> tuple[str, str]:
    """What a record is on its side, and the ID that the side itself gave it."""
    what, _, own_id = key.partition(":")
    return what, own_id


class Fate(StrEnum):
    """What happened to a record, or to one field of it, since both sides last agreed."""

    SAME = "same"
    EDITED = "edited"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Item:
    """One phone or e-mail.

    Attributes:
        value: Normal form; two items with equal values are the same one.
        label: The side's own type of it, `WORK`, `MOBILE`.
        key: The side's own id of it, `""` if it has none.
    """

    value: str
    label: str = field(default="", compare=False)
    key: str = field(default="", compare=False)


Value = str | tuple[Item, ...]
"""A scalar in normal form, or the items of a multiple field in the side's order."""

Values = Mapping[str, Value]
"""By declared field name. Absent: the side does not carry the field for this record."""


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What to do to the items of a multiple field; what is not mentioned stays.

    Attributes:
        changed: Pairs of the present item, with its side's key, and the new one.
    """

    changed: tuple[tuple[Item, Item], ...] = ()
    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)

    def applied_to(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items as they are afterwards."""
        new_of = {old.value: new for old, new in self.changed}
        gone = {item.value for item in self.removed}
        kept = tuple(new_of.get(item.value, item) for item in items if item.value not in gone)
        return (*kept, *self.added)


Written = Mapping[str, "Value | ItemChanges"]
"""What is to be written of a record, by declared field name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One whole record as one side shows it.

    Attributes:
        key: `company:12` or `contact:7` on the portal; `client:` or `person:` and the GUID in the
            infobase.
        entity: Name of the declared entity.
        kind: What it is on both sides alike: a value of `ClientKind`.
        external: 1C GUID that the record itself bears, `""` if none.
        foreign_origin: Another system's mark sits where ours would.
        outside: Why it is no client of the exchange, `""` if it is one.
        marked: It is marked for deletion.
        group: ID of the folder it lies in, `""` for none.
        attributes: Properties by which the settings choose it, in their own side's words.
        parts: Keys of its child records: `{"requisite": "31"}`.
        rivals: The same record with another of its requisites, or counterparties, as its own,
            where several may be meant.
        homes: Where its fields live, if it is written in several calls or commands.
        carried: What its own side needs to write it back; opaque to everybody else.
    """

    side: SideName
    key: str
    values: Values
    entity: str = "client"
    kind: str = ""
    external: str = ""
    foreign_origin: bool = False
    outside: str = ""
    marked: bool = False
    group: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    rivals: tuple["Record", ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    carried: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A side says that a record changed; what it is now must be read."""

    side: SideName
    key: str
    fate: Fate = Fate.EDITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A change in the inbox; with a reason it is an unsent package.

    Attributes:
        sequence: Given by the journal; a newer change of the same record has a higher one.
        reason: Why it did not go yet, `""` before the first try.
        next_at_s: When it is tried again, unix seconds.
        parked: Only a person resends it.
        waits_for: Key of the record of its side that it belongs to and that has no pair yet.
    """

    side: SideName
    key: str
    fate: Fate = Fate.EDITED
    sequence: int = 0
    reason: str = ""
    tries: int = 0
    next_at_s: float = 0.0
    parked: bool = False
    waits_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The remembered pair, with what each side showed when both last agreed.

    Attributes:
        portal_base: Values of the portal at that moment; a field that never went is absent.
        infobase_base: Likewise of the infobase.
    """

    portal_key: str
    infobase_key: str
    portal_base: Values = field(default_factory=dict)
    infobase_base: Values = field(default_factory=dict)

    @classmethod
    def between(cls, keys: Mapping[SideName, str], bases: Mapping[SideName, Values]) -> "Link":
        """A link from its keys and bases by side."""
        return cls(
            portal_key=keys[SideName.PORTAL],
            infobase_key=keys[SideName.INFOBASE],
            portal_base=bases[SideName.PORTAL],
            infobase_base=bases[SideName.INFOBASE],
        )

    def key(self, side: SideName) -> str:
        return self.portal_key if side is SideName.PORTAL else self.infobase_key

    def base(self, side: SideName) -> Values:
        return self.portal_base if side is SideName.PORTAL else self.infobase_base


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is about to be written, noted before it is: after any doubt it tells what we did.

    Attributes:
        side: Where it is written.
        source_key: The record it is made from, on the other side.
        external: The ID by which a created record is found: the 1C GUID.
        source_base: Values of the source when it was read.
        target_base: Values of the target if the write arrives.
        target_key: The record that is updated, `""` if one is created.
    """

    side: SideName
    source_key: str
    external: str
    source_base: Values
    target_base: Values
    target_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A record with candidates that a person has to choose from.

    Attributes:
        criterion: What found them.
        candidates: Keys on the other side.
        decided: The chosen key, `new` for none of them, `""` while open.
    """

    side: SideName
    key: str
    criterion: str
    candidates: tuple[str, ...]
    decided: str = ""


class Level(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of the history: what happened to a record in a run, values included.

    Attributes:
        run: Number of the run, from 1.
        values: Named values worth keeping, such as the loser of a conflict.
    """

    run: int
    at_s: float
    text: str
    level: Level = Level.INFO
    side: str = ""
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKeys:
    """What a record can be found by: values by criterion. Empty: it is no candidate."""

    side: SideName
    key: str
    found_by: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A named fact about the exchange itself: a token, a mark that a survey is complete."""

    name: str
    value: str
