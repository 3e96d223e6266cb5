"""The page of trouble: what stands ready, what was met, and setting more of it."""

from dataclasses import asdict
from typing import Any

from sverka_emulator_kit.console.blocks import Buttons, Field, Form, Table
from sverka_emulator_kit.console.cells import Act, Beside, Code, Lines, Mark, Moment, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet
from sverka_emulator_kit.trouble import KINDS, NAMES, Standing

COLUMNS = ("trouble", "match", "times", "chance", "spares", "until", "details")
TIMES = {"1": None, "2": None, "5": None, "20": None, "null": Word("without_end")}


def show(look: Look[Any]) -> Sheet:  # Any: every system has trouble
    box = look.system.trouble
    met = [[Code(kind), count] for kind, count in box.met.items()]
    quick = [Act(f"next_{kind}", "trouble", {"kind": kind}) for kind in KINDS]
    fields = (
        Field("kind", "trouble", "choice", "refuse", {k: Word(f"kind_{k}") for k in KINDS}),
        Field("match", "match", value="*", required=True, hint="match_hint"),
        Field("times", "times", "choice", "1", TIMES, reads="json"),
        Field("chance", "chance", "number", hint="chance_hint"),
        Field("spares", "spares", "number", hint="spares_hint"),
        Field("status", "status", "number", hint="status_hint"),
        Field("error", "error_code", hint="error_hint"),
        Field("delay_s", "delay_s", "number", hint="delay_hint"),
        Field("after_s", "after_s", "number", hint="after_hint"),
    )
    standing = [_row(entry) for entry in box.standing]
    clear = Act("clear_trouble", "trouble", verb="DELETE")
    return Sheet(
        [
            Table("standing", COLUMNS, standing, "no_trouble", len(standing)),
            Buttons("next_call", (*quick, clear), "next_call_note"),
            Form("set_trouble", "trouble", fields, "set"),
            Table("met", ("trouble", "count"), met, "none_met", numbers=("count",)),
        ]
    )


def _row(entry: Standing) -> list[object]:
    details = asdict(entry.trouble)
    return [
        Mark(Code(NAMES[type(entry.trouble)]), "warn"),
        Code(entry.match),
        Word("without_end") if entry.times is None else entry.times,
        f"{entry.chance:.0%}",
        entry.spares,
        None if entry.until_s is None else Moment(entry.until_s),
        Lines([Beside((Code(name), str(value))) for name, value in details.items()]),
    ]


PAGE: Page[Any] = Page("trouble", "troubles", show)  # Any: every system has trouble
