"""Documents made from templates, or brought.

Source: b24restdocs: api-reference/crm/document-generator/documents/*.md.
"""

from functools import partial

from b24_emulator import currencies, php
from b24_emulator.calls import Call, Result
from b24_emulator.items import entity_of
from b24_emulator.methods import generated_files
from b24_emulator.methods.generated import (
    DOCUMENT,
    Entry,
    drop,
    entries,
    entry_of,
    fields_of,
    names_of,
    new_id,
    put,
)
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal

_shown = partial(generated_files.shown, kind=generated_files.DOCUMENT)

PAGES = "api-reference/crm/document-generator"
ONLY_ALONE = {
    "changeStampsEnabled",
    "changeStampsDisabledReason",
    "changeQrCodeEnabled",
    "qrCodeEnabled",
    "changeQrCodeDisabledReason",
    "products",
    "publicUrl",
    "isTransformationError",
    "pullTag",
    "emailDiskFile",
}
"""What a list of documents does not show."""


def _owner(call: Call, type_id: object, number: object) -> str:
    entity = entity_of(call.portal, php.integer(type_id))
    if entity is None:
        raise PortalRefusal("0", "No provider for entityTypeId")
    if php.integer(number) not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("0", 'Empty required parameter "value"')
    return str(php.integer(number))


def _document(call: Call, number: int, values: Entry, **parts: object) -> Entry:
    return {
        "changeStampsEnabled": False,
        "changeStampsDisabledReason": "В шаблоне нет печатей и подписей",
        "changeQrCodeEnabled": False,
        "qrCodeEnabled": False,
        "changeQrCodeDisabledReason": "В шаблоне нет QR-кода",
        "products": {
            "currencyId": currencies.base(call.portal),
            "totalSum": "0.00",
            "totalRows": 0,
        },
        "id": str(number),
        "title": f"Документ {number}",
        "number": str(number),
        "createTime": call.now(),
        "updateTime": call.now(),
        "createdBy": call.caller.user_id,
        "updatedBy": None,
        "pullTag": f"TRANSFORMDOCUMENT{number}",
        "emailDiskFile": None,
        "stampsEnabled": False,
        "isTransformationError": False,
        "publicUrl": None,
        "values": {"productsTableVariant": "", "_creationMethod": "rest", "stampsEnabled": False}
        | values,
        **parts,
    }


def _document_add(call: Call) -> Result:
    template = entries(call, "template").get(str(needed(call, "templateId")))
    if template is None:
        raise PortalRefusal("0", "Cannot create document on deleted template")
    type_id, number = needed(call, "entityTypeId"), needed(call, "entityId")
    owner, new = _owner(call, type_id, number), new_id(call, "document")
    parts = {"templateId": template["id"], "entityTypeId": str(type_id), "entityId": owner}
    held = {generated_files.FILES: generated_files.of_new_document(call, template)}
    entry = _document(call, new, call.tree("values"), **parts, **held)
    entry["title"] = f"{template['name']} {new}"
    entry["values"] |= {"DocumentNumber": entry["number"]}
    put(call, "document", entry)
    # What was just written has its people, and a new document its own number, as numbers.
    numbers = {"id": new, "createdBy": int(call.caller.user_id)}
    return Result({"document": {**_shown(call, entry), **numbers}})


def _document_upload(call: Call) -> Result:
    fields = fields_of(call, "entityTypeId", "entityId", "fileContent", "region", "title")
    owner = _owner(call, fields["entityTypeId"], fields["entityId"])
    parts = {"templateId": None, "entityTypeId": str(fields["entityTypeId"]), "entityId": owner}
    held = {generated_files.FILES: generated_files.of_upload(call, fields)}
    entry = _document(call, new_id(call, "document"), {}, **parts, **held)
    entry["title"] = str(fields["title"])
    return Result({"document": _shown(call, put(call, "document", entry))})


def _document_get(call: Call) -> Result:
    return Result({"document": _shown(call, entry_of(call, "document", DOCUMENT))})


def _document_list(call: Call) -> Result:
    wanted = {key.lstrip("="): str(value) for key, value in call.tree("filter").items()}
    rows = [
        {n: value for n, value in _shown(call, entry).items() if n not in ONLY_ALONE}
        | _numbers(entry)
        for entry in entries(call, "document").values()
        if all(str(entry.get(name)) == value for name, value in wanted.items())
    ]
    select = {str(name) for name in php.rows(call.params.get("select"))}
    if select and "*" not in select:
        rows = [{name: row[name] for name in row if name in select} for row in rows]
    return Result({"documents": rows}, len(rows))


def _numbers(entry: Entry) -> Entry:
    held = entry.get(generated_files.FILES, {})
    return {
        f"{part}Id": str(held[part]) if part in held else None for part in generated_files.VERBS
    }


def _document_update(call: Call) -> Result:
    entry = entry_of(call, "document", DOCUMENT)
    values = {**entry["values"], **call.tree("values")}
    changed = {"values": values, "updateTime": call.now(), "updatedBy": call.caller.user_id}
    whole = put(call, "document", {**entry, **changed})
    return Result({"document": {**_shown(call, whole), "updatedBy": int(call.caller.user_id)}})


def _document_delete(call: Call) -> Result:
    entry = entry_of(call, "document", DOCUMENT)
    generated_files.forget(call, entry.get(generated_files.FILES, {}))
    return drop(call, "document", entry["id"])


def _public(call: Call) -> Result:
    entry = entry_of(call, "document", DOCUMENT)
    is_on = php.flag(call.params.get("status", 1))
    url = f"{call.portal.origin}/~doc{entry['id']}" if is_on else None
    put(call, "document", {**entry, "publicUrl": url})
    return Result({"publicUrl": url})


ROWS = family(
    "crm.documentgenerator.document",
    f"{PAGES}/documents/crm-document-generator-document",
    {
        "add": _document_add,
        "get": _document_get,
        "list": _document_list,
        "update": _document_update,
        "delete": _document_delete,
        "upload": _document_upload,
        "enablepublicurl": _public,
        "getfields": names_of("document", DOCUMENT, "documentFields"),
    },
)
