"""What can be set about a portal: tariff, block, disputed behaviours, costs, its application."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import orjson

from b24_emulator.rules.tariffs import TARIFFS, Block
from sverka_emulator_kit.console.blocks import Buttons, Facts, Field, Form, Table
from sverka_emulator_kit.console.cells import Act, Code, Mark, Word, value
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

NOTHING: Mapping[str, object] = {}
CHOICES: Mapping[str, tuple[int, ...]] = {
    "wrong_secret_status": (401, 403),
    "scope_status": (401, 403),
}
"""What a switch can be that is no yes or no."""


def show(look: "Look[Portal]") -> Sheet:
    portal = look.system
    names = {name: Code(name) for name in TARIFFS}
    present = next((n for n, one in TARIFFS.items() if one == portal.tariff), "")
    blocks = [_act(f"block_{one}", "block", {"why": one}) for one in Block]
    switches = [_switch(name, held) for name, held in asdict(portal.switches).items()]
    costs = orjson.dumps(portal.costs.by_method).decode()
    tariff = [(Code(name), value(held)) for name, held in asdict(portal.tariff).items()]
    closed = Mark(Word(f"block_{portal.block}"), "bad" if portal.block else "good")
    return Sheet(
        [
            Facts("tariff", [(Word("portal"), closed), *tariff]),
            _deed(
                "change_tariff", "tariff", Field("params.name", "tariff", "choice", present, names)
            ),
            Buttons("block", blocks),
            Table("switches", ("switch", "value", "change"), switches, note=Word("switches_note")),
            _deed(
                "costs",
                "costs",
                Field("params", "costs_json", "json", costs, required=True),
                "costs_note",
            ),
            _deed(
                "rename",
                "rename",
                Field("params.origin", "address", value=portal.origin, required=True),
            ),
            Buttons(
                "application",
                [_act(one, one) for one in ("update_app", "reinstall_app")],
                "application_note",
            ),
        ]
    )


def _deed(name: str, deed: str, field: Field, note: str = "") -> Form:
    hidden = Field("name", "name", "hidden", f"portal.{deed}")
    return Form(name, "act", (hidden, field), "set", note)


def _act(label: str, deed: str, params: Mapping[str, object] = NOTHING) -> Act:
    return Act(label, "act", {"name": f"portal.{deed}", "params": params})


def _switch(name: str, held: object) -> list[object]:
    other: object = None
    if isinstance(held, bool):
        other = not held
    elif name in CHOICES:
        other = next(one for one in CHOICES[name] if one != held)
    act = None if other is None else replace(_act("turn", "switches", {name: other}), about=name)
    shown = value(held) if isinstance(held, bool) else str(held)
    return [Code(name), Mark(shown, "plain"), act]


PAGE: "Page[Portal]" = Page("settings", "settings", show)
