"""Stages and funnels: which stage a record stands in, what that means, where it has been.

Source: b24restdocs: api-reference/crm/status/*.md, crm/universal/category/*.md,
crm/crm-stage-history-list.md. That leaving the work closes a deal, and that a funnel comes with
stages of its own, is inferred.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import moments
from b24_emulator.calls import Caller
from b24_emulator.entity import Entity, Staging
from b24_emulator.schema import packaged
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

IN_WORK, WON, LOST = "P", "S", "F"
CREATED, MOVED, ENDED, OTHER_FUNNEL = "1", "2", "3", "5"
"""TYPE_ID of a step in the history."""


def directory(staging: Staging, category: str | None) -> str:
    """ENTITY_ID of the stages of a funnel; the deals' general one has no number."""
    if not staging.funnels or category in (None, "", "0"):
        return staging.directory
    return f"{staging.directory}_{category}"


def ends(portal: "Portal", name: str) -> Mapping[str, str]:
    """How each stage of a directory ends (P, S, F), in the order of the stages."""
    if name not in portal.stages:
        table = portal.tables["status"]
        rows = [table.rows[number] for number in table.with_value("ENTITY_ID", name)]
        rows.sort(key=lambda row: (int(row["SORT"]), int(row["ID"])))
        portal.stages[name] = {row["STATUS_ID"]: row["SEMANTICS"] or IN_WORK for row in rows}
    return portal.stages[name]


def settled(
    portal: "Portal", entity: Entity, before: Row, row: Row, caller: Caller
) -> dict[str, Any]:  # Any: texts
    """What a record's stage is after a write, and what follows from it.

    A stage of another funnel, or of none, leaves the record where it stood; a new record, and
    one that came into the funnel, begins at the first stage.
    """
    staging = entity.staging
    if staging is None:
        return {}
    category = row.get("CATEGORY_ID")
    if staging.funnels and int(category or 0) not in portal.tables[staging.funnels].rows:
        category = "0"
    known = ends(portal, directory(staging, category))
    was, stage = before.get(staging.field), row[staging.field]
    if stage not in known:
        stage = was if was in known else next(iter(known), None)
    semantics = known.get(stage or "", IN_WORK)
    follows: dict[str, Any] = {
        staging.semantics: semantics,
        "CLOSED": "N" if semantics == IN_WORK else "Y",
        "CATEGORY_ID": category,
        "IS_NEW": "Y" if stage == next(iter(known), None) else "N",
    }
    now = moments.written(portal.now_s)
    if before and stage != was:
        follows |= {"MOVED_BY_ID": caller.user_id, "MOVED_TIME": now, "PREVIOUS_STAGE_ID": was}
    if semantics == IN_WORK:
        follows["DATE_CLOSED"] = ""
    elif stage != was:
        follows["DATE_CLOSED"] = now
    return {staging.field: stage, **{n: v for n, v in follows.items() if n in row}}


def changed_funnel(before: Row, row: Row) -> bool:
    return bool(before) and before.get("CATEGORY_ID") != row.get("CATEGORY_ID")


def note(portal: "Portal", entity: Entity, before: Row, row: Row) -> None:
    """Enter a step into the history, if the record made one."""
    staging = entity.staging
    if staging is None or not staging.has_history:
        return
    stage, category = row[staging.field], row.get("CATEGORY_ID")
    if before and before[staging.field] == stage and not changed_funnel(before, row):
        return
    end = ends(portal, directory(staging, category)).get(stage or "", IN_WORK)
    kind = CREATED if not before else MOVED if end == IN_WORK else ENDED
    table = portal.tables["stagehistory"]
    number = table.new_id()
    step = {
        "ID": str(number),
        "TYPE_ID": OTHER_FUNNEL if changed_funnel(before, row) else kind,
        "OWNER_ID": row["ID"],
        "CREATED_TIME": moments.written(portal.now_s),
        "CATEGORY_ID": category or "0",
        "STAGE_SEMANTIC_ID": end,
        "STAGE_ID": stage,
        "OWNER_TYPE_ID": str(entity.type_id),
    }
    table.put(number, step)


def furnish(portal: "Portal", staging: Staging | None, category: str) -> None:
    """Give a new funnel its stages, if its kind has any."""
    if staging is None:
        return
    table, name = portal.tables["status"], directory(staging, category)
    for values in packaged("stage_sets.json")[staging.template]:
        number = table.new_id()
        row = {
            **dict.fromkeys(table.schema.plain),
            **table.schema.defaults,
            **values,
            "ID": str(number),
            "ENTITY_ID": name,
            "STATUS_ID": f"{staging.prefix}{category}:{values['STATUS_ID']}",
            "NAME_INIT": "",
            "CATEGORY_ID": category,
        }
        table.put(number, row)
    forget(portal)


def clear(portal: "Portal", staging: Staging | None, category: str) -> None:
    """Take a funnel's stages away with it."""
    if staging is None:
        return
    table = portal.tables["status"]
    for number in list(table.with_value("ENTITY_ID", directory(staging, category))):
        table.drop(number)
    forget(portal)


def forget(portal: "Portal") -> None:
    """Directories changed: what was remembered of them is read again."""
    portal.stages.clear()
    portal.first_statuses.clear()
