"""What the engine knows of a system. Both ends are equal: one engine, two sides."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from sverka.asks import Flow
from sverka.decide.fates import Removal
from sverka.decide.steps import Outcome, Step
from sverka.records import Change, Link, Record, SideName


@dataclass(frozen=True, slots=True)
class Survey:
    """All records of a side at one time."""

    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Changes taken from a side's change table, and what confirms them there.

    Attributes:
        token: Opaque to everybody but the side; None if there is nothing to confirm.
        more: The table may hold further changes.
        survey: What was read to find the changes where there is no change table.
    """

    changes: tuple[Change, ...] = ()
    token: object = None
    more: bool = False
    survey: Survey | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that was not read, though others beside it were.

    Attributes:
        reason: What the side said, in its own words.
        again_s: From when on it may be asked again, unix seconds; 0 if it named no moment.
    """

    reason: str
    again_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PartOf:
    """What was asked for is a part of another record: a change of it is a change of that one."""

    key: str


Shown = Record | Unread | PartOf
"""What a side answers for a key."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Keys of the portal's records into which a client may have gone.

    Attributes:
        ours: They hold one that we made for him.
        alike: They hold one with his INN and KPP.
        reached: They bear a phone or an e-mail of his; asked only of who has no INN.
    """

    ours: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What came of waiting for a side's word.

    Attributes:
        is_news: Its change table may hold something new.
        is_sure: Waiting works: what happens from now on will be told.
        trouble: Why it cannot be waited for, `""` if it can.
    """

    is_news: bool = False
    is_sure: bool = False
    trouble: str = ""


class Side(Protocol):
    """One end of the exchange. All methods are flows and raise `TryLater` or `SettingsError`."""

    name: SideName

    @property
    def entities(self) -> frozenset[str]:
        """Names of the entities that it can exchange, once it has been looked at."""
        ...

    def keep_to(self, entities: Set[str]) -> None:
        """Exchange no others: the other side does not have them."""
        ...

    def open(self) -> Flow[tuple[str, ...]]:
        """Get ready for a run; returns warnings worth a line in the history."""
        ...

    def look(self) -> Flow[tuple[str, ...]]:
        """Get ready to read only: as `open`, but nothing is left behind at the side."""
        ...

    def changes(self) -> Flow[Feed]:
        """Changes since the last confirmation. Asking again brings unconfirmed ones again."""
        ...

    def confirm(self, feed: Feed) -> Flow[None]:
        """Let the side forget these changes. Harmless when repeated."""
        ...

    def word(self) -> Flow[Word]:
        """Wait, for about a minute at most, until the side says that something has changed."""
        ...

    def everything(self) -> Flow[Survey]: ...

    def read(self, keys: Sequence[str]) -> Flow[Mapping[str, Shown]]:
        """Whole records by key, as they are now; a key that is missing is gone."""
        ...

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        """Keys of the records that were created with these 1C GUIDs, asked of the side itself."""
        ...

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        """Carry out the steps, each with its own outcome; one failure stops no other."""
        ...

    def remove(self, records: Sequence[Record], removal: Removal) -> Flow[dict[str, str]]:
        """Delete these records, or mark them for deletion. Harmless when repeated.

        Returns:
            Why one was not removed, by key.
        """
        ...

    def holders(self, links: Sequence[Link]) -> Flow[Mapping[str, Holders]]:
        """Who holds now what these clients had, by key in the infobase."""
        ...

    def rehearse(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        """What `write` would bring if the side took everything; no call is made.

        A record that would be created gets a key that no real one has.
        """
        ...
