"""A base at a glance: who is in it, what waits, what it holds, the last calls."""

from collections import Counter
from typing import TYPE_CHECKING

from onec_emulator.console.records import path_of
from sverka_emulator_kit.console import calls
from sverka_emulator_kit.console.blocks import Facts
from sverka_emulator_kit.console.cells import Code, Link, Mark, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase


def show(look: "Look[Infobase]") -> Sheet:
    base = look.system
    locked = base.sessions.locked()
    facts: list[tuple[object, object]] = [
        (Word("configuration"), Code(base.configuration.name)),
        (Word("mode"), Word(base.mode)),
        (Word("odata"), Code(base.service_root)),
        (
            Word("base"),
            Mark(Word("is_locked" if locked else "is_open"), "bad" if locked else "good"),
        ),
        (Word("windows"), Link(len(base.sessions.clients), "sessions")),
        (Word("jobs"), Link(len(base.sessions.jobs()), "sessions")),
        (Word("troubles"), Link(len(base.trouble.standing), "trouble")),
    ]
    held = Counter[str]()
    for entity, rows in base.records().items():
        held[path_of(entity)] += len(rows)
    nodes = base.records().get(base.plan, {}).values()
    waiting = [
        (
            Code(str(row["Code"])),
            Link(len(base.registered(row["Code"])), "plan", {"node": row["Code"]}),
        )
        for row in nodes
        if not row["ThisNode"]
    ]
    return Sheet(
        [
            Facts("base", facts),
            Facts("registered_for", waiting),
            Facts("held", [(Word(path), Link(count, path)) for path, count in held.items()]),
            calls.latest(base),
        ]
    )


PAGE: "Page[Infobase]" = Page("", "overview", show)
