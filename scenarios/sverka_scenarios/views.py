"""What a client looks like on each side, read from the emulators' state by rules of our own.

The judge must not share the code of the judged: nothing here comes from the core.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.system import Records

CLIENTS = "Catalog_Контрагенты"
COMPANY, CONTACT = "company", "contact"
OWNER_TYPE = {COMPANY: "4", CONTACT: "3"}
OUR_MARK = "ONE_C"

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One client on one side, in values that compare across sides.

    Attributes:
        mark: 1C GUID that the portal's record bears, `""` if none.
        phones: Digits only, with leading 7, as a bag: doubles count.
        kind: What the base calls him, `""` for a portal record.
    """

    key: str
    name: str
    kind: str = ""
    full_name: str = ""
    person_name: str = ""
    inn: str = ""
    kpp: str = ""
    registration_no: str = ""
    okpo: str = ""
    phones: Counter[str] = field(default_factory=Counter)
    emails: Counter[str] = field(default_factory=Counter)
    mark: str = ""
    requisite_keys: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """`company` or `contact` on the portal."""
        return self.key.partition(":")[0]

    @property
    def requisites(self) -> int:
        return len(self.requisite_keys)


FIRM = ("full_name", "inn", "kpp", "registration_no", "okpo")
PLACES: Mapping[str, tuple[str, ...]] = {
    # Requisite fields that the portal has a place for, by ВидКонтрагента.
    "ЮридическоеЛицо": FIRM,
    "ГосударственныйОрган": FIRM,
    "ИндивидуальныйПредприниматель": ("person_name", "inn", "registration_no", "okpo"),
    "ФизическоеЛицо": ("person_name",),
}
SCALARS = ("name", "full_name", "person_name", "inn", "kpp", "registration_no", "okpo")
BAGS = ("phones", "emails")


def base_views(records: Records) -> dict[str, View]:
    """Clients of an infobase by GUID, without folders and marked ones."""
    rows = records.get(CLIENTS, {})
    return {
        key: base_view(key, row)
        for key, row in rows.items()
        if not row.get("IsFolder") and not row.get("DeletionMark") and not row.get("Predefined")
    }


def base_view(key: str, row: Row) -> View:
    contacts = row.get("КонтактнаяИнформация") or ()
    assert isinstance(contacts, list | tuple)
    return View(
        key=key,
        kind=text(row, "ВидКонтрагента"),
        name=text(row, "Description"),
        full_name=text(row, "НаименованиеПолное"),
        person_name=text(row, "ФИО"),
        inn=digits(text(row, "ИНН")),
        kpp=digits(text(row, "КПП")),
        registration_no=text(row, "РегистрационныйНомер"),
        okpo=text(row, "КодПоОКПО"),
        phones=Counter(
            phone_digits(text(c, "Представление")) for c in contacts if c["Тип"] == "Телефон"
        ),
        emails=Counter(
            text(c, "АдресЭП").lower() for c in contacts if c["Тип"] == "АдресЭлектроннойПочты"
        ),
    )


def portal_views(records: Records) -> dict[str, View]:
    """Clients of a portal by `company:12`, without own companies and contact persons."""
    requisites: dict[tuple[str, str], list[Row]] = {}
    for row in records.get("requisite", {}).values():
        owner = (text(row, "ENTITY_TYPE_ID"), text(row, "ENTITY_ID"))
        requisites.setdefault(owner, []).append(row)
    return {
        f"{shape}:{key}": portal_view(shape, key, row, requisites.get((OWNER_TYPE[shape], key), []))
        for shape in (COMPANY, CONTACT)
        for key, row in records.get(shape, {}).items()
        if row.get("IS_MY_COMPANY") != "Y" and text(row, "COMPANY_ID") in {"", "0"}
    }


def portal_view(shape: str, key: str, row: Row, requisites: list[Row]) -> View:
    requisite = requisites[0] if requisites else {}
    words = (text(requisite, f"RQ_{word}_NAME") for word in ("LAST", "FIRST", "SECOND"))
    name = (
        text(row, "TITLE")
        if shape == COMPANY
        else joined(text(row, word) for word in ("LAST_NAME", "NAME", "SECOND_NAME"))
    )
    return View(
        key=f"{shape}:{key}",
        name=name,
        full_name=text(requisite, "RQ_COMPANY_FULL_NAME"),
        person_name=joined(words),
        inn=digits(text(requisite, "RQ_INN")),
        kpp=digits(text(requisite, "RQ_KPP")),
        registration_no=text(requisite, "RQ_OGRN") or text(requisite, "RQ_OGRNIP"),
        okpo=text(requisite, "RQ_OKPO"),
        phones=Counter(phone_digits(value) for value in multi(row, "PHONE")),
        emails=Counter(value.strip().lower() for value in multi(row, "EMAIL")),
        mark=text(row, "ORIGIN_ID").lower() if row.get("ORIGINATOR_ID") == OUR_MARK else "",
        requisite_keys=tuple(text(r, "ID") for r in requisites),
    )


def card_writes(touches: Iterable[Touch]) -> Iterator[tuple[str, View]]:
    """Verb and client after each write of a client's card, oldest first; requisites are apart."""
    for touch in touches:
        if touch.entity == CLIENTS:
            yield touch.verb, base_view(touch.key, touch.after or {})
        elif touch.entity in {COMPANY, CONTACT}:
            yield touch.verb, portal_view(touch.entity, touch.key, touch.after or {}, [])


def differences(portal: View, base: View) -> list[str]:
    """Where a pair differs: sentences that name the field and both values."""
    names = ["name", *PLACES[base.kind], *BAGS]
    return [
        f"{name}: portal {portal.key} has {_shown(getattr(portal, name))}, "
        f"base {base.key} has {_shown(getattr(base, name))}"
        for name in names
        if getattr(portal, name) != getattr(base, name)
    ]


def _shown(value: str | Counter[str]) -> str:
    return repr(value) if isinstance(value, str) else str(sorted(value.elements()))


def text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def multi(row: Row, name: str) -> list[str]:
    values = row.get(name) or ()
    assert isinstance(values, list | tuple)
    return [str(value["VALUE"]) for value in values]


def joined(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word)


def digits(value: str) -> str:
    return re.sub(r"\D", "", value)


def phone_digits(value: str) -> str:
    """`8 (495) 123-45-67` and `+74951234567` are one; what follows an extension mark counts."""
    number, _, extension = re.sub(r"(доб\.?|ext\.?)", "#", value).partition("#")
    plain = digits(number)
    if len(plain) == 11 and plain.startswith("8"):
        plain = "7" + plain[1:]
    return f"{plain}#{digits(extension)}" if extension else plain
