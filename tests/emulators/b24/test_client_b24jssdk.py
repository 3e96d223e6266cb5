"""The vendor's own SDK for JavaScript, unpatched, in node, over TLS that it checks."""

from pathlib import Path

import pytest

from b24_emulator import sample
from b24_emulator.connection_key import facts_of
from sverka_emulator_kit.trouble import Refuse

pytestmark = [pytest.mark.clients, pytest.mark.guests, pytest.mark.sockets]

PROGRAM = Path(__file__).parent / "guests" / "b24jssdk.mjs"
PACKAGE = "@bitrix24/b24jssdk@2.2.0"
COMPANY = {"entityTypeId": 4}


@pytest.fixture(scope="module")
def filled(behind_tls):
    """A portal with over three pages of clients; these tests only add to it."""
    with behind_tls(limits="box") as portal:
        sample.fill(portal, 220)
        yield portal


@pytest.fixture(scope="module")
def sdk_does(node_guest, authority):
    """What the SDK makes of one deed, by webhook unless it is told how else to get in."""

    def does(portal, deed, asked, **way):
        told = way or {"webhook": portal.origin + portal.webhook_path}
        told |= {"deed": deed, "asked": asked}
        return node_guest(PACKAGE, PROGRAM, told, NODE_EXTRA_CA_CERTS=str(authority.ca_file))

    return does


def as_app(portal, **changes):
    """How an application gets in whose token is already out of date."""
    facts = facts_of(portal.install_app())
    auth = {
        "applicationToken": "",
        "userId": 1,
        "memberId": facts["member_id"],
        "accessToken": "",
        "refreshToken": facts["refresh_token"],
        "expires": 0,
        "expiresIn": 3600,
        "scope": "crm",
        "domain": portal.origin.removeprefix("https://"),
        "clientEndpoint": f"{portal.origin}/rest/",
        "serverEndpoint": f"{portal.origin}/rest/",
        "status": "L",
    }
    secret = {"clientId": facts["client_id"], "clientSecret": facts["client_secret"]}
    return {"auth": auth | changes, "secret": secret}


def held(portal, entity="company"):
    return portal.records()[entity]


def test_calls_write_read_and_are_refused(filled, sdk_does):
    title = "Рога & Копыта #1 = 100%"
    fields = {"title": title, "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "+749500"}]}
    added, listed, refused, unknown = sdk_does(
        filled,
        "calls",
        [
            {"method": "crm.item.add", "params": {**COMPANY, "fields": fields}},
            {"method": "crm.company.list", "params": {"filter": {"TITLE": title}}},
            {"method": "crm.item.get", "params": {**COMPANY, "id": 10**6}},
            {"method": "crm.nothing.get"},
        ],
    )["answer"]
    number = str(added["result"]["item"]["id"])
    assert (held(filled)[number]["TITLE"], held(filled)[number]["PHONE"][0]["VALUE"]) == (
        title,
        "+749500",
    )
    assert (listed["total"], [row["ID"] for row in listed["result"]]) == (1, [number])
    assert listed["time"]["duration"] > 0
    assert (refused["code"], refused["status"]) == ("NOT_FOUND", 400)
    assert (unknown["code"], unknown["status"]) == ("ERROR_METHOD_NOT_FOUND", 404)


def test_the_sdk_does_not_see_a_refusal_whose_code_is_empty(filled, sdk_does):
    """A limit of this client, seen here: it then shows its own library's error, or success."""
    asked = {"method": "crm.company.get", "params": {"id": 10**6}}
    assert sdk_does(filled, "call", asked)["answer"]["code"] == "ERR_BAD_REQUEST"
    answer = sdk_does(filled, "batch", {"calls": {"gone": asked}})["answer"]
    assert (answer["ok"], answer["data"]) == (True, {})


@pytest.mark.parametrize("way", ["callList", "fetchList"])
def test_lists_of_both_dialects_are_what_the_portal_holds(filled, sdk_does, way):
    titles = {number: row["TITLE"] for number, row in held(filled).items()}
    listed = {"method": "crm.company.list", "params": {"select": ["ID", "TITLE"]}}
    classic = sdk_does(filled, way, listed)["answer"]
    assert {row["ID"]: row["TITLE"] for row in classic} == titles
    items = {"method": "crm.item.list", "params": COMPANY, "idKey": "id"}
    newer = sdk_does(filled, way, {**items, "customKeyForResult": "items"})["answer"]
    assert {str(row["id"]): row["title"] for row in newer} == titles
    assert len(classic) == len(newer) == len(titles) > 150


def test_a_batch_by_names_uses_earlier_answers_and_shows_its_errors(filled, sdk_does):
    calls = {
        "firm": {"method": "crm.company.add", "params": {"fields": {"TITLE": "Пакет & сын"}}},
        "person": [
            "crm.contact.add",
            {"fields": {"NAME": "Пётр", "COMPANY_ID": "$result[firm]"}},
        ],
        "gone": ["crm.item.get", {**COMPANY, "id": 10**6}],
    }
    asked = {"calls": calls, "options": {"isHaltOnError": False}}
    answer = sdk_does(filled, "batch", asked)["answer"]
    firm, person = str(answer["data"]["firm"]), str(answer["data"]["person"])
    assert held(filled)[firm]["TITLE"] == "Пакет & сын"
    assert held(filled, "contact")[person]["COMPANY_ID"] == firm
    assert (answer["ok"], set(answer["data"])) == (False, {"firm", "person"})
    assert len(answer["errors"]) == 1


def test_a_batch_halts_at_its_first_error(filled, sdk_does):
    before = len(held(filled))
    calls = [["crm.nothing.get", {}], ["crm.company.add", {"fields": {"TITLE": "Нет"}}]]
    asked = {"calls": calls, "options": {"isHaltOnError": True}}
    assert sdk_does(filled, "batch", asked)["answer"]["ok"] is False
    assert len(held(filled)) == before


def test_more_commands_than_a_batch_takes_are_all_done_in_order(filled, sdk_does):
    titles = [f"Пачка {number}" for number in range(120)]
    calls = [["crm.company.add", {"fields": {"TITLE": title}}] for title in titles]
    numbers = sdk_does(filled, "batchByChunk", {"calls": calls})["answer"]
    assert [held(filled)[str(number)]["TITLE"] for number in numbers] == titles


def test_an_application_renews_its_token_and_reads_and_writes(filled, sdk_does):
    asked = {"method": "crm.company.add", "params": {"fields": {"TITLE": "От приложения"}}}
    outcome = sdk_does(filled, "call", asked, isAdmin=True, **as_app(filled))
    assert held(filled)[str(outcome["answer"]["result"])]["TITLE"] == "От приложения"
    assert outcome["isAdmin"] is True
    (renewal,) = outcome["renewals"]
    assert renewal["accessToken"] in filled.access.access_tokens
    endpoint = f"{filled.origin}/rest/"
    assert (renewal["clientEndpoint"], renewal["serverEndpoint"]) == (endpoint, endpoint)
    assert filled.ledger.touches[-1].actor == f"app:{next(iter(filled.access.applications))}"


def test_a_token_that_the_portal_calls_expired_is_renewed_and_the_call_repeated(
    behind_tls, sdk_does
):
    with behind_tls() as portal:
        way = as_app(portal, accessToken="0" * 70, expires=4_000_000_000)
        asked = {"method": "crm.company.add", "params": {"fields": {"TITLE": "Один раз"}}}
        outcome = sdk_does(portal, "call", asked, **way)
        assert [row["TITLE"] for row in held(portal).values()] == ["Один раз"]
        assert len(outcome["renewals"]) == 1
        codes = [line.error for line in portal.calls.lines if line.name == "crm.company.add"]
    assert codes == ["invalid_token", ""]


def test_a_call_over_the_limit_is_repeated_until_it_is_let_in(behind_tls, sdk_does):
    with behind_tls() as portal:
        portal.trouble.set(Refuse(), match="crm.company.add", times=1)
        asked = {"method": "crm.company.add", "params": {"fields": {"TITLE": "Один раз"}}}
        number = sdk_does(portal, "call", asked)["answer"]["result"]
        assert list(held(portal)) == [str(number)]
        codes = [line.error for line in portal.calls.lines if line.name == "crm.company.add"]
    assert codes == ["QUERY_LIMIT_EXCEEDED", ""]
