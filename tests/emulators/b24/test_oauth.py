"""Who comes in: webhooks, the token endpoint, the life of tokens, scopes, the connection key."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from b24_emulator.access import SCOPES, Webhook
from b24_emulator.connection_key import facts_of
from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.messages import Request

TOKEN_KEYS = {
    "access_token", "refresh_token", "expires", "expires_in", "scope", "domain",
    "server_endpoint", "client_endpoint", "status", "member_id", "user_id",
}  # fmt: skip


def words(reply):
    return reply.status, json.loads(reply.body)


def test_a_refresh_answers_all_the_keys_without_an_envelope(portal, refresh):
    status, answer = words(refresh(portal))
    assert status == 200
    assert set(answer) == TOKEN_KEYS
    assert answer["client_endpoint"] == "https://portal.example/rest/"
    assert answer["server_endpoint"] == "http://localhost/rest/"
    assert answer["domain"] == "localhost"
    assert answer["expires"] == int(portal.now_s) + answer["expires_in"]
    assert (answer["expires_in"], answer["user_id"], answer["status"]) == (3600, 1, "L")
    assert answer["scope"].split(",") == list(SCOPES)


def test_the_oauth_server_answers_under_the_address_it_was_called_by(portal):
    facts = facts_of(portal.install_app())
    names = ("client_id", "client_secret", "refresh_token")
    sent = urlencode({"grant_type": "refresh_token", **{name: facts[name] for name in names}})
    for origin in ("https://oauth.bitrix24.tech", "https://localhost:8443"):
        _, answer = words(portal.answer(Request("GET", "/oauth/token/", sent, origin=origin)))
        assert answer["server_endpoint"] == f"{origin}/rest/"
        assert answer["domain"] == origin.removeprefix("https://")
        assert answer["client_endpoint"] == "https://portal.example/rest/"


@pytest.mark.parametrize(
    "host", ["oauth.bitrix24.tech", "oauth.bitrix.info", "oauth.bitrix.info:8443"]
)
def test_app_info_of_the_oauth_server_proves_a_token(portal, app, host):
    path = "/rest/app.info/"
    sent = f"auth={app.token}"
    status, answer = words(portal.answer(Request("GET", path, sent, origin=f"https://{host}")))
    assert status == 200
    info = answer["result"]
    assert set(info) == {"client_id", "scope", "expires", "install", "user_id"}
    assert info["client_id"] in portal.access.applications
    assert info["install"]["member_id"] == portal.access.member_id
    assert info["install"]["client_endpoint"] == "https://portal.example/rest/"
    assert {"duration", "operating"} <= set(answer["time"])
    refused = portal.answer(Request("GET", path, "auth=x", origin=f"https://{host}"))
    assert words(refused)[1]["error"] == "invalid_token"


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/token", "//oauth/token/"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_the_token_endpoint_takes_any_form(portal, path, verb):
    facts = facts_of(portal.install_app())
    names = ("client_id", "client_secret", "refresh_token")
    sent = urlencode({"grant_type": "refresh_token", **{name: facts[name] for name in names}})
    form = {"content-type": "application/x-www-form-urlencoded"}
    query, body = (sent, b"") if verb == "GET" else ("", sent.encode())
    assert portal.answer(Request(verb, path, query, form, body)).status == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"refresh_token": "0" * 70}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 400, "invalid_client"),
    ],
)
def test_the_token_endpoint_refuses_in_its_own_words(portal, refresh, change, status, code):
    found, answer = words(refresh(portal, **change))
    assert (found, answer["error"]) == (status, code)
    assert set(answer) == {"error", "error_description"}


def test_an_unknown_client_is_refused_with_200_and_one_word(portal, refresh):
    assert words(refresh(portal, client_id="app.unknown")) == (200, {"error": "wrong_client"})


def test_an_access_token_lives_an_hour(app, portal):
    portal.clock.advance(3599)
    assert app.send("server.time").status == 200
    portal.clock.advance(1)
    assert app.refusal("server.time") == (
        401,
        "expired_token",
        "The access token provided has expired.",
    )


def test_a_shorter_life_can_be_set(portal, installing):
    portal.token_life_s = 5
    app = installing(portal)
    portal.clock.advance(5)
    assert app.refusal("server.time")[1] == "expired_token"


def test_a_refresh_token_lives_180_days(portal, refresh):
    facts = facts_of(portal.install_app())
    portal.clock.advance(180 * 86_400 - 1)
    assert refresh(portal, refresh_token=facts["refresh_token"]).status == 200
    portal.clock.advance(1)
    status, answer = words(refresh(portal, refresh_token=facts["refresh_token"]))
    assert (status, answer["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("lives", "status"), [(True, 200), (False, 400)])
def test_whether_an_old_refresh_token_lives_on_is_told_by_the_switch(
    portals, refresh, lives, status
):
    portal = portals(switches=Switches(old_refresh_token_lives=lives))
    facts = facts_of(portal.install_app())
    new = json.loads(refresh(portal, refresh_token=facts["refresh_token"]).body)
    assert refresh(portal, refresh_token=facts["refresh_token"]).status == status
    assert refresh(portal, refresh_token=new["refresh_token"]).status == 200


def test_a_new_access_token_leaves_the_old_one_valid(app, portal, installing):
    assert installing(portal).token != app.token
    assert app.send("server.time").status == 200


def test_no_token_an_unknown_token_and_a_wrong_secret_are_three_refusals(app, portal):
    assert replace(app, token="").refusal("server.time")[:2] == (401, "NO_AUTH_FOUND")
    assert replace(app, token="0" * 70).refusal("server.time") == (
        401,
        "invalid_token",
        "Unable to get application by token",
    )
    wrong = replace(app, token="", path="/rest/1/wrong/")
    assert wrong.refusal("server.time") == (
        401,
        "INVALID_CREDENTIALS",
        "Invalid request credentials",
    )


def test_the_right_secret_with_a_wrong_user_is_refused(hook, portal):
    other = replace(hook, path=portal.webhook_path.replace("/1/", "/2/"))
    assert other.refusal("server.time")[1] == "INVALID_CREDENTIALS"


def test_the_disputed_statuses_are_switches(portals, calling):
    portal = portals(switches=Switches(wrong_secret_status=403, scope_status=403))
    hook = calling(portal)
    assert replace(hook, path="/rest/1/wrong/").refusal("scope")[0] == 403
    narrow = portal.access.add_webhook(Webhook("1", "narrow", ("user",)))
    assert replace(hook, path=narrow.path).refusal("crm.company.list")[0] == 403


def test_a_method_outside_the_scopes_is_refused_by_name_of_the_carrier(hook, app, portal):
    text = "The request requires higher privileges than provided by the {}"
    narrow = portal.access.add_webhook(Webhook("1", "narrow", ("user",)))
    by_hook = replace(hook, path=narrow.path)
    assert by_hook.refusal("crm.company.list") == (
        401,
        "insufficient_scope",
        text.format("webhook token"),
    )
    assert by_hook.send("user.current").status == 200
    for client_id, application in portal.access.applications.items():
        portal.access.applications[client_id] = replace(application, scopes=("user",))
    assert app.refusal("crm.company.list")[2] == text.format("access token")


def test_a_caller_sees_his_own_scopes(hook, portal):
    narrow = replace(hook, path=portal.access.add_webhook(Webhook("1", "n", ("crm",))).path)
    assert narrow.result("scope") == ["crm"]
    assert narrow.result("scope", {"full": True}) == list(SCOPES)
    assert narrow.result("method.get", {"name": "user.get"}) == {
        "isExisting": True,
        "isAvailable": False,
    }


def test_app_info_needs_an_application(hook, app):
    assert app.result("app.info")["LICENSE"] == "ru_pro100"
    status, code, text = hook.refusal("app.info")
    assert (code, text) == ("ACCESS_DENIED", "Access denied! Application context required")
    assert status == 400


def test_app_info_answers_a_webhook_where_the_switch_says_so(portals, calling):
    hook = calling(portals(switches=Switches(app_info_by_webhook=True)))
    assert set(hook.result("app.info")) == {"SCOPE", "LICENSE"}
