"""User fields: made, changed and deleted by callers; each is a column of its entity's rows.

Source: b24restdocs: api-reference/crm/companies/userfields/*.md and the folders beside it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from b24_emulator import online, php, refusals
from b24_emulator.calls import Caller
from b24_emulator.entities import ENTITIES, REQUISITE, USER_FIELD, USER_FIELD_ITEM
from b24_emulator.entity import Entity
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Field, Schema
from b24_emulator.table import Row, Table
from b24_emulator.user_types import (
    ITEMS,
    OF_REQUISITES,
    USER_TYPES,
    default,
    settings_of,
)
from b24_emulator.values import stored

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent
PREFIX, NAME_MAX = "UF_CRM_", 50
USERS, OF_USERS = "USER", "UF_USR_"
LABELS = (
    "EDIT_FORM_LABEL",
    "LIST_COLUMN_LABEL",
    "LIST_FILTER_LABEL",
    "ERROR_MESSAGE",
    "HELP_MESSAGE",
)
LANGUAGES = ("ru", "en", "ua", "kz", "de", "fr", "it", "pl", "br", "la", "tr", "ar", "hi", "id",
             "ja", "ms", "sc", "tc", "th", "vn")  # fmt: skip
OWN_LANGUAGE = "ru"
FILTER_MODES = ("N", "I", "E", "S")
_NAME = re.compile(r"[A-Z0-9_]+")


def add(portal: "Portal", entity: Entity, sent: Sent, caller: Caller) -> int:
    """Make a field; all rows of the entity have it from now on, empty.

    Raises:
        PortalRefusal: Name or type are missing, wrong or taken; external keys repeat.
    """
    name, type_id = _new_name(portal, entity, sent), _new_type(entity, sent)
    items = _items(portal, 0, sent) if type_id == "enumeration" else []
    table = portal.tables[USER_FIELD.name]
    row = dict.fromkeys(table.schema.plain) | dict(table.schema.defaults)
    row |= {"ENTITY_ID": entity.user_fields, "FIELD_NAME": name, "USER_TYPE_ID": type_id}
    row |= _plain(table, sent, ("XML_ID", "SORT", "MULTIPLE"))
    row |= _flags(table, sent) | _labels(sent, {})
    row["SETTINGS"] = settings_of(type_id, _tree(sent, "SETTINGS"), {})
    if type_id == "boolean":
        row["MULTIPLE"] = "N"
    number = table.new_id()
    table.put(number, {**row, "ID": str(number)})
    _set_items(portal, number, items)
    refit(portal.tables, entity)
    _tell(portal, entity, "ADD", table.rows[number], caller)
    if items:
        _tell(portal, entity, "SETENUMVALUES", table.rows[number], caller)
    return number


def update(portal: "Portal", entity: Entity, number: int, sent: Sent, caller: Caller) -> None:
    """Change a field; code, object, type and multiplicity stay as they were made."""
    table = portal.tables[USER_FIELD.name]
    before = require(portal, entity, number)
    has_items = before["USER_TYPE_ID"] == "enumeration" and "LIST" in sent
    items = _items(portal, number, sent) if has_items else []
    row = {**before, **_plain(table, sent, ("XML_ID", "SORT")), **_flags(table, sent)}
    row |= _labels(sent, before)
    settings = _tree(sent, "SETTINGS")
    row["SETTINGS"] = settings_of(before["USER_TYPE_ID"], settings, before["SETTINGS"])
    table.put(number, row)
    _set_items(portal, number, items)
    refit(portal.tables, entity)
    _tell(portal, entity, "UPDATE", row, caller)
    if has_items:
        _tell(portal, entity, "SETENUMVALUES", row, caller)


def delete(portal: "Portal", entity: Entity, number: int, caller: Caller) -> None:
    """Delete a field with its elements; the entity's rows lose its values."""
    row = require(portal, entity, number)
    portal.tables[USER_FIELD.name].drop(number)
    for item in list(portal.tables[USER_FIELD_ITEM.name].with_value("USER_FIELD_ID", number)):
        portal.tables[USER_FIELD_ITEM.name].drop(item)
    refit(portal.tables, entity)
    _tell(portal, entity, "DELETE", row, caller)


def require(portal: "Portal", entity: Entity, number: int) -> Row:
    """The row of a field of `entity`.

    Raises:
        PortalRefusal: There is none, or it belongs to another entity.
    """
    row = portal.tables[USER_FIELD.name].rows.get(number)
    if row is None:
        text = f"The entity with ID '{number}' is not found."
        raise PortalRefusal("ERROR_NOT_FOUND", text)
    if row["ENTITY_ID"] != entity.user_fields:
        raise PortalRefusal("", "Access denied.", 403)
    return row


def items_of(tables: Mapping[str, Table], number: int) -> list[Row]:
    """Elements of a list field in their order, without the field's number."""
    table = tables[USER_FIELD_ITEM.name]
    rows = [table.rows[item] for item in table.with_value("USER_FIELD_ID", number)]
    rows.sort(key=lambda row: (int(row["SORT"]), int(row["ID"])))
    return [{name: row[name] for name in row if name != "USER_FIELD_ID"} for row in rows]


def refit_all(tables: Mapping[str, Table]) -> None:
    """Give all tables the columns that the portal's user fields make."""
    for entity in ENTITIES.values():
        if entity.user_fields:
            refit(tables, entity)


def refit(tables: Mapping[str, Table], entity: Entity) -> None:
    """Make an entity's schema anew from its own fields and the user's."""
    table = tables[USER_FIELD.name]
    rows = [table.rows[number] for number in table.with_value("ENTITY_ID", entity.user_fields)]
    fields = {row["ID"]: _field(row, items_of(tables, int(row["ID"]))) for row in rows}
    unseen = [fields[row["ID"]] for row in rows if row["EDIT_IN_LIST"] == "N"]
    tables[entity.name].refit(_widened(entity.schema, fields.values(), unseen))


def _widened(base: Schema, fields: Iterable[Field], unseen: Iterable[Field]) -> Schema:
    by_name = {field.name: field for field in fields}
    plain = {one.name: default(one) for one in unseen if one.kind not in ("date", "datetime")}
    return replace(
        base,
        fields={**base.fields, **by_name},
        plain=(*base.plain, *by_name),
        defaults={**base.defaults, **{n: [] if f.multiple else "" for n, f in by_name.items()}},
        described={**base.described, **{n: f.descriptor for n, f in by_name.items()}},
        user_fields=tuple(by_name),
        unasked={name: value for name, value in plain.items() if value},
    )


def _field(row: Row, items: list[Row]) -> Field:
    """A user field as the schema knows it; its title is its code, its labels stand beside."""
    is_multiple = row["MULTIPLE"] == "Y"
    descriptor: dict[str, Any] = {  # Any: JSON
        "type": row["USER_TYPE_ID"],
        "isRequired": row["MANDATORY"] == "Y",
        "isReadOnly": False,
        "isImmutable": False,
        "isMultiple": is_multiple,
        "isDynamic": True,
    }
    if row["USER_TYPE_ID"] == "enumeration":
        descriptor[ITEMS] = [{"ID": item["ID"], "VALUE": item["VALUE"]} for item in items]
    descriptor |= {
        "title": row["FIELD_NAME"],
        "listLabel": row["LIST_COLUMN_LABEL"][OWN_LANGUAGE],
        "formLabel": row["EDIT_FORM_LABEL"][OWN_LANGUAGE],
        "filterLabel": row["LIST_FILTER_LABEL"][OWN_LANGUAGE],
        "settings": row["SETTINGS"],
    }
    kind = USER_TYPES[row["USER_TYPE_ID"]].kind
    return Field(
        row["FIELD_NAME"],
        kind,
        read_only=False,
        immutable=False,
        descriptor=descriptor,
        multiple=is_multiple,
    )


def _new_name(portal: "Portal", entity: Entity, sent: Sent) -> str:
    name = str(sent.get("FIELD_NAME") or "").upper()
    if not name:
        raise refusals.not_found("The 'FIELD_NAME' field is not found.")
    prefix = OF_USERS if entity.user_fields == USERS else PREFIX
    name = prefix + name.removeprefix(prefix).removeprefix("UF_")
    if len(name) > NAME_MAX:
        raise refusals.save_failed("Field name is too long (more than 50 characters).")
    if not _NAME.fullmatch(name):
        text = "Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _."
        raise refusals.save_failed(text)
    if name in portal.tables[entity.name].schema.user_fields:
        text = f"The field {name} for the {entity.user_fields} object already exists."
        raise refusals.save_failed(text)
    return name


def _new_type(entity: Entity, sent: Sent) -> str:
    type_id = str(sent.get("USER_TYPE_ID") or "")
    if not type_id:
        raise refusals.not_found("The 'USER_TYPE_ID' field is not found.")
    if type_id not in (OF_REQUISITES if entity is REQUISITE else USER_TYPES):
        raise refusals.save_failed("Invalid custom type specified.")
    return type_id


def _plain(table: Table, sent: Sent, names: Iterable[str]) -> dict[str, Any]:  # Any: texts
    known = table.schema.fields
    return {name: stored(known[name], sent[name]) for name in names if name in sent}


def _flags(table: Table, sent: Sent) -> dict[str, Any]:  # Any: texts
    names = ("MANDATORY", "SHOW_IN_LIST", "EDIT_IN_LIST", "IS_SEARCHABLE")
    flags = _plain(table, sent, names)
    if "SHOW_FILTER" in sent:
        mode = str(sent["SHOW_FILTER"]).upper()
        # That a plain Y is the exact filter is inferred.
        flags["SHOW_FILTER"] = mode if mode in FILTER_MODES else "E" if php.flag(mode) else "N"
    return flags


def _labels(sent: Sent, before: Row) -> dict[str, dict[str, str]]:
    """Texts by language: a plain text is for all, a missing one is LABEL."""
    common = sent.get("LABEL")
    labels = {}
    for name in LABELS:
        given = sent.get(name, common)
        known = before.get(name) or dict.fromkeys(LANGUAGES, str(common or ""))
        if isinstance(given, dict):
            labels[name] = {lang: str(given.get(lang, known[lang]) or "") for lang in LANGUAGES}
        elif given is None:
            labels[name] = known
        else:
            labels[name] = dict.fromkeys(LANGUAGES, str(given))
    return labels


def _tree(sent: Sent, name: str) -> dict[str, Any]:  # Any: what the caller sent
    value = sent.get(name)
    return value if isinstance(value, dict) else {}


def _items(portal: "Portal", number: int, sent: Sent) -> list[dict[str, Any]]:  # Any: sent
    """Elements of LIST that mean something, looked at before anything is written."""
    present = {row["ID"]: row["XML_ID"] for row in items_of(portal.tables, number)}
    found = [
        {str(name).upper(): value for name, value in item.items()}
        for item in php.rows(sent.get("LIST"))
        if isinstance(item, dict)
    ]
    for item in found:
        key = str(item.get("ID") or "")
        if php.flag(item.get("DEL", "")):
            present.pop(key, None)
        elif xml_id := item.get("XML_ID"):
            if any(xml_id == other for known, other in present.items() if known != key):
                raise refusals.save_failed(f"List item with XML_ID={xml_id} already exists.")
            present[key or f"new {len(present)}"] = str(xml_id)
    return found


def _set_items(portal: "Portal", number: int, items: Iterable[Mapping[str, Any]]) -> None:
    table = portal.tables[USER_FIELD_ITEM.name]
    known = table.schema.fields
    own = {row["ID"] for row in items_of(portal.tables, number)}
    for sent in items:
        given = str(sent.get("ID") or "")
        if given in own and php.flag(sent.get("DEL", "")):
            table.drop(int(given))
        elif given in own:
            named = [name for name in ("VALUE", "SORT", "DEF", "XML_ID") if name in sent]
            values = {name: stored(known[name], sent[name]) for name in named}
            table.put(int(given), {**table.rows[int(given)], **values})
        elif sent.get("VALUE"):
            _add_item(table, number, sent)


def _add_item(table: Table, number: int, sent: Mapping[str, Any]) -> None:  # Any: sent
    item = table.new_id()
    made = hashlib.md5(f"{number}|{item}".encode(), usedforsecurity=False).hexdigest()
    row = {
        "ID": str(item),
        "SORT": str(php.integer(sent.get("SORT"))),
        "VALUE": str(sent["VALUE"]),
        "DEF": "Y" if php.flag(sent.get("DEF", "")) else "N",
        "XML_ID": str(sent.get("XML_ID") or made),
    }
    table.put(item, {**row, "USER_FIELD_ID": str(number)})


def _tell(portal: "Portal", entity: Entity, verb: str, row: Row, caller: Caller) -> None:
    subject = tuple((name, row[name]) for name in ("ID", "ENTITY_ID", "FIELD_NAME"))
    if not entity.event:
        return
    event = "ONCRMTYPE" if entity.suffixed else entity.event
    online.happened(portal, f"{event}USERFIELD{verb}", subject, caller)
