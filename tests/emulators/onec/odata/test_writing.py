"""Writing: what a record becomes, what is refused and with which code."""

import json

import pytest

from onec_emulator.switches import Switches

SET = "Catalog_Контрагенты"
ZERO, ONE, TWO = "AAAAAAAAAAA=", "AAAAAAAAAAE=", "AAAAAAAAAAI="
LINKS = "InformationRegister_СвязиКонтрагентКонтакт"


def at(guid):
    return f"/{SET}(guid'{guid}')"


def test_a_new_record_is_answered_whole_with_its_address(odata):
    reply = odata.call("POST", f"/{SET}", "$format=json", {"Description": "Ромашка ООО"})
    row = json.loads(reply.body)
    assert reply.status == 201
    assert dict(reply.headers)["Location"].endswith(f"/{SET}(guid'{row['Ref_Key']}')")
    assert odata.base.records()[SET][row["Ref_Key"]]["Description"] == "Ромашка ООО"
    assert (row["DataVersion"], row["Code"], row["ИНН"]) == (ZERO, "НФ-000001", "")


def test_a_client_may_choose_the_guid_once(odata):
    guid = "a0000000-0000-4000-8000-00000000000A"
    row = odata.json("POST", f"/{SET}", body={"Ref_Key": guid})
    assert row["Ref_Key"] == guid.lower()
    assert odata.error("POST", f"/{SET}", body={"Ref_Key": guid}) == (400, "15")


def test_each_write_raises_the_version_even_one_that_changes_nothing(odata, made):
    guid = made(Description="А")
    assert odata.json("GET", at(guid))["DataVersion"] == ZERO
    assert odata.json("PATCH", at(guid), body={"Description": "Б"})["DataVersion"] == ONE
    assert odata.json("PATCH", at(guid), body={"Description": "Б"})["DataVersion"] == TWO


def test_a_patch_changes_the_sent_fields_only_and_answers_the_whole_record(odata, made):
    guid = made(Description="А", ИНН="7700000000")
    row = odata.json("PATCH", at(guid), body={"Description": "Б"})
    assert (row["Description"], row["ИНН"]) == ("Б", "7700000000")


def test_a_put_resets_what_was_not_sent(odata, made):
    guid = made(Description="А", ИНН="7700000000")
    row = odata.json("PUT", at(guid), body={"Description": "Б"})
    assert (row["Ref_Key"], row["Description"], row["ИНН"]) == (guid, "Б", "")
    assert row["DataVersion"] == ONE


def test_a_deletion_is_physical_and_asks_nobody(odata, made):
    guid = made()
    reply = odata.call("DELETE", at(guid))
    assert (reply.status, reply.body) == (204, b"")
    assert odata.error("GET", at(guid)) == (404, "9")
    assert odata.error("DELETE", at(guid)) == (404, "9")


def test_a_mark_for_deletion_is_an_ordinary_write(odata, made):
    guid = made()
    assert odata.json("PATCH", at(guid), body={"DeletionMark": True})["DeletionMark"] is True
    assert guid in odata.base.records()[SET]


def test_unknown_properties_are_ignored(odata, made):
    row = odata.json("PATCH", at(made()), body={"Нет": 1, "odata.type": "x", "a@odata.type": "y"})
    assert "Нет" not in row


def test_the_version_cannot_be_written(odata, made):
    row = odata.json("PATCH", at(made()), body={"DataVersion": "AAAAAAAAAP8="})
    assert row["DataVersion"] == ONE


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"Parent_Key": "x"}, (400, "1")),
        ({"Покупатель": "да"}, (400, "1")),
        ({"ДатаРождения": "01.02.2000"}, (400, "1")),
        ({"ДатаРождения": "2000-13-01T00:00:00"}, (400, "1")),
        ({"ДатаРождения": "2000-01-01T00:00:00Z"}, (400, "1")),
        ({"ВидКонтрагента": "Марсианин"}, (400, "1")),
        ({"ИНН": 7700000000}, (400, "1")),
        ({"ИНН": ["7700000000"]}, (500, "-1")),
        ({"КонтактнаяИнформация": "нет"}, (500, "-1")),
        (b"{broken", (500, "-1")),
        (b"", (500, "-1")),
        (b"[]", (500, "-1")),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(odata, made, fields, refusal):
    guid = made()
    before = odata.base.records()[SET][guid]
    assert odata.error("PATCH", at(guid), body=fields) == refusal
    assert odata.base.records()[SET][guid] == before


def test_a_refusal_quotes_the_value(odata, made):
    reply = odata.call("PATCH", at(made()), "$format=json", {"Parent_Key": "мимо"})
    text = json.loads(reply.body)["odata.error"]["message"]["value"]
    assert text == "Не удалось разобрать строку 'мимо' как значение типа Edm.Guid!"


def test_too_long_texts_are_cut_without_a_word(odata):
    row = odata.json("POST", f"/{SET}", body={"Description": "я" * 101, "ИНН": "1" * 20})
    assert (len(row["Description"]), len(row["ИНН"])) == (100, 12)


def test_a_null_is_the_empty_value(odata, made):
    guid = made(ИНН="1", ДатаРождения="2000-01-01T00:00:00")
    row = odata.json("PATCH", at(guid), body={"ИНН": None, "ДатаРождения": None})
    assert (row["ИНН"], row["ДатаРождения"]) == ("", "0001-01-01T00:00:00")


def test_a_reference_may_lead_nowhere_or_be_bound_by_address(odata, made):
    group = made(IsFolder=True)
    bound = {"Parent@odata.bind": f"Catalog_Контрагенты(guid'{group}')"}
    assert odata.json("PATCH", at(made()), body=bound)["Parent_Key"] == group
    nowhere = "00000000-0000-0000-0000-00000000dead"
    assert odata.json("PATCH", at(made()), body={"Parent_Key": nowhere})["Parent_Key"] == nowhere


def line(number, text):
    return {"LineNumber": number, "Тип": "Телефон", "Представление": text}


def test_a_table_part_is_replaced_whole(odata, made):
    guid = made()
    part = "КонтактнаяИнформация"
    odata.json("PATCH", at(guid), body={part: [line(1, "а"), line("2", "б")]})
    row = odata.json("PATCH", at(guid), body={part: [line(1, "в")]})
    assert [(one["LineNumber"], one["Представление"]) for one in row[part]] == [("1", "в")]
    assert odata.json("PATCH", at(guid), body={"ИНН": "1"})[part] == row[part]


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([line(2, "а")], (400, "13")),
        ([line(1, "а"), line(3, "б")], (400, "13")),
        ([{"Тип": "Телефон"}], (500, "-1")),
    ],
)
def test_misnumbered_lines_are_refused(odata, made, lines, refusal):
    assert odata.error("PATCH", at(made()), body={"КонтактнаяИнформация": lines}) == refusal


def test_with_the_switch_lines_are_numbered_by_the_base(calling):
    odata = calling(switches=Switches(line_numbers="auto"))
    lines = [{"Представление": "а"}, line(7, "б")]
    row = odata.json("POST", f"/{SET}", body={"КонтактнаяИнформация": lines})
    assert [one["LineNumber"] for one in row["КонтактнаяИнформация"]] == ["1", "2"]


def test_a_folder_has_no_attributes_of_items(odata, calling):
    sent = {"Description": "Группа", "IsFolder": True, "ИНН": "7700000000"}
    row = odata.json("POST", f"/{SET}", body=sent)
    assert (row["IsFolder"], row["ИНН"], row["КонтактнаяИнформация"]) == (True, None, [])
    other = calling(switches=Switches(folder_attributes="default"))
    assert other.json("POST", f"/{SET}", body=sent)["ИНН"] == ""


def test_an_item_never_becomes_a_folder(odata, made):
    assert odata.json("PATCH", at(made()), body={"IsFolder": True})["IsFolder"] is False


def test_the_base_numbers_new_records_and_skips_codes_that_are_taken(odata):
    odata.json("POST", f"/{SET}", body={"Code": "НФ-000002"})
    codes = [odata.json("POST", f"/{SET}", body={})["Code"] for _ in range(2)]
    assert codes == ["НФ-000001", "НФ-000003"]


def test_the_base_dates_new_records_by_its_own_wall(odata, made):
    assert odata.json("GET", at(made()))["ДатаСоздания"] == "2025-11-03T09:00:00"


def test_in_load_mode_the_rules_of_the_configuration_rest(odata):
    def post(mode):
        headers = {"1c_odata-dataloadmode": mode}
        request = odata.request("POST", f"/{SET}", "$format=json", {}, headers)
        return odata.base.answer(request)

    assert json.loads(post("true").body)["Code"] == ""
    assert json.loads(post("false").body)["Code"] == "НФ-000001"
    assert post("maybe").status == 400


def test_if_match_is_ignored_unless_the_guide_is_followed(odata, calling):
    def patch(caller, version):
        guid = json.loads(caller.call("POST", f"/{SET}", "$format=json", {}).body)["Ref_Key"]
        return caller.call("PATCH", at(guid), "$format=json", {"ИНН": "1"}, if_match=version).status

    documented = calling(switches=Switches(if_match="documented"))
    assert patch(odata, TWO) == 200
    assert patch(documented, TWO) == 412
    assert patch(documented, ZERO) == patch(documented, "*") == 200


def test_an_atom_entry_is_a_body_too(odata):
    body = """<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom"
      xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"
      xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
      <content type="application/xml"><m:properties><d:Description>Ромашка</d:Description>
      <d:Покупатель>true</d:Покупатель><d:ИНН m:null="true"/><d:КонтактнаяИнформация>
      <d:element><d:LineNumber>1</d:LineNumber><d:Тип>Телефон</d:Тип></d:element>
      </d:КонтактнаяИнформация></m:properties></content></entry>"""
    row = odata.json("POST", f"/{SET}", body=body.encode())
    assert (row["Description"], row["Покупатель"], row["ИНН"]) == ("Ромашка", True, "")
    assert row["КонтактнаяИнформация"][0]["Тип"] == "Телефон"


def test_a_verb_that_does_not_belong_is_refused(odata, made):
    assert odata.error("DELETE", f"/{SET}") == (405, "19")
    assert odata.error("POST", at(made())) == (405, "19")


def test_every_write_is_in_the_ledger_with_the_record_before_and_after(odata):
    guid = odata.json("POST", f"/{SET}", body={"Description": "А"})["Ref_Key"]
    odata.json("PATCH", at(guid), body={"Description": "Б"})
    odata.base.act("update", {"set": SET, "key": guid, "fields": {"ИНН": "1"}}, user="Иванова")
    odata.call("DELETE", at(guid))
    touches = [touch for touch in odata.base.ledger.touches if touch.key == guid]
    assert [(touch.verb, touch.actor) for touch in touches] == [
        ("add", "odata:obmen"),
        ("update", "odata:obmen"),
        ("update", "user:Иванова"),
        ("delete", "odata:obmen"),
    ]
    assert touches[1].changed() == {"Description", "DataVersion"}
    assert touches[0].before is None
    assert touches[3].after is None
    assert touches[3].before == touches[2].after


def test_a_register_record_is_made_once_under_its_key(odata, made):
    guid = made()
    contact = odata.json("POST", "/Catalog_КонтактныеЛица", body={"Description": "Иванов"})
    key = {
        "Period": "2025-01-01T00:00:00",
        "Контрагент_Key": guid,
        "Контакт_Key": contact["Ref_Key"],
    }
    row = odata.json("POST", f"/{LINKS}", body={**key, "Должность": "Директор"})
    assert "DataVersion" not in row
    assert odata.error("POST", f"/{LINKS}", body=key) == (400, "15")
    address = (
        f"/{LINKS}(Контрагент_Key=guid'{guid}', Период='x')",
        f"/{LINKS}(Контакт_Key=guid'{contact['Ref_Key']}', Контрагент_Key=guid'{guid}',"
        " Period=datetime'2025-01-01T00:00:00')",
    )
    assert odata.error("GET", address[0]) == (400, "7")
    assert odata.json("GET", address[1])["Должность"] == "Директор"
    assert odata.error("PATCH", address[1], body={"Контакт_Key": guid}) == (404, "9")
    assert odata.call("DELETE", address[1]).status == 204
    assert odata.error("GET", address[1]) == (404, "9")


@pytest.mark.parametrize(
    ("sent", "stored"), [(1.005, 1.01), (-1.005, -1.01), (2, 2), (0.1 + 0.2, 0.3), (1e15, 1e15)]
)
def test_a_number_keeps_the_places_of_its_type(odata, sent, stored):
    prices = {"Цена": sent, "Номенклатура_Key": "a0000000-0000-4000-8000-00000000000a"}
    row = odata.json("POST", "/InformationRegister_ЦеныНоменклатуры", body=prices)
    assert row["Цена"] == stored


@pytest.mark.parametrize("sent", [1e300, "1", True])
def test_what_is_no_number_of_a_configuration_is_refused(odata, sent):
    body = {"Цена": sent}
    assert odata.error("POST", "/InformationRegister_ЦеныНоменклатуры", body=body) == (400, "1")


def test_a_whole_number_with_too_many_digits_is_a_bad_value_in_an_atom_entry_too(odata):
    name = "InformationRegister_СвязиКонтрагентКонтакт"
    body = f"""<entry xmlns="http://www.w3.org/2005/Atom"
      xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
      xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"><content>
      <m:properties><d:Порядок>{"9" * 5000}</d:Порядок></m:properties></content></entry>"""
    assert odata.error("POST", f"/{name}", "", body.encode())[0] == 400


def test_a_key_with_line_ends_adds_no_header(calling):
    odata = calling(configuration="bp30")
    sent = {"Документ": "a\r\nX-Evil: 1", "Статус_Key": "a0000000-0000-4000-8000-00000000000a"}
    reply = odata.call("POST", "/InformationRegister_СтатусыДокументов", "", sent)
    location = dict(reply.headers)["Location"]
    assert (reply.status, "a%0D%0AX-Evil" in location, location.isprintable()) == (201, True, True)
