"""Where records have stood. Source: b24restdocs: api-reference/crm/crm-stage-history-list.md."""

from typing import Any

from b24_emulator import lists, php, rights
from b24_emulator.calls import Call, Result
from b24_emulator.documents import LEAD, STAGE_HISTORY
from b24_emulator.filters import Condition, Predicate, parted
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed, type_unsupported
from b24_emulator.methods.records import total_of
from b24_emulator.methods.row import CRM, Method
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Field
from b24_emulator.table import Row
from b24_emulator.values import NUMBERS
from sverka_emulator_kit.provenance import documented

OLD_INVOICE = 5
OF_LEADS = {"STATUS_SEMANTIC_ID": "STAGE_SEMANTIC_ID", "STATUS_ID": "STAGE_ID"}
"""A lead's words; it has no funnel either."""


def _list(call: Call) -> Result:
    type_id = php.integer(needed(call, "entityTypeId"))
    entity = entity_of(call.portal, type_id)
    has_history = entity is not None and entity.staging and entity.staging.has_history
    if not has_history and type_id != OLD_INVOICE:
        raise type_unsupported(type_id)
    own: Predicate = _of_type(str(type_id))
    names = {n: n for n in STAGE_HISTORY.schema.described}
    if entity is LEAD:
        names = {n: n for n in names if n not in (*OF_LEADS.values(), "CATEGORY_ID")} | OF_LEADS
    ask = lists.Query(
        conditions=[_condition(names, key, value) for key, value in call.tree("filter").items()],
        order=[_rank(names, name, word) for name, word in call.tree("order").items()],
        columns=list(STAGE_HISTORY.schema.fields),
        start=max(php.integer(call.params.get("start")), lists.WITHOUT_COUNT),
        groups=[own],
    )
    found = rights.find(call, STAGE_HISTORY.name, ask)
    select = [str(name) for name in php.rows(call.params.get("select"))]
    wanted = [n for n in names if not select or "*" in select or n in select or n == "ID"]
    items = [{name: _typed(names[name], row) for name in wanted} for row in found.rows]
    return Result({"items": items}, total_of(call, found), found.next_start)


def _of_type(type_id: str) -> Predicate:
    return lambda row: row["OWNER_TYPE_ID"] == type_id


def _typed(name: str, row: Row) -> Any:  # Any: JSON
    """Numbers as numbers (the documents); a recording of 2022 shows texts."""
    is_number = STAGE_HISTORY.schema.fields[name].kind in NUMBERS
    return int(row[name]) if is_number else row[name]


def _condition(names: dict[str, str], key: str, value: object) -> Condition:
    operator, name = parted(key)
    if name not in names:
        raise _invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    values = php.rows(value) if isinstance(value, list | dict) else [value]
    return Condition(STAGE_HISTORY.schema.fields[names[name]], operator, tuple(values))


def _rank(names: dict[str, str], name: str, direction: object) -> tuple[Field, bool]:
    word = str(direction).strip().upper()
    if name not in names:
        raise _invalid(f"Invalid order: field '{name}' is not allowed in order")
    if word not in ("ASC", "DESC"):
        text = f"allowed sort directions are ASC, DESC. But got '{direction}'"
        raise _invalid(f"Invalid order: {text} for field '{name}'")
    return STAGE_HISTORY.schema.fields[names[name]], word == "DESC"


def _invalid(text: str) -> PortalRefusal:
    return PortalRefusal("INVALID_ARG_VALUE", text)


ROWS = (
    Method(
        "crm.stagehistory.list",
        _list,
        CRM,
        documented("api-reference/crm/crm-stage-history-list"),
    ),
)
