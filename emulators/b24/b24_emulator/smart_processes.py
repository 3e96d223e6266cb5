"""Smart processes: kinds of records that the portal's people define.

Source: b24restdocs: api-reference/crm/universal/user-defined-object-types/*.md.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import funnels, php, user_fields
from b24_emulator.documents import TYPE, dynamic
from b24_emulator.entity import Entity
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row, Table

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

FIRST_NUMBER = 1030
FIELDS_OF_FLAGS = {
    "IS_BEGIN_CLOSE_DATES_ENABLED": ("begindate", "closedate"),
    "IS_CLIENT_ENABLED": ("companyId", "contactId", "contactIds", "contacts"),
    "IS_MYCOMPANY_ENABLED": ("mycompanyId",),
    "IS_OBSERVERS_ENABLED": ("observers",),
    "IS_SOURCE_ENABLED": ("sourceId", "sourceDescription"),
    "IS_STAGES_ENABLED": ("stageId", "previousStageId"),
    "IS_LINK_WITH_PRODUCTS_ENABLED": (
        "opportunity",
        "isManualOpportunity",
        "taxValue",
        "currencyId",
        "opportunityAccount",
        "taxValueAccount",
        "accountCurrencyId",
    ),
}
"""What an item has only if its kind has the flag."""
PARENTS = ("1", "2", "7", "31")


def of_row(row: Row) -> Entity:
    """The kind of records that a type's row defines."""
    return dynamic(int(row["ENTITY_TYPE_ID"]), int(row["ID"]), row["TITLE"] or "Смарт-процесс")


def all_of(tables: Mapping[str, Table]) -> list[Entity]:
    return [of_row(row) for row in tables[TYPE.name].rows.values()]


def find(tables: Mapping[str, Table], type_id: int) -> Row | None:
    """The row that defines an entityTypeId."""
    table = tables[TYPE.name]
    return next((table.rows[n] for n in table.with_value("ENTITY_TYPE_ID", type_id)), None)


def hidden_fields(row: Row) -> frozenset[str]:
    """What items of a type do not have."""
    off = {name for flag, names in FIELDS_OF_FLAGS.items() if row[flag] != "Y" for name in names}
    parents = (row["RELATIONS"] or {}).get("parent", [])
    known = {str(one["entityTypeId"]) for one in parents}
    return frozenset(off | {f"parentId{number}" for number in PARENTS if number not in known})


def number_for(portal: "Portal", sent: object) -> str:
    """The entityTypeId of a new type: the one that was asked for, or the next free one.

    Raises:
        PortalRefusal: It is out of range or taken.
    """
    taken = {int(row["ENTITY_TYPE_ID"]) for row in portal.tables[TYPE.name].rows.values()}
    if sent in (None, "", 0, "0"):
        return str(max([number for number in taken if number >= FIRST_NUMBER], default=1028) + 2)
    number = php.integer(sent)
    in_range = 128 <= number <= 192 or (number >= FIRST_NUMBER and number % 2 == 0)
    if not in_range or number in taken:
        raise PortalRefusal("INVALID_ARG_VALUE", "entityTypeId is out of allowed range")
    return str(number)


def open_tables(portal: "Portal", row: Row) -> None:
    """Give a new type its table, and a general funnel with stages."""
    entity = of_row(row)
    portal.tables[entity.name] = Table(entity.schema)
    user_fields.refit(portal.tables, entity)
    funnels.add(portal, entity, {"NAME": "Общая", "IS_DEFAULT": "Y", "IS_SYSTEM": "N"})


def close_tables(portal: "Portal", row: Row) -> None:
    """Take away what only a type's items needed.

    Raises:
        PortalRefusal: There are items.
    """
    entity = of_row(row)
    if portal.tables[entity.name].rows:
        text = "You cannot delete an entity type that has elements"
        raise PortalRefusal("BX_ERROR", text)
    for funnel in funnels.rows(portal, entity):
        funnels.delete(portal, entity, funnel["ID"])
    del portal.tables[entity.name]


def relations_of(sent: Any, before: Any) -> dict[str, list[dict[str, Any]]]:  # Any: JSON
    """`relations` as they are kept; flags inside are sent as words."""
    given = sent if isinstance(sent, dict) else before or {}
    return {
        side: [
            {
                "entityTypeId": php.integer(one.get("entityTypeId")),
                "isChildrenListEnabled": _flag(one.get("isChildrenListEnabled")),
                "isPredefined": _flag(one.get("isPredefined")),
            }
            for one in php.rows(given.get(side))
            if isinstance(one, dict)
        ]
        for side in ("parent", "child")
    }


def _flag(value: object) -> str:
    return "Y" if php.flag(value) else "N"


LINKED = ("CALENDAR_EVENT|UF_CRM_CAL_EVENT", "TASKS_TASK|UF_CRM_TASK",
          "TASKS_TASK_TEMPLATE|UF_CRM_TASK")  # fmt: skip


def linked_fields_of(sent: Any, before: Any) -> dict[str, str]:  # Any: JSON
    given = sent if isinstance(sent, dict) else before or {}
    return {name: _flag(given.get(name, "")) for name in LINKED}
