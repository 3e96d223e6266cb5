"""The rows of one entity, with indexes. Rows are never changed in place: a change is a new row."""

import bisect
from collections.abc import Mapping, Sequence
from typing import Any

from b24_emulator.indexes import Index
from b24_emulator.schema import Schema
from b24_emulator.shapes import Kept, Row, Shapes

__all__ = ["Row", "Table"]


NEVER: list[Any] = []  # Any: no element
"""The value of a field in a row that is not there."""


class Table:
    """Rows by number. Numbers grow from 1 and are never given twice.

    Attributes:
        ids: All numbers, ascending.
        indexes: By the names in `Schema.indexed`.
        pages: What lists found since the last change, by what they were asked.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.rows: dict[int, Kept] = {}
        self.ids: list[int] = []
        self.last_id = 0
        self._shapes = Shapes()
        self.indexes = {name: Index(name) for name in schema.indexed}
        self.pages: dict[bytes, Any] = {}  # Any: pages of lists, which know tables

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def put(self, number: int, row: Row) -> Row:
        """Enter a new row or a new state of one; returns it as it is kept."""
        self.pages.clear()
        before = self.rows.get(number)
        if before is None:
            self.ids.append(number)
        kept = self.rows[number] = self._shapes.kept(row)
        for index in self.indexes.values():
            was = NEVER if before is None else before.get(index.field)
            now = row.get(index.field)
            if was is not now:
                index.move(number, was, now)
        return kept

    def drop(self, number: int) -> Row:
        self.pages.clear()
        row = self.rows.pop(number)
        del self.ids[bisect.bisect_left(self.ids, number)]
        for index in self.indexes.values():
            index.move(number, row.get(index.field), NEVER)
        return row

    def refit(self, schema: Schema) -> None:
        """Take a schema with other user fields: new ones are empty in all rows, lost ones go."""
        self.pages.clear()
        was, now = set(self.schema.user_fields), set(schema.user_fields)
        self.schema = schema
        gained = {name: schema.defaults[name] for name in schema.user_fields if name not in was}
        lost = was - now
        if gained or lost:
            self.rows = {
                number: self._shapes.kept(
                    {
                        **{name: value for name, value in row.items() if name not in lost},
                        # Rows of a snapshot have the values already.
                        **{name: row.get(name, empty) for name, empty in gained.items()},
                    }
                )
                for number, row in self.rows.items()
            }

    def with_value(self, name: str, value: object) -> Sequence[int]:
        """Numbers of the rows whose indexed field `name` equals `value`, ascending.

        A live list: copy it before rows are changed.
        """
        index = self.indexes[name]
        return index.with_key(index.form(value))

    @classmethod
    def loaded(cls, schema: Schema, dump: Mapping[str, Any]) -> "Table":  # Any: JSON
        table = cls(schema)
        for row in sorted(dump["rows"], key=lambda row: int(row["ID"])):
            table.put(int(row["ID"]), row)
        table.last_id = dump["last_id"]
        return table
