"""Reading the portal: whole clients, their cards, requisites and addresses together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.entities.clients import CLIENT
from sverka.records import Record, SideName, split_key, typed_key
from sverka.settings import Settings, Shape
from sverka.sides.owning import links_of
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
    rows_or_refusal,
    value_of,
    with_following,
)
from sverka.sides.portal_parts import Parts
from sverka.sides.side import PartOf, Shown, Survey, Unread
from sverka.wire import b24_cards
from sverka.wire.b24 import Command, Refusal, Reply, Result
from sverka.wire.b24_accounts import FAMILY
from sverka.wire.b24_cards import (
    ENTITY_TYPES,
    REQUISITE,
    REQUISITE_TYPE,
    SHAPE_OF_TYPE,
    Requisites,
)
from sverka.wire.b24_requisites import owner_of

ADDRESSES, REQUISITES = "crm.address.list", "crm.requisite.list"
REQUISITE_OWNERS, ADDRESS_OWNERS = 40, PAGE // 2
"""So many owners' requisites, or addresses, fit on one page, even where some have two."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of some cards with all that hangs on them.

    Attributes:
        unread: Cards of which a part was refused, by key.
    """

    cards: Mapping[Shape, Sequence[Row]]
    requisites: Sequence[Row]
    addresses: Sequence[Row]
    unread: Mapping[str, Unread] = field(default_factory=dict)


class PortalReading:
    """Reads whole clients of one portal, whose templates are known.

    Attributes:
        several: A client may have several requisites; else the first one alone counts.
    """

    def __init__(self, settings: Settings, calls: PortalCalls, presets: Requisites) -> None:
        self._settings = settings
        self._originator = settings.portal.originator
        self._calls = calls
        self._presets = presets
        self.several = False

    def everything(self) -> Flow[Survey]:
        listings = {
            str(shape): Listing(f"crm.{shape}.list", {"select": b24_cards.SELECT})
            for shape in Shape
        }
        requisites, details = Listing(REQUISITES), Listing(f"{FAMILY}.list")
        accounts = [details] if self._settings.clients.bank_accounts else []
        of_requisites = {"filter": {"ENTITY_TYPE_ID": REQUISITE_TYPE}}
        addresses = Listing(ADDRESSES, of_requisites, key="ENTITY_ID", apart="TYPE_ID")
        yield from read_whole(self._calls, [*listings.values(), requisites, addresses, *accounts])
        cards = {shape: list(listings[shape].rows.values()) for shape in Shape}
        owning = list(requisites.rows.values())
        parts = yield from self._parts(Gathered(cards, owning, list(addresses.rows.values())))
        further = [one for one in parts.requisites.values() if isinstance(one, Record)]
        of_accounts = decoded(list(details.rows.values()), owning)
        return Survey((*parts.clients.values(), *further, *of_accounts))

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Shown]]:
        """Whole clients; those of whom a part is refused are unread, the others are read."""
        gathered = yield from self._gather(keys)
        parts = yield from self._parts(gathered)
        # Who misses a part is not taken for whole.
        return {**parts.clients, **gathered.unread}

    def read_requisites(self, ids: Sequence[str]) -> Flow[dict[str, Shown]]:
        """Requisites by key: further ones as they are, others as parts of their clients."""
        rows = yield from rows_or_refusal(self._calls, REQUISITES, {"@ID": list(ids)})
        if isinstance(rows, Refusal):
            unread = Unread(f"{REQUISITES}: {rows}", rows.until_s)
            return {typed_key(REQUISITE, b24_id): unread for b24_id in ids}
        owners = {typed_key(REQUISITE, row["ID"]): owner_of(row) for row in rows}
        if not self.several:
            return {key: PartOf(owner) for key, owner in owners.items() if owner}
        gathered = yield from self._gather(list(dict.fromkeys(filter(None, owners.values()))))
        parts = yield from self._parts(gathered)
        shown = {**parts.requisites, **_of_unread(owners, gathered.unread)}
        return {key: shown[key] for key in owners if key in shown}

    def _gather(self, keys: Sequence[str]) -> Flow[Gathered]:
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
            if method == REQUISITES:
                requisites += yield from with_following(self._calls, command, rows)
            elif method != ADDRESSES:
                cards[Shape(method.split(".")[1])] += rows
        addresses = yield from self._addresses(answered, replies)
        return Gathered(cards, requisites, addresses, unread)

    def _parts(self, gathered: Gathered) -> Flow[Parts]:
        parts = Parts(self._settings, self._presets, several=self.several)
        yield from parts.tell_apart(gathered.cards, gathered.requisites, gathered.addresses)
        return parts

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

    def find_requisites(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        """Further requisites by their marks; those of clients bear the marks of these."""
        keys = [typed_key(CLIENT.name, guid) for guid in externals] if self.several else []
        of_clients = {link.infobase_key for link in (yield from links_of(SideName.INFOBASE, keys))}
        sought = [split_key(key)[1] for key in keys if key not in of_clients]
        rows = yield from rows_of(self._calls, REQUISITES, {"@XML_ID": sought})
        return {str(row["XML_ID"]).lower(): typed_key(REQUISITE, row["ID"]) for row in rows}

    def _addresses(
        self, commands: Mapping[str, Command], replies: Mapping[str, Reply]
    ) -> Flow[list[Row]]:
        """Rows of the address lists among these replies. They have no ID to follow pages by."""
        rows: list[Row] = []
        for name, command in commands.items():
            if command.method == ADDRESSES:
                page = mine = list(value_of(ADDRESSES, replies[name]))
                while len(page) >= PAGE:
                    following = Command(ADDRESSES, {**command.params, "start": len(mine)})
                    page = list((yield from self._calls.ask(following)).value)
                    mine = [*mine, *page]
                rows += mine
        return rows


def _of_unread(owners: Mapping[str, str], unread: Mapping[str, Unread]) -> dict[str, Unread]:
    """Requisites whose client could not be read."""
    return {key: unread[owner] for key, owner in owners.items() if owner in unread}


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
    return {name: page_of(REQUISITES, of) for name, of in owners.items()}


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
