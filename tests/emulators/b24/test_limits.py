"""How hard a portal may be pressed: the bucket of calls, the account of running time."""

import json

import pytest

from b24_emulator.rules.costs import CostUnusable
from b24_emulator.rules.limits import LIMITS
from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.messages import Request

TOO_MANY = {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}


def passed(caller, count):
    """How many of `count` calls at one instant pass."""
    return [caller.send("server.time").status for _ in range(count)].count(200)


@pytest.mark.parametrize(
    ("limits", "admitted"), [("50-2-100", 100), ("cloud", 50), ("enterprise", 250)]
)
def test_the_first_call_above_the_threshold_is_refused(portals, calling, limits, admitted):
    hook = calling(portals(limits=limits))
    assert passed(hook, admitted) == admitted
    assert hook.send("server.time").status == 503


def test_the_default_portal_has_50_rows_2_calls_a_second_and_a_queue_of_100(portal):
    assert portal.limits == LIMITS["50-2-100"]
    assert (portal.limits.page_size, portal.limits.drain_per_s, portal.limits.threshold) == (
        50,
        2.0,
        100,
    )


BLOCKED_ABOVE = [("50-2-100", 100), ("cloud", 50)]


@pytest.mark.parametrize(("limits", "threshold"), BLOCKED_ABOVE)
def test_a_refusal_for_pressing_too_hard_says_two_words_and_nothing_else(
    portals, calling, limits, threshold
):
    hook = calling(portals(limits=limits))
    passed(hook, threshold)
    reply = hook.send("server.time")
    assert reply.status == 503
    assert reply.content_type == "application/json; charset=utf-8"
    assert json.loads(reply.body) == TOO_MANY


@pytest.mark.parametrize(("limits", "threshold"), BLOCKED_ABOVE)
@pytest.mark.parametrize("seconds", [0.4, 0.5, 1, 3, 20, 49.5, 50])
def test_after_t_seconds_exactly_2t_more_calls_pass(portals, calling, seconds, limits, threshold):
    hook = calling(portals(limits=limits))
    passed(hook, threshold + 10)
    hook.portal.clock.advance(seconds)
    assert passed(hook, 150) == min(int(2 * seconds), threshold)


def test_an_empty_bucket_does_not_drain_below_nothing(hook):
    passed(hook, 1)
    hook.portal.clock.advance(3600)
    assert passed(hook, 150) == 100


def test_two_calls_a_second_pass_for_ever(hook):
    for _ in range(400):
        assert hook.send("server.time").status == 200
        hook.portal.clock.advance(0.5)


def test_an_enterprise_portal_forgets_5_calls_a_second(portals, calling):
    hook = calling(portals(limits="enterprise"))
    passed(hook, 250)
    hook.portal.clock.advance(4)
    assert passed(hook, 100) == 20


def test_a_box_refuses_nobody(portals, calling):
    assert passed(calling(portals(limits="box")), 500) == 500


def test_a_batch_of_50_commands_counts_once(hook):
    for _ in range(100):
        hook.batch(["server.time"] * 50)
    assert hook.send("batch", {"cmd": ["server.time"]}).status == 503


def test_two_keys_on_one_address_share_the_bucket(hook, app):
    assert passed(hook, 60) == 60
    assert passed(app, 60) == 40
    assert hook.send("server.time").status == 503


def test_two_connection_keys_of_one_address_share_the_bucket(portal, installing):
    one, other = installing(portal), installing(portal)
    assert one.token != other.token
    assert passed(one, 99) == 99
    assert passed(other, 5) == 1


def test_another_address_has_a_bucket_of_its_own(hook):
    passed(hook, 101)
    assert passed(hook.at("10.0.0.9"), 101) == 100


def test_a_person_in_the_window_is_not_limited(hook, company):
    passed(hook, 101)
    assert company() == 1


def test_the_token_endpoint_does_not_fill_the_bucket(portal, app, refresh):
    for _ in range(150):
        assert refresh(portal).status == 200
    assert passed(app, 100) == 100


def test_a_refused_call_does_nothing(hook):
    passed(hook, 100)
    hook.send("crm.company.add", {"fields": {"TITLE": "Ромашка"}})
    assert hook.portal.records()["company"] == {}
    assert hook.portal.calls.lines[-1].error == "QUERY_LIMIT_EXCEEDED"


def test_refused_calls_fill_the_bucket_only_where_the_switch_says_so(portals, calling):
    def after_a_storm(switches):
        hook = calling(portals(switches=switches))
        passed(hook, 120)
        hook.portal.clock.advance(10)
        return passed(hook, 50)

    assert after_a_storm(Switches()) == 20
    assert after_a_storm(Switches(refused_calls_count=True)) == 0


def test_a_wrong_secret_is_told_before_the_limit(hook, portal):
    passed(hook, 101)
    assert portal.answer(Request("POST", "/rest/1/wrong/server.time")).status == 401


def test_a_method_that_ran_480_s_in_ten_minutes_is_blocked_for_its_caller_alone(
    portals, calling, installing
):
    # Each command takes 5 to 15 s on so slow a portal.
    hook = calling(portals(pace=1000.0))
    while (reply := hook.send("server.time")).status == 200:
        operating = json.loads(reply.body)["time"]["operating"]
        hook.portal.clock.advance(1)
    assert reply.status == 429
    assert json.loads(reply.body) == {
        "error": "OPERATION_TIME_LIMIT",
        "error_description": "Method is blocked due to operation time limit.",
    }
    # The call that crossed the line was still answered.
    assert operating > 480
    assert hook.send("scope").status == 200
    assert installing(hook.portal).send("server.time").status == 200


@pytest.fixture
def dear(hook, portal):
    """A portal on which adding a company takes 200 s and nothing else takes long."""
    portal.costs.set({"crm.company.add": [200, 200]})
    return hook


def statuses(caller, *names):
    return [caller.send(name).status for name in names]


def test_a_dear_method_is_blocked_and_a_cheap_one_goes_on(dear):
    assert statuses(dear, *["crm.company.add"] * 4) == [200, 200, 200, 429]
    assert statuses(dear, "crm.company.list", "crm.contact.add") == [200, 200]
    assert len(dear.portal.records()["company"]) == 3


def test_time_tells_the_budget_of_its_own_method_alone(dear):
    dear.send("crm.company.add")
    dear.portal.clock.advance(30)
    spent = dear.said("crm.company.add")["time"]
    assert spent["operating"] == pytest.approx(400)
    assert spent["operating_reset_at"] == int(dear.portal.now_s) - 30 + 600
    assert dear.said("crm.contact.add")["time"]["operating"] == 0


def test_a_second_block_waits_for_the_next_minute_to_be_forgotten(dear, portal):
    for wait_s in (0, 120, 120):
        portal.clock.advance(wait_s)
        dear.send("crm.company.add")
    portal.clock.advance(359)
    assert statuses(dear, "crm.company.add") == [429]
    portal.clock.advance(1)
    # The first minute is forgotten: two are left, and the call that crosses the line goes through.
    assert statuses(dear, "crm.company.add", "crm.company.add") == [200, 429]
    portal.clock.advance(119)
    assert statuses(dear, "crm.company.add") == [429]
    portal.clock.advance(1)
    assert statuses(dear, "crm.company.add") == [200]


def test_a_batch_is_blocked_in_the_middle_and_its_cheap_commands_are_done(dear):
    lines = ["crm.company.add"] * 4 + ["crm.contact.add"]
    sections = dear.batch(lines)
    assert list(sections["result"]) == ["0", "1", "2", "4"]
    assert {key: error["error"] for key, error in sections["result_error"].items()} == {
        "3": "OPERATION_TIME_LIMIT"
    }
    spent = [time["operating"] for time in sections["result_time"].values()]
    assert spent == pytest.approx([200, 400, 600, 0], abs=0.1)


def test_a_box_has_no_budget(portals, calling):
    hook = calling(portals(limits="box"))
    hook.portal.costs.set({"*": [400, 400]})
    assert statuses(hook, *["crm.company.add"] * 4) == [200] * 4


def test_costs_are_set_from_outside_by_patterns_of_which_the_last_counts(hook, portal):
    set_ = {"crm.*": [1, 2], "CRM.company.get": [3, 3]}
    assert portal.act("portal.costs", set_) == {"crm.*": (1, 2), "crm.company.get": (3, 3)}
    assert portal.gauges()["costs"] == {"crm.*": (1, 2), "crm.company.get": (3, 3)}
    assert 1 < hook.send("crm.contact.list").takes_s < 2.1
    assert hook.send("crm.company.list").takes_s > 1
    assert hook.send("scope").takes_s < 0.1
    hook.send("crm.company.add")
    assert hook.said("crm.company.get", {"id": 1})["time"]["operating"] == pytest.approx(3)
    (account,) = [key for key in portal.gauges()["operating"] if key.startswith("crm.company.get")]
    assert portal.gauges()["operating"][account] == pytest.approx(3)
    portal.reset()
    assert portal.costs.by_method == {}


@pytest.mark.parametrize("span", [[3, 2], [-1, 2], [1], "2", None, ["1", "2"]])
def test_a_cost_that_is_none_is_refused_and_says_what_one_is(portal, span):
    with pytest.raises(CostUnusable, match=r"\[2, 3\]"):
        portal.act("portal.costs", {"scope": span})


def test_a_minute_of_running_time_is_forgotten_ten_minutes_after_its_first_call(portals, calling):
    hook = calling(portals(pace=1000.0))
    first = hook.said("server.time")["time"]
    assert first["operating_reset_at"] == int(hook.portal.now_s) + 600
    hook.portal.clock.advance(59)
    both = hook.said("server.time")["time"]
    assert both["operating_reset_at"] == first["operating_reset_at"]
    assert both["operating"] > first["operating"] > 0
    hook.portal.clock.advance(541)
    assert hook.said("server.time")["time"]["operating"] < both["operating"]


def test_a_block_inside_a_batch_is_an_entry_and_the_batch_still_answers(portals, calling):
    hook = calling(portals(pace=1000.0))
    while hook.send("server.time").status == 200:
        hook.portal.clock.advance(1)
    sections = hook.batch({"a": "server.time", "b": "scope"})
    assert sections["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert list(sections["result"]) == ["b"]
    assert list(sections["result_time"]) == ["b"]


def test_calls_of_milliseconds_are_not_entered_in_the_account(hook):
    for _ in range(20):
        answer = hook.said("server.time")
    assert answer["time"]["operating"] == 0
