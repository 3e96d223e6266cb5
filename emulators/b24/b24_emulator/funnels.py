"""Funnels (categories): rows of each kind of record that has them, and which one is general.

Contacts and companies have a general funnel that nobody made and that has no row; everybody
else's general funnel is a row. Source: b24restdocs: api-reference/crm/universal/category/*.md.
"""

from typing import TYPE_CHECKING

from b24_emulator import php, stages
from b24_emulator.entities import CATEGORY
from b24_emulator.entity import Entity
from b24_emulator.moments import written
from b24_emulator.table import Row, Table

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

GENERAL_NAME, GENERAL_SORT = "Общая", 500


def has_funnels(entity: Entity) -> bool:
    return entity.staging is None or bool(entity.staging.funnels)


def is_virtual(entity: Entity) -> bool:
    """Whether the general funnel has no row."""
    return entity.staging is None


def table(portal: "Portal", entity: Entity) -> Table:
    return portal.tables[(entity.staging and entity.staging.funnels) or CATEGORY.name]


def general_row(entity: Entity) -> Row:
    """The funnel that nobody made; its name and place are inferred."""
    row = {**CATEGORY.schema.defaults, "ID": 0, "NAME": GENERAL_NAME, "SORT": GENERAL_SORT}
    return {**row, "ENTITY_TYPE_ID": entity.type_id, "IS_DEFAULT": "Y"}


def rows(portal: "Portal", entity: Entity) -> list[Row]:
    """All funnels of a kind, the one without a row among them, by SORT."""
    kept = table(portal, entity)
    made = [kept.rows[number] for number in kept.with_value("ENTITY_TYPE_ID", entity.type_id)]
    found = [general_row(entity), *made] if is_virtual(entity) else made
    return sorted(found, key=lambda row: (int(row["SORT"]), int(row["ID"])))


def row(portal: "Portal", entity: Entity, number: int) -> Row | None:
    return next((one for one in rows(portal, entity) if int(one["ID"]) == number), None)


def general(portal: "Portal", entity: Entity) -> int:
    """Number of the funnel that a record gets if nobody names one."""
    if is_virtual(entity) or not has_funnels(entity):
        return 0
    found = (int(one["ID"]) for one in rows(portal, entity) if one["IS_DEFAULT"] == "Y")
    return next(found, 0)


def of_new(portal: "Portal", entity: Entity, sent: object) -> int:
    """The funnel of a new record; what is none of its kind is the general one (inferred)."""
    if has_funnels(entity) and sent not in (None, "") and row(portal, entity, php.integer(sent)):
        return php.integer(sent)
    return general(portal, entity)


def add(portal: "Portal", entity: Entity, values: Row) -> Row:
    """Make a funnel with stages of its own."""
    kept = table(portal, entity)
    defaults = {n: v for n, v in kept.schema.defaults.items() if not isinstance(v, dict)}
    number = kept.new_id()
    new = {**defaults, **values, "ENTITY_TYPE_ID": str(entity.type_id), "ID": str(number)}
    if "CREATED_DATE" in kept.schema.fields:
        new["CREATED_DATE"] = written(portal.now_s)
    _put(portal, entity, new)
    stages.furnish(portal, entity.staging, str(number))
    return kept.rows[number]


def update(portal: "Portal", entity: Entity, before: Row, values: Row) -> Row:
    changed = {**before, **values}
    _put(portal, entity, changed)
    return changed


def _put(portal: "Portal", entity: Entity, new: Row) -> None:
    """Keep a row; of a kind's funnels one is general."""
    kept = table(portal, entity)
    if new["IS_DEFAULT"] == "Y":
        for other in list(kept.with_value("ENTITY_TYPE_ID", entity.type_id)):
            kept.put(other, {**kept.rows[other], "IS_DEFAULT": "N"})
    kept.put(int(new["ID"]), new)


def is_used(portal: "Portal", entity: Entity, number: str) -> bool:
    records = portal.tables[entity.name].rows.values()
    return any(record["CATEGORY_ID"] == number for record in records)


def delete(portal: "Portal", entity: Entity, number: str) -> None:
    table(portal, entity).drop(int(number))
    stages.clear(portal, entity.staging, number)
