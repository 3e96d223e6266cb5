"""File fields of the CRM's records: what is sent for them, and the addresses that send it back.

A row keeps the number of the file. Source: b24restdocs: api-reference/files/*.md and
tutorials/crm/how-to-add-crm-objects/how-to-add-lead-with-files.md; what the token of an address
is made of, and that a webhook's address has its secret, are inferred.
"""

import functools
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from b24_emulator import files, php
from b24_emulator.calls import Call, Way
from b24_emulator.entity import Entity
from b24_emulator.schema import Field, Schema
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what was sent
GET_FILE = "crm.controller.item.getFile"


@functools.lru_cache(maxsize=256)
def names(schema: Schema) -> tuple[str, ...]:
    """The fields of an entity that hold files."""
    return tuple(name for name, field in schema.fields.items() if field.kind == "file")


def taken(portal: "Portal", entity: Entity, sent: Sent) -> Sent:
    """What was sent, with numbers in place of the files, which are kept from now on."""
    schema = portal.tables[entity.name].schema
    own = [name for name in names(schema) if name in sent]
    if not own:
        return sent
    if not entity.type_id:
        # Files of others than the CRM's records are no fields of their rows.
        return {name: value for name, value in sent.items() if name not in own}
    return {**sent, **{n: numbers(portal, schema.fields[n], sent[n]) for n in own}}


def numbers(portal: "Portal", field: Field, value: object) -> str | list[str]:
    """What a row keeps of what was sent for one of its file fields."""
    if not field.multiple:
        return _number(portal, value)
    many = php.rows(value) if isinstance(value, list | dict) else [value]
    # A name and base64 are one file, not two.
    is_one = any(not isinstance(one, list | dict) and not _is_kept(portal, one) for one in many)
    found = (_number(portal, one) for one in ([value] if is_one else many))
    return [number for number in found if number]


def _number(portal: "Portal", value: object) -> str:
    """Of a new file (`fileData`, or a pair of name and base64), or of one that is there."""
    named = {str(n).lower(): v for n, v in value.items()} if isinstance(value, dict) else {}
    if "filedata" in named:
        return str(files.keep(portal, named["filedata"]))
    known = named.get("id", value)
    if isinstance(known, list | dict):
        return str(files.keep(portal, known)) if len(known) > 1 else ""
    return str(known) if _is_kept(portal, known) else ""


def _is_kept(portal: "Portal", number: object) -> bool:
    return php.integer(number) in portal.tables[files.FILE.name].rows


def held(row: Row, name: str) -> list[str]:
    value = row.get(name)
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def forget(portal: "Portal", entity: Entity, before: Row, after: Row) -> None:
    """Files that a record has no more are gone for good."""
    if entity.type_id:
        for name in names(portal.tables[entity.name].schema):
            kept = held(after, name)
            for number in held(before, name):
                if number not in kept:
                    files.drop(portal, number)


def shown(call: Call, entity: Entity, row: Row) -> Row:
    """A row in the classic dialect: objects with two addresses in place of numbers."""
    schema = call.portal.tables[entity.name].schema
    own = [name for name in names(schema) if entity.type_id and row.get(name)]
    if not own:
        return row
    found: dict[str, Any] = {}
    for name in own:
        many = [_classic(call, entity, row, name, number) for number in held(row, name)]
        found[name] = many if schema.fields[name].multiple else many[0]
    return {**row, **found}


def _classic(call: Call, entity: Entity, row: Row, name: str, number: str) -> dict[str, Any]:
    place = {"ownerId": row["ID"], "fieldName": name, "dynamic": "Y", "fileId": number}
    page = f"/bitrix/components/bitrix/crm.{entity.name}.show/show_file.php?"
    auth = call.text("auth") if call.caller.way is Way.APP else ""
    return {
        "id": int(number),
        "showUrl": page + urlencode(place),
        "downloadUrl": page + urlencode({"auth": auth, **place}),
    }


def machine_root(call: Call, method: str = GET_FILE) -> str:
    """Where an address for machines begins for this caller, up to its token."""
    portal, caller = call.portal, call.caller
    if caller.way is Way.APP:
        return f"{portal.origin}/rest/{method}.json?auth={call.text('auth')}&token="
    hooks = portal.access.webhooks.values() if caller.way is Way.WEBHOOK else ()
    path = next((hook.path for hook in hooks if hook.user_id == caller.user_id), "/rest/")
    return f"{portal.origin}{path}{method}.json?token="


def in_item(
    portal: "Portal", entity: Entity, row: Row, field: Field, name: str, root: str
) -> list[dict[str, Any]] | dict[str, Any] | None:  # Any: JSON
    """A field's files in the words of `crm.item.*`."""
    many = [
        _item(portal, entity, row, field, name, number, root) for number in held(row, field.name)
    ]
    return many if field.multiple else many[0] if many else None


def _item(
    portal: "Portal", entity: Entity, row: Row, field: Field, name: str, number: str, root: str
) -> dict[str, Any]:
    place = {
        "entityTypeId": str(entity.type_id),
        "id": row["ID"],
        "fieldName": name,
        "fileId": number,
    }
    page = f"{portal.origin}/bitrix/services/main/ajax.php?"
    query = urlencode({"action": GET_FILE, "SITE_ID": "s1", **place})
    asked = urlencode({**place, "fieldName": field.name})
    token = urlencode({"": signed(portal, asked)})[1:]
    return {"id": int(number), "url": page + query, "urlMachine": root + token}


def signed(portal: "Portal", asked: str) -> str:
    """The token of an address: what it asks for, and the portal's signature."""
    said = f"{portal.access.member_id}|{asked}".encode()
    seal = urlsafe_b64encode(hashlib.sha256(said).digest()).decode()
    return f"crm|{urlsafe_b64encode(asked.encode()).decode()}.{seal}"


def asked_by(portal: "Portal", token: str) -> dict[str, str]:
    """What a token of this portal asks for; nothing if it is none."""
    try:
        asked = urlsafe_b64decode(token.removeprefix("crm|").partition(".")[0]).decode()
    except ValueError:
        return {}
    known = {name: values[0] for name, values in parse_qs(asked).items()}
    return known if token == signed(portal, asked) else {}


def found(
    portal: "Portal", entity: Entity | None, owner: object, field: object, number: object
) -> files.File | None:
    """A file by the record and the field that hold it; None if they do not."""
    if entity is None:
        return None
    row = portal.tables[entity.name].rows.get(php.integer(owner))
    is_held = row is not None and str(number) in held(row, str(field))
    return files.found(portal, number) if is_held else None
