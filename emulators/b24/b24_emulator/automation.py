"""What the portal's people set up to act or to insist: robots, and fields that a stage demands.

Source: b24restdocs: api-reference/crm/universal/crm-item-add.md, crm-item-update.md: required
fields are looked at when an item is added, and when its stage changes inside its funnel; robots
start after a save. That a robot acts at once and under no user is inferred.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import stages
from b24_emulator.calls import Caller, Way
from b24_emulator.entity import Entity
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Params = Mapping[str, Any]  # Any: JSON
ROBOTS, DEMANDS = "automation.robots", "automation.demands"
ROBOT = Caller("robot", "0", Way.WINDOW)


def set_robot(portal: "Portal", params: Params) -> object:
    """Set a robot, or take it away with `"fields": null`; returns all that stand.

    `{"name": "to work", "entity": "deal", "on": ["add"], "when": {"STAGE_ID": "NEW"},
    "fields": {"STAGE_ID": "EXECUTING"}}`: after such a write it changes the record once more.
    """
    standing = {**(kept(portal, ROBOTS) or {}), params["name"]: dict(params)}
    left = {name: robot for name, robot in standing.items() if robot.get("fields") is not None}
    keep(portal, ROBOTS, left)
    return left


def robots_for(
    portal: "Portal", entity: Entity, verb: str, row: Row, caller: Caller
) -> list[dict[str, Any]]:  # Any: JSON
    """What robots write into a record after it was saved; never after a robot."""
    robots = kept(portal, ROBOTS)
    if not robots or caller.actor == ROBOT.actor:
        return []
    return [
        robot["fields"]
        for robot in robots.values()
        if robot["entity"] == entity.name
        and verb in robot.get("on", ("add", "update"))
        and all(row.get(name) == value for name, value in robot.get("when", {}).items())
    ]


def set_demand(portal: "Portal", params: Params) -> object:
    """Let a stage demand fields, `{"entity": "deal", "stage": "WON", "fields": ["COMMENTS"]}`."""
    name = f"{params['entity']}.{params['stage']}"
    demands = {**(kept(portal, DEMANDS) or {}), name: list(params["fields"])}
    keep(portal, DEMANDS, demands)
    return demands


def insist(portal: "Portal", entity: Entity, before: Row, sent: Row) -> None:
    """Look whether an item has what its kind and its stage demand.

    Args:
        before: The row that is changed, empty for a new item.
        sent: What is written, in the row's words.

    Raises:
        PortalRefusal: A field is empty, with its title.
    """
    stage = _stage(portal, entity, before, sent)
    has_moved = stage != before.get(entity.staging.field) if entity.staging else False
    if before and (not has_moved or stages.changed_funnel(before, {**before, **sent})):
        return
    fields = portal.tables[entity.name].schema.fields
    is_strict = portal.switches.items_demand_user_fields
    demanded = [name for name, field in fields.items() if is_strict and _must(field.descriptor)]
    demanded += (kept(portal, DEMANDS) or {}).get(f"{entity.name}.{stage}", [])
    for name in demanded:
        if sent.get(name, before.get(name)) in (None, "", [], "0.00"):
            title = fields[name].descriptor["title"] if name in fields else name
            text = f'Поле "{title}" обязательно для заполнения'
            raise PortalRefusal("CRM_FIELD_ERROR_REQUIRED", text)


def _must(descriptor: Params) -> bool:
    """Of the kinds' own fields none is insisted on: which are is a setting of the portal."""
    return bool(descriptor.get("isDynamic") and descriptor.get("isRequired"))


def _stage(portal: "Portal", entity: Entity, before: Row, sent: Row) -> str | None:
    if entity.staging is None:
        return None
    category = sent.get("CATEGORY_ID", before.get("CATEGORY_ID"))
    known = stages.ends(portal, stages.directory(entity.staging, category))
    wanted, was = sent.get(entity.staging.field), before.get(entity.staging.field)
    if wanted in known:
        return str(wanted)
    return was if was in known else next(iter(known), None)


def set_stock(portal: "Portal", params: Params) -> object:
    """Lay goods into a store, `{"product": 1, "store": 1, "amount": 5}`; returns the balance."""
    table, products = portal.tables["store_product"], portal.tables["product"]
    product, store = str(params["product"]), str(params["store"])
    balances = table.with_value("PRODUCT_ID", product)
    number = next((one for one in balances if table.rows[one]["STORE_ID"] == store), 0)
    number = number or table.new_id()
    row = {"ID": str(number), "PRODUCT_ID": product, "STORE_ID": store}
    row |= {"AMOUNT": f"{float(params['amount']):g}", "QUANTITY_RESERVED": "0"}
    table.put(number, row)
    numbers = table.with_value("PRODUCT_ID", product)
    total = sum(float(table.rows[one]["AMOUNT"]) for one in numbers)
    products.put(int(product), {**products.rows[int(product)], "QUANTITY": f"{total:g}"})
    return {"amount": total}
