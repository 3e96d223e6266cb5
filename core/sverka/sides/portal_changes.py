"""The portal's change table where it sets offline events aside until they are confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sverka.asks import Flow
from sverka.sides.delivery import Doubt
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_events import changes_of
from sverka.sides.portal_lists import PAGE, Row, value_of
from sverka.sides.side import Feed
from sverka.wire.b24 import Command, Reply

PAGES_MANY = 20
"""Pages of events that are set aside in one call when a burst has come."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Offline events that the portal set aside for us under these process ids."""

    process_ids: tuple[str, ...]


class ReservedQueue:
    """The queue of offline events of one portal.

    `connector` is the mark of our own writes, which are not reported back; `""` if there is none.
    `several`: a client may have several requisites.
    """

    def __init__(self, calls: PortalCalls, connector: str) -> None:
        self._calls = calls
        self._connector = {"auth_connector": connector} if connector else {}
        self._left_over = True
        self._pages = 1
        self.several = False

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
        changes = yield from changes_of(
            self._calls,
            [event for page in taken for event in page["events"]],
            several=self.several,
        )
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
        changes = yield from changes_of(self._calls, reserved, several=self.several)
        process_ids = tuple(dict.fromkeys(str(row["PROCESS_ID"]) for row in reserved))
        return Feed(changes, Reserved(process_ids) if process_ids else None, more=True)
