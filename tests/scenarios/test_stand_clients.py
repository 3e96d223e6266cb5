"""`sverka stand --tls` with 2,000 clients, met by real clients that nobody patched."""

import asyncio
import json
import ssl
import subprocess
import sys

import aiohttp
import httpx
import pytest
from fast_bitrix24 import BitrixAsync
from onecdc import ChangeReader, DataReader, MetadataReader

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

SET = "Catalog_Контрагенты"
COMPANIES = 2_000
START = "import typer; from sverka_scenarios.stand import stand; typer.run(stand)"
WORDS = ("--tls", "--companies", str(COMPANIES), "--port", "0", "--onec-port", "0", "--json")


@pytest.fixture(scope="module")
def facts():
    """What the stand prints, while it runs."""
    command = [sys.executable, "-c", START, *WORDS, "--limits", "box"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
        process.wait(timeout=10)


def state(facts: dict, entity: str) -> dict:
    """Records of one system as its control plane shows them."""
    answer = httpx.get(facts["control_url"] + "records", params={"entity": entity}, timeout=30)
    return answer.raise_for_status().json()


def test_fast_bitrix24_reads_what_the_portal_holds_and_its_calls_arrive(facts):
    portal = facts["portal"]

    async def read_and_write() -> tuple[list, object]:
        context = ssl.create_default_context(cafile=portal["ca_file"])
        connector = aiohttp.TCPConnector(ssl=context)
        async with aiohttp.ClientSession(connector=connector, raise_for_status=True) as session:
            client = BitrixAsync(portal["webhook"], verbose=False, client=session)
            rows = [
                *await client.get_all("crm.company.list"),
                *await client.get_all("crm.contact.list"),
            ]
            return rows, await client.call("crm.company.add", {"fields": {"TITLE": "Новая ООО"}})

    rows, added = asyncio.run(read_and_write())
    held = state(portal, "company")
    assert held.pop(str(added))["TITLE"] == "Новая ООО"
    assert len(rows) == COMPANIES
    shown = sorted((row["ID"], row["TITLE"]) for row in rows if "TITLE" in row)
    assert shown == sorted((key, row["TITLE"]) for key, row in held.items())


def test_onecdc_reads_the_base_in_full_and_its_feed_of_changes(facts, monkeypatch):
    base = facts["infobase"]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", base["ca_file"])
    monkeypatch.setenv("NO_PROXY", "localhost")
    login = (base["user"], base["password"])
    url = base["tls_url"] + "/odata/standard.odata"
    metadata = MetadataReader(url, login)
    metadata.get_metadata()
    held = {key: row["Description"] for key, row in state(base, SET).items()}

    everything = DataReader(url, metadata, login)
    assert everything.read_object(SET) == COMPANIES
    assert described(everything) == held

    nodes = state(base, "ExchangePlan_ОбменСБитрикс24")
    node = next(key for key, row in nodes.items() if row["Code"] == "B24")
    feed = ChangeReader(url, "ОбменСБитрикс24", node, metadata, login)
    feed.read_changes()
    assert described(feed) == held
    feed.notify_changes_received()
    again = ChangeReader(url, "ОбменСБитрикс24", node, metadata, login)
    again.read_changes()
    assert again.entries_read == 0


def described(reader) -> dict[str, str]:
    return {
        str(row["Ref_Key"]): row["Description"] or "" for row in reader[SET].to_records_mapped()
    }
