"""`sverka stand`: both systems answer at the addresses it prints, until it is stopped."""

import base64
import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from sverka_emulator_kit.people import two_ledgers

pytestmark = pytest.mark.sockets
START = "import typer; from sverka_scenarios.stand import stand; typer.run(stand)"


@contextmanager
def standing(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A stand of its own process on free ports, and the first line it printed."""
    command = [sys.executable, "-c", START, "--port", "0", "--onec-port", "0", "--json", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def counterparties(facts: dict[str, Any], client: httpx.Client, root: str) -> list[dict[str, Any]]:
    answer = client.get(
        f"{root}/odata/standard.odata/Catalog_Контрагенты"
        "?$format=json&$filter=IsFolder%20eq%20false",
        auth=(facts["user"], facts["password"]),
    )
    rows: list[dict[str, Any]] = answer.raise_for_status().json()["value"]
    return rows


def entered(client: httpx.Client, webhook: str) -> int:
    total = 0
    for entity in ("company", "contact"):
        answer = client.post(f"{webhook}crm.{entity}.list", json={"select": ["ID"]})
        total += answer.raise_for_status().json()["total"]
    return total


def test_both_systems_answer_over_http_with_as_many_clients_as_asked():
    with standing("--companies", "7") as (_, facts), httpx.Client(trust_env=False) as client:
        portal, base = facts["portal"], facts["infobase"]
        assert entered(client, portal["webhook"]) == 7
        assert len(counterparties(base, client, base["url"])) == 7
        for system in (portal, base):
            assert client.get(system["control_url"]).status_code == 200
            assert client.get(system["control_url"] + "console/").status_code == 200


def test_so_many_as_asked_are_in_both_and_so_many_look_like_two_of_the_others():
    sizes = ("--companies", "9", "--onec-companies", "12", "--same", "3", "--doubtful", "2")
    with standing(*sizes) as (_, facts), httpx.Client(trust_env=False) as client:
        portal, base = facts["portal"], facts["infobase"]
        assert entered(client, portal["webhook"]) == 9
        assert len(counterparties(base, client, base["url"])) == 12
        truth = two_ledgers(1, portal=9, base=12, same=3, doubtful=2)
        names = {row["Description"] for row in counterparties(base, client, base["url"])}
        assert names == {who.name for who in truth.base}


def test_the_key_leads_to_the_portals_own_address():
    with standing("--companies", "0") as (_, facts), httpx.Client(trust_env=False) as client:
        text = facts["portal"]["key"]
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key = json.loads(raw[: raw.rindex(b"}") + 1])
        assert key["client_endpoint"] == f"{facts['portal']['url']}/rest/"
        granted = client.get(
            f"{facts['portal']['url']}/oauth/token/",
            params={
                "grant_type": "refresh_token",
                "client_id": key["client_id"],
                "client_secret": key["client_secret"],
                "refresh_token": key["refresh_token"],
            },
        )
        assert granted.json()["access_token"]


def test_both_systems_have_one_clock():
    with standing("--companies", "0") as (_, facts), httpx.Client(trust_env=False) as client:
        planes = [facts[name]["control_url"] + "clock" for name in ("portal", "infobase")]
        client.post(planes[0], json={"advance_s": 86_400.0})
        moments = [client.get(plane).json()["now_s"] for plane in planes]
        assert abs(moments[0] - moments[1]) < 60


def test_with_tls_both_answer_a_client_that_trusts_the_ca():
    with standing("--tls", "--companies", "3") as (_, facts):
        portal, base = facts["portal"], facts["infobase"]
        trust = ssl.create_default_context(cafile=portal["ca_file"])
        with httpx.Client(verify=trust, trust_env=False) as client:
            assert portal["webhook"].startswith(portal["tls_url"])
            assert portal["tls_url"].startswith("https://")
            assert entered(client, portal["webhook"]) == 3
            assert len(counterparties(base, client, base["tls_url"])) == 3


def test_the_first_line_has_the_same_keys_for_both():
    with standing("--companies", "0") as (_, facts):
        keys = ["url", "tls_url", "ca_file", "control_url", "webhook", "key", "user", "password"]
        assert list(facts) == ["portal", "infobase"]
        assert [list(system) for system in facts.values()] == [keys, keys]
        assert facts["portal"]["tls_url"] is None
        assert facts["infobase"]["key"] is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number):
    with standing("--companies", "0", "--tls") as (process, _):
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", START, "--companies", "0", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("option", "other"), [("--port", "--onec-port"), ("--onec-port", "--port")]
)
def test_a_taken_port_ends_it_with_1_and_a_sentence(option, other):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(option, port, other, "0")
    assert done.returncode == 1
    assert f"Port {port} cannot be opened" in done.stderr
    assert f"{option} 0" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_limits_are_wrong_usage():
    done = run("--limits", "7-7")
    assert done.returncode == 2
    assert "50-2-100" in done.stderr


def test_more_in_common_than_there_are_is_wrong_usage_with_the_numbers():
    done = run("--same", "7")
    assert done.returncode == 2
    assert "they take 7 of the 0 on the portal" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_person_sees_addresses_and_may_copy_the_key_whole():
    command = [sys.executable, "-c", START, "--port", "0", "--onec-port", "0", "--companies", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = read_until_end(process)
    text = "\n".join(lines)
    for words in ("Bitrix24", "1C", "http://127.0.0.1:", "webhook", "obmen", "secret"):
        assert words in text
    assert text.count("/_emulator/console/") == 2
    assert any(len(line) > 300 and " " not in line for line in lines), "the key in one line"


def read_until_end(process: subprocess.Popen[str]) -> list[str]:
    """What it prints up to its last line, after which it is stopped."""
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(process.stdout.readline().rstrip("\n"))
    process.send_signal(signal.SIGTERM)
    return lines
