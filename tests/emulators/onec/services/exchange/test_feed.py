"""Changes by the exchange service: the exchange plan's own table, at least once."""

import json

import pytest

CLIENTS = "Catalog_Контрагенты"


def selected(odata, **order):
    status, packet = odata.hs("POST", "/exchange/changes", body={"node": "B24", **order})
    assert status == 200, packet
    # A client of УНФ brings its contract along.
    return packet["message"], {item["key"] for item in packet["items"] if item["set"] == CLIENTS}


def confirmed(odata, number):
    return odata.hs("POST", "/exchange/changes/confirm", body={"node": "B24", "message": number})


def test_a_change_comes_again_until_it_is_confirmed(odata, made):
    first = made()
    number, keys = selected(odata)
    assert (number, keys) == (1, {first})
    second = made()
    assert selected(odata) == (1, {first, second})
    assert confirmed(odata, 1) == (200, {"node": "B24", "received": 1})
    assert selected(odata) == (2, set())


def test_a_write_between_selection_and_confirmation_is_not_lost(odata, made):
    guid = made()
    number, _ = selected(odata)
    odata.base.act("update", {"set": CLIENTS, "key": guid, "fields": {"ИНН": "1"}}, user="Иванова")
    confirmed(odata, number)
    assert selected(odata) == (2, {guid})


def test_a_change_shows_the_record_as_it_is_and_a_deletion_without_it(odata, made):
    kept, gone = made(Description="Ромашка"), made()
    odata.base.act("delete", {"set": CLIENTS, "key": gone}, user="Иванова")
    body = {"node": "B24", "sets": [CLIENTS, "Catalog_Номенклатура"]}
    items = {
        item["key"]: item for item in odata.hs("POST", "/exchange/changes", "", body)[1]["items"]
    }
    assert (items[kept]["deleted"], items[kept]["fields"]["Description"]) == (False, "Ромашка")
    assert (items[gone]["deleted"], items[gone]["fields"]) == (True, None)


def test_only_the_sets_asked_for_are_sent_and_the_others_wait(odata, made):
    guid = made()
    assert selected(odata, sets=["Catalog_Номенклатура"]) == (1, set())
    assert selected(odata, sets=[CLIENTS], message=4) == (4, {guid})


def test_the_table_is_that_of_odata(odata, made):
    guid = made()
    number, keys = selected(odata)
    contract = next(iter(odata.base.records()["Catalog_ДоговорыКонтрагентов"]))
    assert odata.selected(number) == keys | {contract} == {guid, contract}
    assert odata.notify(number).status == 200
    assert selected(odata) == (number + 1, set())


def test_nodes_show_their_numbers_and_what_waits(odata, made):
    made()
    selected(odata)
    nodes = odata.hs("GET", "/exchange/changes")[1]["nodes"]
    assert nodes == [{"node": "B24", "sent": 1, "received": 0, "waiting": 2}]


@pytest.mark.parametrize(
    ("body", "status", "thing"),
    [
        ({"node": "нет"}, 404, "node"),
        ({}, 404, "node"),
        ({"node": "1C"}, 409, "node"),
        ({"node": "B24", "message": 0}, 400, "message"),
        ({"node": "B24", "message": True}, 400, "message"),
        ({"node": "B24", "message": "1"}, 400, "message"),
        ({"node": "B24", "sets": ["Catalog_Нет"]}, 400, "sets"),
        ({"node": "B24", "sets": [7]}, 400, "sets"),
        ({"node": "B24", "sets": CLIENTS}, 400, "sets"),
    ],
)
def test_a_wrong_order_is_refused_and_nothing_is_stamped(odata, made, body, status, thing):
    made()
    refused, told = odata.hs("POST", "/exchange/changes", body=body)
    assert (refused, told["thing"]) == (status, thing)
    assert [number for _, _, number in odata.base.registered()] == [None, None]


def test_what_was_never_sent_cannot_be_confirmed(odata, made):
    made()
    number, _ = selected(odata)
    status, told = confirmed(odata, number + 1)
    assert (status, told["thing"], told["value"]) == (409, "message", number + 1)
    assert len(odata.base.registered()) == 2
    assert odata.hs("POST", "/exchange/changes/confirm", body={"node": "B24"})[0] == 400


def test_a_base_without_a_plan_has_no_changes(calling, tmp_path):
    fields = {"Ref_Key": "Edm.Guid", "Description": "Edm.String"}
    facts = {"sets": {CLIENTS: {"key": ["Ref_Key"], "fields": fields}}}
    file = tmp_path / "own.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    odata = calling(configuration=str(file))
    assert odata.hs("GET", "/exchange/changes") == (404, None)
    assert odata.hs("GET", "/exchange/clients") == (200, {"total": 0, "items": []})
