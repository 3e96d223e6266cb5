"""What the portal enters into its change table for us: asked for, and again if it is forgotten.

Bindings vanish when the application is updated or installed anew (b24restdocs: event-bind.md).
What was changed until they are back is in no queue, so everything is read once.
"""

from collections.abc import Iterable, Sequence

from sverka.asks import CursorOf, Flow, load, now, save
from sverka.records import Cursor, HistoryLine, Level, SideName
from sverka.sides.portal_batches import Answers
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_events import EVENTS
from sverka.sides.portal_lists import Row, value_of
from sverka.wire.b24 import Command, Refusal, Reply, Result

BOUND = "portal.bound"
"""Cursor: the connector and the events that we bound with it, blanks between."""
MISSED = "portal.missed"
"""Cursor: changes may be in no queue; it stays until everything has been read."""
LOOK_EVERY_S = 60.0
TOLD = (
    "The portal had forgotten to tell us of changes, as after an update of the application or a "
    "change of its tariff. It is told again, and everything is read once."
)


def first_binds(connector: str) -> Flow[dict[str, Command]]:
    """Calls that bind everything, if nothing was ever bound, to ride in the portal's greeting.

    The tariff may not know the mark: then they are refused, and `renew` binds without it.
    """
    if (yield from load(CursorOf(BOUND))):
        return {}
    return _commands((f"event.bind {event}" for event in EVENTS), connector)


class Bindings:
    """Our bindings at one portal.

    `connector` is the mark of our own writes, which are not reported back; `""` if there is none.
    """

    def __init__(self, calls: PortalCalls, connector: str) -> None:
        self._calls = calls
        self._connector = connector
        self._missed = False
        self._are_first = False
        self._looked_at_s = 0.0

    def renew(self, bound: Sequence[Row], first: Answers, mark: str) -> Flow[None]:
        """Bind what is not.

        Args:
            bound: What the portal answered to `event.get`.
            first: What it answered to `first_binds` with `mark` after that, among others.
        """
        self._looked_at_s = yield from now()
        known = yield from load(CursorOf(BOUND))
        present = {str(row["event"]).upper() for row in bound if int(row.get("offline", 0))}
        self._are_first = not known and present.isdisjoint(EVENTS)
        taken = {event for event in EVENTS if _is_bound(first.get(f"event.bind {event}"))}
        present |= taken
        connector, *events = known.split(" ") if known else (mark if taken else self._connector, "")
        moved = connector != self._connector
        missing = [event for event in EVENTS if moved or event not in present]
        self._missed = bool((yield from load(CursorOf(MISSED))))
        if moved or not set(events).isdisjoint(missing):
            # Noted before it is bound: a process that dies in between would think all was well.
            yield from self._note_missed()
        if moved:
            yield from self._ask(f"event.unbind {event}" for event in present & {*EVENTS})
        yield from self._ask(f"event.bind {event}" for event in missing)
        now_bound = " ".join([self._connector, *EVENTS])
        if known != now_bound:
            yield from save([Cursor(name=BOUND, value=now_bound)])

    def have_missed(self) -> Flow[bool]:
        """Whether changes may be in no queue. The portal is asked once in a while."""
        moment_s = yield from now()
        if moment_s - self._looked_at_s >= LOOK_EVERY_S:
            bound = (yield from self._calls.ask(Command("event.get"))).value
            yield from self.renew(bound, {}, self._connector)
        return self._missed

    def are_first(self) -> bool:
        """Whether nothing was ever bound before: then no queue holds anything. Tells it once."""
        first, self._are_first = self._are_first, False
        return first

    def caught_up(self) -> Flow[None]:
        """All that may have been missed is in the journal."""
        yield from save([Cursor(name=MISSED, value="")])
        self._missed = False

    def _note_missed(self) -> Flow[None]:
        moment_s = yield from now()
        line = HistoryLine(
            run=0, at_s=moment_s, text=TOLD, level=Level.WARNING, side=SideName.PORTAL
        )
        yield from save([Cursor(name=MISSED, value="yes"), line])
        self._missed = True

    def _ask(self, calls: Iterable[str]) -> Flow[None]:
        """Bind or unbind events: `event.bind ONCRMCOMPANYADD`."""
        commands = _commands(calls, self._connector)
        for call, reply in (yield from self._calls.ask_batch(commands)).items():
            if not _is_bound(reply):
                value_of(call, reply)


def _commands(calls: Iterable[str], connector: str) -> dict[str, Command]:
    commands: dict[str, Command] = {}
    for call in calls:
        method, _, event = call.partition(" ")
        params = {"event": event, "event_type": "offline"}
        if connector and method == "event.bind":
            params["auth_connector"] = connector
        commands[call] = Command(method, params)
    return commands


def _is_bound(reply: Reply | None) -> bool:
    """Also by an earlier call whose reply was lost: that is what we want."""
    if isinstance(reply, Refusal):
        return "Unable to set event handler" in reply.text
    return isinstance(reply, Result)
