"""One set's records: rows by key, in the order of their keys, with equality indexes."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from onec_emulator.schemas import EntitySet, Row

P = TypeVar("P")
PIECES_MAX = 5_000
"""Rendered rows of one form that a table keeps; a JSON row takes some KB."""
FEW = 100
"""So many new keys are put in their places one by one; more are sorted in at once."""


class Table:
    """Rows of one set. A row is replaced, never changed, so old ones may be kept as they are.

    Attributes:
        rows: Row by key.
    """

    def __init__(self, schema: EntitySet) -> None:
        self.schema = schema
        self.refill({})

    def refill(self, rows: dict[str, Row]) -> None:
        """Hold these rows and no others."""
        self.rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._unplaced: list[str] = []
        self._pieces: dict[str, dict[str, Any]] = {}  # Any: what a form is rendered as
        # A value that one row bears, as most do, holds that row's key alone.
        self._indexes: dict[str, dict[object, str | set[str]]] = {
            name: {} for name in self.schema.indexes
        }
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

    def having(self, field: str, value: object) -> Iterable[str]:
        """Keys of the rows whose indexed `field` equals `value`, in no order."""
        if field == "Ref_Key":
            return (value,) if isinstance(value, str) and value in self.rows else ()
        found = self._indexes[field].get(value, ())
        return (found,) if isinstance(found, str) else found

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
        for field, index in self._indexes.items():
            was = before[field] if before is not None else None
            now = after[field] if after is not None else None
            if was == now:
                continue
            if was is not None:
                _strike(index, was, key)
            if now is not None:
                _enter(index, now, key)


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
