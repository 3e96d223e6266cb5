"""Both systems and the exchange between them, each a process of its own, as at a customer's."""

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

STAND = "import typer; from sverka_scenarios.stand import stand; typer.run(stand)"
RUN = "from sverka.cli.{} import app; app()"
LONG_S = 300


@dataclass
class Installation:
    """A running stand, and a folder from which the exchange between its systems is run."""

    facts: dict
    file: Path

    def configure(self, more=""):
        """Write the settings file: where both systems are, and what is given."""
        portal, base = self.facts["portal"], self.facts["infobase"]
        self.file.write_text(
            f"""
            [portal]
            key = "env:SVERKA_KEY"
            oauth_url = "{portal["tls_url"]}/oauth/token/"
            [infobase]
            url = "{base["tls_url"]}"
            user = "{base["user"]}"
            password = "{base["password"]}"
            [journal]
            file = "exchange.sqlite"
            {more}
            """
        )

    def types(self, words, app="sync"):
        """Run a command to its end; what it tells, with its exit code."""
        run = [sys.executable, "-c", RUN.format(app), *words.split()]
        done = subprocess.run(
            [*run, "--settings", str(self.file), "--json"],
            capture_output=True,
            text=True,
            timeout=LONG_S,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    def records(self, system):
        return self._ask("GET", system, "records")

    def calls(self, system):
        return self._ask("GET", system, "calls")["calls"]

    def writes(self):
        """All that anybody wrote on both sides."""
        return [self._ask("GET", system, "writes")["writes"] for system in self.facts]

    def _ask(self, method, system, order, body=None):
        url = self.facts[system]["control_url"] + order
        answer = httpx.request(method, url, json=body, timeout=60, trust_env=False)
        return answer.raise_for_status().json()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A context manager: both systems started with these words of `sverka stand`."""

    @contextmanager
    def started(*words):
        run = [sys.executable, "-c", STAND, "--port", "0", "--onec-port", "0", "--tls", "--json"]
        with subprocess.Popen([*run, *words], stdout=subprocess.PIPE, text=True) as stand:
            try:
                facts = json.loads(stand.stdout.readline())
                monkeypatch.setenv("SSL_CERT_FILE", facts["portal"]["ca_file"])
                monkeypatch.setenv("SVERKA_KEY", facts["portal"]["key"])
                monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
                yield Installation(facts, tmp_path / "sverka.toml")
            finally:
                stand.terminate()

    return started
