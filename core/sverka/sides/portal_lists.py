"""Lists of the portal: pages in ascending order, whole lists side by side in few batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.sides.delivery import Doubt
from sverka.sides.portal_access import surprise
from sverka.sides.portal_batches import CUT_OFF
from sverka.sides.portal_calls import PortalCalls
from sverka.wire.b24 import Command, Json, Refusal, Result

PAGE = 50

Row = Mapping[str, Json]


@dataclass(slots=True)
class Listing:
    """A whole list on its way, in ascending order, its pages chained inside a batch by references.

    A row that is added or deleted meanwhile moves no page, since each starts after the last row of
    the one before. No length is asked for: it would cost a call before the others, and that of
    addresses is wrong (b24phpsdk: issue 144).

    Attributes:
        key: The rows are ordered by this field.
        apart: Another field that tells rows apart which share their key; fewer than a page do.
    """

    method: str
    params: Mapping[str, Json] = field(default_factory=dict)
    key: str = "ID"
    apart: str = ""
    rows: dict[tuple[str, ...], Row] = field(default_factory=dict)
    ended: bool = False
    _last: str = "0"

    def next_pages(self, number: int, room: int) -> Iterator[Command]:
        """As many pages as there is room for, called `{number}p0`, `{number}p1`… in their batch."""
        after = f"{'>=' if self.apart else '>'}{self.key}"
        for page in range(room):
            last = f"$result[{number}p{page - 1}][{PAGE - 1}][{self.key}]" if page else self._last
            conditions = {**self.params.get("filter", {}), after: last}
            paging = {"filter": conditions, "order": {self.key: "ASC"}, "start": -1}
            yield Command(self.method, {**self.params, **paging})

    def take(self, page: Sequence[Row]) -> None:
        """The next page in order. What comes after the last one started anew, and is no news."""
        if self.ended:
            return
        names = [name for name in (self.key, self.apart) if name]
        self.rows |= {tuple(str(row[name]) for name in names): row for row in page}
        self.ended = len(page) < PAGE
        self._last = str(page[-1][self.key]) if page else self._last


def read_whole(calls: PortalCalls, listings: Sequence[Listing]) -> Flow[None]:
    """Whole lists, side by side in as few batches as may be."""
    while open_lists := [listing for listing in listings if not listing.ended]:
        room = calls.reading_batch // len(open_lists)
        commands = {
            f"{number}p{page}": command
            for number, listing in enumerate(open_lists)
            for page, command in enumerate(listing.next_pages(number, max(room, 1)))
        }
        replies = yield from calls.ask_each(commands)
        late_s = 0.0
        for number, listing in enumerate(open_lists):
            pages = [replies[name] for name in commands if name.startswith(f"{number}p")]
            for reply in pages:
                if isinstance(reply, Refusal) and (reply.until_s or reply is CUT_OFF):
                    # The pages behind it would start after rows that it did not give.
                    late_s = max(late_s, reply.until_s)
                    break
                listing.take(value_of(listing.method, reply))
        if late_s:
            yield from calls.wait_until(late_s)


def rows_or_refusal(
    calls: PortalCalls, method: str, conditions: Mapping[str, Json]
) -> Flow[list[Row] | Refusal]:
    """As `rows_of`, but a refusal that is not for want of access is an answer."""
    if any(value == [] for value in conditions.values()):
        return []
    command = page_of(method, conditions)
    reply = (yield from calls.send([command], safe=True))[0]
    if isinstance(reply, Refusal) and not reply.no_access:
        return reply
    return (yield from with_following(calls, command, value_of(method, reply)))


def rows_of(calls: PortalCalls, method: str, conditions: Mapping[str, Json]) -> Flow[list[Row]]:
    """All rows that meet the conditions; an empty list of values meets none."""
    if any(value == [] for value in conditions.values()):
        return []
    command = page_of(method, conditions)
    reply = yield from calls.ask(command)
    return (yield from with_following(calls, command, reply.value))


def with_following(calls: PortalCalls, command: Command, rows: Sequence[Row]) -> Flow[list[Row]]:
    """A first page with all that follow it, by ascending ID."""
    result = list(rows)
    page = rows
    while len(page) >= PAGE:
        conditions = {**command.params["filter"], ">ID": page[-1]["ID"]}
        page = (yield from calls.ask(page_of(command.method, conditions))).value
        result += page
    return result


def page_of(method: str, conditions: Mapping[str, Json], *, select: Sequence[str] = ()) -> Command:
    chosen = {"select": list(select)} if select else {}
    return Command(
        method, {"filter": dict(conditions), "order": {"ID": "ASC"}, "start": -1, **chosen}
    )


def value_of(method: str, reply: object) -> Json:
    if isinstance(reply, Result):
        return reply.value
    assert isinstance(reply, Refusal | Doubt), f"{method} has no reply"
    raise surprise(method, reply)
