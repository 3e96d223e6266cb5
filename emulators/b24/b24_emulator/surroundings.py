"""What stands around records: activities, comments, links of requisites, departments, settings.

Source: b24restdocs: api-reference/crm/timeline/**, crm/requisites/{links,presets}/**,
departments/*.md, common/settings/*.md.
"""

from typing import TYPE_CHECKING, Any

from b24_emulator import refusals
from b24_emulator.entity import Entity
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def _activity_missing(number: int) -> PortalRefusal:
    return refusals.not_found("Activity is not found")


ACTIVITY = Entity(
    "activity",
    schema("crm.activity"),
    event="ONCRMACTIVITY",
    get_missing=_activity_missing,
    update_missing=_activity_missing,
    delete_missing=_activity_missing,
)
COMMENT = Entity("comment", schema("crm.timeline.comment"), event="ONCRMTIMELINECOMMENT")
DEPARTMENT = Entity("department", schema("department"))
REQUISITE_LINK = Entity("requisite_link", schema("crm.requisite.link"))
PRESET_FIELD = Entity("preset_field", schema("crm.requisite.preset.field"))
KEPT = Entity("kept", schema("kept"))
SURROUNDINGS = (ACTIVITY, COMMENT, DEPARTMENT, REQUISITE_LINK, PRESET_FIELD, KEPT)


def kept(portal: "Portal", owner: str) -> Any:  # Any: JSON
    """What was put under a name, None if nothing was."""
    table = portal.tables[KEPT.name]
    return next((table.rows[n]["VALUE"] for n in table.with_value("OWNER", owner)), None)


def keep(portal: "Portal", owner: str, value: object) -> None:
    """Put a value under a name: options, layouts, whatever has no rules of its own."""
    table = portal.tables[KEPT.name]
    number = next(iter(table.with_value("OWNER", owner)), 0) or table.new_id()
    table.put(number, {"ID": str(number), "OWNER": owner, "VALUE": value})


def forget(portal: "Portal", owner: str) -> bool:
    """Drop what was put under a name; whether there was anything."""
    table = portal.tables[KEPT.name]
    found = list(table.with_value("OWNER", owner))
    for number in found:
        table.drop(number)
    return bool(found)
