"""The exchange plan over OData: SelectChanges and NotifyChangesReceived."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onec_emulator.odata import errors
from onec_emulator.odata.answers import ATOM_FEED, Plain
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.atom_form import FEED_END, feed_head, refuse_unwritable, tombstone
from onec_emulator.odata.service import Service
from onec_emulator.odata.values import GUID
from onec_emulator.schemas import EntitySet, Row

PORTION = 1_000
"""So many changes are written into one piece of a feed."""
POINT = re.compile(rf"'(?:.+/)?(ExchangePlan_\w+)\(guid'({GUID.pattern})'\)'")


@dataclass(frozen=True, slots=True)
class Change:
    """A registered record as it is now; without a row, it is no more."""

    schema: EntitySet
    key: str
    row: Row | None


def select_changes(service: Service, ask: Ask) -> Plain:
    """Stamp what waits for the node and answer it as it is now: always an Atom feed."""
    node, number = _node(service, ask), _number(ask)
    books, now = service.books, service.now()
    # What is not published is passed over in silence, and waits for ever.
    chosen = books.plan.select(node, number, service.tables)
    books.note_node(node, SentNo=number)
    changes = [_change(service, ask, entity, key) for entity, key in chosen]
    first, later = changes[:PORTION], changes[PORTION:]
    entries = [_entry(service, ask, change, now, is_kept=True) for change in first]
    head = b"".join([feed_head(ask.root), *entries])
    if not later:
        return Plain(head + FEED_END, ATOM_FEED)
    for change in later:
        refuse_unwritable(change.row)
    return Plain(head, ATOM_FEED, rest=_portions(service, ask, later, now))


def _portions(service: Service, ask: Ask, changes: Sequence[Change], now: str) -> Iterator[bytes]:
    """What is written while it is sent: the feed as it was when it was asked for."""
    for begin in range(0, len(changes), PORTION):
        portion = changes[begin : begin + PORTION]
        yield b"".join(_entry(service, ask, each, now, is_kept=False) for each in portion)
    yield FEED_END


def notify_received(service: Service, ask: Ask) -> Plain:
    """Forget what was sent under this number or a lower one."""
    node, number = _node(service, ask), _number(ask)
    service.books.plan.acknowledge(node, number)
    service.books.note_node(node, ReceivedNo=number)
    return Plain()


def _change(service: Service, ask: Ask, entity: str, key: str) -> Change:
    books = service.books
    table = books.tables[entity]
    row = table.rows.get(key)
    if row is None and table.schema.is_recorded:
        # A recorder without records is an empty set, nothing deleted.
        row = {**table.schema.blank, **table.schema.recorder_of(key)}
    if row is not None:
        books.ledger.read(ask.actor, entity, key, books.clock.now_s())
    return Change(table.schema, key, row)


def _entry(service: Service, ask: Ask, change: Change, now: str, *, is_kept: bool) -> bytes:
    schema, key, row = change.schema, change.key, change.row
    if row is None:
        return tombstone(schema, key, ask.root, now)
    write = service.atom.entry if is_kept else service.atom.passing_entry
    return write(schema, key, row, ask.root, now)


def _node(service: Service, ask: Ask) -> str:
    books = service.books
    point = ask.options.plain.get("DataExchangePoint")
    if point is None:
        raise errors.argument_missing("DataExchangePoint")
    found = POINT.fullmatch(point)
    if found is None:
        raise errors.bad_key(point)
    if found[1] != books.configuration.plan:
        raise errors.set_unknown(found[1])
    node = found[2].lower()
    if node not in books.tables[found[1]].rows:
        raise errors.instance_unknown(found[1])
    return node


def _number(ask: Ask) -> int:
    text = ask.options.plain.get("MessageNo")
    if text is None:
        raise errors.argument_missing("MessageNo")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise errors.unparsable(text, "Edm.Int64")
    return int(text)
