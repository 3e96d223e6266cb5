"""A thousand changes of one record, told in each of the ways that the portal has."""

from collections import Counter

import pytest

from b24_emulator.php import parse_query

CHANGED = "ONCRMDEALUPDATE"
KEY = "onec-exchange"
CHANGES = 1000
HANDLER = "https://handler.example/"


@pytest.fixture
def calls(portal):
    """What the handler was told, one row a call."""
    came = []

    def courier(url, body, headers):
        came.append(parse_query(body.decode()))
        return 200

    portal.courier = courier
    return came


@pytest.fixture
def deal(portal):
    return portal.act("crm.deal.add", {"fields": {"TITLE": "Сделка"}})


def change(portal, deal, times=CHANGES):
    for number in range(times):
        portal.act("crm.deal.update", {"id": deal, "fields": {"TITLE": f"Сделка {number}"}})


def bind(app, **how):
    app.result("event.bind", {"event": CHANGED, **how})


def taken(app, **params):
    return app.result("event.offline.get", params)


def test_a_thousand_changes_are_a_thousand_calls_online(app, portal, deal, calls):
    bind(app, handler=HANDLER)
    change(portal, deal)
    portal.clock.advance(10)
    told = Counter((call["event"], call["data"]["FIELDS"]["ID"]) for call in calls)
    assert told == {(CHANGED, str(deal)): CHANGES}
    portal.clock.advance(86_400)
    assert len(calls) == CHANGES


def test_a_thousand_changes_are_one_record_offline(app, portal, deal):
    bind(app, event_type="offline")
    change(portal, deal)
    (record,) = taken(app, clear=0)["events"]
    assert record["EVENT_DATA"] == {"FIELDS": {"ID": str(deal)}}


def test_both_ways_at_once_count_the_same(app, portal, deal, calls):
    bind(app, handler=HANDLER)
    bind(app, event_type="offline")
    change(portal, deal)
    portal.clock.advance(10)
    assert (len(calls), len(taken(app)["events"])) == (CHANGES, 1)


def test_a_thousand_records_are_a_thousand_records_in_pages_of_fifty(app, portal):
    app.result("event.bind", {"event": "ONCRMDEALADD", "event_type": "offline"})
    for _ in range(CHANGES):
        portal.act("crm.deal.add", {"fields": {}})
    assert app.said("event.offline.list")["total"] == CHANGES
    seen = []
    while events := taken(app, clear=0)["events"]:
        assert len(events) == 50
        seen += [record["EVENT_DATA"]["FIELDS"]["ID"] for record in events]
    assert len(seen) == len(set(seen)) == CHANGES


@pytest.mark.parametrize(
    ("bound_with", "sent_with", "records"),
    [(KEY, KEY, 0), (KEY, "", 1), (KEY, "another", 1), ("", KEY, 1), ("", "", 1)],
)
def test_own_changes_are_left_out_with_their_connector_and_only_with_it(
    app, deal, bound_with, sent_with, records
):
    bind(app, event_type="offline", **({"auth_connector": bound_with} if bound_with else {}))
    own = {"auth_connector": sent_with} if sent_with else {}
    for number in range(3):
        app.result("crm.deal.update", {"id": deal, "fields": {"TITLE": str(number)}, **own})
    asked = {"auth_connector": bound_with} if bound_with else {}
    assert len(taken(app, **asked)["events"]) == records


def test_a_persons_change_between_own_ones_is_told(app, portal, deal):
    bind(app, event_type="offline", auth_connector=KEY)
    by_app = app.with_connector(KEY)
    by_app("crm.deal.update", {"id": deal, "fields": {"TITLE": "Своя"}})
    change(portal, deal, times=1)
    by_app("crm.deal.update", {"id": deal, "fields": {"TITLE": "Снова своя"}})
    assert len(by_app("event.offline.get", {})["events"]) == 1


@pytest.mark.parametrize("clear", [0, 1])
def test_what_was_taken_is_never_handed_out_again(app, portal, deal, clear):
    bind(app, event_type="offline")
    change(portal, deal, times=3)
    assert len(taken(app, clear=clear)["events"]) == 1
    for _ in range(3):
        portal.clock.advance(600)
        assert taken(app, clear=clear)["events"] == []


def test_a_change_after_a_record_was_taken_is_a_new_record(app, portal, deal):
    bind(app, event_type="offline")
    change(portal, deal, times=3)
    first = taken(app, clear=0)
    change(portal, deal, times=3)
    second = taken(app, clear=0)
    assert [len(batch["events"]) for batch in (first, second)] == [1, 1]
    assert first["events"][0]["ID"] != second["events"][0]["ID"]


def test_to_confirm_twice_is_harmless(app, portal, deal):
    bind(app, event_type="offline")
    change(portal, deal, times=3)
    batch = taken(app, clear=0)
    change(portal, deal, times=1)
    done = {"process_id": batch["process_id"], "id": [row["ID"] for row in batch["events"]]}
    for _ in range(2):
        assert app.result("event.offline.clear", done) is True
    assert app.result("event.offline.clear", {"process_id": batch["process_id"]}) is True
    # The change made meanwhile is still there.
    assert len(taken(app)["events"]) == 1


def test_a_handler_that_failed_or_was_lost_is_called_once_each(app, portal, deal, calls):
    bind(app, handler=HANDLER)
    answers = iter([500, None, 200])
    take = portal.courier
    portal.courier = lambda *call: (take(*call), next(answers))[1]
    change(portal, deal, times=3)
    portal.clock.advance(86_400)
    assert len(calls) == 3
    sent = portal.act("portal.deliveries", {})
    assert sorted(str(line["status"]) for line in sent) == ["200", "500", "None"]


def test_a_thousand_changes_are_one_word_of_push(app, portal, deal):
    bind(app, event_type="offline")
    app.result("pull.application.config.get")
    change(portal, deal)
    (said,) = [said for kept in portal.pull.messages.values() for said in kept]
    assert said.command == "offline_event"
