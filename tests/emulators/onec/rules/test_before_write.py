"""What a configuration does to a client itself, and that load mode keeps it from it."""

import pytest

from onec_emulator.rules.before_write import RULES
from onec_emulator.schemas.files import BUILT, load

CLIENTS, PARTNERS = "Catalog_Контрагенты", "Catalog_Партнеры"
PEOPLE = "Catalog_КонтактныеЛица"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def ut(calling):
    return calling(configuration="ut11")


@pytest.fixture
def bp(calling):
    return calling(configuration="bp30")


def test_a_declaration_names_only_rules_that_there_are_and_each_is_named():
    named = {rule for name in BUILT for entity in load(name).sets.values() for rule in entity.rules}
    assert named == set(RULES)


@pytest.mark.parametrize("configuration", ["ut11", "bp30"])
def test_who_is_no_branch_is_his_own_head(calling, configuration):
    odata = calling(configuration=configuration)
    head = odata.json("POST", f"/{CLIENTS}", body={"Description": "Ромашка ООО"})
    assert head["ГоловнойКонтрагент_Key"] == head["Ref_Key"]
    branch = {"ОбособленноеПодразделение": True}
    assert odata.json("POST", f"/{CLIENTS}", body=branch)["ГоловнойКонтрагент_Key"] == NOBODY
    path = f"/{CLIENTS}(guid'{head['Ref_Key']}')"
    again = odata.json("PATCH", path, body={"ГоловнойКонтрагент_Key": NOBODY})
    assert again["ГоловнойКонтрагент_Key"] == head["Ref_Key"]


@pytest.mark.parametrize(
    ("kind", "in_law"),
    [
        ("ЮрЛицо", "ЮридическоеЛицо"),
        ("ЮрЛицоНеРезидент", "ЮридическоеЛицо"),
        ("ФизЛицо", "ФизическоеЛицо"),
        ("ИндивидуальныйПредприниматель", "ФизическоеЛицо"),
        ("", "ЮридическоеЛицо"),
    ],
)
def test_in_ut_the_kind_in_law_follows_the_finer_kind(ut, kind, in_law):
    sent = {"ЮрФизЛицо": kind, "ЮридическоеФизическоеЛицо": "ЮридическоеЛицо"}
    assert ut.json("POST", f"/{CLIENTS}", body=sent)["ЮридическоеФизическоеЛицо"] == in_law


def test_in_ut_a_company_has_neither_sex_nor_birthday(ut):
    sent = {"ЮрФизЛицо": "ЧастноеЛицо", "Пол": "Мужской", "ДатаРождения": "1980-01-02T00:00:00"}
    person = ut.json("POST", f"/{PARTNERS}", body=sent)
    assert (person["Пол"], person["ДатаРождения"]) == ("Мужской", "1980-01-02T00:00:00")
    path = f"/{PARTNERS}(guid'{person['Ref_Key']}')"
    company = ut.json("PATCH", path, body={"ЮрФизЛицо": "Компания"})
    assert (company["Пол"], company["ДатаРождения"]) == ("", "0001-01-01T00:00:00")


def test_codes_are_as_long_as_the_configuration_says(ut, bp):
    assert ut.json("POST", f"/{PARTNERS}", body={})["Code"] == "00-00000001"
    assert "Code" not in ut.json("POST", f"/{CLIENTS}", body={})
    assert bp.json("POST", f"/{CLIENTS}", body={})["Code"] == "00-000001"


def test_in_bp_blanks_behind_an_inn_go_and_a_folder_is_left_alone(bp):
    assert bp.json("POST", f"/{CLIENTS}", body={"ИНН": "7707083893  "})["ИНН"] == "7707083893"
    folder = bp.json("POST", f"/{CLIENTS}", body={"IsFolder": True})
    path = f"/{CLIENTS}(guid'{folder['Ref_Key']}')"
    assert bp.json("PATCH", path, body={"Description": "Группа"})["ГоловнойКонтрагент_Key"] is None


def test_in_bp_a_contact_person_without_a_name_is_called_by_his_words(bp):
    words = {"Фамилия": "Иванова", "Имя": "Анна", "Отчество": "", "Должность": "бухгалтер"}
    assert bp.json("POST", f"/{PEOPLE}", body=words)["Description"] == "Иванова Анна, бухгалтер"
    named = bp.json("POST", f"/{PEOPLE}", body={**words, "Description": "Анна"})
    assert named["Description"] == "Анна"


@pytest.mark.parametrize(
    ("kind", "owner", "is_kept"),
    [
        ("ЛичныйКонтакт", "Catalog_Пользователи", True),
        ("КонтактноеЛицоКонтрагента", "Catalog_Пользователи", False),
        ("ЛичныйКонтакт", "Catalog_Контрагенты", False),
    ],
)
def test_in_bp_only_a_users_own_contact_keeps_whose_it_is(bp, kind, owner, is_kept):
    user = next(iter(bp.base.records()["Catalog_Пользователи"]))
    sent = {
        "ВидКонтактногоЛица": kind,
        "ОбъектВладелец": user,
        "ОбъектВладелец_Type": f"StandardODATA.{owner}",
    }
    kept = bp.json("POST", f"/{PEOPLE}", body=sent)["ПользовательЛичногоКонтакта_Key"]
    assert kept == (user if is_kept else NOBODY)


def test_in_bp_contact_persons_are_marked_and_unmarked_with_their_client(bp):
    client = bp.base.act("create", {"set": CLIENTS, "fields": {"Description": "Ромашка"}})
    owned = {"ОбъектВладелец": client, "ОбъектВладелец_Type": f"StandardODATA.{CLIENTS}"}
    mine = bp.base.act("create", {"set": PEOPLE, "fields": owned})
    stranger = bp.base.act("create", {"set": PEOPLE, "fields": {}})
    bp.selected(1), bp.notify(1)

    bp.base.act("mark", {"set": CLIENTS, "key": client}, user="Иванова")

    rows = bp.base.records()[PEOPLE]
    assert (rows[mine]["DeletionMark"], rows[stranger]["DeletionMark"]) == (True, False)
    assert bp.selected(2) == {client, mine}
    assert bp.base.ledger.touches[-1].actor == "user:Иванова"
    bp.json("PATCH", f"/{CLIENTS}(guid'{client}')", body={"DeletionMark": False})
    assert bp.base.records()[PEOPLE][mine]["DeletionMark"] is False


def test_in_load_mode_all_rules_rest(bp, ut):
    load_mode = {"1c_odata-dataloadmode": "true"}
    client = bp.base.act("create", {"set": CLIENTS, "fields": {}})
    owned = {"ОбъектВладелец": client, "ОбъектВладелец_Type": f"StandardODATA.{CLIENTS}"}
    mine = bp.base.act("create", {"set": PEOPLE, "fields": owned})
    sent = {"ГоловнойКонтрагент_Key": NOBODY, "DeletionMark": True}
    path = f"/{CLIENTS}(guid'{client}')"
    assert bp.base.answer(bp.request("PATCH", path, "", sent, load_mode)).status == 200
    assert bp.base.records()[CLIENTS][client]["ГоловнойКонтрагент_Key"] == NOBODY
    assert bp.base.records()[PEOPLE][mine]["DeletionMark"] is False
    person = {"ЮрФизЛицо": "ФизЛицо"}
    assert ut.base.answer(ut.request("POST", f"/{CLIENTS}", "", person, load_mode)).status == 201
    assert [row["ЮридическоеФизическоеЛицо"] for row in ut.base.records()[CLIENTS].values()] == [""]


PHONE = {"Тип": "Телефон", "НомерТелефона": "74951234567", "Представление": "8 495 123-45-67"}
MAIL = {"Тип": "АдресЭлектроннойПочты", "Представление": "info@romashka.example"}
CONTRACTS = "Catalog_ДоговорыКонтрагентов"


def test_unf_copies_phones_and_mails_to_where_people_search_for_them(odata):
    lines = [MAIL, PHONE, PHONE | {"НомерТелефона": "78125550011"}]
    lines = [line | {"LineNumber": str(number)} for number, line in enumerate(lines, 1)]
    sent = {"АдресЭПДляПоиска": "x@x.example", "КонтактнаяИнформация": lines}
    row = odata.json("POST", f"/{CLIENTS}", body=sent)
    assert row["НомерТелефонаДляПоиска"] == "74951234567, 78125550011"
    assert row["АдресЭПДляПоиска"] == "info@romashka.example"
    path = f"/{CLIENTS}(guid'{row['Ref_Key']}')"
    emptied = odata.json("PATCH", path, body={"КонтактнаяИнформация": []})
    assert (emptied["НомерТелефонаДляПоиска"], emptied["АдресЭПДляПоиска"]) == ("", "")
    many = [PHONE | {"LineNumber": str(number)} for number in range(1, 20)]
    long = odata.json("PATCH", path, body={"КонтактнаяИнформация": many})
    assert len(long["НомерТелефонаДляПоиска"]) == 100


@pytest.mark.parametrize("configuration", ["unf", "unf16"])
@pytest.mark.parametrize(
    ("relations", "kind"),
    [
        ({}, "СПокупателем"),
        ({"Покупатель": True, "Поставщик": True}, "СПокупателем"),
        ({"Поставщик": True}, "СПоставщиком"),
        ({"ПрочиеОтношения": True}, "Прочее"),
    ],
)
def test_unf_makes_a_client_its_main_contract(calling, configuration, relations, kind):
    odata = calling(configuration=configuration)
    client = odata.json("POST", f"/{CLIENTS}", body={"Description": "Ромашка", **relations})
    ((guid, contract),) = odata.base.records()[CONTRACTS].items()
    assert contract.get("Owner_Key", contract.get("Owner")) == client["Ref_Key"]
    assert contract["ВидДоговора"] == kind
    (ours,) = odata.base.records()["Catalog_Организации"]
    assert contract["Организация_Key"] == ours
    # УНФ 1.6 names it in the client; УНФ 3.0 keeps that elsewhere.
    assert client.get("ДоговорПоУмолчанию_Key", guid) == guid
    assert (CONTRACTS, guid, None) in odata.base.registered()
    odata.json("PATCH", f"/{CLIENTS}(guid'{client['Ref_Key']}')", body={"ИНН": "1"})
    assert list(odata.base.records()[CONTRACTS]) == [guid]


def test_unf_makes_a_contract_anew_when_the_last_one_is_gone(odata, made):
    client = made()
    (guid,) = odata.base.records()[CONTRACTS]
    odata.base.act("delete", {"set": CONTRACTS, "key": guid})
    odata.json("PATCH", f"/{CLIENTS}(guid'{client}')", body={"ИНН": "1"})
    (again,) = odata.base.records()[CONTRACTS]
    assert again != guid


def test_unf_makes_no_contract_for_a_group_or_in_load_mode(odata):
    odata.json("POST", f"/{CLIENTS}", body={"Description": "Группа", "IsFolder": True})
    loaded = {"1c_odata-dataloadmode": "true"}
    odata.base.answer(odata.request("POST", f"/{CLIENTS}", "", {"Description": "А"}, loaded))
    assert not odata.base.records()[CONTRACTS]


def test_the_older_unf_copies_nothing(calling):
    odata = calling(configuration="unf16")
    sent = {"КонтактнаяИнформация": [PHONE | {"LineNumber": "1"}], "НомерТелефона": "1"}
    assert odata.json("POST", f"/{CLIENTS}", body=sent)["НомерТелефона"] == "1"
