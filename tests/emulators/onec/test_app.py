"""The request path: who may call, what trouble does, what is recorded, how long it takes."""

import base64
import json
from dataclasses import replace

import pytest

from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.trouble import KINDS, DropReply, DropRequest, Refuse, Twice

SET = "Catalog_Контрагенты"


def test_a_stranger_is_challenged_and_learns_nothing(odata, made):
    made()
    odata.password = "wrong"
    reply = odata.call("GET", f"/{SET}")
    assert reply.status == 401
    assert dict(reply.headers)["WWW-Authenticate"] == 'Basic realm="1C:Enterprise 8"'
    assert "Ромашка".encode() not in reply.body


def test_a_caller_without_a_name_is_challenged_even_for_a_bad_address(base):
    path = base.service_root + "/Catalog_Нет"
    assert base.answer(Request("GET", path, "$what=1")).status == 401


def test_a_cyrillic_login_is_utf_8_and_not_cp1251(calling):
    odata = calling(users={"Обмен": "пароль"})
    odata.login, odata.password = "Обмен", "пароль"
    assert odata.call("GET", "/").status == 200
    token = base64.b64encode("Обмен:пароль".encode("cp1251")).decode()
    request = replace(odata.request("GET", "/"), headers={"authorization": f"Basic {token}"})
    assert odata.base.answer(request).status == 401


def test_another_publication_is_not_found(odata):
    request = replace(odata.request("GET", "/"), path="/other/odata/standard.odata/")
    assert odata.base.answer(request).status == 404


def test_raw_and_percent_encoded_addresses_lead_to_the_same_record(odata, made):
    guid = made()
    encoded = odata.request("GET", f"/{SET}(guid'{guid}')", "$format=json")
    raw = f"{odata.base.service_root}/{SET}(guid'{guid}')"
    as_latin = raw.encode().decode("latin-1")
    bodies = {
        odata.base.answer(replace(encoded, path=path)).body
        for path in (encoded.path, raw, as_latin)
    }
    assert len(bodies) == 1
    assert b"Ref_Key" in bodies.pop()


def test_the_root_answers_with_and_without_a_slash(odata):
    assert odata.call("GET", "").body == odata.call("GET", "/").body


def test_a_call_is_recorded_by_verb_and_set(odata, made):
    guid = made()
    odata.call("GET", f"/{SET}")
    odata.call("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000000"})
    odata.call("GET", "/$metadata")
    odata.notify(1)
    odata.call("GET", "/Catalog_Нет")
    lines = list(odata.base.calls.lines)
    assert [line.name for line in lines] == [
        f"GET {SET}",
        f"PATCH {SET}",
        "GET $metadata",
        "POST NotifyChangesReceived",
        "GET Catalog_Нет",
    ]
    assert {line.actor for line in lines} == {"odata:obmen"}
    assert (lines[-1].status, lines[-1].error) == (404, "8")


def test_a_call_takes_time_and_a_slow_base_takes_more(calling):
    usual, slow = calling(seed=3), calling(seed=3, pace=10.0)
    took, took_slowly = (one.call("GET", f"/{SET}").takes_s for one in (usual, slow))
    assert 0.03 <= took <= 0.15
    assert took_slowly == pytest.approx(took * 10)


def test_a_pace_of_zero_is_refused(calling):
    with pytest.raises(ValueError, match="above 0"):
        calling(pace=0)


def test_a_lost_reply_does_not_undo_the_write(odata, made):
    guid = made()
    odata.base.trouble.set(DropReply(), match=f"PATCH {SET}")
    reply = odata.call("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000000"})
    assert reply.cut_at == 0
    assert reply.takes_s > 0
    assert odata.base.records()[SET][guid]["ИНН"] == "7700000000"
    assert odata.base.calls.lines[-1].trouble == "drop_reply"


def test_a_lost_request_writes_nothing(odata, made):
    guid = made()
    odata.base.trouble.set(DropRequest())
    odata.call("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "7700000000"})
    assert odata.base.records()[SET][guid]["ИНН"] == ""


def test_a_request_that_arrives_twice_creates_two(odata):
    odata.base.trouble.set(Twice())
    odata.call("POST", f"/{SET}", body={"Description": "Дубль"})
    assert len(odata.base.records()[SET]) == 2


def test_a_locked_base_refuses_in_the_exception_envelope(odata):
    odata.base.trouble.set(Refuse(status=403))
    reply = odata.call("GET", f"/{SET}")
    envelope = json.loads(reply.body)["exception"]
    assert (reply.status, envelope["reason"]) == (403, 403)
    assert "запрещено" in envelope["inner"]["descr"]


def test_a_session_that_cannot_start_refuses_in_xml(odata):
    odata.base.trouble.set(Refuse(status=406))
    reply = odata.call("GET", f"/{SET}", "$format=json")
    assert (reply.status, reply.content_type) == (406, "application/xml;charset=utf-8")
    assert "Истекло время ожидания сеанса" in reply.body.decode()


def test_a_refusal_of_ones_own_words_is_an_odata_error(odata):
    odata.base.trouble.set(Refuse(status=500, error="-1", description="Ошибка в ПриЗаписи"))
    reply = odata.call("GET", f"/{SET}", "$format=json")
    assert json.loads(reply.body)["odata.error"] == {
        "code": "-1",
        "message": {"lang": "ru", "value": "Ошибка в ПриЗаписи"},
    }


def test_a_base_without_a_licence_refuses_in_the_exception_envelope(odata):
    odata.base.trouble.set(Refuse())
    reply = odata.call("GET", f"/{SET}", accept="application/atom+xml")
    assert (reply.status, reply.content_type) == (503, "application/json;charset=utf-8")
    inner = json.loads(reply.body)["exception"]["inner"]
    assert inner["descr"] == "Не обнаружено свободной лицензии!"


def test_a_locked_record_refuses_with_the_words_of_the_platform(odata, made):
    guid = made()
    odata.base.trouble.set(Refuse(status=500), match=f"PATCH {SET}")
    reply = odata.call("PATCH", f"/{SET}(guid'{guid}')", "$format=json", {"ИНН": "1"})
    error = json.loads(reply.body)["odata.error"]
    assert (reply.status, error["code"]) == (500, "-1")
    assert error["message"]["value"].startswith("Конфликт блокировок при выполнении транзакции")
    assert odata.base.records()[SET][guid]["ИНН"] == ""


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_trouble_is_met_once_and_then_gone(odata, kind):
    odata.base.trouble.set(KINDS[kind](), match="GET /")
    for _ in range(2):
        odata.call("GET", "/$metadata")
        odata.call("GET", "/")
    assert [line.trouble for line in odata.base.calls.lines] == ["", kind, "", ""]
    assert odata.base.trouble.met == {kind: 1}


def test_the_first_call_and_the_first_after_a_pause_take_longer(odata):
    odata.base.act("set_up", {"wakes_s": 30})
    pauses = (0, 1, 1199, 1200)
    slow = []
    for pause in pauses:
        odata.base.clock.advance(pause)
        slow.append(odata.call("GET", "/").takes_s > 30)
    assert slow == [True, False, False, True]
    odata.base.act("set_up", {"wakes_s": None})
    odata.base.clock.advance(5000)
    assert odata.call("GET", "/").takes_s < 1


@pytest.mark.parametrize("value", [-1, "30", True])
def test_a_pause_that_is_no_number_is_refused_and_nothing_is_set(odata, value):
    with pytest.raises(ValueError, match="wakes_s is"):
        odata.base.act("set_up", {"stock_control": False, "wakes_s": value})
    assert odata.base.settings == {}
