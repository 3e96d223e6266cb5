"""How many of the documents' methods are answered: the floor only rises."""

from pathlib import Path

from b24_emulator.methods.table import METHODS

NAMES = (Path(__file__).parent / "methods.txt").read_text("utf-8")
FULL, _, SHAPES = NAMES.partition("# Part B")
FLOORS = {"full": 455, "shapes": 152}
"""Raise with every method that is new; lower never."""


def _names(part: str) -> list[str]:
    return [line for line in part.splitlines() if line and " " not in line]


def _missing(part: str) -> list[str]:
    return [name for name in _names(part) if name.lower() not in METHODS]


def test_the_list_of_methods_is_whole_and_names_none_twice():
    names = _names(FULL) + _names(SHAPES)
    assert len(names) == len({name.lower() for name in names}) == 607


def test_no_method_that_was_answered_is_lost():
    answered = {
        "full": len(_names(FULL)) - len(_missing(FULL)),
        "shapes": len(_names(SHAPES)) - len(_missing(SHAPES)),
    }
    lost = {part: answered[part] for part, floor in FLOORS.items() if answered[part] < floor}
    assert not lost, f"Not answered: {_missing(FULL)} {_missing(SHAPES)}"
