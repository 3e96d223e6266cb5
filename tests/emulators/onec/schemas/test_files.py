"""Declarations: what the configurations hold, what they share, and files of one's own."""

import json
from importlib.resources import files

import pytest

from onec_emulator.sample import fill
from onec_emulator.schemas import TYPE_DESCRIPTION, UNDEFINED
from onec_emulator.schemas.files import BUILT, NotBuilt, load

LIBRARY = {
    "Catalog_ВидыКонтактнойИнформации",
    "Catalog_Пользователи",
    "Catalog_ЗначенияСвойствОбъектов",
    "Catalog_НаборыДополнительныхРеквизитовИСведений",
    "ChartOfCharacteristicTypes_ДополнительныеРеквизитыИСведения",
    "InformationRegister_ДополнительныеСведения",
}
CLIENTS = {
    "unf": {
        "Catalog_Контрагенты",
        "Catalog_КонтактныеЛица",
        "InformationRegister_СвязиКонтрагентКонтакт",
        "Catalog_БанковскиеСчета",
        "Catalog_Банки",
        "Catalog_Организации",
        "Catalog_Сотрудники",
    },
    "unf16": {
        "Catalog_Контрагенты",
        "Catalog_КонтактныеЛица",
        "Catalog_БанковскиеСчета",
        "Catalog_Банки",
        "Catalog_Организации",
        "Catalog_Сотрудники",
    },
    "ut11": {
        "Catalog_Партнеры",
        "Catalog_Контрагенты",
        "Catalog_КонтактныеЛицаПартнеров",
        "Catalog_БанковскиеСчетаКонтрагентов",
        "Catalog_Организации",
    },
    "bp30": {
        "Catalog_Контрагенты",
        "Catalog_КонтактныеЛица",
        "Catalog_БанковскиеСчета",
        "Catalog_Банки",
        "Catalog_Организации",
        "Catalog_Сотрудники",
    },
    "other": set(),
}
KINDS_OF_CLIENTS = {
    "unf": "ТелефонКонтрагента EmailКонтрагента ФаксКонтрагента ВебСайтКонтрагента",
    "unf16": "ТелефонКонтрагента EmailКонтрагента АдресДоставкиКонтрагета SkypeКонтактногоЛица",
    "ut11": "ТелефонКонтрагента EmailКонтрагента ФаксКонтрагенты ТелефонПартнера EmailПартнера"
    " АдресПартнера МобильныйТелефонКонтактногоЛица EmailКонтактногоЛица",
    "bp30": "ТелефонКонтрагента EmailКонтрагенты ФаксКонтрагенты ТелефонРабочийКонтактныеЛица"
    " ТелефонМобильныйКонтактныеЛица EmailКонтактныеЛица",
}
ADDRESSES = {"ЮрАдресКонтрагента", "ФактАдресКонтрагента", "ПочтовыйАдресКонтрагента"}


@pytest.mark.parametrize("name", BUILT)
def test_a_configuration_has_its_clients_sets_the_library_and_the_plan(name):
    assert set(load(name).sets) >= CLIENTS[name] | LIBRARY | {"ExchangePlan_ОбменСБитрикс24"}


@pytest.mark.parametrize("name", BUILT)
def test_indexes_and_keys_are_of_fields_that_there_are(name):
    for entity in load(name).sets.values():
        assert {*entity.key, *entity.indexes} <= set(entity.fields)
        assert set(entity.marks_with_it) <= set(load(name).sets)


@pytest.mark.parametrize("name", KINDS_OF_CLIENTS)
def test_kinds_are_spelled_as_the_configuration_spells_them(calling, name):
    kinds = calling(configuration=name).base.records()["Catalog_ВидыКонтактнойИнформации"]
    spelled = {row["PredefinedDataName"] for row in kinds.values()}
    users = {"EmailПользователя", "ТелефонПользователя"}
    assert spelled >= {*KINDS_OF_CLIENTS[name].split(), *ADDRESSES, *users}
    assert all(row["Predefined"] and row["Тип"] for row in kinds.values())


def test_a_shared_part_has_the_columns_of_its_set():
    """The sets leave out some columns, each its own."""
    parts = {
        (name, entity): set(load(name).sets[entity].parts["КонтактнаяИнформация"])
        for name, entity in [
            ("unf", "Catalog_Контрагенты"),
            ("unf", "Catalog_КонтактныеЛица"),
            ("ut11", "Catalog_Контрагенты"),
            ("bp30", "Catalog_Контрагенты"),
        ]
    }
    optional = {"ВидДляСписка_Key", "ДействуетС"}
    assert {key: columns & optional for key, columns in parts.items()} == {
        ("unf", "Catalog_Контрагенты"): {"ДействуетС"},
        ("unf", "Catalog_КонтактныеЛица"): set(),
        ("ut11", "Catalog_Контрагенты"): optional,
        ("bp30", "Catalog_Контрагенты"): {"ВидДляСписка_Key"},
    }
    assert len({frozenset(columns - optional) for columns in parts.values()}) == 1


def test_a_configuration_adds_its_own_fields_to_a_shared_set():
    fields = {name: load(name).sets["Catalog_Пользователи"].fields for name in ("unf", "ut11")}
    assert fields["ut11"].keys() - fields["unf"].keys() == {"Подразделение_Key"}


def test_own_conventions_of_the_configurations():
    """Owner, folders and code: where a consumer must not take one for the other."""
    ut, bp, unf = (load(name).sets for name in ("ut11", "bp30", "unf"))
    assert ut["Catalog_КонтактныеЛицаПартнеров"].fields["Owner_Key"].target == "Catalog_Партнеры"
    assert ut["Catalog_Контрагенты"].fields["Партнер_Key"].target == "Catalog_Партнеры"
    assert not {"Code", "IsFolder"} & set(ut["Catalog_Контрагенты"].fields)
    assert {"Code", "IsFolder"} <= set(bp["Catalog_Контрагенты"].fields)
    assert "Owner_Type" in unf["Catalog_БанковскиеСчета"].fields
    assert "ИндивидуальныйПредприниматель" in ut["Catalog_Контрагенты"].fields["ЮрФизЛицо"].choices
    assert bp["Catalog_Контрагенты"].fields["ИНН"].length == 50


@pytest.mark.parametrize("name", ["unf", "unf16", "ut11", "bp30"])
def test_each_set_is_published_read_written_and_registered(calling, name):
    odata = calling(configuration=name)
    listed = {entry["name"] for entry in odata.json("GET", "/")["value"]}
    declared = odata.call("GET", "/$metadata").body.decode()
    for entity in (CLIENTS[name] | LIBRARY) - {"InformationRegister_ДополнительныеСведения"}:
        schema = odata.base.configuration.sets[entity]
        assert entity in listed
        assert f'<EntityType Name="{entity}"' in declared
        row = odata.json("POST", f"/{entity}", body={"Description": "Проба"})
        key = schema.key_of(row)
        assert schema.key_of(odata.json("GET", f"/{entity}({schema.predicate(key)})")) == key
        assert (entity, key, None) in odata.base.registered()
        if schema.has_reference:
            assert [
                found["Ref_Key"] for found in odata.rows("$filter=Description eq 'Проба'", entity)
            ] == [key]
    assert "$batch" not in listed


def test_the_set_of_properties_has_the_same_guid_in_each_base(calling):
    guids = {calling(seed=seed).base.property_set_key("Справочник_Контрагенты") for seed in (1, 2)}
    assert len(guids) == 1


def test_a_value_type_is_a_description_of_types(odata):
    entity = "ChartOfCharacteristicTypes_ДополнительныеРеквизитыИСведения"
    assert odata.base.configuration.sets[entity].fields["ValueType"].edm == TYPE_DESCRIPTION
    row = odata.json("POST", f"/{entity}", body={"ValueType": {"Types": ["String"]}})
    assert row["ValueType"]["Types"] == ["String"]
    assert row["ValueType"]["StringQualifiers"] == {"AllowedLength": "Variable", "Length": "0"}
    path = f"/{entity}(guid'{row['Ref_Key']}')"
    assert odata.error("PATCH", path, body={"ValueType": "String"}) == (500, "-1")
    assert odata.error("GET", f"/{entity}", "$filter=ValueType eq 'String'") == (500, "-1")
    atom = odata.call("GET", path).body.decode()
    assert '<d:ValueType m:type="StandardODATA.TypeDescription">' in atom
    assert "<d:element>String</d:element>" in atom
    copy = odata.call("POST", f"/{entity}", body=atom.replace(row["Ref_Key"], "").encode())
    assert copy.status == 400  # An empty guid is none.
    emptied = atom.replace(f"<d:Ref_Key>{row['Ref_Key']}</d:Ref_Key>", "").encode()
    made = odata.call("POST", f"/{entity}", "$format=json", emptied)
    assert json.loads(made.body)["ValueType"] == row["ValueType"]


def test_a_composite_without_a_value_is_undefined(odata):
    account = odata.json("POST", "/Catalog_БанковскиеСчета", body={})
    assert (account["Owner"], account["Owner_Type"]) == ("", UNDEFINED)
    path = f"/Catalog_БанковскиеСчета(guid'{account['Ref_Key']}')"
    owner = "A0000000-0000-4000-8000-00000000000A"
    sent = {"Owner": owner, "Owner_Type": "StandardODATA.Catalog_Контрагенты"}
    assert odata.json("PATCH", path, body=sent)["Owner"] == owner.lower()
    emptied = odata.json("PATCH", path, body={"Owner": "x", "Owner_Type": UNDEFINED})
    assert emptied["Owner"] == ""
    assert odata.json("PATCH", path, body={"Owner_Type": None})["Owner_Type"] == UNDEFINED


def test_a_property_of_a_client_in_the_register_leaves_its_version_alone(odata, made):
    """'Сведения' lie beside the object: their change is a registration of the register only."""
    client, entity = made(), "InformationRegister_ДополнительныеСведения"
    about = {"Объект": client, "Объект_Type": "StandardODATA.Catalog_Контрагенты"}
    said = {**about, "Свойство_Key": "a0000000-0000-4000-8000-00000000000a", "Значение": "А"}
    odata.selected(1), odata.notify(1)
    odata.json("POST", f"/{entity}", body={**said, "Значение_Type": "Edm.String"})
    (registered,) = odata.base.registered()
    assert registered[0] == entity
    assert odata.error("POST", f"/{entity}", body=said) == (400, "15")
    text = f"$filter=Объект eq cast(guid'{client}','Catalog_Контрагенты')"
    assert [row["Значение"] for row in odata.rows(text, entity)] == ["А"]
    path = f"/{entity}({registered[1]})"
    assert odata.json("PATCH", path, body={"Значение": "Б"})["Значение"] == "Б"
    with pytest.raises(LookupError, match="knows no mark"):
        odata.base.act("mark", {"set": entity, "key": registered[1]})
    odata.base.act("delete", {"set": entity, "key": registered[1]})
    assert odata.base.records()["Catalog_Контрагенты"][client]["DataVersion"] == "AAAAAAAAAAA="


def test_a_file_of_ones_own_is_a_base_too(calling, tmp_path):
    """An old base: contact persons owned by counterparties, no plan, no library."""
    file = tmp_path / "old.json"
    fields = {"Ref_Key": "Edm.Guid", "Description": "Edm.String", "Owner_Key": "Edm.Guid"}
    entry = {"key": ["Ref_Key"], "fields": fields, "refs": {"Owner_Key": "Catalog_Контрагенты"}}
    file.write_text(json.dumps({"sets": {"Catalog_КонтактныеЛица": entry}}), encoding="utf-8")
    odata = calling(configuration=str(file), users={"obmen": "secret"})
    assert odata.base.publication == "/old"
    assert [entry["name"] for entry in odata.json("GET", "/")["value"]] == [
        "Catalog_КонтактныеЛица"
    ]
    assert odata.error("GET", "/Catalog_Контрагенты") == (404, "8")
    point = "'http://localhost/old/odata/standard.odata/ExchangePlan_X(guid'a0000000-0000-4000-8000-00000000000a')'"
    assert odata.error("POST", "/SelectChanges", f"DataExchangePoint={point}&MessageNo=1") == (
        404,
        "8",
    )
    odata.base.act("create", {"set": "Catalog_КонтактныеЛица", "fields": {"Description": "А"}})
    assert odata.base.gauges()["registered"] == {}
    with pytest.raises(LookupError, match="has no exchange plan"):
        odata.base.registered()


UNF_16 = json.loads(files("onec_emulator.schemas").joinpath("unf16.json").read_bytes())
SAME = {"Catalog_Банки", "InformationRegister_ШтрихкодыНоменклатуры", "Catalog_ВидыЦен"}


def without(patch, name=""):
    """Set, or set and table part, and a property that a patch takes away."""
    for key, value in patch.items():
        if value is None:
            yield name, key
        elif isinstance(value, dict):
            kinds = ("fields", "tabular")
            yield from without(value, name if key in kinds else f"{name}_{key}".strip("_"))


def test_the_older_unf_is_the_newer_one_with_its_differences():
    new, old = load("unf"), load("unf16")
    there = {
        *(("", name) for name in new.sets),
        *((name, each) for name, one in new.sets.items() for each in (*one.fields, *one.parts)),
        *((one.name, each) for one in new.sets.values() for each in one.parts.get("RecordSet", ())),
        *(
            (one.part_set(part), each)
            for one in new.sets.values()
            for part, fields in one.parts.items()
            for each in fields
        ),
    }
    gone = {(name, key) for name, key in without(UNF_16["sets"]) if key != "rules"}
    assert gone <= there
    left = {
        (name, each) for name, one in old.sets.items() for each in (*one.fields, *one.parts)
    } | {("", name) for name in old.sets}
    assert not gone & left
    assert all(old.sets[name].fields == new.sets[name].fields for name in SAME)


def test_the_older_unf_owns_contact_persons_and_has_one_type_of_state():
    old = load("unf16").sets
    assert old["Catalog_КонтактныеЛица"].fields["Owner_Key"].target == "Catalog_Контрагенты"
    assert "InformationRegister_СвязиКонтрагентКонтакт" not in old
    order = old["Document_ЗаказПокупателя"]
    state = order.fields["СостояниеЗаказа_Key"]
    assert state.target == "Catalog_СостоянияЗаказовПокупателей"
    assert {"ВидЗаказа_Key", "Закрыт"} <= set(order.fields)
    assert not {"ВидЗаказа", "СостояниеЗаказа_Type"} & set(order.fields)
    assert order.parts["Запасы"]["Номенклатура_Key"].target == "Catalog_Номенклатура"
    product = old["Catalog_Номенклатура"].fields
    assert product["СтавкаНДС_Key"].target == "Catalog_СтавкиНДС"
    assert "ТипНоменклатуры" in product
    assert "ВидСтавкиНДС" not in product


def test_the_older_unf_finds_its_property_sets_by_the_platforms_name(calling):
    base = calling(configuration="unf16").base
    row = base.records()["Catalog_НаборыДополнительныхРеквизитовИСведений"][
        base.property_set_key("Справочник_Контрагенты")
    ]
    assert (row["Predefined"], row["PredefinedDataName"]) == (True, "Справочник_Контрагенты")


def test_a_file_changes_a_built_configuration(calling, tmp_path):
    file = tmp_path / "ours.json"
    fields = {"ЛьготаПоОтгрузке": "Edm.Boolean", "КПП": None, "Code": None}
    sets = {"Catalog_Контрагенты": {"fields": fields}, "Catalog_Лиды": None}
    file.write_text(json.dumps({"changes": "unf", "sets": sets}), encoding="utf-8")
    odata = calling(configuration=str(file))
    assert odata.base.publication == "/unf"
    (guid,) = fill(odata.base, 1)
    path = f"/Catalog_Контрагенты(guid'{guid}')"
    row = odata.json("PATCH", path, body={"ЛьготаПоОтгрузке": True})
    assert row["ЛьготаПоОтгрузке"] is True
    assert not {"КПП", "Code"} & set(row)
    assert [one["Ref_Key"] for one in odata.rows(f"$filter=ИНН eq '{row['ИНН']}'")] == [guid]
    assert odata.error("GET", "/Catalog_Лиды") == (404, "8")
    assert "Catalog_Лиды" in load("unf").sets


def test_a_file_that_changes_nothing_known_says_what_can_be_changed(tmp_path):
    file = tmp_path / "ours.json"
    file.write_text(json.dumps({"changes": "zup31", "sets": {}}), encoding="utf-8")
    with pytest.raises(NotBuilt, match=r"names 'zup31'. Change one of: unf, unf16, ut11"):
        load(str(file))


@pytest.mark.parametrize("text", ["[]", "{", '{"sets": {"Catalog_А": {}}}', "{}"])
def test_a_file_that_declares_nothing_is_refused_by_its_name(tmp_path, text):
    file = tmp_path / "rusty.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotBuilt, match=r"rusty.json declares no configuration"):
        load(str(file))


def test_a_base_that_nobody_supports_has_no_clients(calling):
    odata = calling(configuration="other")
    assert odata.error("GET", "/Catalog_Контрагенты") == (404, "8")
    assert odata.base.node_key("B24")
    assert len(odata.base.records()["Catalog_ВидыКонтактнойИнформации"]) == 2
