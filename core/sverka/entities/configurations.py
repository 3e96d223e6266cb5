"""What each 1C configuration calls the things that are exchanged. Tables without logic.

Source: metadata of УНФ 3.0, БП 3.0 and УТ 11; predefined kinds of contact information; for УНФ 1.6
the public dump of УНФ для Украины 1.6.4.1 (antonbergit/skarby1c8).
"""

from collections.abc import Mapping
from dataclasses import replace

from sverka.entities.accounts import BANK_ACCOUNT
from sverka.entities.clients import (
    CLIENT,
    LEGAL,
    PERSON,
    SOLE_TRADER,
    STATE_BODY,
)
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.layouts import Configuration, Join, KindWords, Layout, Place
from sverka.entities.persons import CONTACT_PERSON

INN_OF_A_PERSON = 12


COUNTERPARTIES, PARTNERS = "Catalog_Контрагенты", "Catalog_Партнеры"
ALL = frozenset(declared.name for declared in CLIENT.fields)
CONTACTS = frozenset({"name", "phones", "emails"})
OF_PERSONS = frozenset(declared.name for declared in CONTACT_PERSON.fields)
OF_A_BOND = frozenset({"owner", "post"})
OF_COUNTERPARTY = frozenset(declared.name for declared in COUNTERPARTY.fields)
OF_ACCOUNTS = frozenset(declared.name for declared in BANK_ACCOUNT.fields)

IN_LAW = "ЮридическоеФизическоеЛицо"
FIRM, HUMAN = "ЮридическоеЛицо", "ФизическоеЛицо"
ADDRESS_KINDS = {"legal_address": "ЮрАдресКонтрагента", "actual_address": "ФактАдресКонтрагента"}
TRADER_TITLES: Mapping[str, tuple[str, ...]] = {
    SOLE_TRADER: ("Индивидуальный предприниматель ", "ИП ")
}

PERSONS = "Catalog_КонтактныеЛица"
PERSON_CONTACTS = {"phones": "ТелефонКонтактногоЛица", "emails": "EmailКонтактногоЛица"}

OF_COUNTERPARTIES = f"StandardODATA.{COUNTERPARTIES}"
NAMES_OF_ACCOUNTS = {
    "number": "НомерСчета",
    "bik": "БИКБанка",
    "bank": "НаименованиеБанка",
    "correspondent": "КоррСчетБанка",
}
BANK = Join(
    set_name="Catalog_Банки",
    by="Банк_Key",
    columns={"БИКБанка": "Code", "НаименованиеБанка": "Description", "КоррСчетБанка": "КоррСчет"},
    found_by="БИКБанка",
    is_made=True,
)

UNF = Configuration(
    name="unf",
    title="УНФ 3.0",
    clients=Layout(
        entity=CLIENT,
        card=Place(
            set_name=COUNTERPARTIES,
            fields=ALL,
            kinds=(
                KindWords(
                    kind=SOLE_TRADER,
                    words={"ВидКонтрагента": "ИндивидуальныйПредприниматель", IN_LAW: HUMAN},
                ),
                KindWords(kind=PERSON, words={"ВидКонтрагента": HUMAN, IN_LAW: HUMAN}),
                KindWords(
                    kind=STATE_BODY, words={"ВидКонтрагента": "ГосударственныйОрган", IN_LAW: FIRM}
                ),
                KindWords(kind=LEGAL, words={"ВидКонтрагента": FIRM, IN_LAW: FIRM}),
            ),
            new={"Покупатель": True},
            buyer=("Покупатель", "ПрочиеОтношения"),
            seller=("Поставщик",),
        ),
        contact_kinds={
            "phones": "ТелефонКонтрагента",
            "emails": "EmailКонтрагента",
            **ADDRESS_KINDS,
        },
        search_copies={"phones": "НомерТелефонаДляПоиска", "emails": "АдресЭПДляПоиска"},
    ),
    persons=Layout(
        entity=CONTACT_PERSON,
        card=Place(set_name=PERSONS, fields=OF_PERSONS - OF_A_BOND),
        details=Place(
            set_name="InformationRegister_СвязиКонтрагентКонтакт",
            fields=OF_A_BOND,
            owner="Контакт_Key",
            ended="СвязьНедействительна",
        ),
        contact_kinds=PERSON_CONTACTS,
        names={"owner": "Контрагент_Key", "post": "Должность"},
        search_copies={"phones": "НомерТелефонаДляПоиска", "emails": "АдресЭПДляПоиска"},
    ),
    accounts=Layout(
        entity=BANK_ACCOUNT,
        called=("number", "bank"),
        card=Place(set_name="Catalog_БанковскиеСчета", fields=OF_ACCOUNTS),
        names={**NAMES_OF_ACCOUNTS, "owner": "Owner", "closed": "Недействителен"},
        owned_by=OF_COUNTERPARTIES,
        joins=(BANK,),
    ),
)

UNF16 = Configuration(
    name="unf16",
    title="УНФ 1.6",
    clients=replace(
        UNF.clients,
        card=replace(
            UNF.clients.card,
            kinds=tuple(
                KindWords(kind=kind, words={"ВидКонтрагента": word})
                for kind, word in (
                    (SOLE_TRADER, "ИндивидуальныйПредприниматель"),
                    (PERSON, HUMAN),
                    (STATE_BODY, "ГосударственныйОрган"),
                    (LEGAL, FIRM),
                )
            ),
        ),
        search_copies={"phones": "НомерТелефона", "emails": "АдресЭП"},
    ),
    persons=Layout(
        entity=CONTACT_PERSON,
        card=Place(set_name=PERSONS, fields=OF_PERSONS),
        contact_kinds=PERSON_CONTACTS,
        names={"owner": "Owner_Key", "post": "Должность"},
    ),
    # It cannot say that an account is closed.
    accounts=replace(
        UNF.accounts, card=replace(UNF.accounts.card, fields=OF_ACCOUNTS - {"closed"})
    ),
    known_by=frozenset({"SkypeКонтактногоЛица"}),
)

BP30 = Configuration(
    name="bp30",
    title="БП 3.0",
    clients=Layout(
        entity=CLIENT,
        card=Place(
            set_name=COUNTERPARTIES,
            fields=ALL,
            kinds=(
                KindWords(
                    kind=SOLE_TRADER,
                    words={IN_LAW: HUMAN},
                    numbers=("РегистрационныйНомер", "СвидетельствоСерияНомер"),
                    inn_digits=INN_OF_A_PERSON,
                ),
                KindWords(kind=PERSON, words={IN_LAW: HUMAN}),
                KindWords(kind=STATE_BODY, words={IN_LAW: FIRM, "ГосударственныйОрган": True}),
                KindWords(kind=LEGAL, words={IN_LAW: FIRM}),
            ),
        ),
        contact_kinds={
            "phones": "ТелефонКонтрагента",
            "emails": "EmailКонтрагенты",
            **ADDRESS_KINDS,
        },
        names={"person_name": "НаименованиеПолное"},
        titles=TRADER_TITLES,
    ),
    persons=Layout(
        entity=CONTACT_PERSON,
        card=Place(
            set_name=PERSONS,
            fields=OF_PERSONS,
            new={"ВидКонтактногоЛица": "КонтактноеЛицоКонтрагента"},
        ),
        contact_kinds={
            "phones": "ТелефонРабочийКонтактныеЛица",
            "emails": "EmailКонтактныеЛица",
        },
        names={"owner": "ОбъектВладелец", "post": "Должность"},
        words={"name": ("Фамилия", "Имя", "Отчество")},
        owned_by=OF_COUNTERPARTIES,
    ),
    accounts=Layout(
        entity=BANK_ACCOUNT,
        called=("number", "bank"),
        card=Place(set_name="Catalog_БанковскиеСчета", fields=OF_ACCOUNTS),
        names={**NAMES_OF_ACCOUNTS, "owner": "Owner", "closed": "ДатаЗакрытия"},
        owned_by=OF_COUNTERPARTIES,
        joins=(BANK,),
    ),
)

KINDS_OF_UT = (
    KindWords(
        kind=SOLE_TRADER, words={"ЮрФизЛицо": "ИндивидуальныйПредприниматель", IN_LAW: HUMAN}
    ),
    KindWords(kind=PERSON, words={"ЮрФизЛицо": "ФизЛицо", IN_LAW: HUMAN}),
    KindWords(kind=LEGAL, words={"ЮрФизЛицо": "ЮрЛицо", IN_LAW: FIRM}),
    # УТ has no word for it; a second exchange sees a legal entity.
    KindWords(kind=STATE_BODY, words={"ЮрФизЛицо": "ЮрЛицо", IN_LAW: FIRM}),
)

UT11 = Configuration(
    name="ut11",
    title="УТ 11",
    clients=Layout(
        entity=CLIENT,
        card=Place(
            set_name=PARTNERS,
            fields=CONTACTS,
            kinds=(
                KindWords(kind=PERSON, words={"ЮрФизЛицо": "ЧастноеЛицо"}),
                KindWords(kind=LEGAL, words={"ЮрФизЛицо": "Компания"}),
                KindWords(kind=SOLE_TRADER, words={"ЮрФизЛицо": "Компания"}),
                KindWords(kind=STATE_BODY, words={"ЮрФизЛицо": "Компания"}),
            ),
            new={"Клиент": True},
            buyer=("Клиент", "ПрочиеОтношения"),
            seller=("Поставщик",),
            only_buyers=True,
        ),
        details=Place(
            set_name=COUNTERPARTIES,
            fields=ALL - CONTACTS,
            owner="Партнер_Key",
            kinds=KINDS_OF_UT,
        ),
        contact_kinds={"phones": "ТелефонПартнера", "emails": "EmailПартнера", **ADDRESS_KINDS},
        names={"person_name": "НаименованиеПолное"},
        titles=TRADER_TITLES,
    ),
    counterparties=Layout(
        entity=COUNTERPARTY,
        part_of="Партнер_Key",
        called=("full_name", "person_name"),
        card=Place(set_name=COUNTERPARTIES, fields=OF_COUNTERPARTY, kinds=KINDS_OF_UT),
        contact_kinds=ADDRESS_KINDS,
        names={"owner": "Партнер_Key", "person_name": "НаименованиеПолное"},
        titles=TRADER_TITLES,
    ),
    persons=Layout(
        entity=CONTACT_PERSON,
        card=Place(set_name="Catalog_КонтактныеЛицаПартнеров", fields=OF_PERSONS),
        contact_kinds=PERSON_CONTACTS,
        names={"owner": "Owner_Key", "post": "ДолжностьПоВизитке"},
    ),
    accounts=Layout(
        entity=BANK_ACCOUNT,
        called=("number", "bank"),
        card=Place(set_name="Catalog_БанковскиеСчетаКонтрагентов", fields=OF_ACCOUNTS),
        names={**NAMES_OF_ACCOUNTS, "owner": "Партнер_Key", "closed": "Закрыт"},
        joins=(
            Join(
                set_name=COUNTERPARTIES,
                by="Owner",
                columns={"Партнер_Key": "Партнер_Key"},
                found_by="Партнер_Key",
                type_name=OF_COUNTERPARTIES,
            ),
        ),
    ),
)

CONFIGURATIONS = (UT11, BP30, UNF16, UNF)
"""In the order in which a base is recognised: by the kinds of contact information it has."""

OWNERS = {
    layout.details.set_name: layout.details.owner
    for known in CONFIGURATIONS
    for layout in known.layouts
    if layout.details
}
"""Property that names the card, by set that holds a part of a record."""
