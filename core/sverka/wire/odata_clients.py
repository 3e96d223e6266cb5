"""Clients in 1C: catalogue items to records and back, by declaration and configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sverka.entities.clients import CLIENT, ClientKind
from sverka.entities.configurations import Configuration, KindWords, Place
from sverka.entities.declared import Field
from sverka.records import Item, ItemChanges, Record, SideName, Value, Written, typed_key
from sverka.wire import addresses
from sverka.wire.odata import Json

CONTACT_ROWS = "КонтактнаяИнформация"
PHONE, EMAIL = "Телефон", "АдресЭлектроннойПочты"
PERSON_NAME = "person_name"
PHONE_DIGITS_MAX = 20

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one base calls things.

    Attributes:
        contact_kinds: GUIDs of its kinds of contact information by field.
    """

    configuration: Configuration
    contact_kinds: Mapping[str, str]

    def property_of(self, field: Field) -> str:
        return self.configuration.names.get(field.name, field.infobase)


def decode_client(card: Row, details: Sequence[Row], dialect: Dialect) -> Record:
    """One record of the card's JSON, and that of his details where they are kept apart.

    What is in details that are not there is absent.
    """
    configuration = dialect.configuration
    rows: dict[Place, Row] = {configuration.card: card}
    if configuration.details and details:
        rows[configuration.details] = details[0]
    kind = _kind(rows)
    values: dict[str, Value] = {}
    for place, row in rows.items():
        values |= decode_place(place, row, kind, dialect)
    outside = _outside(card, configuration.card)
    if len(details) > 1:
        outside = outside or f"{len(details)} counterparties; one to one is exchanged"
    return Record(
        side=SideName.INFOBASE,
        key=typed_key(CLIENT.name, str(card["Ref_Key"]).lower()),
        kind=kind,
        values=values,
        outside=outside,
        parts={place.set_name: str(row["Ref_Key"]) for place, row in rows.items()},
        homes={name: place.set_name for place in configuration.places for name in place.fields},
        carried={place.set_name: tuple(row.get(CONTACT_ROWS) or ()) for place, row in rows.items()},
    )


def decode_place(place: Place, row: Row, kind: str, dialect: Dialect) -> dict[str, Value]:
    """Values of the fields that live in this catalogue."""
    contacts = tuple(row.get(CONTACT_ROWS) or ())
    return {
        field.name: _value(field, row, contacts, kind, dialect)
        for field in CLIENT.fields
        if field.name in place.fields
    }


def _kind(rows: Mapping[Place, Row]) -> ClientKind:
    """What the details say, else what the card says."""
    for place in reversed(list(rows)):
        for known in place.kinds:
            if _fits(rows[place], known):
                return known.kind
    return ClientKind.LEGAL


def _fits(entity: Row, known: KindWords) -> bool:
    digits = len(str(entity.get("ИНН") or "").strip())
    return (
        all(entity.get(name) == word for name, word in known.words.items())
        and (not known.numbers or any(entity.get(name) for name in known.numbers))
        and known.inn_digits in {0, digits}
    )


def _outside(entity: Row, card: Place) -> str:
    if entity.get("IsFolder"):
        return "folder"
    if entity.get("Predefined"):
        return "predefined item"
    if entity.get("DeletionMark"):
        return "marked for deletion"
    buys = any(entity.get(flag) for flag in card.buyer)
    if any(entity.get(flag) for flag in card.seller) and not buys:
        return "supplier only"
    return "" if buys or not card.only_buyers else "neither buys nor sells"


def _value(field: Field, entity: Row, rows: Sequence[Row], kind: str, dialect: Dialect) -> Value:
    if field.address:
        guid = dialect.contact_kinds[field.name]
        mine = [row for row in rows if row.get("Вид_Key") == guid]
        return _address(mine[0]) if mine else ""
    if field.multiple:
        mine = [row for row in rows if row.get("Тип") == field.infobase]
        return tuple(Item(_row_value(field, row), str(row.get("Вид_Key"))) for row in mine)
    text = field.kind.normal(str(entity.get(dialect.property_of(field)) or ""))
    if field.name == PERSON_NAME:
        for title in dialect.configuration.titles.get(kind, ()):
            text = text.removeprefix(title)
    return text


def _address(row: Row) -> str:
    return addresses.from_row(str(row.get("Значение") or ""), str(row.get("Представление") or ""))


def _row_value(field: Field, row: Row) -> str:
    shown = row.get("Представление") or row.get("АдресЭП") or row.get("НомерТелефона") or ""
    return field.kind.normal(str(shown))


def encode_place(
    place: Place, values: Written, *, kind: str, dialect: Dialect, present: Record | None
) -> dict[str, Json]:
    """Properties for POST or PATCH of one catalogue; empty if none of `values` lives there.

    The table of contacts is sent whole, as 1C wants it.

    Args:
        kind: What the client is, in a new record too.
        present: The record as it was just read, None for a new one.
    """
    properties: dict[str, Json] = {}
    # Our own rows of each catalogue, as they were read.
    carried = cast("Mapping[str, Sequence[Row]]", present.carried) if present else {}
    rows = list(carried.get(place.set_name, ()))
    touched = False
    for field in CLIENT.fields:
        value = values.get(field.name) if field.name in place.fields else None
        if field.address and isinstance(value, str):
            rows = _with_address(rows, dialect.contact_kinds[field.name], value)
            touched = True
        elif isinstance(value, str):
            titles = dialect.configuration.titles.get(kind) if field.name == PERSON_NAME else ()
            properties[dialect.property_of(field)] = f"{titles[0]}{value}" if titles else value
        elif value:
            changes = value if isinstance(value, ItemChanges) else ItemChanges(added=value)
            rows = _changed_rows(field, rows, changes, dialect.contact_kinds[field.name])
            if copy := dialect.configuration.search_copies.get(field.name):
                properties[copy] = _search_copy(field, rows)
            touched = True
    if touched:
        properties[CONTACT_ROWS] = [
            {**row, "LineNumber": str(number)} for number, row in enumerate(rows, 1)
        ]
    return properties


def new_record(place: Place, kind: str) -> dict[str, Json]:
    """Properties that only a new record gets."""
    return {**place.words_of(kind), **place.new}


def _changed_rows(
    field: Field, rows: Sequence[Row], changes: ItemChanges, kind_guid: str
) -> list[Row]:
    new_of = {old.value: new for old, new in changes.changed}
    gone = {item.value for item in changes.removed}
    result: list[Row] = []
    for row in rows:
        value = _row_value(field, row) if row.get("Тип") == field.infobase else None
        if value in new_of:
            row = {**row, **_shown(field, new_of[value].value)}
        if value is None or value not in gone:
            result.append(row)
    for item in changes.added:
        kind = {"Тип": field.infobase, "Вид_Key": kind_guid}
        result.append({**kind, **_shown(field, item.value)})
    return result


def _with_address(rows: Sequence[Row], kind: str, value: str) -> list[Row]:
    kept = [row for row in rows if row.get("Вид_Key") != kind]
    if not value:
        return kept
    own = next((row for row in rows if row.get("Вид_Key") == kind), {})
    return [*kept, {**own, "Тип": "Адрес", "Вид_Key": kind, **addresses.to_row(value)}]


def _shown(field: Field, value: str) -> dict[str, Json]:
    shown: dict[str, Json] = {"Представление": value, "ЗначенияПолей": "", "Значение": ""}
    if field.infobase == EMAIL:
        return {**shown, "АдресЭП": value, "ДоменноеИмяСервера": value.rpartition("@")[2]}
    return {**shown, "НомерТелефона": _digits(value)}


def _digits(phone: str) -> str:
    number = phone.partition(" ext ")[0]
    return "".join(char for char in number if char.isdigit())[:PHONE_DIGITS_MAX]


def _search_copy(field: Field, rows: Sequence[Row]) -> str:
    mine = [row for row in rows if row.get("Тип") == field.infobase]
    name = "АдресЭП" if field.infobase == EMAIL else "НомерТелефона"
    return str(mine[0].get(name, "")) if mine else ""
