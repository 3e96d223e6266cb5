"""Notices out of the base: whom it tells of writes, what waits, and the last tries."""

from typing import TYPE_CHECKING

import orjson

from onec_emulator.notices import NOTIFY, Line, Sent
from sverka_emulator_kit.console.blocks import Field, Form, Table
from sverka_emulator_kit.console.cells import Code, Lines, Mark, Moment, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

SHOWN_MAX = 200
TOLD = ("address", "told_of", "changes_wait", "state")
SENT = ("at", "address", "changes_told", "attempt", "answer")


def show(look: "Look[Infobase]") -> Sheet:
    base = look.system
    declared = base.books.settings.get(NOTIFY, [])
    waiting = base.notices.waiting()
    rows = [
        [
            Code(one["url"]),
            Word("all_sets") if one.get("sets") is None else Lines([*map(Code, one["sets"])]),
            waiting.get(one["url"], 0),
            _state(base.notices.lines.get(one["url"])),
        ]
        for one in declared
    ]
    sent = list(reversed(base.notices.sent))
    as_json = orjson.dumps(declared).decode()
    fields = (
        Field("name", "name", "hidden", "set_up"),
        Field(f"params.{NOTIFY}", "as_json", "json", as_json, required=True),
    )
    return Sheet(
        [
            Table("told", TOLD, rows, "nobody_told", len(rows)),
            Form("whom_to_tell", "act", fields, "set", "whom_to_tell_note"),
            Table("notices_sent", SENT, [*map(_sent, sent[:SHOWN_MAX])], "none_sent", len(sent)),
        ]
    )


def _state(line: Line | None) -> object:
    if line is None or not (line.number or line.failures):
        return Mark(Word("rests"), "plain")
    if line.has_given_up:
        return Mark(Word("gave_up"), "bad")
    return Mark(Word("under_way" if line.number else "tries_again"), "warn")


def _sent(one: Sent) -> list[object]:
    answer: object = Word("no_answer") if one.status is None else one.status
    return [
        Moment(one.at_s),
        Code(one.url),
        one.changes,
        one.attempt,
        Mark(answer, "good" if one.is_done else "bad"),
    ]


PAGE: "Page[Infobase]" = Page("notices", "notices", show)
