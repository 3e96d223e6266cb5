"""A pair in work, and who takes whom along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sverka.decide.agreement import intended
from sverka.decide.fields import Conflict
from sverka.decide.steps import Step
from sverka.decide.telling import Said
from sverka.records import Intent, Level, Link, Record, Review, SideName, Waiting
from sverka.sides.side import Unread

PORTAL, INFOBASE = SideName


@dataclass(slots=True)
class Pair:
    """One record in work with its other end: what waits for it, what is to be done.

    Attributes:
        aged: A record of it was read earlier in the pass, and may have changed since.
        unread: Why one of its records could not be read: it stays in the inbox.
        withheld: Fields that would have been written, had their direction been on.
        doubts: Updates of an earlier try of which nobody knows whether they arrived.
        recognised_by: The criterion by which its other end was found in this portion.
        closed: Why nothing (more) is done, `""` while it is open.
        departs: What is left of it goes, too, when the exchange has seen all deletions.
        held_until_s: From when on it is tried again, unix seconds; 0 if nothing holds it.
        part_of: Side and key of the record for which the change counts.
        waits_for: Key of an owner without a pair, of either side; it is tried when he has one.
        lines: What the history says of it.
        told: How many of the lines are there already.
        met: What it will say of a first meeting.
    """

    waiting: list[Waiting]
    keys: dict[SideName, str]
    link: Link | None = None
    records: dict[SideName, Record] = field(default_factory=dict)
    aged: bool = False
    steps: list[Step] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unread: Unread | None = None
    withheld: set[str] = field(default_factory=set)
    doubts: list[Intent] = field(default_factory=list)
    review: Review | None = None
    recognised_by: str = ""
    closed: str = ""
    departs: bool = False
    held_until_s: float = 0.0
    part_of: tuple[SideName, str] | None = None
    waits_for: str = ""
    lines: list[Said] = field(default_factory=list)
    told: int = 0
    met: list[Said] = field(default_factory=list)

    @property
    def own(self) -> SideName:
        """The side whose change brought the pair up."""
        return self.waiting[0].side

    def close(self, why: str, level: Level | None = None) -> None:
        self.closed = why
        if level:
            self.tell(level, why)

    def hold(self, owner: str) -> None:
        """Leave it waiting until its owner has a pair."""
        self.waits_for = owner
        self.close(f"waits for {owner}")

    def depart(self, why: str) -> None:
        """Leave it waiting until it is known how many others go."""
        self.departs = True
        self.close(why)

    def hold_until(self, until_s: float, why: str) -> None:
        """Leave it waiting for a while, or until it changes."""
        self.held_until_s = until_s
        self.close(why)

    def leave(self, unread: Unread) -> None:
        """Do nothing more with it now, and keep what waits for it."""
        self.unread = unread
        self.close(f"not read: {unread.reason}", Level.ERROR)

    def tell(self, level: Level, text: str, values: Mapping[str, str] | None = None) -> None:
        """Have a line in the history."""
        self.lines.append(Said(level, text, values or {}))


def intents_of(pair: Pair) -> list[Intent]:
    return [intended(step, pair.link) for step in pair.steps if step.written]


def absorb(pair: Pair, side: SideName, key: str, pairs: Iterable[Pair]) -> None:
    """The found record may wait in this portion by itself: it is the same pair."""
    pair.keys[side] = key
    for double in pairs:
        if double is not pair and double.keys.get(side) == key and double.link is None:
            pair.waiting += double.waiting
            double.waiting = []
            double.close("taken together with its pair")
