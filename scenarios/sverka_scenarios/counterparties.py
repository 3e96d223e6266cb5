"""Several counterparties of one partner of УТ: what people do to them, what each side shows.

The judge must not share the code of the judged: nothing here comes from the core.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from b24_emulator.portal import Portal
from onec_emulator.infobase import Infobase
from onec_emulator.wording import counterparty
from sverka_emulator_kit.people import Client
from sverka_emulator_kit.system import Records
from sverka_scenarios.views import (
    CLIENTS,
    OWNER_TYPE,
    PARTNER,
    PARTNERS,
    PLACES,
    View,
    address_kinds,
    base_view,
    odd_kinds,
    portal_view,
    text,
)

SHAPES = {code: shape for shape, code in OWNER_TYPE.items()}
PROPERTIES = {"full_name": "НаименованиеПолное", "inn": "ИНН", "kpp": "КПП", "okpo": "КодПоОКПО"}
FIELDS = {
    "full_name": "RQ_COMPANY_FULL_NAME",
    "inn": "RQ_INN",
    "kpp": "RQ_KPP",
    "okpo": "RQ_OKPO",
    "registration_no": "RQ_OGRN",
}
COMPANY_PRESET = 1

Parts = Mapping[str, View]
"""Counterparties or requisites by key."""


def base_parts(records: Records) -> dict[str, dict[str, View]]:
    """Counterparties by GUID, of each partner; without marked ones. Only УТ has them."""
    kinds, found = address_kinds(records), dict[str, dict[str, View]]()
    for key, row in records.get(CLIENTS, {}).items() if PARTNERS in records else ():
        if not row.get("DeletionMark"):
            found.setdefault(text(row, PARTNER), {})[key] = base_view(key, row, kinds)
    return found


def portal_parts(records: Records) -> dict[str, dict[str, View]]:
    """Requisites in force by `requisite:31`, of each card; `mark` is their own XML_ID."""
    addresses: dict[str, list[Mapping[str, object]]] = {}
    for row in records.get("address", {}).values():
        addresses.setdefault(text(row, "ENTITY_ID"), []).append(row)
    found: dict[str, dict[str, View]] = {}
    for key, row in records.get("requisite", {}).items():
        if row.get("ACTIVE") == "N":
            continue
        if shape := SHAPES.get(text(row, "ENTITY_TYPE_ID")):
            owner = f"{shape}:{text(row, 'ENTITY_ID')}"
            view = portal_view(shape, text(row, "ENTITY_ID"), {}, [row], addresses)
            own = f"requisite:{key}"
            mark = text(row, "XML_ID").lower()
            found.setdefault(owner, {})[own] = replace(view, key=own, mark=mark)
    return found


def paired(portal: Parts, base: Parts) -> dict[str, str]:
    """Keys of counterparties by those of requisites: by mark, and of the rest one by one."""
    pairs = {key: view.mark for key, view in portal.items() if view.mark in base}
    left = [key for key in portal if key not in pairs]
    rest = [key for key in base if key not in pairs.values()]
    return pairs | (dict(zip(left, rest, strict=True)) if len(left) == len(rest) == 1 else {})


@dataclass(frozen=True, slots=True)
class Firms:
    """Counterparties and requisites, for scenarios and for the laws; clients go by their keys."""

    portal: Portal
    base: Infobase
    manager: str
    clerk: str
    check: Callable[[bool, str], None]

    def enter_in_base(self, partner: str, firm: Client) -> str:
        known = self.base.configuration.sets[CLIENTS].blank
        fields = {name: value for name, value in counterparty(firm).items() if name in known}
        fields |= {PARTNER: partner}
        return str(self.base.act("create", {"set": CLIENTS, "fields": fields}, self.clerk))

    def enter_on_portal(self, card: str, firm: Client) -> str:
        shape, number = card.split(":")
        numbers = {name: getattr(firm, field) for field, name in FIELDS.items()}
        owner = {"ENTITY_TYPE_ID": OWNER_TYPE[shape], "ENTITY_ID": number}
        fields = {**owner, "PRESET_ID": COMPANY_PRESET, "NAME": "реквизиты", **numbers}
        params = {"fields": fields | {"RQ_COMPANY_NAME": firm.name}}
        return f"requisite:{self.portal.act('crm.requisite.add', params, self.manager)}"

    def edit_in_base(self, key: str, **fields: str) -> None:
        named = {PROPERTIES[name]: value for name, value in fields.items()}
        params = {"set": CLIENTS, "key": key, "fields": named}
        self.base.act("update", params, self.clerk)

    def mark_in_base(self, key: str) -> None:
        self.base.act("mark", {"set": CLIENTS, "key": key, "mark": True}, self.clerk)

    def delete_on_portal(self, key: str) -> None:
        params = {"id": key.partition(":")[2]}
        self.portal.act("crm.requisite.delete", params, self.manager)

    def move_in_base(self, key: str, partner: str) -> None:
        """The counterparty belongs to another partner now."""
        params = {"set": CLIENTS, "key": key, "fields": {PARTNER: partner}}
        self.base.act("update", params, self.clerk)

    def edit_on_portal(self, key: str, **fields: str) -> None:
        named = {FIELDS[name]: value for name, value in fields.items()}
        params = {"id": key.partition(":")[2], "fields": named}
        self.portal.act("crm.requisite.update", params, self.manager)

    def of_partner(self, partner: str) -> dict[str, View]:
        return base_parts(self.base.records()).get(partner, {})

    def of_card(self, card: str) -> dict[str, View]:
        return portal_parts(self.portal.records()).get(card, {})

    def requisites_by_inn(self, *cards: str) -> dict[str, str]:
        """Keys of the requisites of these cards."""
        return {view.inn: key for card in cards for key, view in self.of_card(card).items()}

    def shows(self, end: str, owner: str, **okpo_by_inn: str) -> None:
        """This client has just these firms here: `n7707083893="12345678"`, INN and OKPO."""
        views = (self.of_card if end == "portal" else self.of_partner)(owner).values()
        shown = sorted((view.inn, view.okpo) for view in views)
        wanted = sorted((inn.removeprefix("n"), okpo) for inn, okpo in okpo_by_inn.items())
        self.check(shown == wanted, f"{owner} at the {end} has the firms {shown}, not {wanted}")

    def twin(self, card: str, partner: str, requisite: str = "", counterparty: str = "") -> str:
        """The other end of a requisite, or of a counterparty."""
        pairs = paired(self.of_card(card), self.of_partner(partner))
        found = [
            guid if requisite else key
            for key, guid in pairs.items()
            if requisite == key or counterparty == guid
        ]
        self.check(len(found) == 1, f"{requisite}{counterparty} has the twins {found}")
        return found[0]


def unequal(portal: Parts, base: Parts, brought: set[str]) -> Iterator[str]:
    """What differs between the firms of a client that both sides have.

    Args:
        brought: Requisites that people moved here from another client.
    """
    pairs = paired(portal, base)
    for key, guid in pairs.items():
        view, twin = portal[key], base[guid]
        yield from odd_kinds(view, twin)
        for name in PLACES[twin.kind]:
            if getattr(view, name) != getattr(twin, name):
                yield f"{name}: {key} has {getattr(view, name)!r}, {guid} {getattr(twin, name)!r}"
    yield from (f"{guid} is not on the portal" for guid in base.keys() - pairs.values())
    for key in portal.keys() - pairs.keys() - brought:
        yield f"{key} is not in the base"
    for views in (portal, base):
        stand = Counter((view.inn, view.kpp, view.full_name) for view in views.values())
        yield from (f"{who} stands {count} times" for who, count in stand.items() if count > 1)
