"""The pytest plugin: servers, a fresh system for each test, no real portal, no socket at all."""

import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import requests

from b24_emulator.portal import Portal
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import VirtualClock, WallClock
from sverka_emulator_kit.in_tests import Here, adapter, transport

pytest_plugins = ["pytester"]
EMULATORS = Path(__file__).parents[2] / "emulators"
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
STRANGERS = ("faker", "respx", "benchmark", "hypothesispytest")
"""Plugins of others that are here by chance; importing them takes four times what a run takes."""
SETTINGS = (
    "-q",
    *(word for name in ("cacheprovider", *STRANGERS) for word in ("-p", f"no:{name}")),
)

TWICE = """
import httpx, pytest

client = httpx.Client()

@pytest.mark.parametrize("turn", range(2))
def test_a_portal_is_new(portal, turn):
    assert portal.records()["company"] == {}
    made = client.post(portal.webhook + "crm.company.add", json={"fields": {"TITLE": "A"}})
    assert made.json()["result"] == 1
    portal.act("crm.company.add", {"fields": {}})
    assert list(portal.records()["company"]) == ["1", "2"]

@pytest.mark.parametrize("turn", range(2))
def test_a_base_is_new(infobase, turn):
    path = infobase.odata + "/Catalog_Контрагенты?$format=json"
    assert client.get(path, auth=infobase.user).json()["value"] == []
    infobase.act("create", {"set": "Catalog_Контрагенты", "fields": {"Description": "A"}})
    assert len(client.get(path, auth=infobase.user).json()["value"]) == 1
"""


@pytest.mark.sockets
def test_each_test_has_a_system_of_its_own_under_xdist_too(pytester):
    pytester.makepyfile(TWICE)
    pytester.runpytest_subprocess(*SETTINGS, "-n", "2").assert_outcomes(passed=4)


@pytest.mark.sockets
def test_the_examples_of_the_readmes_pass(pytester):
    found = [
        example
        for folder in ("b24", "onec")
        for example in EXAMPLE.findall((EMULATORS / folder / "README.md").read_text("utf-8"))
        if "def test_" in example
    ]
    pytester.makepyfile("\n".join(found))
    pytester.runpytest_subprocess(*SETTINGS).assert_outcomes(passed=2)


@pytest.mark.sockets
def test_the_same_tests_run_against_servers_elsewhere(pytester, monkeypatch):
    # The run inside is no worker, though this one may be.
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    pytester.makepyfile(TWICE)
    portal, base = Portal(WallClock(), pace=0.001), Infobase(clock=WallClock(), pace=0.001)
    with Here.started(portal).served as one, Here.started(base).served as other:
        addresses = ("--b24-url", one.url, "--onec-url", other.url)
        pytester.runpytest_subprocess(*SETTINGS, *addresses).assert_outcomes(passed=4)
        assert len(portal.records()["company"]) == 2
        shared = pytester.runpytest_subprocess(*SETTINGS, *addresses, "-n", "2")
    shared.assert_outcomes(errors=4)
    shared.stdout.fnmatch_lines(["*would reset each other's portal at*Run with -n 0*"])


def test_the_twin_without_an_address_says_which_option_gives_one(pytester):
    pytester.makepyfile("def test_it(b24_noproc, onec_noproc): pass")
    done = pytester.runpytest_subprocess(*SETTINGS)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*Give --b24-url*"])


GUARDED = """
import httpx, pytest, requests, socket
from b24_emulator.pytest_plugin import RealPortalBlocked

@pytest.mark.parametrize("get", [httpx.get, requests.get])
def test_blocked(get, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RealPortalBlocked) as told:
        get("https://acme.bitrix24.ru/rest/1/x/profile")
    assert 'real_portal("acme.bitrix24.ru")' in str(told.value)
    assert "real_portals = acme.bitrix24.ru" in str(told.value)

def looked_up(host):
    try:
        socket.getaddrinfo(host, 1)
    except OSError:
        pass

@pytest.mark.real_portal("acme.bitrix24.invalid")
def test_allowed_by_name():
    looked_up("acme.bitrix24.invalid")
    with pytest.raises(RealPortalBlocked):
        looked_up("other.bitrix24.invalid")

@pytest.mark.real_portal
def test_all_allowed():
    looked_up("other.bitrix24.invalid")

def test_allowed_by_setting():
    looked_up("mine.bitrix24.invalid")
"""


def test_real_portals_are_blocked_unless_they_are_allowed(pytester):
    pytester.makepyfile(GUARDED)
    pytester.makeini("[pytest]\nreal_portals = mine.*")
    pytester.runpytest_subprocess(*SETTINGS, "--strict-markers").assert_outcomes(passed=5)


def test_the_plugin_brings_no_flask_until_a_fixture_is_asked_for():
    code = (
        "import sys, b24_emulator.pytest_plugin, onec_emulator.pytest_plugin;"
        "sys.exit([n for n in ('flask', 'httpx', 'requests', 'waitress') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() in ("", "[]")


def test_httpx_reaches_a_portal_without_a_socket():
    portal = Portal(VirtualClock())
    with httpx.Client(transport=transport(portal), base_url="http://portal") as client:
        assert client.get(portal.webhook_path + "profile").json()["result"]["ID"] == "1"


def test_requests_reaches_a_base_without_a_socket():
    base = Infobase(clock=VirtualClock())
    with requests.Session() as session:
        session.mount("http://base", adapter(base))
        session.auth = ("obmen", "secret")
        made = session.post(
            f"http://base{base.service_root}/Catalog_Контрагенты?$format=json",
            json={"Description": "Ромашка"},
        )
        assert (made.status_code, made.json()["Description"]) == (201, "Ромашка")
        assert session.get("http://base/nowhere").status_code == 404


@pytest.mark.sockets
def test_a_server_starts_and_a_portal_is_new_within_milliseconds():
    portal = Portal(WallClock())
    starts, resets = [], []
    for _ in range(5):
        begun_s = time.perf_counter()
        here = Here.started(portal)
        starts.append(time.perf_counter() - begun_s)
        here.served.stop()
        begun_s = time.perf_counter()
        here.reset()
        resets.append(time.perf_counter() - begun_s)
    # Alone on its machine it takes 10 ms and 1 ms; a shared one may be ten times as slow.
    assert (min(starts) < 0.1, min(resets) < 0.05) == (True, True), (starts, resets)
