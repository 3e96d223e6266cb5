"""Of several counterparties, or requisites, which one is the client's own; the others are further.

Which it was is remembered with the link, so that one that is added later cannot take its place.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from sverka.entities.clients import CLIENT
from sverka.records import Link, Record, SideName, Values

OWN = "own"
"""Name under which a client's values, and so its link, hold the key of its own part."""

IN_A_PART = ("name", *(one.name for one in CLIENT.fields if one.requisite or one.address))


@dataclass(frozen=True, slots=True)
class Owning:
    """What the journal knows of the parts of some clients on one side.

    Attributes:
        links: Of clients, by their keys on that side.
        further: Keys of the parts that have a pair of their own.
    """

    side: SideName
    links: Mapping[str, Link] = field(default_factory=dict)
    further: Set[str] = frozenset()

    def own(self, client: str, parts: Mapping[str, Values]) -> str:
        """Key of the client's own part, `""` if it has none.

        Args:
            parts: Values by key, in the side's order of preference.
        """
        link = self.links.get(client)
        base = link.base(self.side) if link else {}
        known = str(base.get(OWN, ""))
        if known in parts:
            return known
        free = [key for key in parts if key not in self.further]
        return max(free, key=lambda key: _likeness(parts[key], base), default="")


def _likeness(values: Values, base: Values) -> int:
    """How much of a part both sides have agreed on, for links that remember no more."""
    return sum(bool(base.get(name)) and values.get(name) == base[name] for name in IN_A_PART)


def whole(record: Record, own: str, rivals: tuple[Record, ...] = ()) -> Record:
    """A client that remembers which part is its own."""
    values = {**record.values, OWN: own} if own else record.values
    return replace(record, values=values, rivals=rivals)


def meant(records: Mapping[SideName, Record], link: Link | None) -> dict[SideName, Record]:
    """Both ends of a pair, each with the part that is meant, else with the usual one.

    Of a linked pair both sides have agreed on the numbers of the portal's; before they meet, those
    are meant that both have.
    """
    if link is None:
        return aligned(records)
    portal = records[SideName.PORTAL]
    same = [one for one in _ends(portal) if _are_same(one.values, link.portal_base)]
    return {**records, SideName.PORTAL: _alone(same[0]) if same else portal}


def aligned(records: Mapping[SideName, Record]) -> dict[SideName, Record]:
    """Both ends of a new pair, each with the part as its own that has the other one's numbers."""
    for portal in _ends(records[SideName.PORTAL]):
        for infobase in _ends(records[SideName.INFOBASE]):
            if _are_same(portal.values, infobase.values):
                return {SideName.PORTAL: _alone(portal), SideName.INFOBASE: _alone(infobase)}
    return dict(records)


def _ends(record: Record) -> tuple[Record, ...]:
    return (record, *record.rivals)


def _alone(record: Record) -> Record:
    return replace(record, rivals=()) if record.rivals else record


def _are_same(one: Values, other: Values) -> bool:
    return bool(one.get("inn")) and numbers(one) == numbers(other)


def numbers(values: Values) -> tuple[str, str]:
    """INN and KPP."""
    return str(values.get("inn", "")), str(values.get("kpp", ""))
