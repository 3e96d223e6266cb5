"""How each configuration words a client: which set holds what, and under which names."""

from collections.abc import Mapping
from dataclasses import dataclass

from onec_emulator.schemas import EMPTY_GUID, NAMESPACE, Row
from sverka_emulator_kit.people import Client, Kind

COUNTERPARTIES = "Catalog_Контрагенты"
LEGAL, SOLE_TRADER, PERSON, STATE_BODY = Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Sets and kinds of contact information of one configuration.

    Attributes:
        card: The set whose records hold a client's phones, mails, group and contact persons:
            counterparties themselves or, in УТ, the partner above them.
        phone, email: Kinds of the card; `person_phone`, `person_email` those of a contact person.
        persons: The set of contact persons; `accounts` that of bank accounts.
    """

    card: str = COUNTERPARTIES
    phone: str = "ТелефонКонтрагента"
    email: str = "EmailКонтрагента"
    persons: str = "Catalog_КонтактныеЛица"
    person_phone: str = "ТелефонКонтактногоЛица"
    person_email: str = "EmailКонтактногоЛица"
    accounts: str = "Catalog_БанковскиеСчета"


WORDINGS: Mapping[str, Wording] = {
    "unf": Wording(),
    "unf16": Wording(),
    "ut11": Wording(
        card="Catalog_Партнеры",
        phone="ТелефонПартнера",
        email="EmailПартнера",
        persons="Catalog_КонтактныеЛицаПартнеров",
        accounts="Catalog_БанковскиеСчетаКонтрагентов",
    ),
    "bp30": Wording(
        email="EmailКонтрагенты",
        person_phone="ТелефонРабочийКонтактныеЛица",
        person_email="EmailКонтактныеЛица",
    ),
}
"""By the name of the configuration."""

KIND_FIELDS: Mapping[str, Mapping[Kind, object]] = {
    # УНФ
    "ВидКонтрагента": {
        LEGAL: "ЮридическоеЛицо",
        SOLE_TRADER: "ИндивидуальныйПредприниматель",
        PERSON: "ФизическоеЛицо",
        STATE_BODY: "ГосударственныйОрган",
    },
    # УТ
    "ЮрФизЛицо": {
        LEGAL: "ЮрЛицо",
        SOLE_TRADER: "ИндивидуальныйПредприниматель",
        PERSON: "ФизЛицо",
        STATE_BODY: "ЮрЛицо",
    },
    # БП has no more than this flag and the kind in law.
    "ГосударственныйОрган": {STATE_BODY: True},
    "ЮридическоеФизическоеЛицо": {
        LEGAL: "ЮридическоеЛицо",
        SOLE_TRADER: "ФизическоеЛицо",
        PERSON: "ФизическоеЛицо",
        STATE_BODY: "ЮридическоеЛицо",
    },
}
"""What a client's kind writes into a counterparty; a set takes the fields that it has."""


def counterparty(client: Client) -> Row:
    """Fields of a counterparty in any configuration."""
    kinds = {
        name: words[client.kind] for name, words in KIND_FIELDS.items() if client.kind in words
    }
    return {
        "Description": client.name,
        "НаименованиеПолное": client.full_name or client.name,
        **kinds,
        "ИНН": client.inn,
        "КПП": client.kpp,
        "РегистрационныйНомер": client.registration_no,
        "КодПоОКПО": client.okpo,
        "ФИО": client.person_name,
        "Покупатель": True,
    }


def partner(client: Client) -> Row:
    """Fields of the partner above a counterparty."""
    return {
        "Description": client.name,
        "НаименованиеПолное": client.full_name or client.name,
        "ЮрФизЛицо": "ЧастноеЛицо" if client.kind is PERSON else "Компания",
        "Клиент": True,
    }


def contact_person(person: Client, post: str, *, card: str, guid: str) -> Row:
    """Fields of a contact person of the card `guid`, in any configuration."""
    words = dict(zip(("Фамилия", "Имя", "Отчество"), person.name.split(" ", 2), strict=False))
    return {
        "Description": person.name,
        **words,
        "Должность": post,
        "ДолжностьПоВизитке": post,
        "ВидКонтактногоЛица": "КонтактноеЛицоКонтрагента",
        "ОбъектВладелец": guid,
        "ОбъектВладелец_Type": f"{NAMESPACE}{card}",
        "Owner_Key": guid,
    }


def in_group(group: str | None) -> Row:
    return {"Parent_Key": group or EMPTY_GUID}
