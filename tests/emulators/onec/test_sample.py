"""Sample data: a client is entered with everything that a search needs."""

import json
from xml.etree import ElementTree

import pytest

from onec_emulator.contact_information import Address
from onec_emulator.details import BANKS, Account
from onec_emulator.sample import (
    enter,
    enter_account,
    enter_address,
    enter_person,
    fill,
    fill_whole,
    group,
    seed_from,
)
from onec_emulator.wording import WORDINGS
from sverka_emulator_kit.people import Client, Kind

SET = "Catalog_Контрагенты"


def client(**fields):
    return Client(**{"kind": Kind.LEGAL, "name": "Ромашка ООО", **fields})


def test_a_client_is_entered_with_kinds_search_fields_and_copies(base):
    entered = client(
        full_name='ООО "Ромашка"',
        inn="7707083893",
        kpp="770701001",
        registration_no="1027700132195",
        okpo="00012345",
        phones=("+74951234567", "+79031234567"),
        emails=("info@romashka.example",),
    )
    row = base.records()[SET][enter(base, entered, user="Петров")]
    assert (row["ВидКонтрагента"], row["ЮридическоеФизическоеЛицо"]) == (
        "ЮридическоеЛицо",
        "ЮридическоеЛицо",
    )
    assert (row["ИНН"], row["КПП"], row["Покупатель"]) == ("7707083893", "770701001", True)
    lines = row["КонтактнаяИнформация"]
    assert [(line["Вид_Key"], line["НомерТелефона"], line["АдресЭП"]) for line in lines] == [
        (base.kind_key("ТелефонКонтрагента"), "74951234567", ""),
        (base.kind_key("ТелефонКонтрагента"), "79031234567", ""),
        (base.kind_key("EmailКонтрагента"), "", "info@romashka.example"),
    ]
    assert row["НомерТелефонаДляПоиска"] == "74951234567, 79031234567"
    assert row["АдресЭПДляПоиска"] == "info@romashka.example"
    assert base.ledger.touches[-1].actor == "user:Петров"


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_client_can_be_entered(base, kind):
    row = base.records()[SET][enter(base, client(kind=kind))]
    assert row["ВидКонтрагента"] != ""
    assert row["ЮридическоеФизическоеЛицо"] != ""


def test_a_client_can_be_put_into_a_group(base):
    folder = group(base, "Новые из Битрикс24")
    row = base.records()[SET][enter(base, client(), group=folder)]
    assert row["Parent_Key"] == folder
    assert base.records()[SET][folder]["IsFolder"] is True


def test_filling_makes_as_many_as_asked_and_the_same_ones(calling):
    one, other = calling().base, calling().base
    assert len(fill(one, 20, seed=7)) == 20
    fill(other, 20, seed=7)
    assert one.snapshot() == other.snapshot()


def test_a_seed_file_is_entered_in_its_order(base):
    seed_from(base, {SET: [{"Description": "А"}, {"Description": "Б"}]})
    assert [row["Description"] for row in base.records()[SET].values()] == ["А", "Б"]


@pytest.fixture(params=WORDINGS)
def some(request, calling):
    """A base of each configuration that knows clients."""
    return calling(configuration=request.param).base


PEOPLE = {
    "unf": ("Catalog_КонтактныеЛица", "ТелефонКонтактногоЛица"),
    "unf16": ("Catalog_КонтактныеЛица", "ТелефонКонтактногоЛица"),
    "ut11": ("Catalog_КонтактныеЛицаПартнеров", "ТелефонКонтактногоЛица"),
    "bp30": ("Catalog_КонтактныеЛица", "ТелефонРабочийКонтактныеЛица"),
}
CARDS = {
    "unf": (SET, "ТелефонКонтрагента", "EmailКонтрагента"),
    "unf16": (SET, "ТелефонКонтрагента", "EmailКонтрагента"),
    "ut11": ("Catalog_Партнеры", "ТелефонПартнера", "EmailПартнера"),
    "bp30": (SET, "ТелефонКонтрагента", "EmailКонтрагенты"),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_client_has_its_words_in_each_configuration(some, kind):
    row = some.records()[SET][enter(some, client(kind=kind))]
    words = {
        "unf": {
            Kind.LEGAL: ("ЮридическоеЛицо", "ЮридическоеЛицо"),
            Kind.SOLE_TRADER: ("ИндивидуальныйПредприниматель", "ФизическоеЛицо"),
            Kind.PERSON: ("ФизическоеЛицо", "ФизическоеЛицо"),
            Kind.STATE_BODY: ("ГосударственныйОрган", "ЮридическоеЛицо"),
        },
        "unf16": {
            Kind.LEGAL: ("ЮридическоеЛицо", None),
            Kind.SOLE_TRADER: ("ИндивидуальныйПредприниматель", None),
            Kind.PERSON: ("ФизическоеЛицо", None),
            Kind.STATE_BODY: ("ГосударственныйОрган", None),
        },
        "ut11": {
            Kind.LEGAL: ("ЮрЛицо", "ЮридическоеЛицо"),
            Kind.SOLE_TRADER: ("ИндивидуальныйПредприниматель", "ФизическоеЛицо"),
            Kind.PERSON: ("ФизЛицо", "ФизическоеЛицо"),
            Kind.STATE_BODY: ("ЮрЛицо", "ЮридическоеЛицо"),
        },
        "bp30": {
            Kind.LEGAL: (False, "ЮридическоеЛицо"),
            Kind.SOLE_TRADER: (False, "ФизическоеЛицо"),
            Kind.PERSON: (False, "ФизическоеЛицо"),
            Kind.STATE_BODY: (True, "ЮридическоеЛицо"),
        },
    }[some.configuration.name]
    field = {"ut11": "ЮрФизЛицо", "bp30": "ГосударственныйОрган"}
    name = field.get(some.configuration.name, "ВидКонтрагента")
    found = (row[name], row.get("ЮридическоеФизическоеЛицо"))
    assert found == words[kind]


def test_phones_and_mails_lie_on_the_card_under_its_kinds(some):
    cards, phone, email = CARDS[some.configuration.name]
    above = group(some, "Новые из Битрикс24")
    known = client(phones=("+74951234567",), emails=("info@romashka.example",))
    row = some.records()[SET][enter(some, known, group=above)]
    card = some.records()[cards][row.get("Партнер_Key", row["Ref_Key"])]
    assert [line["Вид_Key"] for line in card["КонтактнаяИнформация"]] == [
        some.kind_key(phone),
        some.kind_key(email),
    ]
    assert card["Parent_Key"] == above


def test_a_contact_person_is_bound_to_the_client(some):
    entity, phone = PEOPLE[some.configuration.name]
    guid = enter(some, client())
    person = client(kind=Kind.PERSON, name="Иванова Анна Петровна", phones=("+79031234567",))
    row = some.records()[entity][enter_person(some, guid, person, "бухгалтер")]
    assert row["Description"] == "Иванова Анна Петровна"
    assert [line["Вид_Key"] for line in row["КонтактнаяИнформация"]] == [some.kind_key(phone)]
    client_row = some.records()[SET][guid]
    if some.configuration.name == "unf":
        (link,) = some.records()["InformationRegister_СвязиКонтрагентКонтакт"].values()
        bound = (link["Контрагент_Key"], link["Контакт_Key"], link["Должность"])
        assert bound == (guid, row["Ref_Key"], "бухгалтер")
    elif some.configuration.name == "unf16":
        assert (row["Owner_Key"], row["Должность"]) == (guid, "бухгалтер")
    elif some.configuration.name == "ut11":
        assert row["Owner_Key"] == client_row["Партнер_Key"]
        assert row["ДолжностьПоВизитке"] == "бухгалтер"
    else:
        assert (row["Фамилия"], row["Имя"], row["Отчество"]) == ("Иванова", "Анна", "Петровна")
        assert (row["ОбъектВладелец"], row["Должность"]) == (guid, "бухгалтер")
        assert row["ОбъектВладелец_Type"] == f"StandardODATA.{SET}"


def test_an_account_knows_its_owner_and_its_bank(some):
    guid = enter(some, client())
    keys = {
        enter_account(some, guid, Account(number, BANKS[0]))
        for number in ("40702810700000000101", "40702810000000000102")
    }
    accounts = {"ut11": "Catalog_БанковскиеСчетаКонтрагентов"}
    entity = accounts.get(some.configuration.name, "Catalog_БанковскиеСчета")
    rows = some.records()[entity]
    assert set(rows) == keys
    assert {(row["Owner"], row["Owner_Type"]) for row in rows.values()} == {
        (guid, f"StandardODATA.{SET}")
    }
    if some.configuration.name == "ut11":
        assert {row["БИКБанка"] for row in rows.values()} == {BANKS[0].bik}
    else:
        (bank,) = some.records()["Catalog_Банки"].items()
        assert (bank[1]["Code"], bank[1]["КоррСчет"]) == (BANKS[0].bik, BANKS[0].correspondent)
        assert {row["Банк_Key"] for row in rows.values()} == {bank[0]}


def test_an_address_is_written_in_all_its_forms_and_once_a_kind(some):
    guid = enter(some, client(phones=("+74951234567",)))
    old = Address(zip_code="101000", area="Москва", street="Новая", house="5")
    new = Address(
        zip_code="170000",
        area="Тверская",
        area_type="обл",
        city="Тверь",
        street='Имени "Зари"',
        house="7",
    )
    for address in (old, new):
        enter_address(some, guid, address)
    enter_address(some, guid, old, kind="ФактАдресКонтрагента")
    lines = some.records()[SET][guid]["КонтактнаяИнформация"]
    legal, actual = (line for line in lines if line["Тип"] == "Адрес")
    assert legal["Вид_Key"] == some.kind_key("ЮрАдресКонтрагента")
    assert actual["Вид_Key"] == some.kind_key("ФактАдресКонтрагента")
    assert actual["Представление"] == "101000, Москва г, Новая ул, дом № 5"
    if some.configuration.name != "unf16":
        value = json.loads(legal["Значение"])
        assert (value["value"], value["type"]) == (legal["Представление"], "Адрес")
        assert (value["ZIPcode"], value["city"], value["houseNumber"]) == ("170000", "Тверь", "7")
        assert "city" not in json.loads(actual["Значение"])
    document = ElementTree.fromstring(legal["ЗначенияПолей"])
    assert document.get("Представление") == legal["Представление"]
    assert "".join(document.itertext()) == 'Тверская облТверь гИмени "Зари" ул'
    assert (legal["Регион"], legal["Город"]) == ("Тверская обл", "Тверь г")


def test_a_whole_filling_is_the_plain_one_and_what_belongs_to_it(some, calling):
    plain = calling(configuration=some.configuration.name).base
    fill(plain, 20, seed=3)
    guids = fill_whole(some, 20, seed=3)
    names = [some.records()[SET][guid]["Description"] for guid in guids]
    assert names == [row["Description"] for row in plain.records()[SET].values()]
    types = [
        [line["Тип"] for line in some.records()[SET][guid]["КонтактнаяИнформация"]]
        for guid in guids
    ]
    assert all(found.count("Адрес") == 1 for found in types)
    people = some.records()[PEOPLE[some.configuration.name][0]]
    assert 0 < len(people) < 20


def test_a_base_that_knows_no_clients_says_so(calling):
    with pytest.raises(LookupError, match="cannot be entered into 'other'"):
        fill(calling(configuration="other").base, 1)
