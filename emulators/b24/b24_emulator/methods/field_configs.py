"""User fields of any CRM record in the newer dialect.

Source: b24restdocs: api-reference/crm/universal/userfieldconfig/*.md.
"""

from typing import Any

from b24_emulator import lists, php, user_fields
from b24_emulator.calls import Call, Result
from b24_emulator.entities import ENTITIES, USER_FIELD
from b24_emulator.entity import Entity
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Method, family
from b24_emulator.methods.statuses import NO_PAGES
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import upper
from b24_emulator.smart_processes import all_of
from b24_emulator.table import Row
from b24_emulator.user_types import USER_TYPES

SCOPE = ("userfieldconfig",)
PLAIN = ("id", "entityId", "fieldName", "userTypeId", "xmlId", "sort", "multiple", "mandatory",
         "showFilter", "showInList", "editInList", "isSearchable", "settings")  # fmt: skip
LABELS = ("editFormLabel", "listColumnLabel", "listFilterLabel", "errorMessage", "helpMessage")
SHOWN_LANGUAGES = ("en", "ru")
IGNORED = {"showInList", "listColumnLabel", "listFilterLabel", "errorMessage", "label"}
"""What add does not take (the page of userfieldconfig.add)."""


def _entity(call: Call, name: object) -> Entity:
    """What an entityId names.

    Raises:
        PortalRefusal: Nothing that can have user fields.
    """
    known = [*ENTITIES.values(), *all_of(call.portal.tables)]
    found = next((one for one in known if one.user_fields and one.user_fields == name), None)
    if found is None:
        raise PortalRefusal("", "Access denied")
    return found


def _module(call: Call) -> None:
    if needed(call, "moduleId") != "crm":
        raise PortalRefusal("", "Access denied")


def _shown(call: Call, row: Row) -> dict[str, Any]:  # Any: JSON
    shown: dict[str, Any] = {name: row[upper(name)] for name in PLAIN}  # Any: JSON
    shown["languageId"] = {language: language for language in SHOWN_LANGUAGES}
    for name in LABELS:
        texts = row[upper(name)] or {}
        shown[name] = {language: texts.get(language) or None for language in SHOWN_LANGUAGES}
    if row["USER_TYPE_ID"] == "enumeration":
        shown["enum"] = [
            {
                "id": item["ID"],
                "userFieldId": row["ID"],
                "value": item["VALUE"],
                "def": item["DEF"],
                "sort": item["SORT"],
                "xmlId": item["XML_ID"],
            }
            for item in user_fields.items_of(call.portal.tables, int(row["ID"]))
        ]
    return shown


def _list(call: Call) -> Result:
    _module(call)
    sent = {upper(str(name)): value for name, value in call.tree("filter").items()}
    _entity(call, sent.get("ENTITY_ID"))
    order = {upper(str(name)): value for name, value in call.tree("order").items()}
    table = call.portal.tables[USER_FIELD.name]
    start = call.params.get("start")
    ask = lists.query(table.schema, {"filter": sent, "order": order, "start": start})
    found = lists.find(table, ask, call.portal.limits.page_size if start != -1 else NO_PAGES)
    rows = [_shown(call, table.rows[number]) for number in found.numbers]
    select = {str(name) for name in php.rows(call.params.get("select"))}
    if select and "*" not in select:
        rows = [{name: row[name] for name in row if name in select} for row in rows]
    return Result({"fields": rows}, found.total or 0, found.next_start)


def _row(call: Call) -> Row:
    _module(call)
    row = call.portal.tables[USER_FIELD.name].rows.get(php.integer(needed(call, "id")))
    if row is None:
        raise PortalRefusal("", "The entity is not found.")
    return row


def _get(call: Call) -> Result:
    return Result({"field": _shown(call, _row(call))})


def _sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    needed(call, "field")
    sent = {upper(str(n)): value for n, value in call.tree("field").items() if n not in IGNORED}
    if "ENUM" in sent:
        items = [item for item in php.rows(sent.pop("ENUM")) if isinstance(item, dict)]
        sent["LIST"] = [{upper(str(n)): value for n, value in item.items()} for item in items]
    return sent


def _add(call: Call) -> Result:
    _module(call)
    sent = _sent(call)
    entity = _entity(call, sent.get("ENTITY_ID"))
    name = str(sent.get("FIELD_NAME") or "")
    if name and not name.upper().startswith(f"UF_{entity.user_fields}_"):
        raise PortalRefusal("", "You cannot create custom fields")
    number = user_fields.add(call.portal, entity, sent, call.caller)
    return Result({"field": _shown(call, call.portal.tables[USER_FIELD.name].rows[number])})


def _update(call: Call) -> Result:
    row = _row(call)
    entity, number = _entity(call, row["ENTITY_ID"]), int(row["ID"])
    user_fields.update(call.portal, entity, number, _sent(call), call.caller)
    return Result({"field": _shown(call, call.portal.tables[USER_FIELD.name].rows[number])})


def _delete(call: Call) -> Result:
    row = _row(call)
    entity = _entity(call, row["ENTITY_ID"])
    user_fields.delete(call.portal, entity, int(row["ID"]), call.caller)
    return Result(None)


def _types(call: Call) -> Result:
    _module(call)
    return Result(
        {
            "types": {
                code: {"userTypeId": code, "description": kind.title}
                for code, kind in USER_TYPES.items()
            }
        }
    )


ROWS: tuple[Method, ...] = family(
    "userfieldconfig",
    "api-reference/crm/universal/userfieldconfig/userfieldconfig",
    {
        "list": _list,
        "get": _get,
        "add": _add,
        "update": _update,
        "delete": _delete,
        "gettypes": _types,
    },
    SCOPE,
)
