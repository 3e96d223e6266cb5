"""Clients of the portal with several requisites: one is the client's own, others are further."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import Flow
from sverka.decide.own_part import OWN, Owning, whole
from sverka.entities.clients import CLIENT
from sverka.records import Record, SideName, typed_key
from sverka.settings import Settings, Shape
from sverka.sides.owning import links_of, owning
from sverka.sides.portal_lists import Row
from sverka.sides.side import PartOf
from sverka.wire import b24_cards
from sverka.wire.b24_cards import ENTITY_TYPES, Requisites
from sverka.wire.b24_requisites import (
    card_mark,
    choose,
    decode_requisite,
    in_force,
    is_ours,
    key_of,
    mark_of,
    ranked,
)

PORTAL, INFOBASE = SideName
OUT_OF_FORCE = "it is out of force"


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its requisites, and their addresses by requisite and type."""

    shape: Shape
    row: Row
    requisites: Sequence[Row]
    addresses: Mapping[str, Mapping[str, Row]]

    @property
    def key(self) -> str:
        return typed_key(self.shape, self.row["ID"])

    def addresses_of(self, requisite: Row | None) -> Mapping[str, Row]:
        return self.addresses.get(str(requisite["ID"]), {}) if requisite else {}


@dataclass(slots=True)
class Parts:
    """Tells records apart that share a card.

    Attributes:
        several: Else one requisite of a card alone counts.
        clients: By key.
        requisites: By key: further ones as records, else of whom they are a part. A client who is
            not linked yet has none of his own for good, so that all his wait for him.
    """

    settings: Settings
    presets: Requisites
    several: bool
    clients: dict[str, Record] = field(default_factory=dict)
    requisites: dict[str, Record | PartOf] = field(default_factory=dict)

    def tell_apart(
        self,
        cards: Mapping[Shape, Sequence[Row]],
        requisites: Sequence[Row],
        addresses: Sequence[Row],
    ) -> Flow[None]:
        gathered = list(_gathered(cards, requisites, addresses))
        if not self.several:
            for card in gathered:
                self._take_one(card)
            return
        known = yield from self._known(gathered)
        brought = yield from self._brought(gathered)
        for card in gathered:
            self._take_several(card, known, brought)

    def _known(self, cards: Sequence[Card]) -> Flow[Owning]:
        """Who is linked matters only where there is a choice."""
        several = [card.key for card in cards if len(card.requisites) > 1]
        parts = [key_of(row) for card in cards for row in card.requisites]
        return (yield from owning(PORTAL, several, parts))

    def _brought(self, cards: Sequence[Card]) -> Flow[set[str]]:
        """Of these requisites the marks of clients: a merge brought them, and 1C has still both."""
        several = [card for card in cards if len(card.requisites) > 1]
        marks = {mark_of(row) for card in several for row in card.requisites} - {""}
        keys = [typed_key(CLIENT.name, mark) for mark in sorted(marks)]
        links = yield from links_of(INFOBASE, keys)
        return {link.infobase_key for link in links}

    def _take_one(self, card: Card) -> None:
        choice = choose(card.row, card.requisites)
        own, *rivals = (
            self._client(card, row, choice.parts(row) if row else {})
            for row in (choice.own, *choice.rivals)
        )
        self.clients[card.key] = replace(own, rivals=tuple(rivals))
        self.requisites |= {key_of(row): PartOf(card.key) for row in card.requisites}

    def _take_several(self, card: Card, known: Owning, brought: set[str]) -> None:
        rows = {key_of(row): row for row in ranked(card.row, card.requisites)}
        by_part = {part: self._client(card, row) for part, row in rows.items()}
        stands = [part for part, row in rows.items() if in_force(row)]
        ours = [part for part in stands if is_ours(card.row, rows[part])]
        own = ours[0] if ours else ""
        for among in (stands, rows):
            own = own or known.own(card.key, {part: by_part[part].values for part in among})
        link = known.links.get(card.key)
        # In place of these another one of ours was made.
        former = [*ours, *([str(link.portal_base.get(OWN))] if ours and link else [])]
        former = [part for part in former if part != own and part in stands]
        others = [part for part in stands if part not in (own, *former)]
        rivals = () if link else tuple(whole(by_part[part], part) for part in others)
        tidy = {"former": str(rows[former[0]]["ID"])} if former else {}
        client = self._client(card, rows.get(own), tidy)
        self.clients[card.key] = whole(client, own, rivals)
        for part, row in rows.items():
            mine = part == own and (link or not others)
            if mine or part in former or (is_ours(card.row, row) and part != own):
                self.requisites[part] = PartOf(card.key)
                continue
            outside = self.clients[card.key].outside or _outside(card, row, brought)
            self.requisites[part] = decode_requisite(
                row,
                card.addresses_of(row),
                settings=self.settings.clients,
                presets=self.presets,
                outside=outside,
            )

    def _client(self, card: Card, row: Row | None, tidy: Mapping[str, str] | None = None) -> Record:
        """The client with this requisite as his own, and what is to be put in order with it."""
        record = b24_cards.decode_card(
            card.shape,
            card.row,
            row,
            card.addresses_of(row),
            settings=self.settings.clients,
            presets=self.presets,
            originator=self.settings.portal.originator,
        )
        return replace(record, parts={**record.parts, **tidy}) if tidy else record


def _gathered(
    cards: Mapping[Shape, Sequence[Row]], requisites: Sequence[Row], addresses: Sequence[Row]
) -> list[Card]:
    of_requisite: dict[str, dict[str, Row]] = {}
    for row in addresses:
        by_type = of_requisite.setdefault(str(row["ENTITY_ID"]), {})
        by_type[str(row["TYPE_ID"])] = row
    of_card: dict[tuple[str, str], list[Row]] = {}
    for row in requisites:
        of_card.setdefault((str(row["ENTITY_TYPE_ID"]), str(row["ENTITY_ID"])), []).append(row)
    return [
        Card(shape, row, of_card.get((ENTITY_TYPES[shape], str(row["ID"])), []), of_requisite)
        for shape, rows in cards.items()
        for row in rows
    ]


def _outside(card: Card, row: Row, brought: set[str]) -> str:
    came = typed_key(CLIENT.name, mark_of(row))
    if came in brought and mark_of(row) != card_mark(card.row):
        return f"it came from {came}"
    return "" if in_force(row) else OUT_OF_FORCE
