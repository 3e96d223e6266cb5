"""From a document's fields to all that its write does, or the reason why it is refused; pure.

That a refusal leaves everything as it was, and that a change and a posting are one call, are
observed (Romandredan/odata1c-gate: docs/probes/P8-write-forms.md). The words of a refused stock
are inferred; those of a closed period follow the library of standard subsystems.
"""

from collections.abc import Iterable, Mapping

from onec_emulator.rules.before_write import Numbering
from onec_emulator.rules.documents import (
    BEFORE_WRITE,
    CONDITIONS,
    DOINGS,
    POSTING,
    Draft,
    Shelves,
    WriteRefused,
)
from onec_emulator.rules.movements import Records, records
from onec_emulator.schemas import EMPTY_DATE, EntitySet, Row
from onec_emulator.totals import Balances, moved

MARKED = "Помеченный на удаление документ не может быть проведен!"


def prepare(
    books: Shelves,
    schema: EntitySet,
    numbering: Numbering,
    before: Row | None,
    row: Row,
    changes: Mapping[str, object],
) -> Draft:
    """Do to `row` what its configuration does, and reckon what its write does elsewhere.

    A change of the posting is asked for by `Posted` among the `changes`: true posts anew. Who
    marks a document for deletion unposts it.

    Raises:
        WriteRefused: A handler refuses the write.
    """
    draft = Draft(books, schema, row)
    _refuse_closed(books.settings.get("closed_until", ""), before, row)
    _refuse_broken(books.settings, schema, BEFORE_WRITE)
    _number(books, schema, numbering, row)
    for name in schema.behaviour.doings:
        DOINGS[name](draft)
    if row["DeletionMark"]:
        if changes.get("Posted"):
            raise WriteRefused(POSTING, MARKED)
        row["Posted"] = False
    if changes.get("Posted"):
        _refuse_broken(books.settings, schema, POSTING)
        for name in schema.behaviour.conditions:
            CONDITIONS[name](draft)
        draft.records = records(schema, _schemas(books), row, books.named_guid)
    elif before is not None and before["Posted"] and not row["Posted"]:
        draft.records = {movement.register: [] for movement in schema.behaviour.movements}
    return draft


def drafted(books: Shelves, schema: EntitySet, row: Row) -> Draft | None:
    """Do to a record that is no document what its configuration does; a folder has none of it."""
    if not schema.behaviour.doings or row.get("IsFolder"):
        return None
    draft = Draft(books, schema, row)
    for name in schema.behaviour.doings:
        DOINGS[name](draft)
    return draft


def check_stock(
    books: Shelves, balances: Balances, written: Records, present: Mapping[str, Iterable[Row]]
) -> None:
    """Refuse what would take more than there is.

    Args:
        written: What the posting writes, by register.
        present: What the same document has there now.

    Raises:
        WriteRefused: A resource that never goes below zero would.
    """
    if not books.settings.get("stock_control", True):
        return
    for register, rows in written.items():
        schema = books.tables[register].schema
        if not schema.behaviour.never_negative:
            continue
        after, now = moved(schema, rows), moved(schema, present.get(register, ()))
        for values, sums in after.items():
            held = balances.of(register, values)
            for name in schema.behaviour.never_negative:
                left = held.get(name, 0) - now.get(values, {}).get(name, 0) + sums[name]
                if sums[name] < 0 and left < 0:
                    said = f"Не хватает остатка: {-left:g}. {name}: есть {left - sums[name]:g}"
                    raise WriteRefused(POSTING, f"{said}, списывается {-sums[name]:g}")


def _schemas(books: Shelves) -> Mapping[str, EntitySet]:
    return {name: table.schema for name, table in books.tables.items()}


def _refuse_closed(closed_until: str, before: Row | None, row: Row) -> None:
    dates = {row["Date"]} | ({before["Date"]} if before is not None else set())
    if closed_until and any(EMPTY_DATE < date <= f"{closed_until}T23:59:59" for date in dates):
        day = ".".join(reversed(closed_until.split("-")))
        text = f"Изменение данных недоступно: дата запрета изменения {day}."
        raise WriteRefused(BEFORE_WRITE, text)


def _refuse_broken(settings: Mapping[str, Mapping[str, str]], schema: EntitySet, at: str) -> None:
    said = settings.get("broken_handlers", {}).get(f"{schema.name}.{at}")
    if said is not None:
        raise WriteRefused(at, said)


def _number(books: Shelves, schema: EntitySet, numbering: Numbering, row: Row) -> None:
    """Give a number, or refuse one that another document of the year bears."""
    table, year = books.tables[schema.name], row["Date"][:4]

    def is_taken(number: str) -> bool:
        others = (table.rows[key] for key in table.having("Number", number))
        return any(
            other["Date"][:4] == year and other["Ref_Key"] != row["Ref_Key"] for other in others
        )

    if not row["Number"]:
        prefix = f"{_prefix(books, row)}00-"
        row["Number"] = numbering.next(f"{schema.name} {year} {prefix}", prefix, is_taken)
    elif is_taken(row["Number"]):
        raise WriteRefused(BEFORE_WRITE, f'Номер документа "{row["Number"]}" не уникален!')


def _prefix(books: Shelves, row: Row) -> str:
    table = books.tables.get("Catalog_Организации")
    # A declaration of one's own may have no organisations, or documents that name none.
    organisation = {} if table is None else table.rows.get(row.get("Организация_Key", ""), {})
    return str(organisation.get("Префикс") or "00").rjust(2, "0")[:2]
