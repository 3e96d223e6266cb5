"""Operations that read: the service document, metadata, lists, counts, single records."""

from collections.abc import Callable, Sequence
from typing import Any

from onec_emulator.odata import errors, metadata
from onec_emulator.odata.address import record_key
from onec_emulator.odata.answers import Names, One, Plain, Rows
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.options import Options
from onec_emulator.odata.service import Service
from onec_emulator.schemas import EMPTY_GUID, EntitySet, Row
from onec_emulator.table import Table


def show_sets(service: Service, ask: Ask) -> Names:
    sets = service.books.configuration.sets.values()
    return Names([name for entity in sets for name in (entity.name, *metadata.part_sets(entity))])


def show_metadata(service: Service, ask: Ask) -> Plain:
    return Plain(metadata.edmx(service.books.configuration), "application/xml")


def list_rows(service: Service, ask: Ask) -> Rows:
    table, options = service.table(ask.address.name), ask.options
    keys = ordered(service, table, found_keys(service, table, options), options)
    count = len(keys) if options.count else None
    if not (options.count and service.books.switches.inlinecount == "documented"):
        keys = _page(keys, options)
    rows = [table.rows[key] for key in keys]
    select = selected(table.schema, options.select)
    if is_whole(table.schema, select):
        note_reads(service, ask, table, keys)
    return Rows(table.schema, keys, rows, select, count)


def count_rows(service: Service, ask: Ask) -> Plain:
    table = service.table(ask.address.name)
    count = len(found_keys(service, table, ask.options))
    # Live answers start with a byte order mark.
    return Plain(b"\xef\xbb\xbf" + str(count).encode(), "text/plain;charset=utf-8")


def get_record(service: Service, ask: Ask) -> One:
    table = service.table(ask.address.name)
    key = named_key(table, ask)
    row = table.rows[key]
    select = selected(table.schema, ask.options.select)
    if is_whole(table.schema, select):
        note_reads(service, ask, table, (key,))
    return One(table.schema, key, row, select)


def named_key(table: Table, ask: Ask) -> str:
    """The key that the address names.

    Raises:
        ODataError: The key is malformed, or no record has it.
    """
    key = record_key(table.schema, ask.address.key or "")
    if key not in table.rows:
        raise errors.instance_unknown(table.schema.name)
    return key


def note_reads(service: Service, ask: Ask, table: Table, keys: Sequence[str]) -> None:
    """Enter whole records into the ledger of reads; a part of a record is no reading of it."""
    books, name = service.books, table.schema.name
    if name not in books.tables:
        return  # The lines of a table part alone are no record.
    now_s, read = books.clock.now_s(), books.ledger.read
    for key in keys:
        read(ask.actor, name, key, now_s)


def found_keys(service: Service, table: Table, options: Options) -> list[str]:
    if not options.filter:
        return table.order
    return service.filters.compiled(table.schema, options.filter).keys(table)


def selected(schema: EntitySet, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Properties to show; None is all.

    Raises:
        ODataError: A name is unknown, or asks for what is not emulated.
    """
    if names is None or "*" in names:
        return None
    chosen: list[str] = []
    for name in names:
        chosen += schema.fields if name == "**" else (_property(schema, name),)
    return tuple(dict.fromkeys(chosen))


def is_whole(schema: EntitySet, select: tuple[str, ...] | None) -> bool:
    return select is None or {*schema.fields, *schema.parts} <= set(select)


def _property(schema: EntitySet, name: str) -> str:
    if name in schema.fields or name in schema.parts:
        return name
    if "/" in name or name.endswith("Presentation"):
        raise errors.not_emulated(f"$select={name}")
    raise errors.segment_unknown(name)


def _page(keys: list[str], options: Options) -> list[str]:
    end = None if options.top is None else options.skip + options.top
    return keys[options.skip : end]


def ordered(service: Service, table: Table, keys: list[str], options: Options) -> list[str]:
    """Keys in the asked order; ties stay in the order of keys."""
    for name, descending in reversed(options.orderby):
        value = _sort_value(service, table, name)
        keys = sorted(keys, key=lambda key: value(table.rows[key]), reverse=descending)
    return keys


def _sort_value(service: Service, table: Table, name: str) -> Callable[[Row], Any]:
    """What `$orderby` compares. Any: values of the one field."""
    schema = table.schema
    if name not in schema.fields:
        if "/" in name:
            raise errors.not_emulated(f"$orderby={name}")
        raise errors.segment_unknown(name)
    if name == "Ref_Key" and "Description" in schema.fields:
        # A reference sorts by its presentation, not by its guid.
        return lambda row: row["Description"]
    target = service.books.tables.get(schema.fields[name].target or "")
    if target is not None:
        return lambda row: _presentation(target, row[name])
    if schema.fields[name].edm == "Edm.Int64":
        return lambda row: int(row[name] or 0)
    return lambda row: (row[name] is not None, row[name])


def _presentation(target: Table, key: str | None) -> str:
    row = target.rows.get(key or EMPTY_GUID)
    return "" if row is None else str(row.get("Description", ""))
