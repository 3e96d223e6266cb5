"""The plain style of PHP: forms with brackets, sent by the curl program and by PHP itself."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from b24_emulator import sample
from b24_emulator.connection_key import facts_of

pytestmark = [pytest.mark.clients, pytest.mark.guests, pytest.mark.sockets]

PROGRAM = Path(__file__).parent / "guests" / "form.php"
TITLE = "Рога & Копыта #1 = 100% + «ё»"


@pytest.fixture(scope="module")
def filled(behind_tls):
    with behind_tls(limits="box") as portal:
        sample.fill(portal, 120)
        yield portal


def built(params, prefix=""):
    """Pairs as PHP's http_build_query names them."""
    items = params.items() if isinstance(params, dict) else enumerate(params)
    for key, value in items:
        name = f"{prefix}[{key}]" if prefix else str(key)
        if isinstance(value, dict | list):
            yield from built(value, name)
        else:
            yield name, str(value)


@pytest.fixture
def by_curl(filled, curl, authority):
    """Sends a form by curl, encoded by curl itself."""

    def send(method, params):
        pairs = [
            text
            for name, value in built(params)
            for text in ("--data-urlencode", f"{name}={value}")
        ]
        url = f"{filled.origin}{filled.webhook_path}{method}.json"
        return curl("--cacert", str(authority.ca_file), *pairs, url)

    return send


@pytest.fixture
def by_php(filled, php_guest, authority):
    def does(**told):
        root = f"{filled.origin}{filled.webhook_path}"
        return php_guest(PROGRAM, {"root": root, "ca_file": str(authority.ca_file), **told})

    return does


def company(title, *phones):
    lines = [{"VALUE": phone, "VALUE_TYPE": "WORK"} for phone in phones]
    return {"fields": {"TITLE": title, "PHONE": lines}, "params": {"REGISTER_SONET_EVENT": "N"}}


def texts_of(row):
    return [row["TITLE"], *(phone["VALUE"] for phone in row["PHONE"])]


def held(portal, number):
    return portal.records()["company"][str(number)]


def test_curl_writes_nested_fields_and_filters_by_a_list(filled, by_curl):
    number = by_curl("crm.company.add", company(TITLE, "+74951", "+74952"))["result"]
    assert texts_of(held(filled, number)) == [TITLE, "+74951", "+74952"]
    asked = {
        "filter": {"@ID": [1, 2, number], "!TITLE": "Нет"},
        "order": {"ID": "DESC"},
        "select": ["ID", "TITLE"],
    }
    answer = by_curl("crm.company.list", asked)
    assert [row["ID"] for row in answer["result"]] == [str(number), "2", "1"]
    assert set(answer["result"][0]) == {"ID", "TITLE"}


def test_curl_sends_a_batch_whose_commands_are_encoded_once_more(filled, by_curl):
    add = "crm.company.add?" + urlencode(list(built(company(TITLE, "+74953"))))
    answer = by_curl(
        "batch", {"halt": 0, "cmd": {"one": add, "two": "crm.company.get?id=$result[one]"}}
    )
    results = answer["result"]["result"]
    assert texts_of(results["two"]) == [TITLE, "+74953"]
    assert held(filled, results["one"])["TITLE"] == TITLE


def test_php_writes_reads_and_is_refused(filled, by_php):
    asked = {"filter": {">ID": 100}, "select": ["ID", "TITLE"], "start": 0}
    calls = [
        {"method": "crm.company.add", "params": company(TITLE, "+74954")},
        {"method": "crm.company.list", "params": asked},
        {"method": "crm.company.get", "params": {"id": 10**6}},
    ]
    added, listed, refused = by_php(calls=calls)["calls"]
    assert texts_of(held(filled, added["said"]["result"])) == [TITLE, "+74954"]
    expected = [number for number in filled.records()["company"] if int(number) > 100]
    assert [row["ID"] for row in listed["said"]["result"]] == expected[:50]
    assert (refused["status"], refused["said"]["error_description"]) == (400, "Not found")


def test_php_sends_a_batch_by_names_with_references(filled, by_php):
    batch = {
        "firm": {"method": "crm.company.add", "params": company(TITLE, "+74955")},
        "person": {
            "method": "crm.contact.add",
            "params": {"fields": {"NAME": "Пётр", "COMPANY_ID": "$result[firm]"}},
        },
        "lost": {"method": "crm.nothing.get"},
    }
    answer = by_php(batch=batch)["batch"]["result"]
    number = str(answer["result"]["firm"])
    assert texts_of(held(filled, number)) == [TITLE, "+74955"]
    person = filled.records()["contact"][str(answer["result"]["person"])]
    assert person["COMPANY_ID"] == number
    assert answer["result_error"]["lost"]["error"] == "ERROR_METHOD_NOT_FOUND"


def test_php_renews_its_token_and_calls_as_an_application(filled, by_php):
    facts = facts_of(filled.install_app())
    names = ("client_id", "client_secret", "refresh_token")
    params = {"grant_type": "refresh_token", **{name: facts[name] for name in names}}
    answer = by_php(
        root=f"{filled.origin}/rest/",
        oauth={"url": f"{filled.origin}/oauth/token/", "params": params},
        calls=[{"method": "crm.company.add", "params": company("От приложения")}],
    )
    number = answer["calls"][0]["said"]["result"]
    assert held(filled, number)["TITLE"] == "От приложения"
    assert answer["renewed"]["refresh_token"] != facts["refresh_token"]
    assert filled.ledger.touches[-1].actor == f"app:{facts['client_id']}"
