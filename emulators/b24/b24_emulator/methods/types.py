"""Types of smart processes.

Source: b24restdocs: api-reference/crm/universal/user-defined-object-types/*.md.
"""

from typing import Any

from b24_emulator import moments, php, records, smart_processes
from b24_emulator.calls import Call, Result
from b24_emulator.controllers import View, controller_row, page
from b24_emulator.documents import TYPE
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

VIEW = View.of("crm.type", TYPE)
MISSING = PortalRefusal("0", "Smart process not found")


def _whole(row: Row) -> dict[str, Any]:  # Any: JSON
    return {
        **VIEW.shown(row),
        "relations": row["RELATIONS"],
        "linkedUserFields": row["LINKED_USER_FIELDS"],
        "customSections": row["CUSTOM_SECTIONS"] or [],
    }


def _fields(call: Call) -> Result:
    return Result({"fields": VIEW.with_upper_names()})


def _list(call: Call) -> Result:
    return page(call, VIEW, "types")


def _get(call: Call) -> Result:
    return Result({"type": _whole(controller_row(call, VIEW, MISSING))})


def _by_type(call: Call) -> Result:
    number = php.integer(needed(call, "entityTypeId"))
    row = smart_processes.find(call.portal.tables, number)
    if row is None:
        raise MISSING
    return Result({"type": _whole(row)})


def _beside(call: Call, before: Row) -> dict[str, Any]:  # Any: JSON
    """What stands beside the plain fields."""
    fields = call.tree("fields")
    relations = smart_processes.relations_of(fields.get("relations"), before.get("RELATIONS"))
    linked = smart_processes.linked_fields_of(
        fields.get("linkedUserFields"), before.get("LINKED_USER_FIELDS")
    )
    sections = php.rows(fields.get("customSections")) or before.get("CUSTOM_SECTIONS")
    return {"RELATIONS": relations, "LINKED_USER_FIELDS": linked, "CUSTOM_SECTIONS": sections}


def _add(call: Call) -> Result:
    needed(call, "fields")
    sent = VIEW.written(call.tree("fields"))
    if not sent.get("TITLE"):
        raise PortalRefusal("0", "Required fields: title")
    type_id = smart_processes.number_for(call.portal, sent.get("ENTITY_TYPE_ID"))
    hidden = {**_beside(call, {}), "ENTITY_TYPE_ID": type_id}
    sent = {name: value for name, value in sent.items() if name != "ENTITY_TYPE_ID"}
    number = records.add(call.portal, TYPE, sent, call.caller, hidden=hidden)
    row = call.portal.tables[TYPE.name].rows[number]
    smart_processes.open_tables(call.portal, row)
    return Result({"type": _whole(row)})


def _update(call: Call) -> Result:
    before = controller_row(call, VIEW, MISSING)
    needed(call, "fields")
    sent = VIEW.written(call.tree("fields"))
    sent.pop("ENTITY_TYPE_ID", None)
    now = {"UPDATED_TIME": moments.written(call.portal.now_s), "UPDATED_BY": call.caller.user_id}
    hidden = {**_beside(call, before), **now}
    number = int(before["ID"])
    records.update(call.portal, TYPE, number, sent, call.caller, hidden=hidden)
    return Result({"type": _whole(call.portal.tables[TYPE.name].rows[number])})


def _delete(call: Call) -> Result:
    row = controller_row(call, VIEW, MISSING)
    smart_processes.close_tables(call.portal, row)
    records.delete(call.portal, TYPE, int(row["ID"]), call.caller)
    return Result([])


ROWS = family(
    "crm.type",
    "api-reference/crm/universal/user-defined-object-types/crm-type",
    {
        "fields": _fields,
        "list": _list,
        "get": _get,
        "getbyentitytypeid": _by_type,
        "add": _add,
        "update": _update,
        "delete": _delete,
    },
)
