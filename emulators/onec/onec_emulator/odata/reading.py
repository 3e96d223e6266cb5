"""Operations that read: the service document, metadata, lists, counts, records, paths."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any

from onec_emulator.odata import errors, metadata, presentation, rights
from onec_emulator.odata.address import record_key
from onec_emulator.odata.answers import Names, One, Plain, Property, Rows
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.options import Options
from onec_emulator.odata.references import Reference, reference
from onec_emulator.odata.service import Service, part_table
from onec_emulator.odata.shape import shape
from onec_emulator.schemas import STREAM, Row
from onec_emulator.table import Table


def show_sets(service: Service, ask: Ask) -> Names:
    sets = service.books.configuration.published.values()
    return Names([name for entity in sets for name in (entity.name, *metadata.part_sets(entity))])


def show_metadata(service: Service, ask: Ask) -> Plain:
    return Plain(metadata.edmx(service.books.configuration), "application/xml")


def list_rows(service: Service, ask: Ask) -> Rows:
    return listed(service, ask, service.table(ask.address.name))


def listed(service: Service, ask: Ask, table: Table) -> Rows:
    """Rows of a table as the options of a list ask for them."""
    options, count = ask.options, None
    is_paged = not (options.count and service.books.switches.inlinecount == "documented")
    end = options.skip + options.top if is_paged and options.top is not None else None
    walked = _walked(service, table, options)
    found = _visible_keys(service, ask, table, walked)
    if options.count:
        found = passing = _all(found)
        count = len(passing)
    if walked is None:
        found = ordered(service, table, found, options, end)
    keys = _page(found, options) if is_paged else _all(found)
    rows = [table.rows[key] for key in keys]
    tables = service.tables
    asked = shape(tables, table.schema, options.select, options.expand)
    if asked.is_whole:
        note_reads(service, ask, table, keys)
    if asked.is_plain:
        return Rows(table.schema, keys, rows, count=count)
    shown = [asked.show(tables, key, row) for key, row in zip(keys, rows, strict=True)]
    return Rows(table.schema, keys, rows, shown, count)


def count_rows(service: Service, ask: Ask) -> Plain:
    table = service.table(ask.address.name)
    count = len(_all(_visible_keys(service, ask, table)))
    # Live answers start with a byte order mark.
    return Plain(b"\xef\xbb\xbf" + str(count).encode(), "text/plain;charset=utf-8")


def get_record(service: Service, ask: Ask) -> One:
    table = service.table(ask.address.name)
    return _one(service, ask, table, named_key(service, table, ask))


def follow_path(service: Service, ask: Ask) -> One | Property | Rows | Plain:
    """What stands behind a key: a property, a picture's bytes, a table part, another record.

    Raises:
        ODataError: A segment is unknown, or a reference on the way leads to no record.
    """
    table, names = service.table(ask.address.name), ask.address.rest
    key = named_key(service, table, ask)
    for number, name in enumerate(names, 1):
        is_last = number == len(names)
        is_stream = name in table.schema.fields and table.schema.fields[name].edm == STREAM
        if names[number:] == ("$value",) or (is_stream and is_last):
            return _stream(table, key, name)
        if name in table.schema.parts and is_last:
            return _lines(table, key, name)
        leads = reference(service.tables, table.schema.fields, name)
        if leads is None or (is_last and name in table.schema.fields):
            if name not in table.schema.fields or not is_last:
                raise errors.segment_unknown(name)
            return Property(table.schema.fields[name], table.rows[key][name])
        found = leads.found(service.tables, table.rows[key])
        if found is None:
            raise errors.instance_unknown(leads.target or name)
        table, key = found
    return _one(service, ask, table, key)


def _one(service: Service, ask: Ask, table: Table, key: str) -> One:
    if ask.options.expand:
        raise errors.expand_of_one()
    row, tables = table.rows[key], service.tables
    asked = shape(tables, table.schema, ask.options.select)
    if asked.is_whole:
        note_reads(service, ask, table, (key,))
    shown = None if asked.is_plain else asked.show(tables, key, row)
    return One(table.schema, key, row, shown)


def _lines(owner: Table, key: str, part: str) -> Rows:
    table = part_table(owner, part, (key,))
    keys = table.order
    return Rows(table.schema, keys, [table.rows[line] for line in keys])


def _stream(table: Table, key: str, name: str) -> Plain:
    field, row = table.schema.fields.get(name), table.rows[key]
    if field is None:
        raise errors.segment_unknown(name)
    if field.edm != STREAM:
        raise errors.not_emulated(f"{name}/$value")
    kind = row[f"{name}_Type"] or "application/octet-stream"
    return Plain(b64decode(row[f"{name}_Base64Data"]), kind)


def named_key(service: Service, table: Table, ask: Ask) -> str:
    """The key that the address names.

    Raises:
        ODataError: The key is malformed, or no record has it, or the caller may not see it.
    """
    key = record_key(table.schema, ask.address.key or "")
    if key not in table.rows:
        raise errors.instance_unknown(table.schema.name)
    rights.check_record(service, ask, table, key)
    return key


def note_reads(service: Service, ask: Ask, table: Table, keys: Sequence[str]) -> None:
    """Enter whole records into the ledger of reads; a part of a record is no reading of it."""
    books, name = service.books, table.schema.name
    if name not in service.tables:
        return  # The lines of a table part alone are no record.
    now_s, read = books.clock.now_s(), books.ledger.read
    for key in keys:
        read(ask.actor, name, key, now_s)


def _visible_keys(
    service: Service, ask: Ask, table: Table, walked: Iterable[str] | None = None
) -> Iterable[str]:
    """Keys of the records that pass the filter and may be seen, in the table's order or `walked`'s.

    Where `walked` is given, the filter has no quicker way than to look at every record.
    """
    keys: Iterable[str] = table.order if walked is None else walked
    if text := ask.options.filter:
        keys = service.filters.compiled(table.schema, text).found(table, walked)
    return rights.visible(service, ask, table, keys)


def _all(keys: Iterable[str]) -> list[str]:
    return keys if isinstance(keys, list) else list(keys)


def _page(keys: Iterable[str], options: Options) -> list[str]:
    end = None if options.top is None else options.skip + options.top
    if isinstance(keys, list):
        return keys[options.skip : end]
    # Nobody looks for what stands behind the page.
    return list(islice(keys, options.skip, end))


def _walked(service: Service, table: Table, options: Options) -> Iterable[str] | None:
    """All keys in the asked order, if an index is in that order and the filter has none."""
    if len(options.orderby) != 1 or table.schema.is_recorded:
        return None
    ((name, descending),) = options.orderby
    if name == "Ref_Key" and not table.schema.is_document:
        # As `_sort_value` has it: by what the record is called.
        name = "Description"
    field = table.schema.fields.get(name)
    if field is None or not table.is_ordered(name) or field.target in service.tables:
        return None
    if options.filter:
        found = service.filters.compiled(table.schema, options.filter)
        if found.probes is not None:
            return None
    return table.by(name, descending=descending)


def ordered(
    service: Service,
    table: Table,
    keys: Iterable[str],
    options: Options,
    end: int | None = None,
) -> Iterable[str]:
    """Keys in the asked order; ties stay in the order of keys.

    Sets of records are in no order that could be asked for, and nobody says so.

    Args:
        end: How many of them somebody looks at, None for all.
    """
    if table.schema.is_recorded or not options.orderby:
        return keys
    values = [_sort_value(service, table, name) for name, _ in options.orderby]
    directions = {descending for _, descending in options.orderby}
    if end is not None and len(directions) == 1:
        # Both are stable: equal records keep the order of keys.
        choose, rows, first = nlargest if True in directions else nsmallest, table.rows, values[0]
        if len(values) == 1:
            return choose(end, keys, key=lambda key: first(rows[key]))
        return choose(end, keys, key=lambda key: tuple(value(rows[key]) for value in values))
    for name, descending in reversed(options.orderby):
        value = _sort_value(service, table, name)
        keys = sorted(keys, key=lambda key: value(table.rows[key]), reverse=descending)
    return keys


def _sort_value(service: Service, table: Table, name: str) -> Callable[[Row], Any]:
    """What `$orderby` compares. Any: values of the one field."""
    schema, tables = table.schema, service.tables
    first, _, rest = name.partition("/")
    leads = reference(tables, schema.fields, first) if rest else None
    if leads is not None and leads.target is not None:
        return _behind(service, leads, rest)
    if name not in schema.fields or schema.fields[name].edm == STREAM:
        raise errors.segment_unknown(name)
    # A reference sorts by its presentation, not by its guid; a document by date and number.
    if name == "Ref_Key" and schema.is_document:
        return lambda row: (row["Date"], row["Number"])
    if name == "Ref_Key" and "Description" in schema.fields:
        return lambda row: row["Description"]
    target = schema.fields[name].target or ""
    if target in tables and tables[target].schema.is_document:
        nothing = {"Date": "", "Number": ""}
        found = tables[target].rows
        return lambda row: tuple(found.get(row[name], nothing)[each] for each in nothing)
    if target in tables:
        return lambda row: presentation.of_property(tables, schema.fields, name, row)
    if schema.fields[name].edm == "Edm.Int64":
        return lambda row: int(row[name] or 0)
    return lambda row: (row[name] is not None, row[name])


def _behind(service: Service, leads: Reference, rest: str) -> Callable[[Row], Any]:
    """What `$orderby=Ссылка/Поле` compares: rows whose reference leads nowhere come first."""
    tables = service.tables
    value = _sort_value(service, tables[leads.target or ""], rest)

    def read(row: Row) -> Any:  # Any: values of the one field
        found = leads.found(tables, row)
        return (False, ()) if found is None else (True, value(found[0].rows[found[1]]))

    return read
