"""Clients of the portal with several requisites: one is the client's own, others are further."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.decide.own_part import Owning, whole
from sverka.entities.clients import CLIENT
from sverka.records import Record, SideName, typed_key
from sverka.settings import Settings, Shape
from sverka.sides.owning import links_of, owning
from sverka.sides.portal_lists import Row
from sverka.sides.side import PartOf
from sverka.wire.b24_cards import ENTITY_TYPES, REQUISITE, Requisites, decode_card
from sverka.wire.b24_requisites import decode_requisite

PORTAL, INFOBASE = SideName


@dataclass(slots=True)
class Parts:
    """Tells records apart that share a card.

    Attributes:
        several: Else the first requisite of a card alone counts.
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
        of_requisite: dict[str, dict[str, Row]] = {}
        for row in addresses:
            by_type = of_requisite.setdefault(str(row["ENTITY_ID"]), {})
            by_type[str(row["TYPE_ID"])] = row
        of_card: dict[tuple[str, str], list[Row]] = {}
        for row in sorted(requisites, key=lambda row: int(row["ID"])):
            of_card.setdefault((str(row["ENTITY_TYPE_ID"]), str(row["ENTITY_ID"])), []).append(row)
        mine = {
            typed_key(shape, card["ID"]): of_card.get((ENTITY_TYPES[shape], str(card["ID"])), [])
            for shape, rows in cards.items()
            for card in rows
        }
        known = yield from self._known(mine)
        brought = yield from self._brought(mine)
        for shape, rows in cards.items():
            for card in rows:
                self._of_card(shape, card, mine, known, brought, of_requisite)

    def _known(self, mine: Mapping[str, Sequence[Row]]) -> Flow[Owning]:
        """Who is linked matters only where there is a choice."""
        if not self.several:
            return Owning(PORTAL)
        cards = [key for key, rows in mine.items() if len(rows) > 1]
        parts = [key_of(row) for rows in mine.values() for row in rows]
        return (yield from owning(PORTAL, cards, parts))

    def _brought(self, mine: Mapping[str, Sequence[Row]]) -> Flow[set[str]]:
        """Of these requisites the marks of clients: a merge brought them, and 1C has still both."""
        marks = {mark_of(row) for rows in mine.values() if len(rows) > 1 for row in rows} - {""}
        keys = [typed_key(CLIENT.name, mark) for mark in sorted(marks)] if self.several else []
        links = yield from links_of(INFOBASE, keys)
        return {link.infobase_key for link in links}

    def _of_card(
        self,
        shape: Shape,
        card: Row,
        mine: Mapping[str, Sequence[Row]],
        known: Owning,
        brought: set[str],
        addresses: Mapping[str, Mapping[str, Row]],
    ) -> None:
        key = typed_key(shape, card["ID"])
        rows = {key_of(row): row for row in mine[key]}

        def client(row: Row | None) -> Record:
            return decode_card(
                shape,
                card,
                row,
                addresses.get(str(row["ID"]), {}) if row else {},
                settings=self.settings.clients,
                presets=self.presets,
                originator=self.settings.portal.originator,
            )

        if not self.several:
            first = _own(card, list(rows.values()))
            self.clients[key] = client(first)
            self.requisites |= {part: PartOf(key) for part in rows}
            return
        ranked = {key_of(row): row for row in _ranked(card, list(rows.values()))}
        by_part = {part: client(row) for part, row in ranked.items()}
        own = known.own(key, {part: record.values for part, record in by_part.items()})
        linked = key in known.links
        others = {part: record for part, record in by_part.items() if part != own}
        choices = () if linked else tuple(whole(record, part) for part, record in others.items())
        self.clients[key] = whole(by_part.get(own) or client(None), own, choices)
        for part, row in rows.items():
            if part == own and (linked or len(rows) == 1):
                self.requisites[part] = PartOf(key)
                continue
            came = typed_key(CLIENT.name, mark_of(row))
            foreign = came in brought and mark_of(row) != _mark(card)
            self.requisites[part] = decode_requisite(
                row,
                addresses.get(str(row["ID"]), {}),
                settings=self.settings.clients,
                presets=self.presets,
                outside=self.clients[key].outside or (f"it came from {came}" if foreign else ""),
            )


def key_of(row: Row) -> str:
    return typed_key(REQUISITE, row["ID"])


def mark_of(row: Row) -> str:
    return str(row.get("XML_ID") or "").lower()


def _mark(card: Row) -> str:
    return str(card.get("ORIGIN_ID") or "").lower()


def _own(card: Row, requisites: Sequence[Row]) -> Row | None:
    """The first requisite, but one that a merge brought from another client of ours goes last."""
    return next(iter(_ranked(card, requisites)), None)


def _ranked(card: Row, requisites: Sequence[Row]) -> list[Row]:
    ranks = {_mark(card): 0, "": 1}
    return sorted(requisites, key=lambda row: (ranks.get(mark_of(row), 2), int(row["ID"])))
