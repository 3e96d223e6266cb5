"""Reading: lists, single records, counts, and what the query options do."""

import pytest

from onec_emulator.odata import reading
from onec_emulator.switches import Switches

SET = "Catalog_Контрагенты"


@pytest.fixture
def crowd(odata, made):
    """Thirty clients and five groups of few values each; a group has none of some."""
    for number in range(30):
        made(Description=f"К{number % 7}", ИНН=str(number % 4), КПП=str(number % 3))
    for number in range(5):
        made(Description=f"Г{number % 2}", IsFolder=True)
    return odata


def names(rows):
    return [row["Description"] for row in rows]


def test_an_unknown_set_is_not_found_and_names_are_case_sensitive(odata):
    assert odata.error("GET", "/Catalog_Нет") == (404, "8")
    assert odata.error("GET", "/catalog_Контрагенты") == (404, "8")
    assert odata.error("PATCH", "/Catalog_Нет") == (404, "8")


def test_a_list_without_options_holds_all_rows_in_the_order_of_guids(odata, made):
    guids = {made(Description=f"Клиент {number}") for number in range(20)}
    assert [row["Ref_Key"] for row in odata.rows()] == sorted(guids)


def test_skip_comes_before_top(odata, made):
    for name in "АБВГД":
        made(Description=name)
    assert names(odata.rows("$orderby=Description&$skip=1&$top=2")) == ["Б", "В"]
    assert names(odata.rows("$orderby=Description desc&$top=2")) == ["Д", "Г"]


def test_an_order_by_reference_is_one_by_presentation(odata, made):
    for name in "БДАЕВГ":
        made(Description=name)
    assert names(odata.rows("$orderby=Ref_Key")) == list("АБВГДЕ")
    for name in "ЩЯЮЭЬЪ":
        made(Description=f"в {name}", Parent_Key=made(Description=name, IsFolder=True))
    found = odata.rows("$filter=IsFolder eq false&$orderby=Parent_Key desc&$top=6")
    assert names(found) == ["в Я", "в Ю", "в Э", "в Ь", "в Ъ", "в Щ"]


def test_a_second_order_decides_where_the_first_does_not(odata, made):
    for name, inn in (("А", "2"), ("Б", "1"), ("В", "1")):
        made(Description=name, ИНН=inn)
    assert names(odata.rows("$orderby=ИНН, Description desc")) == ["В", "Б", "А"]


PLACES = ("ИНН", "Description", "КПП", "Ref_Key")


@pytest.mark.parametrize("limits", ["", "&$top=7", "&$skip=3&$top=5", "&$top=0", "&$skip=30"])
@pytest.mark.parametrize("order", ["", " desc"])
@pytest.mark.parametrize("name", [*PLACES, "КПП,ИНН", "ИНН, КПП"])
@pytest.mark.parametrize(
    "condition", ["", "КПП ne '2'", "ИНН eq '1' or ИНН eq '3'", "IsFolder eq true"]
)
def test_an_order_is_the_same_by_index_by_heap_and_by_sorting(
    crowd, limits, order, name, condition, monkeypatch
):
    query = f"$orderby={name.replace(',', order + ',')}{order}{limits}"
    query += f"&$filter={condition}" if condition else ""
    quick = [crowd.rows(query), crowd.rows(query + "&$inlinecount=allpages")]
    monkeypatch.setattr(reading, "_walked", lambda *asked: None)
    heaped = crowd.rows(query)
    ordered = reading.ordered
    monkeypatch.setattr(reading, "ordered", lambda *asked: ordered(*asked[:4]))
    assert quick == [heaped, heaped] == [crowd.rows(query)] * 2
    assert bool(heaped) == (limits != "&$top=0" and not (limits == "&$skip=30" and condition))


def test_an_order_follows_later_writes(odata, made):
    first = made(Description="Б")
    assert names(odata.rows("$orderby=Description")) == ["Б"]
    made(Description="А")
    odata.base.act("update", {"set": SET, "key": first, "fields": {"Description": "В"}})
    made(Description="Б")
    assert names(odata.rows("$orderby=Description")) == ["А", "Б", "В"]


def test_lines_as_a_set_follow_their_owners(odata, made):
    def lines():
        return [
            (row["Ref_Key"], row["LineNumber"], row["АдресЭП"])
            for row in odata.rows("", f"{SET}_КонтактнаяИнформация")
        ]

    def addresses(*texts):
        return {"КонтактнаяИнформация": [{"АдресЭП": text} for text in texts]}

    assert lines() == []
    one, other = sorted((made(**addresses("а", "б")), made(**addresses("в"))))
    held = {
        key: [line["АдресЭП"] for line in odata.base.records()[SET][key]["КонтактнаяИнформация"]]
        for key in (one, other)
    }
    assert lines() == [
        (key, str(number), text) for key in (one, other) for number, text in enumerate(held[key], 1)
    ]
    odata.base.act("update", {"set": SET, "key": one, "fields": addresses("г")})
    assert lines()[0] == (one, "1", "г")
    assert [key for key, _, _ in lines()].count(one) == 1
    kept = odata.base.snapshot()
    odata.base.act("delete", {"set": SET, "key": one})
    assert {key for key, _, _ in lines()} == {other}
    odata.base.restore(kept)
    assert {key for key, _, _ in lines()} == {one, other}


def test_select_shows_what_is_named_and_blanks_after_commas_do_not_matter(odata, made):
    guid = made(ИНН="7700000000")
    assert odata.rows("$select=Ref_Key, ИНН") == [{"Ref_Key": guid, "ИНН": "7700000000"}]
    assert odata.rows("$select=*") == odata.rows()
    assert "КонтактнаяИнформация" not in odata.rows("$select=**")[0]


def test_unknown_names_in_options_are_refused(odata):
    assert odata.error("GET", f"/{SET}", "$select=Нет") == (400, "6")
    assert odata.error("GET", f"/{SET}", "$orderby=Нет") == (400, "6")
    assert odata.error("GET", f"/{SET}", "$search=x") == (400, "14")
    assert odata.error("GET", f"/{SET}", "$top=-1") == (400, "14")
    assert odata.error("GET", f"/{SET}", "$format=csv") == (406, "2")


def test_a_plain_parameter_that_nobody_knows_is_ignored(odata, made):
    made()
    assert len(odata.rows("cache=no")) == 1


def test_what_is_not_emulated_says_so(odata):
    assert odata.error("GET", f"/{SET}", "$select=Parent/Description") == (501, "0")


def test_an_order_may_lead_through_a_reference(odata, made):
    for folder, inn in (("Б", "1"), ("А", "2")):
        group = made(Description=folder, IsFolder=True)
        made(Description=f"в {folder}", Parent_Key=group, ИНН=inn)
    found = odata.rows("$filter=IsFolder eq false&$orderby=Parent/Description")
    assert names(found) == ["в А", "в Б"]
    down = odata.rows("$filter=IsFolder eq false&$orderby=Parent/Description desc")
    assert names(down) == ["в Б", "в А"]
    assert names(odata.rows("$orderby=Parent/Description, Description"))[:2] == ["А", "Б"]
    assert odata.error("GET", f"/{SET}", "$orderby=Parent/Нет") == (400, "6")
    assert odata.error("GET", f"/{SET}", "$orderby=Нет/Description") == (400, "6")


def test_the_count_is_a_string_and_leaves_the_page_alone(odata, made):
    for number in range(5):
        made(Description=str(number))
    found = odata.json("GET", f"/{SET}", "$inlinecount=allpages&$top=2")
    assert (found["odata.count"], len(found["value"])) == ("5", 2)


def test_by_the_guide_the_count_cancels_the_page(calling):
    odata = calling(switches=Switches(inlinecount="documented"))
    for number in range(5):
        odata.json("POST", f"/{SET}", body={"Description": str(number)})
    found = odata.json("GET", f"/{SET}", "$inlinecount=allpages&$top=2")
    assert (found["odata.count"], len(found["value"])) == ("5", 5)


def test_the_count_of_a_set_is_a_bare_number(odata, made):
    made(ИНН="1"), made(ИНН="2")
    assert odata.call("GET", f"/{SET}/$count").body == b"\xef\xbb\xbf2"
    assert odata.call("GET", f"/{SET}/$count", "$filter=ИНН eq '1'").body == b"\xef\xbb\xbf1"


def test_a_record_is_found_by_either_form_of_its_key(odata, made):
    guid = made()
    for key in (f"guid'{guid}'", f"guid'{guid.upper()}'", f"Ref_Key=guid'{guid}'"):
        assert odata.json("GET", f"/{SET}({key})")["Ref_Key"] == guid


def test_a_missing_record_and_a_malformed_key_differ(odata):
    missing = "00000000-0000-0000-0000-000000000001"
    assert odata.error("GET", f"/{SET}(guid'{missing}')") == (404, "9")
    assert odata.error("GET", f"/{SET}(guid'x')") == (400, "7")
    assert odata.error("GET", f"/{SET}(Code='1')") == (400, "7")


def test_an_unknown_segment_is_refused(odata):
    assert odata.error("GET", f"/{SET}/Слить") == (400, "6")


def test_a_table_part_is_a_set_too(odata, made):
    guid = made(КонтактнаяИнформация=[{"Тип": "Телефон", "Представление": "1"}, {"Тип": "Факс"}])
    lines = odata.rows(entity=f"{SET}_КонтактнаяИнформация")
    assert [(line["Ref_Key"], line["LineNumber"]) for line in lines] == [(guid, "1"), (guid, "2")]
    path = f"/{SET}_КонтактнаяИнформация"
    assert odata.json("GET", f"{path}(Ref_Key=guid'{guid}', LineNumber=2)")["Тип"] == "Факс"
    assert odata.error("GET", path, f"$filter=Ref_Key eq guid'{guid}'") == (500, "-1")
    assert len(odata.rows("$filter=Тип eq 'Факс'", entity=f"{SET}_КонтактнаяИнформация")) == 1


@pytest.mark.parametrize(
    ("query", "whole"),
    [("", True), ("$select=*", True), ("$select=Ref_Key, DataVersion", False)],
)
def test_only_a_whole_record_counts_as_read(odata, made, query, whole):
    guid = made()
    odata.rows(query)
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000000"})
    assert (odata.base.ledger.touches[-1].read_at_s is not None) is whole


def test_a_record_read_by_its_key_counts_as_read(odata, made):
    guid = made()
    odata.json("GET", f"/{SET}(guid'{guid}')")
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000000"})
    assert odata.base.ledger.touches[-1].read_at_s == odata.base.clock.now_s()


@pytest.mark.parametrize("text", ["9" * 5000, "²", "-1", "1.5"])
def test_a_count_that_is_no_number_of_rows_is_a_bad_option(odata, text):
    for option in ("$top", "$skip"):
        assert odata.error("GET", f"/{SET}", f"{option}={text}")[0] == 400
