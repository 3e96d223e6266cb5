"""How many of the documents' methods are answered: the floor only rises."""

import json

from typer.testing import CliRunner

from b24_emulator.__main__ import command
from b24_emulator.coverage import coverage, listed
from b24_emulator.methods.table import METHODS
from sverka_emulator_kit.coverage import Extent

FLOORS = {Extent.FULL: 455, Extent.SHAPE: 152}
"""Raise with every method that is new; lower never."""


def test_the_list_of_methods_is_whole_and_names_none_twice():
    assert len(listed()) == len({name.lower() for name in listed()}) == 607


def test_no_method_that_was_answered_is_lost():
    missing = [name for name in listed() if name.lower() not in METHODS]
    answered = [extent for name, extent in listed().items() if name not in missing]
    lost = {
        one: answered.count(one) for one, floor in FLOORS.items() if answered.count(one) < floor
    }
    assert not lost, f"Not answered: {missing}"


def test_a_method_without_a_row_is_shown_as_not_emulated(monkeypatch):
    monkeypatch.delitem(METHODS, "crm.company.add")
    coverage.cache_clear()
    (missing,) = coverage().chosen("is-none")
    coverage.cache_clear()
    assert (missing.name, missing.source) == ("crm.company.add", None)


def test_the_command_prints_the_methods_of_one_axis():
    asked = ["coverage", "--show", "client", "--json"]
    told = json.loads(CliRunner().invoke(command, asked).output)
    called = {one["name"]: one["client"] for one in told}
    assert "emulators/b24/test_client_fast_bitrix24.py" in called["crm.company.list"]
    assert all(called.values())
