"""Files that activities, comments and people hold: not in file fields, and shown by addresses.

Source: b24restdocs: api-reference/crm/timeline/activities/activity-base/crm-activity-list.md,
crm/timeline/comments/crm-timeline-comment-get.md, files/how-to-update-files.md,
user/user-update.md, user/userfields/user-userfield-file-get.md.
That a token opens the addresses of a comment's files, which a browser opens by its session, and
that everybody may load a photo who knows its address, is inferred.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from b24_emulator import files, php, record_files
from b24_emulator.calls import Call, Way
from b24_emulator.entities import USER
from b24_emulator.files import File
from b24_emulator.schema import Field
from b24_emulator.surroundings import ACTIVITY, COMMENT
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

FILES, PHOTO = "FILES", "PERSONAL_PHOTO"
OF_ACTIVITIES = 6
"""The entityTypeId of activities, in addresses only."""
IMAGE = "image"
SEAL_LETTERS = 32
Entry = dict[str, Any]  # Any: JSON


def sent(value: object) -> list[object]:
    """The files of an array: `{fileData: [name, base64]}` or `[name, base64]` each."""
    found: list[object] = []
    for one in php.rows(value):
        named = {str(n).lower(): v for n, v in one.items()} if isinstance(one, dict) else {}
        pair = named.get("filedata", one)
        if isinstance(pair, list | dict) and php.rows(pair):
            found.append(pair)
    return found


def of_activity(portal: "Portal", value: object) -> list[str]:
    """Numbers of new files, as an activity's row keeps them."""
    return [str(files.keep(portal, one)) for one in sent(value)]


def in_activity(call: Call, row: Row) -> list[Entry]:
    """An application finds its token in the address, a webhook none."""
    auth = call.text("auth") if call.caller.way is Way.APP else ""
    page = f"{call.portal.origin}/bitrix/tools/crm_show_file.php?"
    owner = f"ownerTypeId={OF_ACTIVITIES}&ownerId={row['ID']}&auth={auth}"
    return [
        {"id": int(number), "url": f"{page}fileId={number}&{owner}"}
        for number in row.get(FILES) or ()
    ]


def of_comment(call: Call, value: object) -> dict[str, Entry] | list[Any]:
    """What a comment's row keeps of its new files, by number; PHP shows none as an array."""
    author = call.portal.tables["user"].rows.get(php.integer(call.caller.user_id))
    name = f"{author['NAME']} {author['LAST_NAME']}".strip() if author else ""
    found = {}
    for one in sent(value):
        number = files.keep(call.portal, one)
        file = files.found(call.portal, number) or File("", b"")
        found[str(number)] = {
            "id": number,
            "date": call.now(),
            "type": IMAGE if file.kind.startswith(IMAGE) else "file",
            "name": file.name,
            "size": len(file.content),
            "authorId": int(call.caller.user_id),
            "authorName": name,
        }
    return found or []


def in_comment(portal: "Portal", row: Row) -> Row:
    """A comment with the addresses of its files."""
    if not row.get(FILES):
        return row
    shown = {number: _with_addresses(portal, entry) for number, entry in row[FILES].items()}
    return {**row, FILES: shown}


def _with_addresses(portal: "Portal", entry: Mapping[str, Any]) -> Entry:  # Any: JSON
    disk, named = f"{portal.origin}/disk", f"&filename={quote(entry['name'])}"
    show = f"{disk}/showFile/{entry['id']}/?&ncc=1"
    preview = f"{show}&width=640&height=640{named}" if entry["type"] == IMAGE else None
    return {
        **entry,
        "urlPreview": preview,
        "urlShow": f"{show}{named}",
        "urlDownload": f"{disk}/downloadFile/{entry['id']}/?&ncc=1{named}",
    }


def forget(portal: "Portal", row: Row) -> None:
    """The files of a row are gone with it, or with its having others."""
    for number in row.get(FILES) or ():
        files.drop(portal, number)


def photo(portal: "Portal", before: object, value: object) -> str:
    """The number of a new photo; an empty text takes the old one away, a number keeps it."""
    if before and str(value) == str(before):
        return str(before)
    files.drop(portal, before)
    return str(files.keep(portal, value)) if isinstance(value, list | dict) and value else ""


def in_user(portal: "Portal", row: Row) -> Row:
    """A user with what his photo and the files of his user fields are shown as, not numbers."""
    schema = portal.tables[USER.name].schema
    shown: dict[str, Any] = {  # Any: JSON
        name: _of_field(schema.fields[name], row)
        for name in record_files.names(schema)
        if name != PHOTO and row.get(name)
    }
    if file := files.found(portal, row.get(PHOTO)):
        number = row[PHOTO]
        place = f"upload/main/{_seal(portal, number)}/{number}/{quote(file.name)}"
        shown[PHOTO] = f"{portal.origin}/{place}"
    return {**row, **shown} if shown else row


def _of_field(field: Field, row: Row) -> Entry | list[Entry]:
    page = "/bitrix/services/main/ajax.php?action=rest.file.get&SITE_ID=s1&entity=USER"
    many = []
    for number in record_files.held(row, field.name):
        asked = {"id": int(row["ID"]), "field": field.name, "value": int(number)}
        shown = f"{page}&id={row['ID']}&field={field.name}&value={number}"
        many.append({"id": int(number), "showUrl": shown, "downloadData": asked})
    return many if field.multiple else many[0]


def _seal(portal: "Portal", number: str) -> str:
    said = f"{portal.access.member_id}|photo|{number}".encode()
    return hashlib.sha256(said).hexdigest()[:SEAL_LETTERS]


def at_upload(portal: "Portal", parts: list[str]) -> File | None:
    """The photo at an address that this portal has shown."""
    match parts:
        case [seal, number, _] if seal == _seal(portal, number):
            return files.found(portal, number)
    return None


def holder(portal: "Portal", name: str, params: Mapping[str, Any]) -> tuple[str, int] | None:
    """Kind and number of the record whose address this is, and that has the file; else None."""
    number = str(params.get("fileid"))
    if name == "crm_show_file":
        owner = php.integer(params.get("ownerid"))
        row = portal.tables[ACTIVITY.name].rows.get(owner)
        is_held = row is not None and number in (row.get(FILES) or ())
        return (ACTIVITY.name, owner) if is_held else None
    comments = portal.tables[COMMENT.name].rows.items()
    owners = (owner for owner, row in comments if number in (row.get(FILES) or ()))
    return next(((COMMENT.name, owner) for owner in owners), None)
