"""Reading the portal: whole clients, their cards, requisites and addresses together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sverka.asks import Flow
from sverka.records import Record, split_key, typed_key
from sverka.settings import Settings, Shape
from sverka.sides.portal_access import surprise
from sverka.sides.portal_accounts import decoded
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import (
    PAGE,
    Listing,
    Row,
    page_of,
    read_whole,
    rows_of,
    value_of,
    with_following,
)
from sverka.sides.side import Survey, Unread
from sverka.wire import b24_cards
from sverka.wire.b24 import Command, Refusal, Reply, Result
from sverka.wire.b24_accounts import FAMILY
from sverka.wire.b24_cards import ENTITY_TYPES, REQUISITE_TYPE, SHAPE_OF_TYPE, Requisites
from sverka.wire.b24_requisites import Choice, choose

ADDRESSES = "crm.address.list"
REQUISITE_OWNERS, ADDRESS_OWNERS = 40, PAGE // 2
"""So many owners' requisites, or addresses, fit on one page, even where some have two."""


class PortalReading:
    """Reads whole clients of one portal, whose templates are known."""

    def __init__(self, settings: Settings, calls: PortalCalls, presets: Requisites) -> None:
        self._settings = settings
        self._originator = settings.portal.originator
        self._calls = calls
        self._presets = presets

    def everything(self) -> Flow[Survey]:
        listings = {
            str(shape): Listing(f"crm.{shape}.list", {"select": b24_cards.SELECT})
            for shape in Shape
        }
        requisites, details = Listing("crm.requisite.list"), Listing(f"{FAMILY}.list")
        accounts = [details] if self._settings.clients.bank_accounts else []
        of_requisites = {"filter": {"ENTITY_TYPE_ID": REQUISITE_TYPE}}
        addresses = Listing(ADDRESSES, of_requisites, key="ENTITY_ID", apart="TYPE_ID")
        yield from read_whole(self._calls, [*listings.values(), requisites, addresses, *accounts])
        cards = {shape: list(listings[shape].rows.values()) for shape in Shape}
        owning = list(requisites.rows.values())
        records = self._records(cards, owning, list(addresses.rows.values()))
        return Survey((*records, *decoded(list(details.rows.values()), owning)))

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Record | Unread]]:
        """Whole clients; those of whom a part is refused are unread, the others are read."""
        ids: dict[Shape, list[str]] = {shape: [] for shape in Shape}
        for key in keys:
            shape, b24_id = split_key(key)
            ids[Shape(shape)].append(b24_id)
        commands: dict[str, Command] = {}
        for shape, found in ids.items():
            commands |= _card_commands(shape, found)
            commands |= _requisite_commands(shape, found)
            commands |= _address_commands(shape, found)
        replies = yield from self._calls.ask_each(commands)
        unread = _unread(commands, replies)
        answered = {name: c for name, c in commands.items() if isinstance(replies[name], Result)}
        cards: dict[Shape, list[Row]] = {shape: [] for shape in Shape}
        requisites: list[Row] = []
        for name, command in answered.items():
            method, rows = command.method, value_of(command.method, replies[name])
            if method == "crm.requisite.list":
                requisites += yield from with_following(self._calls, command, rows)
            elif method != ADDRESSES:
                cards[Shape(method.split(".")[1])] += rows
        addresses = yield from self._addresses(answered, replies)
        records = self._records(cards, requisites, addresses)
        # Who misses a part is not taken for whole.
        return {record.key: record for record in records} | unread

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found: dict[str, str] = {}
        for shape in Shape:
            rows = yield from rows_of(
                self._calls,
                f"crm.{shape}.list",
                {"ORIGINATOR_ID": self._originator, "@ORIGIN_ID": list(externals)},
            )
            found |= {str(row["ORIGIN_ID"]).lower(): typed_key(shape, row["ID"]) for row in rows}
        return found

    def _addresses(
        self, commands: Mapping[str, Command], replies: Mapping[str, Reply]
    ) -> Flow[list[Row]]:
        """Rows of the address lists among these replies. They have no ID to follow pages by."""
        rows: list[Row] = []
        for name, command in commands.items():
            if command.method == ADDRESSES:
                page = list(value_of(ADDRESSES, replies[name]))
                rows += page
                while len(page) >= PAGE:
                    start = len(page)
                    following = Command(ADDRESSES, {**command.params, "start": start})
                    page = list((yield from self._calls.ask(following)).value)
                    rows += page
        return rows

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
        of_card: dict[tuple[str, str], list[Row]] = {}
        for row in requisites:
            of_card.setdefault((str(row["ENTITY_TYPE_ID"]), str(row["ENTITY_ID"])), []).append(row)
        for shape, rows in cards.items():
            for card in rows:
                owning = of_card.get((ENTITY_TYPES[shape], str(card["ID"])), ())
                choice = choose(card, owning)
                own, *rivals = (
                    self._record(shape, card, requisite, choice, of_requisite)
                    for requisite in (choice.own, *choice.rivals)
                )
                yield replace(own, rivals=tuple(rivals)) if rivals else own

    def _record(
        self,
        shape: Shape,
        card: Row,
        requisite: Row | None,
        choice: Choice,
        of_requisite: Mapping[str, Mapping[str, Row]],
    ) -> Record:
        record = b24_cards.decode_card(
            shape,
            card,
            requisite,
            of_requisite.get(str(requisite["ID"]), {}) if requisite else {},
            settings=self._settings.clients,
            presets=self._presets,
            originator=self._originator,
        )
        untidy = choice.parts(requisite) if requisite else {}
        return replace(record, parts={**record.parts, **untidy}) if untidy else record


def _unread(commands: Mapping[str, Command], replies: Mapping[str, Reply]) -> dict[str, Unread]:
    """Those of whom a part was refused, by key. Who is not let in at all is told so instead."""
    unread: dict[str, Unread] = {}
    for name, command in commands.items():
        reply = replies[name]
        if isinstance(reply, Refusal):
            if reply.no_access:
                raise surprise(command.method, reply)
            for key in _keys_asked(command):
                unread.setdefault(key, Unread(f"{command.method}: {reply}", reply.until_s))
    return unread


def _keys_asked(command: Command) -> list[str]:
    """Keys of the clients of whom this list is a part: by their own IDs, or as owners."""
    asked = command.params["filter"]
    owner = asked.get("ANCHOR_TYPE_ID", asked.get("ENTITY_TYPE_ID"))
    shape = SHAPE_OF_TYPE[owner] if owner else Shape(command.method.split(".")[1])
    return [
        typed_key(shape, b24_id)
        for name in ("@ID", "@ENTITY_ID", "@ANCHOR_ID")
        for b24_id in asked.get(name, ())
    ]


def _card_commands(shape: Shape, ids: Sequence[str]) -> dict[str, Command]:
    method, pages = f"crm.{shape}.list", _pages(ids, PAGE)
    return {
        f"{shape}{at}": page_of(method, {"@ID": page}, select=b24_cards.SELECT)
        for at, page in pages.items()
    }


def _requisite_commands(shape: Shape, ids: Sequence[str]) -> dict[str, Command]:
    owners = {
        f"{shape}rq{at}": {"ENTITY_TYPE_ID": ENTITY_TYPES[shape], "@ENTITY_ID": page}
        for at, page in _pages(ids, REQUISITE_OWNERS).items()
    }
    return {name: page_of("crm.requisite.list", of) for name, of in owners.items()}


def _address_commands(shape: Shape, ids: Sequence[str]) -> dict[str, Command]:
    """Addresses by the owner of their requisite, which the portal keeps with them."""
    anchors = {
        f"{shape}ad{at}": {
            "ENTITY_TYPE_ID": REQUISITE_TYPE,
            "ANCHOR_TYPE_ID": ENTITY_TYPES[shape],
            "@ANCHOR_ID": page,
        }
        for at, page in _pages(ids, ADDRESS_OWNERS).items()
    }
    return {name: Command(ADDRESSES, {"filter": of}) for name, of in anchors.items()}


def _pages(ids: Sequence[str], size: int) -> dict[int, list[str]]:
    return {at: list(ids[at : at + size]) for at in range(0, len(ids), size)}
