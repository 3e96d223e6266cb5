"""What people set up in a base, and its disputed behaviours."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from onec_emulator.switches import CHOICES
from sverka_emulator_kit.console.blocks import Buttons, Facts, Field, Form, Table
from sverka_emulator_kit.console.cells import Act, Code, Mark, Word, value
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

TREES = ("broken_handlers", "forbidden", "read_only", "denied", "hidden")


def show(look: "Look[Infobase]") -> Sheet:
    base = look.system
    present = base.settings
    day = Field(
        "params.closed_until",
        "day",
        value=present.get("closed_until", ""),
        required=True,
        hint="day_hint",
    )
    trees = [
        _form(
            name,
            Field(f"params.{name}", "as_json", "json", _json(present.get(name, {})), required=True),
            f"{name}_note",
        )
        for name in TREES
    ]
    slow = Field("params.wakes_s", "seconds_more", "number", required=True)
    stock = [
        _act("stock_checked", stock_control=True),
        _act("stock_unchecked", stock_control=False),
    ]
    switches = [_switch(name, held) for name, held in asdict(base.switches).items()]
    shown = [
        (Code(name), value(held) if isinstance(held, bool) else _json(held))
        for name, held in present.items()
    ]
    return Sheet(
        [
            Facts("set_up", shown),
            _form("closed_until", day),
            _form("wakes_s", slow),
            Buttons("stock_control", stock),
            *trees,
            Buttons(
                "set_back",
                [
                    _act(
                        "set_back",
                        **dict.fromkeys(("closed_until", "stock_control", "wakes_s", *TREES)),
                    )
                ],
            ),
            Table("switches", ("switch", "value", "change"), switches, note=Word("switches_note")),
        ]
    )


def _form(name: str, field: Field, note: str = "") -> Form:
    return Form(name, "act", (Field("name", "name", "hidden", "set_up"), field), "set", note)


def _act(label: str, **params: object) -> Act:
    return Act(label, "act", {"name": "set_up", "params": params})


def _switch(name: str, held: object) -> list[object]:
    """One switch and the button that turns it to its next choice."""
    choices = CHOICES[name]
    following = choices[(choices.index(held) + 1) % len(choices)]
    act = Act("turn", "act", {"name": "switches", "params": {name: following}}, about=name)
    return [Code(name), Mark(str(held), "plain"), act]


def _json(held: object) -> str:
    return held if isinstance(held, str) else orjson.dumps(held).decode()


PAGE: "Page[Infobase]" = Page("settings", "settings", show)
