"""The directories of crm.status: those of every portal, and the stages of each funnel.

Source: b24restdocs: api-reference/crm/status/crm-status-entity-types.md.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from b24_emulator import funnels, stages
from b24_emulator.documents import DEAL
from b24_emulator.entity import Entity
from b24_emulator.items import documents_of
from b24_emulator.schema import packaged
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory.

    Attributes:
        name: ENTITY_ID of its rows.
        shown: Its row in crm.status.entity.types.
        type_id: entityTypeId of what stands in its stages, 0 for none.
        category: Number of its funnel.
        prefix: What its STATUS_IDs begin with, `""` for nothing.
    """

    name: str
    shown: dict[str, Any]  # Any: JSON
    type_id: int = 0
    category: str = "0"
    prefix: str = ""

    @property
    def is_stages(self) -> bool:
        return "SEMANTIC_INFO" in self.shown

    def prefixed(self, status_id: str) -> str:
        """The code as it is kept; the portal puts the funnel before it."""
        has = not self.prefix or status_id.startswith(f"{self.prefix}:")
        return status_id if has else f"{self.prefix}:{status_id}"


OF_OLD = {"INVOICE_STATUS": 5}


def directories(portal: "Portal") -> list[Directory]:
    """All directories of a portal."""
    staged: dict[str, Directory] = {}
    for entity in documents_of(portal):
        staged |= {one.name: one for one in _of(portal, entity)}
    plain = [
        staged.pop(name, Directory(name, {"ID": name, "NAME": title}, OF_OLD.get(name, 0)))
        for name, title in packaged("fresh_portal.json")["entities"].items()
    ]
    return [*plain, *staged.values()]


def _of(portal: "Portal", entity: Entity) -> list[Directory]:
    staging = entity.staging
    assert staging is not None
    if not staging.funnels:
        names = {"STATUS": "Стадии лида", "QUOTE_STATUS": "Стадии предложения"}
        shown = {
            "ID": staging.directory,
            "NAME": names[staging.directory],
            "SEMANTIC_INFO": _ends(portal, staging.directory),
            "ENTITY_TYPE_ID": entity.type_id,
        }
        return [Directory(staging.directory, shown, entity.type_id)]
    return [_of_funnel(portal, entity, row) for row in funnels.rows(portal, entity)]


def _of_funnel(portal: "Portal", entity: Entity, row: Row) -> Directory:
    assert entity.staging is not None
    number = row["ID"]
    name = stages.directory(entity.staging, number)
    prefix = f"{entity.staging.prefix}{number}" if number != "0" else ""
    shown: dict[str, Any] = {"ID": name, "NAME": f"Стадии сделки {row['NAME']}"}  # Any: JSON
    if entity is DEAL:
        if number != "0":
            shown["PARENT_ID"] = entity.staging.directory
        shown["SEMANTIC_INFO"] = _ends(portal, name)
        if prefix:
            shown["PREFIX"] = prefix
        shown |= {
            "FIELD_ATTRIBUTE_SCOPE": f"category_{number}" if number != "0" else "",
            "ENTITY_TYPE_ID": entity.type_id,
            "CATEGORY_ID": number if number != "0" else 0,
        }
        return Directory(name, shown, entity.type_id, number, prefix)
    shown |= {
        "NAME": f"{entity.title.removesuffix(' #{}')} ({row['NAME']})",
        "SEMANTIC_INFO": [],
        "PREFIX": prefix,
        "FIELD_ATTRIBUTE_SCOPE": f"category_{number}",
        "ENTITY_TYPE_ID": entity.type_id,
        "IS_ENABLED": True,
        "CATEGORY_ID": int(number),
    }
    return Directory(name, shown, entity.type_id, number, prefix)


def _ends(portal: "Portal", name: str) -> dict[str, Any]:  # Any: JSON
    known = stages.ends(portal, name)
    first = next(iter(known), "")
    ended = {end: next((s for s, e in known.items() if e == end), "") for end in ("S", "F")}
    return {
        "START_FIELD": first,
        "FINAL_SUCCESS_FIELD": ended["S"],
        "FINAL_UNSUCCESS_FIELD": ended["F"],
        "FINAL_SORT": 0,
    }
