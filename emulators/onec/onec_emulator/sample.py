"""Sample data: clients entered into a base the way people enter them."""

import re
from collections.abc import Mapping, Sequence

from onec_emulator.infobase import Infobase
from onec_emulator.schemas import EMPTY_GUID, Row
from sverka_emulator_kit.people import Client, Kind, Registry

COUNTERPARTIES = "Catalog_Контрагенты"
KINDS = {
    Kind.LEGAL: "ЮридическоеЛицо",
    Kind.SOLE_TRADER: "ИндивидуальныйПредприниматель",
    Kind.PERSON: "ФизическоеЛицо",
    Kind.STATE_BODY: "ГосударственныйОрган",
}
IN_LAW = {
    Kind.LEGAL: "ЮридическоеЛицо",
    Kind.SOLE_TRADER: "ФизическоеЛицо",
    Kind.PERSON: "ФизическоеЛицо",
    Kind.STATE_BODY: "ЮридическоеЛицо",
}


def enter(base: Infobase, client: Client, user: str = "Иванова", group: str | None = None) -> str:
    """Enter a client as a counterparty and return its guid.

    Args:
        group: Guid of the folder to put it into, None for the top.
    """
    phones = [re.sub(r"\D", "", phone) for phone in client.phones]
    fields = {
        "Parent_Key": group or EMPTY_GUID,
        "Description": client.name,
        "НаименованиеПолное": client.full_name or client.name,
        "ВидКонтрагента": KINDS[client.kind],
        "ЮридическоеФизическоеЛицо": IN_LAW[client.kind],
        "ИНН": client.inn,
        "КПП": client.kpp,
        "РегистрационныйНомер": client.registration_no,
        "КодПоОКПО": client.okpo,
        "ФИО": client.person_name,
        "Покупатель": True,
        "КонтактнаяИнформация": contact_lines(base, client.phones, client.emails),
        "НомерТелефонаДляПоиска": ", ".join(phones),
        "АдресЭПДляПоиска": ", ".join(client.emails),
    }
    guid: str = base.act("create", {"set": COUNTERPARTIES, "fields": fields}, user=user)
    return guid


def contact_lines(base: Infobase, phones: Sequence[str], emails: Sequence[str]) -> list[Row]:
    """Lines of КонтактнаяИнформация of a counterparty, numbered from 1."""
    lines: list[Row] = [
        {
            "Тип": "Телефон",
            "Вид_Key": base.kind_key("ТелефонКонтрагента"),
            "Представление": phone,
            "НомерТелефона": re.sub(r"\D", "", phone),
        }
        for phone in phones
    ]
    lines += [
        {
            "Тип": "АдресЭлектроннойПочты",
            "Вид_Key": base.kind_key("EmailКонтрагента"),
            "Представление": email,
            "АдресЭП": email,
            "ДоменноеИмяСервера": email.rpartition("@")[2],
        }
        for email in emails
    ]
    return [{"LineNumber": str(number), **line} for number, line in enumerate(lines, 1)]


def group(base: Infobase, name: str, user: str = "Иванова") -> str:
    """Make a folder of counterparties and return its guid."""
    fields = {"Description": name, "IsFolder": True}
    guid: str = base.act("create", {"set": COUNTERPARTIES, "fields": fields}, user=user)
    return guid


def fill(base: Infobase, count: int, seed: int = 1) -> list[str]:
    """Enter `count` clients, the same ones for the same seed; they are registered as edits are."""
    return [enter(base, client) for client in Registry(seed).clients(count)]


def seed_from(base: Infobase, records: Mapping[str, Sequence[Row]]) -> None:
    """Enter the records of a seed file: `{set: [fields, …]}`, in its order."""
    for entity, rows in records.items():
        for fields in rows:
            base.act("create", {"set": entity, "fields": fields}, user="seed")
