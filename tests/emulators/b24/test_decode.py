"""One call in all the forms in which clients send it."""

import json
from urllib.parse import quote

import pytest

from sverka_emulator_kit.messages import Request

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
BOUNDARY = "----a7f3"


def multipart(**fields):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


@pytest.fixture
def sent(portal):
    """Sends to a path below the webhook's and returns status and answer."""

    def send(verb, path, query="", body=b"", headers=None):
        raw = body if isinstance(body, bytes) else body.encode()
        request = Request(verb, portal.webhook_path + path, query, headers or {}, raw)
        reply = portal.answer(request)
        return reply.status, json.loads(reply.body)

    return send


@pytest.mark.parametrize(
    ("verb", "query", "body", "headers"),
    [
        ("GET", "fields[TITLE]=A", b"", {}),
        ("GET", "fields%5BTITLE%5D=A", b"", {}),
        ("POST", "fields[TITLE]=A", b"", {}),
        ("POST", "", b"fields[TITLE]=A", FORM),
        ("POST", "", b"fields%5BTITLE%5D=A&", FORM),
        ("POST", "", b"fields[TITLE]=A", {}),
        ("POST", "", b'{"fields": {"TITLE": "A"}}', JSON),
        ("POST", "", b'{"fields": {"TITLE": "A"}}', {"content-type": "application/json; charset=utf-8"}),
        ("POST", "", b' {"fields": {"TITLE": "A"}}', {}),
        ("POST", "", b'{"FIELDS": {"title": "A"}}', JSON),
        ("POST", "bx24_request_id=7", b'{"fields": {"TITLE": "A"}}', JSON),
        (
            "POST",
            "",
            multipart(**{"fields[TITLE]": "A"}),
            {"content-type": f"multipart/form-data; boundary={BOUNDARY}"},
        ),
    ],
)
def test_a_call_means_the_same_in_every_encoding(portal, sent, verb, query, body, headers):
    status, answer = sent(verb, "crm.company.add", query, body, headers)
    assert (status, answer["result"]) == (200, 1)
    assert portal.records()["company"]["1"]["TITLE"] == "A"


@pytest.mark.parametrize(
    "path",
    [
        "server.time",
        "server.time/",
        "server.time.json",
        "Server.Time",
        "SERVER.TIME.JSON",
        "/server.time",
        "//server.time//",
    ],
)
def test_a_method_is_found_under_every_form_of_its_address(sent, path):
    status, answer = sent("GET", path)
    assert status == 200
    assert answer["result"].startswith("2025-11-03T09:00:00")


def test_an_application_may_double_the_slashes_too(app):
    request = Request("POST", "//rest//server.time.json/", f"auth={app.token}")
    assert app.portal.answer(request).status == 200


def test_query_and_body_are_read_together_and_the_body_counts(sent, company):
    company("Первая")
    company("Вторая")
    _, answer = sent("POST", "crm.company.list", "select[]=ID&filter[ID]=1", b"filter[ID]=2", FORM)
    assert answer["result"] == [{"ID": "2"}]


def test_a_body_of_a_get_is_not_read(app):
    """So a GET with its token in JSON lacks authorization (observed: b24pysdk)."""
    body = json.dumps({"auth": app.token}).encode()
    reply = app.portal.answer(Request("GET", "/rest/server.time", "", JSON, body))
    assert reply.status == 401
    assert json.loads(reply.body)["error"] == "NO_AUTH_FOUND"


def test_brackets_nest_and_number_as_in_php(portal, sent):
    sent(
        "POST",
        "crm.company.add",
        "",
        "fields[TITLE]=A&fields[PHONE][0][VALUE]=%2B74951234567&fields[PHONE][0][VALUE_TYPE]=WORK"
        "&fields[PHONE][n1][VALUE]=+79161234567",
        FORM,
    )
    phones = portal.records()["company"]["1"]["PHONE"]
    assert [value["VALUE"] for value in phones] == ["+74951234567", "79161234567"]


@pytest.mark.parametrize("key", ["filter[>ID]", "filter%5B%3EID%5D", f"filter[{quote('>ID')}]"])
def test_operators_arrive_raw_and_encoded(sent, company, key):
    for title in "АБВ":
        company(title)
    _, answer = sent("GET", "crm.company.list", f"{key}=1&order[ID]=DESC&select[]=ID")
    assert answer["result"] == [{"ID": "3"}, {"ID": "2"}]


def test_a_raw_equals_sign_in_a_name_loses_the_condition_as_it_does_in_php(sent, company):
    for title in "АБ":
        company(title)
    assert sent("GET", "crm.company.list", "filter[>%3DID]=2")[1]["total"] == 1
    assert sent("GET", "crm.company.list", "filter[>=ID]=2")[1]["total"] == 2


def test_an_explicit_empty_array_is_no_scalar(sent, company):
    company()
    assert sent("GET", "crm.company.list", "order[]=&filter[]=")[1]["total"] == 1
    status, answer = sent(
        "POST", "crm.company.list", "", b'{"order": [], "filter": [], "select": []}', JSON
    )
    assert (status, answer["total"]) == (200, 1)


def test_cyrillic_arrives_raw_and_encoded(portal, sent):
    title = "Рога и копыта"
    sent("POST", "crm.company.add", "", f"fields[TITLE]={title}", FORM)
    sent("POST", "crm.company.add", "", f"fields[TITLE]={quote(title)}", FORM)
    assert [row["TITLE"] for row in portal.records()["company"].values()] == [title, title]


def test_a_broken_body_says_nothing(sent):
    status, answer = sent("POST", "crm.company.get", "", b'{"id": 1', JSON)
    assert (status, answer["error_description"]) == (400, "ID is not defined or invalid.")


@pytest.mark.parametrize("path", ["/", "/company/personal/", "/oauth/authorize/"])
def test_an_address_outside_rest_is_a_page_that_is_not_there(portal, path):
    reply = portal.answer(Request("GET", path))
    assert reply.status == 404
    assert reply.content_type.startswith("text/html")


def test_xml_answers_are_not_emulated_and_say_so(sent):
    status, answer = sent("GET", "server.time.xml")
    assert (status, answer["error"]) == (404, "ERROR_METHOD_NOT_FOUND")
