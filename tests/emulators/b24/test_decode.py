"""One call in all the forms in which clients send it."""

import json

import pytest

from b24_emulator import multipart, php
from b24_emulator.decode import decode
from sverka_emulator_kit.messages import Request

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
JSON_UTF_8 = {"content-type": "application/json;charset=utf-8"}
TITLE = "Рога & Копыта + 100%"
ENCODED = "%D0%A0%D0%BE%D0%B3%D0%B0%20%26%20%D0%9A%D0%BE%D0%BF%D1%8B%D1%82%D0%B0%20%2B%20100%25"


@pytest.fixture
def asks(portal):
    """Sends one raw request to the webhook's door."""

    def send(path="profile", query="", body="", headers=FORM, verb="POST"):
        sent = body if isinstance(body, bytes) else body.encode()
        return portal.answer(Request(verb, portal.webhook_path + path, query, headers, sent))

    return send


def titles(portal):
    return [row["TITLE"] for row in portal.records()["company"].values()]


@pytest.mark.parametrize(
    "path",
    [
        "server.time",
        "server.time.json",
        "server.time/",
        "server.time.json/",
        "/server.time",
        "Server.TIME",
        "SERVER.TIME.JSON",
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_method_may_be_written_in_any_form(asks, path, verb):
    reply = asks(path, verb=verb)
    assert reply.status == 200
    assert "result" in json.loads(reply.body)


def test_slashes_may_be_doubled_anywhere(portal):
    path = portal.webhook_path.replace("/", "//") + "server.time"
    assert portal.answer(Request("POST", path)).status == 200


def test_an_application_may_double_the_slash_after_rest(app, portal):
    sent = json.dumps({"auth": app.token}).encode()
    reply = portal.answer(Request("POST", "/rest//server.time", "", JSON, sent))
    assert reply.status == 200


def test_nothing_is_answered_with_a_redirect(asks, portal):
    doubtful = ["server.time/", "//server.time", "", "no.such.method/"]
    assert all(asks(path).status not in range(300, 400) for path in doubtful)
    assert portal.answer(Request("GET", "/rest")).status == 401


@pytest.mark.parametrize(
    ("query", "body", "headers"),
    [
        (f"fields[TITLE]={ENCODED}", "", FORM),
        (f"fields%5BTITLE%5D={ENCODED}", "", {}),
        ("", f"fields[TITLE]={ENCODED}", FORM),
        ("", f"fields[title]={ENCODED}", FORM),
        ("", f"FIELDS[TITLE]={ENCODED.replace('%20', '+')}", FORM),
        ("", json.dumps({"fields": {"TITLE": TITLE}}), JSON),
        ("", json.dumps({"FIELDS": {"title": TITLE}}, ensure_ascii=False), JSON),
        ("", json.dumps({"fields": {"TITLE": TITLE}}), {}),
        ("", json.dumps({"fields": {"TITLE": TITLE}}), JSON_UTF_8),
        ("bx24_request_id=1&x[]=2", f"fields[TITLE]={ENCODED}&", FORM),
        ("fields[TITLE]=запрос", f"fields[TITLE]={ENCODED}", FORM),
    ],
)  # fmt: skip
def test_arguments_arrive_whatever_carries_them(asks, portal, query, body, headers):
    assert asks("crm.company.add", query, body, headers).status == 200
    assert titles(portal) == [TITLE]


def test_a_get_carries_its_arguments_in_the_query(asks, portal):
    assert asks("crm.company.add", f"fields[TITLE]={ENCODED}", verb="GET").status == 200
    assert titles(portal) == [TITLE]


MULTIPART = {"content-type": "multipart/form-data; boundary=XX"}


def part(name, content, disposition="", headers=""):
    head = f'--XX\r\nContent-Disposition: form-data; name="{name}"{disposition}\r\n{headers}\r\n'
    return head.encode() + (content if isinstance(content, bytes) else content.encode()) + b"\r\n"


def parts(*sent):
    return b"".join(sent) + b"--XX--\r\n"


def decoded(portal, body, headers=MULTIPART):
    path = portal.webhook_path + "crm.company.add"
    return decode(Request("POST", path, "", headers, body))


def test_arguments_arrive_as_multipart(asks, portal):
    body = parts(
        part("fields[TITLE]", TITLE),
        part("fields[OPENED]", "N"),
        part("fields[PHONE][0][VALUE]", "+74951112233"),
        part("fields[PHONE][][VALUE]", "+74954445566", headers="Content-Type: text/plain\r\n"),
        part("fields[COMMENTS]", "одна строка\r\nи другая\r\n"),
    )
    assert asks("crm.company.add", "", body, MULTIPART).status == 200
    (row,) = portal.records()["company"].values()
    assert (row["TITLE"], row["OPENED"]) == (TITLE, "N")
    assert [value["VALUE"] for value in row["PHONE"]] == ["+74951112233", "+74954445566"]
    assert row["COMMENTS"] == "одна строка\r\nи другая\r\n"


def test_a_part_is_taken_as_it_stands_and_not_decoded_by_its_headers(asks, portal):
    encoding = "Content-Transfer-Encoding: base64\r\n"
    body = parts(part("fields[TITLE]", "0KDQvtCz0LA=", headers=encoding))
    asks("crm.company.add", "", body, MULTIPART)
    assert titles(portal) == ["0KDQvtCz0LA="]


def test_a_file_is_no_argument(asks, portal):
    body = parts(
        part("fields[TITLE]", TITLE),
        part("fields[COMMENTS]", "тайна", '; filename="a.txt"'),
    )
    assert asks("crm.company.add", "", body, MULTIPART).status == 200
    (row,) = portal.records()["company"].values()
    assert (row["TITLE"], row["COMMENTS"]) == (TITLE, None)


def test_a_file_is_kept_apart_in_the_form_that_php_gives_it(portal):
    content = bytes(range(256)) + b"\r\n--X"
    png = "Content-Type: image/png\r\n"
    asked = decoded(portal, parts(part("logo", content, '; filename="я.png"', png)))
    facts = {"name": "я.png", "type": "image/png", "content": content, "error": 0, "size": 261}
    assert asked.files == {"logo": facts}
    assert asked.params == {}


def test_subscripts_of_files_come_after_their_facts_as_in_php(portal):
    sent = [part(f"doc[{name}][]", name, f'; filename="{name}"') for name in ("a", "b")]
    files = decoded(portal, parts(*sent)).files
    assert files["doc"]["name"] == {"a": ["a"], "b": ["b"]}
    assert files["doc"]["content"] == {"a": [b"a"], "b": [b"b"]}


def test_an_input_for_a_file_that_was_left_empty_says_error_4(portal):
    files = decoded(portal, parts(part("logo", "", '; filename=""'))).files
    assert (files["logo"]["error"], files["logo"]["size"]) == (4, 0)


@pytest.mark.parametrize("end", [b"--XX", b"--XX\r\n", b"--XX--"])
def test_a_last_part_counts_once_its_boundary_has_come(asks, portal, end):
    asks("crm.company.add", "", part("fields[TITLE]", TITLE) + end, MULTIPART)
    assert titles(portal) == [TITLE]


def test_a_last_part_that_was_cut_is_left_out(portal):
    cut = part("id", "1") + part("fields[TITLE]", TITLE)
    assert decoded(portal, cut).params == {"id": "1"}


@pytest.mark.parametrize(
    "body",
    [b"", b"--XX", b"--XX\r\n\r\nx\r\n--XX--", parts(b"--XX\r\nX: \xff\r\n\r\nx\r\n"), b"\xff"],
)
@pytest.mark.parametrize("kind", ["multipart/form-data", MULTIPART["content-type"]])
def test_broken_parts_are_no_arguments(asks, portal, body, kind):
    assert decoded(portal, body, {"content-type": kind}).params == {}
    reply = asks("crm.company.get", "", body, {"content-type": kind})
    assert json.loads(reply.body)["error_description"] == "ID is not defined or invalid."


def test_a_json_body_is_read_for_post_only(app, portal):
    sent = json.dumps({"auth": app.token}).encode()
    reply = portal.answer(Request("GET", "/rest/server.time", "", JSON, sent))
    assert reply.status == 401
    assert json.loads(reply.body)["error"] == "NO_AUTH_FOUND"


def test_a_token_may_stand_in_the_query_beside_a_body(app, portal):
    body = json.dumps({"fields": {"TITLE": TITLE}}).encode()
    request = Request("POST", "/rest/crm.company.add", f"auth={app.token}", JSON, body)
    assert portal.answer(request).status == 200
    assert titles(portal) == [TITLE]


def test_query_and_body_are_read_together(asks, hook, company):
    company("А")
    company("Б")
    reply = asks("crm.company.list", "filter[>ID]=1", json.dumps({"select": ["TITLE"]}), JSON)
    assert json.loads(reply.body)["result"] == [{"ID": "2", "TITLE": "Б"}]


def test_nested_brackets_make_rows_and_empty_ones_count_themselves(asks, portal):
    sent = "fields[PHONE][0][VALUE]=%2B7495&fields[EMAIL][][VALUE]=a@b.example"
    asks("crm.company.add", "", sent)
    (row,) = portal.records()["company"].values()
    assert row["PHONE"][0]["VALUE"] == "+7495"
    assert row["EMAIL"][0]["VALUE"] == "a@b.example"


@pytest.mark.parametrize(
    "query",
    [
        "filter[ID][]=1&filter[ID][]=3",
        "filter[@ID][0]=1&filter[@ID][1]=3",
        "filter%5B%40ID%5D%5B%5D=1&filter%5B%40ID%5D%5B%5D=3",
        "FILTER[ID][5]=1&FILTER[ID][9]=3",
    ],
)
def test_a_list_of_values_may_be_written_in_any_form(asks, company, query):
    for title in "АБВ":
        company(title)
    rows = json.loads(asks("crm.company.list", query, verb="GET").body)["result"]
    assert [row["ID"] for row in rows] == ["1", "3"]


@pytest.mark.parametrize("nothing", ["order[]=", "filter=", "select[]=", "order=&filter=&select="])
def test_empty_arrays_are_nothing(asks, company, nothing):
    company("А")
    reply = asks("crm.company.list", "", nothing)
    assert [row["TITLE"] for row in json.loads(reply.body)["result"]] == ["А"]


def test_empty_json_arrays_stand_for_empty_objects(hook, company):
    company("А")
    empty = {"filter": [], "order": [], "select": []}
    assert hook.listed("crm.company.list", **empty) == ["1"]


@pytest.mark.parametrize("body", ["{broken", "[1, 2", "[7, 8]", '"a text"', "null", "\x00"])
def test_a_broken_body_is_no_arguments(asks, body):
    reply = asks("crm.company.get", "", body, JSON)
    assert reply.status == 400
    assert json.loads(reply.body)["error_description"] == "ID is not defined or invalid."


@pytest.mark.parametrize("sent", ["true", "1", "Y", "True", "yes"])
def test_a_flag_may_be_written_in_any_form(asks, portal, sent):
    asks("crm.company.add", "", f"fields[OPENED]={sent}")
    assert portal.records()["company"]["1"]["OPENED"] == "Y"


@pytest.mark.parametrize("sent", ["false", "0", "N", "False", ""])
def test_a_denied_flag_may_be_written_in_any_form(asks, portal, sent):
    asks("crm.company.add", "", f"fields[OPENED]={sent}")
    assert portal.records()["company"]["1"]["OPENED"] == "N"


def test_values_of_json_are_kept_as_texts(hook):
    fields = {"TITLE": 42, "REVENUE": 1000, "ASSIGNED_BY_ID": 1, "COMMENTS": None}
    hook.result("crm.company.add", {"fields": fields})
    row = hook.result("crm.company.get", {"id": 1})
    shown = [row[name] for name in ("TITLE", "REVENUE", "ASSIGNED_BY_ID", "COMMENTS")]
    assert shown == ["42", "1000.00", "1", None]


def test_an_address_that_is_none_of_the_portals_answers_a_page(portal):
    reply = portal.answer(Request("GET", "/somewhere/else"))
    assert (reply.status, reply.content_type) == (404, "text/html; charset=utf-8")


def test_a_method_without_a_row_is_told_and_never_empty(hook):
    assert hook.refusal("crm.deal.guess") == (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


def test_a_raw_equals_sign_in_a_name_loses_the_condition_as_it_does_in_php(asks, company):
    for title in "АБ":
        company(title)
    totals = [
        json.loads(asks("crm.company.list", query, verb="GET").body)["total"]
        for query in ("filter[>%3DID]=2", "filter[>=ID]=2")
    ]
    assert totals == [1, 2]


@pytest.mark.parametrize(("levels", "total"), [(150, 0), (300, 1), (100_000, 1)])
def test_a_json_body_that_is_nested_too_deep_is_a_broken_one(asks, company, levels, total):
    company()
    deep = "[" * levels + "]" * levels
    reply = asks("crm.company.list", "", f'{{"filter": {{"ID": 99}}, "select": {deep}}}', JSON)
    assert json.loads(reply.body)["total"] == total


def test_of_very_many_parts_the_first_are_read():
    name = b"--x\r\nContent-Disposition: form-data; name=a%d\r\n\r\n1\r\n"
    body = b"".join(name % number for number in range(php.VARIABLES + 9))
    texts, _ = multipart.parsed("multipart/form-data; boundary=x", body + b"--x--\r\n")
    assert len(texts) == php.VARIABLES


def test_a_part_whose_head_has_no_end_is_not_read_but_those_before_it_are():
    name = b"--x\r\nContent-Disposition: form-data; name=%s\r\n"
    broken = (name % b"b") + b"A: b\r\n" * multipart.HEAD_BYTES_MAX
    large = b"1" * multipart.HEAD_BYTES_MAX * 2
    body = (name % b"a") + b"\r\n" + large + b"\r\n" + broken + b"\r\n1\r\n--x--\r\n"
    texts, _ = multipart.parsed("multipart/form-data; boundary=x", body)
    assert texts == {"a": large.decode()}
