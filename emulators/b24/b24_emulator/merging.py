"""Merging of duplicates: the first record stays and takes what the others had; they go.

Source: b24restdocs: api-reference/crm/duplicates/crm-entity-merge-batch.md. What moves without
an event of its own, and which fields never conflict, is inferred.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from b24_emulator import owners, records, relations
from b24_emulator.calls import Caller
from b24_emulator.entities import COMPANY, CONTACT, REQUISITE
from b24_emulator.entity import Entity
from b24_emulator.table import Row
from b24_emulator.values import storable

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Fields = dict[str, Any]  # Any: texts and lists, as rows keep them
NEVER_CONFLICT = {
    "ASSIGNED_BY_ID",
    "OPENED",
    "EXPORT",
    "IS_MY_COMPANY",
    "COMPANY_ID",
    "ORIGINATOR_ID",
    "ORIGIN_ID",
    "ORIGIN_VERSION",
    "LAST_ACTIVITY_BY",
    "LAST_ACTIVITY_TIME",
}
"""Where the first record's value stands, whatever the others have; an empty one is filled."""


def merge(portal: "Portal", entity: Entity, numbers: Sequence[int], caller: Caller) -> bool:
    """Merge all into the first; False, and nothing done, if filled values differ."""
    rows = portal.tables[entity.name].rows
    survivor, others = numbers[0], numbers[1:]
    merged = _filled(portal, entity, [rows[number] for number in numbers])
    if merged is None:
        return False
    added = _added(portal, entity, rows[survivor], [rows[number] for number in others])
    for number in others:
        _move_links(portal, entity, number, survivor, caller)
        _move_requisites(portal, entity, number, survivor, caller)
        for name, document, changes in relations.handed_over(portal, entity, number, survivor):
            table = portal.tables[name]
            table.put(document, {**table.rows[document], **changes})
    records.update(portal, entity, survivor, merged | added, caller)
    for number in others:
        records.delete(portal, entity, number, caller)
    return True


def _filled(portal: "Portal", entity: Entity, rows: Sequence[Row]) -> Fields | None:
    """What the first row lacks and another has; None if two filled values differ."""
    filled: Fields = {}
    schema = portal.tables[entity.name].schema
    for name in schema.plain:
        field = schema.fields[name]
        if field.read_only or field.kind == "file" or not storable(field):
            continue
        values = [row[name] for row in rows if row.get(name) not in (None, "", [])]
        if name not in NEVER_CONFLICT and any(value != values[0] for value in values):
            return None
        if values and rows[0].get(name) in (None, "", []):
            filled[name] = values[0]
    return filled


def _added(portal: "Portal", entity: Entity, survivor: Row, others: Sequence[Row]) -> Fields:
    """Phones and the like that only the others have, as a write appends them."""
    added: Fields = {}
    for name in portal.tables[entity.name].schema.multifields:
        known = {value["VALUE"] for value in survivor.get(name, ())}
        coming = [value for row in others for value in row.get(name, ())]
        new = {value["VALUE"]: value for value in coming if value["VALUE"] not in known}
        if new:
            kept = ("VALUE", "VALUE_TYPE")
            added[name] = [{key: value[key] for key in kept} for value in new.values()]
    return added


def _move_links(
    portal: "Portal", entity: Entity, number: int, survivor: int, caller: Caller
) -> None:
    """Each contact of a merged company, or each company of a merged contact, goes over."""
    links = portal.links
    if entity is CONTACT:
        for link in links.of_contact(number):
            links.bind(survivor, link.company)
        return
    for link in links.of_company(number):
        links.unbind(link.contact, number)
        links.bind(link.contact, survivor, sort=link.sort, primary=link.is_primary)
        first = {"COMPANY_ID": links.primary(link.contact)}
        records.rewrite(portal, CONTACT, link.contact, first, caller)


def _move_requisites(
    portal: "Portal", entity: Entity, number: int, survivor: int, caller: Caller
) -> None:
    for child, requisite in owners.children(portal, entity, number):
        records.rewrite(portal, child, requisite, {"ENTITY_ID": str(survivor)}, caller)
        for grandchild, found in owners.children(portal, REQUISITE, requisite):
            records.rewrite(portal, grandchild, found, {}, caller)


MERGEABLE = {COMPANY.type_id: COMPANY, CONTACT.type_id: CONTACT}
