"""The command: its first line, its addresses, its refusals; over real sockets."""

import json
import os
import signal
import ssl
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
import typer
from typer.testing import CliRunner

from b24_emulator.__main__ import run
from b24_emulator.connection_key import facts_of

pytestmark = pytest.mark.sockets

FACTS = ["url", "tls_url", "ca_file", "control_url", "webhook", "key", "user", "password"]
COMMAND = [sys.executable, "-m", "b24_emulator"]


def as_json(stdout):
    return json.loads(stdout.readline())


def in_lines(stdout):
    return dict(stdout.readline().decode().split() for _ in range(4))


@contextmanager
def running(*arguments, told=as_json):
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    try:
        yield told(process.stdout)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        process.stdout.close()
    assert process.returncode == 0


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
        assert list(facts) == ["url", "control_url", "webhook", "key"]
        assert facts["webhook"].startswith(facts["url"] + "/rest/1/")
        with httpx.Client(trust_env=False) as client:
            assert client.get(facts["webhook"] + "profile").json()["result"]["ID"] == "1"
            gauges = client.get(facts["control_url"]).json()
            assert gauges["limits"]["threshold"] == 50
            assert gauges["records"]["company"] + gauges["records"]["contact"] == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--limits", "none"], "50-2-100"),
        (["--empty", "--sample"], "Give one of"),
        (["--webhook", "secret"], "1/SECRET"),
        (["--webhook", "2/secret"], "1/SECRET"),
        (["--seed-file", "no-such-file.json"], "cannot be used"),
    ],
)
def test_what_cannot_be_run_is_wrong_usage_and_says_what_to_do(arguments, told):
    command = typer.Typer()
    command.command()(run)
    done = CliRunner().invoke(command, arguments, env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert told in done.output
