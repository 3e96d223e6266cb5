"""Which of a card's requisites is the client's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sverka.wire.b24 import Json

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Choice:
    """The requisites of one card.

    Attributes:
        own: The client's; None if the card has none.
        rivals: Others that may as well be meant.
        former: Older ones of ours that another one has replaced, and that are still in force.
    """

    own: Row | None = None
    rivals: tuple[Row, ...] = ()
    former: tuple[Row, ...] = ()

    def parts(self, own: Row) -> dict[str, str]:
        """What is to be put in order: ours is marked among several, and none stands beside it."""
        unmarked = {"unmarked": "Y"} if self.rivals and not _mark(own) else {}
        return {**unmarked, **({"former": str(self.former[0]["ID"])} if self.former else {})}


def choose(card: Row, requisites: Sequence[Row]) -> Choice:
    """In force before out of force; ours, the newest one, before those without a mark, the oldest.

    One that a merge brought from another client of ours bears his mark, and goes last.
    """
    if not requisites:
        return Choice()
    external = str(card.get("ORIGIN_ID") or "").lower()

    def rank(row: Row) -> tuple[bool, int]:
        return row.get("ACTIVE") == "N", {external: 0, "": 1}.get(_mark(row), 2)

    def order(row: Row) -> tuple[bool, int, int]:
        # We make a second one only in place of the first.
        number = int(row["ID"])
        return (*rank(row), number if rank(row)[1] else -number)

    own, *others = sorted(requisites, key=order)
    alike = tuple(row for row in others if rank(row) == rank(own))
    if rank(own)[1]:
        return Choice(own, alike)
    return Choice(own, former=alike if rank(own) == (False, 0) else ())


def _mark(row: Row) -> str:
    return str(row.get("XML_ID") or "").lower()
