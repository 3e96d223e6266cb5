"""Events of the application itself, as its handlers get them."""

import json
from urllib.parse import urlencode

import pytest

from b24_emulator.connection_key import facts_of
from b24_emulator.php import parse_query
from sverka_emulator_kit.messages import Request

CARD = "https://app.example/install"
HANDLER = "https://handler.example/"
ALWAYS = {"domain", "client_endpoint", "server_endpoint", "member_id", "application_token"}
WITH_USER = {"access_token", "expires", "expires_in", "scope", "status", "user_id"}
INSTALLED, UPDATED, REMOVED = "ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL"


@pytest.fixture
def calls(portal):
    """What the handlers were told, each as PHP reads it, with its address."""
    came = []

    def courier(url, body, headers):
        came.append((url, parse_query(body.decode())))
        return 200

    portal.courier = courier
    return came


@pytest.fixture
def told(portal, calls):
    """Does what a person does, lets the calls arrive, and returns them."""

    def do(name, **params):
        calls.clear()
        portal.act(name, params)
        portal.clock.advance(5)
        return [call for _, call in calls]

    return do


@pytest.fixture
def bound(app, calls):
    for event in (INSTALLED, UPDATED, REMOVED, "ONAPPPAYMENT", "ONAPPTEST"):
        app.result("event.bind", {"event": event, "handler": HANDLER})
    return app


def application_token(portal):
    (application,) = portal.access.applications.values()
    return application.token


def test_an_installation_is_told_to_the_address_in_the_applications_card(portal, told, refresh):
    assert told("portal.app_handler", handler=CARD) == []
    (call,) = told("portal.install_app")
    assert call["event"] == INSTALLED
    assert call["data"] == {"VERSION": "1", "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": "ru"}
    assert set(call["auth"]) == ALWAYS | WITH_USER | {"refresh_token"}
    assert call["auth"]["application_token"] == application_token(portal)
    # The tokens that come are good for a start without a connection key.
    granted = refresh(portal, refresh_token=call["auth"]["refresh_token"])
    assert granted.status == 200


def test_another_key_of_an_installed_application_is_no_installation(portal, told):
    told("portal.app_handler", handler=CARD)
    assert len(told("portal.install_app")) == 1
    assert told("portal.install_app") == []


def test_an_update_is_told_to_handlers_whose_bindings_it_takes(bound, portal, told):
    (call,) = told("portal.update_app")
    assert call["event"] == UPDATED
    assert call["data"] == {"VERSION": "2", "PREVIOUS_VERSION": "1", "LANGUAGE_ID": "ru"}
    assert set(call["auth"]) == ALWAYS | WITH_USER | {"refresh_token"}
    assert bound.result("event.get") == []
    assert told("portal.update_app") == []


@pytest.mark.parametrize("clean", [True, False])
def test_a_removal_says_whether_to_wipe_and_brings_no_tokens(bound, portal, told, clean):
    before = application_token(portal)
    (call,) = told("portal.remove_app", clean=clean)
    assert call["event"] == REMOVED
    assert call["data"] == {"LANGUAGE_ID": "ru", "CLEAN": str(int(clean))}
    assert set(call["auth"]) == ALWAYS
    assert call["auth"]["application_token"] == before


def test_a_removed_application_is_let_in_no_more(bound, portal, told):
    old = facts_of(portal.install_app())
    told("portal.remove_app")
    assert bound.refusal("scope")[:2] == (401, "invalid_token")
    asked = {"grant_type": "refresh_token", **old}
    reply = portal.answer(Request("GET", "/oauth/token/", urlencode(asked)))
    assert (reply.status, json.loads(reply.body)["error"]) == (401, "NOT_INSTALLED")


def test_a_new_installation_tells_the_end_of_the_old_one_by_its_own_token(bound, portal, told):
    portal.act("portal.app_handler", {"handler": CARD})
    before = application_token(portal)
    said = told("portal.reinstall_app")
    tokens = {call["event"]: call["auth"]["application_token"] for call in said}
    assert tokens == {REMOVED: before, INSTALLED: application_token(portal)}
    assert tokens[REMOVED] != tokens[INSTALLED]


def test_a_payment_is_told_and_opens_an_unpaid_application(bound, portal, told):
    portal.act("portal.block", {"why": "unpaid"})
    assert bound.refusal("scope")[:2] == (401, "PAYMENT_REQUIRED")
    (call,) = told("portal.pay_app", days=28)
    assert call["event"] == "ONAPPPAYMENT"
    assert call["data"] == {
        "CODE": "sverka.onec_crm",
        "VERSION": "1",
        "STATUS": "L",
        "PAYMENT_EXPIRED": "N",
        "DAYS": "28",
        "LANGUAGE_ID": "ru",
    }
    assert set(call["auth"]) == ALWAYS
    assert bound.result("scope")


def test_a_handler_can_be_tried_out(bound, portal, calls):
    assert bound.result("event.test", {"any": "data", "deep": {"list": [1, "б"]}}) == 1
    portal.clock.advance(5)
    ((url, call),) = calls
    assert (url, call["event"]) == (HANDLER, "ONAPPTEST")
    query = {"any": "data", "deep": {"list": ["1", "б"]}}
    assert call["data"] == {"QUERY": query, "LANGUAGE_ID": "ru"}
    assert set(call["auth"]) == ALWAYS | WITH_USER


def test_a_webhook_tries_nothing_out(hook):
    assert hook.refusal("event.test")[:2] == (403, "WRONG_AUTH_TYPE")


def test_without_a_handler_nobody_is_told(app, told):
    for deed in ("portal.update_app", "portal.pay_app", "portal.reinstall_app"):
        assert told(deed) == []


def test_a_snapshot_keeps_what_is_on_its_way(bound, portal, portals, calls):
    portal.act("portal.remove_app", {"clean": True})
    other = portals(seed=9)
    other.courier = portal.courier
    other.restore(portal.snapshot())
    other.clock.advance(5)
    ((_, call),) = calls
    assert (call["event"], call["data"]["CLEAN"]) == (REMOVED, "1")
    (application,) = other.access.applications.values()
    assert not application.is_installed
