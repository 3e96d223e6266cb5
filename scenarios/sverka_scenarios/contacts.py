"""Contact persons: what people do to them on both sides, and what each side shows of them.

The judge must not share the code of the judged: nothing here comes from the core.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from b24_emulator.portal import Portal
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from onec_emulator.rules.before_write import local_time
from sverka_emulator_kit.people import Client
from sverka_scenarios.builders import Someone
from sverka_scenarios.views import CLIENTS, OUR_MARK, PARTNER, joined, multi, phone_digits, text

BONDS = "InformationRegister_СвязиКонтрагентКонтакт"
OWNERS = ("Owner_Key", "ОбъектВладелец")
"""Property of the record that names the client's card: a base has one of them."""
POSTS = ("Должность", "ДолжностьПоВизитке")
BAGS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "phones": ("Телефон", phone_digits),
    "emails": ("АдресЭлектроннойПочты", str.lower),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """One contact person on one side, in values that compare across sides.

    Attributes:
        owner: The client's key on this side: `company:12`, or the GUID of the card.
        mark: 1C GUID that the portal's record bears, `""` if none.
    """

    key: str
    name: str
    owner: str
    post: str = ""
    phones: Counter[str] = field(default_factory=Counter)
    emails: Counter[str] = field(default_factory=Counter)
    mark: str = ""


class Contacts(Protocol):
    """Contact persons of one system, as a scenario speaks of them; clients go by their keys."""

    def enter(self, client: str, person: Client, post: str) -> str: ...

    def move(self, key: str, client: str) -> None:
        """He works for another client now."""
        ...

    def rename(self, key: str, name: str) -> None: ...

    def views(self) -> dict[str, ContactView]: ...


@dataclass(frozen=True, slots=True)
class PortalContacts:
    portal: Portal
    user: str

    def enter(self, client: str, person: Client, post: str) -> str:
        fields = {**_words(person.name), "POST": post, "COMPANY_ID": client.partition(":")[2]}
        sent = {"PHONE": person.phones, "EMAIL": person.emails}
        rows = {
            name: [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]
            for name, values in sent.items()
        }
        return f"contact:{self.portal.act('crm.contact.add', {'fields': fields | rows}, self.user)}"

    def move(self, key: str, client: str) -> None:
        self._update(key, {"COMPANY_ID": client.partition(":")[2]})

    def rename(self, key: str, name: str) -> None:
        self._update(key, _words(name))

    def _update(self, key: str, fields: Mapping[str, str]) -> None:
        params = {"id": key.partition(":")[2], "fields": dict(fields)}
        self.portal.act("crm.contact.update", params, self.user)

    def views(self) -> dict[str, ContactView]:
        return {
            f"contact:{key}": ContactView(
                key=f"contact:{key}",
                name=joined(text(row, word) for word in ("LAST_NAME", "NAME", "SECOND_NAME")),
                owner=f"company:{text(row, 'COMPANY_ID')}",
                post=text(row, "POST"),
                phones=Counter(phone_digits(value) for value in multi(row, "PHONE")),
                emails=Counter(value.strip().lower() for value in multi(row, "EMAIL")),
                mark=text(row, "ORIGIN_ID").lower() if row.get("ORIGINATOR_ID") == OUR_MARK else "",
            )
            for key, row in self.portal.records().get("contact", {}).items()
            if text(row, "COMPANY_ID") not in {"", "0"}
        }


def _words(name: str) -> dict[str, str]:
    words = [*name.split(" ", 2), "", ""]
    return dict(zip(("LAST_NAME", "NAME", "SECOND_NAME"), words, strict=False))


@dataclass(frozen=True, slots=True)
class BaseContacts:
    base: Infobase
    user: str

    @property
    def set_name(self) -> str:
        return base_sample.wording_of(self.base).persons

    def enter(self, client: str, person: Client, post: str) -> str:
        return base_sample.enter_person(self.base, self._details(client), person, post, self.user)

    def _details(self, client: str) -> str:
        """Any counterparty of this card: the sample enters persons by it."""
        rows = self.base.records()[CLIENTS]
        return (
            client if client in rows else next(k for k, r in rows.items() if r[PARTNER] == client)
        )

    def move(self, key: str, client: str) -> None:
        if BONDS not in self.base.records():
            row = self.base.records()[self.set_name][key]
            self._update(key, {next(name for name in OWNERS if name in row): client})
            return
        bond = dict(self._bond(key))
        bond["Period"] = self._moment_after(text(bond, "Period"))
        for owner, ended in ((bond["Контрагент_Key"], True), (client, False)):
            fields = {**bond, "Контрагент_Key": owner, "СвязьНедействительна": ended}
            self.base.act("create", {"set": BONDS, "fields": fields}, self.user)

    def _moment_after(self, period: str) -> str:
        """Now, or the next second: 1C keeps one bond of a pair a second."""
        now_s = self.base.clock.now_s()
        now = local_time(now_s)
        return now if now > period else local_time(now_s + 1.0)

    def rename(self, key: str, name: str) -> None:
        self._update(key, {"Description": name})

    def _update(self, key: str, fields: Mapping[str, str]) -> None:
        params = {"set": self.set_name, "key": key, "fields": dict(fields)}
        self.base.act("update", params, self.user)

    def views(self) -> dict[str, ContactView]:
        records = self.base.records()
        return {
            key: ContactView(
                key=key,
                name=text(row, "Description"),
                owner=owner,
                post=next((text(row, name) for name in POSTS if row.get(name)), ""),
                phones=_bag(row, *BAGS["phones"]),
                emails=_bag(row, *BAGS["emails"]),
            )
            for key, row in records.get(self.set_name, {}).items()
            if not row.get("DeletionMark") and (owner := self._owner(key, row))
            for row in [{**row, **self._bond(key)}]
        }

    def _owner(self, key: str, row: Mapping[str, object]) -> str:
        if BONDS in self.base.records():
            return text(self._bond(key), "Контрагент_Key")
        return next(text(row, name) for name in OWNERS if name in row)

    def _bond(self, key: str) -> Mapping[str, object]:
        """His newest bond that is not over."""
        rows = list(self.base.records().get(BONDS, {}).values())
        mine = sorted((r for r in rows if r["Контакт_Key"] == key), key=lambda r: r["Period"])
        last = {row["Контрагент_Key"]: row for row in mine}
        held = [row for row in mine if row in last.values() and not row["СвязьНедействительна"]]
        return held[-1] if held else {}


def _bag(row: Mapping[str, object], kind: str, normal: Callable[[str], str]) -> Counter[str]:
    rows = row.get("КонтактнаяИнформация")
    assert isinstance(rows, list | tuple)
    return Counter(normal(line["Представление"]) for line in rows if line["Тип"] == kind)


def differences(portal: ContactView, base: ContactView, owners: Mapping[str, str]) -> Iterator[str]:
    """What differs between the two ends of one contact person.

    Args:
        owners: GUIDs of the clients by their keys on the portal.
    """
    for name in ("name", "post", *BAGS):
        values = getattr(portal, name), getattr(base, name)
        if values[0] != values[1]:
            yield f"{name} of contact person {base.name!r} is {values[0]!r} and {values[1]!r}"
    if owners.get(portal.owner) != base.owner:
        yield f"contact person {base.name!r} is at {portal.owner}, in the base at {base.owner}"


@dataclass(frozen=True, slots=True)
class Staff:
    """Contact persons on both sides, for scenarios and for the laws."""

    portal: Contacts
    base: Contacts
    check: Callable[[bool, str], None]

    def of(self, end: str) -> Contacts:
        return self.portal if end == "portal" else self.base

    def has(self, end: str, who: Someone, client: Someone, post: str = "директор") -> Someone:
        """People entered him here as a contact person of a client who was entered here."""
        who.keys[end] = self.of(end).enter(client.keys[end], who.client, post)
        return who

    def shows(self, end: str, who: Someone, owner: str, **fields: str) -> ContactView:
        """He is here once, at this client's key, with these values."""
        found = [view for view in self.of(end).views().values() if _is_same(who, view, end)]
        self.check(len(found) == 1, f"{who.name}: {len(found)} contact persons at the {end}, not 1")
        shown = {"owner": found[0].owner, **{name: getattr(found[0], name) for name in fields}}
        wanted = {"owner": owner, **fields}
        self.check(shown == wanted, f"{who.name} at the {end} shows {shown}, not {wanted}")
        return found[0]


def _is_same(who: Someone, view: ContactView, end: str) -> bool:
    if who.keys.get(end):
        return view.key == who.keys[end]
    if view.mark and "base" in who.keys:
        return view.mark == who.keys["base"]
    return view.name == who.name
