"""Who may do what: a line for each user and kind of record, and the order that sets it."""

from typing import TYPE_CHECKING

from b24_emulator.rights import VERBS, Level
from sverka_emulator_kit.console.blocks import Field, Form, Table
from sverka_emulator_kit.console.cells import Code, Link, Mark, Tone, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

EXAMPLE = '{"company": {"read": "department", "update": "own"}}'


def show(look: "Look[Portal]") -> Sheet:
    held = look.system.access.rights
    rows = [
        [
            Link(user, "records/one", {"entity": "user", "key": user}),
            Code(kind),
            *(_level(acts.get(verb, Level.NONE)) for verb in VERBS),
        ]
        for user, kinds in held.items()
        for kind, acts in kinds.items()
    ]
    columns = ("user", "kind_of_record", *(f"act_{verb}" for verb in VERBS))
    return Sheet(
        [
            Table("rights", columns, rows, "no_rights", Word("rights_note")),
            Form(
                "set_rights",
                "act",
                (
                    Field("name", "name", "hidden", "portal.rights"),
                    Field("params.user", "user", "number", required=True),
                    Field("params.rights", "rights_json", "json", EXAMPLE, required=True),
                ),
                "set",
                "set_rights_note",
            ),
        ]
    )


def _level(level: str) -> Mark:
    tone: Tone = "bad" if level == Level.NONE else "good" if level == Level.ALL else "plain"
    return Mark(Word(f"level_{level}"), tone)


PAGE: "Page[Portal]" = Page("rights", "rights", show)
