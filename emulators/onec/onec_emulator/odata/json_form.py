"""Answers as JSON, at OData's three levels: nometadata, minimalmetadata, fullmetadata."""

from collections.abc import Iterable

import orjson

from onec_emulator.odata.answers import Names, One, Property, Rows
from onec_emulator.odata.shape import Shown
from onec_emulator.odata.unavailable import Unavailable
from onec_emulator.schemas import Configuration, EntitySet, Row
from onec_emulator.table import Table

TYPED = frozenset(("Edm.Guid", "Edm.DateTime", "Edm.Int16", "Edm.Int64", "Edm.Double"))
"""Types whose JSON value does not show them, so that fullmetadata names them."""


class JsonForm:
    """Writes answers of one base as JSON."""

    def __init__(
        self, configuration: Configuration, tables: dict[str, Table], unavailable: Unavailable
    ) -> None:
        self._tables = tables
        self._unavailable = unavailable
        self._links = {
            name: configuration.navigations(schema)
            for name, schema in configuration.published.items()
        }

    def rows(self, answer: Rows, level: str, root: str) -> bytes:
        name = answer.schema.name
        if answer.schema.is_complex:
            name = f"Collection(StandardODATA.{name})"
        head = [] if level == "none" else [_member("odata.metadata", f"{root}/$metadata#{name}")]
        if answer.count is not None:
            # The count is a string in 1C's JSON.
            head.append(_member("odata.count", str(answer.count)))
        pieces = b",".join(self._pieces(answer, level, root))
        return b"{" + b",".join([*head, b'"value":[' + pieces + b"]"]) + b"}"

    def one(self, answer: One, level: str, root: str) -> bytes:
        name = answer.schema.name
        if answer.shown is None:
            piece = self._piece(answer.schema, answer.key, answer.row, level, root)
        else:
            piece = orjson.dumps(self._partly(answer.shown, level))
        if level == "none":
            return piece
        head = _member("odata.metadata", f"{root}/$metadata#{name}/@Element")
        return b"{" + head + b"," + piece[1:] if len(piece) > 2 else b"{" + head + b"}"

    def property(self, answer: Property, level: str, root: str) -> bytes:
        head = {} if level == "none" else {"odata.metadata": f"{root}/$metadata#{answer.field.edm}"}
        return orjson.dumps({**head, "value": self._unavailable.value(answer.value)})

    def names(self, answer: Names, level: str, root: str) -> bytes:
        value = [{"name": name, "url": name} for name in answer.sets]
        head = {} if level == "none" else {"odata.metadata": f"{root}/$metadata"}
        return orjson.dumps({**head, "value": value})

    def _pieces(self, answer: Rows, level: str, root: str) -> Iterable[bytes]:
        if answer.shown is not None:
            yield from (orjson.dumps(self._partly(shown, level)) for shown in answer.shown)
            return
        for key, row in zip(answer.keys, answer.rows, strict=True):
            yield self._piece(answer.schema, key, row, level, root)

    def _partly(self, shown: Shown, level: str) -> Row:
        values = dict(self._unavailable.shown(shown.schema, shown.values))
        if shown.has_links and level != "none":
            values |= self._navigation(shown.schema, shown.key)
        for inside in shown.inside:
            if level != "none" and inside.link:
                values[f"{inside.name}@navigationLinkUrl"] = inside.link
            record = inside.record
            values[inside.name] = None if record is None else self._partly(record, level)
        return values

    def _piece(
        self,
        schema: EntitySet,
        key: str,
        row: Row,
        level: str,
        root: str,
    ) -> bytes:
        if level == "full":
            return orjson.dumps(self._full(schema, key, row, root))
        table = self._tables.get(schema.name)
        if table is None or table.rows.get(key) is not row:
            return self._render(schema, key, row, level)
        return table.rendered(level, key, lambda: self._render(schema, key, row, level))

    def _render(self, schema: EntitySet, key: str, row: Row, level: str) -> bytes:
        row = self._unavailable.shown(schema, row)
        if level == "none":
            return orjson.dumps(row)
        return orjson.dumps(row | self._navigation(schema, key))

    def _navigation(self, schema: EntitySet, key: str) -> Row:
        address = f"{schema.name}({schema.predicate(key)})"
        return {
            f"{navigation}@navigationLinkUrl": f"{address}/{navigation}"
            for navigation, _ in self._links.get(schema.name, ())
        }

    def _full(self, schema: EntitySet, key: str, row: Row, root: str) -> Row:
        address = f"{schema.name}({schema.predicate(key)})"
        shown: Row = {"odata.type": f"StandardODATA.{schema.name}"}
        if not schema.is_complex:
            shown |= {"odata.id": f"{root}/{address}", "odata.editLink": address}
        for name, value in self._unavailable.shown(schema, row).items():
            if name in schema.fields and schema.fields[name].edm in TYPED:
                shown[f"{name}@odata.type"] = schema.fields[name].edm
            elif name in schema.parts:
                shown[f"{name}@odata.type"] = f"Collection(StandardODATA.{schema.row_type(name)})"
            shown[name] = value
        return shown | self._navigation(schema, key)


def _member(name: str, value: str) -> bytes:
    return orjson.dumps(name) + b":" + orjson.dumps(value)
