"""Calls to event handlers: one for each change, a little later, and never again."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest

from b24_emulator.access import SCOPES
from b24_emulator.php import parse_query
from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.trouble import (
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Refuse,
    Twice,
)

HANDLER = "https://handler.example/b24?to=1c"
LATEST_S = Switches().online_delay_s[1]
ADDED, CHANGED, GONE = (f"ONCRMCOMPANY{verb}" for verb in ("ADD", "UPDATE", "DELETE"))
NOTICE = "ONOFFLINEEVENT"
ALWAYS = {
    "domain", "client_endpoint", "server_endpoint", "member_id", "application_token",
}  # fmt: skip
WITH_USER = {"access_token", "expires", "expires_in", "scope", "status", "user_id"}


@dataclass
class Doorstep:
    """A handler that takes what the courier brings, as PHP reads it."""

    clock: object
    calls: list = field(default_factory=list)
    raw: list = field(default_factory=list)
    moments: list = field(default_factory=list)
    status: int | None = 200

    def __call__(self, url, body, headers):
        self.raw.append((url, body, dict(headers)))
        self.calls.append(parse_query(body.decode()))
        self.moments.append(self.clock.now_s())
        return self.status

    def told(self):
        return [(call["event"], call["data"]["FIELDS"]["ID"]) for call in self.calls]


@pytest.fixture
def doorstep(portal):
    portal.courier = Doorstep(portal.clock)
    return portal.courier


@pytest.fixture
def bound(app, doorstep):
    """The application with a handler for companies."""
    for event in (ADDED, CHANGED, GONE):
        app.result("event.bind", {"event": event, "handler": HANDLER})
    return app


@pytest.fixture
def colleague(portal):
    """A second user, who is no administrator."""
    users = portal.tables["user"]
    number = users.new_id()
    users.put(number, {**users.rows[1], "ID": str(number), "NAME": "Борис"})
    return str(number)


def rename(portal, number, user=""):
    portal.act("crm.company.update", {"id": number, "fields": {"TITLE": "Другое"}}, user)


def settle(portal):
    portal.clock.advance(LATEST_S)


def test_a_change_calls_the_handler_some_seconds_later(bound, company, portal, doorstep):
    changed_s = portal.now_s
    company()
    earliest_s, latest_s = portal.switches.online_delay_s
    portal.clock.advance(earliest_s - 0.01)
    assert doorstep.calls == []
    portal.clock.advance(latest_s)
    assert doorstep.told() == [(ADDED, "1")]
    assert earliest_s <= doorstep.moments[0] - changed_s <= latest_s


def test_the_delay_is_a_switch(portals, installing):
    portal = portals(switches=Switches(online_delay_s=(60.0, 60.0)))
    portal.courier = doorstep = Doorstep(portal.clock)
    installing(portal).result("event.bind", {"event": ADDED, "handler": HANDLER})
    portal.act("crm.company.add", {"fields": {}})
    portal.clock.advance(59.9)
    assert doorstep.calls == []
    portal.clock.advance(0.2)
    assert len(doorstep.calls) == 1


def test_each_change_is_a_call_of_its_own_and_none_comes_again(bound, company, portal, doorstep):
    number = company()
    for _ in range(20):
        rename(portal, number)
    portal.act("crm.company.delete", {"id": number})
    portal.clock.advance(3600)
    assert sorted(doorstep.told()) == [(ADDED, "1"), (GONE, "1"), *[(CHANGED, "1")] * 20]


@pytest.mark.parametrize("status", [500, 404, None])
def test_a_handler_that_fails_is_not_called_again(bound, company, portal, doorstep, status):
    doorstep.status = status
    company()
    portal.clock.advance(86_400)
    assert len(doorstep.calls) == 1


def test_the_call_is_a_form_with_brackets_as_php_writes_it(bound, company, portal, doorstep):
    company()
    settle(portal)
    ((url, body, headers),) = doorstep.raw
    assert url == HANDLER
    assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert b"data%5BFIELDS%5D%5BID%5D=1&ts=" in body
    names = [name for name, _ in parse_qsl(body.decode(), strict_parsing=True)]
    assert names[:4] == ["event", "event_handler_id", "data[FIELDS][ID]", "ts"]
    assert all(name.startswith("auth[") for name in names[4:])


def test_the_call_says_what_changed_when_it_left_and_where_the_portal_is(
    bound, company, portal, doorstep
):
    number = company()
    settle(portal)
    (call,) = doorstep.calls
    assert set(call) == {"event", "event_handler_id", "data", "ts", "auth"}
    assert call["data"] == {"FIELDS": {"ID": str(number)}}
    assert call["ts"] == str(int(doorstep.moments[0]))
    auth = call["auth"]
    assert set(auth) == ALWAYS | WITH_USER
    assert auth["domain"] == "portal.example"
    assert auth["client_endpoint"] == auth["server_endpoint"] == "https://portal.example/rest/"
    assert auth["member_id"] == portal.access.member_id
    assert auth["scope"].split(",") == list(SCOPES)
    assert (auth["status"], auth["expires_in"]) == ("L", "3600")
    assert int(auth["expires"]) == int(doorstep.moments[0] + 3600)


def test_the_token_of_a_call_lets_in_the_user_who_made_the_change(
    bound, company, portal, doorstep, colleague
):
    rename(portal, company(), user=colleague)
    settle(portal)
    tokens = {call["event"]: call["auth"] for call in doorstep.calls}
    assert (tokens[ADDED]["user_id"], tokens[CHANGED]["user_id"]) == ("1", "2")
    by_second = replace(bound, token=tokens[CHANGED]["access_token"])
    assert by_second.result("user.current")["ID"] == "2"
    assert by_second.result("crm.company.get", {"id": 1})["TITLE"] == "Другое"


def test_a_binding_may_name_the_user_whose_token_comes(app, company, portal, doorstep, colleague):
    app.result("event.bind", {"event": ADDED, "handler": HANDLER, "auth_type": colleague})
    company()
    settle(portal)
    assert doorstep.calls[0]["auth"]["user_id"] == "2"


def test_a_binding_to_a_user_with_a_number_too_long_brings_no_token(app, company, portal, doorstep):
    app.result("event.bind", {"event": ADDED, "handler": HANDLER, "auth_type": "9" * 5000})
    company()
    settle(portal)
    assert set(doorstep.calls[0]["auth"]) == ALWAYS


def test_a_change_by_nobody_known_brings_no_token(bound, company, portal, doorstep):
    rename(portal, company(), user="0")
    settle(portal)
    auth = {call["event"]: set(call["auth"]) for call in doorstep.calls}
    assert auth[CHANGED] == ALWAYS
    assert auth[ADDED] == ALWAYS | WITH_USER


def test_all_calls_of_an_installation_carry_one_application_token(bound, company, portal, doorstep):
    for _ in range(3):
        company()
    settle(portal)
    tokens = {call["auth"]["application_token"] for call in doorstep.calls}
    (application,) = portal.access.applications.values()
    assert tokens == {application.token}
    assert len(application.token) == 32


def test_handlers_are_told_apart_by_their_numbers(app, company, portal, doorstep):
    others = ["https://one.example/", "https://two.example/"]
    for handler in others:
        app.result("event.bind", {"event": ADDED, "handler": handler})
    company()
    settle(portal)
    numbers = {url: call["event_handler_id"] for (url, *_), call in zip(
        doorstep.raw, doorstep.calls, strict=True
    )}  # fmt: skip
    assert numbers == {others[0]: "1", others[1]: "2"}


def test_own_changes_are_told_too_whatever_source_they_name(bound, portal, doorstep):
    bound.result("crm.company.add", {"fields": {}})
    bound.with_connector("own")("crm.company.add", {"fields": {}})
    settle(portal)
    assert sorted(doorstep.told()) == [(ADDED, "1"), (ADDED, "2")]


def test_calls_made_at_one_moment_may_overtake_each_other(bound, company, portal, doorstep):
    numbers = [str(company()) for _ in range(30)]
    settle(portal)
    told = [number for _, number in doorstep.told()]
    assert sorted(told) == sorted(numbers)
    assert told != numbers


def test_only_what_was_bound_is_told(app, company, portal, doorstep):
    app.result("event.bind", {"event": GONE, "handler": HANDLER})
    number = company()
    settle(portal)
    assert doorstep.calls == []
    portal.act("crm.company.delete", {"id": number})
    settle(portal)
    assert doorstep.told() == [(GONE, "1")]


def test_after_unbind_no_new_change_is_told(bound, company, portal, doorstep):
    bound.result("event.unbind", {"event": ADDED})
    rename(portal, company())
    settle(portal)
    assert doorstep.told() == [(CHANGED, "1")]


def test_online_and_offline_bindings_of_one_event_both_hear(bound, company, portal, doorstep):
    bound.result("event.bind", {"event": ADDED, "event_type": "offline"})
    company()
    settle(portal)
    assert doorstep.told() == [(ADDED, "1")]
    assert len(bound.result("event.offline.get")["events"]) == 1


def test_without_a_courier_nothing_breaks_and_the_loss_is_noted(app, company, portal):
    app.result("event.bind", {"event": ADDED, "handler": HANDLER})
    company()
    settle(portal)
    (line,) = portal.act("portal.deliveries", {})
    assert (line["handler"], line["object_id"], line["status"]) == (HANDLER, "1", None)


# The notice of the offline queue.


@pytest.fixture
def noticed(app, doorstep):
    """Binds the notice with an interval, and the queue for companies."""

    def bind(**options):
        for event in (ADDED, CHANGED):
            app.result("event.bind", {"event": event, "event_type": "offline"})
        sent = {"options": options} if options else {}
        app.result("event.bind", {"event": NOTICE, "handler": HANDLER, **sent})
        return doorstep

    return bind


def test_a_notice_has_no_data_and_a_refresh_token(noticed, company, portal, app):
    doorstep = noticed()
    company()
    settle(portal)
    (call,) = doorstep.calls
    assert call["event"] == NOTICE
    assert set(call) == {"event", "event_handler_id", "ts", "auth"}
    assert set(call["auth"]) == ALWAYS | WITH_USER | {"refresh_token"}
    assert call["auth"]["refresh_token"] in portal.access.refresh_tokens


def count(doorstep, portal, company, moments_s):
    """How many notices come of companies added at these moments."""
    start_s = portal.now_s
    for moment_s in moments_s:
        portal.clock.advance(max(0.0, start_s + moment_s - portal.now_s))
        company()
    portal.clock.advance(3600)
    return len(doorstep.calls)


@pytest.mark.parametrize(
    ("options", "moments_s", "notices"),
    [
        ({"minTimeout": 10}, [0], 1),
        ({"minTimeout": 10}, [0, 1, 2, 9], 2),
        ({"minTimeout": 10}, [0, 1, 10.5, 12], 3),
        ({"minTimeout": 10}, [0, 20, 40], 3),
        ({"minTimeout": 0}, [0, 0, 0], 1),
        ({"minTimeout": 0}, [0, 0, 0.1, 0.1], 2),
        ({}, [0, 0.2, 0.4, 0.9], 2),
        ({}, [0, 1.1, 2.2], 3),
    ],
)
def test_notices_keep_the_interval_that_was_asked_for(
    noticed, company, portal, options, moments_s, notices
):
    assert count(noticed(**options), portal, company, moments_s) == notices


def test_two_notices_are_no_nearer_than_the_interval(portals, installing):
    portal = portals(switches=Switches(online_delay_s=(1.0, 1.0)))
    app, portal.courier = installing(portal), Doorstep(portal.clock)
    app.result("event.bind", {"event": ADDED, "event_type": "offline"})
    sent = {"event": NOTICE, "handler": HANDLER, "options": {"minTimeout": 10}}
    app.result("event.bind", sent)
    for _ in range(50):
        portal.act("crm.company.add", {"fields": {}})
        portal.clock.advance(1)
    portal.clock.advance(60)
    moments = portal.courier.moments
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) == 6
    assert gaps == pytest.approx([10] * 5)


def test_a_record_that_only_moves_gives_no_notice(noticed, company, portal):
    doorstep = noticed()
    number = company()
    rename(portal, number)
    settle(portal)
    portal.clock.advance(60)
    before = len(doorstep.calls)
    rename(portal, number)
    settle(portal)
    assert len(doorstep.calls) == before


# Trouble on the way.


def test_a_delivery_can_be_lost(bound, company, portal, doorstep):
    portal.trouble.set(DropRequest(), match="event/*")
    company()
    company()
    settle(portal)
    assert len(doorstep.calls) == 1
    assert [line.trouble for line in portal.online.sent].count("drop_request") == 1


def test_a_delivery_can_come_twice(bound, company, portal, doorstep):
    portal.trouble.set(Twice(), match=f"event/{ADDED}")
    company()
    settle(portal)
    assert doorstep.calls[0] == doorstep.calls[1]
    assert len(doorstep.calls) == 2


def test_a_late_delivery_is_overtaken_by_a_later_one(bound, company, portal, doorstep):
    portal.trouble.set(Delay(30.0), match="event/*")
    first = company()
    portal.clock.advance(5)
    second = company()
    portal.clock.advance(60)
    assert doorstep.told() == [(ADDED, str(second)), (ADDED, str(first))]
    assert doorstep.moments[1] - doorstep.moments[0] > 20


def test_a_delivery_is_late_once_even_where_all_are_late(bound, company, portal, doorstep):
    portal.trouble.set(Delay(30.0), match="event/*", times=None)
    company()
    portal.clock.advance(LATEST_S + 30)
    assert len(doorstep.calls) == 1


@pytest.mark.parametrize("trouble", [DropReply(), CutReply()])
def test_a_delivery_can_arrive_without_the_portal_knowing(
    bound, company, portal, doorstep, trouble
):
    portal.trouble.set(trouble, match="event/*")
    company()
    settle(portal)
    assert len(doorstep.calls) == 1
    assert [line.status for line in portal.online.sent] == [None]


def test_a_trouble_for_all_calls_spares_the_deliveries(bound, company, portal, doorstep):
    portal.trouble.set(DropRequest(), match="*", times=None)
    company()
    settle(portal)
    assert len(doorstep.calls) == 1


def test_a_trouble_that_no_delivery_can_meet_is_not_spent_on_one(bound, company, portal, doorstep):
    portal.trouble.set(Refuse(), match="event/*")
    company()
    settle(portal)
    assert len(doorstep.calls) == 1
    assert len(portal.trouble.standing) == 1


# Outgoing webhooks.


@pytest.fixture
def outgoing(portal, doorstep):
    """Makes an outgoing webhook; returns its token."""

    def make(*events, handler=HANDLER):
        order = {"handler": handler, "events": list(events)}
        return portal.act("portal.outgoing_webhook", order)["application_token"]

    return make


def test_an_outgoing_webhook_is_told_what_was_ticked_without_tokens(
    outgoing, company, portal, doorstep
):
    token = outgoing("onCrmCompanyAdd")
    rename(portal, company())
    settle(portal)
    (call,) = doorstep.calls
    assert (call["event"], call["data"]) == (ADDED, {"FIELDS": {"ID": "1"}})
    assert set(call["auth"]) == ALWAYS
    assert call["auth"]["application_token"] == token
    assert call["event_handler_id"] == "1"


def test_each_outgoing_webhook_has_a_token_of_its_own(outgoing, company, portal, doorstep):
    tokens = {outgoing(ADDED, handler=f"https://{name}.example/") for name in "abc"}
    company()
    settle(portal)
    assert {call["auth"]["application_token"] for call in doorstep.calls} == tokens
    assert len(tokens) == 3


def test_an_outgoing_webhook_outlives_the_application_and_a_snapshot(
    outgoing, company, portal, doorstep, app
):
    outgoing(ADDED)
    portal.reinstall_app()
    company()
    portal.restore(portal.snapshot())
    settle(portal)
    assert doorstep.told() == [(ADDED, "1")]


def test_a_webhook_for_no_event_is_refused_by_name(outgoing):
    with pytest.raises(ValueError, match="ONNOTHING"):
        outgoing(ADDED, "onNothing")


# Slow handlers.


def test_a_slow_handler_is_called_less_often_and_loses_nothing(bound, company, portal, doorstep):
    portal.act("portal.slow_handler", {"handler": HANDLER, "every_s": 20})
    for _ in range(5):
        company()
    portal.clock.advance(200)
    gaps = [later - earlier for earlier, later in pairwise(doorstep.moments)]
    assert gaps == pytest.approx([20] * 4)
    assert sorted(number for _, number in doorstep.told()) == ["1", "2", "3", "4", "5"]


def test_only_the_slow_one_waits(bound, company, portal, doorstep):
    other = "https://quick.example/"
    bound.result("event.bind", {"event": ADDED, "handler": other})
    portal.act("portal.slow_handler", {"handler": HANDLER, "every_s": 60})
    for _ in range(5):
        company()
    settle(portal)
    urls = [url for url, *_ in doorstep.raw]
    assert (urls.count(HANDLER), urls.count(other)) == (1, 5)


def test_a_handler_that_turns_out_slow_is_called_as_slowly_as_it_works(
    bound, company, portal, doorstep
):
    portal.handler_times = {HANDLER: 8.0}
    for _ in range(3):
        company()
    portal.clock.advance(60)
    gaps = [later - earlier for earlier, later in pairwise(doorstep.moments)]
    assert gaps == pytest.approx([8, 8])
    portal.handler_times = {HANDLER: 0.9}
    portal.clock.advance(60)
    for _ in range(20):
        company()
    settle(portal)
    assert len(doorstep.calls) == 23


# Users whom no list shows.


def test_a_user_whom_user_get_does_not_show_acts_and_has_a_token(
    bound, company, portal, doorstep, hook
):
    hidden = portal.act("portal.hidden_user", {"NAME": "Почта", "EMAIL": "post@client.example"})
    rename(portal, company(), user=str(hidden))
    settle(portal)
    auth = {call["event"]: call["auth"] for call in doorstep.calls}[CHANGED]
    assert auth["user_id"] == str(hidden)
    assert replace(bound, token=auth["access_token"]).result("crm.company.get", {"id": 1})
    assert hook.listed("user.get") == ["1"]
    assert hook.listed("user.get", filter={"ID": hidden}) == []
    assert hook.listed("user.search", FIND="Почта") == []


# State.


def test_the_same_seed_tells_the_same_bytes(portals, installing):
    def bytes_of_a_day():
        portal = portals(seed=7)
        portal.courier = Doorstep(portal.clock)
        installing(portal).result("event.bind", {"event": ADDED, "handler": HANDLER})
        for _ in range(5):
            portal.act("crm.company.add", {"fields": {}})
        portal.clock.advance(60)
        return portal.courier.raw

    assert bytes_of_a_day() == bytes_of_a_day()


def test_a_delivery_changes_no_later_secret(portals, installing):
    def secret(handlers):
        portal = portals(seed=7)
        app = installing(portal)
        for handler in handlers:
            app.result("event.bind", {"event": ADDED, "handler": handler})
        portal.act("crm.company.add", {"fields": {}})
        portal.clock.advance(60)
        return portal.install_app()

    assert secret([]) == secret([HANDLER])


def test_a_snapshot_keeps_what_is_on_its_way_and_what_was_bound(bound, company, portal, doorstep):
    company()
    snapshot = portal.snapshot()
    company()
    portal.restore(snapshot)
    settle(portal)
    portal.clock.advance(60)
    assert doorstep.told() == [(ADDED, "1")]
    company()
    settle(portal)
    assert len(doorstep.told()) == 2


def test_a_reset_forgets_what_is_on_its_way(bound, company, portal, doorstep):
    company()
    portal.reset()
    portal.clock.advance(60)
    assert doorstep.calls == []
    assert portal.gauges()["deliveries"] == {"waiting": 0, "sent": 0}


# Rights.


@pytest.fixture
def by_second(app, portal):
    """The application with the token of a user who is no administrator."""
    (application,) = portal.access.applications.values()
    token = portal.access.grant_access(application, Random(1), portal.now_s + 3600, "2")
    return replace(app, token=token.text)


def test_who_is_no_administrator_binds_online_events_for_himself_only(by_second):
    sent = {"event": ADDED, "handler": HANDLER}
    assert by_second.result("event.bind", sent) is True
    assert by_second.result("event.bind", sent | {"auth_type": 2}) is True
    assert by_second.refusal("event.bind", sent | {"auth_type": 1}) == (
        403,
        "ACCESS_DENIED",
        "Access denied! Event binding with AUTH_TYPE requires administrator access rights",
    )
    assert by_second.refusal("event.bind", {"event": ADDED, "event_type": "offline"}) == (
        403,
        "ACCESS_DENIED",
        "Access denied! Offline events binding requires administrator access rights",
    )


@pytest.mark.parametrize("verb", ["get", "list", "clear", "error"])
def test_the_offline_queue_is_the_administrators(by_second, verb):
    refused = by_second.refusal(f"event.offline.{verb}", {"process_id": "1"})
    assert refused == (403, "ACCESS_DENIED", "Access denied!")


def test_the_host_of_a_call_is_the_portals_own(bound, company, portal, doorstep):
    portal.origin = "https://localhost:8443"
    company()
    settle(portal)
    auth = doorstep.calls[0]["auth"]
    assert auth["domain"] == "localhost:8443"
    assert urlsplit(auth["client_endpoint"]).netloc == "localhost:8443"
