"""Catalogues, documents with their movements, registers with their balances, and the other sets."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from onec_emulator.odata import presentation
from onec_emulator.odata.references import reference
from onec_emulator.schemas import EMPTY_DATE, EMPTY_GUID, RECORDS, UNDEFINED, EntitySet, Field, Row
from onec_emulator.schemas.register import ACCOUNTING
from onec_emulator.schemas.virtual import row_schema
from onec_emulator.totals import Dimensions
from sverka_emulator_kit.console.blocks import Block, Facts, Table
from sverka_emulator_kit.console.cells import Code, Grid, Link, value
from sverka_emulator_kit.console.page import Look
from sverka_emulator_kit.console.records import Records

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

PATHS = {
    "Catalog": "catalogs",
    "Document": "documents",
    "InformationRegister": "registers",
    "AccumulationRegister": "registers",
    "AccountingRegister": "registers",
}
"""Where the sets of each kind are shown, by the beginning of their names."""
OTHERS = "others"
TELLING = (
    "Date",
    "Code",
    "ИНН",
    "КПП",
    "Контрагент_Key",
    "Партнер_Key",
    "СостояниеЗаказа_Key",
    "Статус",
    "СуммаДокумента",
    "Posted",
    "НомерСчета",
    "Owner_Key",
    "Owner",
    "Parent_Key",
    "Артикул",
    "Period",
    "Номенклатура_Key",
    "ВидЦен_Key",
    "Цена",
    "Сумма",
    "Количество",
    "Value",
    "DeletionMark",
)
"""What a list shows of a record beside its name, the most telling first."""
BALANCES_MAX = 100
NOTHING = (EMPTY_GUID, EMPTY_DATE, UNDEFINED)


def path_of(entity: str) -> str:
    """Where the records of a set are shown."""
    return PATHS.get(entity.partition("_")[0], OTHERS)


def link(base: "Infobase", entity: str, key: str, text: str = "") -> Link:
    """A record by its name; a deleted one by its key."""
    row = base.tables[entity].rows.get(key)
    called = text or (name(base, entity, row) if row is not None else "")
    return Link(called or key, f"{path_of(entity)}/one", {"entity": entity, "key": key})


def name(base: "Infobase", entity: str, row: Mapping[str, object]) -> str:
    """What people call a record; one of a register is called by what its key names."""
    schema, known = base.tables[entity].schema, dict(row)
    if schema.has_reference:
        return presentation.of_record(entity, known)
    names = [n for n in schema.key if not schema.fields[n].names_type]
    told = (presentation.of_property(base.tables, schema.fields, n, known) for n in names)
    return " · ".join(text for text in told if text and text != EMPTY_GUID)


def cell(base: "Infobase", fields: Mapping[str, Field], named: str, row: Row) -> object:
    """A value as a cell: a reference leads to its record, an empty value is nothing."""
    stored = row.get(named)
    if stored is None or stored in NOTHING:
        return None
    leads = reference(base.tables, fields, named.removesuffix("_Key"))
    found = leads.found(base.tables, row) if leads is not None else None
    if found is not None:
        return link(base, found[0].schema.name, found[1])
    return stored


def grid(base: "Infobase", columns: Mapping[str, Field], lines: Sequence[Row]) -> Grid | None:
    """The rows of a table part, without the columns that are empty in all of them."""
    shown = [name for name, column in columns.items() if not column.names_type]
    drawn = {n: [value(cell(base, columns, n, line)) for line in lines] for n in shown}
    told = {n: cells for n, cells in drawn.items() if any(c not in (None, "") for c in cells)}
    return Grid(tuple(told), list(zip(*told.values(), strict=True))) if told else None


def _value(base: "Infobase", entity: str, named: str, row: Mapping[str, object]) -> object:
    schema = base.tables[entity].schema
    known: Row = dict(row)
    if named in schema.parts:
        lines: list[Row] = known.get(named) or []
        return grid(base, schema.parts[named], lines)
    return cell(base, schema.fields, named, known)


def _movements(
    look: "Look[Infobase]", entity: str, key: str, row: Mapping[str, object]
) -> Sequence[Block]:
    base = look.system
    rows = [
        (link(base, register, of, register), _lines(base, register, lines))
        for (register, of), lines in base.movements(entity, key).items()
    ]
    return [Facts("movements", rows, "no_movements")]


def _lines(base: "Infobase", register: str, lines: Sequence[Row]) -> object:
    columns = base.tables[register].schema.parts[RECORDS]
    return grid(base, {n: f for n, f in columns.items() if n != "Recorder"}, lines)


def _balances(look: "Look[Infobase]", entity: str) -> Sequence[Block]:
    base, schema = look.system, look.system.tables[entity].schema
    register = schema.register
    if register is None or not register.kind:
        return []
    if register.kind == ACCOUNTING:
        return [_of_accounts(base, schema)]
    resources = [Code(named) for named in register.resources]
    held = [pair for pair in base.balances(entity).items() if any(pair[1].values())]
    rows = [
        [*_dimensions(base, schema, values), *(sums[named] for named in register.resources)]
        for values, sums in held[:BALANCES_MAX]
    ]
    columns = [*map(Code, register.dimensions), *resources]
    return [Table("balances", columns, rows, "no_balances", len(held), resources)]


def _of_accounts(base: "Infobase", schema: EntitySet) -> Table:
    """Balances by account and analytics; the sums are those of debit less credit."""
    told = row_schema(schema, "Balance")
    own = [name for name in told.key if not told.fields[name].names_type]
    resources = [name for name in told.fields if name.endswith("Balance")]
    held = base.account_balances(schema.name)
    rows = [
        [
            *(cell(base, told.fields, named, row) for named in own),
            *(row[named] for named in resources),
        ]
        for row in held[:BALANCES_MAX]
    ]
    columns = [Code(named) for named in (*own, *resources)]
    return Table("balances", columns, rows, "no_balances", len(held), columns[len(own) :])


def _dimensions(base: "Infobase", schema: EntitySet, values: Dimensions) -> list[object]:
    names = schema.register.dimensions if schema.register is not None else ()
    row: Row = {}
    for named, (stored, kind) in zip(names, values, strict=True):
        row |= {named: stored, f"{named}_Type": kind}
    return [cell(base, schema.parts[RECORDS], named, row) for named in names]


def _nothing(look: "Look[Infobase]", *about: object) -> Sequence[Block]:
    return ()


def _pages(
    path: str,
    beside: Callable[
        ["Look[Infobase]", str, str, Mapping[str, object]], Sequence[Block]
    ] = _nothing,
    above: Callable[["Look[Infobase]", str], Sequence[Block]] = _nothing,
) -> "Records[Infobase]":
    return Records(
        path=path,
        title=path,
        kinds=lambda base: {n: rows for n, rows in base.records().items() if path_of(n) == path},
        telling=TELLING,
        value=_value,
        name=name,
        named=True,
        beside=beside,
        above=above,
    )


CATALOGS = _pages("catalogs")
DOCUMENTS = _pages("documents", beside=_movements)
REGISTERS = _pages("registers", above=_balances)
REST = _pages(OTHERS)
