"""What a tariff has, and how a portal closes itself to programs and opens again."""

from dataclasses import replace

import pytest

from b24_emulator.rules.tariffs import TARIFFS

TOO_SMALL = (403, "ACCESS_DENIED", "Access denied! Available only on extended plans")
NO_REST = (403, "ACCESS_DENIED", "REST API is available only on commercial plans")
ENDED = (401, "PAYMENT_REQUIRED", "Subscription has been ended")
OVERLOAD = (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload.")
QUEUE = {"event": "ONCRMCOMPANYADD", "event_type": "offline"}
KEY = "sverka"


@pytest.fixture
def bound(app):
    """The application with a plain queue and one that leaves its own changes out."""
    app.result("event.bind", QUEUE)
    app.result("event.bind", QUEUE | {"auth_connector": KEY})
    return app


def test_each_gate_of_a_tariff_closes_its_own_calls_and_no_other(bound, company, portal):
    company()
    portal.tariff = replace(portal.tariff, auth_connector=False)
    assert len(bound.result("event.offline.get", {"clear": 0})["events"]) == 1
    for verb in ("get", "list"):
        assert bound.refusal(f"event.offline.{verb}", {"auth_connector": KEY}) == TOO_SMALL
    portal.tariff = replace(portal.tariff, auth_connector=True, offline_extended=False)
    assert bound.refusal("event.offline.get", {"clear": 0, "auth_connector": KEY}) == TOO_SMALL
    assert len(bound.result("event.offline.get", {"auth_connector": KEY})["events"]) == 1


def test_a_small_tariff_still_binds_and_reads_a_plain_queue(app, company, portal):
    portal.tariff = TARIFFS["basic"]
    assert app.result("event.bind", QUEUE) is True
    assert app.refusal("event.bind", QUEUE | {"auth_connector": KEY}) == TOO_SMALL
    company()
    assert len(app.result("event.offline.list")) == 1
    assert len(app.result("event.offline.get")["events"]) == 1
    assert app.result("event.offline.get")["events"] == []


def test_after_a_change_to_a_small_tariff_own_changes_are_queued_again(bound, portal):
    add = bound.with_connector(KEY)
    add("crm.company.add", {"fields": {}})
    portal.tariff = TARIFFS["basic"]
    add("crm.company.add", {"fields": {}})
    portal.tariff = TARIFFS["professional"]
    (row,) = add("event.offline.get", {})["events"]
    assert row["EVENT_DATA"]["FIELDS"]["ID"] == "2"


@pytest.mark.parametrize("method", ["crm.company.list", "batch", "feature.get", "no.such"])
def test_a_plan_without_rest_refuses_every_program_and_no_person(
    hook, app, portal, company, method
):
    portal.act("portal.tariff", {"name": "free"})
    assert hook.refusal(method) == app.refusal(method) == NO_REST
    assert company() == 1


def test_an_unpaid_application_is_refused_and_gets_no_token_while_webhooks_go_on(
    hook, app, portal, refresh
):
    portal.act("portal.block", {"why": "unpaid"})
    assert app.refusal("crm.company.list") == ENDED
    assert hook.send("crm.company.list").status == 200
    reply = refresh(portal)
    assert reply.status == 401
    assert b'"PAYMENT_REQUIRED"' in reply.body


def test_an_overloaded_portal_refuses_everybody_with_a_code_of_its_own(hook, app, portal):
    portal.act("portal.block", {"why": "overload"})
    assert hook.refusal("scope") == app.refusal("scope") == OVERLOAD


@pytest.mark.parametrize("why", ["unpaid", "overload"])
def test_a_portal_that_opens_again_has_kept_its_queue_and_its_tokens(
    bound, portal, company, refresh, why
):
    portal.act("portal.block", {"why": why})
    company()
    portal.act("portal.block", {"why": ""})
    assert len(bound.result("event.offline.get")["events"]) == 1
    assert refresh(portal).status == 200


def test_a_refused_call_neither_fills_the_bucket_nor_does_anything(hook, portal):
    portal.act("portal.block", {"why": "overload"})
    for _ in range(200):
        hook.send("crm.company.add")
    portal.act("portal.block", {"why": ""})
    assert hook.send("crm.company.list").status == 200
    assert portal.records()["company"] == {}


def test_a_wrong_secret_is_told_even_by_a_closed_portal(hook, portal):
    portal.act("portal.block", {"why": "overload"})
    assert replace(hook, path="/rest/1/wrong/").refusal("scope")[1] == "INVALID_CREDENTIALS"


def test_a_tariff_is_set_from_outside_with_single_features_of_its_own(hook, portal):
    told = portal.act("portal.tariff", {"name": "professional", "offline_extended": False})
    assert (told["license"], told["offline_extended"]) == ("ru_pro100", False)
    assert hook.result("feature.get", {"CODE": "rest_offline_extended"}) == {"value": "N"}
    assert hook.result("feature.get", {"CODE": "rest_auth_connector"}) == {"value": "Y"}
    portal.act("portal.tariff", {"auth_connector": False})
    assert portal.gauges()["tariff"]["auth_connector"] is False
    assert portal.gauges()["tariff"]["offline_extended"] is False


@pytest.mark.parametrize(
    ("deed", "params"),
    [
        ("portal.tariff", {"name": "golden"}),
        ("portal.tariff", {"name": "basic", "gold": True}),
        ("portal.block", {"why": "mood"}),
        ("portal.block", {}),
    ],
)
def test_an_unknown_tariff_or_block_changes_nothing(portal, deed, params):
    before = portal.gauges()
    with pytest.raises((ValueError, LookupError, TypeError)):
        portal.act(deed, params)
    assert portal.gauges() == before


def test_a_reset_opens_the_portal_and_gives_back_its_first_tariff(portals, calling):
    portal = portals(tariff="basic")
    portal.act("portal.tariff", {"name": "free"})
    portal.act("portal.block", {"why": "overload"})
    portal.reset()
    assert portal.tariff == TARIFFS["basic"]
    assert calling(portal).send("scope").status == 200
