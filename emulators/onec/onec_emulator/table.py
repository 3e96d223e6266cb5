"""One set's records: rows by key, in the order of their keys, with equality indexes."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from onec_emulator.schemas import EntitySet, Row


class Table:
    """Rows of one set. A row is replaced, never changed, so old ones may be kept as they are.

    Attributes:
        rows: Row by key.
        order: Keys, sorted: a list without `$orderby` comes in this order, as from the
            clustered index of a real base.
        pieces: Rendered rows by form and key; a write throws a row's pieces away.
    """

    def __init__(self, schema: EntitySet) -> None:
        self.schema = schema
        self.refill({})

    def refill(self, rows: dict[str, Row]) -> None:
        """Hold these rows and no others."""
        self.rows: dict[str, Row] = {}
        self.order: list[str] = []
        self.pieces: dict[str, dict[str, bytes]] = {}
        self._indexes: dict[str, dict[object, set[str]]] = {
            name: {} for name in self.schema.indexes
        }
        for key, row in rows.items():
            self.put(key, row)

    def put(self, key: str, row: Row) -> None:
        before = self.rows.get(key)
        if before is None:
            insort(self.order, key)
        self._reindex(key, before, row)
        self.rows[key] = row

    def drop(self, key: str) -> None:
        del self.order[bisect_left(self.order, key)]
        self._reindex(key, self.rows.pop(key), None)

    def is_indexed(self, field: str) -> bool:
        return field == "Ref_Key" or field in self._indexes

    def having(self, field: str, value: object) -> Iterable[str]:
        """Keys of the rows whose indexed `field` equals `value`, in no order."""
        if field == "Ref_Key":
            return (value,) if isinstance(value, str) and value in self.rows else ()
        return self._indexes[field].get(value, ())

    def _reindex(self, key: str, before: Row | None, after: Row | None) -> None:
        for form in self.pieces.values():
            form.pop(key, None)
        for field, index in self._indexes.items():
            was = before[field] if before is not None else None
            now = after[field] if after is not None else None
            if was == now:
                continue
            if was is not None:
                index[was].discard(key)
            if now is not None:
                index.setdefault(now, set()).add(key)
