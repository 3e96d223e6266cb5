"""The portal's change table where who takes offline events ends them: a lesser tariff.

There a lost answer would lose what it took. So events are listed first, noted in the journal, and
taken only then; what has been noted is carried whatever becomes of the taking.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sverka.asks import CursorOf, Flow, load, save
from sverka.records import Change, Cursor
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import CUT_OFF, NO_ANSWER
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_changes import PAGES_MANY
from sverka.sides.portal_events import changes_of
from sverka.sides.portal_lists import PAGE, Row, value_of
from sverka.sides.side import Feed
from sverka.wire.b24 import Command

NOTED = "portal.taken"
"""Cursor: events that are being taken, as JSON; `""` when they are in the inbox."""
LIST, GET, CLEAR = "event.offline.list", "event.offline.get", "event.offline.clear"


@dataclass(frozen=True, slots=True)
class Taken:
    """Events that the cursor holds until their changes are in the inbox."""


class ClearedQueue:
    """The queue of offline events of one portal.

    `several`: a client may have several requisites.
    """

    def __init__(self, calls: PortalCalls, connector: str) -> None:
        self._calls = calls
        self._connector = {"auth_connector": connector} if connector else {}
        self._left_over = True
        self.several = False

    def changes(self) -> Flow[Feed]:
        if self._left_over and (noted := (yield from load(CursorOf(NOTED)))):
            return Feed((yield from self._changes(json.loads(noted))), Taken(), more=True)
        rows = yield from self._listed()
        self._left_over = bool(rows)
        if not rows:
            return Feed()
        yield from save([Cursor(name=NOTED, value=json.dumps([_slim(row) for row in rows]))])
        beside = yield from self._take(rows)
        changes = yield from self._changes([*rows, *beside])
        return Feed(changes, Taken(), more=len(rows) >= PAGE)

    def confirm(self, feed: Feed) -> Flow[None]:
        if isinstance(feed.token, Taken):
            yield from save([Cursor(name=NOTED, value="")])
            self._left_over = False

    def _changes(self, events: Sequence[Row]) -> Flow[tuple[Change, ...]]:
        return (yield from changes_of(self._calls, events, several=self.several))

    def _listed(self) -> Flow[list[Row]]:
        """The oldest events, many at a time when a burst has come."""
        first = Command(LIST, {**_from("0"), **self._connector})
        rows: list[Row] = list((yield from self._calls.ask(first)).value)
        if len(rows) == PAGE:
            after = {"p0": Command(LIST, {**_from(str(rows[-1]["ID"])), **self._connector})}
            for page in range(1, min(PAGES_MANY, self._calls.reading_batch)):
                last = f"$result[p{page - 1}][{PAGE - 1}][ID]"
                after[f"p{page}"] = Command(LIST, {**_from(last), **self._connector})
            for reply in (yield from self._calls.ask_batch(after)).values():
                if reply is CUT_OFF:
                    break
                found = value_of(LIST, reply)
                rows += found
                if len(found) < PAGE:
                    break
        # What somebody marked as failed is no longer ours to take.
        return [row for row in rows if str(row.get("ERROR", "0")) != "1"]

    def _take(self, rows: Sequence[Row]) -> Flow[list[Row]]:
        """End these events; returns others that went with them. A doubt ends nothing for us."""
        free = [str(row["ID"]) for row in rows if not row.get("PROCESS_ID")]
        pages = [free[at : at + PAGE] for at in range(0, len(free), PAGE)]
        commands = {f"get{n}": Command(GET, self._taking(ids)) for n, ids in enumerate(pages)}
        # Set aside while the tariff still did that.
        processes = dict.fromkeys(str(row["PROCESS_ID"]) for row in rows if row.get("PROCESS_ID"))
        commands |= {
            f"clear{n}": Command(CLEAR, {"process_id": process, **self._connector})
            for n, process in enumerate(processes)
        }
        (answers,) = yield from self._calls.send_batches([commands], safe=False)
        if isinstance(answers, Doubt):
            return []
        taken = [value_of(GET, answers.get(f"get{n}", NO_ANSWER)) for n in range(len(pages))]
        events = [row for page in taken for row in page["events"]]
        return [row for row in events if str(row["ID"]) not in free]

    def _taking(self, ids: Sequence[str]) -> Mapping[str, object]:
        chosen = {"filter": {"@ID": list(ids)}, "order": {"ID": "ASC"}, "limit": len(ids)}
        return {"clear": 1, **chosen, **self._connector}


def _from(last: str) -> dict[str, Mapping[str, str]]:
    return {"filter": {">ID": last}, "order": {"ID": "ASC"}}


def _slim(row: Row) -> Row:
    return {"EVENT_NAME": row["EVENT_NAME"], "EVENT_DATA": row["EVENT_DATA"]}
