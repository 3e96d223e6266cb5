"""`sverka sync` as processes of their own, before `sverka stand --tls`, which they trust."""

import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.sockets

STAND = "import typer; from sverka_scenarios.stand import stand; typer.run(stand)"
WORDS = ("--tls", "--port", "0", "--onec-port", "0", "--companies", "3", "--limits", "box")
RUN = "from sverka.cli.{} import app; app()"
CLIENTS = {"portal": ("company", "contact"), "infobase": ("Catalog_Контрагенты",)}


class Site:
    """A stand, and a folder from which the exchange between its systems is run."""

    def __init__(self, facts, folder: Path, monkeypatch):
        self.facts = facts
        self.file = folder / "sverka.toml"
        portal, base = facts["portal"], facts["infobase"]
        monkeypatch.setenv("SSL_CERT_FILE", portal["ca_file"])
        monkeypatch.setenv("SVERKA_KEY", portal["key"])
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
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
            [pace]
            threshold = 1000
            drain_per_s = 1000
            calm_s = 0.05
            [schedule]
            every_s = 0.5
            """
        )

    def command(self, words, app="sync"):
        run = [sys.executable, "-c", RUN.format(app)]
        return [*run, *words.split(), "--settings", str(self.file), "--json"]

    def types(self, words, app="sync", **how):
        """What a command tells, with its exit code; it says nothing else."""
        done = subprocess.run(
            self.command(words, app),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            **how,
        )
        told = json.loads(done.stdout)
        assert told["exit_code"] == done.returncode
        assert "Traceback" not in done.stderr
        return told

    def begins(self, words):
        return subprocess.Popen(
            self.command(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def asks(self, system, order, **query):
        url = self.facts[system]["control_url"] + order
        return httpx.get(url, params=query, timeout=30, trust_env=False).raise_for_status().json()

    def orders(self, system, order, body):
        url = self.facts[system]["control_url"] + order
        httpx.post(url, json=body, timeout=30, trust_env=False).raise_for_status()

    def writes(self):
        """All that anybody wrote on both sides."""
        return [self.asks(system, "writes")["writes"] for system in CLIENTS]

    def clients(self):
        """How many clients there are on each side."""
        return [
            sum(len(self.asks(system, "records", entity=entity)) for entity in entities)
            for system, entities in CLIENTS.items()
        ]

    def waits_for_a_call(self, system, since):
        """Until somebody has called a system."""
        give_up_s = time.monotonic() + 30
        while len(self.asks(system, "calls")["calls"]) <= since:
            assert time.monotonic() < give_up_s, "nobody called"
            time.sleep(0.05)


@pytest.fixture
def site(tmp_path, monkeypatch):
    with subprocess.Popen(
        [sys.executable, "-c", STAND, *WORDS, "--json"], stdout=subprocess.PIPE, text=True
    ) as stand:
        assert stand.stdout is not None
        try:
            yield Site(json.loads(stand.stdout.readline()), tmp_path, monkeypatch)
        finally:
            stand.terminate()


def test_over_tls_full_then_changes_keep_both_in_step_and_a_further_run_writes_nothing(site):
    assert site.types("full")["counts"]["created"] == 6
    assert site.clients() == [6, 6]

    added = {"name": "crm.company.add", "params": {"fields": {"TITLE": "Новая"}}, "user": "1"}
    site.orders("portal", "act", added)
    changes = site.types("changes")
    assert (changes["counts"]["created"], changes["exit_code"]) == (1, 0)
    assert site.clients() == [7, 7]

    before = site.writes()
    for words in ("changes", "full"):
        told = site.types(words)
        assert told["counts"]["created"] == told["counts"]["updated"] == 0
    assert site.writes() == before


def test_a_ca_that_nobody_named_is_told_with_the_remedy(site, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    told = site.types("full")
    assert told["exit_code"] == 1
    assert "SSL_CERT_FILE" in told["error"]["text"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_a_signal_in_the_middle_ends_it_cleanly_and_the_next_run_doubles_nobody(site, number, code):
    slow = {"kind": "delay", "delay_s": 3.0, "match": "batch/crm.*.add", "times": 1}
    site.orders("portal", "trouble", slow)
    with site.begins("full") as running:
        met = 0.0
        while not met:
            met = site.asks("portal", "trouble")["met"].get("delay", 0)
            time.sleep(0.05)
        running.send_signal(number)
        out, said = running.communicate(timeout=60)
    assert running.returncode == code
    assert json.loads(out)["exit_code"] == code
    assert json.loads(out)["error"]["name"] == "Stopped"
    assert "calls that are under way" in said
    assert "Traceback" not in said

    site.types("changes")
    assert site.types("changes")["exit_code"] == 0
    assert site.clients() == [6, 6]


def test_while_one_process_exchanges_another_is_told_to_wait(site):
    slow = {"kind": "delay", "delay_s": 4.0, "match": "batch", "times": 1}
    site.orders("portal", "trouble", slow)
    calls = len(site.asks("portal", "calls")["calls"])
    with site.begins("full") as running:
        site.waits_for_a_call("portal", calls)
        told = site.types("changes")
        out, _ = running.communicate(timeout=60)
    assert told["error"]["name"] == "JournalBusy"
    assert told["exit_code"] == 1
    assert json.loads(out)["exit_code"] == 0


def files_end_at(bytes_max):
    """Before a process begins: no file that it writes may become longer, as under a quota."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_takes_no_more_is_told_and_the_next_run_goes_on(site):
    at_making, at_work = 8_000, 120_000
    for bytes_max in (at_making, at_work):
        told = site.types("full", preexec_fn=partial(files_end_at, bytes_max))
        assert (told["exit_code"], told["error"]["name"]) == (1, "JournalFull")
        assert "Make room and run again" in told["error"]["text"]
        assert "Name another file" not in told["error"]["text"]

    assert site.types("full")["exit_code"] == 0
    assert site.clients() == [6, 6]


def heard(running, words, times=1):
    """Wait until a process has said something so many times."""
    assert running.stderr is not None
    while times:
        line = running.stderr.readline()
        assert line, f"it ended without saying {words!r}"
        times -= words in line


def test_a_schedule_skips_what_comes_during_a_run_and_leaves_the_journal_whole(site):
    slow = {"kind": "delay", "delay_s": 1.5, "match": "GET *", "times": 2}
    site.orders("infobase", "trouble", slow)
    with site.begins("schedule") as running:
        heard(running, "skipped")
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=60)
    told = json.loads(out)
    assert running.returncode == told["exit_code"] == 143
    assert told["runs"] >= 2
    assert told["skipped"] >= 1
    assert told["failed"] == 0, "a second run at once would have met a journal that is held"
    assert site.types("changes")["exit_code"] == 0


def test_a_schedule_outlives_a_portal_that_is_away(site):
    site.orders("portal", "trouble", {"kind": "html", "status": 502, "times": None})
    with site.begins("schedule") as running:
        heard(running, "The portal did not answer", times=2)
        httpx.delete(site.facts["portal"]["control_url"] + "trouble", trust_env=False)
        give_up_s = time.monotonic() + 60
        while site.clients()[0] != 6:
            assert time.monotonic() < give_up_s
            time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=60)
    assert json.loads(out)["failed"] >= 2


def test_a_schedule_ends_when_the_settings_are_wrong(site):
    site.file.write_text(site.file.read_text().replace('"secret"', '"another"'))
    told = site.types("schedule")
    assert (told["exit_code"], told["error"]["name"]) == (2, "AccessRefused")


def renames(site, name):
    """A person renames a company of the portal; returns how the history calls it."""
    number = next(iter(site.asks("portal", "records", entity="company")))
    fields = {"id": number, "fields": {"TITLE": name}}
    order = {"name": "crm.company.update", "params": fields, "user": "1"}
    site.orders("portal", "act", order)
    return f"company:{number}"


def carried_over(site, key):
    """Wait until the history, read beside the exchange, tells that a record went."""
    give_up_s = time.monotonic() + 90
    told = []
    while not any("at the infobase: name" in line["text"] for line in told):
        assert time.monotonic() < give_up_s, told
        told = site.types(f"history --record {key}", "journal").get("history", [])


def names(site):
    rows = site.asks("infobase", "records", entity="Catalog_Контрагенты")
    return {row["Description"] for row in rows.values()}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_realtime_carries_edits_lets_others_look_and_ends_politely_when_stopped(site, number, code):
    site.types("full")
    with site.begins("realtime") as running:
        carried_over(site, renames(site, "Переименована ООО"))
        assert site.types("changes")["error"]["name"] == "JournalBusy"
        running.send_signal(number)
        out, said = running.communicate(timeout=60)
    assert "Переименована ООО" in names(site)
    told = json.loads(out)
    assert running.returncode == told["exit_code"] == code
    assert told["carried"] == {"portal": 0, "infobase": 1}
    assert (told["errors"], told["unsent"]) == (0, [])
    assert "Traceback" not in said

    before = site.writes()
    assert site.types("changes")["exit_code"] == 0
    assert site.writes() == before


def test_realtime_tells_of_trouble_at_once_and_outlives_it(site):
    site.types("full")
    with site.begins("realtime") as running:
        site.waits_for_a_call("portal", len(site.asks("portal", "calls")["calls"]))
        site.orders("portal", "trouble", {"kind": "html", "status": 502, "times": None})
        heard(running, "is interrupted")
        key = renames(site, "Пока портал молчит ООО")
        httpx.delete(site.facts["portal"]["control_url"] + "trouble", trust_env=False)
        carried_over(site, key)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=60)
    told = json.loads(out)
    assert told["errors"] >= 1
    assert told["carried"]["infobase"] == 1


def test_realtime_ends_when_the_settings_are_wrong(site):
    site.file.write_text(site.file.read_text().replace('"obmen"', '"obmen"\nnode = "B42"'))
    told = site.types("realtime")
    assert (told["exit_code"], told["error"]["name"]) == (2, "SettingsError")
