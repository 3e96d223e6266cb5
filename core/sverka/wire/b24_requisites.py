"""Requisites of a card: which one is the client's own, and what a further one is by itself.

Source: b24restdocs: crm/requisites/universal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sverka.entities.counterparties import COUNTERPARTY
from sverka.records import Record, SideName, split_key, typed_key
from sverka.settings import ClientSettings, Shape
from sverka.wire.b24 import Json
from sverka.wire.b24_cards import (
    ENTITY_TYPES,
    REQUISITE,
    SHAPE_OF_TYPE,
    Requisites,
    homes_of,
    kind_of,
    parts_of_requisite,
    values_of_requisite,
)

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
        unmarked = {"unmarked": "Y"} if self.rivals and not mark_of(own) else {}
        return {**unmarked, **({"former": str(self.former[0]["ID"])} if self.former else {})}


def choose(card: Row, requisites: Sequence[Row]) -> Choice:
    """The first one by `ranked`; others of equal rank may be meant, or were replaced."""
    if not requisites:
        return Choice()
    own, *others = ranked(card, requisites)
    rank = _rank(card, own)
    alike = tuple(row for row in others if _rank(card, row) == rank)
    if rank[1]:
        return Choice(own, alike)
    return Choice(own, former=() if rank[0] else alike)


def ranked(card: Row, requisites: Sequence[Row]) -> list[Row]:
    """In force before out of force; ours, the newest one, before those without a mark, the oldest.

    One that a merge brought from another client of ours bears his mark, and goes last.
    """

    def order(row: Row) -> tuple[bool, int, int]:
        # We make a second one only in place of the first.
        number, rank = int(row["ID"]), _rank(card, row)
        return (*rank, number if rank[1] else -number)

    return sorted(requisites, key=order)


def _rank(card: Row, row: Row) -> tuple[bool, int]:
    return not in_force(row), {card_mark(card): 0, "": 1}.get(mark_of(row), 2)


def in_force(row: Row) -> bool:
    return row.get("ACTIVE") != "N"


def is_ours(card: Row, row: Row) -> bool:
    """We have made it for the client of this card, or marked it as his."""
    return mark_of(row) == card_mark(card) != ""


def mark_of(row: Row) -> str:
    return str(row.get("XML_ID") or "").lower()


def card_mark(card: Row) -> str:
    return str(card.get("ORIGIN_ID") or "").lower()


def key_of(row: Row) -> str:
    return typed_key(REQUISITE, row["ID"])


def owner_of(row: Row) -> str:
    """Key of the card that a requisite belongs to, `""` if that is of no client."""
    shape = SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"]))
    return typed_key(shape, row["ENTITY_ID"]) if shape else ""


def owner_fields(owner: str) -> dict[str, Json]:
    """To whom a new requisite belongs, by the key of the card."""
    shape, b24_id = split_key(owner)
    return {"ENTITY_TYPE_ID": ENTITY_TYPES[Shape(shape)], "ENTITY_ID": b24_id}


def decode_requisite(
    row: Row,
    addresses: Mapping[str, Row],
    *,
    settings: ClientSettings,
    presets: Requisites,
    outside: str = "",
) -> Record:
    """The counterparty of a client's further requisite.

    Args:
        addresses: Its addresses by TYPE_ID.
        outside: Why it is not exchanged, `""` if it is.
    """
    owner = owner_of(row)
    kind = kind_of(
        Shape(split_key(owner)[0]), presets.xml_id(str(row.get("PRESET_ID") or "")), settings
    )
    return Record(
        side=SideName.PORTAL,
        entity=COUNTERPARTY.name,
        key=key_of(row),
        kind=kind,
        values={"owner": owner, **values_of_requisite(COUNTERPARTY, kind, row, addresses)},
        external=mark_of(row),
        outside=outside,
        parts=parts_of_requisite(row, addresses),
        homes=homes_of(COUNTERPARTY, REQUISITE),
    )
