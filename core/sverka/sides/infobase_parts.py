"""Partners of УТ with several counterparties: one is the partner's own, each further one a record.

A partner who is not linked yet has none of his own for good, so that all his counterparties wait
for him as further ones.
"""

from collections.abc import Mapping, Sequence

from sverka.asks import Flow
from sverka.decide.own_part import Owning, numbers, whole
from sverka.entities.clients import CLIENT
from sverka.records import Record, SideName, Values, typed_key
from sverka.sides.owning import owning
from sverka.sides.side import PartOf
from sverka.wire.odata import Json
from sverka.wire.odata_records import Dialect, decode_record

Row = Mapping[str, Json]
INFOBASE = SideName.INFOBASE


def key_of(entity: str, guid: object) -> str:
    return typed_key(entity, str(guid).lower())


def partners(cards: Sequence[Row], details: Sequence[Row], dialect: Dialect) -> Flow[list[Record]]:
    """Partners, each with his own counterparty.

    Args:
        details: All their counterparties that are not marked for deletion.
    """
    place = dialect.layout.details
    assert place, "partners have counterparties"
    of_card = _by_owner(details, place.owner)
    known = yield from _known(of_card, dialect.parts)
    records: list[Record] = []
    for card in cards:
        key = key_of(CLIENT.name, card["Ref_Key"])
        rows = {key_of(dialect.parts, row["Ref_Key"]): row for row in of_card.get(key, ())}
        by_part = {part: decode_record(card, [row], dialect) for part, row in rows.items()}
        values = {
            part: {**record.values, "name": str(rows[part]["Description"])}
            for part, record in by_part.items()
        }
        own = known.own(key, _preferred(values, str(card["Description"])))
        others = {part: record for part, record in by_part.items() if part != own}
        rivals = () if key in known.links else tuple(whole(r, p) for p, r in others.items())
        records.append(whole(by_part.get(own) or decode_record(card, [], dialect), own, rivals))
    return records


def counterparties(
    rows: Sequence[Row], siblings: Sequence[Row], dialect: Dialect
) -> Flow[dict[str, Record | PartOf]]:
    """Counterparties by key, each as a further one or as a part of its partner.

    Args:
        siblings: All counterparties of their partners that are not marked for deletion.
    """
    of_card = _by_owner(siblings, dialect.layout.part_of)
    known = yield from _known(of_card, dialect.entity.name)
    shown: dict[str, Record | PartOf] = {}
    for row in rows:
        record = decode_record(row, (), dialect)
        owner = str(record.values["owner"])
        mine = [decode_record(sibling, (), dialect) for sibling in of_card.get(owner, ())]
        own = known.own(owner, _preferred({one.key: one.values for one in mine}))
        settled = owner in known.links or len(mine) == 1
        shown[record.key] = PartOf(owner) if settled and own == record.key else record
    return shown


def _by_owner(rows: Sequence[Row], owner: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key_of(CLIENT.name, row[owner]), []).append(row)
    return found


def _known(of_card: Mapping[str, Sequence[Row]], parts: str) -> Flow[Owning]:
    """Who is linked matters only where there is a choice."""
    several = [key for key, rows in of_card.items() if len(rows) > 1]
    keys = [key_of(parts, row["Ref_Key"]) for rows in of_card.values() for row in rows]
    return (yield from owning(INFOBASE, several, keys))


def _preferred(parts: Mapping[str, Values], name: str = "") -> dict[str, Values]:
    """Who is called like the partner, then by numbers: 1C does not tell which one came first."""

    def rank(part: tuple[str, Values]) -> tuple[object, ...]:
        key, values = part
        return (values.get("name") != name, *map(str, numbers(values)), key)

    return dict(sorted(parts.items(), key=rank))
