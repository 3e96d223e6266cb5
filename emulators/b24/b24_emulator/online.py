"""Online events: one call to a handler for each change, some seconds later, and never again.

Source: b24restdocs: api-reference/events/index.md, on-offline-event.md. The portal itself does no
I/O: it hands each call to its courier. How long the queue server takes, and that calls may
overtake each other, is inferred: the documents say 'a slight delay' and nothing about order.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from b24_emulator import pull
from b24_emulator.calls import Caller
from b24_emulator.event_calls import Pairs, message
from b24_emulator.event_names import OFFLINE_NOTICE
from b24_emulator.offline import ONLINE, Binding, Subject
from sverka_emulator_kit.trouble import (
    NAMES,
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Standing,
    Trouble,
    Twice,
)

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TROUBLE_PREFIX = "event/"
"""A trouble matches deliveries by `event/ONCRMCOMPANYADD`, `event/*`; calls never go by it."""
SENT_MAX = 10_000
SLOW_S = 1.0
"""A handler that takes so long is a slow one (inferred)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call to a handler that is on its way.

    Attributes:
        subject: What changed, by the names that events give; nothing for a notice of the queue.
        user_id: Who changed it.
        at_s: When it is due, unix seconds.
        trouble: Kind of the trouble that it has met already.
        data: What else it says, by names in brackets.
        token: `application_token` of an outgoing webhook, or of an installation that has ended.
        has_waited: It has had its turn at a slow handler.
    """

    binding: Binding
    subject: Subject
    user_id: str
    at_s: float
    trouble: str = ""
    data: Pairs = ()
    token: str = ""
    has_waited: bool = False

    @property
    def object_id(self) -> str:
        """What changed, in a word; `""` for a notice of the queue."""
        return ",".join(str(value) for _, value in self.subject)


@dataclass(frozen=True, slots=True)
class Sent:
    """One call that left, or was lost.

    Attributes:
        status: The handler's answer; None if there was none or the courier does not tell.
        trouble: Kind of the injected trouble, `""` if none.
    """

    at_s: float
    event: str
    object_id: str
    handler: str
    status: int | None
    trouble: str


@dataclass(slots=True)
class Online:
    """The calls of one portal: those on their way, and the last that left.

    Attributes:
        noticed_s: Moment of the last notice by binding, which may still lie ahead.
        paces_s: Least time between two calls by handler, as set from outside.
        turns_s: When a slow handler may next be called.
    """

    waiting: dict[int, Delivery] = field(default_factory=dict)
    last_id: int = 0
    noticed_s: dict[int, float] = field(default_factory=dict)
    paces_s: dict[str, float] = field(default_factory=dict)
    turns_s: dict[str, float] = field(default_factory=dict)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=SENT_MAX))

    def drop(self, client_id: str) -> None:
        """Forget the calls to an application's handlers."""
        gone = [key for key, one in self.waiting.items() if one.binding.client_id == client_id]
        for key in gone:
            del self.waiting[key]

    def dump(self) -> object:
        return {
            "waiting": [[number, asdict(one)] for number, one in self.waiting.items()],
            "last_id": self.last_id,
            "noticed_s": [list(pair) for pair in self.noticed_s.items()],
            "paces_s": self.paces_s,
            "turns_s": self.turns_s,
        }

    @classmethod
    def loaded(cls, dump: Mapping[str, Any]) -> "Online":  # Any: JSON
        waiting = {
            number: Delivery(
                **row
                | {
                    "binding": Binding(**row["binding"]),
                    "subject": tuple((name, value) for name, value in row["subject"]),
                    "data": tuple((name, value) for name, value in row["data"]),
                }
            )
            for number, row in dump["waiting"]
        }
        noticed_s = dict(dump["noticed_s"])
        return cls(waiting, dump["last_id"], noticed_s, dump["paces_s"], dump["turns_s"])


def start(portal: "Portal", online: Online) -> None:
    """Let a snapshot's deliveries go their way instead of the present ones; no call is lost."""
    portal.online = online
    for number, delivery in online.waiting.items():
        _set_out(portal, number, delivery)


def happened(portal: "Portal", event: str, subject: Subject, caller: Caller) -> None:
    """Tell of a change: into the offline queue, and by calls to the handlers."""
    if not portal.tariff.auth_connector:
        # A queue that was bound under a larger tariff no longer leaves own changes out (inferred).
        caller = replace(caller, connector="")
    queued = portal.offline.happened(event, subject, caller, portal.now_s)
    for client_id in sorted(queued):
        pull.queue_grew(portal, client_id)
    for binding in portal.offline.bindings:
        if binding.event_type != ONLINE:
            continue
        if binding.event == event:
            send(portal, binding, caller.user_id, subject=subject)
        elif binding.event == OFFLINE_NOTICE and binding.client_id in queued:
            _notice(portal, binding, caller.user_id)
    for webhook in portal.access.outgoing:
        if event in webhook.events:
            send(portal, webhook.binding(event), "", subject=subject, token=webhook.token)


def _notice(portal: "Portal", binding: Binding, user_id: str) -> None:
    """Say that the queue has new records, at most once in `minTimeout` seconds.

    With 0 it is once in a call to the portal, which is a moment of its clock.
    """
    now_s, last_s = portal.now_s, portal.online.noticed_s.get(binding.number)
    next_s = now_s if last_s is None else max(now_s, last_s + binding.min_timeout_s)
    is_ahead = last_s is not None and last_s > now_s
    if not is_ahead and not (binding.min_timeout_s == 0 and last_s == now_s):
        portal.online.noticed_s[binding.number] = next_s
        send(portal, binding, user_id, from_s=next_s)


def send(
    portal: "Portal",
    binding: Binding,
    user_id: str,
    *,
    subject: Subject = (),
    data: Pairs = (),
    token: str = "",
    from_s: float | None = None,
) -> None:
    """Let a call set out, now or at `from_s`, by way of the queue server."""
    begin_s = portal.now_s if from_s is None else from_s
    at_s = begin_s + portal.chances.events.uniform(*portal.switches.online_delay_s)
    _wait(portal, Delivery(binding, subject, user_id, at_s, data=data, token=token))


def _wait(portal: "Portal", delivery: Delivery) -> None:
    online = portal.online
    online.last_id += 1
    online.waiting[online.last_id] = delivery
    _set_out(portal, online.last_id, delivery)


def _set_out(portal: "Portal", number: int, delivery: Delivery) -> None:
    online = portal.online

    def leave() -> None:
        # A portal that was reset or restored meanwhile has another set of deliveries.
        if portal.online is online and number in online.waiting:
            _leave(portal, online.waiting.pop(number))

    portal.clock.at(delivery.at_s, leave)


def _leave(portal: "Portal", delivery: Delivery) -> None:
    turn_s = _turn_s(portal, delivery)
    if turn_s > portal.now_s:
        _wait(portal, replace(delivery, at_s=turn_s, has_waited=True))
        return
    trouble = None if delivery.trouble else _trouble(portal, delivery)
    name = NAMES[type(trouble)] if trouble else delivery.trouble
    match trouble:
        case Delay(delay_s=delay_s):
            _wait(portal, replace(delivery, at_s=portal.now_s + delay_s, trouble=name))
        case DropRequest():
            _note(portal, delivery, None, name)
        case DropReply() | CutReply():
            _post(portal, delivery)
            _note(portal, delivery, None, name)
        case Twice():
            _note(portal, delivery, _post(portal, delivery, times=2), name)
        case _:
            _note(portal, delivery, _post(portal, delivery), name)


def _turn_s(portal: "Portal", delivery: Delivery) -> float:
    """When a call may be made: a slow handler gets them one by one, with pauses.

    That slow handlers are called later is documented; that the pause is as long as the handler
    took last time is inferred.
    """
    online, handler, now_s = portal.online, delivery.binding.handler, portal.now_s
    took_s = portal.handler_times.get(handler, 0.0)
    pace_s = max(online.paces_s.get(handler, 0.0), took_s if took_s >= SLOW_S else 0.0)
    if delivery.has_waited or not pace_s:
        return now_s
    turn_s = max(now_s, online.turns_s.get(handler, 0.0))
    online.turns_s[handler] = turn_s + pace_s
    return turn_s


def _trouble(portal: "Portal", delivery: Delivery) -> Trouble | None:
    return portal.trouble.pick(
        TROUBLE_PREFIX + delivery.binding.event,
        portal.now_s,
        portal.chances.trouble,
        meets=_is_for_deliveries,
    )


def _is_for_deliveries(entry: Standing) -> bool:
    kinds = (Delay, DropRequest, DropReply, CutReply, Twice)
    return entry.match.startswith(TROUBLE_PREFIX) and isinstance(entry.trouble, kinds)


def _post(portal: "Portal", delivery: Delivery, *, times: int = 1) -> int | None:
    body = urlencode(message(portal, delivery)).encode()
    answers = [portal.courier(delivery.binding.handler, body, FORM) for _ in range(times)]
    return answers[-1]


def _note(portal: "Portal", delivery: Delivery, status: int | None, trouble: str) -> None:
    about = delivery.binding
    line = Sent(portal.now_s, about.event, delivery.object_id, about.handler, status, trouble)
    portal.online.sent.append(line)
