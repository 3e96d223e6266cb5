"""The way of a request: refusals, trouble, the record of calls."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b24_emulator.methods.table import METHODS
from b24_emulator.portal import Portal
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.trouble import (
    KINDS,
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Html,
    Refuse,
    Twice,
)

ADD = "crm.company.add"
JSON = {"content-type": "application/json"}


def titles(portal):
    return [row["TITLE"] for row in portal.records()["company"].values()]


def add(hook, title="Ромашка"):
    return hook.send(ADD, {"fields": {"TITLE": title}})


def test_a_reply_takes_as_long_as_its_time_says(hook):
    reply = hook.send("server.time")
    assert reply.takes_s == pytest.approx(json.loads(reply.body)["time"]["duration"], abs=1e-5)


@pytest.mark.parametrize("trouble", [Refuse(), Html(), DropRequest(), DropReply()])
def test_no_reply_is_instant_not_even_one_that_trouble_made(hook, portal, trouble):
    portal.trouble.set(trouble, match=ADD)
    assert add(hook).takes_s > 0


def test_a_refusal_takes_time(hook):
    assert hook.send("no.such.method").takes_s > 0
    assert hook.send("crm.company.get", {"id": 99}).takes_s > 0


def test_the_pace_of_a_portal_stretches_its_calls(portals, calling):
    slow, quick = (calling(portals(pace=pace)).send("scope").takes_s for pace in (10.0, 1.0))
    assert slow == pytest.approx(10 * quick)


def test_an_empty_answer_is_an_array(hook):
    answer = hook.said("crm.company.list")
    assert (answer["result"], answer["total"]) == ([], 0)


def test_an_unknown_method_is_404(hook):
    refused = (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
    assert hook.refusal("crm.deal.guess") == refused
    assert hook.refusal("") == refused


@pytest.mark.parametrize(
    ("method", "params", "code", "text"),
    [
        ("crm.company.get", {"id": 7}, "", "Not found"),
        ("crm.company.update", {"id": 7}, "", "Company is not found"),
        ("crm.company.delete", {"id": 7}, "", "Company is not found"),
        ("crm.contact.get", {"id": 7}, "", "Not found"),
        ("crm.contact.update", {"id": 7}, "", "Contact is not found"),
        ("crm.contact.delete", {"id": 7}, "ERROR_CORE", "Element not found"),
        ("crm.requisite.get", {"id": 7}, "", "The Requisite with ID '7' is not found"),
        ("crm.requisite.update", {"id": 7}, "", "The Requisite with ID '7' is not found"),
        ("crm.requisite.preset.get", {"id": 77}, "", "The Preset with ID '77' is not found"),
        ("crm.status.get", {"id": 7777}, "", "Status is not found."),
        ("crm.company.add", {"fields": "x"}, "", "Parameter 'fields' must be array."),
        ("crm.company.list", {"filter": "x"}, "", "Parameter 'filter' must be array."),
        ("crm.company.list", {"order": "ID"}, "", "Parameter 'order' must be array."),
    ],
)
def test_a_classic_refusal_is_400_and_says_it_in_the_text(hook, method, params, code, text):
    assert hook.refusal(method, params) == (400, code, text)


def test_the_name_of_a_parameter_may_have_any_case(hook, company):
    company("Ромашка")
    for name in ("id", "ID", "Id"):
        assert hook.result("crm.company.get", {name: "1"})["TITLE"] == "Ромашка"


# Trouble: each kind once, through the portal's own door.


def test_refuse_answers_in_the_portals_words_and_does_nothing(hook, portal):
    portal.trouble.set(Refuse(500, "INTERNAL_SERVER_ERROR", "Oops"), match=ADD)
    assert hook.refusal(ADD, {"fields": {}}) == (500, "INTERNAL_SERVER_ERROR", "Oops")
    assert titles(portal) == []


def test_html_answers_a_page_and_does_nothing(hook, portal):
    portal.trouble.set(Html(502), match=ADD)
    reply = add(hook)
    assert (reply.status, reply.content_type) == (502, "text/html; charset=utf-8")
    assert titles(portal) == []


def test_delay_does_it_and_answers_later(hook, portal):
    portal.trouble.set(Delay(30.0), match=ADD)
    reply = add(hook)
    assert reply.status == 200
    assert 30.0 < reply.takes_s < 31.0
    assert titles(portal) == ["Ромашка"]


def test_drop_request_does_nothing_and_answers_nothing(hook, portal):
    portal.trouble.set(DropRequest(after_s=5.0), match=ADD)
    reply = add(hook)
    assert (reply.cut_at, reply.body, reply.takes_s) == (0, b"", 5.0)
    assert titles(portal) == []


def test_drop_reply_does_it_and_answers_nothing(hook, portal):
    portal.trouble.set(DropReply(after_s=5.0), match=ADD)
    reply = add(hook)
    assert (reply.cut_at, reply.takes_s) == (0, 5.0)
    assert titles(portal) == ["Ромашка"]


def test_cut_reply_does_it_and_answers_half(hook, portal):
    portal.trouble.set(CutReply(), match=ADD)
    reply = add(hook)
    assert reply.cut_at == len(reply.body) // 2
    assert titles(portal) == ["Ромашка"]


def test_twice_does_it_twice_and_answers_the_second_time(hook, portal):
    portal.trouble.set(Twice(), match=ADD)
    assert json.loads(add(hook).body)["result"] == 2
    assert titles(portal) == ["Ромашка", "Ромашка"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_trouble_is_over_after_its_calls_and_the_record_names_it(hook, portal, kind):
    portal.trouble.set(KINDS[kind](), match=ADD, times=1)
    add(hook)
    add(hook)
    assert [line.trouble for line in portal.calls.lines] == [kind, ""]
    assert portal.trouble.met == {kind: 1}


def test_trouble_meets_only_the_calls_it_is_set_for(hook, portal):
    portal.trouble.set(Refuse(), match="crm.contact.*")
    assert add(hook).status == 200
    assert hook.send("crm.contact.add").status == 503


def test_trouble_for_a_command_can_meet_the_whole_batch(hook, portal):
    portal.trouble.set(DropReply(), match=f"batch/{ADD}")
    assert hook.send("batch", {"cmd": ["scope"]}).cut_at is None
    assert hook.send("batch", {"cmd": [ADD]}).cut_at == 0
    assert len(titles(portal)) == 1


def test_a_refusal_set_for_every_call_spares_the_commands_of_a_batch(hook, portal):
    portal.trouble.set(Refuse(), match="*", times=2)
    assert hook.send("batch", {"cmd": ["scope"]}).status == 503
    assert hook.send("scope").status == 503
    assert hook.batch(["scope"])["result_error"] == []


def test_a_refusal_by_chance_for_every_call_meets_batches_and_none_of_their_commands(hook, portal):
    portal.trouble.set(Refuse(), match="*", times=None, chance=0.5)
    replies = [hook.send("batch", {"cmd": ["scope"] * 5}) for _ in range(40)]
    answered = [json.loads(reply.body)["result"] for reply in replies if reply.status == 200]
    assert 0 < len(answered) < 40
    assert all(sections["result_error"] == [] for sections in answered)


def test_a_refusal_inside_a_batch_ends_with_its_time(hook, portal):
    portal.trouble.set(Refuse(), match="scope", times=None, until_s=portal.now_s + 10)
    assert list(hook.batch({"a": "scope"})["result_error"]) == ["a"]
    portal.clock.advance(10)
    assert hook.batch({"a": "scope"})["result_error"] == []


def test_a_person_in_the_window_meets_no_trouble(portal, company):
    portal.trouble.set(Refuse(), match="*", times=None)
    assert company() == 1


def test_the_token_endpoint_meets_trouble_too(portal, app, refresh):
    portal.trouble.set(Html(503), match="oauth.token")
    assert refresh(portal).status == 503
    assert refresh(portal).status == 200


# The record of calls and the ledger.


def test_each_call_is_recorded_with_who_and_what_and_how_it_ended(hook, app, portal):
    portal.calls.clear()
    add(hook)
    app.send("crm.company.get", {"id": 99})
    portal.answer(Request("GET", "/rest/1/wrong/scope"))
    lines = [(line.name, line.actor, line.status, line.error) for line in portal.calls.lines]
    (client_id,) = portal.access.applications
    assert lines == [
        (ADD, "webhook:1", 200, ""),
        ("crm.company.get", f"app:{client_id}", 400, "Not found"),
        ("scope", "", 401, "INVALID_CREDENTIALS"),
    ]
    assert portal.calls.lines[0].bytes_in > 0
    assert portal.calls.lines[0].bytes_out > 0


def test_people_look_without_a_trace(portal, company):
    number = company()
    portal.act("crm.company.get", {"id": number})
    portal.act("crm.company.delete", {"id": number})
    assert [touch.read_at_s for touch in portal.ledger.touches] == [None, None]


# Whatever is sent, the portal answers in its own words and never falls over.

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "0", "1", "4", "Y", "offline", "ONCRMCOMPANYADD", "$result[0]"]),
    st.sampled_from(["2024-01-01", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
NAMES = [
    "ID", "TITLE", "PHONE", "EMAIL", "VALUE", "DELETE", "@ID", "!%NAME", ">DATE_CREATE",
    "COMPANY_ID", "COMPANY_IDS", "CONTACT_ID", "ENTITY_TYPE_ID", "ENTITY_ID", "PRESET_ID",
    "SORT", "IS_PRIMARY", "REVENUE", "BIRTHDATE", ">TIMESTAMP_X", "0", "n0",
]  # fmt: skip
SENT = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)
PARAMETERS = [
    "id", "fields", "filter", "order", "select", "start", "params", "items", "cmd", "halt",
    "event", "event_type", "process_id", "limit", "clear", "error", "auth_connector",
    "message_id", "sort", "code", "name", "scope", "entityId",
]  # fmt: skip
FUZZED = Portal(limits="box")
for title in "АБВ":
    FUZZED.act("crm.company.add", {"fields": {"TITLE": title, "PHONE": [{"VALUE": title}]}})
    FUZZED.act("crm.contact.add", {"fields": {"NAME": title, "COMPANY_ID": 1}})
FUZZED.install_app()
TOKEN = FUZZED.access.grant_access(
    next(iter(FUZZED.access.applications.values())), Random(1), FUZZED.now_s + 3600
).text


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from(sorted(METHODS)),
    params=st.dictionaries(st.sampled_from(PARAMETERS), SENT, max_size=4),
)
def test_anything_sent_is_answered(name, params):
    body = json.dumps({**params, "auth": TOKEN}).encode()
    reply = FUZZED.answer(Request("POST", f"/rest/{name}", "", JSON, body))
    assert reply.status in (200, 400, 405)
    assert {"result", "error"} & set(json.loads(reply.body))


KINDS_SENT = [
    "application/json",
    "application/x-www-form",
    "application/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=X",
]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=30), st.text(max_size=20), st.sampled_from(KINDS_SENT))
def test_any_bytes_are_answered(body, query, kind):
    headers = {"content-type": kind}
    path = FUZZED.webhook_path + "crm.company.list"
    assert FUZZED.answer(Request("POST", path, query, headers, body)).status in (200, 400)


def test_a_renamed_portal_redirects_from_its_old_address_and_answers_at_the_new_one(portal):
    old, path = portal.origin, f"{portal.webhook_path}profile"
    portal.act("portal.rename", {"origin": "https://new.example"})

    moved = portal.answer(Request("GET", path, query="a=1", origin=old))
    there = portal.answer(Request("GET", path, origin="https://new.example"))

    assert (moved.status, there.status) == (302, 200)
    assert dict(moved.headers)["Location"] == f"https://new.example{path}?a=1"
    portal.reset()
    assert portal.answer(Request("GET", f"{portal.webhook_path}profile", origin=old)).status == 200
