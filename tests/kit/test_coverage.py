"""Coverage as the kit knows it: axes apart, choices, the file of claims, the text."""

import json

import pytest

from sverka_emulator_kit.coverage import Axis, Coverage, Extent, Subject, written
from sverka_emulator_kit.coverage_text import ChoiceUnknown, told
from sverka_emulator_kit.provenance import documented, inferred

CALLED = {"client": ["a/test_client_x.py"], "refusal": ["a/test_refused.py"]}
COVERAGE = Coverage(
    [
        Subject("note.add", "method", Extent.FULL, documented("pages/note-add"), CALLED),
        Subject("note.get", "method", Extent.SHAPE, inferred("it must be")),
        Subject("note.send", "method", Extent.NONE),
    ],
    ("lack_post",),
)
WORDS = {"lack_post": ("Post", "Почта"), "lack_post_note": ("Sends none.", "Не отправляет.")}


def names(*asked):
    return [one.name for one in COVERAGE.chosen(*asked)]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("", ["note.add", "note.get", "note.send"]),
        ("documented", ["note.add"]),
        ("no-documented", ["note.get", "note.send"]),
        ("client", ["note.add"]),
        ("shape", []),
        ("no-refusal", ["note.get", "note.send"]),
        ("is-shape", ["note.get"]),
        ("is-none", ["note.send"]),
    ],
)
def test_subjects_are_chosen_by_what_speaks_for_them(choice, found):
    assert names(choice) == found


def test_a_search_looks_into_names_pages_and_tests():
    assert names("", "", "NOTE.S") == ["note.send"]
    assert names("", "", "pages/") == names("", "", "client_x") == ["note.add"]


def test_each_axis_is_counted_by_itself():
    assert [COVERAGE.count(axis) for axis in Axis] == [1, 1, 0, 1]


def test_the_text_shows_a_column_for_each_axis_and_what_is_missing():
    lines = told(COVERAGE, WORDS).splitlines()
    assert lines[1].split()[1:] == ["method", "full", "documented", "x", "-", "refused"]
    assert lines[2].split()[3:] == ["inferred", "-", "-", "-"]
    assert "shape        0 of 3" in lines
    assert lines[-1] == "Post: Sends none."


def test_the_json_holds_what_was_chosen():
    (one,) = json.loads(told(COVERAGE, WORDS, "client", as_json=True))
    assert one == {
        "name": "note.add",
        "group": "method",
        "extent": "full",
        "source": {"documented": "pages/note-add"},
        "client": ["a/test_client_x.py"],
        "shape": [],
        "refusal": ["a/test_refused.py"],
    }


def test_what_is_no_choice_is_refused_with_all_that_are():
    with pytest.raises(ChoiceUnknown, match=r"'clients' is unknown\. Use one of: documented"):
        told(COVERAGE, WORDS, "clients")


def test_claims_are_written_sorted_a_line_each():
    claims = {"b": {"shape": ["z", "y"]}, "a": {"refusal": ["x"], "client": ["x"]}}
    assert written(claims).decode().splitlines() == [
        "{",
        '"a": {"client":["x"],"refusal":["x"]},',
        '"b": {"shape":["y","z"]}',
        "}",
    ]
    assert json.loads(written(claims)) == {"a": claims["a"], "b": {"shape": ["y", "z"]}}
    assert json.loads(written({})) == {}
