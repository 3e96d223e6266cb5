"""Funnels of every kind of record that has them.

Source: b24restdocs: api-reference/crm/universal/category/*.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import funnels, php, rights
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL
from b24_emulator.entity import Entity
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed, type_unknown, type_unsupported
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

OLD_INVOICE = 5
Category = dict[str, Any]  # Any: JSON


def _owner(call: Call) -> Entity:
    type_id = php.integer(needed(call, "entityTypeId"))
    entity = entity_of(call.portal, type_id)
    if type_id == OLD_INVOICE or (entity and not funnels.has_funnels(entity)):
        raise type_unsupported(type_id)
    if entity is None:
        raise type_unknown()
    return entity


def _shown(entity: Entity, row: Row) -> Category:
    shown = {
        "id": int(row["ID"]),
        "name": row["NAME"],
        "sort": int(row["SORT"]),
        "entityTypeId": int(row["ENTITY_TYPE_ID"]),
        "isDefault": row["IS_DEFAULT"],
    }
    if entity.staging and entity is not DEAL:
        return shown
    if entity is not DEAL:
        return shown | {"isSystem": row["IS_SYSTEM"], "code": row["CODE"]}
    if shown["id"] == 0:
        return shown
    return shown | {"originId": row["ORIGIN_ID"], "originatorId": row["ORIGINATOR_ID"]}


def _row(call: Call, entity: Entity) -> Row:
    """A funnel by its number.

    Raises:
        PortalRefusal: The number is of no such funnel.
    """
    row = funnels.row(call.portal, entity, php.integer(needed(call, "id")))
    if row is None:
        raise PortalRefusal("NOT_FOUND", "Element not found")
    return row


def _fields(call: Call) -> Result:
    owner = _owner(call)
    described = funnels.table(call.portal, owner).schema.described
    names = _DEAL_COLUMNS if owner is DEAL else _COLUMNS
    immutable = {} if funnels.is_virtual(owner) else {"isReadOnly": False}
    fields = {own: {**described[name], "upperName": name} for own, name in names.items()}
    fields["isDefault"] |= immutable
    return Result({"fields": fields})


_COMMON = {
    "id": "ID",
    "name": "NAME",
    "sort": "SORT",
    "entityTypeId": "ENTITY_TYPE_ID",
    "isDefault": "IS_DEFAULT",
}
_COLUMNS = {**_COMMON, "isSystem": "IS_SYSTEM", "code": "CODE"}
_DEAL_COLUMNS = {**_COMMON, "originId": "ORIGIN_ID", "originatorId": "ORIGINATOR_ID"}


def _list(call: Call) -> Result:
    """All of a type by their sort; a filter compares for equality (source: the tutorials)."""
    owner = _owner(call)
    wanted = call.tree("filter")
    is_shown = rights.reach(call.portal, call.caller).may("read", owner.name)
    found = [_shown(owner, row) for row in funnels.rows(call.portal, owner)] if is_shown else []
    rows = [
        row
        for row in found
        if all(str(row.get(name)) == str(value) for name, value in wanted.items())
    ]
    return Result({"categories": rows}, len(rows))


def _get(call: Call) -> Result:
    owner = _owner(call)
    return Result({"category": _shown(owner, _row(call, owner))})


def _add(call: Call) -> Result:
    owner = _owner(call)
    needed(call, "fields")
    fields = call.tree("fields")
    if "name" not in fields:
        raise PortalRefusal("0", "Field 'NAME' is required")
    return Result(
        {"category": _shown(owner, funnels.add(call.portal, owner, _sent(owner, fields)))}
    )


def _update(call: Call) -> Result:
    owner = _owner(call)
    row = _row(call, owner)
    if funnels.is_virtual(owner) and row["ID"] == 0:
        raise _general_is_fixed()
    needed(call, "fields")
    changed = funnels.update(call.portal, owner, row, _sent(owner, call.tree("fields")))
    return Result({"category": _shown(owner, changed)})


def _sent(owner: Entity, fields: Mapping[str, Any]) -> dict[str, str]:  # Any: what was sent
    values = {}
    if php.flag(fields.get("isDefault", "")):
        if funnels.is_virtual(owner):
            raise _general_is_fixed()
        values["IS_DEFAULT"] = "Y"
    if "name" in fields:
        values["NAME"] = str(fields["name"] or "").strip()
        if not values["NAME"]:
            raise PortalRefusal("0", "Field 'NAME' is required")
    if "sort" in fields:
        values["SORT"] = str(max(php.integer(fields["sort"]), 0))
    if owner is DEAL:
        columns = {"originId": "ORIGIN_ID", "originatorId": "ORIGINATOR_ID"}
        values |= {columns[n]: str(fields[n] or "") for n in columns if n in fields}
    return values


def _general_is_fixed() -> PortalRefusal:
    text = "Default client category does not support updating default state"
    return PortalRefusal("0", text)


def _delete(call: Call) -> Result:
    """A funnel with items stays; that the words for it are those of other types is inferred."""
    owner = _owner(call)
    row = _row(call, owner)
    check_deletable(call, owner, row)
    funnels.delete(call.portal, owner, str(row["ID"]))
    return Result(None)


def check_deletable(call: Call, owner: Entity, row: Row) -> None:
    """Refuse to delete a general, a system or a used funnel.

    Raises:
        PortalRefusal: It is one of these.
    """
    is_deal = owner is DEAL
    if row.get("IS_SYSTEM") == "Y":
        raise PortalRefusal("REMOVING_DISABLED", "Removing of a system category is disabled")
    if row["IS_DEFAULT"] == "Y" or str(row["ID"]) == "0":
        if is_deal:
            raise PortalRefusal("0", "Default deal category can not be deleted")
        raise PortalRefusal("BX_ERROR", "This funnel is the default funnel")
    if funnels.is_used(call.portal, owner, str(row["ID"])):
        if is_deal:
            raise PortalRefusal("0", f"Deals related to the funnel {row['NAME']} found")
        raise PortalRefusal("BX_ERROR", "Elements related to the funnel found")


ROWS = family(
    "crm.category",
    "api-reference/crm/universal/category/crm-category",
    {
        "fields": _fields,
        "list": _list,
        "get": _get,
        "add": _add,
        "update": _update,
        "delete": _delete,
    },
)
