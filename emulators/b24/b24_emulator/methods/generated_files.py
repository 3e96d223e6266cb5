"""Files of templates and of documents: kept as they were sent, and sent from their addresses.

A document made from a template has the template's own file: nothing is filled in here. What the
token of an address is made of is inferred, and so are the words of a refusal.
"""

from typing import Any
from urllib.parse import urlencode

from b24_emulator import files, record_files
from b24_emulator.calls import Call, Result
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import CRM, Handler, Method
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import kept
from sverka_emulator_kit.provenance import inferred

Entry = dict[str, Any]  # Any: JSON
FAMILY = "crm.documentgenerator"
FILES = "files"
"""The part of an entry that is never shown: number of a file by what it is."""
VERBS = {"file": "download", "image": "getImage", "pdf": "getPdf"}
SENT = {"file": "fileContent", "image": "imageContent", "pdf": "pdfContent"}
ENDINGS = {"file": "docx", "image": "jpg", "pdf": "pdf"}
TEMPLATE, DOCUMENT = "template", "document"
ADDRESSES = {
    TEMPLATE: {"file": "download"},
    DOCUMENT: {"file": "downloadUrl", "image": "imageUrl", "pdf": "pdfUrl"},
}
"""What the addresses of files are called, by what has them and which file it is."""
DENIED = PortalRefusal("ACCESS_DENIED", "Access denied", 403)


def of_template(call: Call, fields: Entry, before: Entry) -> Entry:
    """The file of a template, `file` or `fileContent`; another one takes the place of the old."""
    sent = fields.get("file") or fields.get("fileContent")
    if not sent:
        return dict(before)
    forget(call, before)
    pair = sent if isinstance(sent, list | dict) else [f"{fields.get('name', '')}.docx", sent]
    return {"file": files.keep(call.portal, pair)}


def of_upload(call: Call, fields: Entry) -> Entry:
    """The files that a document was brought with."""
    return {
        part: files.keep(call.portal, [f"{fields['title']}.{ENDINGS[part]}", fields[name]])
        for part, name in SENT.items()
        if fields.get(name)
    }


def of_new_document(call: Call, template: Entry) -> Entry:
    """A copy of the template's file."""
    number = template.get(FILES, {}).get("file")
    file = call.portal.tables[files.FILE.name].rows.get(number) if number else None
    if file is None:
        return {}
    return {"file": files.keep(call.portal, [file["NAME"], file["CONTENT"]])}


def forget(call: Call, held: Entry) -> None:
    for number in held.values():
        files.drop(call.portal, number)


def shown(call: Call, entry: Entry, *, kind: str) -> Entry:
    """A template or a document with the addresses of its files, for people and for machines."""
    found = {name: value for name, value in entry.items() if name != FILES}
    held = entry.get(FILES, {})
    for part, name in ADDRESSES[kind].items():
        is_there = part in held
        found[name] = _address(call, kind, entry, part) if is_there else None
        found[f"{name}Machine"] = _machine(call, kind, entry, part) if is_there else None
    return found


def _address(call: Call, kind: str, entry: Entry, part: str) -> str:
    asked = {"action": f"{FAMILY}.{kind}.{VERBS[part]}", "SITE_ID": "s1", "id": entry["id"]}
    return f"{call.portal.origin}/bitrix/services/main/ajax.php?{urlencode(asked)}"


def _machine(call: Call, kind: str, entry: Entry, part: str) -> str:
    asked = urlencode({"kind": kind, "id": entry["id"], "part": part})
    token = urlencode({"": record_files.signed(call.portal, asked)})[1:]
    return record_files.machine_root(call, f"{FAMILY}.{kind}.{VERBS[part]}") + token


def _sender(kind: str, part: str) -> Handler:
    def answer(call: Call) -> Result:
        asked = record_files.asked_by(call.portal, str(needed(call, "token")))
        if (asked.get("kind"), asked.get("part")) != (kind, part):
            raise DENIED
        entry = (kept(call.portal, f"generated.{kind}") or {}).get(asked["id"], {})
        file = files.found(call.portal, entry.get(FILES, {}).get(part))
        if file is None:
            raise PortalRefusal("NOT_FOUND", "File not found", 404)
        return Result(None, file=file)

    return answer


ROWS = tuple(
    Method(
        f"{FAMILY}.{kind}.{VERBS[part].lower()}",
        _sender(kind, part),
        CRM,
        inferred(f"what {kind}.get shows as an address for machines; no page of its own"),
    )
    for kind, part in (
        (DOCUMENT, "file"),
        (DOCUMENT, "image"),
        (DOCUMENT, "pdf"),
        (TEMPLATE, "file"),
    )
)
