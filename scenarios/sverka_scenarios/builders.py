"""Clients for scenarios: say only what matters, the rest is drawn and valid."""

from dataclasses import dataclass, field, replace
from typing import Any

from onec_emulator.contact_information import Address
from onec_emulator.details import Account, Details
from sverka_emulator_kit.people import Client, Kind, Registry


@dataclass(slots=True, eq=False)
class Someone:
    """A client of whom a scenario speaks, with the keys under which people entered him.

    Attributes:
        keys: `portal` → `company:12`, `base` → GUID, as far as a person entered him there.
    """

    client: Client
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def listed_as(self) -> set[str]:
        """How the exchange's own lists name him."""
        return {as_listed(key) for key in self.keys.values()}


def as_listed(key: str) -> str:
    """A record's key as the exchange names it: a GUID alone does not say of what."""
    return key if ":" in key else f"client:{key}"


@dataclass(slots=True)
class Builders:
    """Draws clients from one registry, so that no two share a name or a number."""

    registry: Registry
    addresses: int = 0

    def client(self, kind: Kind | None = None, **given: Any) -> Someone:  # Any: fields of Client
        return Someone(replace(self.registry.client(kind), **given))

    def legal(self, **given: Any) -> Someone:
        return self.client(Kind.LEGAL, **given)

    def sole_trader(self, **given: Any) -> Someone:
        return self.client(Kind.SOLE_TRADER, **given)

    def person(self, **given: Any) -> Someone:
        return self.client(Kind.PERSON, **given)

    def address(self) -> Address:
        self.addresses += 1
        return Details(self.addresses).address()

    def account(self) -> Account:
        self.addresses += 1
        return Details(self.addresses).account()

    def dirty(self, who: Someone) -> dict[str, Any]:  # Any: fields of Client
        """How somebody careless types his numbers: blanks, capitals, a phone for the eye."""
        inn = who.client.inn
        return {
            "inn": f" {inn[:4]} {inn[4:]} " if inn else "",
            "emails": tuple(f" {email.upper()} " for email in who.client.emails),
            "phones": tuple(
                f" {p[1]} ({p[2:5]}) {p[5:8]}-{p[8:10]}-{p[10:12]}{p[12:].replace('ext', 'доб.')}"
                for p in who.client.phones
            ),
        }

    def many(self, count: int) -> list[Someone]:
        return [self.client() for _ in range(count)]
