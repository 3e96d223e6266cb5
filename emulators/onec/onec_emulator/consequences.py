"""What a write brings about beside itself: postings, records of registers, derived states."""

from typing import TYPE_CHECKING, Any

from onec_emulator.rules import derived, posting
from onec_emulator.rules.documents import Draft
from onec_emulator.rules.movements import Records
from onec_emulator.schemas import NAMESPACE, RECORDS, EntitySet, Row
from onec_emulator.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onec_emulator.books import Books

JOB_LAG_S = 5.0
"""How long after its register УТ's job derives an order's state. Inferred: its schedule is a
setting of each base."""


def draft(
    books: "Books",
    schema: EntitySet,
    before: Row | None,
    row: Row,
    changes: "Mapping[str, Any]",  # Any: stored values
) -> Draft | None:
    """What a write does beside itself; None for most of what is no document.

    Raises:
        WriteRefused: A handler refuses it; nothing was written.
    """
    if not schema.is_document:
        return posting.drafted(books, schema, row)
    made = posting.prepare(books, schema, books.numbering, before, row, changes)
    if made.records:
        kind = NAMESPACE + schema.name
        present = {name: _present(books, name, row["Ref_Key"], kind) for name in made.records}
        posting.check_stock(books, books.balances, made.records, present)
    return made


def follow(
    books: "Books",
    schema: EntitySet,
    before: Row | None,
    row: Row,
    made: Draft | None,
    actor: str,
) -> None:
    """Write what follows a write that has been done."""
    if made is not None:
        for entity, fields in made.made:
            books.create(entity, fields, actor)
        write_records(books, schema, row, made.records or {}, actor)
    for name in schema.behaviour.after:
        derived.AFTER[name](books, before, row, actor)


def write_records(
    books: "Books", schema: EntitySet, row: Row, written: Records, actor: str
) -> None:
    """Replace what a document has in each of the registers."""
    recorder = {"Recorder": row["Ref_Key"], "Recorder_Type": NAMESPACE + schema.name}
    for register, records in written.items():
        table = books.tables[register]
        key = table.schema.key_of(recorder)
        lines = [
            {**record, "Period": row["Date"], "LineNumber": str(number)}
            for number, record in enumerate(records, 1)
        ]
        if lines:
            books.create(register, {**recorder, RECORDS: lines}, actor)
        elif key in table.rows:
            books.delete(register, key, actor)


def empty_records(books: "Books", schema: EntitySet, row: Row, actor: str) -> None:
    """Take a document that is no more out of every register."""
    recorder = {"Recorder": row["Ref_Key"], "Recorder_Type": NAMESPACE + schema.name}
    for name, table in books.tables.items():
        if table.schema.is_recorded and (key := table.schema.key_of(recorder)) in table.rows:
            books.delete(name, key, actor)


def sign(row: Row) -> None:
    """Let every record of a set bear its recorder, as recorded answers show it."""
    recorder = {name: row[name] for name in ("Recorder", "Recorder_Type")}
    row[RECORDS] = [{**line, **recorder} for line in row[RECORDS]]


def count(books: "Books", table: Table, before: Row | None, after: Row | None) -> None:
    """Keep the balances of a register in step with its records."""
    for row, sign in ((before, -1), (after, 1)):
        if row is not None and table.schema.is_recorded:
            books.balances.add(table.schema.name, row[RECORDS], sign)


def derive(
    books: "Books", schema: EntitySet, before: Row | None, after: Row | None, actor: str
) -> None:
    """Derive what follows from changed records, or have it done by a job later."""
    changed = [line for row in (before, after) if row is not None for line in row.get(RECORDS, ())]
    for name in schema.behaviour.derives:
        for subject in derived.subjects(books, name, changed):
            if derived.DERIVED[name].is_deferred:
                books.due.setdefault(f"{name} {subject}", books.clock.now_s() + JOB_LAG_S)
            else:
                derived.DERIVED[name].derive(books, subject, actor)


def do_due(books: "Books") -> None:
    """Do the deferred jobs whose time has come, if the base runs jobs now."""
    if not books.due or not books.runs_jobs():
        return
    now_s = books.clock.now_s()
    for job in [job for job, due_s in books.due.items() if due_s <= now_s]:
        del books.due[job]
        name, subject = job.split(" ", 1)
        derived.DERIVED[name].derive(books, subject, "job")


def _present(books: "Books", register: str, recorder: str, kind: str) -> list[Row]:
    table = books.tables[register]
    key = table.schema.key_of({"Recorder": recorder, "Recorder_Type": kind})
    records: list[Row] = table.rows.get(key, {}).get(RECORDS, [])
    return records
