"""Pages of records: the kinds there are, a list with search, one record with its history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sverka_emulator_kit.console import cells
from sverka_emulator_kit.console.blocks import Block, Entry, Facts, Field, History, Search, Table
from sverka_emulator_kit.console.cells import (
    Beside,
    Code,
    Folded,
    Lines,
    Link,
    Mark,
    Moment,
    Tone,
    Word,
)
from sverka_emulator_kit.console.page import Look, Page, Sheet
from sverka_emulator_kit.console.paging import paged
from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.system import System

S = TypeVar("S", bound=System)
Row = Mapping[str, object]
Kinds = Mapping[str, Mapping[Any, Row]]  # Any: a text or a number
"""entity → key → row"""
COLUMNS_MAX = 6
TONES: Mapping[str, Tone] = {"add": "good", "update": "plain", "delete": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Generic[S]):
    """Pages over some kinds of a system's records: `<path>`, `<path>/list`, `<path>/one`.

    Attributes:
        kinds: The records that the pages are about.
        title: Key of the word for the menu.
        telling: Fields that a list shows if a kind has them, the most telling first.
        called: What people call a field, `""` if nothing but its name.
        value: A field's value as a cell: entity, name, value.
        name: What people call a record.
        inner: The field that tells a row inside a row, in a list.
        beside: What else stands on a record's page: entity, key, row.
        unfollowed: Whether the ledger leaves a kind out.
    """

    path: str
    title: str
    kinds: Callable[[S], Kinds]
    telling: Sequence[str]
    called: Callable[[S, str, str], str] = lambda system, entity, name: ""
    value: Callable[[S, str, str, object], object] = lambda system, entity, name, value: value
    name: Callable[[Row], str] = lambda row: ""
    inner: str = ""
    beside: Callable[[Look[S], str, str, Row], Sequence[Block]] = lambda look, entity, key, row: ()
    unfollowed: Callable[[str], bool] = lambda entity: False

    def pages(self) -> tuple[Page[S], ...]:
        return (
            Page(self.path, self.title, self.all),
            Page(f"{self.path}/list", self.title, self.list, listed=False, under=self.path),
            Page(f"{self.path}/one", self.title, self.one, listed=False, under=self.path),
        )

    def all(self, look: Look[S]) -> Sheet:
        kinds = self.kinds(look.system)
        rows = [
            [Link(Code(entity), f"{self.path}/list", {"entity": entity}), len(rows)]
            for entity, rows in kinds.items()
        ]
        table = Table("kinds", ("kind", "records_count"), rows, numbers=("records_count",))
        return Sheet([table])

    def list(self, look: Look[S]) -> Sheet:
        entity, sought = look.asked("entity"), look.asked("q")
        rows = _found(self.kinds(look.system), entity)
        matching = [(key, row) for key, row in rows.items() if _holds(row, key, sought)]
        shown, pager = paged(look, f"{self.path}/list", matching)
        columns = _columns(self.telling, [row for _, row in shown])
        lines = [
            [
                Link(key, f"{self.path}/one", {"entity": entity, "key": key}),
                *(self._brief(look.system, entity, name, row.get(name)) for name in columns),
            ]
            for key, row in shown
        ]
        fields = (
            Field("entity", "kind", "hidden", entity),
            Field("q", "search", "search", sought, hint="search_hint"),
        )
        count = Word("all_of_them") if len(matching) == len(rows) else Word("of_them")
        table = Table(
            "list",
            ("key", *map(Code, columns)),
            lines,
            "nothing_found",
            Beside((len(matching), count)),
        )
        search = Search(f"{self.path}/list", fields)
        return Sheet([search, table, pager], Code(entity), [Link(Word(self.title), self.path)])

    def one(self, look: Look[S]) -> Sheet:
        entity, key = look.asked("entity"), look.asked("key")
        rows, system = _found(self.kinds(look.system), entity), look.system
        touches = [t for t in system.ledger.touches if (t.entity, t.key) == (entity, key)]
        row = rows.get(key)
        if row is None and not touches:
            raise LookupError(f"{entity} has no record {key!r}.")
        facts: list[tuple[object, object]] = [
            (self._label(system, entity, name), self._cell(system, entity, name, value))
            for name, value in (row or {}).items()
            if not is_empty(value)
        ]
        empty = [Code(name) for name, value in (row or {}).items() if is_empty(value)]
        if empty:
            facts.append((Folded(Beside((len(empty), Word("empty_fields"))), empty), None))
        blocks: list[Block] = [Facts("fields" if row else "is_gone", facts)]
        if row is not None:
            blocks += self.beside(look, entity, key, row)
        silent = "ledger_leaves_out" if self.unfollowed(entity) else "no_history"
        entries = [self._entry(system, touch) for touch in reversed(touches)]
        blocks.append(History("history", entries, silent))
        above = [
            Link(Word(self.title), self.path),
            Link(Code(entity), f"{self.path}/list", {"entity": entity}),
        ]
        return Sheet(blocks, self.name(row or {}) or key, above)

    def _entry(self, system: S, touch: Touch) -> Entry:
        before, after = touch.before or {}, touch.after or {}
        names = [n for n in {**before, **after} if n in touch.changed()]
        rows = [
            [
                self._label(system, touch.entity, name),
                self._cell(system, touch.entity, name, before.get(name)),
                self._cell(system, touch.entity, name, after.get(name)),
            ]
            for name in names
            if touch.before is not None or not is_empty(after.get(name))
        ]
        verb = Mark(Word(touch.verb), TONES[touch.verb])
        return Entry((Moment(touch.at_s), verb, Code(touch.actor)), rows)

    def _label(self, system: S, entity: str, name: str) -> object:
        called = self.called(system, entity, name)
        return Lines((Code(name), called)) if called else Code(name)

    def _brief(self, system: S, entity: str, name: str, stored: object) -> object:
        if isinstance(stored, list | tuple):
            rows = (row for row in stored if isinstance(row, Mapping))
            return Lines([row[self.inner] for row in rows if self.inner in row])
        return self._cell(system, entity, name, stored)

    def _cell(self, system: S, entity: str, name: str, stored: object) -> object:
        return cells.value(self.value(system, entity, name, stored))


def is_empty(stored: object) -> bool:
    """Whether a stored value says nothing: null, no text, no rows. No and nought say something."""
    return stored is None or stored == "" or stored == []


def _found(kinds: Kinds, entity: str) -> dict[str, Row]:
    if entity not in kinds:
        raise LookupError(f"There is no {entity!r}. There are: {', '.join(kinds)}.")
    return {str(key): row for key, row in kinds[entity].items()}


def _holds(row: Row, key: str, sought: str) -> bool:
    wanted = sought.casefold()
    return not wanted or wanted in key or any(wanted in str(v).casefold() for v in row.values())


def _columns(telling: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """The most telling fields that have a value in any of the rows."""
    told = [name for name in telling if any(row.get(name) for row in rows)]
    return told[:COLUMNS_MAX]
