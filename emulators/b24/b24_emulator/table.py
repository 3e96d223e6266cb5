"""The rows of one entity, with indexes. Rows are never changed in place: a change is a new row."""

import bisect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from b24_emulator.phones import normal_phone
from b24_emulator.schema import Schema

Row = Mapping[str, Any]  # Any: texts, null, lists of multi-field values
NO_IDS: dict[int, None] = {}


def index_key(value: object) -> str:
    """How an indexed value is looked up: texts without letter case."""
    return "" if value is None else str(value).casefold()


FORMS: dict[str, Callable[[object], str]] = {"": index_key, "normal": normal_phone}
"""Forms that values are looked up in: `PHONE` as it is written, `PHONE:normal` as it is dialled."""


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
            field, _, form = name.partition(":")
            was = [] if before is None else before.get(field)
            now = row.get(field)
            if was is not now:
                self._move(index, number, _keys(was, form), _keys(now, form))

    def drop(self, number: int) -> Row:
        row = self.rows.pop(number)
        del self.ids[bisect.bisect_left(self.ids, number)]
        for name, index in self._indexes.items():
            field, _, form = name.partition(":")
            self._move(index, number, _keys(row.get(field), form), [])
        return row

    def refit(self, schema: Schema) -> None:
        """Take a schema with other user fields: new ones are empty in all rows, lost ones go."""
        was, now = set(self.schema.user_fields), set(schema.user_fields)
        self.schema = schema
        gained = {name: schema.defaults[name] for name in schema.user_fields if name not in was}
        lost = was - now
        if gained or lost:
            self.rows = {
                number: {
                    **{name: value for name, value in row.items() if name not in lost},
                    # Rows of a snapshot have the values already.
                    **{name: row.get(name, empty) for name, empty in gained.items()},
                }
                for number, row in self.rows.items()
            }

    def with_value(self, name: str, value: object) -> dict[int, None]:
        """Numbers of the rows whose indexed field `name` equals `value`."""
        form = FORMS[name.partition(":")[2]]
        return self._indexes[name].get(form(value), NO_IDS)

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

    @classmethod
    def loaded(cls, schema: Schema, dump: Mapping[str, Any]) -> "Table":  # Any: JSON
        table = cls(schema)
        for row in sorted(dump["rows"], key=lambda row: int(row["ID"])):
            table.put(int(row["ID"]), row)
        table.last_id = dump["last_id"]
        return table


def _keys(value: object, form: str) -> list[str]:
    """Index keys of a field: one of a scalar, one for each value of a multi-field."""
    key = FORMS[form]
    if isinstance(value, list):
        return [key(element["VALUE"]) for element in value]
    return [key(value)]
