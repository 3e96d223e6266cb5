"""Records of 1C: catalogue items to records and back, by declaration and layout."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sverka.entities.clients import CLIENT, KIND, ClientKind
from sverka.entities.declared import Entity, Field, Flag, InLaw
from sverka.entities.layouts import KindWords, Layout, Place
from sverka.records import (
    Item,
    ItemChanges,
    Record,
    SideName,
    Value,
    Written,
    split_key,
    typed_key,
)
from sverka.wire import addresses
from sverka.wire.odata import NO_GUID, Json

CONTACT_ROWS = "КонтактнаяИнформация"
PHONE, EMAIL = "Телефон", "АдресЭлектроннойПочты"
PERSON_NAME = "person_name"
PHONE_DIGITS_MAX = 20
NO_DATE = "0001-01-01T00:00:00"
PERIOD = "%Y-%m-%dT%H:%M:%S"

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one base calls things of one entity.

    Attributes:
        contact_kinds: GUIDs of its kinds of contact information by field.
        attributes: Properties of the card that are read besides its fields.
        told_apart: What the portal can tell of a kind, by kind.
        parts: Entity of further details, `""` where a card has but one.
    """

    layout: Layout
    contact_kinds: Mapping[str, str]
    attributes: tuple[str, ...] = ()
    told_apart: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parts: str = ""

    @property
    def entity(self) -> Entity:
        return self.layout.entity

    def property_of(self, field: Field) -> str:
        return self.layout.names.get(field.name, field.infobase)


def decode_record(card: Row, details: Sequence[Row], dialect: Dialect) -> Record:
    """One record of the card's JSON, and that of its details where they are kept apart.

    What is in details that are not there is absent.
    """
    layout = dialect.layout
    rows: dict[Place, Row] = {layout.card: card}
    if layout.details:
        details = in_force(details, layout)
        rows |= {layout.details: details[0]} if details else {}
    kind = kind_of(rows)
    values: dict[str, Value] = {}
    for place, row in rows.items():
        values |= decode_place(place, row, kind, dialect)
    return Record(
        side=SideName.INFOBASE,
        entity=layout.entity.name,
        key=typed_key(layout.entity.name, str(card["Ref_Key"]).lower()),
        kind=kind,
        values=values,
        outside=_outside(card, details, values, dialect),
        marked=bool(card.get("DeletionMark")),
        attributes={name: _shown_as(card[name]) for name in dialect.attributes if name in card},
        group=str(card.get("Parent_Key") or "").lower(),
        parts={p.set_name: _period(row) if p.ended else row["Ref_Key"] for p, row in rows.items()},
        homes={name: place.set_name for place in layout.places for name in place.fields},
        carried={place.set_name: tuple(row.get(CONTACT_ROWS) or ()) for place, row in rows.items()},
    )


def _shown_as(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def in_force(rows: Sequence[Row], layout: Layout) -> Sequence[Row]:
    """Of a periodic register the bonds that hold now, the newest first; else all rows.

    Where all bonds are over, one that binds to nobody stands for them.
    """
    if not layout.details or not layout.details.ended:
        return rows
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=_period):
        newest[row[layout.names["owner"]]] = row
    held = [row for row in newest.values() if not row[layout.details.ended]]
    over = [{"Period": max(map(_period, rows))}] if rows else []
    return sorted(held, key=_period, reverse=True) or over


def _period(row: Row) -> str:
    return str(row["Period"])


def decode_place(place: Place, row: Row, kind: str, dialect: Dialect) -> dict[str, Value]:
    """Values of the fields that live in this set."""
    contacts = tuple(row.get(CONTACT_ROWS) or ())
    return {
        field.name: _value(field, row, contacts, kind, dialect)
        for field in dialect.entity.fields
        if field.name in place.fields
    }


def kind_of(rows: Mapping[Place, Row]) -> str:
    """What the details say, else what the card says; `""` where there are no kinds."""
    for place in reversed(list(rows)):
        for known in place.kinds:
            if _fits(rows[place], known):
                return known.kind
    return ClientKind.LEGAL if any(place.kinds for place in rows) else ""


def _fits(entity: Row, known: KindWords) -> bool:
    digits = len(str(entity.get("ИНН") or "").strip())
    return (
        all(entity.get(name) == word for name, word in known.words.items())
        and (not known.numbers or any(entity.get(name) for name in known.numbers))
        and known.inn_digits in {0, digits}
    )


def _outside(
    card: Row, details: Sequence[Row], values: Mapping[str, Value], dialect: Dialect
) -> str:
    place = dialect.layout.card
    if card.get("IsFolder"):
        return "folder"
    if card.get("Predefined"):
        return "predefined item"
    if card.get("DeletionMark"):
        return "marked for deletion"
    if any(not values.get(name) for name in dialect.entity.refs):
        return "it belongs to no client"
    buys = any(card.get(flag) for flag in place.buyer)
    if any(card.get(flag) for flag in place.seller) and not buys:
        return "supplier only"
    if place.only_buyers and not buys:
        return "neither buys nor sells"
    if dialect.entity is CLIENT and len(details) > 1:
        return f"{len(details)} counterparties; one to one is exchanged"
    return ""


def _value(field: Field, entity: Row, rows: Sequence[Row], kind: str, dialect: Dialect) -> Value:
    if field.address:
        guid = dialect.contact_kinds[field.name]
        mine = [row for row in rows if row.get("Вид_Key") == guid]
        return _address(mine[0]) if mine else ""
    if field.multiple:
        mine = [row for row in rows if row.get("Тип") == field.infobase]
        return tuple(Item(_row_value(field, row), str(row.get("Вид_Key"))) for row in mine)
    if isinstance(field.kind, InLaw):
        return dialect.told_apart.get(kind, kind)
    if field.refers:
        return _owner(entity, dialect.property_of(field), dialect.layout.owned_by)
    if isinstance(field.kind, Flag):
        return field.kind.normal(_flag(entity.get(dialect.property_of(field))))
    text = field.kind.normal(str(entity.get(dialect.property_of(field)) or ""))
    if field.name == PERSON_NAME:
        for title in dialect.layout.titles.get(kind, ()):
            text = text.removeprefix(title)
    return text


def _owner(entity: Row, name: str, owned_by: str) -> str:
    guid = str(entity.get(name) or "").lower()
    if guid in {"", NO_GUID} or (owned_by and entity.get(f"{name}_Type") != owned_by):
        return ""
    return typed_key(CLIENT.name, guid)


def _flag(value: Json) -> str:
    """A flag, or a date that says since when: 1C has an empty one for never."""
    return "" if value in {False, None, "", NO_DATE} else "Y"


def _address(row: Row) -> str:
    return addresses.from_row(str(row.get("Значение") or ""), str(row.get("Представление") or ""))


def _row_value(field: Field, row: Row) -> str:
    shown = row.get("Представление") or row.get("АдресЭП") or row.get("НомерТелефона") or ""
    return field.kind.normal(str(shown))


def encode_place(
    place: Place, values: Written, *, kind: str, dialect: Dialect, present: Record | None
) -> dict[str, Json]:
    """Properties for POST or PATCH in one set; empty if none of `values` lives there.

    The table of contacts is sent whole, as 1C wants it.

    Args:
        kind: What the record is, a new one too.
        present: The record as it was just read, None for a new one.
    """
    properties: dict[str, Json] = {}
    # Our own rows of each catalogue, as they were read.
    carried = cast("Mapping[str, Sequence[Row]]", present.carried) if present else {}
    rows = list(carried.get(place.set_name, ()))
    touched = False
    for field in dialect.entity.fields:
        value = values.get(field.name) if field.name in place.fields else None
        if field.address and isinstance(value, str):
            rows = _with_address(rows, dialect.contact_kinds[field.name], value)
            touched = True
        elif isinstance(value, str):
            properties |= _properties(field, value, kind, dialect)
        elif value:
            changes = value if isinstance(value, ItemChanges) else ItemChanges(added=value)
            rows = _changed_rows(field, rows, changes, dialect.contact_kinds[field.name])
            if copy := dialect.layout.search_copies.get(field.name):
                properties[copy] = _search_copy(field, rows)
            touched = True
    new = values.get(KIND)
    if present and isinstance(new, str) and place.words_of(present.kind) != place.words_of(new):
        properties = {**place.words_for(new), **properties}
    if touched:
        properties[CONTACT_ROWS] = [
            {**row, "LineNumber": str(number)} for number, row in enumerate(rows, 1)
        ]
    return properties


def _properties(field: Field, value: str, kind: str, dialect: Dialect) -> dict[str, Json]:
    layout, name = dialect.layout, dialect.property_of(field)
    if isinstance(field.kind, InLaw):
        return {}
    if isinstance(field.kind, Flag):
        # An account that is new in 1C is open there; only 1C closes it.
        return {}
    if field.refers:
        owner = {name: split_key(value)[1] or NO_GUID}
        return owner | ({f"{name}_Type": layout.owned_by} if layout.owned_by else {})
    titles = layout.titles.get(kind) if field.name == PERSON_NAME else ()
    names = layout.words.get(field.name, ())
    words = dict(zip(names, [*value.split(" ", 2), "", ""], strict=False))
    return {name: f"{titles[0]}{value}" if titles else value, **words}


def new_record(place: Place, kind: str) -> dict[str, Json]:
    """Properties that only a new record gets."""
    return {**place.words_of(kind), **place.new}


def encode_bonds(
    place: Place,
    values: Written,
    *,
    guid: str,
    dialect: Dialect,
    present: Record | None,
    moment_s: float,
) -> list[dict[str, Json]]:
    """New rows of a periodic register: who it belongs to now, and no longer to whom before.

    The period is later than that of the row in force, whatever the base's clock and zone are.

    Args:
        guid: The record that belongs to somebody.
        present: It as it was just read, None for a new one.
    """
    if not values.keys() & place.fields:
        return []
    before = present.values if present else {}
    after = {**before, **values}
    period = datetime.fromtimestamp(moment_s, UTC).strftime(PERIOD)
    if present and (latest := present.parts.get(place.set_name)):
        following = datetime.strptime(latest, PERIOD) + timedelta(seconds=1)
        period = max(period, following.strftime(PERIOD))

    def bond(of: Written, *, ended: bool) -> dict[str, Json]:
        texts = {name: of.get(name, "") for name in place.fields}
        own = encode_place(place, texts, kind="", dialect=dialect, present=None)
        return {"Period": period, place.owner: guid, place.ended: ended, **own}

    rows = [bond(after, ended=False)]
    if before.get("owner") and before["owner"] != after["owner"]:
        rows.append(bond(before, ended=True))
    return rows


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
