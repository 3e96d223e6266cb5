"""The page of the clock: what time it is in the system, and moving it on."""

from typing import Any

from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.console.blocks import Block, Buttons, Facts, Field, Form
from sverka_emulator_kit.console.cells import Act, Lasting, Mark, Moment, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

STEPS_S = {
    "one_second": 1,
    "ten_seconds": 10,
    "one_minute": 60,
    "one_hour": 3600,
    "one_day": 86_400,
}
"""How far the buttons move the clock, by the word on them."""


def show(look: Look[Any]) -> Sheet:  # Any: every system has a clock
    clock = look.system.clock
    now_s, due_s = clock.now_s(), clock.due_s()
    if isinstance(clock, WallClock):
        going = Mark(Word("is_frozen"), "warn") if clock.is_frozen else Word("runs")
    else:
        going = Word("is_virtual")
    facts = (
        (Word("now"), Moment(now_s)),
        (Word("clock_is"), going),
        (Word("next_due"), Word("none_due") if due_s is None else Moment(due_s)),
        (Word("due_in"), None if due_s is None else Lasting(due_s - now_s)),
    )
    steps = [Act(word, "clock", {"advance_s": step_s}) for word, step_s in STEPS_S.items()]
    by_hand = Field("advance_s", "seconds", "number", required=True)
    blocks: list[Block] = [
        Facts("time", facts),
        Buttons("advance", steps, "advance_note"),
        Form("advance_by", "clock", (by_hand,), "advance"),
    ]
    if isinstance(clock, WallClock):
        freezes = (Act("freeze", "clock", {"freeze": True}), Act("run", "clock", {"freeze": False}))
        blocks.append(Buttons("standing_still", freezes, "freeze_note"))
    return Sheet(blocks)


PAGE: Page[Any] = Page("clock", "clock", show)  # Any: every system has a clock
