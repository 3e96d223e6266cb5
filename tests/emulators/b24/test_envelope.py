"""How answers are worded: the envelope of a success, the two words of a refusal."""

import json
import re

import pytest

from b24_emulator.methods.table import METHODS

TIME_KEYS = [
    "start", "finish", "duration", "processing",
    "date_start", "date_finish", "operating_reset_at", "operating",
]  # fmt: skip
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00")


def test_a_success_has_its_result_and_a_time_of_eight_keys(hook):
    answer = hook.said("server.time")
    assert list(answer) == ["result", "time"]
    assert list(answer["time"]) == TIME_KEYS


def test_the_times_of_an_answer_agree_with_each_other(hook):
    time = hook.said("server.time")["time"]
    assert time["start"] == hook.portal.now_s
    assert time["finish"] == pytest.approx(time["start"] + time["duration"], abs=1e-5)
    assert 0 < time["processing"] < time["duration"]
    assert ISO.fullmatch(time["date_start"])
    assert isinstance(time["operating_reset_at"], int)
    assert hook.send("server.time").content_type == "application/json; charset=utf-8"


def test_a_list_adds_its_total_and_the_next_page(hook, company):
    for _ in range(51):
        company()
    assert list(hook.said("crm.company.list")) == ["result", "next", "total", "time"]


def test_every_method_answers_either_a_success_or_a_refusal(hook, app):
    for name in METHODS:
        for caller in (hook, app):
            answer = caller.said(name, {"process_id": "1"})
            expected = {"result", "time"} if "result" in answer else {"error", "error_description"}
            assert expected <= set(answer) <= expected | {"next", "total"}, name


def test_an_add_answers_a_number_and_a_get_a_text(hook):
    assert hook.result("crm.company.add", {"fields": {}}) == 1
    assert hook.result("crm.company.get", {"id": 1})["ID"] == "1"
    assert hook.result("crm.company.update", {"id": 1, "fields": {}}) is True
    assert hook.result("crm.company.delete", {"id": 1}) is True


@pytest.mark.parametrize("number", [None, "", 0, -1, "abc", [], {"x": 1}])
def test_a_number_that_is_none_is_refused_with_an_empty_code(hook, number):
    for method in ("crm.company.get", "crm.company.update", "crm.company.delete"):
        assert hook.refusal(method, {"id": number}) == (400, "", "ID is not defined or invalid.")


def test_json_of_an_answer_is_utf_8(hook, company):
    company("Ромашка")
    assert (
        "Ромашка" in json.loads(hook.send("crm.company.list").body.decode())["result"][0]["TITLE"]
    )
