"""The portal as a side: companies and contacts with their requisites."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.decide.steps import Outcome, Step
from sverka.records import Change, Fate, Record, SideName, split_key, typed_key
from sverka.settings import SHAPES, Settings, Shape
from sverka.sides.delivery import Doubt
from sverka.sides.portal_calls import PortalCalls, surprise
from sverka.sides.portal_writing import PortalWriting
from sverka.sides.side import Feed, Survey
from sverka.wire import b24_clients
from sverka.wire.b24 import Command, Json, Refusal, Reply, Result
from sverka.wire.b24_clients import ENTITY_TYPES, REQUISITE_TYPE, SHAPE_OF_TYPE, Requisites

PAGE = 50
ADDRESSES = "crm.address.list"
PAGES_MANY = 20
"""Pages of events that are set aside in one call when a burst has come."""

HALF = PAGE // 2
"""So many owners' requisites fit on one page, even where some have two."""
EVENTS = (
    *(
        f"ONCRM{what}{verb}"
        for what in ("COMPANY", "CONTACT", "REQUISITE")
        for verb in ("ADD", "UPDATE", "DELETE")
    ),
    "ONCRMADDRESSREGISTER",
    "ONCRMADDRESSUNREGISTER",
)

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Reserved:
    """Offline events that the portal set aside for us under these process ids."""

    process_ids: tuple[str, ...]


@dataclass(slots=True)
class Listing:
    """A whole list on its way, by ascending ID, its pages chained inside a batch by references.

    A row that is added or deleted meanwhile moves no page, since each starts after the last ID of
    the one before.
    """

    method: str
    params: Mapping[str, Json] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    ended: bool = False
    _total: int = -1
    _last: str = "0"

    def next_pages(self, number: int, room: int) -> Iterator[Command]:
        """The first page alone, since it tells the total; then as many as are left, up to `room`.

        They are called `{number}p0`, `{number}p1`… in their batch.
        """
        if self._total < 0:
            yield Command(self.method, {**self.params, "order": {"ID": "ASC"}})
            return
        left = max(self._total - len(self.rows), 1)
        for page in range(min(room, -(-left // PAGE) + 1)):
            last = f"$result[{number}p{page - 1}][{PAGE - 1}][ID]" if page else self._last
            after = {"filter": {">ID": last}, "order": {"ID": "ASC"}, "start": -1}
            yield Command(self.method, {**self.params, **after})

    def take(self, page: Sequence[Row], total: int) -> None:
        """The next page in order. What comes after the last one started anew, and is no news."""
        if self.ended:
            return
        self._total = total if self._total < 0 else self._total
        self.rows |= {str(row["ID"]): row for row in page}
        self.ended = len(page) < PAGE
        self._last = str(page[-1]["ID"]) if page else self._last


class PortalSide:
    """One portal. Its change table is the queue of offline events."""

    name = SideName.PORTAL

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._originator = settings.portal.originator
        self._calls = PortalCalls(settings)
        self._presets = Requisites({})
        self._has_change_table = False
        self._connector = ""
        self._left_over = True
        self._pages = 1

    def open(self) -> Flow[tuple[str, ...]]:
        commands = {"presets": Command("crm.requisite.preset.list")}
        if self._calls.is_application:
            commands |= {
                "offline": Command("feature.get", {"CODE": "rest_offline_extended"}),
                "connector": Command("feature.get", {"CODE": "rest_auth_connector"}),
                "bound": Command("event.get"),
            }
        replies = yield from self._calls.ask_batch(commands)
        presets = _value("crm.requisite.preset.list", replies["presets"])
        self._presets = Requisites({str(row["XML_ID"]): str(row["ID"]) for row in presets})
        self._has_change_table = _enabled(replies.get("offline"))
        self._connector = self._originator if _enabled(replies.get("connector")) else ""
        if not self._has_change_table:
            return (
                "The portal offers no change table to this access: every exchange reads "
                "everything. A connection key on a tariff with offline events is quicker.",
            )
        yield from self._bind(_value("event.get", replies["bound"]))
        return self._preset_warnings()

    def _preset_warnings(self) -> tuple[str, ...]:
        named = {kind: self._settings.clients.presets.get(kind, "") for kind in SHAPES}
        return tuple(
            f"Requisites of {kind!r} stay at home: "
            + (f"the portal has no template {xml_id}." if xml_id else "clients.presets names none.")
            for kind, xml_id in named.items()
            if not self._presets.preset_id(xml_id)
        )

    def _bind(self, bound: Sequence[Row]) -> Flow[None]:
        present = {str(row["event"]).upper() for row in bound if int(row.get("offline", 0))}
        connector = {"auth_connector": self._connector} if self._connector else {}
        commands = {
            event: Command("event.bind", {"event": event, "event_type": "offline", **connector})
            for event in EVENTS
            if event not in present
        }
        for event, reply in (yield from self._calls.ask_batch(commands)).items():
            # Bound by an earlier call whose reply was lost: that is what we want.
            if isinstance(reply, Refusal) and "Unable to set event handler" not in reply.text:
                raise surprise(f"event.bind {event}", reply)

    def changes(self) -> Flow[Feed]:
        if not self._has_change_table:
            survey = yield from self.everything()
            changes = tuple(Change(side=self.name, key=record.key) for record in survey.records)
            return Feed(changes, survey=survey)
        if self._left_over:
            return (yield from self._reserved_before())
        return (yield from self._reserve())

    def _reserve(self) -> Flow[Feed]:
        """Set events aside, a page a command; behind a full page there are more of them."""
        params = {"clear": 0, "limit": PAGE, **self._connector_param()}
        get = Command("event.offline.get", params)
        # Until all has been taken over, the portal may have set events aside that we do not know;
        # they are listed with their process id.
        self._left_over = True
        replies = yield from self._sent(get, self._pages)
        if any(isinstance(reply, Doubt) for reply in replies):
            return (yield from self._reserved_before())
        taken = [_value(get.method, reply) for reply in replies]
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
            params = {"filter": {">ID": last}, "order": {"ID": "ASC"}, **self._connector_param()}
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

    def confirm(self, feed: Feed) -> Flow[None]:
        if isinstance(feed.token, Reserved):
            commands = {
                f"clear{number}": Command(
                    "event.offline.clear", {"process_id": process, **self._connector_param()}
                )
                for number, process in enumerate(feed.token.process_ids)
            }
            yield from self._calls.ask_batch(commands)

    def _connector_param(self) -> dict[str, str]:
        return {"auth_connector": self._connector} if self._connector else {}

    def _owners(self, events: Sequence[Row]) -> Flow[tuple[Change, ...]]:
        """Events to changes of clients; a requisite or an address counts for its owner."""
        changes: dict[str, Change] = {}
        requisites: list[str] = []
        for event in events:
            name, fields = str(event["EVENT_NAME"]).upper(), event["EVENT_DATA"]["FIELDS"]
            if name.startswith("ONCRMADDRESS"):
                if owner := SHAPE_OF_TYPE.get(str(fields["ANCHOR_TYPE_ID"])):
                    key = typed_key(owner, fields["ANCHOR_ID"])
                    changes.setdefault(key, Change(side=self.name, key=key))
                continue
            b24_id = str(fields["ID"])
            if name.startswith("ONCRMREQUISITE"):
                requisites.append(b24_id)
                continue
            shape = Shape.COMPANY if name.startswith("ONCRMCOMPANY") else Shape.CONTACT
            fate = Fate.GONE if name.endswith("DELETE") else Fate.EDITED
            key = typed_key(shape, b24_id)
            changes[key] = Change(side=self.name, key=key, fate=fate)
        for row in (yield from self._rows("crm.requisite.list", {"@ID": requisites})):
            if shape_found := SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"])):
                key = typed_key(shape_found, row["ENTITY_ID"])
                changes.setdefault(key, Change(side=self.name, key=key))
        return tuple(changes.values())

    def everything(self) -> Flow[Survey]:
        listings = {
            str(shape): Listing(f"crm.{shape}.list", {"select": b24_clients.SELECT})
            for shape in Shape
        }
        requisites = Listing("crm.requisite.list")
        yield from self._read_whole([*listings.values(), requisites])
        cards = {shape: list(listings[shape].rows.values()) for shape in Shape}
        owners = _owners_by_shape(requisites.rows.values())
        commands: dict[str, Command] = {}
        for shape, ids in owners.items():
            commands |= _address_commands(shape, ids)
        replies = yield from self._calls.ask_batch(commands)
        addresses = yield from self._addresses(commands, replies)
        return Survey(tuple(self._records(cards, list(requisites.rows.values()), addresses)))

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Record]]:
        ids: dict[Shape, list[str]] = {shape: [] for shape in Shape}
        for key in keys:
            shape, b24_id = split_key(key)
            ids[Shape(shape)].append(b24_id)
        commands: dict[str, Command] = {}
        for shape, found in ids.items():
            for at in range(0, len(found), PAGE):
                commands |= _read_commands(shape, found[at : at + PAGE])
            commands |= _address_commands(shape, found)
        replies = yield from self._calls.ask_batch(commands)
        cards: dict[Shape, list[Row]] = {shape: [] for shape in Shape}
        requisites: list[Row] = []
        for name, reply in replies.items():
            method, rows = commands[name].method, _value(commands[name].method, reply)
            if method == "crm.requisite.list":
                requisites += yield from self._with_following(commands[name], rows)
            elif method != ADDRESSES:
                cards[Shape(method.split(".")[1])] += rows
        addresses = yield from self._addresses(commands, replies)
        return {record.key: record for record in self._records(cards, requisites, addresses)}

    def _addresses(
        self, commands: Mapping[str, Command], replies: Mapping[str, Reply]
    ) -> Flow[list[Row]]:
        """Rows of the address lists among these replies. They have no ID to follow pages by."""
        rows: list[Row] = []
        for name, command in commands.items():
            if command.method == ADDRESSES:
                page = list(_value(ADDRESSES, replies[name]))
                rows += page
                while len(page) >= PAGE:
                    start = len(page)
                    following = Command(ADDRESSES, {**command.params, "start": start})
                    page = list((yield from self._calls.ask(following)).value)
                    rows += page
        return rows

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found: dict[str, str] = {}
        for shape in Shape:
            rows = yield from self._rows(
                f"crm.{shape}.list",
                {"ORIGINATOR_ID": self._originator, "@ORIGIN_ID": list(externals)},
            )
            found |= {str(row["ORIGIN_ID"]).lower(): typed_key(shape, row["ID"]) for row in rows}
        return found

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        writing = PortalWriting(self._settings, self._presets, self._connector)
        return (yield from writing.write(self._calls, steps))

    def _records(
        self,
        cards: Mapping[Shape, Sequence[Row]],
        requisites: Sequence[Row],
        addresses: Sequence[Row],
    ) -> Iterator[Record]:
        of_requisite: dict[str, dict[str, Row]] = {}
        for row in addresses:
            by_type = of_requisite.setdefault(str(row["ENTITY_ID"]), {})
            by_type[str(row["TYPE_ID"])] = row
        first: dict[tuple[str, str], Row] = {}
        for row in sorted(requisites, key=lambda row: int(row["ID"])):
            first.setdefault((str(row["ENTITY_TYPE_ID"]), str(row["ENTITY_ID"])), row)
        for shape, rows in cards.items():
            for card in rows:
                requisite = first.get((ENTITY_TYPES[shape], str(card["ID"])))
                yield b24_clients.decode_client(
                    shape,
                    card,
                    requisite,
                    of_requisite.get(str(requisite["ID"]), {}) if requisite else {},
                    settings=self._settings.clients,
                    presets=self._presets,
                    originator=self._originator,
                )

    def _rows(self, method: str, conditions: Mapping[str, Json]) -> Flow[list[Row]]:
        """All rows that meet the conditions; an empty list of values meets none."""
        if any(value == [] for value in conditions.values()):
            return []
        command = _page(method, conditions)
        reply = yield from self._calls.ask(command)
        return (yield from self._with_following(command, reply.value))

    def _with_following(self, command: Command, rows: Sequence[Row]) -> Flow[list[Row]]:
        """A first page with all that follow it, by ascending ID."""
        result = list(rows)
        page = rows
        while len(page) >= PAGE:
            conditions = {**command.params["filter"], ">ID": page[-1]["ID"]}
            page = (yield from self._calls.ask(_page(command.method, conditions))).value
            result += page
        return result

    def _read_whole(self, listings: Sequence[Listing]) -> Flow[None]:
        """Whole lists, side by side in as few batches as may be."""
        while open_lists := [listing for listing in listings if not listing.ended]:
            room = self._settings.pace.batch // len(open_lists)
            commands = {
                f"{number}p{page}": command
                for number, listing in enumerate(open_lists)
                for page, command in enumerate(listing.next_pages(number, max(room, 1)))
            }
            replies = yield from self._calls.ask_batch(commands)
            for number, listing in enumerate(open_lists):
                pages = [replies[name] for name in commands if name.startswith(f"{number}p")]
                for reply in pages:
                    listing.take(_value(listing.method, reply), getattr(reply, "total", -1))


def _read_commands(shape: Shape, ids: Sequence[str]) -> dict[str, Command]:
    cards = _page(f"crm.{shape}.list", {"@ID": list(ids)}, select=b24_clients.SELECT)
    name = f"{shape}{ids[0]}"
    owners = {
        f"{name}rq{at}": {"ENTITY_TYPE_ID": ENTITY_TYPES[shape], "@ENTITY_ID": ids[at : at + HALF]}
        for at in range(0, len(ids), HALF)
    }
    return {name: cards, **{at: _page("crm.requisite.list", of) for at, of in owners.items()}}


def _owners_by_shape(requisites: Iterable[Row]) -> dict[Shape, list[str]]:
    owners: dict[Shape, dict[str, None]] = {shape: {} for shape in Shape}
    for row in requisites:
        if shape := SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"])):
            owners[shape][str(row["ENTITY_ID"])] = None
    return {shape: list(found) for shape, found in owners.items()}


def _address_commands(shape: Shape, ids: Sequence[str]) -> dict[str, Command]:
    """Addresses by the owner of their requisite, which the portal keeps with them."""
    anchors = {
        f"{shape}ad{at}": {
            "ENTITY_TYPE_ID": REQUISITE_TYPE,
            "ANCHOR_TYPE_ID": ENTITY_TYPES[shape],
            "@ANCHOR_ID": ids[at : at + HALF],
        }
        for at in range(0, len(ids), HALF)
    }
    return {name: Command(ADDRESSES, {"filter": of}) for name, of in anchors.items()}


def _page(method: str, conditions: Mapping[str, Json], *, select: Sequence[str] = ()) -> Command:
    chosen = {"select": list(select)} if select else {}
    return Command(
        method, {"filter": dict(conditions), "order": {"ID": "ASC"}, "start": -1, **chosen}
    )


def _value(method: str, reply: object) -> Json:
    if isinstance(reply, Result):
        return reply.value
    assert isinstance(reply, Refusal | Doubt), f"{method} has no reply"
    raise surprise(method, reply)


def _enabled(reply: object) -> bool:
    return isinstance(reply, Result) and reply.value.get("value") == "Y"
