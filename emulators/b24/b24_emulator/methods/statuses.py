"""Directories. Source: b24restdocs: api-reference/crm/status/*.md."""

from b24_emulator import lists
from b24_emulator.calls import Call, Result
from b24_emulator.entities import STATUS
from b24_emulator.methods.records import fields_of, get_of
from b24_emulator.methods.row import CRM, Method
from b24_emulator.schema import packaged
from b24_emulator.table import Row
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/crm/status"
SEMANTICS = {"S": "success", "F": "failure"}
NO_PAGES = 1_000_000


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


def _entity_items(call: Call) -> Result:
    table = call.portal.tables[STATUS.name]
    directory = call.text("entityid")
    rows = [table.rows[number] for number in table.with_value("ENTITY_ID", directory)]
    rows.sort(key=lambda row: int(row["SORT"]))
    return Result(
        [
            {"NAME": row["NAME"], "SORT": int(row["SORT"]), "STATUS_ID": row["STATUS_ID"]}
            for row in rows
        ]
    )


def _entity_types(call: Call) -> Result:
    directories = packaged("fresh_portal.json")["entities"]
    return Result([{"ID": name, "NAME": title} for name, title in directories.items()])


ROWS = (
    Method("crm.status.fields", fields_of(STATUS), CRM, documented(f"{PAGE}/crm-status-fields")),
    Method("crm.status.list", _list, CRM, documented(f"{PAGE}/crm-status-list")),
    Method("crm.status.get", _get, CRM, documented(f"{PAGE}/crm-status-get")),
    Method(
        "crm.status.entity.items",
        _entity_items,
        CRM,
        documented(f"{PAGE}/crm-status-entity-items"),
    ),
    Method(
        "crm.status.entity.types",
        _entity_types,
        CRM,
        documented(f"{PAGE}/crm-status-entity-types"),
    ),
)
