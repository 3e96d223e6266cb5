"""The command: its first line, its addresses, its refusals; over a real socket."""

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
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from typer.testing import CliRunner

from onec_emulator.__main__ import command

pytestmark = pytest.mark.sockets

FACTS = {"url", "tls_url", "ca_file", "control_url", "webhook", "key", "user", "password"}


def as_json(stdout):
    return json.loads(stdout.readline())


def in_lines(stdout):
    return dict(stdout.readline().decode().split() for _ in range(5))


@contextmanager
def running(*arguments, told=as_json, ends_by=signal.SIGTERM):
    process = subprocess.Popen(
        [sys.executable, "-m", "onec_emulator", "--port", "0", *arguments],
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
    seed.write_text(json.dumps({"Catalog_Контрагенты": [{"Description": "Ромашка ООО"}]}))
    with running("--json", "--tls", "--user", "Иван:пароль", "--seed-file", str(seed)) as facts:
        assert set(facts) == FACTS
        assert facts["user"] == "Иван"
        assert facts["webhook"] is facts["key"] is None
        address = f"{facts['tls_url']}/odata/standard.odata/Catalog_Контрагенты"
        trusting = ssl.create_default_context(cafile=facts["ca_file"])
        auth = httpx.BasicAuth("Иван", "пароль")
        with httpx.Client(verify=trusting, auth=auth, trust_env=False) as client:
            found = client.get(address, params={"$format": "json"}).json()["value"]
            assert [row["Description"] for row in found] == ["Ромашка ООО"]
            gauges = client.get(facts["control_url"]).json()
            assert gauges["records"]["Catalog_Контрагенты"] == 1


def test_without_tls_the_plain_address_answers_what_is_written_through_it():
    with running("--json", "--empty") as facts:
        assert facts["tls_url"] is facts["ca_file"] is None
        address = f"{facts['url']}/odata/standard.odata/Catalog_Контрагенты"
        auth = httpx.BasicAuth(facts["user"], facts["password"])
        with httpx.Client(auth=auth, params={"$format": "json"}, trust_env=False) as client:
            row = client.post(address, json={"Description": "Ромашка ООО"}).json()
            found = client.get(f"{address}(guid'{row['Ref_Key']}')").json()
            assert (found["Description"], found["Code"]) == ("Ромашка ООО", "НФ-000001")


def test_a_person_sees_where_the_console_is():
    with running("--empty", told=in_lines) as facts:
        assert list(facts) == ["url", "control_url", "user", "password", "console"]
        with httpx.Client(trust_env=False) as client:
            assert "<title>Overview · 1C</title>" in client.get(facts["console"]).text


def test_a_configuration_is_served_under_its_name_with_clients_of_its_own():
    with running("--json", "--configuration", "ut11", "--sample") as facts:
        assert facts["url"].endswith("/ut11")
        auth = httpx.BasicAuth(facts["user"], facts["password"])
        with httpx.Client(auth=auth, params={"$format": "json"}, trust_env=False) as client:
            partners = f"{facts['url']}/odata/standard.odata/Catalog_Партнеры"
            assert len(client.get(partners).json()["value"]) == 100


def test_a_file_of_ones_own_is_a_configuration(tmp_path):
    fields = {"Ref_Key": "Edm.Guid", "Description": "Edm.String"}
    sets = {"Catalog_Склады": {"key": ["Ref_Key"], "fields": fields}}
    file = tmp_path / "rusty.json"
    file.write_text(json.dumps({"sets": sets}))
    with running("--json", "--configuration", str(file)) as facts:
        auth = httpx.BasicAuth(facts["user"], facts["password"])
        root = f"{facts['url']}/odata/standard.odata"
        assert root.endswith("/rusty/odata/standard.odata")
        with httpx.Client(auth=auth, params={"$format": "json"}, trust_env=False) as client:
            assert client.get(f"{root}/Catalog_Склады").json()["value"] == []
            assert client.get(f"{root}/Catalog_Контрагенты").status_code == 404


def test_a_killed_base_goes_on_with_all_that_it_answered(tmp_path):
    asked = ["--json", "--data", str(tmp_path / "base")]
    auth, params = httpx.BasicAuth("obmen", "secret"), {"$format": "json"}
    clients = "odata/standard.odata/Catalog_Контрагенты"
    with (
        httpx.Client(auth=auth, params=params, trust_env=False) as client,
        running(*asked, ends_by=signal.SIGKILL) as facts,
    ):
        row = client.post(f"{facts['url']}/{clients}", json={"Description": "Ромашка"}).json()
    with (
        httpx.Client(auth=auth, params=params, trust_env=False) as client,
        running(*asked) as again,
    ):
        found = client.get(f"{again['url']}/{clients}(guid'{row['Ref_Key']}')").json()
        assert (found["Description"], found["Code"]) == ("Ромашка", row["Code"])
        gauges = client.get(again["control_url"]).json()
        # The client and the contract that it brought along.
        assert gauges["registered"] == {"1C": 0, "B24": 2}
    other = [sys.executable, "-m", "onec_emulator", "--configuration", "ut11", *asked]
    wide = {**os.environ, "COLUMNS": "500"}
    refused = subprocess.run(other, capture_output=True, text=True, check=False, env=wide)
    assert refused.returncode == 2
    assert "state.sqlite was kept by another version" in refused.stderr


def test_the_settings_of_a_file_say_whom_a_base_tells_of_its_writes(tmp_path, listening):
    url, came = listening
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"notify": [{"url": url, "sets": ["Catalog_Контрагенты"]}]}))
    with running("--json", "--settings", str(file)) as facts:
        auth = httpx.BasicAuth(facts["user"], facts["password"])
        address = f"{facts['url']}/hs/exchange/clients"
        with httpx.Client(auth=auth, trust_env=False) as client:
            made = client.post(address, json={"fields": {"Description": "Ромашка"}}).json()
            changes = json.loads(came.get(timeout=10))["changes"]
            assert changes == [{"set": made["set"], "key": made["key"], "deleted": False}]
            # Its answer is taken in: nothing waits any more.
            until_s = time.monotonic() + 5
            while (waiting := client.get(facts["control_url"]).json()["untold"]) != {url: 0}:
                assert time.monotonic() < until_s, waiting


@pytest.fixture
def listening():
    """An address that takes posts, and a queue of their bodies."""
    came = queue.Queue()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            came.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Keeps quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/changed", came
        server.shutdown()
        thread.join(5)


@pytest.mark.parametrize(
    "text", ["{", "[7]", '{"notfy": []}', '{"notify": [{"url": "changed"}]}', '{"wakes_s": -1}']
)
def test_a_file_of_settings_that_says_nothing_is_wrong_usage(tmp_path, text):
    file = tmp_path / "settings.json"
    file.write_text(text)
    done = CliRunner().invoke(command, ["--settings", str(file)])
    assert done.exit_code == 2
    assert "settings" in done.output or "notify" in done.output or "wakes_s" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--mode", "cloud"],
        ["--configuration", "zup31"],
        ["--empty", "--sample"],
        ["--configuration", "other", "--sample"],
    ],
)
def test_what_cannot_be_run_is_wrong_usage(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "onec_emulator", *arguments],
        capture_output=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 2
