"""Adding, changing and deleting records: one way for everybody, from the window and by REST."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import (
    automation,
    drafts,
    multifields,
    online,
    owners,
    php,
    product_rows,
    record_files,
    relations,
    rights,
    stages,
)
from b24_emulator.calls import Caller
from b24_emulator.documents import DEAL
from b24_emulator.entities import COMPANY, CONTACT, RECORDED
from b24_emulator.entity import VERBS, Entity
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


Sent = Mapping[str, Any]  # Any: what the caller sent
NOTHING: Row = {}


def add(
    portal: "Portal",
    entity: Entity,
    fields: Sent,
    caller: Caller,
    *,
    imported: bool = False,
    hidden: Row = NOTHING,
) -> int:
    """Make a record from `fields` over the schema's defaults; unknown fields are ignored.

    Args:
        hidden: What no classic method may write, as it is stored.
    """
    sent = record_files.taken(portal, entity, drafts.upper(fields))
    owners.check(portal, entity, sent)
    drafts.check_currency(portal, entity, sent)
    table = portal.tables[entity.name]
    row = drafts.default_row(portal, entity, caller) | dict(hidden)
    row |= drafts.values(table.schema, sent, drafts.writable_when_new(imported=imported))
    row |= drafts.value_lists(portal, entity, {}, sent)
    row |= rights.entitled(portal, entity.name, row, caller)
    number = table.new_id()
    row["ID"] = str(number)
    row |= owners.inherited(portal, entity, row)
    row |= stages.settled(portal, entity, NOTHING, row, caller)
    row = drafts.completed(entity, row | relations.linked(portal, entity, number, sent))
    kept = table.put(number, row)
    stages.note(portal, entity, NOTHING, row)
    _enter(portal, "add", entity, number, caller, None, kept)
    _fire(portal, "add", entity, row, caller)
    _link_contacts(portal, entity, number, sent, caller)
    _let_robots_act(portal, "add", entity, number, caller)
    return number


def update(
    portal: "Portal",
    entity: Entity,
    number: int,
    fields: Sent,
    caller: Caller,
    *,
    hidden: Row = NOTHING,
) -> None:
    """Change what `fields` names; even an update without effect moves DATE_MODIFY.

    Args:
        hidden: What no classic method may change, as it is stored.
    """
    table = portal.tables[entity.name]
    before = table.rows.get(number)
    if before is None:
        raise entity.update_missing(number)
    sent = record_files.taken(portal, entity, drafts.upper(fields))
    drafts.check_currency(portal, entity, sent)
    row = {**before, **hidden, **drafts.cleared(portal, entity)}
    row |= drafts.values(table.schema, sent, drafts.is_writable)
    row |= drafts.value_lists(portal, entity, before, sent)
    row |= drafts.modified(portal, entity, caller) | owners.inherited(portal, entity, row)
    row |= stages.settled(portal, entity, before, row, caller) | drafts.totals(portal, entity, row)
    row = drafts.completed(entity, row | relations.linked(portal, entity, number, sent))
    kept = table.put(number, row)
    record_files.forget(portal, entity, before, kept)
    stages.note(portal, entity, before, row)
    if entity.owner_code:
        product_rows.revalue(portal, entity.owner_code, before, row)
    _enter(portal, "update", entity, number, caller, before, kept)
    has_moved = entity is DEAL and stages.changed_funnel(before, row)
    _fire(portal, "move" if has_moved else "update", entity, row, caller)
    _link_contacts(portal, entity, number, sent, caller)
    _let_robots_act(portal, "update", entity, number, caller)


def _let_robots_act(
    portal: "Portal", verb: str, entity: Entity, number: int, caller: Caller
) -> None:
    row = portal.tables[entity.name].rows[number]
    for fields in automation.robots_for(portal, entity, verb, row, caller):
        update(portal, entity, number, fields, automation.ROBOT)


def would_change(
    portal: "Portal", entity: Entity, number: int, fields: Sent, hidden: Row = NOTHING
) -> bool:
    """Whether an update with `fields` would give any other value."""
    table = portal.tables[entity.name]
    before, sent = table.rows[number], drafts.upper(fields)
    row = {**before, **hidden, **drafts.values(table.schema, sent, drafts.is_writable)}
    for name in entity.schema.multifields:
        if name in sent:
            row[name] = multifields.merged(name, before.get(name, ()), sent[name], lambda: 0)
    return drafts.completed(entity, row) != before or relations.relinks(
        portal, entity, number, sent
    )


def rewrite(portal: "Portal", entity: Entity, number: int, changes: Row, caller: Caller) -> None:
    """Change a row past the rules of writing, without an event; the ledger sees it."""
    table = portal.tables[entity.name]
    before = table.rows[number]
    row = {**before, **changes}
    row |= owners.inherited(portal, entity, row)
    kept = table.put(number, row)
    _enter(portal, "update", entity, number, caller, before, kept)


def delete(
    portal: "Portal", entity: Entity, number: int, caller: Caller, *, fires: bool = True
) -> None:
    """Delete a record and what hangs on it: an owner's requisites go with him (inferred).

    Args:
        fires: Whether the deletion is an event; that of a child with its owner is disputed.
    """
    table = portal.tables[entity.name]
    if number not in table.rows:
        raise entity.delete_missing(number)
    for child, found in owners.children(portal, entity, number):
        cascade = fires and portal.switches.cascade_fires_events
        delete(portal, child, found, caller, fires=cascade)
    _link_contacts(portal, entity, number, {"CONTACT_ID": []}, caller)
    for name, holder, changes in relations.undone(portal, entity, number):
        others = portal.tables[name]
        others.put(holder, {**others.rows[holder], **changes})
    if entity.owner_code:
        for row in product_rows.of_owner(portal, entity.owner_code, number):
            portal.tables[product_rows.TABLE].drop(int(row["ID"]))
    before = table.drop(number)
    record_files.forget(portal, entity, before, NOTHING)
    _enter(portal, "delete", entity, number, caller, before, None)
    if fires:
        _fire(portal, "delete", entity, before, caller)


def _enter(
    portal: "Portal",
    verb: str,
    entity: Entity,
    number: int,
    caller: Caller,
    before: Row | None,
    after: Row | None,
) -> None:
    if entity.name in RECORDED:
        # Rows are never changed in place, so they are their own copies.
        portal.ledger.wrote(
            verb,
            at_s=portal.now_s,
            actor=caller.actor,
            entity=entity.name,
            key=str(number),
            before=before,
            after=after,
        )


def _fire(portal: "Portal", verb: str, entity: Entity, row: Row, caller: Caller) -> None:
    if not entity.event:
        return
    if verb == "move":
        told = tuple((name, row[name]) for name in ("ID", "CATEGORY_ID", "STAGE_ID"))
        online.happened(portal, f"{entity.event}MOVETOCATEGORY", told, caller)
        return
    event = entity.event + entity.event_verbs[verb]
    online.happened(portal, event, entity.told(row), caller)
    for beginning in entity.also:
        online.happened(portal, beginning + VERBS[verb], entity.told(row), caller)
    if entity.suffixed:
        online.happened(portal, f"{event}_{entity.type_id}", entity.told(row), caller)


def _link_contacts(
    portal: "Portal", entity: Entity, number: int, sent: Sent, caller: Caller
) -> None:
    """Follow a company's CONTACT_ID, the whole set; the contacts' COMPANY_ID follows."""
    if entity is not COMPANY or "CONTACT_ID" not in sent:
        return
    contacts = portal.tables["contact"].rows
    wanted = [php.integer(value) for value in php.rows(sent["CONTACT_ID"])]
    changed = portal.links.set_contacts(number, [c for c in wanted if c in contacts])
    for contact in sorted(changed):
        update(portal, CONTACT, contact, {}, caller)
