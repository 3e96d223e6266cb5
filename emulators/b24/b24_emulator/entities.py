"""The portal's records as data: which schema, which events, which words when one is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from b24_emulator import refusals
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Schema, schema


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record.

    Attributes:
        name: As the ledger and `records()` name it.
        event: What its events begin with, `""` for none.
        type_id: Its entityTypeId, 0 for none.
        get_missing: Words the refusal of `get` of a missing record; so do the others.
    """

    name: str
    schema: Schema
    event: str = ""
    type_id: int = 0
    get_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()
    update_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()
    delete_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()


def _company_missing(number: int) -> PortalRefusal:
    return refusals.not_found("Company is not found")


def _contact_missing(number: int) -> PortalRefusal:
    return refusals.not_found("Contact is not found")


def _element_missing(number: int) -> PortalRefusal:
    return refusals.save_failed("Element not found")


def _requisite_missing(number: int) -> PortalRefusal:
    return refusals.not_found(f"The Requisite with ID '{number}' is not found")


def _preset_missing(number: int) -> PortalRefusal:
    return refusals.not_found(f"The Preset with ID '{number}' is not found")


COMPANY = Entity(
    "company",
    schema("crm.company"),
    event="ONCRMCOMPANY",
    type_id=4,
    update_missing=_company_missing,
    delete_missing=_company_missing,
)
CONTACT = Entity(
    "contact",
    schema("crm.contact"),
    event="ONCRMCONTACT",
    type_id=3,
    update_missing=_contact_missing,
    delete_missing=_element_missing,
)
REQUISITE = Entity(
    "requisite",
    schema("crm.requisite"),
    event="ONCRMREQUISITE",
    type_id=8,
    get_missing=_requisite_missing,
    update_missing=_requisite_missing,
    delete_missing=_requisite_missing,
)
PRESET = Entity(
    "requisite_preset",
    schema("crm.requisite.preset"),
    get_missing=_preset_missing,
    update_missing=_preset_missing,
    delete_missing=_preset_missing,
)
STATUS = Entity(
    "status", schema("crm.status"), get_missing=lambda _: refusals.not_found("Status is not found.")
)
USER = Entity("user", schema("user"))

ENTITIES = {entity.name: entity for entity in (COMPANY, CONTACT, REQUISITE, PRESET, STATUS, USER)}
RECORDED = ("company", "contact", "requisite")
"""What the ledger follows and `records()` shows."""
