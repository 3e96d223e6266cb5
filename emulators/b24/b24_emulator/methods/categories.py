"""Funnels of contacts and companies: the general one with number 0, and those that were made.

Source: b24restdocs: api-reference/crm/universal/category/*.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.entities import CATEGORY, COMPANY, CONTACT, Entity
from b24_emulator.methods.items import needed, type_unknown, type_unsupported
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

WITHOUT_FUNNELS = (1, 5, 7)
OWNERS: Mapping[int, Entity] = {owner.type_id: owner for owner in (CONTACT, COMPANY)}
GENERAL_NAME, GENERAL_SORT = "Общая", 500
Category = dict[str, Any]  # Any: JSON


def _owner(call: Call) -> Entity:
    type_id = php.integer(needed(call, "entityTypeId"))
    if type_id in WITHOUT_FUNNELS:
        raise type_unsupported(type_id)
    if type_id not in OWNERS:
        raise type_unknown()
    return OWNERS[type_id]


def _shown(row: Row) -> Category:
    return {
        "id": int(row["ID"]),
        "name": row["NAME"],
        "sort": int(row["SORT"]),
        "entityTypeId": int(row["ENTITY_TYPE_ID"]),
        "isDefault": row["IS_DEFAULT"],
        "isSystem": row["IS_SYSTEM"],
        "code": row["CODE"],
    }


def _general(owner: Entity) -> Category:
    """The funnel that nobody made; its name and place are inferred."""
    row = {**CATEGORY.schema.defaults, "ID": 0, "NAME": GENERAL_NAME, "SORT": GENERAL_SORT}
    return _shown({**row, "ENTITY_TYPE_ID": owner.type_id, "IS_DEFAULT": "Y"})


def _made(call: Call, owner: Entity) -> list[Row]:
    table = call.portal.tables[CATEGORY.name]
    return [table.rows[number] for number in table.with_value("ENTITY_TYPE_ID", owner.type_id)]


def _row(call: Call, owner: Entity) -> Row:
    """A funnel that somebody made.

    Raises:
        PortalRefusal: The number is of no such funnel.
    """
    number = php.integer(needed(call, "id"))
    for row in _made(call, owner):
        if int(row["ID"]) == number:
            return row
    raise PortalRefusal("NOT_FOUND", "Element not found")


def _is_general(call: Call) -> bool:
    return str(needed(call, "id")).strip() == "0"


def _fields(call: Call) -> Result:
    _owner(call)
    described = CATEGORY.schema.described
    names = dict(zip(_general(COMPANY), _COLUMNS, strict=True))
    return Result(
        {"fields": {own: {**described[name], "upperName": name} for own, name in names.items()}}
    )


_COLUMNS = ("ID", "NAME", "SORT", "ENTITY_TYPE_ID", "IS_DEFAULT", "IS_SYSTEM", "CODE")
"""In the order of `_shown`."""


def _list(call: Call) -> Result:
    """All of a type by their sort; a filter compares for equality (source: the tutorials)."""
    owner = _owner(call)
    wanted = call.tree("filter")
    found = [_general(owner), *(_shown(row) for row in _made(call, owner))]
    rows = [
        row
        for row in sorted(found, key=lambda row: (row["sort"], row["id"]))
        if all(str(row.get(name)) == str(value) for name, value in wanted.items())
    ]
    return Result({"categories": rows}, len(rows))


def _get(call: Call) -> Result:
    owner = _owner(call)
    shown = _general(owner) if _is_general(call) else _shown(_row(call, owner))
    return Result({"category": shown})


def _add(call: Call) -> Result:
    owner = _owner(call)
    needed(call, "fields")
    fields = call.tree("fields")
    if "name" not in fields:
        raise PortalRefusal("0", "Field 'NAME' is required")
    table = call.portal.tables[CATEGORY.name]
    row = {**CATEGORY.schema.defaults, **_written(fields), "ENTITY_TYPE_ID": str(owner.type_id)}
    number = table.new_id()
    table.put(number, {**row, "ID": str(number)})
    return Result({"category": _shown(table.rows[number])})


def _update(call: Call) -> Result:
    owner = _owner(call)
    if _is_general(call):
        raise _general_is_fixed()
    row = _row(call, owner)
    needed(call, "fields")
    changed = {**row, **_written(call.tree("fields"))}
    call.portal.tables[CATEGORY.name].put(int(row["ID"]), changed)
    return Result({"category": _shown(changed)})


def _written(fields: Mapping[str, Any]) -> dict[str, str]:  # Any: what was sent
    if php.flag(fields.get("isDefault", "")):
        raise _general_is_fixed()
    values = {}
    if "name" in fields:
        values["NAME"] = str(fields["name"] or "").strip()
        if not values["NAME"]:
            raise PortalRefusal("0", "Field 'NAME' is required")
    if "sort" in fields:
        values["SORT"] = str(max(php.integer(fields["sort"]), 0))
    return values


def _general_is_fixed() -> PortalRefusal:
    text = "Default client category does not support updating default state"
    return PortalRefusal("0", text)


def _delete(call: Call) -> Result:
    """A funnel with items stays; that the words for it are those of other types is inferred."""
    owner = _owner(call)
    if _is_general(call):
        raise PortalRefusal("BX_ERROR", "This funnel is the default funnel")
    number = _row(call, owner)["ID"]
    if any(row["CATEGORY_ID"] == number for row in call.portal.tables[owner.name].rows.values()):
        raise PortalRefusal("BX_ERROR", "Elements related to the funnel found")
    call.portal.tables[CATEGORY.name].drop(int(number))
    return Result(None)


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
