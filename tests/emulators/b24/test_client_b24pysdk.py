"""The vendor's own SDK for Python, unpatched, over TLS with a certificate that it checks.

It builds only https addresses and knows the OAuth server's name by heart; names are led here by
the resolver of this process, as a line in the hosts file would, and the port with it.
"""

import socket
import threading
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from b24pysdk import Client
from b24pysdk.credentials import BitrixApp, BitrixToken, BitrixWebhook, OAuthEventData
from b24pysdk.errors import BitrixAPIError, BitrixAPIInvalidCredentials, BitrixAPIOverloadLimit
from b24pysdk.errors.oauth import BitrixOAuthInvalidGrant

from b24_emulator import sample
from b24_emulator.connection_key import facts_of
from b24_emulator.decode import OAUTH_HOSTS
from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

RECORDS = 220
OAUTH_HOST = "oauth.bitrix24.tech"
HTTPS_PORT = 443


@pytest.fixture(autouse=True)
def trusted(monkeypatch, authority):
    """What a person sets so that the SDK trusts the local authority."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    monkeypatch.setenv("NO_PROXY", "*")


@contextmanager
def served(portal, authority):
    lock = threading.RLock()
    options = {"tls_port": 0, "authority": authority, "tls_names": OAUTH_HOSTS, "lock": lock}
    with serve(build_app(portal, lock), clock=portal.clock, **options) as running:
        portal.origin = running.tls_url
        yield portal


@pytest.fixture(scope="module")
def filled(authority):
    """A portal with over three pages of clients; these tests only add to it."""
    portal = Portal(WallClock(), limits="box", pace=0.1)
    sample.fill(portal, RECORDS)
    with served(portal, authority) as running:
        yield running


@pytest.fixture
def fresh(authority):
    """A portal of its own for a test that spoils it."""
    with served(Portal(WallClock(), pace=0.1), authority) as running:
        yield running


def domain(portal):
    return portal.origin.removeprefix("https://")


def by_webhook(portal):
    return BitrixWebhook(
        domain=domain(portal), webhook_token=f"{portal.webhook.user_id}/{portal.webhook.secret}"
    )


@pytest.fixture
def led_home(monkeypatch):
    """Leads the usual port of https to a portal's listener, whatever the name.

    The OAuth server's address has no port, and the SDK drops that of an event's portal.
    """
    resolve = socket.getaddrinfo

    def lead(portal):
        port = int(portal.origin.rpartition(":")[2])

        def found(host, asked_port, *rest, **named):
            here = ("127.0.0.1", port) if asked_port == HTTPS_PORT else (host, asked_port)
            return resolve(*here, *rest, **named)

        monkeypatch.setattr(socket, "getaddrinfo", found)

    return lead


def by_app(portal, **changes):
    """The SDK's token out of a connection key, as yet without an access token that lives."""
    facts = facts_of(portal.install_app()) | changes
    application = BitrixApp(client_id=facts["client_id"], client_secret=facts["client_secret"])
    return BitrixToken(
        domain=domain(portal),
        auth_token="",
        refresh_token=facts["refresh_token"],
        bitrix_app=application,
    )


@pytest.fixture
def connect(led_home):
    """Connects as the application and gets its first access token."""

    def make(portal):
        led_home(portal)
        token = by_app(portal)
        token.refresh_and_set_oauth_token()
        return token

    return make


def held(portal, entity):
    return portal.records()[entity]


@pytest.mark.parametrize("entity", ["company", "contact"])
@pytest.mark.parametrize("way", ["as_list", "as_list_fast"])
def test_a_list_over_several_pages_is_what_the_portal_holds(filled, entity, way):
    request = getattr(Client(by_webhook(filled)).crm, entity).list(select=["*"])
    rows = list(getattr(request, way)().result)
    assert {row["ID"] for row in rows} == set(held(filled, entity))
    assert len(rows) == len(held(filled, entity))
    names = {"company": ("TITLE",), "contact": ("NAME", "LAST_NAME")}[entity]
    for row in rows:
        kept = held(filled, entity)[row["ID"]]
        assert [row[name] for name in names] == [kept[name] for name in names]


def test_the_lists_are_longer_than_three_pages(filled):
    assert len(held(filled, "company")) > 150
    listed = Client(by_webhook(filled)).crm.company.list().response
    assert (listed.total, listed.next) == (len(held(filled, "company")), 50)


def test_a_record_that_it_writes_is_held_and_read_back(filled):
    crm = Client(by_webhook(filled)).crm
    phone = {"VALUE": "+74951234567", "VALUE_TYPE": "WORK"}
    fields = {"TITLE": "Рога & Копыта #1 = 100%", "PHONE": [phone]}
    number = crm.company.add(fields).result
    row = held(filled, "company")[str(number)]
    assert (row["TITLE"], row["PHONE"][0]["VALUE"]) == (fields["TITLE"], phone["VALUE"])
    value = row["PHONE"][0]["ID"]
    changed = {"TITLE": "Копыта", "PHONE": [{"ID": value, "VALUE": "+74957654321"}]}
    assert crm.company.update(bitrix_id=number, fields=changed).result is True
    row = held(filled, "company")[str(number)]
    assert (row["TITLE"], [phone["VALUE"] for phone in row["PHONE"]]) == (
        "Копыта",
        ["+74957654321"],
    )
    assert crm.company.get(bitrix_id=number).result["TITLE"] == "Копыта"
    person = crm.contact.add({"NAME": "Иван", "COMPANY_ID": number}).result
    assert held(filled, "contact")[str(person)]["COMPANY_ID"] == str(number)
    assert crm.contact.get(bitrix_id=person).result["NAME"] == "Иван"
    assert crm.contact.delete(bitrix_id=person).result is True
    assert str(person) not in held(filled, "contact")


def test_a_batch_does_its_commands_and_uses_earlier_answers(filled):
    token = by_webhook(filled)
    commands = {
        "firm": ("crm.company.add", {"fields": {"TITLE": "Пакет & сын"}}),
        "person": (
            "crm.contact.add",
            {"fields": {"NAME": "Пётр", "COMPANY_ID": "$result[firm]"}},
        ),
        "gone": ("crm.company.get", {"id": 10**6}),
    }
    answer = token.call_batch(commands)["result"]
    firm, person = str(answer["result"]["firm"]), str(answer["result"]["person"])
    assert held(filled, "company")[firm]["TITLE"] == "Пакет & сын"
    assert held(filled, "contact")[person]["COMPANY_ID"] == firm
    assert answer["result_error"]["gone"]["error_description"] == "Not found"


def test_more_commands_than_a_batch_takes_are_all_done(filled):
    token = by_webhook(filled)
    before = len(held(filled, "company"))
    titles = [f"Пачка {number}" for number in range(120)]
    commands = [("crm.company.add", {"fields": {"TITLE": title}}) for title in titles]
    answer = token.call_batches(commands)["result"]["result"]
    numbers = list(answer.values()) if isinstance(answer, dict) else answer
    assert [held(filled, "company")[str(number)]["TITLE"] for number in numbers] == titles
    assert len(held(filled, "company")) == before + 120


def test_an_application_gets_in_by_its_key_and_reads_and_writes(filled, connect):
    token = connect(filled)
    assert token.auth_token in filled.access.access_tokens
    crm = Client(token).crm
    number = crm.company.add({"TITLE": "От приложения"}).result
    assert held(filled, "company")[str(number)]["TITLE"] == "От приложения"
    rows = crm.contact.list().as_list().result
    assert {row["ID"] for row in rows} == set(held(filled, "contact"))
    (client_id,) = filled.access.applications
    assert filled.ledger.touches[-1].actor == f"app:{client_id}"


def test_an_expired_token_is_refreshed_and_the_call_repeated(fresh, connect):
    token = connect(fresh)
    expired, refresh_token = token.auth_token, token.refresh_token
    fresh.clock.advance(3600)
    number = Client(token).crm.company.add({"TITLE": "После часа"}).result
    assert list(held(fresh, "company")) == [str(number)]
    assert token.auth_token != expired
    assert token.refresh_token != refresh_token
    codes = [line.error for line in fresh.calls.lines if line.name == "crm.company.add"]
    assert codes == ["expired_token", ""]


def test_the_refresh_names_the_oauth_server_and_the_portal_by_https(fresh, connect):
    token = connect(fresh)
    renewed = token.refresh_oauth_token()
    assert renewed.server_endpoint == f"https://{OAUTH_HOST}/rest/"
    assert renewed.client_endpoint == f"{fresh.origin}/rest/"
    assert renewed.client_endpoint.startswith("https://")
    assert renewed.member_id == fresh.access.member_id
    assert renewed.validate_against_app_info(token.get_app_info().result)


def test_a_refresh_token_of_nobody_is_refused_in_the_oauth_servers_words(fresh, led_home):
    led_home(fresh)
    with pytest.raises(BitrixOAuthInvalidGrant):
        by_app(fresh, refresh_token="0" * 70).refresh_oauth_token()


def test_an_event_is_read_by_the_sdk_and_its_token_works(fresh, connect):
    came = []
    fresh.courier = lambda url, body, headers: came.append(body.decode())
    token = connect(fresh)
    handler = "https://handler.example/"
    bound = token.call_method("event.bind", {"event": "ONCRMCOMPANYADD", "handler": handler})
    assert bound["result"] is True
    number = fresh.act("crm.company.add", {"fields": {"TITLE": "Ромашка"}})
    fresh.clock.advance(10)
    event = OAuthEventData.from_dict(dict(parse_qsl(came[0])))
    assert (event.event, event.data) == ("ONCRMCOMPANYADD", {"FIELDS": {"ID": str(number)}})
    assert event.is_system is False
    assert event.validate_against_app_info(token.get_app_info().result)
    own = BitrixToken.from_oauth_event_data(event, token.bitrix_app)
    assert Client(own).crm.company.get(bitrix_id=number).result["TITLE"] == "Ромашка"


def test_refusals_come_as_the_sdks_own_errors(fresh):
    wrong = BitrixWebhook(domain=domain(fresh), webhook_token="1/wrong")
    with pytest.raises(BitrixAPIInvalidCredentials):
        Client(wrong).crm.company.list().response  # noqa: B018  # the property calls
    with pytest.raises(BitrixAPIError, match="Not found"):
        Client(by_webhook(fresh)).crm.company.get(bitrix_id=99).response  # noqa: B018


def test_the_sdk_gives_up_on_an_overloaded_portal_after_three_tries(fresh, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    fresh.act("portal.block", {"why": "overload"})
    with pytest.raises(BitrixAPIOverloadLimit):
        Client(by_webhook(fresh)).crm.company.list().response  # noqa: B018
    assert [line.status for line in fresh.calls.lines] == [503] * 3
