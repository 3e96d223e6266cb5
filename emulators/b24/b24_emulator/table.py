"""The rows of one entity, with indexes. Rows are never changed in place: a change is a new row."""

import bisect
from collections.abc import Iterable, Mapping
from typing import Any

from b24_emulator.schema import Schema

Row = Mapping[str, Any]  # Any: texts, null, lists of multi-field values
NO_IDS: dict[int, None] = {}


def index_key(value: object) -> str:
    """How an indexed value is looked up: texts without letter case."""
    return "" if value is None else str(value).casefold()


class Table:
    """Rows by number. Numbers grow from 1 and are never given twice."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.rows: dict[int, Row] = {}
        self.ids: list[int] = []
        self.last_id = 0
        self._indexes: dict[str, dict[str, dict[int, None]]] = {name: {} for name in schema.indexed}

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def put(self, number: int, row: Row) -> None:
        """Enter a new row or a new state of one."""
        before = self.rows.get(number)
        if before is None:
            self.ids.append(number)
        self.rows[number] = row
        for name, index in self._indexes.items():
            was = [] if before is None else before.get(name)
            now = row.get(name)
            if was is not now:
                self._move(index, number, _keys(was), _keys(now))

    def drop(self, number: int) -> Row:
        row = self.rows.pop(number)
        del self.ids[bisect.bisect_left(self.ids, number)]
        for name, index in self._indexes.items():
            self._move(index, number, _keys(row.get(name)), [])
        return row

    def with_value(self, name: str, value: object) -> dict[int, None]:
        """Numbers of the rows whose indexed field `name` equals `value`."""
        return self._indexes[name].get(index_key(value), NO_IDS)

    def is_indexed(self, name: str) -> bool:
        return name in self._indexes

    def _move(
        self,
        index: dict[str, dict[int, None]],
        number: int,
        was: Iterable[str],
        now: Iterable[str],
    ) -> None:
        for key in was:
            index.get(key, {}).pop(number, None)
        for key in now:
            index.setdefault(key, {})[number] = None

    def dump(self) -> object:
        return {"last_id": self.last_id, "rows": [dict(row) for row in self.rows.values()]}

    @classmethod
    def loaded(cls, schema: Schema, dump: Mapping[str, Any]) -> "Table":  # Any: JSON
        table = cls(schema)
        for row in sorted(dump["rows"], key=lambda row: int(row["ID"])):
            table.put(int(row["ID"]), row)
        table.last_id = dump["last_id"]
        return table


def _keys(value: object) -> list[str]:
    """Index keys of a field: one of a scalar, one for each value of a multi-field."""
    if isinstance(value, list):
        return [index_key(element["VALUE"]) for element in value]
    return [index_key(value)]
