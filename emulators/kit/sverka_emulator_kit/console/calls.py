"""The page of calls: who called what, how it ended, and which names nobody read."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from sverka_emulator_kit.console.blocks import Field, Search, Table
from sverka_emulator_kit.console.cells import (
    Beside,
    Code,
    Folded,
    Lasting,
    Lines,
    Mark,
    Moment,
    Size,
    Word,
)
from sverka_emulator_kit.console.page import Look, Page, Sheet
from sverka_emulator_kit.console.paging import paged
from sverka_emulator_kit.record import CallLine
from sverka_emulator_kit.system import System

COLUMNS = ("at", "call", "actor", "status", "trouble", "took", "bytes_in", "bytes_out")
LATEST = 10
FIGURES = ("took", "bytes_in", "bytes_out")
CHOICES: Mapping[str, Callable[[CallLine], bool]] = {
    "": lambda line: True,
    "refused": lambda line: line.status >= 400 or bool(line.error),
    "troubled": lambda line: bool(line.trouble),
    "missed": lambda line: bool(line.missed),
}
"""Which calls are shown, by what the address says."""
WORDS = {"": "all_calls", "refused": "refused", "troubled": "troubled", "missed": "missed"}


def show(look: Look[Any]) -> Sheet:  # Any: every system has calls
    sought, choice = look.asked("q").casefold(), look.asked("show")
    chosen = CHOICES.get(choice, CHOICES[""])
    lines = look.system.calls.lines
    matching = [line for line in reversed(lines) if chosen(line) and _holds(line, sought)]
    shown, pager = paged(look, "calls", matching)
    options = {value: Word(word) for value, word in WORDS.items()}
    fields = (
        Field("q", "search", "search", look.asked("q"), hint="call_hint"),
        Field("show", "which", "choice", choice, options),
    )
    rows = [cells_of(line) for line in shown]
    table = Table("calls", COLUMNS, rows, "no_calls", len(matching), FIGURES)
    return Sheet([Search("calls", fields), table, pager])


def latest(system: System) -> Table:
    """The last calls, for the first page of a console."""
    lines = list(islice(reversed(system.calls.lines), LATEST))
    return Table(
        "latest_calls", COLUMNS, [cells_of(line) for line in lines], "no_calls", "", FIGURES
    )


def cells_of(line: CallLine) -> list[object]:
    return [
        Moment(line.at_s),
        Lines((_name(line), *(_missed(m.place, m.name, m.nearest) for m in line.missed))),
        Code(line.actor) if line.actor else None,
        _status(line),
        Mark(Code(line.trouble), "warn") if line.trouble else None,
        Lasting(line.takes_s),
        Size(line.bytes_in),
        Size(line.bytes_out),
    ]


def _name(line: CallLine) -> object:
    if not line.parts:
        return Code(line.name)
    summary = Beside((Code(line.name), "·", len(line.parts), Word("commands")))
    return Folded(summary, [Code(part) for part in line.parts])


def _status(line: CallLine) -> object:
    bad = line.status >= 400 or line.error
    mark = Mark(line.status, "bad" if bad else "good")
    return Beside((mark, Code(line.error))) if line.error else mark


def _missed(place: str, name: str, nearest: str) -> object:
    meant = (Word("perhaps"), Code(nearest)) if nearest else ()
    return Beside((Word(f"place_{place}"), Mark(Code(name), "warn"), *meant))


def _holds(line: CallLine, sought: str) -> bool:
    texts = (line.name, line.actor, line.error, line.trouble, *line.parts)
    return not sought or any(sought in text.casefold() for text in texts)


PAGE: Page[Any] = Page("calls", "calls", show)  # Any: every system has calls
