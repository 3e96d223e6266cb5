"""One set's records: rows by key, in the order of their keys, with indexes."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from onec_emulator.schemas import EntitySet, Row

P = TypeVar("P")
PIECES_MAX = 5_000
"""Rendered rows of one form that a table keeps; a JSON row takes some KB."""
FEW = 100
"""So many new keys are put in their places one by one; more are sorted in at once."""
ABSENT = object()
"""What a field of no row holds; a field of a row may hold None."""


class Table:
    """Rows of one set. A row is replaced, never changed, so old ones may be kept as they are.

    Attributes:
        rows: Row by key.
        watchers: Sets that each written key is put into, for who keeps what follows from rows.
    """

    def __init__(self, schema: EntitySet) -> None:
        self.schema = schema
        self.watchers: list[set[str]] = []
        self.refill({})

    def refill(self, rows: dict[str, Row]) -> None:
        """Hold these rows and no others."""
        for watcher in self.watchers:
            watcher.update(getattr(self, "rows", ()))
        self.rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._unplaced: list[str] = []
        self._pieces: dict[str, dict[str, Any]] = {}  # Any: what a form is rendered as
        # A value that one row bears, as most do, holds that row's key alone.
        self._indexes: dict[str, dict[object, str | set[str]]] = {
            name: {} for name in self.schema.indexes
        }
        self._orderings: dict[str, _Ordering] = {}
        for key, row in rows.items():
            self.put(key, row)

    @property
    def order(self) -> list[str]:
        """Keys, sorted. Not a copy: read only.

        A list without `$orderby` comes in this order, as from the clustered index of a real base.
        """
        if len(self._unplaced) > FEW:
            self._order += self._unplaced
            self._order.sort()
        else:
            for key in self._unplaced:
                insort(self._order, key)
        self._unplaced.clear()
        return self._order

    def put(self, key: str, row: Row) -> None:
        before = self.rows.get(key)
        if before is None:
            self._unplaced.append(key)
        self._reindex(key, before, row)
        self.rows[key] = row

    def drop(self, key: str) -> None:
        order = self.order
        del order[bisect_left(order, key)]
        self._reindex(key, self.rows.pop(key), None)

    def is_indexed(self, field: str) -> bool:
        return field == "Ref_Key" or field in self._indexes

    def is_ordered(self, field: str) -> bool:
        """Whether an index is in the field's order; of a number that is kept as text it is not."""
        return field in self._indexes and self.schema.fields[field].edm != "Edm.Int64"

    def having(self, field: str, value: object) -> Iterable[str]:
        """Keys of the rows whose indexed `field` equals `value`, in no order."""
        if field == "Ref_Key":
            return (value,) if isinstance(value, str) and value in self.rows else ()
        found = self._indexes[field].get(value, ())
        return (found,) if isinstance(found, str) else found

    def by(self, field: str, *, descending: bool) -> Iterator[str]:
        """Keys in the order of an indexed field, None first; ties in the order of keys."""
        index = self._indexes[field]
        if field not in self._orderings:
            self._orderings[field] = _Ordering(index)
        values = self._orderings[field].values()
        for value in chain(reversed(values), (None,)) if descending else chain((None,), values):
            held = index.get(value, ())
            if isinstance(held, str):
                yield held
            else:
                yield from sorted(held)

    def rendered(self, form: str, key: str, render: Callable[[], P]) -> P:
        """A row in one form, rendered anew only if it was written meanwhile or long unasked for."""
        kept: dict[str, P] = self._pieces.setdefault(form, {})
        if (piece := kept.get(key)) is None:
            if len(kept) >= PIECES_MAX:
                kept.clear()
            piece = kept[key] = render()
        return piece

    def _reindex(self, key: str, before: Row | None, after: Row | None) -> None:
        for form in self._pieces.values():
            form.pop(key, None)
        for watcher in self.watchers:
            watcher.add(key)
        for field, index in self._indexes.items():
            was = before[field] if before is not None else ABSENT
            now = after[field] if after is not None else ABSENT
            if was == now:
                continue
            ordering = self._orderings.get(field)
            if was is not ABSENT:
                _strike(index, was, key)
                if ordering is not None and was not in index:
                    ordering.drop(was)
            if now is not ABSENT:
                if ordering is not None and now not in index:
                    ordering.add(now)
                _enter(index, now, key)


class _Ordering:
    """The values of an index in their order, put in order when they are asked for."""

    def __init__(self, values: Iterable[Any]) -> None:  # Any: values of one field
        self._values = sorted(value for value in values if value is not None)
        self._new: list[Any] = []
        self._gone: set[Any] = set()

    def add(self, value: Any) -> None:
        if value in self._gone:
            self._gone.discard(value)
        elif value is not None:
            self._new.append(value)

    def drop(self, value: Any) -> None:
        if value is not None:
            self._gone.add(value)

    def values(self) -> list[Any]:
        """All values in their order, and some that no row has any more. Not a copy: read only."""
        if len(self._new) > FEW:
            self._values += self._new
            self._values.sort()
        else:
            for value in self._new:
                insort(self._values, value)
        self._new.clear()
        if len(self._gone) > len(self._values) // 2:
            self._values = [value for value in self._values if value not in self._gone]
            self._gone.clear()
        return self._values


def _enter(index: dict[object, str | set[str]], value: object, key: str) -> None:
    held = index.setdefault(value, key)
    if isinstance(held, set):
        held.add(key)
    elif held != key:
        index[value] = {held, key}


def _strike(index: dict[object, str | set[str]], value: object, key: str) -> None:
    held = index[value]
    if isinstance(held, set) and len(held) > 1:
        held.discard(key)
    else:
        del index[value]
