"""Bindings of activities, to-dos, activities of applications, messages in the timeline.

Source: b24restdocs: api-reference/crm/timeline/activities/**, timeline/{bindings,logmessage}/**.
"""

from typing import Any

from b24_emulator import moments, php, records
from b24_emulator.calls import Call, Result
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.methods.timeline_marks import owner
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import ACTIVITY, keep, kept
from b24_emulator.table import Row

PAGES = "api-reference/crm/timeline"
MISSING = PortalRefusal("NOT_FOUND", "Element not found")
TODO, CONFIGURABLE = "CRM_TODO", "CONFIGURABLE_REST_APP"
Pair = dict[str, str]


def _activity(call: Call, name: str = "activityId", provider: str = "") -> Row:
    row = call.portal.tables[ACTIVITY.name].rows.get(php.integer(needed(call, name)))
    if row is None or (provider and row["PROVIDER_ID"] != provider):
        raise MISSING
    return row


def _pair(call: Call, type_name: str, number_name: str) -> Pair:
    type_id, number = owner(call, type_name, number_name).split(".")
    return {"OWNER_TYPE_ID": type_id, "OWNER_ID": number}


def _put(call: Call, row: Row, bindings: list[Pair]) -> Result:
    table = call.portal.tables[ACTIVITY.name]
    table.put(int(row["ID"]), {**row, "BINDINGS": bindings, **bindings[0]})
    return Result(value=True)


def _binding_list(call: Call) -> Result:
    return Result(
        [
            {"entityTypeId": int(one["OWNER_TYPE_ID"]), "entityId": int(one["OWNER_ID"])}
            for one in _activity(call)["BINDINGS"]
        ]
    )


def _binding_add(call: Call) -> Result:
    row, pair = _activity(call), _pair(call, "entityTypeId", "entityId")
    if pair in row["BINDINGS"]:
        raise PortalRefusal("ACTIVITY_IS_ALREADY_BOUND", "Activity is already bound")
    return _put(call, row, [*row["BINDINGS"], pair])


def _binding_delete(call: Call) -> Result:
    row, pair = _activity(call), _pair(call, "entityTypeId", "entityId")
    if pair not in row["BINDINGS"]:
        raise PortalRefusal("BINDING_NOT_FOUND", "Activity is not bound")
    left = [one for one in row["BINDINGS"] if one != pair]
    if not left:
        raise PortalRefusal("LAST_BINDING_CANNOT_BE_DELETED", "Last binding cannot be deleted")
    return _put(call, row, left)


def _binding_move(call: Call) -> Result:
    row = _activity(call)
    source = _pair(call, "sourceEntityTypeId", "sourceEntityId")
    target = _pair(call, "targetEntityTypeId", "targetEntityId")
    if source["OWNER_TYPE_ID"] != target["OWNER_TYPE_ID"]:
        code = "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR"
        raise PortalRefusal(code, "Source and target are of different types")
    if source == target:
        code = "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR"
        raise PortalRefusal(code, "Source and target are the same")
    if source not in row["BINDINGS"]:
        raise PortalRefusal("BINDING_NOT_FOUND", "Activity is not bound")
    return _put(call, row, [target if one == source else one for one in row["BINDINGS"]])


def _new(call: Call, pair: Pair, provider: str, fields: dict[str, Any]) -> int:  # Any: sent
    base = {"TYPE_ID": 6, "PROVIDER_ID": provider, "RESPONSIBLE_ID": call.caller.user_id, **pair}
    hidden = {"COMMUNICATIONS": [], "BINDINGS": [pair]}
    return records.add(call.portal, ACTIVITY, {**base, **fields}, call.caller, hidden=hidden)


def _deadline(call: Call, name: str = "deadline") -> str:
    found = moments.datetime_text(str(needed(call, name)))
    if found is None:
        raise PortalRefusal("WRONG_DATETIME_FORMAT", "Wrong date format")
    return found


def _todo_fields(call: Call) -> dict[str, Any]:  # Any: what was sent
    fields: dict[str, Any] = {"DEADLINE": _deadline(call)}  # Any: what was sent
    names = {"title": "SUBJECT", "description": "DESCRIPTION", "responsibleid": "RESPONSIBLE_ID"}
    return fields | {own: call.params[name] for name, own in names.items() if name in call.params}


def _todo_add(call: Call) -> Result:
    pair = _pair(call, "ownerTypeId", "ownerId")
    return Result({"id": _new(call, pair, TODO, {"SUBJECT": "Дело", **_todo_fields(call)})})


def _todo(call: Call) -> Row:
    row, pair = _activity(call, "id", TODO), _pair(call, "ownerTypeId", "ownerId")
    if pair not in row["BINDINGS"]:
        raise MISSING
    return row


def _change(call: Call, row: Row, fields: dict[str, Any]) -> Result:  # Any: what was sent
    if row["COMPLETED"] == "Y":
        raise PortalRefusal("CAN_NOT_UPDATE_COMPLETED_TODO", "A completed activity stays")
    records.update(call.portal, ACTIVITY, int(row["ID"]), fields, call.caller)
    return Result({"id": int(row["ID"])})


def _todo_update(call: Call) -> Result:
    return _change(call, _todo(call), _todo_fields(call))


def _todo_deadline(call: Call) -> Result:
    return _change(call, _todo(call), {"DEADLINE": _deadline(call, "value")})


def _todo_part(parameter: str, field: str) -> Handler:
    def answer(call: Call) -> Result:
        value = needed(call, parameter)
        return _change(call, _todo(call), {field: value} if field else {})

    return answer


def _application(call: Call) -> None:
    if not call.caller.client_id:
        raise PortalRefusal("ERROR_WRONG_CONTEXT", "Application context required")


def _own(call: Call) -> tuple[Row, str]:
    """An activity of an application, and the name that its layout is kept under."""
    row = _activity(call, "id", CONFIGURABLE)
    return row, f"configurable.{row['ID']}"


def _sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    fields = call.tree("fields")
    names = {"deadline": "DEADLINE", "responsibleId": "RESPONSIBLE_ID", "completed": "COMPLETED",
             "originatorId": "ORIGINATOR_ID", "originId": "ORIGIN_ID"}  # fmt: skip
    return {own: fields[name] for name, own in names.items() if name in fields}


def _configurable_add(call: Call) -> Result:
    _application(call)
    needed(call, "fields")
    pair, layout = _pair(call, "ownerTypeId", "ownerId"), needed(call, "layout")
    number = _new(call, pair, CONFIGURABLE, {"SUBJECT": "Дело", **_sent(call)})
    keep(call.portal, f"configurable.{number}", {"layout": layout, "fields": call.tree("fields")})
    return Result({"activity": {"id": number}})


def _configurable_get(call: Call) -> Result:
    _application(call)
    row, key = _own(call)
    beside = kept(call.portal, key)
    fields = {
        "typeId": "CONFIGURABLE",
        "completed": row["COMPLETED"] == "Y",
        "deadline": row["DEADLINE"],
        "pingOffsets": [],
        "isIncomingChannel": False,
        "responsibleId": php.integer(row["RESPONSIBLE_ID"]),
        "badgeCode": beside["fields"].get("badgeCode", ""),
        "originatorId": row["ORIGINATOR_ID"],
        "originId": row["ORIGIN_ID"],
    }
    owner_ = {"ownerTypeId": int(row["OWNER_TYPE_ID"]), "ownerId": int(row["OWNER_ID"])}
    whole = {"id": int(row["ID"]), **owner_, "fields": fields, "layout": beside["layout"]}
    return Result({"activity": whole})


def _configurable_update(call: Call) -> Result:
    _application(call)
    row, key = _own(call)
    beside = kept(call.portal, key)
    layout = call.params.get("layout") or beside["layout"]
    keep(
        call.portal, key, {"layout": layout, "fields": {**beside["fields"], **call.tree("fields")}}
    )
    records.update(call.portal, ACTIVITY, int(row["ID"]), _sent(call), call.caller)
    return Result({"activity": {"id": int(row["ID"])}})


def _transcript(call: Call) -> Result:
    """No call is ever written down here."""
    _activity(call)
    raise MISSING


ACTIVITIES = f"{PAGES}/activities"
ROWS: tuple[Method, ...] = (
    *family(
        "crm.activity.binding",
        f"{ACTIVITIES}/binding/crm-activity-binding",
        {
            "list": _binding_list,
            "add": _binding_add,
            "delete": _binding_delete,
            "move": _binding_move,
        },
    ),
    *family(
        "crm.activity.todo",
        f"{ACTIVITIES}/todo/crm-activity-todo",
        {
            "add": _todo_add,
            "update": _todo_update,
            "updatedeadline": _todo_deadline,
            "updatedescription": _todo_part("value", "DESCRIPTION"),
            "updateresponsibleuser": _todo_part("responsibleId", "RESPONSIBLE_ID"),
            "updatecolor": _todo_part("colorId", ""),
        },
    ),
    *family(
        "crm.activity.configurable",
        f"{ACTIVITIES}/configurable/crm-activity-configurable",
        {"add": _configurable_add, "get": _configurable_get, "update": _configurable_update},
    ),
    *family(
        "crm.activity.call",
        f"{ACTIVITIES}/activity-base/crm-activity-call",
        {"gettranscript": _transcript},
    ),
)
