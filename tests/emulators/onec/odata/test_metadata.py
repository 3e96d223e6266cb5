"""`$metadata`: well-formed, complete, and true to the data."""

from xml.etree import ElementTree

import pytest

EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"


@pytest.fixture
def document(odata):
    reply = odata.call("GET", "/$metadata", accept="application/json")
    assert reply.content_type == "application/xml"
    return ElementTree.fromstring(reply.body)


def test_each_set_of_the_service_document_is_declared_once(odata, document):
    listed = [entry["name"] for entry in odata.json("GET", "/")["value"]]
    declared = [element.get("Name") for element in document.iter(f"{EDM}EntitySet")]
    typed = [element.get("Name") for element in document.iter(f"{EDM}EntityType")]
    assert sorted(declared) == sorted(listed) == sorted(typed)


def test_each_property_of_a_record_is_declared(odata, document):
    types = {element.get("Name"): element for element in document.iter(f"{EDM}EntityType")}
    for name, rows in odata.base.records().items():
        declared = {
            element.get("Name")
            for element in types[name].iter(f"{EDM}Property")
            if element.get("Type") != "Edm.Stream"
        }
        assert all(set(row) == declared for row in rows.values())


def test_a_row_of_a_table_part_declares_its_owner_and_number_first(document):
    rows = {element.get("Name"): element for element in document.iter(f"{EDM}ComplexType")}
    row = rows["Catalog_Контрагенты_КонтактнаяИнформация_RowType"]
    first = [(element.get("Name"), element.get("Type")) for element in row][:2]
    assert first == [("Ref_Key", "Edm.Guid"), ("LineNumber", "Edm.Int64")]


def test_each_type_of_a_property_is_declared(document):
    complex_types = {f"StandardODATA.{e.get('Name')}" for e in document.iter(f"{EDM}ComplexType")}
    used = {e.get("Type").removeprefix("Collection(") for e in document.iter(f"{EDM}Property")}
    used = {name.removesuffix(")") for name in used}
    assert {name for name in used if name.startswith("StandardODATA.")} <= complex_types
    assert "StandardODATA.TypeDescription" in used


def test_navigations_lead_to_declared_sets(document):
    typed = {f"StandardODATA.{e.get('Name')}" for e in document.iter(f"{EDM}EntityType")}
    relations = {f"StandardODATA.{e.get('Name')}" for e in document.iter(f"{EDM}Association")}
    used = {e.get("Relationship") for e in document.iter(f"{EDM}NavigationProperty")}
    assert used == relations
    assert {e.get("Type") for e in document.iter(f"{EDM}End")} <= typed


def test_the_key_of_a_register_is_its_period_and_dimensions(document):
    types = {element.get("Name"): element for element in document.iter(f"{EDM}EntityType")}
    register = types["InformationRegister_СвязиКонтрагентКонтакт"]
    key = [element.get("Name") for element in register.iter(f"{EDM}PropertyRef")]
    assert key == ["Period", "Контрагент_Key", "Контакт_Key"]


def test_a_register_of_recorders_declares_its_set_its_records_and_its_totals(document):
    types = {element.get("Name"): element for element in document.iter(f"{EDM}EntityType")}
    rows = {element.get("Name"): element for element in document.iter(f"{EDM}ComplexType")}
    name = "AccumulationRegister_ЗапасыНаСкладах"

    def names(element, kind):
        return [found.get("Name") for found in element.iter(f"{EDM}{kind}")]

    assert names(types[name], "Property") == ["Recorder", "Recorder_Type", "RecordSet"]
    records = types[f"{name}_RecordType"]
    assert names(records, "PropertyRef") == ["Recorder", "LineNumber", "Recorder_Type"]
    assert names(records, "Property") == names(rows[f"{name}_RowType"], "Property")
    balance = names(rows[f"{name}_Balance"], "Property")
    assert balance[:2] == ["Организация_Key", "Номенклатура_Key"]
    assert balance[-2:] == ["КоличествоBalance", "КоличествоИнтBalance"]
    turnovers = names(rows["AccumulationRegister_ОплатаСчетовИЗаказов_Turnover"], "Property")
    assert turnovers[-1] == "СуммаОплатыTurnover"
    assert {"Period", "MonthPeriod", "Recorder"} <= set(turnovers)
    assert "Period" not in balance


def test_functions_take_the_parameters_of_their_kind(document):
    found = {
        (element.get("Name"), element[0].get("Type").rpartition("_")[2]): [
            parameter.get("Name") for parameter in element
        ]
        for element in document.iter(f"{EDM}FunctionImport")
    }
    first = "bindingParameter"
    mode = [first, "PostingModeOperational"]
    assert found["Post", "ЗаказПокупателя"] == found["Unpost", "ЗаказПокупателя"] == mode
    assert found["SliceLast", "ЦеныНоменклатуры"] == [first, "Condition", "Period"]
    assert found["Balance", "ЗапасыНаСкладах"] == [first, "Condition", "Dimensions", "Period"]
    interval = [first, "Condition", "Dimensions", "EndPeriod", "StartPeriod"]
    assert found["BalanceAndTurnovers", "ЗапасыНаСкладах"] == interval
    assert ("Balance", "ОплатаСчетовИЗаказов") not in found


def test_rows_of_table_parts_and_records_have_navigations_too(document):
    relations = {element.get("Name") for element in document.iter(f"{EDM}Association")}
    assert "Document_ЗаказПокупателя_Запасы_СтавкаНДС" in relations
    assert "AccumulationRegister_ЗапасыНаСкладах_RecordType_Номенклатура" in relations


def test_the_platforms_own_enumerations_are_declared(document):
    kinds = {
        element.get("Name"): [member.get("Name") for member in element]
        for element in document.iter(f"{EDM}EnumType")
    }
    assert kinds["AccumulationRecordType"] == ["Expense", "Receipt"]
    assert len(kinds) == 6


def test_slices_of_recorders_are_functions_of_their_records(calling):
    ut = calling(configuration="ut11").call("GET", "/$metadata").body
    bound = {
        (element.get("Name"), element[0].get("Type"))
        for element in ElementTree.fromstring(ut).iter(f"{EDM}FunctionImport")
    }
    prices = "StandardODATA.InformationRegister_ЦеныНоменклатуры"
    assert ("SliceLast", f"{prices}_RecordType") in bound
    assert ("SliceLast", prices) not in bound
