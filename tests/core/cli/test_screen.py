"""What a person sees while a pass runs and at its end."""

from io import StringIO

import pytest
from rich.console import Console

from sverka.asks import Calls, Request, Save, Sleep
from sverka.cli.screen import Screen, doing
from sverka.cli.settings_file import read_settings
from sverka.connection import Connection
from sverka.records import SideName, Waiting


def call(side, name, *, safe=True):
    return Request(side=side, name=name, verb="POST", url="http://x", safe=safe)


@pytest.fixture
def terminal():
    return Console(file=StringIO(), force_terminal=True, width=160, color_system=None)


def seen(terminal, asks):
    """All that the moving line has shown."""
    screen = Screen(terminal, "sverka.toml")
    with screen.running():
        for ask in asks:
            screen.watch(ask)
            screen._progress.refresh()
    return terminal.file.getvalue()


@pytest.mark.parametrize(
    ("name", "safe", "words"),
    [
        ("oauth.token", True, "signing in"),
        ("event.offline.get", False, "taking over its changes"),
        ("POST SelectChanges", True, "taking over its changes"),
        ("POST NotifyChangesReceived", True, "confirming its changes"),
        ("crm.company.list", True, "reading"),
        ("batch", False, "writing"),
    ],
)
def test_each_call_is_told_in_a_persons_words(name, safe, words):
    assert doing(call(SideName.PORTAL, name, safe=safe)) == words


def test_the_line_shows_what_is_done_now_and_counts(terminal):
    first, second = (Waiting(side=SideName.PORTAL, key=f"company:{n}") for n in (1, 2))
    out = seen(
        terminal,
        [
            Calls((call(SideName.PORTAL, "batch"), call(SideName.PORTAL, "batch"))),
            Save(puts=(first, second)),
            Calls((call(SideName.INFOBASE, "POST Catalog", safe=False),)),
            Save(drops=(first,)),
            Sleep(7.0),
        ],
    )
    assert "Bitrix24: reading  (calls: Bitrix24 2)" in out
    assert "1C: writing  (records 0 of 2; calls: 1C 1, Bitrix24 2)" in out
    assert "pausing for 7 s" in out
    assert "records 1 of 2" in out


def test_a_short_pause_is_not_worth_a_word(terminal):
    assert "pausing" not in seen(terminal, [Sleep(0.2)])


@pytest.mark.sockets
def test_a_pass_shows_each_of_its_asks_before_it_is_made(ends, folder):
    ends.fill(1)
    watched = []
    settings = read_settings(folder.file, lambda name: "")
    with Connection(settings, folder.journal, watch=watched.append) as connection:
        report = connection.full()
    names = [ask.requests[0].name for ask in watched if isinstance(ask, Calls)]
    assert report.counts["created"] == 2
    assert names[0] == "oauth.token"
    assert {"batch", "POST SelectChanges", "POST Catalog_Контрагенты"} <= set(names)
    assert any(isinstance(ask, Save) for ask in watched)
