"""Companies and contacts: cards and requisites to records and back, by the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sverka.entities.clients import CLIENT, KIND, ClientKind
from sverka.entities.declared import Entity, Field, InLaw
from sverka.entities.persons import CONTACT_PERSON
from sverka.records import (
    Item,
    ItemChanges,
    Record,
    SideName,
    Value,
    Values,
    Written,
    split_key,
    typed_key,
)
from sverka.settings import ClientSettings, Shape
from sverka.wire.addresses import PARTS, line_of, parts_of
from sverka.wire.b24 import Json

ENTITY_TYPES = {Shape.COMPANY: "4", Shape.CONTACT: "3"}
SHAPE_OF_TYPE = {code: shape for shape, code in ENTITY_TYPES.items()}
SELECT = ["*", "PHONE", "EMAIL"]
REQUISITE, REQUISITE_TYPE = "requisite", "8"


@dataclass(frozen=True, slots=True)
class Requisites:
    """What the portal calls its templates: ID by XML_ID, as loaded from it."""

    preset_ids: Mapping[str, str]

    def preset_id(self, xml_id: str) -> str:
        return self.preset_ids.get(xml_id, "")

    def xml_id(self, preset_id: str) -> str:
        return next((x for x, known in self.preset_ids.items() if known == preset_id), "")


def decode_card(
    shape: Shape,
    card: Mapping[str, Json],
    requisite: Mapping[str, Json] | None,
    addresses: Mapping[str, Mapping[str, Json]],
    *,
    settings: ClientSettings,
    presets: Requisites,
    originator: str,
) -> Record:
    """One record of a card and its requisite; what hangs on a requisite is absent without one.

    A contact with a company is a contact person, one without is a client.

    Args:
        addresses: The requisite's addresses by TYPE_ID.
    """
    entity = CONTACT_PERSON if _is_bound(shape, card) else CLIENT
    kind = told = ""
    if entity is CLIENT:
        xml_id = presets.xml_id(_text(requisite, "PRESET_ID")) if requisite else ""
        kind = kind_of(shape, xml_id, settings)
        is_told = xml_id and settings.presets.get(kind) == xml_id
        told = settings.told_apart(kind) if is_told else ""
    origin = _text(card, "ORIGINATOR_ID")
    return Record(
        side=SideName.PORTAL,
        entity=entity.name,
        key=typed_key(shape, card["ID"]),
        kind=kind,
        values={
            **({KIND: told} if told else {}),
            **_values(entity, shape, kind, card, requisite, addresses),
        },
        external=_text(card, "ORIGIN_ID").lower() if origin == originator else "",
        foreign_origin=origin not in {"", originator},
        outside=_outside(card, entity, settings),
        parts=parts_of_requisite(requisite, addresses) if requisite else {},
        homes=homes_of(entity, shape),
    )


def _is_bound(shape: Shape, card: Mapping[str, Json]) -> bool:
    return shape is Shape.CONTACT and _text(card, "COMPANY_ID") not in {"", "0"}


@lru_cache
def homes_of(entity: Entity, shape: str) -> dict[str, str]:
    """Card, requisite and each address are commands of their own in one batch."""
    return {
        field.name: "card" if shape in field.card else field.address or "requisite"
        for field in entity.fields
    }


def parts_of_requisite(
    requisite: Mapping[str, Json], addresses: Mapping[str, Mapping[str, Json]]
) -> dict[str, str]:
    """Keys of what hangs on the card; an address has none, so its type stands for it."""
    flags = {"address_only": "Y"} if requisite.get("ADDRESS_ONLY") == "Y" else {}
    return {"requisite": _text(requisite, "ID"), **flags, **{f"address{t}": t for t in addresses}}


def kind_of(shape: Shape, preset_xml_id: str, settings: ClientSettings) -> ClientKind:
    """The first kind with that template, best of this shape; without one the first of the shape.

    A contact whose requisite is a sole trader's is one, though new ones become companies.
    """
    fitting = [kind for kind in ClientKind if settings.shapes[kind] == shape]
    told = [k for k in ClientKind if preset_xml_id and settings.presets.get(k) == preset_xml_id]
    chosen = [kind for kind in told if kind in fitting] or told
    return (chosen or fitting or [ClientKind.LEGAL])[0]


def _outside(card: Mapping[str, Json], entity: Entity, settings: ClientSettings) -> str:
    if card.get("IS_MY_COMPANY") == "Y":
        return "own company"
    if entity is CONTACT_PERSON and not settings.contact_persons:
        return "contact person of a company"
    return ""


def _values(
    entity: Entity,
    shape: Shape,
    kind: str,
    card: Mapping[str, Json],
    requisite: Mapping[str, Json] | None,
    addresses: Mapping[str, Mapping[str, Json]],
) -> Values:
    values: dict[str, Value] = {}
    for field in entity.fields:
        if names := field.card.get(shape):
            values[field.name] = _of_card(field, card, names)
    return values | (values_of_requisite(entity, kind, requisite, addresses) if requisite else {})


def values_of_requisite(
    entity: Entity,
    kind: str,
    requisite: Mapping[str, Json],
    addresses: Mapping[str, Mapping[str, Json]],
) -> dict[str, Value]:
    """Values of the fields that live in a requisite and its addresses."""
    values: dict[str, Value] = {}
    for field in entity.fields:
        if isinstance(field.kind, InLaw):
            continue
        if field.address:
            row = addresses.get(field.address, {})
            values[field.name] = line_of({name: _text(row, name) for name in PARTS})
        elif names := field.requisite.get(kind):
            values[field.name] = _scalar(field, requisite, names)
    return values


def _of_card(field: Field, card: Mapping[str, Json], names: tuple[str, ...]) -> Value:
    if field.multiple:
        return _items(field, card.get(names[0]))
    if field.refers:
        return typed_key(Shape.COMPANY, _text(card, names[0]))
    return _scalar(field, card, names)


def _scalar(field: Field, row: Mapping[str, Json], names: tuple[str, ...]) -> str:
    words = (_text(row, name).strip() for name in names)
    return field.kind.normal(" ".join(word for word in words if word))


def _items(field: Field, rows: Json) -> tuple[Item, ...]:
    return tuple(
        Item(field.kind.normal(str(row["VALUE"])), str(row["VALUE_TYPE"]), str(row["ID"]))
        for row in rows or ()
    )


def decode_items(name: str, card: Mapping[str, Json]) -> tuple[Item, ...]:
    """The phones or e-mails of a card, by declared field name."""
    field = CLIENT.field(name)
    return _items(field, card.get(next(iter(field.card.values()))[0]))


def encode_card(
    entity: Entity, shape: Shape, values: Written, refs: Mapping[str, str]
) -> dict[str, Json]:
    """Fields of the card for `crm.company.add` and `.update`.

    Args:
        refs: Keys on the portal of the records that `values` name.
    """
    fields: dict[str, Json] = {}
    for field in entity.fields:
        names = field.card.get(shape)
        if names is None or field.name not in values:
            continue
        value = values[field.name]
        if field.refers:
            fields[names[0]] = split_key(refs[field.name])[1]
        elif isinstance(value, str):
            fields |= _words(names, value)
        else:
            changes = value if isinstance(value, ItemChanges) else ItemChanges(added=_bare(value))
            fields[names[0]] = _item_rows(changes)
    return fields


def _bare(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Items of a new card come from the other side, whose types and ids mean nothing here."""
    return tuple(Item(item.value) for item in items)


def encode_requisite(kind: str, values: Written, entity: Entity = CLIENT) -> dict[str, Json]:
    """Fields of the requisite, mirrors included; empty if none of `values` lives there."""
    fields: dict[str, Json] = {}
    for field in entity.fields:
        value = values.get(field.name)
        if not isinstance(value, str) or isinstance(field.kind, InLaw):
            continue
        if names := field.requisite.get(kind):
            fields |= _words(names, value)
        if mirror := field.mirror.get(kind):
            fields[mirror] = value
    return fields


def addresses_of(values: Written) -> dict[str, str]:
    """Lines of the written addresses by declared field name."""
    return {
        field.name: line
        for field in CLIENT.fields
        if field.address and isinstance(line := values.get(field.name), str)
    }


def encode_address(field_name: str, line: str) -> dict[str, Json]:
    """Fields of the address but for its owner: all parts, since an update overwrites all."""
    type_id = CLIENT.field(field_name).address
    return {"TYPE_ID": type_id, "ENTITY_TYPE_ID": REQUISITE_TYPE, **parts_of(line)}


def lives_in_requisite(entity: Entity, field_name: str, kind: str) -> bool:
    return kind in entity.field(field_name).requisite


def _words(names: tuple[str, ...], value: str) -> dict[str, str]:
    """A full name into its words: last, first and the rest; a single word is a first name."""
    if len(names) == 1:
        return {names[0]: value}
    words = value.split(" ", len(names) - 1)
    if len(words) == 1:
        words = ["", *words]
    words += [""] * (len(names) - len(words))
    return dict(zip(names, words, strict=True))


def _item_rows(changes: ItemChanges) -> list[dict[str, str]]:
    rows = [{"ID": old.key, "VALUE": new.value} for old, new in changes.changed]
    rows += [{"ID": item.key, "DELETE": "Y"} for item in changes.removed]
    rows += [{"VALUE": item.value, "VALUE_TYPE": item.label or "WORK"} for item in changes.added]
    return rows


def _text(row: Mapping[str, Json] | None, name: str) -> str:
    value = row.get(name) if row else None
    return "" if value is None else str(value)
