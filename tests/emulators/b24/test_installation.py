"""The application comes in a new version, or is removed and installed again."""

import json

import pytest

from b24_emulator.connection_key import facts_of
from b24_emulator.rules.switches import Switches

ADDED = "ONCRMCOMPANYADD"
HANDLER = "https://handler.example/"
LATEST_S = Switches().online_delay_s[1]


@pytest.fixture
def calls(portal):
    """What the handler was told."""
    came = []
    portal.courier = lambda url, body, headers: came.append(body)
    return came


@pytest.fixture
def bound(app, calls):
    app.result("event.bind", {"event": ADDED, "handler": HANDLER})
    app.result("event.bind", {"event": ADDED, "event_type": "offline"})
    return app


def test_an_update_takes_the_bindings_and_leaves_the_tokens(bound, company, portal, calls):
    company()
    assert portal.act("portal.update_app", {}) == 2
    company()
    portal.clock.advance(LATEST_S)
    assert bound.result("event.get") == []
    assert calls == []
    assert bound.result("app.info")["VERSION"] == 2
    # What was queued before the update still waits.
    assert len(bound.result("event.offline.get")["events"]) == 1


def test_after_an_update_the_application_can_bind_again(bound, company, portal, calls):
    portal.update_app()
    assert bound.result("event.bind", {"event": ADDED, "handler": HANDLER}) is True
    company()
    portal.clock.advance(LATEST_S)
    assert len(calls) == 1


def test_a_new_installation_ends_bindings_queue_and_tokens(
    bound, company, portal, calls, installing, refresh
):
    old = facts_of(portal.install_app())
    company()
    portal.act("portal.reinstall_app", {})
    portal.clock.advance(LATEST_S)
    assert calls == []
    assert bound.refusal("scope")[:2] == (401, "invalid_token")
    again = refresh(portal, refresh_token=old["refresh_token"])
    assert json.loads(again.body)["error"] == "invalid_grant"
    app = installing(portal)
    assert app.result("event.get") == []
    assert app.result("event.offline.list") == []


def test_the_new_key_is_of_the_same_application_and_works(app, portal, refresh):
    old, new = facts_of(portal.install_app()), facts_of(portal.reinstall_app())
    changed = {name for name in old if old[name] != new[name]}
    assert changed == {"refresh_token"}
    assert refresh(portal, refresh_token=new["refresh_token"]).status == 200


def test_a_new_installation_has_an_application_token_of_its_own(app, portal):
    (before,) = portal.access.applications.values()
    portal.update_app()
    (updated,) = portal.access.applications.values()
    portal.reinstall_app()
    (after,) = portal.access.applications.values()
    assert updated.token == before.token
    assert after.token != before.token


def test_handlers_are_numbered_on_after_a_new_installation(bound, company, portal, installing):
    portal.reinstall_app()
    app = installing(portal)
    app.result("event.bind", {"event": ADDED, "handler": HANDLER})
    numbers = [binding.number for binding in portal.offline.bindings]
    assert numbers == [3]


def test_a_portal_without_the_application_gets_it(portal):
    assert facts_of(portal.reinstall_app())["client_id"] in portal.access.applications


def test_the_records_of_the_portal_stay(app, company, portal):
    company()
    portal.reinstall_app()
    assert list(portal.records()["company"]) == ["1"]


def test_a_snapshot_keeps_version_and_application_token(app, portal):
    portal.update_app()
    (kept,) = portal.access.applications.values()
    snapshot = portal.snapshot()
    portal.reinstall_app()
    portal.restore(snapshot)
    (restored,) = portal.access.applications.values()
    assert (restored.version, restored.token) == (2, kept.token)
