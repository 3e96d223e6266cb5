"""`$filter`: what passes, what is refused, and that an index never changes the answer."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onec_emulator.infobase import Infobase
from onec_emulator.odata import expressions
from onec_emulator.odata.filter import Filters
from onec_emulator.odata.functions import FUNCTIONS, REFUSED, called
from onec_emulator.schemas.files import load
from onec_emulator.table import Table
from sverka_emulator_kit.clock import VirtualClock

SET = "Catalog_Контрагенты"
SCHEMA = load("unf").sets[SET]
PARTS = "КонтактнаяИнформация"


def found(odata, text):
    return sorted(row["Description"] for row in odata.rows(f"$filter={text}"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ИНН eq '7700000001'", ["Альфа"]),
        ("ИНН ne '7700000001'", ["Бета", "Гамма 100%"]),
        ("ИНН eq '7700000001' or ИНН eq '7700000002'", ["Альфа", "Бета"]),
        ("Покупатель eq true and not (ИНН eq '7700000001')", ["Бета"]),
        ("Покупатель", ["Альфа", "Бета"]),
        ("not Покупатель", ["Гамма 100%"]),
        ("Покупатель eq true and ИНН eq '' or ИНН eq '7700000002'", ["Бета"]),
        ("Покупатель eq true and (ИНН eq '' or ИНН eq '7700000002')", ["Бета"]),
        ("substringof('ет', Description)", ["Бета"]),
        ("startswith(Description,'Га') eq true", ["Гамма 100%"]),
        ("endswith(Description, 'а')", ["Альфа", "Бета"]),
        ("like(Description,'%а_1%')", ["Гамма 100%"]),
        ("like(Description,'[А-Б]%')", ["Альфа", "Бета"]),
        ("like(Description,'[^А]%')", ["Бета", "Гамма 100%"]),
        ("concat(Description, '!') eq 'Бета!'", ["Бета"]),
        ("substring(Description, 1, 2) eq 'Бе'", ["Бета"]),
        ("year(ДатаРождения) eq 1990", ["Гамма 100%"]),
        ("ДатаРождения gt datetime'1989-12-31T00:00:00'", ["Гамма 100%"]),
        ("datetime'1989-12-31T00:00:00' lt ДатаРождения", ["Гамма 100%"]),
        ("Description eq 'д''Артаньян'", []),
        ("ИНН eq '7700000001' or Description eq 'Бета'", ["Альфа", "Бета"]),
        ("not Покупатель and ИНН eq ''", ["Гамма 100%"]),
        ("not Покупатель eq true", ["Гамма 100%"]),
        ("datetime'1989-12-31T00:00:00' gt ДатаРождения", ["Альфа", "Бета"]),
        ("ИНН eq null", []),
        ("КонтактнаяИнформация/any(d: d/АдресЭП eq 'b@b.example')", ["Бета"]),
        ("КонтактнаяИнформация/any()", ["Альфа", "Бета"]),
        ("КонтактнаяИнформация/all(d: d/Тип eq 'Телефон')", ["Альфа", "Гамма 100%"]),
    ],
)
def test_a_filter_passes_what_it_says(odata, made, text, names):
    made(
        Description="Альфа",
        ИНН="7700000001",
        Покупатель=True,
        КонтактнаяИнформация=[{"Тип": "Телефон"}],
    )
    mail = {"Тип": "АдресЭлектроннойПочты", "АдресЭП": "b@b.example"}
    made(Description="Бета", ИНН="7700000002", Покупатель=True, КонтактнаяИнформация=[mail])
    made(Description="Гамма 100%", ДатаРождения="1990-05-01T00:00:00")
    assert found(odata, text) == names


def test_a_path_leads_to_the_record_behind_a_reference(odata, made):
    manager = odata.json("POST", "/Catalog_Сотрудники", body={"Description": "Петров"})
    made(Description="Его", Ответственный_Key=manager["Ref_Key"])
    made(Description="Ничей")
    assert found(odata, "Ответственный/Description eq 'Петров'") == ["Его"]
    made(Description="Внутри", Parent_Key=made(Description="Группа", IsFolder=True))
    assert found(odata, "Parent/Description eq 'Группа'") == ["Внутри"]
    assert odata.error("GET", f"/{SET}", "$filter=СтранаРегистрации/Code eq 'x'") == (400, "6")


def test_a_null_is_found_in_folders_only(odata, made):
    made(Description="Группа", IsFolder=True)
    made(Description="Элемент", ИНН="7700000001")
    assert found(odata, "ИНН eq null") == ["Группа"]
    assert found(odata, "ИНН ne null") == ["Элемент"]
    assert found(odata, "ИНН ne 'x'") == ["Элемент"]


def test_a_composite_reference_is_found_by_cast_only(odata, made):
    guid = made()
    owner = {"Owner": guid, "Owner_Type": f"StandardODATA.{SET}", "Description": "р/с"}
    odata.json("POST", "/Catalog_БанковскиеСчета", body=owner)

    def accounts(text):
        return len(odata.rows(f"$filter={text}", entity="Catalog_БанковскиеСчета"))

    assert accounts(f"Owner eq cast(guid'{guid}', '{SET}')") == 1
    assert accounts(f"Owner eq cast(guid'{guid}', 'Catalog_Организации')") == 0
    assert accounts(f"Owner eq guid'{guid}'") == 0
    assert accounts(f"isof(Owner, '{SET}')") == 1
    assert accounts(f"not isof(Owner, 'StandardODATA.{SET}')") == 0
    assert accounts("isof(Owner, 'Edm.String')") == 0
    assert len(odata.rows("$filter=isof(ИНН, 'String') and not isof(ИНН, 'Number')")) == 1
    assert odata.error("GET", f"/{SET}", "$filter=isof(ИНН, ИНН)") == (400, "14")


@pytest.mark.parametrize("name", REFUSED)
def test_functions_that_1c_does_not_have_are_a_bad_option(odata, name):
    assert odata.error("GET", f"/{SET}", f"$filter={name}(Description) eq 'x'") == (400, "14")


@pytest.mark.parametrize("name", [*FUNCTIONS, "cast", "isof"])
def test_functions_of_arguments_that_they_do_not_take_are_a_bad_option(odata, name):
    for arguments in ("Ref_Key, Ref_Key, Ref_Key, Ref_Key", "Покупатель", "Покупатель, ИНН"):
        query = f"$filter={name}({arguments}) eq 'x'"
        assert odata.error("GET", f"/{SET}", query) == (400, "14")


@pytest.mark.parametrize("name", ["any", "all"])
def test_rows_are_asked_of_a_table_part_only(odata, name):
    query = f"$filter=Теги/{name}(d: d/Нет eq 1)"
    assert odata.error("GET", f"/{SET}", query) == (400, "6")
    assert odata.error("GET", f"/{SET}", f"$filter=ИНН/{name}(d: d eq 1)")[0] == 400


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ИНН eq 'length(x)' and (startswith(ИНН, 'а''б(') or КПП eq '')", {"startswith"}),
        ("Часть/any(d: year(d/Дата) eq 1) and not isof(А, 'B')", {"any", "year", "isof"}),
        ("year (Дата) eq 1 and имя(ИНН) eq 2", {"year"}),
        ("ИНН eq ''", set()),
    ],
)
def test_the_functions_that_a_filter_calls_are_told_without_its_texts(text, names):
    assert called(text) == names


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("ИНН eq", (400, "14")),
        ("ИНН like 'x'", (400, "14")),
        ("ДатаРождения gt datetime'1-01-01T00:00:00'", (400, "14")),
        ("Ref_Key eq guid'x'", (400, "14")),
        ("Покупатель eq 1e5", (400, "14")),
        (f"year(ДатаРождения) eq {'9' * 5000}", (400, "14")),
        ("Нет eq 'x'", (400, "6")),
        ("инн eq 'x'", (400, "6")),
        ("ИНН eq 7700000001", (500, "-1")),
        ("Ref_Key gt guid'00000000-0000-0000-0000-000000000000'", (500, "-1")),
        ("ИНН+eq+'x'", (500, "-1")),
    ],
)
def test_a_filter_that_1c_refuses_is_refused(odata, text, refusal):
    request = odata.request("GET", f"/{SET}", f"$format=json&$filter={text}")
    # A plus that the client did not encode is no blank: 1C takes it for an addition.
    request = replace(request, query=request.query.replace("%2B", "+"))
    reply = odata.base.answer(request)
    assert (reply.status, f'"code":"{refusal[1]}"' in reply.body.decode()) == (refusal[0], True)


def test_a_plus_inside_a_text_is_a_plus(odata, made):
    made(Description="C+B")
    assert found(odata, "Description eq 'C+B'") == ["C+B"]


GUID = "00000000-0000-4000-8000-{:012d}".format


def test_fifty_equalities_give_the_tree_that_the_grammar_gives():
    terms = [f"Ref_Key eq guid'{GUID(number)}'" for number in range(50)]
    for text in (" or ".join(terms), terms[0], "ИНН eq 'а''б' or ИНН eq ''", "А eq '' or Б eq 'в'"):
        assert expressions.EQUALITIES.fullmatch(text)
        assert expressions.parse(text) == expressions._parser().parse(text)


def test_equalities_of_an_indexed_field_touch_those_rows_only(odata, made):
    made(ИНН="7700000001"), made(ИНН="7700000002")
    table = odata.base._books.tables[SET]
    text = "ИНН eq '7700000001' or ИНН eq '7700000009'"
    compiled = odata.base._published.service.filters.compiled(table.schema, text)
    table.rows = dict.fromkeys(table.rows)  # A search would fall over these.
    (key,) = table.having("ИНН", "7700000001")
    table.rows[key] = {"ИНН": "7700000001"}
    assert compiled.keys(table) == [key]


def test_an_index_forgets_what_a_record_was(odata, made):
    guid = made(ИНН="7700000001")
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000002"})
    assert found(odata, "ИНН eq '7700000001'") == []
    assert found(odata, "ИНН eq '7700000002'") == ["Ромашка ООО"]
    odata.call("DELETE", f"/{SET}(guid'{guid}')")
    assert found(odata, "ИНН eq '7700000002'") == []


TEXTS = st.sampled_from(["", "а", "б", "аб", "a'б", "or", "x and y"])
FIELDS = {
    "ИНН": TEXTS,
    "Description": TEXTS,
    "Покупатель": st.booleans(),
    "ДатаРождения": st.sampled_from(["0001-01-01T00:00:00", "2000-01-01T00:00:00"]),
    "Parent_Key": st.integers(0, 2).map(GUID),
}
QUOTED = {
    "ИНН": lambda value: "'" + value.replace("'", "''") + "'",
    "Description": lambda value: "'" + value.replace("'", "''") + "'",
    "Покупатель": lambda value: str(value).lower(),
    "ДатаРождения": "datetime'{}'".format,
    "Parent_Key": "guid'{}'".format,
}
SIGNS = {"eq": "==", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
FUNCTIONS = {
    "substringof": ("substringof({1},{0})", "{1} in {0}"),
    "startswith": ("startswith({0},{1})", "{0}.startswith({1})"),
    "endswith": ("endswith({0}, {1}) eq true", "{0}.endswith({1})"),
}


@st.composite
def comparisons(draw):
    """A pair of texts: the filter, and the same in Python over `row`."""
    name = draw(st.sampled_from(sorted(FIELDS)))
    ordered = name in ("ИНН", "Description", "ДатаРождения")
    sign = draw(st.sampled_from(sorted(SIGNS) if ordered else ["eq", "ne"]))
    value = draw(FIELDS[name])
    return f"{name} {sign} {QUOTED[name](value)}", f"row[{name!r}] {SIGNS[sign]} {value!r}"


@st.composite
def calls(draw):
    name, value = draw(st.sampled_from(["ИНН", "Description"])), draw(TEXTS)
    theirs, ours = FUNCTIONS[draw(st.sampled_from(sorted(FUNCTIONS)))]
    return theirs.format(name, QUOTED[name](value)), ours.format(f"row[{name!r}]", repr(value))


def joined(pairs):
    return st.one_of(
        pairs.map(lambda pair: (f"not ({pair[0]})", f"not ({pair[1]})")),
        pairs.map(lambda pair: (f"({pair[0]})", f"({pair[1]})")),
        *(
            st.lists(pairs, min_size=2, max_size=4).map(
                lambda some, word=word: tuple(
                    f" {word} ".join(texts) for texts in zip(*some, strict=True)
                )
            )
            for word in ("and", "or")
        ),
    )


FILTERS = st.recursive(st.one_of(comparisons(), calls()), joined, max_leaves=8)
ROWS = st.lists(st.fixed_dictionaries(FIELDS), max_size=12)


@settings(max_examples=200, deadline=None)
@given(FILTERS, ROWS)
def test_any_filter_passes_what_plain_python_passes(texts, rows):
    theirs, ours = texts
    table = Table(SCHEMA)
    for number, fields in enumerate(rows):
        table.put(GUID(number), {**SCHEMA.blank, **fields, "Ref_Key": GUID(number)})
    passing = [key for key in table.order if eval(ours, {"row": table.rows[key]})]
    compiled = Filters({SET: table}).compiled(SCHEMA, theirs)
    assert compiled.keys(table) == passing


def test_two_hundred_records_are_found_by_fifties_without_a_loss():
    base = Infobase(clock=VirtualClock())
    guids = [base.act("create", {"set": SET, "fields": {}}) for _ in range(200)]
    random.Random(1).shuffle(guids)
    table, seen = base._books.tables[SET], []
    for start in range(0, 200, 50):
        text = " or ".join(f"Ref_Key eq guid'{guid}'" for guid in guids[start : start + 50])
        seen += base._published.service.filters.compiled(table.schema, text).keys(table)
    assert sorted(seen) == table.order
