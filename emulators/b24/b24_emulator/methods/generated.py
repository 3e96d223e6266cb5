"""Documents from templates: templates, numerators, documents. No file is ever made here.

Source: b24restdocs: api-reference/crm/document-generator/**.
"""

from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept

PAGES = "api-reference/crm/document-generator"
Entry = dict[str, Any]  # Any: JSON
GENERATOR = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator"
SEQUENCE: Entry = {
    "start": 1,
    "step": 1,
    "length": 0,
    "padString": "0",
    "periodicBy": None,
    "timezone": None,
    "isDirectNumeration": False,
}
TEMPLATE = "Шаблон не найден"
DOCUMENT = "Документ не найден"


def _all(call: Call, name: str) -> dict[str, Entry]:
    return dict(kept(call.portal, f"generated.{name}") or {})


def _put(call: Call, name: str, entry: Entry) -> Entry:
    keep(call.portal, f"generated.{name}", {**_all(call, name), str(entry["id"]): entry})
    return entry


def _drop(call: Call, name: str, number: object) -> Result:
    left = {key: entry for key, entry in _all(call, name).items() if key != str(number)}
    keep(call.portal, f"generated.{name}", left)
    return Result(None)


def _new_id(call: Call, name: str) -> int:
    return max((int(key) for key in _all(call, name)), default=0) + 1


def _entry(call: Call, name: str, text: str) -> Entry:
    found = _all(call, name).get(str(php.integer(needed(call, "id"))))
    if found is None:
        raise PortalRefusal("0" if text in (TEMPLATE, DOCUMENT) else "100", text)
    return found


def _fields(call: Call, *required: str) -> dict[str, Any]:  # Any: what was sent
    if not isinstance(call.params.get("fields"), dict):
        raise PortalRefusal("100", "Could not find value for parameter {fields}")
    fields = call.tree("fields")
    lost = [name for name in required if fields.get(name) in (None, "", [])]
    if lost:
        raise PortalRefusal("0", f"Empty required fields: {', '.join(lost)}")
    return fields


NUMERATOR = "Could not construct parameter {numerator}"


def _settings(fields: Entry, before: Entry) -> Entry:
    sent = fields.get("settings", {})
    given = sent.get(GENERATOR, {}) if isinstance(sent, dict) else {}
    present: Entry = before.get("settings", {}).get(GENERATOR, {})
    return {GENERATOR: SEQUENCE | present | given}


def _numerator_add(call: Call) -> Result:
    fields = _fields(call, "name", "template")
    entry = {
        "name": str(fields["name"]),
        "template": str(fields["template"]),
        "id": _new_id(call, "numerator"),
        "code": None,
        "settings": _settings(fields, {}),
    }
    return Result({"numerator": _put(call, "numerator", entry)})


def _numerator_get(call: Call) -> Result:
    entry = _entry(call, "numerator", NUMERATOR)
    return Result({"numerator": {**entry, "id": str(entry["id"])}})


def _listed(key: str, entry: Entry) -> Entry:
    shown: Entry = {name: entry[name] for name in ("name", "template", "settings")}
    return {"id": key, **shown}


def _numerator_list(call: Call) -> Result:
    rows = [_listed(key, entry) for key, entry in _all(call, "numerator").items()]
    return Result({"numerators": rows}, len(rows))


def _numerator_update(call: Call) -> Result:
    entry = _entry(call, "numerator", NUMERATOR)
    fields = _fields(call)
    named: Entry = {n: str(fields[n]) for n in ("name", "template") if n in fields}
    changed: Entry = {**entry, **named}
    changed["settings"] = _settings(fields, entry)
    return Result({**_put(call, "numerator", changed), "id": str(entry["id"])})


def _numerator_delete(call: Call) -> Result:
    return _drop(call, "numerator", _entry(call, "numerator", NUMERATOR)["id"])


WRITABLE = ("name", "region", "code", "active", "numeratorId", "withStamps", "users", "sort",
            "entityTypeId")  # fmt: skip


def _template_add(call: Call) -> Result:
    fields = _fields(call, "name", "numeratorId", "region")
    if not fields.get("file") and not fields.get("fileContent"):
        raise PortalRefusal("0", "Missing file content")
    number = str(_new_id(call, "template"))
    url = f"{call.portal.origin}/bitrix/services/main/ajax.php"
    entry: Entry = {
        "id": number,
        "name": "",
        "region": "",
        "code": None,
        "download": f"{url}?action=crm.documentgenerator.template.download&id={number}",
        "active": "Y",
        "moduleId": "crm",
        "numeratorId": None,
        "withStamps": "N",
        "users": {"UA": "UA"},
        "isDeleted": "N",
        "sort": "500",
        "createTime": call.now(),
        "updateTime": call.now(),
        "entityTypeId": [],
    }
    entry |= {name: fields[name] for name in WRITABLE if name in fields}
    return Result({"template": _put(call, "template", entry)})


def _template_get(call: Call) -> Result:
    return Result({"template": _entry(call, "template", TEMPLATE)})


def _template_list(call: Call) -> Result:
    found = _all(call, "template")
    return Result({"templates": found or []}, len(found))


def _template_update(call: Call) -> Result:
    entry, fields = _entry(call, "template", TEMPLATE), _fields(call)
    changed = {name: fields[name] for name in WRITABLE if name in fields}
    whole = {**entry, **changed, "updateTime": call.now()}
    return Result({"template": _put(call, "template", whole)})


def _template_delete(call: Call) -> Result:
    return _drop(call, "template", _entry(call, "template", TEMPLATE)["id"])


def _owner(call: Call, type_id: object, number: object) -> str:
    entity = entity_of(call.portal, php.integer(type_id))
    if entity is None:
        raise PortalRefusal("0", "No provider for entityTypeId")
    if php.integer(number) not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("0", 'Empty required parameter "value"')
    return str(php.integer(number))


def _document(call: Call, number: int, values: Entry, **parts: object) -> Entry:
    base = f"{call.portal.origin}/bitrix/services/main/ajax.php?id={number}"
    return {
        "id": number,
        "title": f"Документ {number}",
        "number": str(number),
        "createTime": call.now(),
        "updateTime": call.now(),
        "stampsEnabled": False,
        "isTransformationError": False,
        "downloadUrl": f"{base}&action=crm.documentgenerator.document.download",
        "publicUrl": None,
        "pdfUrl": None,
        "imageUrl": None,
        "values": values,
        **parts,
    }


def _document_add(call: Call) -> Result:
    template = _all(call, "template").get(str(needed(call, "templateId")))
    if template is None:
        raise PortalRefusal("0", "Cannot create document on deleted template")
    type_id, number = needed(call, "entityTypeId"), needed(call, "entityId")
    owner, new = _owner(call, type_id, number), _new_id(call, "document")
    parts = {"templateId": template["id"], "entityTypeId": str(type_id), "entityId": owner}
    entry = _document(call, new, call.tree("values"), **parts)
    entry["title"] = f"{template['name']} {new}"
    return Result({"document": _put(call, "document", entry)})


def _document_upload(call: Call) -> Result:
    fields = _fields(call, "entityTypeId", "entityId", "fileContent", "region", "title")
    owner = _owner(call, fields["entityTypeId"], fields["entityId"])
    parts = {"templateId": None, "entityTypeId": str(fields["entityTypeId"]), "entityId": owner}
    entry = _document(call, _new_id(call, "document"), {}, **parts)
    entry["title"] = str(fields["title"])
    return Result({"document": _put(call, "document", entry)})


def _document_get(call: Call) -> Result:
    return Result({"document": _entry(call, "document", DOCUMENT)})


def _document_list(call: Call) -> Result:
    wanted = {key.lstrip("="): str(value) for key, value in call.tree("filter").items()}
    rows = [
        {**entry, "id": key}
        for key, entry in _all(call, "document").items()
        if all(str(entry.get(name)) == value for name, value in wanted.items())
    ]
    select = {str(name) for name in php.rows(call.params.get("select"))}
    if select and "*" not in select:
        rows = [{name: row[name] for name in row if name in select} for row in rows]
    return Result({"documents": rows}, len(rows))


def _document_update(call: Call) -> Result:
    entry = _entry(call, "document", DOCUMENT)
    values = {**entry["values"], **call.tree("values")}
    whole = {**entry, "values": values, "updateTime": call.now()}
    return Result({"document": _put(call, "document", whole)})


def _document_delete(call: Call) -> Result:
    return _drop(call, "document", _entry(call, "document", DOCUMENT)["id"])


def _public(call: Call) -> Result:
    entry = _entry(call, "document", DOCUMENT)
    is_on = php.flag(call.params.get("status", 1))
    url = f"{call.portal.origin}/~doc{entry['id']}" if is_on else None
    _put(call, "document", {**entry, "publicUrl": url})
    return Result({"publicUrl": url})


def _names(name: str, text: str, wrapper: str) -> Handler:
    def answer(call: Call) -> Result:
        entry = _entry(call, name, text)
        number = {
            "title": "Номер",
            "value": str(entry.get("number", "")),
            "required": "Y",
            "group": ["Документ"],
            "chain": "this.DOCUMENT.DOCUMENT_NUMBER",
            "default": str(entry.get("number", "")),
        }
        return Result({wrapper: {"DocumentNumber": number}})

    return answer


ROWS = (
    *family(
        "crm.documentgenerator.numerator",
        f"{PAGES}/numerator/crm-document-generator-numerator",
        {
            "add": _numerator_add,
            "get": _numerator_get,
            "list": _numerator_list,
            "update": _numerator_update,
            "delete": _numerator_delete,
        },
    ),
    *family(
        "crm.documentgenerator.template",
        f"{PAGES}/templates/crm-document-generator-template",
        {
            "add": _template_add,
            "get": _template_get,
            "list": _template_list,
            "update": _template_update,
            "delete": _template_delete,
            "getfields": _names("template", TEMPLATE, "templateFields"),
        },
    ),
    *family(
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
            "getfields": _names("document", DOCUMENT, "documentFields"),
        },
    ),
)
