"""Contacts of a company, of a deal, a lead, a quote; companies of a contact.

Source: b24restdocs: api-reference/crm/companies/contacts/*.md, crm/contacts/company/*.md,
crm/deals/contacts/*.md, crm/leads/management-communication/*.md, crm/quote/contacts/*.md.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from b24_emulator import php, records, refusals, relations
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL, LEAD, QUOTE
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.entity import Entity
from b24_emulator.links import Link, Links
from b24_emulator.methods.row import Handler, family
from b24_emulator.schema import schema


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
        """The two numbers as (holder, held): a contact and its company, a deal and its contact."""
        return (other, owner) if self.owner is COMPANY else (owner, other)

    def number_of(self, link: Link) -> int:
        return link.contact if self.owner is COMPANY else link.company

    @property
    def holder(self) -> Entity:
        """Whose row shows the first of those it is linked with."""
        return CONTACT if self.owner is COMPANY else self.owner

    def links(self, call: Call) -> Links:
        return relations.links_of(call.portal, self.holder)


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
    links = end.links(call)
    return links.of_company(owner) if end.owner is COMPANY else links.of_contact(owner)


def _tell(call: Call, end: End, holders: set[int]) -> None:
    """The first one follows the links; that is an update of its holder (inferred)."""
    for holder in sorted(holders):
        records.update(call.portal, end.holder, holder, {}, call.caller)


def fields_of(name: str) -> Handler:
    return lambda call: Result(schema(name).described)


def add_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        owner, sent = _owner(call, end), call.params.get("fields")
        contact, company = end.pair(owner, _other(call, end, sent))
        is_new = _bind(call, end, contact, company, sent if isinstance(sent, dict) else {})
        _tell(call, end, {contact})
        return Result(is_new)

    return answer


def delete_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        owner = _owner(call, end)
        contact, company = end.pair(owner, _other(call, end, call.params.get("fields")))
        end.links(call).unbind(contact, company)
        _tell(call, end, {contact})
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
            _bind(call, end, contact, company, item)
            touched.add(contact)
        _tell(call, end, touched)
        return Result(value=True)

    return answer


def _bind(
    call: Call, end: End, contact: int, company: int, item: Mapping[str, Any]
) -> bool:  # Any: sent
    sort, is_primary = php.integer(item.get("SORT")), php.flag(item.get("IS_PRIMARY", ""))
    return end.links(call).bind(contact, company, sort=sort, primary=is_primary)


def clear_of(end: End) -> Handler:
    def answer(call: Call) -> Result:
        _tell(call, end, _unbind(call, end, _owner(call, end), set()))
        return Result(value=True)

    return answer


def _unbind(call: Call, end: End, owner: int, kept: Container[tuple[int, int]]) -> set[int]:
    """Undo the owner's links but for those `kept`; returns the contacts that lost one.

    A company keeps those it goes on with, so that its contacts keep their first company;
    a contact's set is made anew, for its first item becomes the first company (inferred).
    """
    found = [x for x in _links(call, end, owner) if (x.contact, x.company) not in kept]
    for link in found:
        end.links(call).unbind(link.contact, link.company)
    return {link.contact for link in found}


def _six(name: str, end: End) -> dict[str, Handler]:
    return {
        "fields": fields_of(name),
        "add": add_of(end),
        "delete": delete_of(end),
        "items.get": items_of(end),
        "items.set": set_of(end),
        "items.delete": clear_of(end),
    }


FAMILIES = {
    "crm.company.contact": ("companies/contacts", FROM_COMPANY),
    "crm.contact.company": ("contacts/company", FROM_CONTACT),
    "crm.deal.contact": ("deals/contacts", End(DEAL, CONTACT, "CONTACT_ID")),
    "crm.lead.contact": ("leads/management-communication", End(LEAD, CONTACT, "CONTACT_ID")),
    "crm.quote.contact": ("quote/contacts", End(QUOTE, CONTACT, "CONTACT_ID")),
}

ROWS = tuple(
    row
    for name, (folder, end) in FAMILIES.items()
    for row in family(name, f"api-reference/crm/{folder}/{name.replace('.', '-')}", _six(name, end))
)
