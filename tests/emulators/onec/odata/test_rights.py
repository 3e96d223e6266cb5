"""What a login may not see: whole sets, and single records with and without `allowedOnly`."""

import pytest

SET = "Catalog_Контрагенты"


@pytest.fixture
def guarded(odata, made):
    """Two clients, of whom the caller may not see the one that is called Тайна."""
    keys = {name: made(Description=name) for name in ("Ромашка", "Тайна")}
    hidden = {"obmen": {SET: "Description eq 'Тайна'"}}
    odata.base.act("set_up", {"hidden": hidden})
    return odata, keys


def test_a_set_without_a_right_is_refused_with_its_table_parts(odata):
    odata.base.act("set_up", {"forbidden": {"obmen": [SET]}})
    for verb, path in (
        ("GET", f"/{SET}"),
        ("GET", f"/{SET}/$count"),
        ("POST", f"/{SET}"),
        ("GET", f"/{SET}_КонтактнаяИнформация"),
        ("GET", f"/{SET}(guid'00000000-0000-0000-0000-000000000001')"),
    ):
        assert odata.error(verb, path, body={}) == (401, "20")
    assert odata.call("GET", "/Catalog_Валюты").status == 200
    odata.base.act("set_up", {"forbidden": {"other": [SET]}})
    assert odata.rows() == []


def test_one_hidden_record_spoils_a_list(guarded):
    odata, _ = guarded
    assert odata.error("GET", f"/{SET}") == (401, "20")
    assert odata.error("GET", f"/{SET}/$count") == (401, "20")
    assert len(odata.rows("$filter=Description eq 'Ромашка'")) == 1


@pytest.mark.parametrize("option", ["allowedOnly=true", "$allowedOnly=true"])
def test_who_asks_for_what_is_allowed_sees_nothing_of_the_rest(guarded, option):
    odata, _ = guarded
    assert [row["Description"] for row in odata.rows(option)] == ["Ромашка"]
    answer = odata.json("GET", f"/{SET}", f"{option}&$inlinecount=allpages&$top=0")
    assert answer["odata.count"] == "1"


def test_a_hidden_record_is_neither_read_nor_changed_by_its_key(guarded):
    odata, keys = guarded
    path = f"/{SET}(guid'{keys['Тайна']}')"
    for verb in ("GET", "PATCH", "DELETE"):
        assert odata.error(verb, path, body={}) == (401, "20")
    assert odata.json("GET", f"/{SET}(guid'{keys['Ромашка']}')")["Description"] == "Ромашка"


def test_what_may_only_be_read_is_not_written(odata, made):
    guid = made()
    odata.base.act("set_up", {"read_only": {"obmen": [SET, "Document_ЗаказПокупателя"]}})
    path = f"/{SET}(guid'{guid}')"
    assert odata.call("GET", path).status == 200
    for verb, where in (("POST", f"/{SET}"), ("PATCH", path), ("DELETE", path)):
        assert odata.error(verb, where, body={}) == (401, "20")
    # A reading that posts is a write all the same.
    order = "/Document_ЗаказПокупателя(guid'00000000-0000-0000-0000-000000000001')/Post"
    assert odata.error("GET", order) == (401, "20")
    status, told = odata.hs("PATCH", f"/exchange/clients/{guid}", body={"fields": {"ИНН": "1"}})
    assert (status, told["thing"], told["value"]) == (403, SET, "obmen")
    assert odata.hs("DELETE", f"/exchange/clients/{guid}")[0] == 403
    assert odata.hs("POST", "/exchange/clients", body={"fields": {}})[0] == 403
    assert {touch.verb for touch in odata.base.ledger.touches} == {"add"}
    assert odata.base.ledger.touches[0].key == guid
