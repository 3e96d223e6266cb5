"""Clients in УНФ: catalogue items to records and back, by the declaration."""

from collections.abc import Mapping, Sequence
from typing import cast

from sverka.entities.clients import CLIENT, ClientKind
from sverka.entities.declared import Field
from sverka.records import Item, ItemChanges, Record, SideName, Value, Written, typed_key
from sverka.wire import addresses
from sverka.wire.odata import Json

CONTACT_ROWS = "КонтактнаяИнформация"
PHONE, EMAIL = "Телефон", "АдресЭлектроннойПочты"
CONTACT_KINDS = frozenset(field.contact_kind for field in CLIENT.fields if field.contact_kind)
SEARCH_COPIES = {PHONE: "НомерТелефонаДляПоиска", EMAIL: "АдресЭПДляПоиска"}
PHONE_DIGITS_MAX = 20

KINDS = {
    ClientKind.LEGAL: "ЮридическоеЛицо",
    ClientKind.SOLE_TRADER: "ИндивидуальныйПредприниматель",
    ClientKind.PERSON: "ФизическоеЛицо",
    ClientKind.STATE_BODY: "ГосударственныйОрган",
}
KIND_OF_WORD = {word: kind for kind, word in KINDS.items()}
LAW_KINDS = {
    ClientKind.LEGAL: "ЮридическоеЛицо",
    ClientKind.SOLE_TRADER: "ФизическоеЛицо",
    ClientKind.PERSON: "ФизическоеЛицо",
    ClientKind.STATE_BODY: "ЮридическоеЛицо",
}

Row = Mapping[str, Json]


def decode_client(entity: Row, contact_kinds: Mapping[str, str]) -> Record:
    """One record of a catalogue item in JSON.

    Args:
        contact_kinds: GUIDs of the predefined kinds of contact rows by name.
    """
    rows = tuple(entity.get(CONTACT_ROWS) or ())
    return Record(
        side=SideName.INFOBASE,
        key=typed_key(CLIENT.name, str(entity["Ref_Key"]).lower()),
        kind=KIND_OF_WORD.get(str(entity.get("ВидКонтрагента")), ClientKind.LEGAL),
        values={field.name: _value(field, entity, rows, contact_kinds) for field in CLIENT.fields},
        outside=_outside(entity),
        carried=rows,
    )


def _outside(entity: Row) -> str:
    if entity.get("IsFolder"):
        return "folder"
    if entity.get("Predefined"):
        return "predefined item"
    if entity.get("DeletionMark"):
        return "marked for deletion"
    buys = entity.get("Покупатель") or entity.get("ПрочиеОтношения")
    if entity.get("Поставщик") and not buys:
        return "supplier only"
    return ""


def _value(
    field: Field, entity: Row, rows: Sequence[Row], contact_kinds: Mapping[str, str]
) -> Value:
    if field.address:
        kind = contact_kinds.get(field.contact_kind)
        mine = [row for row in rows if row.get("Вид_Key") == kind]
        return _address(mine[0]) if mine else ""
    if field.multiple:
        mine = [row for row in rows if row.get("Тип") == field.infobase]
        return tuple(Item(_row_value(field, row), str(row.get("Вид_Key"))) for row in mine)
    return field.kind.normal(str(entity.get(field.infobase) or ""))


def _address(row: Row) -> str:
    return addresses.from_row(str(row.get("Значение") or ""), str(row.get("Представление") or ""))


def _row_value(field: Field, row: Row) -> str:
    shown = row.get("Представление") or row.get("АдресЭП") or row.get("НомерТелефона") or ""
    return field.kind.normal(str(shown))


def encode_client(
    values: Written, *, contact_kinds: Mapping[str, str], present: Record | None
) -> dict[str, Json]:
    """Properties for POST or PATCH. The table of contacts is sent whole, as 1C wants it.

    Args:
        contact_kinds: GUIDs of the predefined kinds of contact rows by name.
        present: The record as it was just read, None for a new one.
    """
    properties: dict[str, Json] = {}
    rows = list(cast("Sequence[Row]", present.carried)) if present else []  # our own rows
    touched = False
    for field in CLIENT.fields:
        value = values.get(field.name)
        if field.address and isinstance(value, str):
            rows = _with_address(rows, contact_kinds[field.contact_kind], value)
            touched = True
        elif isinstance(value, str):
            properties[field.infobase] = value
        elif value:
            changes = value if isinstance(value, ItemChanges) else ItemChanges(added=value)
            rows = _changed_rows(field, rows, changes, contact_kinds)
            properties[SEARCH_COPIES[field.infobase]] = _search_copy(field, rows)
            touched = True
    if touched:
        properties[CONTACT_ROWS] = [
            {**row, "LineNumber": str(number)} for number, row in enumerate(rows, 1)
        ]
    return properties


def new_client(kind: str) -> dict[str, Json]:
    """Properties that only a new client gets."""
    known = ClientKind(kind)
    return {
        "ВидКонтрагента": KINDS[known],
        "ЮридическоеФизическоеЛицо": LAW_KINDS[known],
        "Покупатель": True,
    }


def _changed_rows(
    field: Field, rows: Sequence[Row], changes: ItemChanges, contact_kinds: Mapping[str, str]
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
        kind = {"Тип": field.infobase, "Вид_Key": contact_kinds[field.contact_kind]}
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
