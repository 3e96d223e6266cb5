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


ORDERS = "Document_ЗаказПокупателя"


@pytest.fixture
def order(odata):
    """Path of an order that nobody has posted."""
    made = odata.json("POST", f"/{ORDERS}", body={"Date": "2025-11-03T10:00:00"})
    return f"/{ORDERS}(guid'{made['Ref_Key']}')"


def deny(odata, **rights):
    odata.base.act("set_up", {"denied": {"obmen": {ORDERS: rights}}})


def test_who_may_change_a_document_may_lack_the_right_to_post_it(odata, order):
    deny(odata, Проведение=True)
    assert odata.json("PATCH", order, body={"Комментарий": "Срочно"})["Комментарий"] == "Срочно"
    for verb, path, body in (
        ("POST", f"{order}/Post", None),
        ("GET", f"{order}/Post", None),
        ("PATCH", order, {"Posted": True}),
        ("PUT", order, {"Date": "2025-11-03T10:00:00", "Posted": True}),
        ("POST", f"/{ORDERS}", {"Date": "2025-11-03T10:00:00", "Posted": True}),
    ):
        assert odata.error(verb, path, body=body) == (401, "20")
    assert odata.json("GET", order)["Posted"] is False
    assert len(odata.base.records()[ORDERS]) == 1
    assert odata.call("POST", f"{order}/Unpost").status == 200


def test_who_may_post_may_lack_the_right_to_take_it_back(odata, order):
    deny(odata, ОтменаПроведения=True)
    assert odata.call("POST", f"{order}/Post").status == 200
    for verb, path, body in (
        ("POST", f"{order}/Unpost", None),
        ("PATCH", order, {"Posted": False}),
        ("PATCH", order, {"DeletionMark": True}),
    ):
        assert odata.error(verb, path, body=body) == (401, "20")
    assert odata.json("GET", order)["Posted"] is True


def test_posting_takes_the_right_to_change_too(odata, order):
    deny(odata, Изменение=True)
    assert odata.error("POST", f"{order}/Post") == (401, "20")
    assert odata.error("PATCH", order, body={}) == (401, "20")
    assert odata.call("POST", f"/{ORDERS}", body={}).status == 201
    assert odata.call("DELETE", order).status == 204


def test_the_rights_to_make_and_to_delete_are_apart(odata, order):
    deny(odata, Добавление=True, Удаление=True)
    assert odata.error("POST", f"/{ORDERS}", body={}) == (401, "20")
    assert odata.error("DELETE", order) == (401, "20")
    assert odata.call("POST", f"{order}/Post").status == 200


def test_a_record_may_be_read_and_not_changed_by_what_it_is_or_shall_be(odata, order):
    deny(odata, Изменение="Комментарий eq 'Чужой'", Удаление="Posted eq true")
    assert odata.json("PATCH", order, body={"Заметки": "А"})["Заметки"] == "А"
    assert odata.error("PATCH", order, body={"Комментарий": "Чужой"}) == (401, "20")
    key = order.partition("guid'")[2][:36]
    own = {"set": ORDERS, "key": key, "fields": {"Комментарий": "Чужой"}}
    odata.base.act("update", own, user="Иванова")
    assert odata.error("PATCH", order, body={"Комментарий": ""}) == (401, "20")
    assert odata.error("POST", f"{order}/Post") == (401, "20")
    assert odata.json("GET", order)["Комментарий"] == "Чужой"
    odata.base.act("post", {"set": ORDERS, "key": key}, user="Иванова")
    assert odata.error("DELETE", order) == (401, "20")
    deny(odata)
    assert odata.call("DELETE", order).status == 204


def test_the_exchange_service_asks_for_the_same_rights(odata, order):
    key = order.partition("guid'")[2][:36]
    path = f"/exchange/orders/{key}"
    deny(odata, Проведение=True, Добавление=True, Изменение="DeletionMark eq true")
    status, told = odata.hs("PATCH", path, body={"fields": {"Posted": True}})
    assert (status, told["thing"], told["value"]) == (403, f"{ORDERS}: Проведение", "obmen")
    assert odata.hs("PATCH", path, body={"fields": {"Комментарий": "А"}})[0] == 200
    assert odata.hs("POST", "/exchange/orders", body={"fields": {}})[0] == 403
    assert odata.hs("DELETE", path)[0] == 403


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("obmen", "denied is 'obmen'. Give"),
        ({"obmen": {"Document_Нет": {}}}, "denied names 'Document_Нет'"),
        ({"obmen": {ORDERS: {"Печать": True}}}, "No right 'Печать'. There are: Добавление"),
        ({"obmen": {ORDERS: {"Проведение": "Posted eq true"}}}, "Проведение of .* Give true"),
        ({"obmen": {ORDERS: {"Изменение": "Нет eq 1"}}}, "no filter"),
    ],
)
def test_rights_that_there_are_not_cannot_be_denied(base, told, text):
    with pytest.raises(ValueError, match=text):
        base.act("set_up", {"denied": told})
    assert "denied" not in base.settings
