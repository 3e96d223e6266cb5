"""Slices of a periodic register: who is bound to whom, at a moment."""

import pytest

LINKS = "InformationRegister_СвязиКонтрагентКонтакт"
ALPHA = "a0000000-0000-4000-8000-00000000000a"
BETA = "b0000000-0000-4000-8000-00000000000b"
PERSON = "c0000000-0000-4000-8000-00000000000c"
OF_ALPHA = f"Контрагент_Key eq guid'{ALPHA}'"
MIDSUMMER = "Period=datetime'2024-06-01T00:00:00'"


@pytest.fixture(autouse=True)
def bindings(odata):
    for client, year, post in (
        (ALPHA, 2023, "кассир"),
        (ALPHA, 2025, "бухгалтер"),
        (BETA, 2024, "директор"),
    ):
        fields = {
            "Period": f"{year}-01-01T00:00:00",
            "Контрагент_Key": client,
            "Контакт_Key": PERSON,
            "Должность": post,
        }
        odata.base.act("create", {"set": LINKS, "fields": fields})


@pytest.fixture
def posts(odata):
    def ask(call, query=""):
        rows = odata.json("GET", f"/{LINKS}/{call}", query)["value"]
        return sorted(row["Должность"] for row in rows)

    return ask


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("SliceLast", ["бухгалтер", "директор"]),
        ("SliceLast()", ["бухгалтер", "директор"]),
        (f"SliceLast({MIDSUMMER})", ["директор", "кассир"]),
        ("SliceLast(Period=datetime'2024-01-01T00:00:00')", ["директор", "кассир"]),
        ("SliceLast(Period=datetime'2022-01-01T00:00:00')", []),
        ("SliceFirst()", ["директор", "кассир"]),
        ("SliceFirst(Period=datetime'2023-06-01T00:00:00')", ["бухгалтер", "директор"]),
        (f"SliceLast(Condition='{OF_ALPHA}')", ["бухгалтер"]),
        (f"SliceLast(Condition='Контрагент_Key eq guid''{ALPHA}''')", ["бухгалтер"]),
        (f"SliceLast(Condition='{OF_ALPHA}',{MIDSUMMER})", ["кассир"]),
        (f"SliceLast({MIDSUMMER}, Condition='{OF_ALPHA}')", ["кассир"]),
        ("SliceLast(Condition='Должность eq 'н/д'')", []),
    ],
)
def test_a_slice_holds_one_record_for_each_pair(posts, call, found):
    assert posts(call) == found


def test_arguments_may_come_in_the_query(posts):
    assert posts("SliceLast", f"Condition='{OF_ALPHA}'&{MIDSUMMER}") == ["кассир"]
    assert posts("SliceLast", f"Condition={OF_ALPHA}") == ["бухгалтер"]


def test_a_condition_holds_before_the_slice_and_a_filter_after_it(posts):
    assert posts("SliceLast(Condition='Должность eq 'кассир'')") == ["кассир"]
    assert posts("SliceLast()", "$filter=Должность eq 'кассир'") == []


def test_a_slice_is_a_list_with_its_options(odata, made):
    client = made(Description="Ромашка ООО")
    fields = {"Period": "2025-01-01T00:00:00", "Контрагент_Key": client, "Должность": "агент"}
    odata.base.act("create", {"set": LINKS, "fields": fields})
    query = "$orderby=Должность&$top=1&$expand=Контрагент&$select=Должность,Контрагент/Description"
    (row,) = odata.json("GET", f"/{LINKS}/SliceLast()", query)["value"]
    assert (row["Должность"], row["Контрагент"]) == ("агент", {"Description": "Ромашка ООО"})
    atom = odata.call("GET", f"/{LINKS}/SliceLast()").body.decode()
    assert atom.count("<entry>") == 3


def test_what_is_no_slice_is_refused(odata):
    assert odata.error("GET", "/Catalog_Контрагенты/SliceLast()") == (400, "6")
    assert odata.error("GET", "/InformationRegister_ДополнительныеСведения/SliceLast") == (400, "6")
    assert odata.error("GET", f"/{LINKS}/SliceLast(Period=datetime'x')") == (400, "1")
    assert odata.error("GET", f"/{LINKS}/SliceLast(Кто='x')") == (400, "12")
    assert odata.error("GET", f"/{LINKS}/SliceLast(Condition='Нет eq 1')") == (400, "6")


def test_a_slice_is_recorded_without_its_arguments(odata):
    odata.json("GET", f"/{LINKS}/SliceLast({MIDSUMMER})")
    assert odata.base.calls.lines[-1].name == f"GET {LINKS}/SliceLast"


def test_slices_are_declared_for_periodic_registers_only(odata):
    document = odata.call("GET", "/$metadata").body.decode()
    registers = [one for one in odata.base.configuration.sets.values() if one.virtual_tables]
    assert all("Period" in one.key for one in registers if "SliceLast" in one.virtual_tables)
    assert LINKS in {one.name for one in registers}
    assert f'ReturnType="Collection(StandardODATA.{LINKS})"' in document
