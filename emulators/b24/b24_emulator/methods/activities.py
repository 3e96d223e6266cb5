"""Activities and comments of the timeline.

Source: b24restdocs: api-reference/crm/timeline/activities/activity-base/*.md,
crm/timeline/comments/*.md.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from b24_emulator import attachments, lists, php, records, refusals, rights
from b24_emulator.calls import Call, Result
from b24_emulator.filters import Predicate
from b24_emulator.items import documents_of, entity_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.records import total_of
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.surroundings import ACTIVITY, COMMENT
from b24_emulator.table import Row

PAGES = "api-reference/crm/timeline"
Fields = dict[str, Any]  # Any: what was sent
CALL, MEETING, EMAIL, BY_PROVIDER = 2, 1, 4, 6
WITH_FILES = {"FILES", "STORAGE_ELEMENT_IDS"}
"""Either shows the files of activities; the latter is how the documents' example asks."""
NEEDED = (("SUBJECT", "empty"), ("RESPONSIBLE_ID", "invalid"))


def _upper(sent: Mapping[str, Any]) -> Fields:  # Any: what was sent
    return {str(name).upper(): value for name, value in sent.items()}


def _add(call: Call) -> Result:
    sent = _upper(call.tree("fields"))
    kind = php.integer(sent.get("TYPE_ID"))
    if kind not in range(1, 7):
        raise refusals.not_found("The field TYPE_ID is not defined or invalid")
    if kind == BY_PROVIDER and not sent.get("PROVIDER_ID"):
        text = "The custom activity without provider is not supported in current context"
        raise refusals.not_found(text)
    for name, word in NEEDED:
        if sent.get(name) in (None, "", 0, "0"):
            raise refusals.not_found(f"The field {name} is not defined or {word}")
    told = _communications(sent.get("COMMUNICATIONS"))
    if not told and kind in (CALL, MEETING, EMAIL):
        raise refusals.not_found("The field COMMUNICATIONS is not defined or invalid")
    if kind == CALL and len(told) > 1:
        text = "The only one communication is allowed for activity of specified type"
        raise refusals.not_found(text)
    bindings = _bindings(call, sent, told)
    files = attachments.of_activity(call.portal, sent.pop("FILES", None))
    hidden = {"COMMUNICATIONS": told, "BINDINGS": bindings, "FILES": files}
    sent |= bindings[0]
    if php.flag(sent.get("COMPLETED", "")):
        sent["STATUS"] = 2
    return Result(records.add(call.portal, ACTIVITY, sent, call.caller, hidden=hidden))


def _communications(sent: object) -> list[Fields]:
    rows = [_upper(row) for row in php.rows(sent) if isinstance(row, dict)]
    names = ("TYPE", "VALUE", "ENTITY_ID", "ENTITY_TYPE_ID")
    return [
        {"ID": str(place), **{name: str(row.get(name) or "") for name in names}}
        for place, row in enumerate(rows, start=1)
    ]


def _bindings(call: Call, sent: Fields, told: list[Fields]) -> list[Fields]:
    """What an activity belongs to, the owner first.

    Raises:
        PortalRefusal: No part of it is there.
    """
    pairs = [(sent.get("OWNER_TYPE_ID"), sent.get("OWNER_ID"))]
    pairs += [(one["ENTITY_TYPE_ID"], one["ENTITY_ID"]) for one in told]
    whole = dict.fromkeys((php.integer(kind), php.integer(number)) for kind, number in pairs)
    known = [pair for pair in whole if _exists(call, *pair)]
    if not known:
        text = (
            "Could not build binding. Please ensure that owner info and communications are defined"
        )
        raise refusals.not_found(f"{text} correctly")
    return [{"OWNER_TYPE_ID": str(kind), "OWNER_ID": str(number)} for kind, number in known]


def _exists(call: Call, type_id: int, number: int) -> bool:
    entity = entity_of(call.portal, type_id)
    return entity is not None and number in call.portal.tables[entity.name].rows


def _update(call: Call) -> Result:
    number = call.number()
    before = call.portal.tables[ACTIVITY.name].rows.get(number)
    if before is None:
        raise ACTIVITY.update_missing(number)
    sent = _upper(call.tree("fields"))
    hidden: Fields = {"LAST_UPDATED": call.now(), "EDITOR_ID": call.caller.user_id}
    if "COMMUNICATIONS" in sent:
        hidden["COMMUNICATIONS"] = _communications(sent["COMMUNICATIONS"])
    if "FILES" in sent:
        attachments.forget(call.portal, before)
        hidden["FILES"] = attachments.of_activity(call.portal, sent.pop("FILES"))
    if "COMPLETED" in sent:
        sent["STATUS"] = 2 if php.flag(sent["COMPLETED"]) else 1
    records.update(call.portal, ACTIVITY, number, sent, call.caller, hidden=hidden)
    return Result(value=True)


def _get(call: Call) -> Result:
    number = call.number()
    row = call.portal.tables[ACTIVITY.name].rows.get(number)
    if row is None:
        raise ACTIVITY.get_missing(number)
    files = attachments.in_activity(call, row)
    plain = {name: row[name] for name in ACTIVITY.schema.plain}
    return Result({**plain, **({"FILES": files} if files else {})})


def _delete(call: Call) -> Result:
    before: Row = call.portal.tables[ACTIVITY.name].rows.get(call.number()) or {}
    records.delete(call.portal, ACTIVITY, call.number(), call.caller)
    attachments.forget(call.portal, before)
    return Result(value=True)


def _list(call: Call) -> Result:
    sent = _upper(call.tree("filter"))
    asked = [_upper(one) for one in php.rows(sent.pop("BINDINGS", [])) if isinstance(one, dict)]
    query = lists.query(ACTIVITY.schema, {**call.params, "filter": sent})
    groups: list[Predicate] = [_bound(asked)] if asked else []
    table = call.portal.tables[ACTIVITY.name]
    found = rights.find(call, ACTIVITY.name, replace(query, groups=groups))
    select = {str(name).upper() for name in php.rows(call.params.get("select"))}
    rows = found.rows
    if "COMMUNICATIONS" in select:
        told = (table.rows[number]["COMMUNICATIONS"] for number in found.numbers)
        rows = [{**row, "COMMUNICATIONS": one} for row, one in zip(rows, told, strict=True)]
    if select & WITH_FILES:
        held = (attachments.in_activity(call, table.rows[number]) for number in found.numbers)
        rows = [{**row, "FILES": one} for row, one in zip(rows, held, strict=True)]
    return Result(rows, total_of(call, found), found.next_start)


def _bound(asked: list[Fields]) -> Predicate:
    wanted = {(str(one.get("OWNER_TYPE_ID")), str(one.get("OWNER_ID"))) for one in asked}

    def holds(row: Row) -> bool:
        return any((o["OWNER_TYPE_ID"], o["OWNER_ID"]) in wanted for o in row["BINDINGS"])

    return holds


def _owner(call: Call, fields: Fields) -> None:
    """Refuse a comment on what is not there."""
    name, number = str(fields.get("ENTITY_TYPE") or "").lower(), fields.get("ENTITY_ID")
    for lost, value in (("ENTITY_ID", number), ("ENTITY_TYPE", name)):
        if value in (None, ""):
            raise PortalRefusal("100", f"Could not find value for parameter {{{lost}}}")
    known = {"contact", "company", *(one.name for one in documents_of(call.portal))}
    table = call.portal.tables.get(name) if name in known else None
    if table is None or php.integer(number) not in table.rows:
        raise PortalRefusal("OWNER_NOT_FOUND", "Owner was not found")


def _comment_add(call: Call) -> Result:
    fields = _upper(call.tree("fields"))
    _owner(call, fields)
    if not fields.get("COMMENT"):
        raise PortalRefusal("INVALID_ARG_VALUE", "Empty comment")
    hidden = {"FILES": attachments.of_comment(call, fields.pop("FILES", None))}
    fields["ENTITY_TYPE"] = str(fields["ENTITY_TYPE"]).lower()
    return Result(records.add(call.portal, COMMENT, fields, call.caller, hidden=hidden))


def _comment(call: Call) -> Row:
    row = call.portal.tables[COMMENT.name].rows.get(php.integer(needed(call, "id")))
    if row is None:
        raise PortalRefusal("NOT_FOUND", "Not found")
    return row


def _comment_get(call: Call) -> Result:
    return Result(dict(attachments.in_comment(call.portal, _comment(call))))


def _comment_list(call: Call) -> Result:
    sent = _upper(call.tree("filter"))
    if not {"ENTITY_ID", "ENTITY_TYPE"} <= {name.lstrip("=") for name in sent}:
        raise PortalRefusal("INVALID_ARG_VALUE", "Required filter: ENTITY_ID, ENTITY_TYPE")
    ask = lists.query(COMMENT.schema, {**call.params, "filter": sent})
    found = rights.find(call, COMMENT.name, ask)
    rows = [attachments.in_comment(call.portal, row) for row in found.rows]
    return Result(rows, total_of(call, found), found.next_start)


def _comment_update(call: Call) -> Result:
    row, fields = _comment(call), _upper(call.tree("fields"))
    if "COMMENT" in fields and not fields["COMMENT"]:
        raise PortalRefusal("INVALID_ARG_VALUE", "Empty comment")
    number, hidden = int(row["ID"]), {}
    if "FILES" in fields:
        # All that it had are gone as soon as the field is named.
        attachments.forget(call.portal, row)
        hidden = {"FILES": attachments.of_comment(call, fields.pop("FILES"))}
    records.update(call.portal, COMMENT, number, fields, call.caller, hidden=hidden)
    return Result(number)


def _comment_delete(call: Call) -> Result:
    row = _comment(call)
    records.delete(call.portal, COMMENT, int(row["ID"]), call.caller)
    attachments.forget(call.portal, row)
    return Result(None)


ROWS = (
    *family(
        "crm.activity",
        f"{PAGES}/activities/activity-base/crm-activity",
        {
            "fields": lambda call: Result(ACTIVITY.schema.described),
            "communication.fields": lambda call: Result(
                schema("crm.activity.communication").described
            ),
            "list": _list,
            "get": _get,
            "add": _add,
            "update": _update,
            "delete": _delete,
        },
    ),
    *family(
        "crm.timeline.comment",
        f"{PAGES}/comments/crm-timeline-comment",
        {
            "fields": lambda call: Result(COMMENT.schema.described),
            "list": _comment_list,
            "get": _comment_get,
            "add": _comment_add,
            "update": _comment_update,
            "delete": _comment_delete,
        },
    ),
)
