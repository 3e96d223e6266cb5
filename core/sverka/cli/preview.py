"""What `sverka sync preview` shows: a table of counts, then the records, or a JSON object."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sverka.cli.screen import SIDES
from sverka.preview import NEW, Deed, FieldChange, Named, Preview, Row

MEANINGS = {
    Deed.CREATED: "would be made on the other side, where they are not",
    Deed.UPDATED: "would be changed, or marked with their number on the other side",
    Deed.REMOVED: "would be deleted, or marked for deletion, as on the other side",
    Deed.LINKED: "would be recognised: they are on both sides",
    Deed.UNCHANGED: "are equal already",
    Deed.REVIEW: "look like others: a person would have to say which they are",
    Deed.UNSENT: "would stay behind, wholly or in part",
    Deed.WAITING: "would wait for the record that they belong to",
    Deed.SKIPPED: "would be left as they are, wholly or in part",
}
SECTIONS = (
    Deed.REVIEW,
    Deed.UNSENT,
    Deed.REMOVED,
    Deed.CREATED,
    Deed.LINKED,
    Deed.UPDATED,
    Deed.WAITING,
    Deed.SKIPPED,
)
"""A record stands in the first that it belongs to."""

SHOWN_MAX = 10
EMPTY = "(empty)"
MARK = "mark"


def show(console: Console, preview: Preview, *, limit: int | None = SHOWN_MAX) -> None:
    """Print it; of each section `limit` records, None for all of them."""
    console.print(_counts(preview))
    for warning in dict.fromkeys(preview.warnings):
        _say(console, f"[yellow]Worth knowing[/]  {escape(warning)}")
    for deed, rows in sections(preview.rows).items():
        _say(console, f"\n[bold]{deed}: {len(rows)}[/]")
        for row in rows[:limit]:
            _say(console, f"  {escape(_headed(row))}")
            for line in _said(row):
                _say(console, f"      [dim]{escape(line)}[/]")
        if limit is not None and len(rows) > limit:
            _say(console, f"  … and {len(rows) - limit} more; --all shows them")


def _say(console: Console, line: str) -> None:
    """A key or a value is never broken in two: it is there to be copied."""
    console.print(line, highlight=False, soft_wrap=True)


def sections(rows: Sequence[Row]) -> dict[Deed, list[Row]]:
    """The records by what is most worth knowing of them; what is unchanged has no section."""
    found: dict[Deed, list[Row]] = {}
    for deed in SECTIONS:
        left = [row for row in rows if next((d for d in SECTIONS if d in row.deeds), "") == deed]
        if left:
            found[deed] = left
    return found


def _counts(preview: Preview) -> Table:
    table = Table(title="Preview of a full exchange: nothing was written", title_justify="left")
    table.add_column("what would happen")
    table.add_column("records", justify="right")
    table.add_column("they …", style="dim", overflow="fold")
    for deed, meaning in MEANINGS.items():
        table.add_row(deed, str(preview.counts.get(deed, 0)), meaning)
    return table


def _headed(row: Row) -> str:
    """Who it is, and who he is on the other side."""
    here, there, other = SIDES[row.side], SIDES[row.side.other], row.other
    head = f"{row.record.name}  {here} {row.record.key}".lstrip()
    if other is None:
        return head
    if other.key == NEW:
        return f"{head} → new in {there}"
    named = f" {other.name}" if other.name != row.record.name else ""
    return f"{head} ↔ {there} {other.key}{named}"


def _said(row: Row) -> Iterator[str]:
    there = SIDES[row.side.other]
    for candidate in row.candidates:
        yield f"alike by {row.by}: {candidate.name}  {there} {candidate.key}"
    if row.candidates:
        return
    if row.by:
        yield f"by {row.by}"
    if row.reason:
        yield row.reason
    yield from _changed(row.changes, new=row.other is not None and row.other.key == NEW)
    yield from (note for note in row.notes if not row.by or row.by not in note)


def _changed(changes: Sequence[FieldChange], *, new: bool) -> Iterator[str]:
    """A line for each field; all that goes into a new record is in one."""
    values = [f"{c.field}: {c.after}" for c in changes if new and c.field != MARK]
    if values:
        yield "; ".join(values)
    for change in changes:
        if change.field == MARK and not change.before:
            yield f"gets its 1C number in {SIDES[change.side]}"
        elif not new or change.field == MARK:
            before, after = change.before or EMPTY, change.after or EMPTY
            yield f"{SIDES[change.side]} {change.field}: {before} → {after}"


def preview_json(preview: Preview) -> dict[str, object]:
    """All records, the unchanged ones too."""
    return {
        "counts": {deed: preview.counts.get(deed, 0) for deed in Deed},
        "warnings": list(preview.warnings),
        "rows": [_row_json(row) for row in preview.rows],
    }


def _row_json(row: Row) -> Mapping[str, object]:
    """`key` of the other end is `new` if it would be made; null stands for none."""
    return {
        "side": row.side,
        **_named_json(row.record),
        "other": _named_json(row.other) if row.other else None,
        "deeds": list(row.deeds),
        "by": row.by or None,
        "candidates": [_named_json(candidate) for candidate in row.candidates],
        "changes": [
            {"side": c.side, "field": c.field, "before": c.before, "after": c.after}
            for c in row.changes
        ],
        "reason": row.reason or None,
        "notes": list(row.notes),
    }


def _named_json(record: Named) -> Mapping[str, str]:
    return {"key": record.key, "name": record.name}
