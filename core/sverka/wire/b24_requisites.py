"""Further requisites of a client to counterparties and back; the first one is the client's own.

Source: b24restdocs: crm/requisites/universal.
"""

from collections.abc import Mapping

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


def owner_of(row: Mapping[str, Json]) -> str:
    """Key of the card that a requisite belongs to, `""` if that is of no client."""
    shape = SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"]))
    return typed_key(shape, row["ENTITY_ID"]) if shape else ""


def decode_requisite(
    row: Mapping[str, Json],
    addresses: Mapping[str, Mapping[str, Json]],
    *,
    settings: ClientSettings,
    presets: Requisites,
    outside: str = "",
) -> Record:
    """The counterparty of a client's requisite.

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
        key=typed_key(REQUISITE, row["ID"]),
        kind=kind,
        values={"owner": owner, **values_of_requisite(COUNTERPARTY, kind, row, addresses)},
        external=str(row.get("XML_ID") or "").lower(),
        outside=outside,
        parts=parts_of_requisite(row, addresses),
        homes=homes_of(COUNTERPARTY, REQUISITE),
    )


def owner_fields(owner: str) -> dict[str, Json]:
    """To whom a new requisite belongs, by the key of the card."""
    shape, b24_id = split_key(owner)
    return {"ENTITY_TYPE_ID": ENTITY_TYPES[Shape(shape)], "ENTITY_ID": b24_id}
