"""How many of the documents' methods are answered: the floor only rises."""

from b24_emulator.coverage import listed
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
