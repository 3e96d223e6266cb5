"""Departments: a tree with one root. Source: b24restdocs: api-reference/departments/*.md."""

from typing import Any

from b24_emulator import lists, php, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.entities import USER
from b24_emulator.methods.row import family
from b24_emulator.surroundings import DEPARTMENT
from b24_emulator.table import Row

SCOPE = ("department",)
LABELS = {
    "ID": "ID",
    "NAME": "Название подразделения",
    "SORT": "Поле для сортировки",
    "PARENT": "Родительское подразделение",
    "UF_HEAD": "Руководитель подразделения",
}
ONE_ROOT = "There can only be one top-level department in the company structure"


def _shown(row: Row) -> dict[str, Any]:  # Any: JSON
    """SORT is a number; a parent and a head that are not there are left out."""
    shown = {"ID": row["ID"], "NAME": row["NAME"], "SORT": int(row["SORT"])}
    return shown | {name: row[name] for name in ("PARENT", "UF_HEAD") if row[name]}


def _get(call: Call) -> Result:
    flat = {
        name: call.params[name]
        for name in ("id", "name", "parent", "uf_head")
        if name in call.params
    }
    field, direction = call.text("sort") or "ID", call.text("order") or "ASC"
    asked = {"filter": flat, "order": {field: direction}, "start": call.params.get("start")}
    table = call.portal.tables[DEPARTMENT.name]
    found = lists.find(table, lists.query(DEPARTMENT.schema, asked), call.portal.limits.page_size)
    return Result([_shown(row) for row in found.rows], found.total or 0, found.next_start)


def _check_parent(call: Call, number: str, sent: dict[str, Any]) -> None:  # Any: what was sent
    table = call.portal.tables[DEPARTMENT.name]
    parent = php.integer(sent.get("PARENT"))
    if parent not in table.rows:
        raise refusals.save_failed(ONE_ROOT)
    while parent:
        if str(parent) == number:
            raise refusals.save_failed(ONE_ROOT)
        parent = php.integer(table.rows[parent]["PARENT"])


def _sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    return {name.upper(): value for name, value in call.params.items() if name.upper() in LABELS}


def _add(call: Call) -> Result:
    sent = _sent(call)
    if not sent.get("NAME"):
        raise refusals.save_failed("Department name not provided.<br>")
    _check_parent(call, "", sent)
    return Result(records.add(call.portal, DEPARTMENT, sent, call.caller))


def _row(call: Call) -> Row:
    row = call.portal.tables[DEPARTMENT.name].rows.get(php.integer(call.params.get("id")))
    if row is None:
        raise refusals.save_failed("Department not found")
    return row


def _update(call: Call) -> Result:
    row, sent = _row(call), _sent(call)
    if "PARENT" in sent:
        _check_parent(call, row["ID"], sent)
    records.update(call.portal, DEPARTMENT, int(row["ID"]), sent, call.caller)
    return Result(value=True)


def _delete(call: Call) -> Result:
    """Its departments and people go one level up (inferred)."""
    row = _row(call)
    if not row["PARENT"]:
        raise refusals.save_failed(ONE_ROOT)
    table, users = call.portal.tables[DEPARTMENT.name], call.portal.tables[USER.name]
    for child in list(table.with_value("PARENT", row["ID"])):
        table.put(child, {**table.rows[child], "PARENT": row["PARENT"]})
    gone, parent = int(row["ID"]), int(row["PARENT"])
    for number, user in list(users.rows.items()):
        own = user.get("UF_DEPARTMENT") or []
        if gone in own:
            moved = dict.fromkeys(parent if one == gone else one for one in own)
            users.put(number, {**user, "UF_DEPARTMENT": list(moved)})
    table.drop(gone)
    return Result(value=True)


ROWS = family(
    "department",
    "api-reference/departments/department",
    {
        "fields": lambda call: Result(LABELS),
        "get": _get,
        "add": _add,
        "update": _update,
        "delete": _delete,
    },
    SCOPE,
)
