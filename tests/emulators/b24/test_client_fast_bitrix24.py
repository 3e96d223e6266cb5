"""The real fast_bitrix24, unpatched, over TLS with a certificate that it checks."""

import asyncio
import ssl
import threading
from contextlib import contextmanager
from dataclasses import replace

import aiohttp
import pytest
from fast_bitrix24 import BitrixAsync

from b24_emulator import sample
from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.serve import serve

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

RECORDS = 2_600


@contextmanager
def served(portal, authority):
    lock = threading.RLock()
    with serve(build_app(portal, lock), tls_port=0, authority=authority, lock=lock) as running:
        yield running


@pytest.fixture(scope="module")
def filled(authority):
    """A portal of over two thousand companies behind TLS; these tests only add to it."""
    portal = Portal(WallClock(), limits="box")
    sample.fill(portal, RECORDS)
    with served(portal, authority) as running:
        portal.origin = running.tls_url
        yield portal


def connected(portal, authority, deed):
    """Run one deed of the client, connected the way its documents say."""

    async def run():
        context = ssl.create_default_context(cafile=str(authority.ca_file))
        connector = aiohttp.TCPConnector(ssl=context)
        async with aiohttp.ClientSession(connector=connector, raise_for_status=True) as session:
            webhook = f"{portal.origin}{portal.webhook_path}"
            return await deed(BitrixAsync(webhook, verbose=False, client=session))

    return asyncio.run(run())


@pytest.fixture
def client_does(filled, authority):
    return lambda deed: connected(filled, authority, deed)


def ids_and_titles(rows):
    return {row["ID"]: row["TITLE"] for row in rows}


def test_get_all_brings_every_company_once(filled, client_does):
    rows = client_does(lambda client: client.get_all("crm.company.list"))
    held = filled.records()["company"]
    assert len(rows) == len(held) >= 2_000
    assert ids_and_titles(rows) == ids_and_titles(held.values())


def test_get_all_brings_every_contact_and_requisite(filled, client_does):
    for entity in ("contact", "requisite"):
        rows = client_does(lambda client, name=entity: client.get_all(f"crm.{name}.list"))
        assert {row["ID"] for row in rows} == set(filled.records()[entity])
    assert sum(len(filled.records()[entity]) for entity in ("company", "contact")) >= RECORDS


def test_get_all_by_a_filter_brings_what_the_filter_names(filled, client_does):
    asked = {"filter": {">ID": 100, "<=ID": 321}, "select": ["ID", "TITLE", "PHONE"]}
    rows = client_does(lambda client: client.get_all("crm.company.list", asked))
    held = filled.records()["company"]
    assert sorted(int(row["ID"]) for row in rows) == list(range(101, 322))
    assert all(row["PHONE"] == held[row["ID"]]["PHONE"] for row in rows)


def test_call_with_several_adds_makes_each_of_them(filled, client_does):
    before = set(filled.records()["company"])
    titles = [f"Новая {number} & сыновья" for number in range(70)]
    items = [{"fields": {"TITLE": title}} for title in titles]
    numbers = client_does(lambda client: client.call("crm.company.add", items))
    held = filled.records()["company"]
    # Two batches run side by side, and the client joins them as they come back.
    assert sorted(held[str(number)]["TITLE"] for number in numbers) == sorted(titles)
    assert set(held) - before == {str(number) for number in numbers}


def test_call_within_one_batch_keeps_the_order_of_its_items(filled, client_does):
    titles = [f"По порядку {number}" for number in range(12)]
    items = [{"fields": {"TITLE": title}} for title in titles]
    numbers = client_does(lambda client: client.call("crm.company.add", items))
    held = filled.records()["company"]
    assert [held[str(number)]["TITLE"] for number in numbers] == titles


def test_call_with_several_updates_changes_each_of_them(filled, client_does):
    numbers = [filled.act("crm.company.add", {"fields": {"TITLE": "Старая"}}) for _ in range(70)]
    items = [{"ID": n, "fields": {"TITLE": f"Новее & лучше {n}"}} for n in numbers]
    done = client_does(lambda client: client.call("crm.company.update", items))
    held = filled.records()["company"]
    assert list(done) == [True] * 70
    assert [held[str(n)]["TITLE"] for n in numbers] == [f"Новее & лучше {n}" for n in numbers]


def test_call_with_over_five_hundred_items_does_all_of_them(filled, client_does):
    titles = {f"Из шестисот {number}" for number in range(520)}
    items = [{"fields": {"TITLE": title}} for title in titles]
    numbers = client_does(lambda client: client.call("crm.company.add", items))
    held = filled.records()["company"]
    assert len(numbers) == 520
    assert {held[str(number)]["TITLE"] for number in numbers} == titles


def test_call_with_one_item_answers_its_result_alone(filled, client_does):
    fields = {"TITLE": "Одна", "PHONE": [{"VALUE": "+74951234567", "VALUE_TYPE": "WORK"}]}
    number = client_does(lambda client: client.call("crm.company.add", {"fields": fields}))
    row = filled.records()["company"][str(number)]
    assert (row["TITLE"], row["PHONE"][0]["VALUE"]) == ("Одна", "+74951234567")


def test_get_by_id_brings_each_record_under_its_number(filled, client_does):
    numbers = list(range(1, 121))
    found = client_does(lambda client: client.get_by_ID("crm.company.get", numbers))
    held = filled.records()["company"]
    titles = {str(number): row["TITLE"] for number, row in found.items()}
    assert titles == {str(number): held[str(number)]["TITLE"] for number in numbers}


def test_call_batch_brings_the_answers_by_the_names_of_the_commands(filled, client_does):
    commands = {"first": "crm.company.get?ID=1", "same": "crm.company.get?ID=$result[first][ID]"}
    answer = client_does(lambda client: client.call_batch({"halt": 0, "cmd": commands}))
    assert answer["first"]["TITLE"] == filled.records()["company"]["1"]["TITLE"]
    assert answer["same"]["ID"] == "1"


def test_a_client_that_does_not_know_the_authority_does_not_get_in(filled):
    async def stranger():
        async with aiohttp.ClientSession() as session:
            await session.get(f"{filled.origin}{filled.webhook_path}profile")

    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        asyncio.run(stranger())


def test_the_client_waits_until_a_full_bucket_lets_it_in(authority):
    portal = Portal(WallClock())
    for title in "АБВ":
        portal.act("crm.company.add", {"fields": {"TITLE": title}})
    # Half a call a second: on a slow machine, too, the first call finds the bucket full.
    portal.limits = replace(portal.limits, drain_per_s=0.5)
    with served(portal, authority) as running:
        portal.origin = running.tls_url
        for _ in range(portal.limits.threshold):
            portal.answer(Request("GET", portal.webhook_path + "server.time"))
        rows = connected(portal, authority, lambda client: client.get_all("crm.company.list"))
    assert [row["TITLE"] for row in rows] == ["А", "Б", "В"]
    refused = [line for line in portal.calls.lines if line.status == 503]
    assert {line.error for line in refused} == {"QUERY_LIMIT_EXCEEDED"}
