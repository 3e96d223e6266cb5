"""Lists of people to call. Source: b24restdocs: api-reference/crm/call-list/*.md."""

from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.entities import COMPANY, CONTACT, STATUS
from b24_emulator.methods.row import family
from b24_emulator.methods.statuses import items_of
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept

KINDS = {"CONTACT": CONTACT, "COMPANY": COMPANY}
DIRECTORY, FIRST = "CALL_LIST", "IN_WORK"
Entry = dict[str, Any]  # Any: JSON
SHOWN = ("ID", "DATE_CREATE", "CREATED_BY_ID", "WEBFORM_ID", "ENTITY_TYPE_ID", "ENTITY_TYPE")


def _all(call: Call) -> dict[str, Entry]:
    return dict(kept(call.portal, "call.lists") or {})


def _people(call: Call) -> tuple[str, list[int]]:
    """Kind and numbers of those to call.

    Raises:
        PortalRefusal: A parameter is missing or wrong.
    """
    kind, sent = call.text("entity_type").upper(), call.params.get("entities")
    for name, value in (("ENTITY_TYPE", kind), ("ENTITIES", sent)):
        if not value:
            raise PortalRefusal("ERROR_ARGUMENT", f"{name} is not found")
    if kind not in KINDS:
        raise PortalRefusal("ENTITY_TYPE_ERROR", "Incorrect entity type")
    if not isinstance(sent, list | dict):
        raise PortalRefusal("ENTITIES_ERROR", "Entities is not array")
    numbers = [php.integer(one) for one in php.rows(sent)]
    known = call.portal.tables[KINDS[kind].name].rows
    if not all(number in known for number in numbers):
        raise PortalRefusal("ENTITY_ERROR", "Incorrect entities id")
    return kind, numbers


def _put(call: Call, entry: Entry) -> None:
    keep(call.portal, "call.lists", {**_all(call), entry["ID"]: entry})


def _add(call: Call) -> Result:
    kind, numbers = _people(call)
    number = max((int(key) for key in _all(call)), default=0) + 1
    entry = {
        "ID": str(number),
        "DATE_CREATE": call.now()[:19].replace("T", " "),
        "CREATED_BY_ID": call.caller.user_id,
        "WEBFORM_ID": call.text("webform_id") or None,
        "ENTITY_TYPE_ID": str(KINDS[kind].type_id),
        "ENTITY_TYPE": kind,
        "ITEMS": numbers,
    }
    _put(call, entry)
    return Result(number)


def _entry(call: Call, name: str) -> Entry:
    if not call.text(name):
        raise PortalRefusal("ERROR_ARGUMENT", f"{name.upper()} is not found")
    found = _all(call).get(str(php.integer(call.text(name))))
    if found is None:
        raise PortalRefusal("LIST_ID_ERROR", "Incorrect list id")
    return found


def _get(call: Call) -> Result:
    entry = _entry(call, "id")
    return Result({name: entry[name] for name in SHOWN})


def _list(call: Call) -> Result:
    select = {str(name).upper() for name in php.rows(call.params.get("select"))} or set(SHOWN)
    rows = list(_all(call).values())[::-1]
    return Result([{n: row[n] for n in SHOWN if n in select or n == "ID"} for row in rows])


def _items(call: Call) -> Result:
    entry = _entry(call, "list_id")
    wanted = str(call.tree("filter").get("STATUS") or FIRST)
    if wanted not in {item["STATUS_ID"] for item in items_of(call.portal, DIRECTORY)}:
        raise PortalRefusal("STATUS_ERROR", "Incorrect status")
    numbers = entry["ITEMS"] if wanted == FIRST else []
    kind = int(entry["ENTITY_TYPE_ID"])
    return Result([{"ID": one, "STATUS": FIRST, "ENTITY_TYPE": kind} for one in numbers])


def _update(call: Call) -> Result:
    entry = _entry(call, "list_id")
    kind, numbers = _people(call)
    if kind != entry["ENTITY_TYPE"]:
        raise PortalRefusal("ENTITY_TYPE_ERROR", "Discrepancy of entity types")
    _put(call, {**entry, "ITEMS": numbers})
    return Result(value=True)


def _statuses(call: Call) -> Result:
    table = call.portal.tables[STATUS.name]
    rows = [table.rows[number] for number in table.with_value("ENTITY_ID", DIRECTORY)]
    return Result(
        [
            {
                "ID": int(row["ID"]),
                "NAME": row["NAME"],
                "SORT": int(row["SORT"]),
                "STATUS_ID": row["STATUS_ID"],
            }
            for row in sorted(rows, key=lambda row: int(row["SORT"]))
        ]
    )


ROWS = family(
    "crm.calllist",
    "api-reference/crm/call-list/crm-calllist",
    {
        "add": _add,
        "get": _get,
        "list": _list,
        "items.get": _items,
        "update": _update,
        "statuslist": _statuses,
    },
)
