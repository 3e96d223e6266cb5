"""The page of states: snapshots, what differs between two, and back to the seed."""

from typing import Any

from sverka_emulator_kit.console.blocks import Block, Buttons, Field, Form, Search, Table
from sverka_emulator_kit.console.cells import Act, Code, Link, Moment, Size, Word, value
from sverka_emulator_kit.console.page import Look, NotThere, Page, Sheet
from sverka_emulator_kit.console.paging import paged

PATH = "states"
COLUMNS = ("snapshot", "at", "size", "since", "restore")


def show(look: Look[Any]) -> Sheet:  # Any: every system has states
    kept = look.states.kept
    rows = [
        [
            Code(name),
            Moment(one.at_s),
            Size(len(one.state)),
            Link(Word("changes_since"), PATH, {"before": name}),
            Act("restore", "restore", {"name": name}, asks=True, about=name),
        ]
        for name, one in kept.items()
    ]
    take = Field("name", "name", hint="name_hint")
    reset = Act("reset", "reset", asks=True)
    blocks: list[Block] = [
        Form("take_snapshot", "snapshot", (take,), "take"),
        Table("snapshots", COLUMNS, rows, "no_snapshots", len(rows)),
    ]
    if kept:
        blocks += _compared(look)
    return Sheet([*blocks, Buttons("reset", (reset,), "reset_note")])


def _compared(look: Look[Any]) -> list[Block]:  # Any: every system has states
    before, after = look.asked("before"), look.asked("after")
    names = dict.fromkeys(look.states.kept)
    fields = (
        Field("before", "was", "choice", before, names),
        Field("after", "is", "choice", after, {"": Word("now"), **names}),
    )
    search = Search(PATH, fields, "compare")
    if not before:
        return [search]
    for name in (before, after):
        if name and name not in names:
            raise NotThere(f"There is no snapshot {name!r}. There are: {', '.join(names)}.")
    changes = look.states.difference(before, after)
    shown, pager = paged(look, PATH, changes)
    rows = [
        [
            Code(str(row["entity"])),
            str(row["key"]),
            Code(str(row["field"])),
            value(row["was"]),
            value(row["is"]),
        ]
        for row in shown
    ]
    columns = ("kind", "key", "field", "was", "is")
    return [search, Table("changes", columns, rows, "no_changes", len(changes)), pager]


PAGE: Page[Any] = Page(PATH, "states", show)  # Any: every system has states
