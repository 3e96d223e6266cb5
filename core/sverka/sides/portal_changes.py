"""The portal's change table: offline events that are set aside, taken over and cleared."""

from collections.abc import Sequence
from dataclasses import dataclass

from sverka.asks import Flow
from sverka.records import Change, Fate, SideName, typed_key
from sverka.settings import Shape
from sverka.sides.delivery import Doubt
from sverka.sides.portal_access import surprise
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import PAGE, Row, rows_of, value_of
from sverka.sides.side import Feed
from sverka.wire.b24 import Command, Refusal, Reply
from sverka.wire.b24_cards import SHAPE_OF_TYPE

PAGES_MANY = 20
"""Pages of events that are set aside in one call when a burst has come."""

EVENTS = (
    *(
        f"ONCRM{what}{verb}"
        for what in ("COMPANY", "CONTACT", "REQUISITE")
        for verb in ("ADD", "UPDATE", "DELETE")
    ),
    "ONCRMADDRESSREGISTER",
    "ONCRMADDRESSUNREGISTER",
)


@dataclass(frozen=True, slots=True)
class Reserved:
    """Offline events that the portal set aside for us under these process ids."""

    process_ids: tuple[str, ...]


class ChangeTable:
    """The queue of offline events of one portal.

    `connector` is the mark of our own writes, which are not reported back; `""` if there is none.
    """

    def __init__(self, calls: PortalCalls, connector: str) -> None:
        self._calls = calls
        self._connector = {"auth_connector": connector} if connector else {}
        self._left_over = True
        self._pages = 1

    def bind(self, bound: Sequence[Row]) -> Flow[None]:
        """Have the portal enter our events; `bound` are those that it enters already."""
        present = {str(row["event"]).upper() for row in bound if int(row.get("offline", 0))}
        commands = {
            event: Command(
                "event.bind", {"event": event, "event_type": "offline", **self._connector}
            )
            for event in EVENTS
            if event not in present
        }
        for event, reply in (yield from self._calls.ask_batch(commands)).items():
            # Bound by an earlier call whose reply was lost: that is what we want.
            if isinstance(reply, Refusal) and "Unable to set event handler" not in reply.text:
                raise surprise(f"event.bind {event}", reply)

    def changes(self) -> Flow[Feed]:
        if self._left_over:
            return (yield from self._reserved_before())
        return (yield from self._reserve())

    def confirm(self, feed: Feed) -> Flow[None]:
        if isinstance(feed.token, Reserved):
            commands = {
                f"clear{number}": Command(
                    "event.offline.clear", {"process_id": process, **self._connector}
                )
                for number, process in enumerate(feed.token.process_ids)
            }
            yield from self._calls.ask_batch(commands)

    def _reserve(self) -> Flow[Feed]:
        """Set events aside, a page a command; behind a full page there are more of them."""
        params = {"clear": 0, "limit": PAGE, **self._connector}
        get = Command("event.offline.get", params)
        # Until all has been taken over, the portal may have set events aside that we do not know;
        # they are listed with their process id.
        self._left_over = True
        replies = yield from self._sent(get, self._pages)
        if any(isinstance(reply, Doubt) for reply in replies):
            return (yield from self._reserved_before())
        taken = [value_of(get.method, reply) for reply in replies]
        changes = yield from self._owners([event for page in taken for event in page["events"]])
        processes = tuple(str(page["process_id"]) for page in taken if page["events"])
        more = len(taken[-1]["events"]) >= PAGE
        self._pages = PAGES_MANY if more else 1
        self._left_over = False
        return Feed(changes, Reserved(processes) if processes else None, more)

    def _sent(self, command: Command, times: int) -> Flow[Sequence[Reply | Doubt | None]]:
        """Replies to the same writing command, so many times in one call."""
        if times == 1:
            return (yield from self._calls.send([command], safe=False))
        commands = {f"get{number}": command for number in range(times)}
        answers = (yield from self._calls.send_batches([commands], safe=False))[0]
        return [answers] if isinstance(answers, Doubt) else [answers.get(n) for n in commands]

    def _reserved_before(self) -> Flow[Feed]:
        rows: list[Row] = []
        last = 0
        while True:
            params = {"filter": {">ID": last}, "order": {"ID": "ASC"}, **self._connector}
            page = (yield from self._calls.ask(Command("event.offline.list", params))).value
            rows += page
            if len(page) < PAGE:
                break
            last = int(page[-1]["ID"])
        self._left_over = False
        reserved = [row for row in rows if row.get("PROCESS_ID")]
        changes = yield from self._owners(reserved)
        process_ids = tuple(dict.fromkeys(str(row["PROCESS_ID"]) for row in reserved))
        return Feed(changes, Reserved(process_ids) if process_ids else None, more=True)

    def _owners(self, events: Sequence[Row]) -> Flow[tuple[Change, ...]]:
        """Events to changes of clients; a requisite or an address counts for its owner."""
        changes: dict[str, Change] = {}
        requisites: list[str] = []
        for event in events:
            name, fields = str(event["EVENT_NAME"]).upper(), event["EVENT_DATA"]["FIELDS"]
            if name.startswith("ONCRMADDRESS"):
                if owner := SHAPE_OF_TYPE.get(str(fields["ANCHOR_TYPE_ID"])):
                    key = typed_key(owner, fields["ANCHOR_ID"])
                    changes.setdefault(key, Change(side=SideName.PORTAL, key=key))
                continue
            b24_id = str(fields["ID"])
            if name.startswith("ONCRMREQUISITE"):
                requisites.append(b24_id)
                continue
            shape = Shape.COMPANY if name.startswith("ONCRMCOMPANY") else Shape.CONTACT
            fate = Fate.GONE if name.endswith("DELETE") else Fate.EDITED
            key = typed_key(shape, b24_id)
            changes[key] = Change(side=SideName.PORTAL, key=key, fate=fate)
        for row in (yield from rows_of(self._calls, "crm.requisite.list", {"@ID": requisites})):
            if shape_found := SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"])):
                key = typed_key(shape_found, row["ENTITY_ID"])
                changes.setdefault(key, Change(side=SideName.PORTAL, key=key))
        return tuple(changes.values())
