"""Removing clients from the infobase: a mark for deletion, or a deletion for good."""

from collections.abc import Sequence

from sverka.asks import Flow, Request
from sverka.decide.fates import Removal
from sverka.records import Record
from sverka.sides.delivery import Doubt
from sverka.sides.infobase_calls import InfobaseCalls
from sverka.wire import odata
from sverka.wire.odata import OdataError

MARK = {"DeletionMark": True}


def remove(
    calls: InfobaseCalls, records: Sequence[Record], removal: Removal
) -> Flow[dict[str, str]]:
    """A mark is set on the card alone, so that whoever takes it off there has all back.

    OData deletes whoever refers to the record, so documents may be left with a broken reference.
    """
    wanted = [
        (record, _request(calls, odata.entity_path(set_name, guid), removal))
        for record in records
        for set_name, guid in _parts(record, removal)
    ]
    replies = yield from calls.carry_out([request for _, request in wanted])
    failed: dict[str, str] = {}
    for (record, _), reply in zip(wanted, replies, strict=True):
        is_gone = isinstance(reply, OdataError) and reply.code == odata.NOT_FOUND
        if isinstance(reply, OdataError | Doubt) and not is_gone:
            failed[record.key] = reply.reason if isinstance(reply, Doubt) else str(reply)
    return failed


def _parts(record: Record, removal: Removal) -> list[tuple[str, str]]:
    """The details go before their card, since nobody finds them without it."""
    card, *details = record.parts.items()
    return [*details, card] if removal is Removal.DELETE else [card]


def _request(calls: InfobaseCalls, path: str, removal: Removal) -> Request:
    if removal is Removal.DELETE:
        return calls.write("DELETE", path, {})
    return calls.write("PATCH", path, MARK)
