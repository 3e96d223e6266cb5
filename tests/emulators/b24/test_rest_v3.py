"""REST 3.0: the other address, its envelope, its refusals."""

import json

import pytest

from sverka_emulator_kit.messages import Request

JSON = {"content-type": "application/json"}
PREFIX = "BITRIX_REST_V3_EXCEPTION_"
OLD_AND_NEW = ["crm.item.list", "crm.company.add", "event.bind", "profile", "no.such.method"]


@pytest.fixture
def asks(portal):
    """Sends one raw request to the webhook's newer door."""
    path = portal.webhook_path.replace("/rest/", "/rest/api/")

    def send(name, sent=None, verb="POST", headers=JSON, query=""):
        body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent)
        data = body if isinstance(body, bytes) else body.encode()
        return portal.answer(Request(verb, path + name, query, headers, data))

    return send


def error_of(reply):
    words = json.loads(reply.body)
    assert set(words) == {"error"}
    return reply.status, words["error"]["code"].removeprefix(PREFIX)


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_success_is_a_result_and_its_time(asks, verb):
    said = json.loads(asks("rest.scope.list", verb=verb).body)
    assert set(said) == {"result", "time"}
    assert {"method": "crm.company.add", "scope": "crm"} in said["result"]["items"]
    assert "operating_reset_at" in said["time"]


@pytest.mark.parametrize("name", ["rest.documentation.openapi", "documentation"])
def test_the_document_comes_bare_and_names_every_method(asks, name):
    document = json.loads(asks(name).body)
    assert document["openapi"] == "3.0.0"
    assert set(document["paths"]) >= {"/rest.scope.list", "/documentation"}
    assert {"result", "time"}.isdisjoint(document)


@pytest.mark.parametrize("name", OLD_AND_NEW)
def test_a_name_of_the_older_api_is_unknown(asks, name):
    assert error_of(asks(name, {"id": 1})) == (400, "METHODNOTFOUNDEXCEPTION")


def test_a_name_of_the_newer_api_is_unknown_at_the_older_address(hook):
    assert hook.refusal("rest.scope.list")[:2] == (404, "ERROR_METHOD_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", JSON),
        (b"7", JSON),
        (b"\xff\xfe", JSON),
        (b"a=1", {"content-type": "application/x-www-form-urlencoded"}),
        (b"{}", {}),
    ],
)
def test_a_body_that_is_no_json_is_refused(asks, body, headers):
    refused = asks("rest.scope.list", body, headers=headers)
    assert error_of(refused) == (400, "INVALIDJSONEXCEPTION")


LINE = {"method": "rest.scope.list", "query": {}}


@pytest.mark.parametrize("form", [[LINE, LINE], {"0": LINE, "1": LINE}])
def test_a_batch_answers_in_the_order_of_its_commands(asks, form):
    said = json.loads(asks("batch", form).body)
    assert len(said["result"]) == 2
    assert said["result"][1]["items"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"cmd": {"a": "rest.scope.list"}}, "INVALIDSELECTEXCEPTION"),
        ([{"query": {}}], "INVALIDSELECTEXCEPTION"),
        ([LINE, {"method": "crm.deal.get"}], "METHODNOTFOUNDEXCEPTION"),
        ([LINE] * 51, "VALIDATION_REQUESTVALIDATIONEXCEPTION"),
        ([], "VALIDATION_REQUESTVALIDATIONEXCEPTION"),
    ],
)
def test_a_batch_that_cannot_be_done_fails_whole(asks, form, code):
    assert error_of(asks("batch", form)) == (400, code)


def test_what_is_wrong_with_an_argument_is_told_by_field(asks):
    error = json.loads(asks("batch", [LINE] * 51).body)["error"]
    assert [set(line) for line in error["validation"]] == [{"field", "message"}]
    assert "51" in error["message"]


def test_the_key_of_a_call_comes_back(asks):
    reply = asks("rest.scope.list", headers={**JSON, "idempotency-key": "call 1"})
    assert ("Idempotency-Key", "call 1") in reply.headers


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_a_key_that_is_none_is_refused(asks, key):
    reply = asks("rest.scope.list", headers={**JSON, "idempotency-key": key})
    assert error_of(reply) == (400, "INVALIDIDEMPOTENCYKEYEXCEPTION")


def test_an_application_shows_its_token_in_the_body_alone(portal, app):
    def send(sent, query=""):
        path, body = "/rest/api/rest.scope.list", json.dumps(sent).encode()
        return portal.answer(Request("POST", path, query, JSON, body))

    assert send({"auth": app.token}).status == 200
    assert send({}, f"auth={app.token}").status == 401


def test_both_doors_fill_one_bucket(portals, calling):
    portal = portals(limits="cloud")
    hook = calling(portal)
    path = portal.webhook_path.replace("/rest/", "/rest/api/") + "documentation"
    for _ in range(50):
        assert portal.answer(Request("GET", path)).status == 200
    assert hook.send("profile").status == 503
    assert portal.answer(Request("GET", path)).status == 503
