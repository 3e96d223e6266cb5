"""Merging of duplicates: the first record stays and takes what the others had; they go.

Source: b24restdocs: api-reference/crm/duplicates/crm-entity-merge-batch.md. What moves without
an event of its own, which fields never conflict, and that rows of products are like a field (they
go over to who has none, and differ or not), is inferred.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from b24_emulator import owners, product_rows, records, relations
from b24_emulator.calls import Caller
from b24_emulator.entities import COMPANY, CONTACT, REQUISITE
from b24_emulator.entity import Entity
from b24_emulator.items import entity_of
from b24_emulator.surroundings import ACTIVITY, COMMENT
from b24_emulator.table import Row
from b24_emulator.values import DECIMALS, storable

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Fields = dict[str, Any]  # Any: texts and lists, as rows keep them
NEVER_CONFLICT = {
    "ASSIGNED_BY_ID",
    "OPENED",
    "EXPORT",
    "IS_MY_COMPANY",
    "COMPANY_ID",
    "CONTACT_ID",
    "ORIGINATOR_ID",
    "ORIGIN_ID",
    "ORIGIN_VERSION",
    "LAST_ACTIVITY_BY",
    "LAST_ACTIVITY_TIME",
}
"""Where the first record's value stands, whatever the others have; an empty one is filled."""
TOLD_OF_ROW = ("PRODUCT_ID", "PRODUCT_NAME", "PRICE", "QUANTITY", "TAX_RATE", "MEASURE_CODE")
EMPTY: tuple[object, ...] = (None, "", [])
NO_AMOUNT = (*EMPTY, "0", "0.00")


def mergeable(portal: "Portal", type_id: int) -> Entity | None:
    """What records of a type are, if such can be merged: all that have items."""
    return entity_of(portal, type_id)


def merge(portal: "Portal", entity: Entity, numbers: Sequence[int], caller: Caller) -> bool:
    """Merge all into the first; False, and nothing done, if filled values differ."""
    rows = portal.tables[entity.name].rows
    survivor, others = numbers[0], numbers[1:]
    merged = _filled(portal, entity, [rows[number] for number in numbers])
    heir = _heir(portal, entity, numbers)
    if merged is None or heir is None:
        return False
    added = _added(portal, entity, rows[survivor], [rows[number] for number in others])
    for number in others:
        _move_links(portal, entity, number, survivor, caller)
        _move_requisites(portal, entity, number, survivor, caller)
        _move_timeline(portal, entity, number, survivor)
        clients = entity in (COMPANY, CONTACT)
        moved = relations.handed_over(portal, entity, number, survivor) if clients else ()
        for name, document, changes in moved:
            table = portal.tables[name]
            table.put(document, {**table.rows[document], **changes})
    _move_rows(portal, entity, heir, survivor)
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
        nothing = NO_AMOUNT if entity.staging and field.kind in DECIMALS else EMPTY
        values = [row[name] for row in rows if row.get(name) not in nothing]
        if name not in NEVER_CONFLICT and any(value != values[0] for value in values):
            return None
        if values and rows[0].get(name) in nothing:
            filled[name] = values[0]
    return filled


def _heir(portal: "Portal", entity: Entity, numbers: Sequence[int]) -> int | None:
    """Whose rows of products the survivor has in the end; None if two have different ones."""
    if not entity.owner_code:
        return numbers[0]
    found = {n: product_rows.of_owner(portal, entity.owner_code, n) for n in numbers}
    having = [number for number, rows in found.items() if rows]
    told = [[[row[name] for name in TOLD_OF_ROW] for row in found[number]] for number in having]
    if any(one != told[0] for one in told):
        return None
    return having[0] if having else numbers[0]


def _move_rows(portal: "Portal", entity: Entity, heir: int, survivor: int) -> None:
    if heir != survivor:
        table = portal.tables[product_rows.TABLE]
        for row in product_rows.of_owner(portal, entity.owner_code, heir):
            table.put(int(row["ID"]), {**row, "OWNER_ID": str(survivor)})


def _move_timeline(portal: "Portal", entity: Entity, number: int, survivor: int) -> None:
    """Activities and comments go over, without a word to anybody."""
    gone, heir = (
        {"OWNER_TYPE_ID": str(entity.type_id), "OWNER_ID": str(one)} for one in (number, survivor)
    )
    activities = portal.tables[ACTIVITY.name]
    for key, row in list(activities.rows.items()):
        if gone in row["BINDINGS"]:
            bound = [heir if one == gone else one for one in row["BINDINGS"]]
            unique = [one for place, one in enumerate(bound) if one not in bound[:place]]
            activities.put(key, {**row, "BINDINGS": unique, **unique[0]})
    comments = portal.tables[COMMENT.name]
    for key in list(comments.with_value("ENTITY_ID", number)):
        row = comments.rows[key]
        if row["ENTITY_TYPE"] == entity.name:
            comments.put(key, {**row, "ENTITY_ID": str(survivor)})


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
    """Contacts of a merged company, companies of a contact, contacts of a document go over."""
    links = relations.links_of(portal, entity)
    if entity is not COMPANY:
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
