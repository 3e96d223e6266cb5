"""The command: its first line, its addresses, its refusals; over real sockets."""

import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from flask import Flask, request
from typer.testing import CliRunner

from b24_emulator.__main__ import command
from b24_emulator.connection_key import facts_of
from sverka_emulator_kit.serve import serve

pytestmark = pytest.mark.sockets

FACTS = ["url", "tls_url", "ca_file", "control_url", "webhook", "key", "user", "password"]
COMMAND = [sys.executable, "-m", "b24_emulator"]


def as_json(stdout):
    return json.loads(stdout.readline())


def in_lines(stdout):
    return dict(stdout.readline().decode().split() for _ in range(5))


@contextmanager
def running(*arguments, told=as_json, ends_by=signal.SIGTERM):
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    try:
        yield told(process.stdout)
    finally:
        process.send_signal(ends_by)
        process.wait(timeout=10)
        process.stdout.close()
    assert process.returncode == (0 if ends_by == signal.SIGTERM else -ends_by)


def test_the_first_line_is_an_object_with_what_a_client_needs(tmp_path):
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"company": [{"TITLE": "Ромашка ООО"}]}), encoding="utf-8")
    asked = ["--json", "--tls", "--webhook", "1/s3cret", "--seed-file", str(seed)]
    with running(*asked) as facts:
        assert list(facts) == FACTS
        assert facts["webhook"] == f"{facts['tls_url']}/rest/1/s3cret/"
        assert facts["user"] is facts["password"] is None
        trusting = ssl.create_default_context(cafile=facts["ca_file"])
        with httpx.Client(verify=trusting, trust_env=False) as client:
            rows = client.post(facts["webhook"] + "crm.company.list").json()["result"]
            assert [row["TITLE"] for row in rows] == ["Ромашка ООО"]
            key = facts_of(facts["key"])
            assert key["client_endpoint"] == f"{facts['tls_url']}/rest/"
            names = ("client_id", "client_secret", "refresh_token")
            sent = {"grant_type": "refresh_token"} | {name: key[name] for name in names}
            token = client.get(f"{facts['tls_url']}/oauth/token/", params=sent).json()
            info = client.post(
                key["client_endpoint"] + "app.info", data={"auth": token["access_token"]}
            )
            assert info.json()["result"]["INSTALLED"] is True
            assert client.get(facts["control_url"]).json()["records"]["company"] == 1


def test_without_json_and_tls_it_prints_its_plain_addresses_in_lines():
    with running("--sample", "--limits", "cloud", told=in_lines) as facts:
        assert list(facts) == ["url", "control_url", "webhook", "key", "console"]
        assert facts["webhook"].startswith(facts["url"] + "/rest/1/")
        with httpx.Client(trust_env=False) as client:
            assert client.get(facts["webhook"] + "profile").json()["result"]["ID"] == "1"
            assert "Bitrix24" in client.get(facts["console"]).text
            gauges = client.get(facts["control_url"]).json()
            assert gauges["limits"]["threshold"] == 50
            assert gauges["records"]["company"] + gauges["records"]["contact"] == 200


@pytest.fixture
def handler():
    """An address that takes events, and the queue of their forms."""
    came, app = queue.Queue(), Flask("handler")

    @app.post("/b24")
    def take():
        came.put(request.form.to_dict())
        return ""

    with serve(app) as running:
        yield f"{running.url}/b24", came


def test_a_running_portal_calls_the_handlers_of_events(handler):
    address, came = handler
    with running("--json") as facts, httpx.Client(trust_env=False) as client:
        key = facts_of(facts["key"])
        names = ("client_id", "client_secret", "refresh_token")
        sent = {"grant_type": "refresh_token"} | {name: key[name] for name in names}
        token = client.get(f"{facts['url']}/oauth/token/", params=sent).json()["access_token"]
        bound = {"event": "ONCRMCOMPANYADD", "handler": address, "auth": token}
        assert client.post(f"{facts['url']}/rest/event.bind", json=bound).json()["result"] is True
        number = client.post(facts["webhook"] + "crm.company.add").json()["result"]
        told = came.get(timeout=10)
        assert (told["event"], told["data[FIELDS][ID]"]) == ("ONCRMCOMPANYADD", str(number))
        asked = {"auth": told["auth[access_token]"], "id": number}
        answer = client.post(f"{told['auth[client_endpoint]']}crm.company.get", json=asked)
        assert answer.json()["result"]["ID"] == str(number)


def token_of(client, facts, key):
    asked = {"grant_type": "refresh_token"}
    names = ("client_id", "client_secret", "refresh_token")
    asked |= {name: facts_of(key)[name] for name in names}
    return client.get(f"{facts['url']}/oauth/token/", params=asked).json()["access_token"]


def test_a_killed_portal_goes_on_with_all_that_it_answered(tmp_path):
    asked = ["--json", "--data", str(tmp_path / "portal")]
    sent = {"fields": {"TITLE": "Ромашка ООО", "PHONE": [{"VALUE": "+7 495 1234567"}]}}
    with (
        httpx.Client(trust_env=False) as client,
        running(*asked, "--sample", ends_by=signal.SIGKILL) as facts,
    ):
        number = client.post(facts["webhook"] + "crm.company.add", json=sent).json()["result"]
        second = [sys.executable, "-m", "b24_emulator", "--port", "0", *asked]
        wide = {**os.environ, "COLUMNS": "500"}
        refused = subprocess.run(second, capture_output=True, text=True, check=False, env=wide)
        assert (refused.returncode, "is in use" in refused.stderr) == (2, True)
    with httpx.Client(trust_env=False) as client, running(*asked, "--sample") as again:
        webhook = again["url"] + facts["webhook"].removeprefix(facts["url"])
        assert again["webhook"] == webhook
        row = client.post(webhook + "crm.company.get", json={"id": number}).json()["result"]
        assert (row["TITLE"], row["PHONE"][0]["VALUE"]) == ("Ромашка ООО", "+7 495 1234567")
        held = client.get(again["control_url"]).json()["records"]
        assert held["company"] + held["contact"] == 201
        assert token_of(client, again, facts["key"])


@pytest.fixture(scope="module")
def on_granian():
    pytest.importorskip("granian")
    with running("--json", "--server", "granian", "--sample", "--webhook", "1/s3cret") as facts:
        yield facts


def test_granian_serves_the_same_portal(on_granian):
    with running("--json", "--sample", "--webhook", "1/s3cret") as beside:
        for path in ("crm.company.list", "no.such.method", "profile?x=%25", "%63rm.company.get"):
            said, beside_said = (
                httpx.post(facts["webhook"] + path, json={"id": 1, "start": 50}, trust_env=False)
                for facts in (on_granian, beside)
            )
            assert said.status_code == beside_said.status_code
            assert said.headers["Content-Type"] == beside_said.headers["Content-Type"]
            moving = {"time", "DATE_CREATE", "DATE_MODIFY", "LAST_ACTIVITY_TIME"}
            assert still(said.json(), moving) == still(beside_said.json(), moving)
    assert on_granian["webhook"] == f"{on_granian['url']}/rest/1/s3cret/"
    with httpx.Client(trust_env=False) as client:
        assert "Bitrix24" in client.get(on_granian["control_url"] + "console/").text


def still(value, moving):
    """What does not depend on when it was asked."""
    if isinstance(value, list):
        return [still(inner, moving) for inner in value]
    if isinstance(value, dict):
        return {name: still(inner, moving) for name, inner in value.items() if name not in moving}
    return value


@pytest.mark.parametrize("kind", ["drop_reply", "cut_reply"])
def test_a_reply_is_lost_behind_granian_too(on_granian, kind):
    trouble = {"kind": kind, "match": "crm.company.add"}
    with httpx.Client(trust_env=False) as client:
        client.post(on_granian["control_url"] + "trouble", json=trouble)
        records = client.get(on_granian["control_url"] + "records").json()["company"]
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(on_granian["webhook"] + "crm.company.add")
        after = client.get(on_granian["control_url"] + "records").json()["company"]
        assert len(after) == len(records) + 1


def test_a_call_is_held_behind_granian_until_something_is_said(on_granian):
    said = queue.Queue()
    with httpx.Client(trust_env=False, timeout=10) as client:
        token = token_of(client, on_granian, on_granian["key"])

        def asked(method, **sent):
            address = f"{on_granian['url']}/rest/{method}"
            return client.post(address, json={"auth": token, **sent}).json()["result"]

        config = asked("pull.application.config.get")
        channels = "/".join(one["id"] for one in config["channels"].values())
        address = config["server"]["long_pooling_secure"]
        sent = {"CHANNEL_ID": channels, "clientId": config["clientId"], "format": "json"}
        held = threading.Thread(target=lambda: said.put(client.get(address, params=sent).text))
        held.start()
        until_s = time.monotonic() + 5
        while client.get(on_granian["control_url"]).json()["pull"]["listeners"] == 0:
            assert time.monotonic() < until_s
            time.sleep(0.01)
        asked("pull.application.event.add", COMMAND="stage", PARAMS={"A": 1})
        assert "stage" in said.get(timeout=10)
        held.join()


def test_a_clock_that_nobody_calls_goes_on_behind_granian(on_granian, handler):
    address, came = handler
    with httpx.Client(trust_env=False) as client:
        token = token_of(client, on_granian, on_granian["key"])
        bound = {"event": "ONCRMDEALADD", "handler": address, "auth": token}
        client.post(f"{on_granian['url']}/rest/event.bind", json=bound)
        client.post(on_granian["webhook"] + "crm.deal.add")
    assert came.get(timeout=10)["event"] == "ONCRMDEALADD"


def test_granians_process_ends_with_the_commands():
    pytest.importorskip("granian")
    with (
        running("--json", "--server", "granian", ends_by=signal.SIGKILL) as facts,
        httpx.Client(trust_env=False) as client,
    ):
        assert client.get(facts["webhook"] + "profile").status_code == 200
    until_s = time.monotonic() + 5
    while is_answering(facts["url"]):
        assert time.monotonic() < until_s
        time.sleep(0.05)


def is_answering(url):
    try:
        httpx.get(url, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def test_granian_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = CliRunner().invoke(command, ["--server", "granian"], env={"COLUMNS": "300"})
    assert (done.exit_code, "pip install 'sverka[load]'" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--server", "gunicorn"], "waitress, granian"),
        (["--server", "granian", "--tls"], "no --tls"),
        (["--server", "granian", "--data", "x"], "no --data"),
        (["--server", "granian", "--seed-file", "no-such-file.json"], "cannot be used"),
        (["--data", __file__], "cannot hold the state"),
        (["--limits", "none"], "50-2-100"),
        (["--empty", "--sample"], "Give one of"),
        (["--webhook", "secret"], "1/SECRET"),
        (["--webhook", "2/secret"], "1/SECRET"),
        (["--seed-file", "no-such-file.json"], "cannot be used"),
    ],
)
def test_what_cannot_be_run_is_wrong_usage_and_says_what_to_do(arguments, told):
    done = CliRunner().invoke(command, arguments, env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert told in done.output
