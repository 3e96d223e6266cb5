"""Companies of a contact, contacts of a deal: links that fields of a record set, and undo.

A holder is a record that has a first one among those it is linked with: a contact its company,
a deal its contact. The whole set is written under one name and the first one under another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from b24_emulator import php
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.entity import Entity
from b24_emulator.links import Links
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent


@dataclass(frozen=True, slots=True)
class Holding:
    """How a holder names those it is linked with.

    Attributes:
        whole: The field that sets them all; it is never read.
        first: The field with the first one.
        held: What they are.
    """

    whole: str
    first: str
    held: Entity


OF_CONTACT = Holding("COMPANY_IDS", "COMPANY_ID", COMPANY)
OF_DOCUMENT = Holding("CONTACT_IDS", "CONTACT_ID", CONTACT)


def holding(entity: Entity) -> Holding | None:
    if entity is CONTACT:
        return OF_CONTACT
    return OF_DOCUMENT if OF_DOCUMENT.whole in entity.schema.fields else None


def links_of(portal: "Portal", entity: Entity) -> Links:
    """The links that records of a kind hold; a document's stand apart from the clients'."""
    if holding(entity) is not OF_DOCUMENT:
        return portal.links
    return portal.bindings.setdefault(entity.name, Links())


def numbers(portal: "Portal", entity: Entity, number: int) -> list[int]:
    """Those a record is linked with, in their order."""
    if entity is COMPANY:
        return [link.contact for link in portal.links.of_company(number)]
    return [link.company for link in links_of(portal, entity).of_contact(number)]


def linked(portal: "Portal", entity: Entity, number: int, sent: Sent) -> dict[str, str | None]:
    """Follow the set or the first one that was sent; returns the field with the first one."""
    held = holding(entity)
    if held is None:
        return {}
    known, links = portal.tables[held.held.name].rows, links_of(portal, entity)
    if held.whole in sent:
        wanted = [php.integer(value) for value in php.rows(sent[held.whole])]
        links.set_companies(number, [one for one in wanted if one in known])
    elif held.first in sent:
        one, was = php.integer(sent[held.first]), php.integer(links.primary(number))
        if one in known:
            links.bind(number, one, primary=True)
        else:
            links.unbind(number, was)
    return {held.first: links.primary(number)}


def relinks(portal: "Portal", entity: Entity, number: int, sent: Sent) -> bool:
    """Whether a whole set of links that `sent` names is another than the present one."""
    held = holding(entity)
    name = held.whole if held else "CONTACT_ID"
    if name not in sent or (held is None and entity is not COMPANY):
        return False
    wanted = [php.integer(value) for value in php.rows(sent[name])]
    now = numbers(portal, entity, number)
    return wanted != now if held else set(wanted) != set(now)


def handed_over(
    portal: "Portal", entity: Entity, number: int, survivor: int
) -> list[tuple[str, int, Row]]:
    """Give a survivor the documents of the one that is merged into him.

    Returns:
        Table, number and changes of those documents.
    """
    if entity is COMPANY:
        return [
            (name, found, {"COMPANY_ID": str(survivor)})
            for name, found in _of_company(portal, number)
        ]
    changes: list[tuple[str, int, Row]] = []
    for name, links in portal.bindings.items():
        for link in links.of_company(number):
            links.bind(link.contact, survivor, sort=link.sort, primary=link.is_primary)
            links.unbind(link.contact, number)
            changes.append((name, link.contact, {"CONTACT_ID": links.primary(link.contact)}))
    return changes


def _of_company(portal: "Portal", number: int) -> list[tuple[str, int]]:
    """Table and number of the documents of a company."""
    return [
        (name, found)
        for name, table in portal.tables.items()
        if name != CONTACT.name and "COMPANY_ID" in table.indexes
        for found in table.with_value("COMPANY_ID", number)
    ]


def undone(portal: "Portal", entity: Entity, number: int) -> list[tuple[str, int, Row]]:
    """Undo what a record that goes is linked with.

    Returns:
        Table, number and changes of the documents that named it; nobody is told of them
        (inferred).
    """
    if holding(entity):
        links_of(portal, entity).set_companies(number, ())
    if entity is COMPANY:
        return [(name, found, {"COMPANY_ID": None}) for name, found in _of_company(portal, number)]
    if entity is not CONTACT:
        return []
    changes: list[tuple[str, int, Row]] = []
    for name, links in portal.bindings.items():
        for link in links.of_company(number):
            links.unbind(link.contact, number)
            changes.append((name, link.contact, {"CONTACT_ID": links.primary(link.contact)}))
    return changes
