"""Notes, pins and layouts of the timeline, kept as they were sent.

Source: b24restdocs: api-reference/crm/timeline/{note,actions,layout-blocks}/*.md.
"""

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import ACTIVITY, forget, keep, kept

PAGES = "api-reference/crm/timeline"
PINNED_MAX = 3


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


ROWS: tuple[Method, ...] = (
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
