"""Contacts of a company and companies of a contact.

Source: b24restdocs: api-reference/crm/companies/contacts/*.md, crm/contacts/company/*.md.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from b24_emulator import php, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.entities import COMPANY, CONTACT, Entity
from b24_emulator.links import Link
from b24_emulator.methods.row import CRM, Handler, Method
from b24_emulator.schema import schema
from sverka_emulator_kit.provenance import documented


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link, from which the other is seen.

    Attributes:
        field: Where the other end's number stands.
    """

    owner: Entity
    other: Entity
    field: str

    def pair(self, owner: int, other: int) -> tuple[int, int]:
        """The two numbers as (contact, company)."""
        return (other, owner) if self.owner is COMPANY else (owner, other)

    def number_of(self, link: Link) -> int:
        return link.contact if self.owner is COMPANY else link.company


FROM_COMPANY = End(COMPANY, CONTACT, "CONTACT_ID")
FROM_CONTACT = End(CONTACT, COMPANY, "COMPANY_ID")


def _owner(call: Call, end: End) -> int:
    number = php.integer(call.params.get("id"))
    if number <= 0:
        raise refusals.not_found("The parameter 'ownerEntityID' is invalid or not defined.")
    if number not in call.portal.tables[end.owner.name].rows:
        raise refusals.not_found("Not found.")
    return number


def _other(call: Call, end: End, sent: object) -> int:
    if not isinstance(sent, dict):
        raise refusals.not_found("The parameter 'fields' must be array.")
    number = php.integer(sent.get(end.field))
    if number not in call.portal.tables[end.other.name].rows:
        raise refusals.not_found("The parameter 'fields' is not valid.")
    return number


def _links(call: Call, end: End, owner: int) -> list[Link]:
    links = call.portal.links
    return links.of_company(owner) if end.owner is COMPANY else links.of_contact(owner)


def _tell(call: Call, contacts: set[int]) -> None:
    """A contact's COMPANY_ID follows its links; that is an update of the contact (inferred)."""
    for contact in sorted(contacts):
        records.update(call.portal, CONTACT, contact, {}, call.caller)


def fields_of(name: str) -> Handler:
    return lambda call: Result(schema(name).described)


def add_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        owner, sent = _owner(call, end), call.params.get("fields")
        contact, company = end.pair(owner, _other(call, end, sent))
        is_new = _bind(call, contact, company, sent if isinstance(sent, dict) else {})
        _tell(call, {contact})
        return Result(is_new)

    return answer


def delete_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        owner = _owner(call, end)
        contact, company = end.pair(owner, _other(call, end, call.params.get("fields")))
        call.portal.links.unbind(contact, company)
        _tell(call, {contact})
        return Result(value=True)

    return answer


def items_of(end: End) -> Handler:
    """Numbers and not texts (observed: fast_bitrix24: crm_company_contact_items_get.py)."""

    def answer(call: Call) -> Result:
        found = _links(call, end, _owner(call, end))
        return Result(
            [
                {
                    end.field: end.number_of(link),
                    "SORT": link.sort,
                    "ROLE_ID": 0,
                    "IS_PRIMARY": "Y" if link.is_primary else "N",
                }
                for link in found
            ]
        )

    return answer


def set_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        owner, sent = _owner(call, end), call.params.get("items")
        if not isinstance(sent, list | dict):
            raise refusals.not_found("The parameter items must be array.")
        # All are looked at before any is changed: a refusal leaves the set as it was.
        items = [(end.pair(owner, _other(call, end, item)), item) for item in php.rows(sent)]
        kept = {pair for pair, _ in items} if end.owner is COMPANY else set()
        touched = _unbind(call, end, owner, kept)
        for (contact, company), item in items:
            _bind(call, contact, company, item)
            touched.add(contact)
        _tell(call, touched)
        return Result(value=True)

    return answer


def _bind(call: Call, contact: int, company: int, item: Mapping[str, Any]) -> bool:  # Any: sent
    sort, is_primary = php.integer(item.get("SORT")), php.flag(item.get("IS_PRIMARY", ""))
    return call.portal.links.bind(contact, company, sort=sort, primary=is_primary)


def clear_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        _tell(call, _unbind(call, end, _owner(call, end), set()))
        return Result(value=True)

    return answer


def _unbind(call: Call, end: End, owner: int, kept: Container[tuple[int, int]]) -> set[int]:
    """Undo the owner's links but for those `kept`; returns the contacts that lost one.

    A company keeps those it goes on with, so that its contacts keep their first company;
    a contact's set is made anew, for its first item becomes the first company (inferred).
    """
    found = [x for x in _links(call, end, owner) if (x.contact, x.company) not in kept]
    for link in found:
        call.portal.links.unbind(link.contact, link.company)
    return {link.contact for link in found}


COMPANY_PAGE = "api-reference/crm/companies/contacts/crm-company-contact"
CONTACT_PAGE = "api-reference/crm/contacts/company/crm-contact-company"

ROWS = (
    Method(
        "crm.company.contact.fields",
        fields_of("crm.company.contact"),
        CRM,
        documented(f"{COMPANY_PAGE}-fields"),
    ),
    Method("crm.company.contact.add", add_of(FROM_COMPANY), CRM, documented(f"{COMPANY_PAGE}-add")),
    Method(
        "crm.company.contact.delete",
        delete_of(FROM_COMPANY),
        CRM,
        documented(f"{COMPANY_PAGE}-delete"),
    ),
    Method(
        "crm.company.contact.items.get",
        items_of(FROM_COMPANY),
        CRM,
        documented(f"{COMPANY_PAGE}-items-get"),
    ),
    Method(
        "crm.company.contact.items.set",
        set_of(FROM_COMPANY),
        CRM,
        documented(f"{COMPANY_PAGE}-items-set"),
    ),
    Method(
        "crm.company.contact.items.delete",
        clear_of(FROM_COMPANY),
        CRM,
        documented(f"{COMPANY_PAGE}-items-delete"),
    ),
    Method(
        "crm.contact.company.fields",
        fields_of("crm.contact.company"),
        CRM,
        documented(f"{CONTACT_PAGE}-fields"),
    ),
    Method("crm.contact.company.add", add_of(FROM_CONTACT), CRM, documented(f"{CONTACT_PAGE}-add")),
    Method(
        "crm.contact.company.delete",
        delete_of(FROM_CONTACT),
        CRM,
        documented(f"{CONTACT_PAGE}-delete"),
    ),
    Method(
        "crm.contact.company.items.get",
        items_of(FROM_CONTACT),
        CRM,
        documented(f"{CONTACT_PAGE}-items-get"),
    ),
    Method(
        "crm.contact.company.items.set",
        set_of(FROM_CONTACT),
        CRM,
        documented(f"{CONTACT_PAGE}-items-set"),
    ),
    Method(
        "crm.contact.company.items.delete",
        clear_of(FROM_CONTACT),
        CRM,
        documented(f"{CONTACT_PAGE}-items-delete"),
    ),
)
