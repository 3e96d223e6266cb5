"""What a client looks like on each side, read from the emulators' state by rules of our own.

The judge must not share the code of the judged: nothing here comes from the core.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import is_
from typing import Any

from sverka_emulator_kit.people import Client, Kind
from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.system import Records

CLIENTS = "Catalog_Контрагенты"
PARTNERS = "Catalog_Партнеры"
PARTNER = "Партнер_Key"
PARTNER_MARK = "Клиент"
"""What a partner of УТ has and no counterparty has: that he is a client."""
CLIENT_SETS = frozenset({CLIENTS, PARTNERS})
CONTACT_KINDS = "Catalog_ВидыКонтактнойИнформации"
COMPANY, CONTACT = "company", "contact"
OWNER_TYPE = {COMPANY: "4", CONTACT: "3"}
OUR_MARK = "ONE_C"

Row = Mapping[str, object]
NO_ADDRESSES: Mapping[str, list[Row]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One client on one side, in values that compare across sides.

    Attributes:
        mark: 1C GUID that the portal's record bears, `""` if none.
        legal_address, actual_address: Words in their order, `101000 москва новая ул дом 5`.
        phones: Digits only, with leading 7, as a bag: doubles count.
        kind: What the base calls him, `""` for a portal record.
        template: Of the portal's requisite, `""` for a record of the base.
        requisite_keys: Of the portal's requisites in force, the client's own first.
    """

    key: str
    name: str
    kind: str = ""
    template: str = ""
    full_name: str = ""
    person_name: str = ""
    inn: str = ""
    kpp: str = ""
    registration_no: str = ""
    okpo: str = ""
    phones: Counter[str] = field(default_factory=Counter)
    emails: Counter[str] = field(default_factory=Counter)
    legal_address: str = ""
    actual_address: str = ""
    mark: str = ""
    requisite_keys: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """`company` or `contact` on the portal."""
        return self.key.partition(":")[0]

    @property
    def requisites(self) -> int:
        return len(self.requisite_keys)


KINDS: Mapping[Kind, str] = {
    Kind.LEGAL: "ЮридическоеЛицо",
    Kind.STATE_BODY: "ГосударственныйОрган",
    Kind.SOLE_TRADER: "ИндивидуальныйПредприниматель",
    Kind.PERSON: "ФизическоеЛицо",
}
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    # ВидКонтрагента by the number of the template on a fresh portal.
    "1": (KINDS[Kind.LEGAL], KINDS[Kind.STATE_BODY]),
    "2": (KINDS[Kind.SOLE_TRADER],),
    "3": (KINDS[Kind.PERSON],),
}
ADDRESSES = {"legal_address": "6", "actual_address": "1"}
"""Type of the portal's address by field."""
ADDRESS_KINDS = {"ЮрАдресКонтрагента": "legal_address", "ФактАдресКонтрагента": "actual_address"}
ADDRESS_PARTS = ("POSTAL_CODE", "PROVINCE", "REGION", "CITY", "ADDRESS_1", "ADDRESS_2")
WORDS_OF_UT = {
    "ИндивидуальныйПредприниматель": Kind.SOLE_TRADER,
    "ФизЛицо": Kind.PERSON,
    "ЧастноеЛицо": Kind.PERSON,
}
FIRM = ("full_name", "inn", "kpp", "registration_no", "okpo", *ADDRESSES)
PLACES: Mapping[str, tuple[str, ...]] = {
    # Requisite fields that the portal has a place for, by ВидКонтрагента.
    "ЮридическоеЛицо": FIRM,
    "ГосударственныйОрган": FIRM,
    "ИндивидуальныйПредприниматель": (
        "person_name",
        "inn",
        "registration_no",
        "okpo",
        *ADDRESSES,
    ),
    "ФизическоеЛицо": ("person_name", *ADDRESSES),
}
SCALARS = ("name", "full_name", "person_name", "inn", "kpp", "registration_no", "okpo", *ADDRESSES)
BAGS = ("phones", "emails")
CARD_FIELDS = ("name", *BAGS)
ROOM = {"name": 100, "person_name": 100, "registration_no": 50, "okpo": 10}
"""Characters that УНФ keeps of a text; a longer one is cut there without a word."""


class Look:
    """What was seen of one side, so that a further look reckons only what was written meanwhile.

    Rows are replaced, never changed: out of the same rows comes the same view.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[tuple[Row, ...], View | None]] = {}

    def view(
        self, key: str, rows: tuple[Row, ...], reckon: Callable[[], View | None]
    ) -> View | None:
        """The view of a client that is made of these rows, None for one who is not shown."""
        seen = self._seen.get(key)
        if seen is None or len(seen[0]) != len(rows) or not all(map(is_, seen[0], rows)):
            seen = self._seen[key] = (rows, reckon())
        return seen[1]


def base_views(records: Records, look: Look | None = None) -> dict[str, View]:
    """Clients of an infobase by GUID, without folders and marked ones."""
    look = look or Look()
    kinds, told = address_kinds(records), tuple(records.get(CONTACT_KINDS, {}).values())
    views = {
        key: look.view(key, (*rows, *told), partial(_shown_in_base, key, rows, kinds))
        for key, rows in client_rows(records).items()
    }
    return {key: view for key, view in views.items() if view is not None}


def _shown_in_base(key: str, rows: tuple[Row, ...], kinds: Mapping[str, str]) -> View | None:
    row = rows[0] if PARTNER_MARK not in rows[0] else _with_details(*rows)
    if row.get("IsFolder") or row.get("DeletionMark") or row.get("Predefined"):
        return None
    return base_view(key, row, kinds)


def client_rows(records: Records) -> Mapping[str, tuple[Row, ...]]:
    """The rows of each client: in УТ the partner's, and his counterparty's if there is one."""
    if PARTNERS not in records:
        return {key: (row,) for key, row in records.get(CLIENTS, {}).items()}
    details: dict[str, Row] = {}
    for row in records.get(CLIENTS, {}).values():
        if not row.get("DeletionMark"):
            # Of several the one that was entered first: the judge sees all of them elsewhere.
            details.setdefault(text(row, PARTNER), row)
    return {
        key: (row, details[key]) if key in details else (row,)
        for key, row in records[PARTNERS].items()
        if row.get(PARTNER_MARK)
    }


def _with_details(partner: Row, details: Row | None = None) -> Row:
    own = {name: partner[name] for name in ("Description", "DeletionMark", "Predefined")}
    contacts = [*_contacts(partner)]
    if details is None:
        return {**own, "ЮрФизЛицо": partner["ЮрФизЛицо"], "КонтактнаяИнформация": contacts}
    contacts += [row for row in _contacts(details) if row["Тип"] == "Адрес"]
    return {**details, **own, "КонтактнаяИнформация": contacts}


def _contacts(row: Row) -> Sequence[Any]:
    contacts = row.get("КонтактнаяИнформация") or ()
    assert isinstance(contacts, list | tuple)
    return contacts


def address_kinds(records: Records) -> dict[str, str]:
    """Our fields by the GUID of their kind of contact information."""
    return {
        key: ADDRESS_KINDS[text(row, "PredefinedDataName")]
        for key, row in records.get(CONTACT_KINDS, {}).items()
        if text(row, "PredefinedDataName") in ADDRESS_KINDS
    }


def base_view(key: str, row: Row, kinds: Mapping[str, str]) -> View:
    contacts = _contacts(row)
    addresses = {
        kinds[c["Вид_Key"]]: words(text(c, "Представление"))
        for c in contacts
        if c["Вид_Key"] in kinds
    }
    return View(
        key=key,
        kind=base_kind(row),
        name=text(row, "Description"),
        full_name=text(row, "НаименованиеПолное"),
        # УНФ has a place of its own for it.
        person_name=text(row, "ФИО")
        if "ФИО" in row
        else re.sub("^(Индивидуальный предприниматель|ИП) ", "", text(row, "НаименованиеПолное")),
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
        legal_address=addresses.get("legal_address", ""),
        actual_address=addresses.get("actual_address", ""),
    )


def base_kind(row: Row) -> str:
    """What the base calls the client; БП has fewer words and tells the rest by numbers."""
    if "ВидКонтрагента" in row:
        return text(row, "ВидКонтрагента")
    if "ЮрФизЛицо" in row:
        return KINDS[WORDS_OF_UT.get(text(row, "ЮрФизЛицо"), Kind.LEGAL)]
    if row.get("ГосударственныйОрган"):
        return KINDS[Kind.STATE_BODY]
    if text(row, "ЮридическоеФизическоеЛицо") != KINDS[Kind.PERSON]:
        return KINDS[Kind.LEGAL]
    numbers = text(row, "РегистрационныйНомер") or text(row, "СвидетельствоСерияНомер")
    trades = len(digits(text(row, "ИНН"))) == 12 and numbers
    return KINDS[Kind.SOLE_TRADER if trades else Kind.PERSON]


def portal_views(records: Records, look: Look | None = None) -> dict[str, View]:
    """Clients of a portal by `company:12`, without own companies and contact persons."""
    look = look or Look()
    requisites: dict[tuple[str, str], list[Row]] = {}
    for row in records.get("requisite", {}).values():
        owner = (text(row, "ENTITY_TYPE_ID"), text(row, "ENTITY_ID"))
        requisites.setdefault(owner, []).append(row)
    addresses: dict[str, list[Row]] = {}
    for row in records.get("address", {}).values():
        addresses.setdefault(text(row, "ENTITY_ID"), []).append(row)
    views = {}
    for shape in (COMPANY, CONTACT):
        for key, row in records.get(shape, {}).items():
            own = requisites.get((OWNER_TYPE[shape], key), [])
            lying = [each for one in own for each in addresses.get(text(one, "ID"), ())]
            views[f"{shape}:{key}"] = look.view(
                f"{shape}:{key}",
                (row, *own, *lying),
                partial(_shown_on_portal, shape, key, row, own, addresses),
            )
    return {key: view for key, view in views.items() if view is not None}


def _shown_on_portal(
    shape: str, key: str, row: Row, requisites: list[Row], addresses: Mapping[str, list[Row]]
) -> View | None:
    if row.get("IS_MY_COMPANY") == "Y" or text(row, "COMPANY_ID") not in {"", "0"}:
        return None
    return portal_view(shape, key, row, requisites, addresses)


def portal_view(
    shape: str,
    key: str,
    row: Row,
    requisites: list[Row],
    addresses: Mapping[str, list[Row]] = NO_ADDRESSES,
) -> View:
    mark = text(row, "ORIGIN_ID").lower() if row.get("ORIGINATOR_ID") == OUR_MARK else ""
    ordered = sorted(requisites, key=lambda one: _rank(one, mark))
    requisite = ordered[0] if ordered else {}
    by_type = {
        text(address, "TYPE_ID"): words(" ".join(text(address, part) for part in ADDRESS_PARTS))
        for address in addresses.get(text(requisite, "ID"), ())
    }
    person = (text(requisite, f"RQ_{word}_NAME") for word in ("LAST", "FIRST", "SECOND"))
    name = (
        text(row, "TITLE")
        if shape == COMPANY
        else joined(text(row, word) for word in ("LAST_NAME", "NAME", "SECOND_NAME"))
    )
    return View(
        key=f"{shape}:{key}",
        name=name,
        full_name=text(requisite, "RQ_COMPANY_FULL_NAME"),
        person_name=joined(person),
        inn=digits(text(requisite, "RQ_INN")),
        kpp=digits(text(requisite, "RQ_KPP")),
        registration_no=text(requisite, "RQ_OGRN") or text(requisite, "RQ_OGRNIP"),
        okpo=text(requisite, "RQ_OKPO"),
        phones=Counter(phone_digits(value) for value in multi(row, "PHONE")),
        emails=Counter(value.strip().lower() for value in multi(row, "EMAIL")),
        mark=mark,
        template=text(requisite, "PRESET_ID"),
        requisite_keys=tuple(text(r, "ID") for r in ordered if r.get("ACTIVE") != "N"),
        legal_address=by_type.get(ADDRESSES["legal_address"], ""),
        actual_address=by_type.get(ADDRESSES["actual_address"], ""),
    )


def _rank(requisite: Row, mark: str) -> tuple[bool, bool, bool, int]:
    """In force first, then what bears the client's mark, then what bears none, then the oldest."""
    bears = text(requisite, "XML_ID").lower()
    number = int(text(requisite, "ID") or 0)
    return requisite.get("ACTIVE") == "N", bears != mark, bool(bears), number


def entered_values(client: Client) -> dict[str, Any]:  # Any: fields of View
    """What both sides show of a client as he was entered."""
    names = ("name", *(name for name in PLACES[KINDS[client.kind]] if name not in ADDRESSES))
    return {
        **{name: getattr(client, name) for name in names},
        "phones": Counter(map(phone_digits, client.phones)),
        "emails": Counter(email.strip().lower() for email in client.emails),
    }


def client_of(touch: Touch) -> tuple[str, tuple[str, ...]]:
    """Whom a write in the base concerns, and which of his fields it can have changed."""
    row = touch.after or touch.before or {}
    if touch.entity == PARTNERS:
        return touch.key, CARD_FIELDS
    if PARTNER in row:
        return text(row, PARTNER), tuple(name for name in SCALARS if name != "name")
    return touch.key, (*SCALARS, *BAGS)


def card_writes(touches: Iterable[Touch]) -> Iterator[tuple[str, View]]:
    """Verb and client after each write of a client's card, oldest first; requisites are apart."""
    for touch in touches:
        if touch.entity in CLIENT_SETS and client_of(touch)[0] == touch.key:
            yield touch.verb, base_view(touch.key, touch.after or {}, {})
        elif touch.entity in {COMPANY, CONTACT}:
            yield touch.verb, portal_view(touch.entity, touch.key, touch.after or {}, [])


def odd_kinds(portal: View, base: View) -> list[str]:
    """A sentence if the requisite's template is of another kind than the counterparty."""
    fits = base.kind in TEMPLATES.get(portal.template, (base.kind,))
    odd = f"kind: portal {portal.key} has template {portal.template}, base has {base.kind}"
    return [] if fits else [odd]


def differences(portal: View, base: View, names: Iterable[str] | None = None) -> list[str]:
    """Where a pair differs: sentences that name the field and both values.

    Args:
        names: Of the fields that count; None for all that both sides have a place for, and kinds.
    """
    odd = [] if names else odd_kinds(portal, base)
    names = names or ["name", *PLACES[base.kind], *BAGS]
    return odd + [
        f"{name}: portal {portal.key} has {_shown(getattr(portal, name))}, "
        f"base {base.key} has {_shown(getattr(base, name))}"
        for name in names
        if _fitted(name, getattr(portal, name)) != getattr(base, name)
    ]


def _fitted(name: str, value: str | Counter[str]) -> str | Counter[str]:
    """A portal's value as far as 1C has room for it."""
    return value[: ROOM[name]].rstrip() if isinstance(value, str) and name in ROOM else value


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


def words(address: str) -> str:
    """Words of an address as both sides show it; the type of a city stands on one side only."""
    return joined(word for word in re.findall(r"\w+", address.lower()) if word != "г")


def digits(value: str) -> str:
    return re.sub(r"\D", "", value)


def phone_digits(value: str) -> str:
    """`8 (495) 123-45-67` and `+74951234567` are one; what follows an extension mark counts."""
    number, _, extension = re.sub(r"(доб\.?|ext\.?)", "#", value).partition("#")
    plain = digits(number)
    if len(plain) == 11 and plain.startswith("8"):
        plain = "7" + plain[1:]
    return f"{plain}#{digits(extension)}" if extension else plain
