"""Records of other catalogues that a card names: a bank, the counterparty of a partner."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.entities.layouts import Join
from sverka.sides.infobase_calls import InfobaseCalls
from sverka.wire import odata
from sverka.wire.odata import NO_GUID, Json, OdataError

KEYS_A_FILTER = 20
"""IIS refuses query strings above 2,048 characters; so many keys stay below it."""

Row = Mapping[str, Json]
NAMESPACE = uuid.UUID("8f1f9a56-3d4b-5a27-9a3c-6b0d1c2e4f70")
"""What we make gets a GUID by its own number, so that a lost reply makes no second one."""


def groups_of(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[at : at + KEYS_A_FILTER] for at in range(0, len(values), KEYS_A_FILTER)]


def joined(calls: InfobaseCalls, joins: Iterable[Join], rows: Sequence[Row]) -> Flow[list[Row]]:
    """The rows, each with the columns of what it names."""
    result = list(rows)
    for join in joins:
        named = dict.fromkeys(str(row[join.by]) for row in result if row[join.by] != NO_GUID)
        requests = [
            calls.get(join.set_name, {"$filter": odata.any_of(group)})
            for group in groups_of(list(named))
        ]
        found = {row["Ref_Key"]: row for row in (yield from calls.ask_rows(requests))}
        result = [{**row, **columns_of(join, found.get(str(row[join.by]), {}))} for row in result]
    return result


def columns_of(join: Join, found: Row) -> dict[str, Json]:
    return {own: found.get(theirs, "") for own, theirs in join.columns.items()}


@dataclass(slots=True)
class Named:
    """What cards that are to be written name, by the value it is found by.

    Attributes:
        rows: Rows by catalogue and value.
    """

    calls: InfobaseCalls
    joins: Sequence[Join]
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def find(self, cards: Sequence[Row]) -> Flow[None]:
        """Look up what these cards name; make what is to be made."""
        for join in self.joins:
            theirs = join.columns[join.found_by]
            wanted = {str(v): card for card in cards if (v := card.get(join.found_by))}
            query = odata.any_of if theirs.endswith("_Key") else odata.any_text
            requests = [
                self.calls.get(join.set_name, {"$filter": query(group, theirs)})
                for group in groups_of(list(wanted))
            ]
            for row in (yield from self.calls.ask_rows(requests)):
                if not row.get("DeletionMark"):
                    self.rows.setdefault((join.set_name, str(row[theirs])), row)
            if join.is_made:
                yield from self._make(join, wanted)

    def _make(self, join: Join, wanted: Mapping[str, Row]) -> Flow[None]:
        missing = {v: card for v, card in wanted.items() if (join.set_name, v) not in self.rows}
        new = {
            value: {
                "Ref_Key": str(uuid.uuid5(NAMESPACE, value)),
                "Description": value,
                **{theirs: card[own] for own, theirs in join.columns.items() if card.get(own)},
            }
            for value, card in missing.items()
        }
        requests = [self.calls.write("POST", join.set_name, row) for row in new.values()]
        replies = yield from self.calls.send(requests)
        for (value, row), reply in zip(new.items(), replies, strict=True):
            exists = isinstance(reply, OdataError) and reply.code == odata.KEY_EXISTS
            if exists or isinstance(reply, dict):
                self.rows[join.set_name, value] = row

    def put_into(self, card: Row) -> tuple[dict[str, Json], dict[str, Json]]:
        """The card as 1C keeps it, and the columns that it then seems to have."""
        kept: dict[str, Json] = dict(card)
        seen: dict[str, Json] = {}
        for join in self.joins:
            columns = {own: kept.pop(own) for own in join.columns if own in kept}
            row = self.rows.get((join.set_name, str(columns.get(join.found_by, ""))))
            if row:
                kept[join.by] = row["Ref_Key"]
                kept |= {f"{join.by}_Type": join.type_name} if join.type_name else {}
                seen |= columns_of(join, row)
        return kept, seen

    def missing(self, card: Row) -> str:
        """What this card names and is not there, `""` if all is."""
        for join in self.joins:
            value = str(card.get(join.found_by) or "")
            if value and (join.set_name, value) not in self.rows:
                return f"{join.set_name} has no record with {join.columns[join.found_by]} {value}"
        return ""
