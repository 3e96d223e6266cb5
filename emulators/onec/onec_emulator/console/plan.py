"""The exchange plan: its nodes, and which changes wait for each of them."""

from typing import TYPE_CHECKING

from onec_emulator.console.records import link
from sverka_emulator_kit.console.blocks import Block, Note, Table
from sverka_emulator_kit.console.cells import Code, Link, Mark, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet
from sverka_emulator_kit.console.paging import paged

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

NODES = ("node", "called", "sent_no", "received_no", "changes_wait", "of_them_unsent")
CHANGES = ("record", "set_name", "message")


def show(look: "Look[Infobase]") -> Sheet:
    base = look.system
    if not base.plan:
        return Sheet([Note(Word("no_plan"))])
    nodes = list(base.records()[base.plan].values())
    rows = [_node(base, row) for row in nodes]
    blocks: list[Block] = [Table("nodes", NODES, rows, note=Code(base.plan))]
    others = [str(row["Code"]) for row in nodes if not row["ThisNode"]]
    node = look.asked("node") or (others[0] if others else "")
    if node in others:
        shown, pager = paged(look, "plan", base.registered(node))
        changes = [
            [link(base, entity, key), Code(entity), _message(number)]
            for entity, key, number in shown
        ]
        total = len(base.registered(node))
        blocks += [Table("changes_wait", CHANGES, changes, "none_waits", total), pager]
    return Sheet(blocks)


def _node(base: "Infobase", row: dict[str, object]) -> list[object]:
    code = str(row["Code"])
    waiting = base.registered(code)
    unsent = sum(number is None for _, _, number in waiting)
    if row["ThisNode"]:
        return [
            Code(code),
            row["Description"],
            row["SentNo"],
            row["ReceivedNo"],
            Word("this_node"),
            None,
        ]
    named = Link(Code(code), "plan", {"node": code})
    return [named, row["Description"], row["SentNo"], row["ReceivedNo"], len(waiting), unsent]


def _message(number: int | None) -> object:
    return Mark(Word("not_sent"), "warn") if number is None else number


PAGE: "Page[Infobase]" = Page("plan", "plan", show)
