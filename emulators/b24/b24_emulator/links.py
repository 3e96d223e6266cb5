"""Which contacts belong to which companies: many to many, kept from the contact's side.

`IS_PRIMARY` marks a contact's first company, so that a company may see it on every contact
(observed: fast_bitrix24: tests/real_responses/crm_company_contact_items_get.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

SORT_STEP = 10


@dataclass(frozen=True, slots=True)
class Link:
    """One contact in one company; `sort` orders a contact's companies."""

    contact: int
    company: int
    sort: int
    is_primary: bool


class Links:
    """All links of one portal."""

    def __init__(self) -> None:
        self._of_contact: dict[int, dict[int, Link]] = {}
        self._of_company: dict[int, dict[int, None]] = {}

    def of_contact(self, contact: int) -> list[Link]:
        return sorted(self._of_contact.get(contact, {}).values(), key=lambda link: link.sort)

    def of_company(self, company: int) -> list[Link]:
        contacts = self._of_company.get(company, {})
        return [self._of_contact[contact][company] for contact in contacts]

    def primary(self, contact: int) -> str | None:
        """The contact's first company as its COMPANY_ID holds it."""
        found = (str(x.company) for x in self.of_contact(contact) if x.is_primary)
        return next(found, None)

    def bind(self, contact: int, company: int, *, sort: int = 0, primary: bool = False) -> bool:
        """Link the two; False if they were linked. The first link is primary by itself."""
        present = self._of_contact.setdefault(contact, {})
        is_new = company not in present
        if is_new:
            highest = max((link.sort for link in present.values()), default=0)
            self._of_company.setdefault(company, {})[contact] = None
            present[company] = Link(contact, company, sort or highest + SORT_STEP, not present)
        if primary:
            self._make_primary(contact, company)
        return is_new

    def unbind(self, contact: int, company: int) -> bool:
        """Undo a link; the next company by order becomes primary."""
        gone = self._of_contact.get(contact, {}).pop(company, None)
        if gone is None:
            return False
        self._of_company[company].pop(contact)
        left = self.of_contact(contact)
        if gone.is_primary and left:
            self._make_primary(contact, left[0].company)
        return True

    def set_companies(self, contact: int, companies: Iterable[int]) -> None:
        for link in self.of_contact(contact):
            self.unbind(contact, link.company)
        for company in companies:
            self.bind(contact, company)

    def set_contacts(self, company: int, contacts: Iterable[int]) -> set[int]:
        """Give a company exactly these contacts; returns those whose links changed."""
        was = {link.contact for link in self.of_company(company)}
        now = list(dict.fromkeys(contacts))
        for contact in was.difference(now):
            self.unbind(contact, company)
        for contact in now:
            self.bind(contact, company)
        return was.symmetric_difference(now)

    def _make_primary(self, contact: int, company: int) -> None:
        self._of_contact[contact] = {
            x.company: Link(contact, x.company, x.sort, x.company == company)
            for x in self._of_contact[contact].values()
        }

    def dump(self) -> object:
        return [link for links in self._of_contact.values() for link in links.values()]

    @classmethod
    def loaded(cls, dump: Iterable[dict[str, int]]) -> "Links":
        links = cls()
        for row in dump:
            link = Link(row["contact"], row["company"], row["sort"], bool(row["is_primary"]))
            links._of_contact.setdefault(link.contact, {})[link.company] = link
            links._of_company.setdefault(link.company, {})[link.contact] = None
        return links
