"""Directories and stages. Source: b24restdocs: api-reference/crm/status/*.md."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import lists, php, refusals, stages
from b24_emulator.calls import Call, Result
from b24_emulator.directories import Directory, directories
from b24_emulator.entities import STATUS
from b24_emulator.items import entity_of
from b24_emulator.methods.records import fields_of, get_of
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

SEMANTICS = {"S": "success", "F": "failure"}
NO_PAGES = 1_000_000
LENGTHS = {"STATUS": 21, "QUOTE_STATUS": 22, "DEAL_STAGE": 22}
LENGTH_MAX = 50
Fields = dict[str, Any]  # Any: what was sent


def _list(call: Call) -> Result:
    """All rows at once: this list has no pages."""
    table = call.portal.tables[STATUS.name]
    asked = {"filter": call.tree("filter"), "order": call.tree("order")}
    found = lists.find(table, lists.query(STATUS.schema, asked), NO_PAGES)
    return Result([_shown(row) for row in found.rows], found.total)


def _get(call: Call) -> Result:
    return Result(_shown(get_of(STATUS)(call).value))


def _shown(row: Row) -> Row:
    """A row with EXTRA; only stages have a colour and say how they end."""
    if not row["COLOR"]:
        return {**row, "EXTRA": []}
    semantics = SEMANTICS.get(row["SEMANTICS"], "process")
    return {**row, "EXTRA": {"SEMANTICS": semantics, "COLOR": row["COLOR"]}}


def items_of(portal: "Portal", directory: str) -> list[dict[str, Any]]:  # Any: JSON
    """NAME, SORT as a number, STATUS_ID of a directory's rows, by SORT."""
    table = portal.tables[STATUS.name]
    rows = [table.rows[number] for number in table.with_value("ENTITY_ID", directory)]
    rows.sort(key=lambda row: (int(row["SORT"]), int(row["ID"])))
    return [
        {"NAME": row["NAME"], "SORT": int(row["SORT"]), "STATUS_ID": row["STATUS_ID"]}
        for row in rows
    ]


def _entity_items(call: Call) -> Result:
    return Result(items_of(call.portal, call.text("entityid")))


def _entity_types(call: Call) -> Result:
    return Result([one.shown for one in directories(call.portal)])


def _add(call: Call) -> Result:
    portal, fields = call.portal, _upper(call.tree("fields"))
    for name, title in (("ENTITY_ID", "ENTITY_ID"), ("STATUS_ID", "STATUS_ID"), ("NAME", "Title")):
        if not fields.get(name):
            raise refusals.not_found(f"The field {title} is required.")
    found = next((one for one in directories(portal) if one.name == fields["ENTITY_ID"]), None)
    if found is None:
        raise refusals.not_found("Specified entity type is not supported.")
    status_id = found.prefixed(str(fields["STATUS_ID"]))
    limit = next((n for start, n in LENGTHS.items() if found.name.startswith(start)), LENGTH_MAX)
    if len(status_id) > limit:
        text = f"The field STATUS_ID is too long: the maximum length is {limit}."
        raise refusals.save_failed(text)
    table = portal.tables[STATUS.name]
    if any(item["STATUS_ID"] == status_id for item in items_of(portal, found.name)):
        raise refusals.save_failed("The specified status ID already exists.")
    number = table.new_id()
    row = dict.fromkeys(table.schema.plain) | dict(table.schema.defaults)
    row |= {"ENTITY_ID": found.name, "STATUS_ID": status_id, "CATEGORY_ID": found.category}
    row |= {"COLOR": "#ACE9FB" if found.is_stages else "", "NAME_INIT": ""}
    table.put(number, {**row, **_values(found, fields), "ID": str(number)})
    stages.forget(portal)
    return Result(number)


def _update(call: Call) -> Result:
    """Code, directory and SYSTEM stay as they are."""
    row = _require(call)
    found = next(one for one in directories(call.portal) if one.name == row["ENTITY_ID"])
    changed = {**row, **_values(found, _upper(call.tree("fields")))}
    call.portal.tables[STATUS.name].put(int(row["ID"]), changed)
    stages.forget(call.portal)
    return Result(value=True)


def _values(found: Directory, fields: Fields) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    extra = fields.get("EXTRA")
    given = {**fields, **(_upper(extra) if isinstance(extra, dict) else {})}
    if given.get("NAME"):
        values["NAME"] = str(given["NAME"])
    if "SORT" in given:
        values["SORT"] = str(php.integer(given["SORT"]))
    if "COLOR" in given:
        values["COLOR"] = str(given["COLOR"] or "")
    if "SEMANTICS" in given and found.is_stages:
        word = str(given["SEMANTICS"] or "").upper()
        ends = {"S": "S", "F": "F", "SUCCESS": "S", "FAILURE": "F", "APOLOGY": "F"}
        values["SEMANTICS"] = ends.get(word)
    return values


def _delete(call: Call) -> Result:
    portal, row = call.portal, _require(call)
    params = _upper(call.tree("params"))
    if row["SYSTEM"] == "Y" and not php.flag(params.get("FORCED", "")):
        text = "CRM System Status can be deleted only if parameter FORCED is specified"
        raise refusals.not_found(f'{text} and equal to "Y".')
    found = next(one for one in directories(portal) if one.name == row["ENTITY_ID"])
    entity = entity_of(portal, found.type_id)
    if entity is not None and entity.staging is not None:
        field, records = entity.staging.field, portal.tables[entity.name].rows.values()
        if any(record[field] == row["STATUS_ID"] for record in records):
            raise PortalRefusal("", "There are active items in this status.")
    portal.tables[STATUS.name].drop(int(row["ID"]))
    stages.forget(portal)
    return Result(value=True)


def _require(call: Call) -> Row:
    row = call.portal.tables[STATUS.name].rows.get(call.number())
    if row is None:
        raise refusals.not_found("Status is not found.")
    return row


def _upper(fields: Mapping[str, Any]) -> Fields:  # Any: what was sent
    return {str(name).upper(): value for name, value in fields.items()}


ROWS = family(
    "crm.status",
    "api-reference/crm/status/crm-status",
    {
        "fields": fields_of(STATUS),
        "list": _list,
        "get": _get,
        "add": _add,
        "update": _update,
        "delete": _delete,
        "entity.items": _entity_items,
        "entity.types": _entity_types,
    },
)
