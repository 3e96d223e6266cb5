"""What a declaration is made of: kinds of values with their normal form, fields, entities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from sverka.records import Value


@dataclass(frozen=True, slots=True)
class Text:
    """One string. Normal form: no blanks around, single blanks inside, cut to the limit."""

    limit: int

    def normal(self, text: str) -> str:
        return re.sub(" {2,}", " ", text.strip())[: self.limit].rstrip()


@dataclass(frozen=True, slots=True)
class Digits:
    """A number that is a name: INN, KPP. Normal form: digits only, zeros kept."""

    limit: int

    def normal(self, text: str) -> str:
        return re.sub(r"\D", "", text)[: self.limit]


@dataclass(frozen=True, slots=True)
class Phones:
    """Several phones. Normal form: E.164, with ` ext 12` behind it where there is one."""

    def normal(self, text: str) -> str:
        return normal_phone(text)


@dataclass(frozen=True, slots=True)
class Emails:
    """Several e-mails. Normal form: lower case without blanks around."""

    def normal(self, text: str) -> str:
        return text.strip().lower()


@dataclass(frozen=True, slots=True)
class Address:
    """One postal address, as one line of parts. The wire makes it of each side's own form."""

    def normal(self, text: str) -> str:
        return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Ref:
    """Another record that is exchanged, by its key. Normal form: its key in the infobase."""

    def normal(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no. Normal form: `Y` or `""`."""

    def normal(self, text: str) -> str:
        return "Y" if text else ""


@dataclass(frozen=True, slots=True)
class InLaw:
    """What a client is in law. Normal form: the first kind that has the same template."""

    def normal(self, text: str) -> str:
        return text


Kind = Text | Digits | Phones | Emails | Address | Ref | Flag | InLaw

HOME_REGION = "RU"


@lru_cache(maxsize=50_000)
def normal_phone(text: str) -> str:
    """E.164 with extension; a text that is no phone stays as it is, without blanks around."""
    try:
        parsed = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return text.strip()
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{number} ext {parsed.extension}" if parsed.extension else number


class Owner(StrEnum):
    """Who may change a field."""

    BOTH = "both"
    INFOBASE = "infobase"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field that is kept in step.

    Attributes:
        infobase: Name in 1C; for phones, e-mails and addresses the type of the contact rows;
            `""` where each configuration has a name of its own.
        card: Names on the portal's card by shape. Several names are the words of a name.
        requisite: Names in the requisite by kind of client.
        mirror: Requisite names that are written with the field and never read.
        address: TYPE_ID of the requisite's address.
    """

    name: str
    kind: Kind
    infobase: str = ""
    card: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requisite: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mirror: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    owner: Owner = Owner.BOTH

    @property
    def multiple(self) -> bool:
        return isinstance(self.kind, Phones | Emails)

    @property
    def refers(self) -> bool:
        return isinstance(self.kind, Ref)

    @property
    def empty(self) -> Value:
        return () if self.multiple else ""


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """One kind of record that both sides hold."""

    name: str
    fields: tuple[Field, ...]

    @property
    def refs(self) -> tuple[str, ...]:
        """Names of the fields that name another record."""
        return _refs(self)

    def field(self, name: str) -> Field:
        return _by_name(self)[name]

    def carried(self, shape: str, kind: str) -> frozenset[str]:
        """Names of the fields that the portal can hold for this kind of record."""
        return _carried(self, shape, kind)


@lru_cache
def _by_name(entity: Entity) -> dict[str, Field]:
    return {declared.name: declared for declared in entity.fields}


@lru_cache
def _refs(entity: Entity) -> tuple[str, ...]:
    return tuple(declared.name for declared in entity.fields if declared.refers)


@lru_cache
def _carried(entity: Entity, shape: str, kind: str) -> frozenset[str]:
    return frozenset(
        declared.name
        for declared in entity.fields
        if shape in declared.card or kind in declared.requisite or declared.address
    )
