"""Sample data: clients entered into a base the way people enter them."""

import re
from collections.abc import Mapping, Sequence

from onec_emulator.contact_information import (
    Address,
    address_line,
    email_line,
    numbered,
    phone_line,
)
from onec_emulator.details import Account, Bank, Details
from onec_emulator.infobase import Infobase
from onec_emulator.rules.before_write import local_time
from onec_emulator.schemas import NAMESPACE, Row
from onec_emulator.wording import (
    COUNTERPARTIES,
    WORDINGS,
    Wording,
    contact_person,
    counterparty,
    in_group,
    partner,
)
from sverka_emulator_kit.people import Client, Kind, Registry

CONTACTS = "КонтактнаяИнформация"
BANKS = "Catalog_Банки"
BINDINGS = "InformationRegister_СвязиКонтрагентКонтакт"


def enter(base: Infobase, client: Client, user: str = "Иванова", group: str | None = None) -> str:
    """Enter a client as a counterparty, in УТ below a partner of its own; return its guid.

    Args:
        group: Guid of the group to put it into, None for the top.
    """
    wording = wording_of(base)
    contacts = _contacts(base, client, wording.phone, wording.email)
    fields = counterparty(client)
    if wording.card == COUNTERPARTIES:
        return _create(base, COUNTERPARTIES, in_group(group) | fields | contacts, user)
    card = _create(base, wording.card, in_group(group) | partner(client) | contacts, user)
    return _create(base, COUNTERPARTIES, fields | {"Партнер_Key": card}, user)


def enter_person(
    base: Infobase, client: str, person: Client, post: str = "", user: str = "Иванова"
) -> str:
    """Enter a contact person of the counterparty `client` and return its guid."""
    wording = wording_of(base)
    card = _card(base, client)
    contacts = _contacts(base, person, wording.person_phone, wording.person_email)
    fields = contact_person(person, post, card=wording.card, guid=card)
    guid = _create(base, wording.persons, fields | contacts, user)
    if BINDINGS in base.records():
        binding = {
            "Period": local_time(base.clock.now_s()),
            "Контрагент_Key": client,
            "Контакт_Key": guid,
            "Должность": post,
        }
        _create(base, BINDINGS, binding, user)
    return guid


def enter_account(base: Infobase, client: str, account: Account, user: str = "Иванова") -> str:
    """Enter a bank account of the counterparty `client`, its bank too if it is new."""
    bank = account.bank
    fields: Row = {
        "Description": f"{account.number}, {bank.name}",
        "Owner": client,
        "Owner_Type": f"{NAMESPACE}{COUNTERPARTIES}",
        "НомерСчета": account.number,
        "БИКБанка": bank.bik,
        "НаименованиеБанка": bank.name,
        "КоррСчетБанка": bank.correspondent,
    }
    if BANKS in base.records():
        fields["Банк_Key"] = _bank(base, bank, user)
    return _create(base, wording_of(base).accounts, fields, user)


def enter_address(
    base: Infobase,
    client: str,
    address: Address,
    kind: str = "ЮрАдресКонтрагента",
    user: str = "Иванова",
) -> None:
    """Enter the address of the counterparty `client`; one of the same kind gives way."""
    line = address_line(base.kind_key, kind, address)
    present = base.records()[COUNTERPARTIES][client][CONTACTS]
    others = [row for row in present if row["Вид_Key"] != line["Вид_Key"]]
    fields = {CONTACTS: numbered([*others, line])}
    base.act("update", {"set": COUNTERPARTIES, "key": client, "fields": fields}, user=user)


def group(base: Infobase, name: str, user: str = "Иванова") -> str:
    """Make a group of clients and return its guid; in УТ that is a partner above others."""
    return _create(base, wording_of(base).card, {"Description": name, "IsFolder": True}, user)


def fill(base: Infobase, count: int, seed: int = 1) -> list[str]:
    """Enter `count` clients, the same ones for the same seed; they are registered as edits are."""
    return [enter(base, client) for client in Registry(seed).clients(count)]


def fill_whole(base: Infobase, count: int, seed: int = 1) -> list[str]:
    """Enter the clients of `fill` with all that belongs to them.

    Each has a legal address, each but a person a bank account, each legal entity a contact
    person.
    """
    details, people = Details(seed), Registry(seed + 1)
    entered: list[str] = []
    for client in Registry(seed).clients(count):
        guid = enter(base, client)
        entered.append(guid)
        enter_address(base, guid, details.address())
        if client.kind is not Kind.PERSON:
            enter_account(base, guid, details.account())
        if client.kind is Kind.LEGAL:
            enter_person(base, guid, people.client(Kind.PERSON), "директор")
    return entered


def seed_from(base: Infobase, records: Mapping[str, Sequence[Row]]) -> None:
    """Enter the records of a seed file: `{set: [fields, …]}`, in its order."""
    for entity, rows in records.items():
        for fields in rows:
            base.act("create", {"set": entity, "fields": fields}, user="seed")


def wording_of(base: Infobase) -> Wording:
    """How the base's configuration words clients.

    Raises:
        LookupError: It knows none; the message names those that do.
    """
    name = base.configuration.name
    if name not in WORDINGS:
        raise LookupError(
            f"Sample clients cannot be entered into {name!r}. Use one of: {', '.join(WORDINGS)}."
        )
    return WORDINGS[name]


def _create(base: Infobase, entity: str, fields: Row, user: str) -> str:
    """Enter a record with those of the fields that its set has."""
    schema = base.configuration.sets[entity]
    known = {name: value for name, value in fields.items() if name in schema.blank}
    guid: str = base.act("create", {"set": entity, "fields": known}, user=user)
    return guid


def _contacts(base: Infobase, client: Client, phone: str, email: str) -> Row:
    lines = [phone_line(base.kind_key, phone, number) for number in client.phones]
    lines += [email_line(base.kind_key, email, address) for address in client.emails]
    return {
        CONTACTS: numbered(lines),
        "НомерТелефонаДляПоиска": ", ".join(re.sub(r"\D", "", phone) for phone in client.phones),
        "АдресЭПДляПоиска": ", ".join(client.emails),
    }


def _card(base: Infobase, client: str) -> str:
    guid: str = base.records()[COUNTERPARTIES][client].get("Партнер_Key", client)
    return guid


def _bank(base: Infobase, bank: Bank, user: str) -> str:
    for key, row in base.records()[BANKS].items():
        if row["Code"] == bank.bik:
            return key
    fields = {"Code": bank.bik, "Description": bank.name, "КоррСчет": bank.correspondent}
    return _create(base, BANKS, fields, user)
