"""Templates of documents, and numerators. No file is ever filled in here.

Source: b24restdocs: api-reference/crm/document-generator/**.
"""

from functools import partial
from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.entities import COMPANY
from b24_emulator.methods import generated_files
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept

_shown = partial(generated_files.shown, kind=generated_files.TEMPLATE)

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
TEMPLATE, DOCUMENT = "Шаблон не найден", "Документ не найден"


def entries(call: Call, name: str) -> dict[str, Entry]:
    return dict(kept(call.portal, f"generated.{name}") or {})


def put(call: Call, name: str, entry: Entry) -> Entry:
    keep(call.portal, f"generated.{name}", {**entries(call, name), str(entry["id"]): entry})
    return entry


def drop(call: Call, name: str, number: object) -> Result:
    left = {key: entry for key, entry in entries(call, name).items() if key != str(number)}
    keep(call.portal, f"generated.{name}", left)
    return Result(None)


def new_id(call: Call, name: str) -> int:
    return max((int(key) for key in entries(call, name)), default=0) + 1


def entry_of(call: Call, name: str, text: str) -> Entry:
    found = entries(call, name).get(str(php.integer(needed(call, "id"))))
    if found is None:
        raise PortalRefusal("0" if text in (TEMPLATE, DOCUMENT) else "100", text)
    return found


def fields_of(call: Call, *required: str) -> dict[str, Any]:  # Any: what was sent
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
    fields = fields_of(call, "name", "template")
    entry = {
        "name": str(fields["name"]),
        "template": str(fields["template"]),
        "id": new_id(call, "numerator"),
        "code": None,
        "settings": _settings(fields, {}),
    }
    return Result({"numerator": put(call, "numerator", entry)})


def _numerator_get(call: Call) -> Result:
    entry = entry_of(call, "numerator", NUMERATOR)
    return Result({"numerator": {**entry, "id": str(entry["id"])}})


def _listed(key: str, entry: Entry) -> Entry:
    shown: Entry = {name: entry[name] for name in ("name", "template", "settings")}
    return {"id": key, **shown}


def _numerator_list(call: Call) -> Result:
    rows = [_listed(key, entry) for key, entry in entries(call, "numerator").items()]
    return Result({"numerators": rows}, len(rows))


def _numerator_update(call: Call) -> Result:
    entry = entry_of(call, "numerator", NUMERATOR)
    fields = fields_of(call)
    named: Entry = {n: str(fields[n]) for n in ("name", "template") if n in fields}
    changed: Entry = {**entry, **named}
    changed["settings"] = _settings(fields, entry)
    return Result({**put(call, "numerator", changed), "id": str(entry["id"])})


def _numerator_delete(call: Call) -> Result:
    return drop(call, "numerator", entry_of(call, "numerator", NUMERATOR)["id"])


WRITABLE = ("name", "region", "code", "active", "numeratorId", "withStamps", "users", "sort",
            "entityTypeId")  # fmt: skip


def _template_add(call: Call) -> Result:
    fields = fields_of(call, "name", "numeratorId", "region")
    if not fields.get("file") and not fields.get("fileContent"):
        raise PortalRefusal("0", "Missing file content")
    number = str(new_id(call, "template"))
    entry: Entry = {
        "id": number,
        "name": "",
        "region": "",
        "code": None,
        generated_files.FILES: generated_files.of_template(call, fields, {}),
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
    entry["numeratorId"] = str(entry["numeratorId"])
    return Result({"template": _shown(call, put(call, "template", entry))})


def _template_get(call: Call) -> Result:
    return Result({"template": _shown(call, entry_of(call, "template", TEMPLATE))})


def _template_list(call: Call) -> Result:
    found = {key: _shown(call, entry) for key, entry in entries(call, "template").items()}
    return Result({"templates": found or []}, len(found))


def _template_update(call: Call) -> Result:
    entry, fields = entry_of(call, "template", TEMPLATE), fields_of(call)
    changed = {name: fields[name] for name in WRITABLE if name in fields}
    held = generated_files.of_template(call, fields, entry.get(generated_files.FILES, {}))
    whole = {**entry, **changed, "updateTime": call.now(), generated_files.FILES: held}
    return Result({"template": _shown(call, put(call, "template", whole))})


def _template_delete(call: Call) -> Result:
    entry = entry_of(call, "template", TEMPLATE)
    generated_files.forget(call, entry.get(generated_files.FILES, {}))
    return drop(call, "template", entry["id"])


OWN_COMPANY = {"title": "Моя компания", "group": ["Документ", "Моя компания"]}
LOGO: Entry = {
    "title": "Логотип",
    "value": None,
    "type": "IMAGE",
    "group": ["Документ", "Моя компания"],
    "chain": "this.SOURCE.MY_COMPANY.UF_LOGO",
    "default": None,
}


def _own_companies(call: Call) -> list[Entry]:
    rows = call.portal.tables[COMPANY.name].rows.values()
    own = [row for row in rows if row["IS_MY_COMPANY"] == "Y"]
    return [
        {"value": row["ID"], "title": row["TITLE"], "selected": place == 0}
        for place, row in enumerate(own)
    ]


def names_of(name: str, text: str, wrapper: str) -> Handler:
    """What a document may show, of what is there: its number, its seller and the seller's logo."""

    def answer(call: Call) -> Result:
        entry = entry_of(call, name, text)
        number = {
            "title": "Номер",
            "value": str(entry.get("number", "")),
            "required": "Y",
            "group": ["Документ"],
            "chain": "this.DOCUMENT.DOCUMENT_NUMBER",
            "default": str(entry.get("number", "")),
        }
        seller = {**OWN_COMPANY, "value": _own_companies(call)}
        fields = {"DocumentNumber": number, "MyCompanyUfLogo": LOGO, "MY_COMPANY": seller}
        return Result({wrapper: fields})

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
            "getfields": names_of("template", TEMPLATE, "templateFields"),
        },
    ),
)
