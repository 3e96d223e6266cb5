"""Events: who asked for them, the offline queue, and each call to a handler."""

from typing import TYPE_CHECKING

from b24_emulator.offline import Entry
from b24_emulator.online import Delivery, Sent
from sverka_emulator_kit.console.blocks import Table
from sverka_emulator_kit.console.cells import Beside, Code, Lines, Mark, Moment, Tone, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

SHOWN_MAX = 200
BINDINGS = ("number", "event", "way", "handler", "connector", "application")
QUEUE = ("number", "event", "object", "at", "state", "connector", "application")
WAITING = ("due_at", "event", "object", "handler", "trouble")
SENT = ("at", "event", "object", "handler", "answer", "trouble")


def show(look: "Look[Portal]") -> Sheet:
    portal = look.system
    bindings = [
        [
            one.number,
            Code(one.event),
            Word(one.event_type),
            Code(one.handler) if one.handler else None,
            one.connector,
            Code(one.client_id),
        ]
        for one in portal.offline.bindings
    ]
    entries = list(portal.offline.entries.values())
    waiting = sorted(portal.online.waiting.values(), key=lambda one: one.at_s)
    sent = list(reversed(portal.online.sent))
    return Sheet(
        [
            Table("bindings", BINDINGS, bindings, "no_bindings", len(bindings)),
            Table("queue", QUEUE, [*map(_entry, entries[-SHOWN_MAX:])], "no_queue", len(entries)),
            Table(
                "waiting",
                WAITING,
                [*map(_delivery, waiting[:SHOWN_MAX])],
                "none_waits",
                len(waiting),
            ),
            Table("sent", SENT, [*map(_sent, sent[:SHOWN_MAX])], "none_sent", len(sent)),
        ]
    )


def _entry(entry: Entry) -> list[object]:
    return [
        entry.number,
        Code(entry.event),
        Lines([Beside((Code(name), value)) for name, value in entry.subject]),
        Moment(entry.at_s),
        _state(entry),
        entry.connector,
        Code(entry.client_id),
    ]


def _state(entry: Entry) -> object:
    if entry.is_failed:
        return Mark(Word("failed"), "bad")
    if entry.process_id:
        return Lines((Mark(Word("reserved"), "warn"), Code(entry.process_id)))
    return Mark(Word("free"), "plain")


def _delivery(one: Delivery) -> list[object]:
    about = one.binding
    trouble = Mark(Code(one.trouble), "warn") if one.trouble else None
    return [Moment(one.at_s), Code(about.event), one.object_id, Code(about.handler), trouble]


def _sent(one: Sent) -> list[object]:
    trouble = Mark(Code(one.trouble), "warn") if one.trouble else None
    return [
        Moment(one.at_s),
        Code(one.event),
        one.object_id,
        Code(one.handler),
        _answer(one),
        trouble,
    ]


def _answer(one: Sent) -> object:
    if one.status is None:
        return Word("not_told")
    tone: Tone = "good" if one.status < 400 else "bad"
    return Mark(one.status, tone)


PAGE: "Page[Portal]" = Page("events", "events", show)
