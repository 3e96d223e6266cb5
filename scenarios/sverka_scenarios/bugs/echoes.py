"""Bugs in telling our own writes from edits by people."""

from dataclasses import replace

from sverka.asks import Flow, HistoryOf, LinksOf, load, now
from sverka.engine import keep
from sverka.records import Fate, HistoryLine, SideName, Value, Values, split_key
from sverka.settings import Settings
from sverka.sides.portal import PortalSide
from sverka.sides.portal_lists import rows_of
from sverka.sides.portal_writing import PortalWriting
from sverka.sides.side import Feed
from sverka.wire.b24_cards import Requisites
from sverka_scenarios.bugs.bug import Bug
from sverka_scenarios.people import MANAGER

changes_of = PortalSide.changes


begin_writing = PortalWriting.__init__


def _never_same(one: Value | None, other: Value | None) -> bool:
    return False


def _always_edited(name: str, now: Values, base: Values) -> Fate:
    """A changed version is taken for a change of every value."""
    return Fate.EDITED if name in now else Fate.SAME


MUTED_S = 30.0


def _mute_by_time(feed: Feed) -> Flow[None]:
    """A change is our own echo if we wrote the record just before."""
    moment_s = yield from now()
    foreign = []
    for change in feed.changes:
        links = yield from load(LinksOf(change.side, (change.key,)))
        lines: list[HistoryLine] = []
        for key in {change.key, *(link.key(side) for link in links for side in SideName)}:
            lines += yield from load(HistoryOf(key))
        if not any(line.side and moment_s - line.at_s < MUTED_S for line in lines):
            foreign.append(change)
    yield from keep(replace(feed, changes=tuple(foreign)))


def _mute_by_user(self: PortalSide) -> Flow[Feed]:
    """A change is our own echo if our user was the last to change the card."""
    feed = yield from changes_of(self)
    foreign = []
    for change in feed.changes:
        shape, number = split_key(change.key)
        rows = yield from rows_of(self._calls, f"crm.{shape}.list", {"@ID": [number]})
        if not any(row["MODIFY_BY_ID"] == MANAGER for row in rows):
            foreign.append(change)
    return replace(feed, changes=tuple(foreign))


def _unmarked(self: PortalWriting, settings: Settings, presets: Requisites, connector: str) -> None:
    """Writes do not say whose they are."""
    begin_writing(self, settings, presets, "")


BUGS = (
    Bug(
        "echoes",
        "its own write, coming back as a change, is sent on though the value is equal",
        "CL-02",
        {
            "sverka.decide.fields.same": _never_same,
            "sverka.decide.fields.fate": _always_edited,
        },
    ),
    Bug(
        "mutes-by-time",
        "a change soon after a write of its own is taken for an echo",
        "CL-04",
        {"sverka.engine.keep": _mute_by_time},
    ),
    Bug(
        "mutes-by-user",
        "a change by the user of its own key is taken for an echo",
        "CL-04",
        {"sverka.sides.portal.PortalSide.changes": _mute_by_user},
    ),
    Bug(
        "unmarked",
        "its own writes bear no mark, so that the portal reports them back",
        "CL-01",
        {"sverka.sides.portal_writing.PortalWriting.__init__": _unmarked},
        in_random_lives=False,
    ),
)
