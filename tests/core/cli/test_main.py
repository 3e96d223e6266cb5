"""The command `sverka` is put together from entry points."""

import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer

from sverka import cli

ROOT = Path(__file__).parents[3]


@pytest.fixture
def declared():
    """The rows of the project's own declaration."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["project"]["entry-points"][cli.GROUP]
    return [EntryPoint(name, value, cli.GROUP) for name, value in rows.items()]


@pytest.fixture
def typed(monkeypatch, capsys):
    """Type `sverka WORDS` where these entry points are installed."""

    def run(points, words):
        monkeypatch.setattr(cli, "entry_points", lambda *, group: points)
        monkeypatch.setattr(sys, "argv", ["sverka", *words.split()])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr()

    return run


def test_every_declared_command_is_there(declared):
    assert {"sync", "journal"} <= {point.name for point in declared}
    for point in declared:
        command = point.load()
        assert isinstance(command, typer.Typer) or callable(command)


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("--help", ("sync", "journal", "certify", "stand")),
        ("sync --help", ("full", "changes", "schedule")),
        ("journal --help", ("unsent", "reviews", "history", "resend", "decide")),
    ],
)
def test_help_names_the_commands(declared, typed, words, there):
    code, said = typed(declared, words)
    assert code == 0
    for word in there:
        assert word in said.out


def test_a_command_of_a_command_runs(declared, typed):
    code, said = typed(declared, "sync full --settings nowhere.toml")
    assert code == 2
    assert "nowhere.toml cannot be read" in said.err


@pytest.mark.parametrize(
    ("value", "extra"),
    [("sverka.cli.no_such_module:app", "cli"), ("sverka_scenarios.none:run", "stand")],
)
def test_a_command_whose_packages_are_missing_says_what_to_install(typed, value, extra):
    code, said = typed([EntryPoint("sync", value, cli.GROUP)], "sync full --settings x")
    assert code == 2
    assert f"pip install 'sverka[{extra}]'" in said.err


def test_a_command_is_not_kept_waiting_by_the_others(declared, typed, monkeypatch):
    loaded, load = [], EntryPoint.load
    monkeypatch.setattr(EntryPoint, "load", lambda one: loaded.append(one.name) or load(one))
    code, said = typed(declared, "sync --help")
    assert (code, loaded) == (0, ["sync"])
    assert "full" in said.out
