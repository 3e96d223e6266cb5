"""The portal at a glance: its levels, what it holds, the last calls."""

from typing import TYPE_CHECKING

from b24_emulator.entities import RECORDED
from sverka_emulator_kit.console import calls
from sverka_emulator_kit.console.blocks import Facts, Gauge, Gauges
from sverka_emulator_kit.console.cells import Beside, Code, Lasting, Link, Mark, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def show(look: "Look[Portal]") -> Sheet:
    portal = look.system
    is_open = not portal.block and portal.tariff.rest
    held = [
        (
            Code(name),
            Link(len(portal.tables[name].rows), "records/list", {"entity": name}),
        )
        for name in RECORDED
    ]
    facts = (
        (Word("address"), Code(portal.origin)),
        (Word("webhook"), Code(portal.webhook_path)),
        (Word("tariff"), Code(portal.tariff.license)),
        (
            Word("programs"),
            Mark(Word("let_in" if is_open else "kept_out"), "good" if is_open else "bad"),
        ),
        (Word("in_queue"), Link(len(portal.offline.entries), "events")),
        (Word("on_their_way"), Link(len(portal.online.waiting), "events")),
        (Word("troubles"), Link(len(portal.trouble.standing), "trouble")),
    )
    return Sheet(
        [bucket(portal), Facts("portal", facts), Facts("held", held), calls.latest(portal)]
    )


def bucket(portal: "Portal") -> Gauges:
    """How full the counter of each source address is."""
    profile, now_s = portal.limits, portal.now_s
    ceiling = profile.threshold
    levels = {p: portal.bucket.level(profile, p, now_s) for p in portal.bucket.levels}
    gauges = [
        Gauge(Code(p), n, ceiling, f"{n:.1f} / {ceiling}") for p, n in levels.items() if ceiling
    ]
    return Gauges("bucket", gauges, "no_threshold" if ceiling is None else "no_peers")


def limits(look: "Look[Portal]") -> Sheet:
    portal = look.system
    profile, budget_s = portal.limits, portal.limits.operating_s
    spent = portal.operating.spent(portal.now_s).items()
    gauges = [
        Gauge(
            Code(key.replace("|", " | ")),
            spent_s,
            budget_s,
            Beside((Lasting(spent_s), "/", Lasting(budget_s))),
        )
        for key, spent_s in sorted(spent, key=lambda pair: -pair[1])
        if budget_s
    ]
    rows = (
        (Word("threshold"), Word("unlimited") if profile.threshold is None else profile.threshold),
        (Word("drain"), profile.drain_per_s),
        (Word("page_size"), profile.page_size),
        (Word("budget"), Word("unlimited") if budget_s is None else Lasting(budget_s)),
    )
    operating = Gauges("operating", gauges, "no_threshold" if budget_s is None else "none_spent")
    return Sheet([bucket(portal), operating, Facts("profile", rows)])


OVERVIEW: "Page[Portal]" = Page("", "overview", show)
LIMITS: "Page[Portal]" = Page("limits", "limits", limits)
