"""Messages of the timeline, and what a comment is bound to.

Source: b24restdocs: api-reference/crm/timeline/{bindings,logmessage}/**.
"""

from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.items import documents_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Method, family
from b24_emulator.methods.timeline_marks import owner
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.surroundings import COMMENT, keep, kept
from b24_emulator.table import Row

PAGES = "api-reference/crm/timeline"
MISSING = PortalRefusal("NOT_FOUND", "Element not found")


def _messages(call: Call) -> dict[str, dict[str, Any]]:  # Any: JSON
    return dict(kept(call.portal, "log.messages") or {})


def _shown(message: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {name: value for name, value in message.items() if name != "owner"}


def _message_add(call: Call) -> Result:
    needed(call, "fields")
    fields = {str(name).lower(): value for name, value in call.tree("fields").items()}
    sent = Call(call.portal, call.caller, fields)
    texts = {name: str(needed(sent, name)) for name in ("title", "text", "iconCode")}
    whose = owner(sent, "entityTypeId", "entityId")
    number = call.portal.new_value_id()
    made = {"id": number, "created": call.now(), "authorId": int(call.caller.user_id)}
    message = {**made, **texts, "owner": whose}
    keep(call.portal, "log.messages", {**_messages(call), str(number): message})
    return Result({"logMessage": _shown(message)})


def _message(call: Call) -> dict[str, Any]:  # Any: JSON
    found = _messages(call).get(str(php.integer(needed(call, "id"))))
    if found is None:
        raise MISSING
    return found


def _message_list(call: Call) -> Result:
    whose = owner(call, "entityTypeId", "entityId")
    rows = [_shown(one) for one in _messages(call).values() if one["owner"] == whose]
    return Result(rows[::-1], len(rows))


def _message_delete(call: Call) -> Result:
    gone = str(_message(call)["id"])
    left = {number: one for number, one in _messages(call).items() if number != gone}
    keep(call.portal, "log.messages", left)
    return Result(value=True)


def _bound(call: Call) -> tuple[str, list[dict[str, str]], dict[str, str]]:
    """Where the bindings of a comment are kept, which there are, which one was sent."""
    sent = {str(name).upper(): value for name, value in call.tree("fields").items()}
    comment = call.portal.tables[COMMENT.name].rows.get(php.integer(sent.get("OWNER_ID")))
    if comment is None:
        raise MISSING
    name = str(sent.get("ENTITY_TYPE") or "").lower()
    known = {"contact", "company", *(one.name for one in documents_of(call.portal))}
    number = php.integer(sent.get("ENTITY_ID"))
    if name not in known or number not in call.portal.tables[name].rows:
        raise PortalRefusal("OWNER_NOT_FOUND", "Owner was not found")
    one = {"OWNER_ID": comment["ID"], "ENTITY_ID": str(number), "ENTITY_TYPE": name}
    return f"bindings.{comment['ID']}", _bindings_of(call, comment), one


def _bindings_of(call: Call, comment: Row) -> list[dict[str, str]]:
    first = {"ENTITY_ID": comment["ENTITY_ID"], "ENTITY_TYPE": comment["ENTITY_TYPE"]}
    found = kept(call.portal, f"bindings.{comment['ID']}")
    return list(found) if found is not None else [{"OWNER_ID": comment["ID"], **first}]


def _comment_bindings(call: Call) -> Result:
    sent = {str(n).upper().lstrip("="): value for n, value in call.tree("filter").items()}
    number = php.integer(sent.get("OWNER_ID"))
    comment = call.portal.tables[COMMENT.name].rows.get(number)
    rows = _bindings_of(call, comment) if comment else []
    return Result(rows, len(rows))


def _bind(call: Call) -> Result:
    key, present, one = _bound(call)
    keep(call.portal, key, present if one in present else [*present, one])
    return Result(value=True)


def _unbind(call: Call) -> Result:
    key, present, one = _bound(call)
    keep(call.portal, key, [other for other in present if other != one])
    return Result(value=True)


ROWS: tuple[Method, ...] = (
    *family(
        "crm.timeline.logmessage",
        f"{PAGES}/logmessage/crm-timeline-logmessage",
        {
            "add": _message_add,
            "get": lambda call: Result({"logMessage": _shown(_message(call))}),
            "list": _message_list,
            "delete": _message_delete,
        },
    ),
    *family(
        "crm.timeline.bindings",
        f"{PAGES}/bindings/crm-timeline-bindings",
        {
            "fields": lambda call: Result(schema("crm.timeline.bindings").described),
            "list": _comment_bindings,
            "bind": _bind,
            "unbind": _unbind,
        },
    ),
)
