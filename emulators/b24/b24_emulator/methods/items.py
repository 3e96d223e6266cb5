"""`crm.item.*`: one set of methods for all kinds of records that have items.

Source: b24restdocs: api-reference/crm/universal/crm-item-*.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import (
    automation,
    funnels,
    item_filters,
    item_writes,
    lists,
    php,
    record_files,
    records,
    rights,
    user_demands,
)
from b24_emulator.calls import Call, Result
from b24_emulator.items import CATEGORY_ID, FM, ItemType, Names, entity_of, item_of, item_type
from b24_emulator.methods.enums import OWNER_TYPES
from b24_emulator.methods.records import total_of
from b24_emulator.methods.row import Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row
from sverka_emulator_kit.provenance import documented

OLD_INVOICE = 5
NAMES_OF_TYPES = {number: code for number, _, code, _ in OWNER_TYPES}


def needed(call: Call, name: str) -> Any:  # Any: what was sent
    """A parameter of a controller's method.

    Raises:
        PortalRefusal: It was not sent.
    """
    value = call.params.get(name.lower())
    if value in (None, ""):
        raise PortalRefusal("100", f"Could not find value for parameter {{{name}}}")
    return value


def type_unknown() -> PortalRefusal:
    return PortalRefusal("NOT_FOUND", "Smart process not found")


def type_unsupported(type_id: int) -> PortalRefusal:
    name = NAMES_OF_TYPES.get(type_id, type_id)
    return PortalRefusal("ENTITY_TYPE_NOT_SUPPORTED", f"Entity type {name} is not supported")


def _kind(call: Call) -> ItemType:
    type_id = php.integer(needed(call, "entityTypeId"))
    if type_id == OLD_INVOICE:
        raise type_unsupported(type_id)
    entity = entity_of(call.portal, type_id)
    if entity is None:
        raise type_unknown()
    return item_type(call.portal, entity)


def _names(call: Call) -> Names:
    original, files_at = call.flag("useoriginalufnames"), record_files.machine_root(call)
    return Names.of(call.portal, _kind(call), original=original, files_at=files_at)


def _row(call: Call, names: Names) -> Row:
    table = call.portal.tables[names.kind.entity.name]
    row = table.rows.get(php.integer(needed(call, "id")))
    if row is None:
        raise PortalRefusal("NOT_FOUND", "Item not found")
    return row


def _fields(call: Call) -> Result:
    names = _names(call)
    described = {name: entry for name, entry in names.kind.described.items() if name != FM}
    user = {
        name: {**names.fields[code].descriptor, "upperName": code}
        for name, code in names.user.items()
    }
    return Result({"fields": described | user})


def _list(call: Call) -> Result:
    names = _names(call)
    conditions, groups = item_filters.parts(names, call.tree("filter"))
    ask = lists.Query(
        conditions=conditions,
        order=item_filters.order(names, call.tree("order")),
        columns=list(names.fields),
        start=max(php.integer(call.params.get("start")), lists.WITHOUT_COUNT),
        groups=groups,
    )
    found = rights.find(call, names.kind.entity.name, ask)
    call.read(names.kind.entity.name, *found.numbers)
    wanted = _wanted(names, call.params.get("select"))
    items = [item_of(call.portal, names, row, wanted) for row in found.rows]
    return Result({"items": items}, total_of(call, found), found.next_start)


def _wanted(names: Names, select: object) -> list[str]:
    """Fields to show: the multi-fields come only with all; that `id` always comes is inferred."""
    sent = [select] if isinstance(select, str) else php.rows(select)
    if not sent or "*" in sent:
        return names.all()
    wanted = {"id", *(names.known(str(name)) for name in sent)} - {FM}
    return [name for name in names.all() if name in wanted]


def _get(call: Call) -> Result:
    names = _names(call)
    row = _row(call, names)
    call.read(names.kind.entity.name, row["ID"])
    return _item(call, names, row)


def _item(call: Call, names: Names, row: Row) -> Result:
    return Result({"item": item_of(call.portal, names, row, names.all())})


def _add(call: Call) -> Result:
    names = _names(call)
    needed(call, "fields")
    sent = call.tree("fields")
    fields, entity = item_writes.classic(names, sent, {}), names.kind.entity
    hidden = item_writes.hidden(names, sent)
    if CATEGORY_ID in names.kind.described:
        hidden["CATEGORY_ID"] = str(funnels.of_new(call.portal, entity, sent.get(CATEGORY_ID)))
    hidden |= user_demands.defaults(call.portal, entity)
    automation.insist(call.portal, entity, {}, {**hidden, **fields})
    number = records.add(call.portal, entity, fields, call.caller, hidden=hidden)
    return _item(call, names, call.portal.tables[entity.name].rows[number])


def _update(call: Call) -> Result:
    """Nothing is saved, and nobody told, where no value is another."""
    names = _names(call)
    row, entity = _row(call, names), names.kind.entity
    needed(call, "fields")
    sent, number = call.tree("fields"), int(row["ID"])
    fields, hidden = item_writes.classic(names, sent, row), _hidden(call, names, row, sent)
    automation.insist(call.portal, entity, row, {**hidden, **fields})
    fields = dict(record_files.taken(call.portal, entity, fields))
    if records.would_change(call.portal, entity, number, fields, hidden):
        records.update(call.portal, entity, number, fields, call.caller, hidden=hidden)
    return _item(call, names, call.portal.tables[entity.name].rows[number])


def _hidden(call: Call, names: Names, row: Row, sent: Mapping[str, Any]) -> Row:  # Any: sent
    """What only items may change; a funnel of another kind is ignored (inferred)."""
    hidden, entity = item_writes.hidden(names, sent), names.kind.entity
    wanted = sent.get(CATEGORY_ID, sent.get("CATEGORY_ID"))
    if entity.staging and entity.staging.funnels and wanted not in (None, ""):
        found = funnels.row(call.portal, entity, php.integer(wanted))
        hidden["CATEGORY_ID"] = found["ID"] if found else row["CATEGORY_ID"]
    return hidden


def _delete(call: Call) -> Result:
    names = _names(call)
    number = int(_row(call, names)["ID"])
    records.delete(call.portal, names.kind.entity, number, call.caller)
    return Result([])


def _get_file(call: Call) -> Result:
    """The file behind a `urlMachine`, without an envelope."""
    asked = record_files.asked_by(call.portal, str(needed(call, "token")))
    if not asked:
        raise PortalRefusal("ACCESS_DENIED", "Access denied", 403)
    entity = entity_of(call.portal, int(asked["entityTypeId"]))
    place = (asked["id"], asked["fieldName"], asked["fileId"])
    file = record_files.found(call.portal, entity, *place)
    if entity and not rights.may_read(call.portal, call.caller, entity.name, asked["id"]):
        raise PortalRefusal("ACCESS_DENIED", "Access denied", 403)
    if file is None:
        raise PortalRefusal("NOT_FOUND", "File not found", 404)
    return Result(None, file=file)


OF_FILES = Method(
    record_files.GET_FILE.lower(),
    _get_file,
    ("crm",),
    documented("api-reference/files/how-to-update-files"),
)
ROWS = (
    OF_FILES,
    *family(
        "crm.item",
        "api-reference/crm/universal/crm-item",
        {
            "fields": _fields,
            "list": _list,
            "get": _get,
            "add": _add,
            "update": _update,
            "delete": _delete,
        },
    ),
)
