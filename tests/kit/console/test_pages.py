"""The pages that every console has: records with their history, and calls."""

import pytest

from sverka_emulator_kit.console import calls, cells
from sverka_emulator_kit.console.blocks import Facts, History, Table
from sverka_emulator_kit.console.cells import Code, Folded, Grid, Lines, Link
from sverka_emulator_kit.console.page import PAGE_ROWS, Look
from sverka_emulator_kit.console.records import Records
from sverka_emulator_kit.record import CallLine, Miss
from sverka_emulator_kit.snapshots import NamedStates

NOTES = Records(
    path="notes", title="notes", kinds=lambda system: system.records(), telling=("text",)
)


def look(system, **args):
    return Look(system, args, NamedStates(system))


def block(sheet, kind):
    (found,) = [one for one in sheet.blocks if isinstance(one, kind)]
    return found


@pytest.mark.parametrize(("asked", "offset"), [("50", 50), ("", 0), ("²", 0), ("9" * 5000, 0)])
def test_an_offset_that_is_no_number_of_rows_is_the_first_page(notes, asked, offset):
    assert look(notes, **{"from": asked}).offset() == offset


def write(notes, key, text):
    notes.act("write", {"key": key, "text": text}, "1")


def keys(sheet):
    return [row[0].text for row in block(sheet, Table).rows]


def test_kinds_are_listed_with_their_number(notes):
    write(notes, "a", "one")

    (row,) = block(NOTES.all(look(notes)), Table).rows
    assert (row[0].text, row[1]) == (Code("note"), 1)


def test_a_search_finds_any_part_of_any_field_in_any_case(notes):
    write(notes, "a", "Ромашка")
    write(notes, "b", "Лютик")

    assert keys(NOTES.list(look(notes, entity="note", q="РОМАШ"))) == ["a"]
    assert keys(NOTES.list(look(notes, entity="note", q=""))) == ["a", "b"]
    assert keys(NOTES.list(look(notes, entity="note", q="роза"))) == []


def test_a_long_list_comes_in_pages(notes):
    for number in range(PAGE_ROWS + 1):
        write(notes, f"{number:03}", "text")

    first = NOTES.list(look(notes, entity="note", q="text"))
    assert len(keys(first)) == PAGE_ROWS
    pager = first.blocks[-1]
    assert pager.before is None
    assert pager.after.args == {"entity": "note", "q": "text", "from": str(PAGE_ROWS)}
    last = NOTES.list(look(notes, **pager.after.args))
    assert keys(last) == ["050"]
    assert isinstance(last.blocks[-1].before, Link)
    assert last.blocks[-1].after is None


def test_a_history_tells_the_last_write_first_with_before_and_after(notes):
    write(notes, "a", "one")
    notes.clock.advance(60)
    write(notes, "a", "two")

    history = block(NOTES.one(look(notes, entity="note", key="a")), History)
    assert [entry.rows for entry in history.entries] == [
        [[Code("text"), "one", "two"]],
        [[Code("text"), None, "one"]],
    ]
    last, first = (entry.head[0].at_s for entry in history.entries)
    assert last - first == 60
    assert history.entries[0].head[2] == Code("user:1")


def test_a_deleted_record_still_has_its_history(notes):
    write(notes, "a", "one")
    notes.reset()

    sheet = NOTES.one(look(notes, entity="note", key="a"))
    assert block(sheet, Facts).name == "is_gone"
    assert block(sheet, History).entries


def call(name="POST", status=200, **more):
    return CallLine(0.0, name, "somebody", status, **more)


def names(sheet):
    return [row[1].cells[0].text for row in block(sheet, Table).rows]


def test_calls_are_shown_the_last_first_and_by_how_they_ended(notes):
    notes.calls.lines += [
        call("fine"),
        call("bad", 400),
        call("odd", trouble="delay"),
        call("near", missed=(Miss("method", "x", ()),)),
    ]

    assert names(calls.show(look(notes))) == ["near", "odd", "bad", "fine"]
    assert names(calls.show(look(notes, show="refused"))) == ["bad"]
    assert names(calls.show(look(notes, show="troubled"))) == ["odd"]
    assert names(calls.show(look(notes, show="missed"))) == ["near"]
    assert names(calls.show(look(notes, q="NEA"))) == ["near"]


def test_a_missed_name_is_shown_with_the_one_that_was_meant(notes):
    notes.calls.add(call(missed=(Miss("fields", "TITEL", {"TITLE", "ID"}), Miss("fields", "QQ"))))

    (row,) = block(calls.show(look(notes)), Table).rows
    _, near, far = row[1].cells
    assert near.cells[-1] == Code("TITLE")
    assert len(far.cells) == 2


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("short", "short"),
        (None, None),
        ([], None),
        ([{"A": 1}, {"A": 2, "B": 3}], Grid(["A", "B"], [[1, None], [2, 3]])),
        (["a", "b"], Lines(("a", "b"))),
        ("x" * 161, Folded("x" * 40 + "…", ("x" * 161,))),
    ],
)
def test_a_stored_value_becomes_a_cell(stored, shown):
    assert cells.value(stored) == shown
