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
from sverka_emulator_kit.console.page import Look, NotThere, Page, Sheet
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
        value: A field's value as a cell: entity, name, row.
        name: What people call a record: entity, row. In lists it stands in the key's place, if
            `named`.
        inner: The field that tells a row inside a row, in a list.
        beside: What else stands on a record's page: entity, key, row.
        above: What else stands above a list: entity.
        unfollowed: Whether the ledger leaves a kind out.
    """

    path: str
    title: str
    kinds: Callable[[S], Kinds]
    telling: Sequence[str]
    called: Callable[[S, str, str], str] = lambda system, entity, name: ""
    value: Callable[[S, str, str, Row], object] = lambda system, entity, name, row: row.get(name)
    name: Callable[[S, str, Row], str] = lambda system, entity, row: ""
    named: bool = False
    inner: str = ""
    beside: Callable[[Look[S], str, str, Row], Sequence[Block]] = lambda look, entity, key, row: ()
    above: Callable[[Look[S], str], Sequence[Block]] = lambda look, entity: ()
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
                self._link(look.system, entity, key, row),
                *(self._brief(look.system, entity, name, row) for name in columns),
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
            ("record" if self.named else "key", *map(Code, columns)),
            lines,
            "nothing_found",
            Beside((len(matching), count)),
        )
        search = Search(f"{self.path}/list", fields)
        blocks = [*self.above(look, entity), search, table, pager]
        return Sheet(blocks, Code(entity), [Link(Word(self.title), self.path)])

    def one(self, look: Look[S]) -> Sheet:
        entity, key = look.asked("entity"), look.asked("key")
        rows, system = _found(self.kinds(look.system), entity), look.system
        touches = [t for t in system.ledger.touches if (t.entity, t.key) == (entity, key)]
        row = rows.get(key)
        if row is None and not touches:
            raise NotThere(f"{entity} has no record {key!r}.")
        drawn = {name: self._cell(system, entity, name, row) for name in row or ()}
        facts: list[tuple[object, object]] = [
            (self._label(system, entity, name), cell)
            for name, cell in drawn.items()
            if not is_empty(cell)
        ]
        empty = [Code(name) for name, cell in drawn.items() if is_empty(cell)]
        if empty:
            facts.append((Folded(Beside((len(empty), Word("empty_fields"))), empty), None))
        blocks: list[Block] = [Facts("fields" if row else "is_gone", facts, "")]
        if row is not None:
            blocks += self.beside(look, entity, key, row)
        silent = "ledger_leaves_out" if self.unfollowed(entity) else "no_history"
        entries = [self._entry(system, touch) for touch in reversed(touches)]
        blocks.append(History("history", entries, silent))
        above = [
            Link(Word(self.title), self.path),
            Link(Code(entity), f"{self.path}/list", {"entity": entity}),
        ]
        return Sheet(blocks, (self.name(system, entity, row or {}) if row else "") or key, above)

    def _entry(self, system: S, touch: Touch) -> Entry:
        before, after = touch.before or {}, touch.after or {}
        names = [n for n in {**before, **after} if n in touch.changed()]
        lines = [
            [
                self._label(system, touch.entity, name),
                self._cell(system, touch.entity, name, before),
                self._cell(system, touch.entity, name, after),
            ]
            for name in names
        ]
        rows = [line for line in lines if not (is_empty(line[1]) and is_empty(line[2]))]
        verb = Mark(Word(touch.verb), TONES[touch.verb])
        return Entry((Moment(touch.at_s), verb, Code(touch.actor)), rows)

    def _label(self, system: S, entity: str, name: str) -> object:
        called = self.called(system, entity, name)
        return Lines((Code(name), called)) if called else Code(name)

    def _link(self, system: S, entity: str, key: str, row: Row) -> Link:
        called = self.name(system, entity, row) if self.named else ""
        return Link(called or key, f"{self.path}/one", {"entity": entity, "key": key})

    def _brief(self, system: S, entity: str, name: str, row: Row) -> object:
        stored = row.get(name)
        if isinstance(stored, list | tuple):
            rows = (inner for inner in stored if isinstance(inner, Mapping))
            return Lines([inner[self.inner] for inner in rows if self.inner in inner])
        return self._cell(system, entity, name, row)

    def _cell(self, system: S, entity: str, name: str, row: Row | None) -> object:
        return cells.value(self.value(system, entity, name, row or {}))


def is_empty(cell: object) -> bool:
    """Whether a cell says nothing: null, no text. No and nought say something."""
    return cell is None or cell == ""


def _found(kinds: Kinds, entity: str) -> dict[str, Row]:
    if entity not in kinds:
        raise NotThere(f"There is no {entity!r}. There are: {', '.join(kinds)}.")
    return {str(key): row for key, row in kinds[entity].items()}


def _holds(row: Row, key: str, sought: str) -> bool:
    wanted = sought.casefold()
    return not wanted or wanted in key or any(wanted in str(v).casefold() for v in row.values())


def _columns(telling: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """The most telling fields that have a value in any of the rows."""
    told = [name for name in telling if any(row.get(name) for row in rows)]
    return told[:COLUMNS_MAX]
