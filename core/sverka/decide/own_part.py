"""Of several counterparties, or requisites, which one is the client's own; the others are further.

Which it was is remembered with the link, so that one that is added later cannot take its place.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from sverka.entities.clients import CLIENT
from sverka.records import Link, Record, SideName, Value, Values

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


def whole(record: Record, own: str, choices: tuple[Record, ...] = ()) -> Record:
    """A client that remembers which part is its own."""
    values = {**record.values, OWN: own} if own else record.values
    return replace(record, values=values, choices=choices)


def aligned(records: Mapping[SideName, Record]) -> dict[SideName, Record]:
    """Both ends of a new pair, each with the part as its own that has the other one's numbers."""
    ends = {side: (record, *record.choices) for side, record in records.items()}
    for portal in ends[SideName.PORTAL]:
        for infobase in ends[SideName.INFOBASE]:
            if any(numbers(portal.values)) and numbers(portal.values) == numbers(infobase.values):
                return {SideName.PORTAL: portal, SideName.INFOBASE: infobase}
    return dict(records)


def numbers(values: Values) -> tuple[Value, Value]:
    """INN and KPP."""
    return values.get("inn", ""), values.get("kpp", "")
