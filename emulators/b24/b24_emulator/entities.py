"""The portal's records as data: which schema, which events, which words when one is missing."""

from b24_emulator import php, refusals
from b24_emulator.catalogue import CATALOGUE, FURNISHED
from b24_emulator.currencies import CURRENCY
from b24_emulator.documents import (
    DEAL_CATEGORY,
    DOCUMENTS,
    FUNNELS,
    ITEM_CATEGORY,
    PRODUCT_ROW,
    STAGE_HISTORY,
    TYPE,
)
from b24_emulator.entity import Entity
from b24_emulator.files import FILE
from b24_emulator.marginal import MARGINAL
from b24_emulator.money import MONEY, PAY_SYSTEM, PERSON_TYPE
from b24_emulator.offline import Subject
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.surroundings import DEPARTMENT, PRESET_FIELD, SURROUNDINGS
from b24_emulator.table import Row


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


def _account_missing(number: int) -> PortalRefusal:
    return refusals.not_found(f"The RequisiteBankDetail with ID '{number}' is not found")


def _address_missing(number: int) -> PortalRefusal:
    return refusals.not_found("TypeAddress not found.")


def _told_of_address(row: Row) -> Subject:
    """An address has no number: five numbers name it and its owner's owner."""
    names = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID", "ANCHOR_ID", "ANCHOR_TYPE_ID")
    return tuple((name, php.integer(row[name])) for name in names)


COMPANY = Entity(
    "company",
    schema("crm.company"),
    event="ONCRMCOMPANY",
    type_id=4,
    title="Компания #{}",
    user_fields="CRM_COMPANY",
    update_missing=_company_missing,
    delete_missing=_company_missing,
)
CONTACT = Entity(
    "contact",
    schema("crm.contact"),
    event="ONCRMCONTACT",
    type_id=3,
    user_fields="CRM_CONTACT",
    update_missing=_contact_missing,
    delete_missing=_element_missing,
)
REQUISITE = Entity(
    "requisite",
    schema("crm.requisite"),
    event="ONCRMREQUISITE",
    type_id=8,
    user_fields="CRM_REQUISITE",
    get_missing=_requisite_missing,
    update_missing=_requisite_missing,
    delete_missing=_requisite_missing,
)
ACCOUNT = Entity(
    "bankdetail",
    schema("crm.requisite.bankdetail"),
    event="ONCRMBANKDETAIL",
    get_missing=_account_missing,
    update_missing=_account_missing,
    delete_missing=_account_missing,
)
ADDRESS = Entity(
    "address",
    schema("crm.address"),
    event="ONCRMADDRESS",
    event_verbs={"add": "REGISTER", "update": "REGISTER", "delete": "UNREGISTER"},
    told=_told_of_address,
    overwritten=True,
    update_missing=_address_missing,
    delete_missing=_address_missing,
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
USER = Entity("user", schema("user"), user_fields="USER")
CATEGORY = Entity("category", schema("crm.category"))
USER_FIELD = Entity("userfield", schema("crm.userfield"))
USER_FIELD_ITEM = Entity("userfield_item", schema("crm.userfield.enumeration"))

ENTITIES = {
    entity.name: entity
    for entity in (
        COMPANY,
        CONTACT,
        REQUISITE,
        ACCOUNT,
        ADDRESS,
        PRESET,
        STATUS,
        USER,
        CATEGORY,
        USER_FIELD,
        USER_FIELD_ITEM,
        *DOCUMENTS,
        *FUNNELS,
        PRODUCT_ROW,
        STAGE_HISTORY,
        *CATALOGUE,
        FILE,
        *SURROUNDINGS,
        *MARGINAL,
        *MONEY,
        TYPE,
        CURRENCY,
    )
}
RECORDED = {
    "company": "crm.company",
    "contact": "crm.contact",
    "requisite": "crm.requisite",
    "bankdetail": "crm.requisite.bankdetail",
    "address": "crm.address",
    "deal": "crm.deal",
    "lead": "crm.lead",
    "quote": "crm.quote",
    "smart_invoice": "crm.item",
    "product": "catalog.product",
    "price": "catalog.price",
}
"""What the ledger follows and `records()` shows, with the family of its methods."""
FRESH = (
    STATUS,
    PRESET,
    PRESET_FIELD,
    USER,
    DEPARTMENT,
    DEAL_CATEGORY,
    ITEM_CATEGORY,
    CURRENCY,
    PERSON_TYPE,
    PAY_SYSTEM,
    *FURNISHED,
)
"""What a new portal has rows of."""
