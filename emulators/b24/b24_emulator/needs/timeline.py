"""What activities, comments and the rest of the timeline ask for.

Whoever changes a record adds to its timeline. Source: b24restdocs: api-reference/crm/timeline/**.
"""

from b24_emulator.needs.row import CLASSIC, INSUFFICIENT, NEWER, Rows, alike, each
from b24_emulator.needs.subjects import (
    administrator,
    described,
    item,
    item_inside,
    message,
    record,
    settings,
)
from b24_emulator.refusals import access_denied
from b24_emulator.surroundings import ACTIVITY, COMMENT

TIMELINE: Rows = {
    **each(
        "crm.activity",
        CLASSIC,
        get=record("read", ACTIVITY.name),
        add=described("update", ACTIVITY.name),
        update=record("update", ACTIVITY.name),
        delete=record("update", ACTIVITY.name),
    ),
    **alike("crm.activity.binding", NEWER, record("read", ACTIVITY.name, "activityid"), "list"),
    **alike(
        "crm.activity.binding",
        NEWER,
        record("update", ACTIVITY.name, "activityid"),
        "add delete move",
    ),
    **alike("crm.activity.todo", NEWER, item("update", "ownertypeid", "ownerid"), "add"),
    **alike(
        "crm.activity.todo",
        NEWER,
        record("update", ACTIVITY.name),
        "update updatedeadline updatedescription updateresponsibleuser updatecolor",
    ),
    **each(
        "crm.activity.configurable",
        NEWER,
        add=item("update", "ownertypeid", "ownerid"),
        get=record("read", ACTIVITY.name),
        update=record("update", ACTIVITY.name),
    ),
    **alike(
        "crm.activity.call",
        access_denied("Access denied"),
        record("read", ACTIVITY.name, "activityid"),
        "gettranscript",
    ),
    **alike("crm.activity.badge", NEWER, settings, "add delete"),
    **alike("crm.activity.type", NEWER, administrator, "add list delete"),
    **each(
        "crm.timeline.comment",
        CLASSIC,
        list=described("read", COMMENT.name, "filter"),
        get=record("read", COMMENT.name),
    ),
    **each(
        "crm.timeline.comment",
        INSUFFICIENT,
        add=described("update", COMMENT.name),
        update=record("update", COMMENT.name),
        delete=record("update", COMMENT.name),
    ),
    **alike("crm.timeline.bindings", CLASSIC, described("update", COMMENT.name), "bind unbind"),
    **alike("crm.timeline.icon", NEWER, administrator, "add delete"),
    **alike("crm.timeline.logo", NEWER, administrator, "add delete"),
    **each(
        "crm.timeline.logmessage",
        NEWER,
        add=item_inside("update"),
        get=message("read"),
        list=item("read", "entitytypeid", "entityid"),
        delete=message("update"),
    ),
    **{
        name: need
        for family in ("crm.activity.layout.blocks", "crm.timeline.layout.blocks")
        for name, need in {
            **alike(family, NEWER, item("read", "entitytypeid", "entityid"), "get"),
            **alike(family, NEWER, item("update", "entitytypeid", "entityid"), "set delete"),
        }.items()
    },
    **alike("crm.timeline.item", NEWER, item("update", "ownertypeid", "ownerid"), "pin unpin"),
    **alike("crm.timeline.note", INSUFFICIENT, item("read", "ownertypeid", "ownerid"), "get"),
    **alike(
        "crm.timeline.note", INSUFFICIENT, item("update", "ownertypeid", "ownerid"), "save delete"
    ),
}
