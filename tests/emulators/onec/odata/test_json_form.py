"""JSON: three levels, strings for Int64, links for published targets."""

import json

import pytest

SET = "Catalog_Контрагенты"


def body(odata, path, accept, query=""):
    reply = odata.call("GET", path, query, accept=accept)
    assert reply.content_type == "application/json;charset=utf-8"
    assert dict(reply.headers)["DataServiceVersion"] == "3.0"
    return json.loads(reply.body)


@pytest.mark.parametrize(
    ("accept", "query"),
    [
        ("application/json", ""),
        ("application/json;odata=minimalmetadata", ""),
        ("application/json;odata.metadata=minimal", ""),
        ("*/*", "$format=json"),
        ("application/atom+xml", "$format=application/json;odata=minimalmetadata"),
    ],
)
def test_plain_json_is_the_minimal_level(odata, made, accept, query):
    guid = made()
    row = body(odata, f"/{SET}(guid'{guid}')", accept, query)
    root = f"http://localhost{odata.base.service_root}"
    assert row["odata.metadata"] == f"{root}/$metadata#{SET}/@Element"
    assert row["Ответственный@navigationLinkUrl"] == f"{SET}(guid'{guid}')/Ответственный"
    assert "odata.id" not in row


def test_nometadata_holds_the_properties_and_nothing_else(odata, made):
    made()
    found = body(odata, f"/{SET}", "application/json;odata=nometadata")
    assert list(found) == ["value"]
    assert list(found["value"][0]) == list(odata.base.records()[SET].popitem()[1])


def test_fullmetadata_names_types_and_addresses(odata, made):
    guid = made()
    row = body(odata, f"/{SET}(guid'{guid}')", "application/json;odata=fullmetadata")
    assert row["odata.type"] == f"StandardODATA.{SET}"
    assert row["odata.editLink"] == f"{SET}(guid'{guid}')"
    assert row["odata.id"].endswith(f"/odata/standard.odata/{SET}(guid'{guid}')")
    assert row["Ref_Key@odata.type"] == "Edm.Guid"


def test_a_link_to_an_unpublished_set_is_not_shown(odata, made):
    row = body(odata, f"/{SET}(guid'{made()}')", "application/json")
    assert "ИсточникПривлеченияПокупателя_Key" in row
    assert "ИсточникПривлеченияПокупателя@navigationLinkUrl" not in row


def test_long_numbers_are_strings_and_short_ones_numbers(odata, made):
    guid = made(КонтактнаяИнформация=[{"Тип": "Телефон"}])
    row = body(odata, f"/{SET}(guid'{guid}')", "application/json")
    assert row["КонтактнаяИнформация"][0]["LineNumber"] == "1"
    assert "Ref_Key" not in row["КонтактнаяИнформация"][0]
    node = odata.rows("$filter=Code eq 'B24'", entity=odata.base.plan)[0]
    assert (node["SentNo"], node["ReceivedNo"], node["ThisNode"]) == ("0", "0", False)


def test_an_answer_is_written_anew_after_a_write(odata, made):
    guid = made(Description="А")
    for name in "БВ":
        odata.base.act("update", {"set": SET, "key": guid, "fields": {"Description": name}})
        assert body(odata, f"/{SET}(guid'{guid}')", "application/json")["Description"] == name


def test_the_service_document_lists_the_sets_and_their_parts(odata):
    value = body(odata, "/", "application/json")["value"]
    names = [entry["name"] for entry in value]
    assert {SET, f"{SET}_КонтактнаяИнформация", odata.base.plan} <= set(names)
    assert all(entry["name"] == entry["url"] for entry in value)
