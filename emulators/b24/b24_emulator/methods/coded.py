"""Small sets that applications register by a code: badges, icons, logos, types of activities.

Source: b24restdocs: api-reference/crm/timeline/**. Also the notes, pins and layouts of the
timeline, which are kept as they were sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import ACTIVITY, forget, keep, kept

PAGES = "api-reference/crm/timeline"
Entry = dict[str, Any]  # Any: JSON
SYSTEM = ("call", "arrow-down", "info", "check")
PINNED_MAX = 3


@dataclass(frozen=True, slots=True)
class Coded:
    """One such set.

    Attributes:
        one: The wrapper of one entry, `many` that of all.
        made: An entry of what was sent.
        system: Codes that every portal has.
    """

    one: str
    many: str
    required: tuple[str, ...]
    made: Callable[[Call], Entry]
    system: tuple[str, ...] = ()
    has_total: bool = False


def _all(call: Call, kind: Coded) -> dict[str, Entry]:
    fixed = {code: {"code": code, "isSystem": True, "fileUri": ""} for code in kind.system}
    return fixed | dict(kept(call.portal, f"coded.{kind.one}") or {})


def _entry(call: Call, kind: Coded) -> Entry:
    found = _all(call, kind).get(str(needed(call, "code")))
    if found is None:
        raise PortalRefusal("NOT_FOUND", f"No {kind.one} with this code")
    return found


def _add_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        for name in kind.required:
            needed(call, name)
        entry = kind.made(call)
        own = dict(kept(call.portal, f"coded.{kind.one}") or {})
        keep(call.portal, f"coded.{kind.one}", {**own, entry["code"]: entry})
        return Result({kind.one: entry})

    return answer


def _list_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        rows = list(_all(call, kind).values())
        return Result({kind.many: rows}, len(rows) if kind.has_total else None)

    return answer


def _delete_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        code = _entry(call, kind)["code"]
        own = dict(kept(call.portal, f"coded.{kind.one}") or {})
        if code not in own:
            raise PortalRefusal("ACCESS_DENIED", "Access denied", 403)
        keep(call.portal, f"coded.{kind.one}", {n: e for n, e in own.items() if n != code})
        return Result(value=True)

    return answer


def _four(kind: Coded) -> dict[str, Handler]:
    return {
        "add": _add_of(kind),
        "get": lambda call: Result({kind.one: _entry(call, kind)}),
        "list": _list_of(kind),
        "delete": _delete_of(kind),
    }


def _badge(call: Call) -> Entry:
    return {name: call.text(name) for name in ("code", "title", "value", "type")}


def _image(call: Call) -> Entry:
    code = call.text("code")
    return {"code": code, "isSystem": False, "fileUri": f"/upload/crm/{code}"}


BADGE = Coded("badge", "badges", ("code", "title", "value", "type"), _badge)
ICON = Coded("icon", "icons", ("code", "fileContent"), _image, SYSTEM, has_total=True)
LOGO = Coded("logo", "logos", ("code", "fileContent"), _image, SYSTEM, has_total=True)


def _types(call: Call) -> dict[str, Entry]:
    return dict(kept(call.portal, "activity.types") or {})


def _type_add(call: Call) -> Result:
    sent = {str(name).upper(): value for name, value in call.tree("fields").items()}
    code = str(sent.get("TYPE_ID") or "")
    if not code or code in _types(call):
        raise PortalRefusal("INVALID_ARG_VALUE", "TYPE_ID is empty or already in use")
    is_configurable = "Y" if php.flag(sent.get("IS_CONFIGURABLE_TYPE", "")) else "N"
    entry = {
        "TYPE_ID": code,
        "NAME": str(sent.get("NAME") or ""),
        "IS_CONFIGURABLE_TYPE": is_configurable,
        "ICON_ID": "0",
    }
    keep(call.portal, "activity.types", {**_types(call), code: entry})
    return Result(value=True)


def _type_delete(call: Call) -> Result:
    code = call.text("type_id")
    if code not in _types(call):
        raise PortalRefusal("INVALID_ARG_VALUE", "No such type of activities")
    keep(call.portal, "activity.types", {n: e for n, e in _types(call).items() if n != code})
    return Result(value=True)


def owner(call: Call, type_name: str = "ownerTypeId", number_name: str = "ownerId") -> str:
    """`2.15` of a record that is there.

    Raises:
        PortalRefusal: A parameter is missing, or there is no such record.
    """
    type_id, number = (php.integer(needed(call, name)) for name in (type_name, number_name))
    entity = entity_of(call.portal, type_id)
    if entity is None or number not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("OWNER_NOT_FOUND", "Owner was not found")
    return f"{type_id}.{number}"


def _application(call: Call) -> None:
    if not call.caller.client_id:
        raise PortalRefusal("ERROR_WRONG_CONTEXT", "Application context required")


def _layout_key(call: Call, part: str) -> str:
    _application(call)
    whose = owner(call, "entityTypeId", "entityId")
    number = php.integer(needed(call, part))
    known = ACTIVITY.name if part == "activityId" else "comment"
    if number not in call.portal.tables[known].rows:
        raise PortalRefusal("NOT_FOUND", "Not found")
    return f"layout.{part}.{whose}.{number}.{call.caller.client_id}"


def _layouts(part: str) -> dict[str, Handler]:
    def get(call: Call) -> Result:
        return Result({"layout": kept(call.portal, _layout_key(call, part)) or {"blocks": {}}})

    def set_(call: Call) -> Result:
        key = _layout_key(call, part)
        keep(call.portal, key, needed(call, "layout"))
        return Result({"success": True})

    def delete(call: Call) -> Result:
        if not forget(call.portal, _layout_key(call, part)):
            raise PortalRefusal("NOT_FOUND", "Not found")
        return Result({"success": True})

    return {"get": get, "set": set_, "delete": delete}


def _pins(call: Call) -> tuple[str, int, list[int]]:
    number, key = php.integer(needed(call, "id")), f"pins.{owner(call)}"
    if number not in call.portal.tables["comment"].rows:
        raise PortalRefusal("NOT_FOUND", "Not found")
    return key, number, list(kept(call.portal, key) or [])


def _pin(call: Call) -> Result:
    key, number, pinned = _pins(call)
    if number not in pinned and len(pinned) >= PINNED_MAX:
        raise PortalRefusal("0", "Only three events can be pinned")
    keep(call.portal, key, list(dict.fromkeys([*pinned, number])))
    return Result(None)


def _unpin(call: Call) -> Result:
    key, number, pinned = _pins(call)
    keep(call.portal, key, [one for one in pinned if one != number])
    return Result(None)


NOTE_TYPES = {1: "comment", 2: ACTIVITY.name}


def _note_key(call: Call) -> str:
    kind, number = (php.integer(needed(call, name)) for name in ("itemType", "itemId"))
    whose, table = owner(call), NOTE_TYPES.get(kind)
    if table is None or number not in call.portal.tables[table].rows:
        raise PortalRefusal("NOT_FOUND", "Not found")
    return f"note.{whose}.{kind}.{number}"


def _note_save(call: Call) -> Result:
    key, text, user = _note_key(call), needed(call, "text"), int(call.caller.user_id)
    made = kept(call.portal, key) or {"createdById": user, "createdTime": call.now()}
    changed = {"text": str(text), "updatedById": user, "updatedTime": call.now()}
    keep(call.portal, key, {**made, **changed})
    return Result(value=True)


def _note_get(call: Call) -> Result:
    found = kept(call.portal, _note_key(call))
    if found is None:
        raise PortalRefusal("NOT_FOUND", "Not found")
    names = ("text", "createdById", "createdTime", "updatedById", "updatedTime")
    return Result({name: found[name] for name in names})


def _note_delete(call: Call) -> Result:
    if not forget(call.portal, _note_key(call)):
        raise PortalRefusal("NOT_FOUND", "Not found")
    return Result(value=True)


LOGS = f"{PAGES}/logmessage"
ROWS: tuple[Method, ...] = (
    *family(
        "crm.activity.badge",
        f"{PAGES}/activities/configurable/badges/crm-activity-badge",
        _four(BADGE),
    ),
    *family("crm.timeline.icon", f"{LOGS}/icons/crm-timeline-icon", _four(ICON)),
    *family("crm.timeline.logo", f"{LOGS}/logo/crm-timeline-logo", _four(LOGO)),
    *family(
        "crm.activity.type",
        f"{PAGES}/activities/types/crm-activity-type",
        {
            "add": _type_add,
            "delete": _type_delete,
            "list": lambda call: Result(list(_types(call).values())),
        },
    ),
    *family(
        "crm.activity.layout.blocks",
        f"{PAGES}/activities/layout-blocks/crm-activity-layout-blocks",
        _layouts("activityId"),
    ),
    *family(
        "crm.timeline.layout.blocks",
        f"{PAGES}/layout-blocks/crm-timeline-layout-blocks",
        _layouts("timelineId"),
    ),
    *family(
        "crm.timeline.item",
        f"{PAGES}/actions/crm-timeline-item",
        {"pin": _pin, "unpin": _unpin},
    ),
    *family(
        "crm.timeline.note",
        f"{PAGES}/note/crm-timeline-note",
        {"get": _note_get, "save": _note_save, "delete": _note_delete},
    ),
)
