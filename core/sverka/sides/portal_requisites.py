"""Requisites of the portal that are asked for by themselves, not through their client."""

from collections.abc import Sequence

from sverka.asks import Flow
from sverka.records import typed_key
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import rows_or_refusal
from sverka.sides.side import PartOf, Shown, Unread
from sverka.wire.b24 import Refusal
from sverka.wire.b24_cards import REQUISITE, SHAPE_OF_TYPE

REQUISITES = "crm.requisite.list"


def read_requisites(calls: PortalCalls, ids: Sequence[str]) -> Flow[dict[str, Shown]]:
    """Whose part each of them is, by key; who belongs to no client is left out."""
    rows = yield from rows_or_refusal(calls, REQUISITES, {"@ID": list(ids)})
    if isinstance(rows, Refusal):
        unread = Unread(f"{REQUISITES}: {rows}", rows.until_s)
        return {typed_key(REQUISITE, b24_id): unread for b24_id in ids}
    return {
        typed_key(REQUISITE, row["ID"]): PartOf(typed_key(shape, row["ENTITY_ID"]))
        for row in rows
        if (shape := SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"])))
    }
