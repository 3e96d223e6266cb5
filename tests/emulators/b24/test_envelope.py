"""How answers are worded: the envelope of a success, the two words of a refusal."""

import json
import re

import pytest

from b24_emulator.methods.table import METHODS
from sverka_emulator_kit.trouble import CutReply, Delay, DropReply, DropRequest, Html, Refuse, Twice

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


@pytest.mark.parametrize(
    ("method", "code", "text"),
    [
        ("crm.company.get", "", "Not found"),
        ("crm.company.update", "", "Company is not found"),
        ("crm.company.delete", "", "Company is not found"),
        ("crm.contact.get", "", "Not found"),
        ("crm.contact.update", "", "Contact is not found"),
        ("crm.contact.delete", "ERROR_CORE", "Element not found"),
        ("crm.requisite.get", "", "The Requisite with ID '7' is not found"),
        ("crm.requisite.preset.get", "", "The Preset with ID '77' is not found"),
    ],
)
def test_each_method_has_its_own_words_for_a_missing_record(hook, method, code, text):
    number = 77 if "preset" in method else 7
    assert hook.refusal(method, {"id": number, "fields": {}}) == (400, code, text)


@pytest.mark.parametrize("number", [None, "", 0, -1, "abc", [], {"x": 1}])
def test_a_number_that_is_none_is_refused_with_an_empty_code(hook, number):
    for method in ("crm.company.get", "crm.company.update", "crm.company.delete"):
        assert hook.refusal(method, {"id": number}) == (400, "", "ID is not defined or invalid.")


def test_fields_that_are_no_array_are_refused(hook):
    text = "Parameter 'fields' must be array."
    assert hook.refusal("crm.company.add", {"fields": "x"}) == (400, "", text)


def test_a_requisite_insists_on_its_owner_its_preset_and_its_name(hook, company):
    owner = company()
    fields = {}
    for name, value in (
        ("ENTITY_TYPE_ID", 4),
        ("ENTITY_ID", owner),
        ("PRESET_ID", 1),
        ("NAME", "Реквизиты"),
    ):
        refused = hook.refusal("crm.requisite.add", {"fields": fields})
        assert refused == (400, "", f"{name} is not defined or invalid.")
        fields[name] = value
    assert hook.result("crm.requisite.add", {"fields": fields}) == 1


def test_an_update_without_effect_still_moves_the_moment(hook, company, portal):
    company("Ромашка")
    before = portal.records()["company"]["1"]
    portal.clock.advance(60)
    hook.result("crm.company.update", {"id": 1, "fields": {"TITLE": "Ромашка"}})
    after = portal.records()["company"]["1"]
    assert {name for name in after if after[name] != before[name]} == {"DATE_MODIFY"}


def test_unknown_and_read_only_fields_are_ignored(hook):
    fields = {"NO_SUCH": "1", "DATE_CREATE": "2001-01-01", "ID": 9, "TITLE": "А"}
    assert hook.result("crm.company.add", {"fields": fields}) == 1
    row = hook.result("crm.company.get", {"id": 1})
    assert "NO_SUCH" not in row
    assert row["DATE_CREATE"].startswith("2025-11-03")


def test_an_import_sets_the_moment_of_making(hook):
    sent = {"fields": {"DATE_CREATE": "2001-01-01T00:00:00+03:00"}, "params": {"IMPORT": "Y"}}
    hook.result("crm.company.add", sent)
    row = hook.result("crm.company.get", {"id": 1})
    assert row["DATE_CREATE"] == "2001-01-01T00:00:00+03:00"


def test_the_contacts_of_a_company_come_as_numbers(hook, company, portal):
    firm = company()
    portal.act("crm.contact.add", {"fields": {"NAME": "Иван", "COMPANY_ID": firm}})
    assert hook.result("crm.company.contact.items.get", {"id": firm}) == [
        {"CONTACT_ID": 1, "SORT": 10, "ROLE_ID": 0, "IS_PRIMARY": "Y"}
    ]
    assert hook.result("crm.contact.get", {"id": 1})["COMPANY_ID"] == "1"


def test_a_contact_of_two_companies_keeps_the_other_when_one_is_deleted(hook, company, portal):
    first, second = company("А"), company("Б")
    portal.act("crm.contact.add", {"fields": {"COMPANY_IDS": [first, second]}})
    portal.act("crm.company.delete", {"id": first})
    assert hook.result("crm.contact.get", {"id": 1})["COMPANY_ID"] == str(second)
    rows = hook.result("crm.contact.company.items.get", {"id": 1})
    assert [(row["COMPANY_ID"], row["IS_PRIMARY"]) for row in rows] == [(second, "Y")]


def test_the_moments_of_user_current_come_in_two_forms_of_their_own(hook):
    row = hook.result("user.current")
    assert (row["TIMESTAMP_X"], row["LAST_ACTIVITY_DATE"]) == (
        "03.11.2025 09:00:00",
        "2025-11-03 09:00:00",
    )
    assert hook.result("profile")["ADMIN"] is True


@pytest.mark.parametrize("trouble", [Refuse(), Html(), DropRequest()])
def test_a_trouble_before_the_deed_leaves_nothing_behind(hook, trouble):
    hook.portal.trouble.set(trouble, match="crm.company.add")
    hook.send("crm.company.add")
    assert hook.portal.records()["company"] == {}
    assert hook.result("crm.company.add") == 1


@pytest.mark.parametrize(("trouble", "count"), [(DropReply(), 1), (CutReply(), 1), (Twice(), 2)])
def test_a_trouble_after_the_deed_leaves_the_deed_done(hook, trouble, count):
    hook.portal.trouble.set(trouble, match="crm.company.add")
    hook.send("crm.company.add")
    assert len(hook.portal.records()["company"]) == count
    assert hook.portal.calls.lines[-1].trouble != ""


def test_a_delay_adds_to_the_time_that_a_call_takes(hook):
    usual = hook.send("server.time").takes_s
    hook.portal.trouble.set(Delay(30.0))
    assert hook.send("server.time").takes_s == pytest.approx(30.0 + usual, abs=0.1)


def test_an_injected_refusal_is_worded_as_the_portals_own(hook):
    hook.portal.trouble.set(Refuse(503, "OVERLOAD_LIMIT", "REST API is blocked."))
    assert hook.refusal("server.time") == (503, "OVERLOAD_LIMIT", "REST API is blocked.")
    (line,) = hook.portal.calls.lines
    assert (line.error, line.trouble, line.status) == ("OVERLOAD_LIMIT", "refuse", 503)


def test_json_of_an_answer_is_utf_8(hook, company):
    company("Ромашка")
    assert (
        "Ромашка" in json.loads(hook.send("crm.company.list").body.decode())["result"][0]["TITLE"]
    )
