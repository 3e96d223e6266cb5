"""Answers as Atom, 1C's default: feeds and entries, with the pieces of unchanged rows kept."""

import re
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from onec_emulator.odata import errors
from onec_emulator.odata.answers import Names, One, Property, Rows
from onec_emulator.odata.shape import Shown
from onec_emulator.odata.unavailable import Unavailable
from onec_emulator.schemas import EMPTY_GUID, NAMESPACE, Configuration, EntitySet, Row
from onec_emulator.table import Table

SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"
SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
    f' xmlns:d="{SERVICES}" xmlns:m="{SERVICES}/metadata"'
)
ENTRY = "application/atom+xml;type=entry;charset=utf-8"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
FEED_END = b"</feed>"
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class AtomForm:
    """Writes answers of one base as Atom."""

    def __init__(
        self, configuration: Configuration, tables: dict[str, Table], unavailable: Unavailable
    ) -> None:
        self._tables = tables
        self._unavailable = unavailable
        self._links = {
            name: configuration.navigations(schema)
            for name, schema in configuration.published.items()
        }

    def rows(self, answer: Rows, root: str, updated: str) -> bytes:
        count = "" if answer.count is None else f"<m:count>{answer.count}</m:count>"
        title = f'<title type="text">{answer.schema.name}</title>'
        if answer.shown is not None:
            entries = [self._partly(shown, root, updated) for shown in answer.shown]
        else:
            entries = [
                self.entry(answer.schema, key, row, root, updated)
                for key, row in zip(answer.keys, answer.rows, strict=True)
            ]
        head = f"{title}<updated>{updated}</updated>".encode()
        pieces = [DECLARATION.encode(), feed_head(root), head, *entries, count.encode(), FEED_END]
        return b"".join(pieces)

    def complex_rows(self, answer: Rows) -> bytes:
        """Rows without addresses, as a collection of values; how 1C writes them is inferred."""
        kind = f"{NAMESPACE}{answer.schema.name}"
        shown = answer.shown or [
            Shown(answer.schema, key, row)
            for key, row in zip(answer.keys, answer.rows, strict=True)
        ]
        elements = "".join(
            f'<d:element m:type="{kind}">{self._members(one)}</d:element>' for one in shown
        )
        name = answer.schema.name.rpartition("_")[2]
        head = f'<d:{name} {SPACES} m:type="Collection({kind})">'
        return f"{DECLARATION}{head}{elements}</d:{name}>".encode()

    def one(self, answer: One, root: str, updated: str) -> bytes:
        if answer.shown is not None:
            entry = self._partly(answer.shown, root, updated)
        else:
            entry = self.entry(answer.schema, answer.key, answer.row, root, updated)
        head = f'{DECLARATION}<entry {SPACES} xml:base="{escape(root)}/">'.encode()
        return head + entry.removeprefix(b"<entry>")

    def property(self, answer: Property) -> bytes:
        name = f"<d:{answer.field.name}"
        spaces = f'xmlns:d="{SERVICES}" xmlns:m="{SERVICES}/metadata"'
        value = self._unavailable.value(answer.value)
        text = _value(answer.field.name, value).replace(name, f"{name} {spaces}", 1)
        return (DECLARATION + text).encode()

    def names(self, answer: Names, root: str) -> bytes:
        collections = "".join(
            f'<collection href="{name}"><atom:title>{name}</atom:title></collection>'
            for name in answer.sets
        )
        spaces = 'xmlns="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom"'
        body = f"<workspace><atom:title>Default</atom:title>{collections}</workspace>"
        base = f'xml:base="{escape(root)}/"'
        return f"{DECLARATION}<service {spaces} {base}>{body}</service>".encode()

    def entry(
        self,
        schema: EntitySet,
        key: str,
        row: Row,
        root: str,
        updated: str,
    ) -> bytes:
        """One entry. Only its id and its moment depend on the asking, so the rest is kept."""
        head, tail = self._kept(schema, key, row)
        return b"".join((b"<entry><id>", root.encode(), head, updated.encode(), tail))

    def passing_entry(
        self, schema: EntitySet, key: str, row: Row, root: str, updated: str
    ) -> bytes:
        """The same of a row that may not be the present one; nothing of it is kept."""
        head, tail = self._whole(schema, key, row)
        return b"".join((b"<entry><id>", root.encode(), head, updated.encode(), tail))

    def _partly(self, shown: Shown, root: str, updated: str) -> bytes:
        schema, key = shown.schema, shown.key
        links = self._related(schema, key, shown.values) if shown.has_links else ""
        for inside in shown.inside:
            entry = b"" if inside.record is None else self._partly(inside.record, root, updated)
            href = escape(inside.link, {'"': "&quot;"})
            links += (
                f'<link rel="{SERVICES}/related/{inside.name}" href="{href}" type="{ENTRY}"'
                f' title="{inside.name}"><m:inline>{entry.decode()}</m:inline></link>'
            )
        head, tail = self._head(schema, key), self._tail(schema, key, shown.values, links)
        return b"".join((b"<entry><id>", root.encode(), head, updated.encode(), tail))

    def _kept(self, schema: EntitySet, key: str, row: Row) -> tuple[bytes, bytes]:
        table = self._tables.get(schema.name)
        if table is None or table.rows.get(key) is not row:
            return self._whole(schema, key, row)
        return table.rendered("atom", key, lambda: self._whole(schema, key, row))

    def _whole(self, schema: EntitySet, key: str, row: Row) -> tuple[bytes, bytes]:
        tail = self._tail(schema, key, row, self._related(schema, key, row))
        return self._head(schema, key), tail

    def _head(self, schema: EntitySet, key: str) -> bytes:
        return (
            f"/{_address(schema, key)}</id>"
            f'<category term="StandardODATA.{schema.name}" scheme="{SERVICES}/scheme"/>'
            '<title type="text"/><updated>'
        ).encode()

    def _tail(self, schema: EntitySet, key: str, values: Row, links: str) -> bytes:
        address, values = _address(schema, key), self._unavailable.shown(schema, values)
        properties = "".join(_property(schema, name, value) for name, value in values.items())
        refuse_unwritable(properties)
        return (
            f"</updated><author/><summary/>{links}"
            f'<link rel="edit" href="{address}" title="edit-link"/>'
            f'<content type="application/xml"><m:properties>{properties}</m:properties></content>'
            "</entry>"
        ).encode()

    def _members(self, shown: Shown) -> str:
        """Values of a record without an address, and the records that stand inside it."""
        values = self._unavailable.shown(shown.schema, shown.values)
        own = "".join(_property(shown.schema, name, value) for name, value in values.items())
        for one in shown.inside:
            record = "" if one.record is None else self._members(one.record)
            own += f"<d:{one.name}>{record}</d:{one.name}>"
        return own

    def _related(self, schema: EntitySet, key: str, row: Row) -> str:
        """Links of the references that lead to something; an empty one has none."""
        address = _address(schema, key)
        return "".join(
            f'<link rel="{SERVICES}/related/{navigation}" href="{address}/{navigation}"'
            f' type="{ENTRY}" title="{navigation}"/>'
            for navigation, _ in self._links.get(schema.name, ())
            if row[f"{navigation}_Key"] not in (EMPTY_GUID, None)
        )


def feed_head(root: str) -> bytes:
    """Where a feed begins; before the one of changes 1C writes no declaration of XML."""
    return f'<feed {SPACES} xml:base="{escape(root)}/">'.encode()


def tombstone(schema: EntitySet, key: str, root: str, when: str) -> bytes:
    """What stands in a feed for a record that is no more."""
    ref = f"{escape(root)}/{_address(schema, key)}"
    return f'<at:deleted-entry ref="{ref}" when="{when}"/>'.encode()


def refuse_unwritable(value: object) -> None:
    """Refuse what holds a text that XML cannot carry.

    Raises:
        ODataError: One such text spoils the whole feed, as it does in a live base.
    """
    if isinstance(value, str):
        if UNWRITABLE.search(value):
            raise errors.unwritable_in_xml()
    elif isinstance(value, dict):
        for each in value.values():
            refuse_unwritable(each)
    elif isinstance(value, list):
        for each in value:
            refuse_unwritable(each)


def _address(schema: EntitySet, key: str) -> str:
    return escape(f"{schema.name}({schema.predicate(key)})", {'"': "&quot;"})


def _property(schema: EntitySet, name: str, value: object) -> str:
    if name in schema.parts and isinstance(value, list):
        return _part(schema, name, value)
    return _value(name, value)


def _value(name: str, value: object) -> str:
    if isinstance(value, dict):
        return _complex(name, "TypeDescription", value)
    return _scalar(name, value)


def _complex(name: str, kind: str, value: Row) -> str:
    inner = "".join(_member(name, item) for name, item in value.items())
    return f'<d:{name} m:type="{NAMESPACE}{kind}">{inner}</d:{name}>'


def _member(name: str, value: object) -> str:
    if isinstance(value, dict):
        return _complex(name, name, value)
    if isinstance(value, list):
        elements = "".join(_scalar("element", item) for item in value)
        return f'<d:{name} m:type="Collection(Edm.String)">{elements}</d:{name}>'
    return _scalar(name, value)


def _scalar(name: str, value: object) -> str:
    if value is None:
        return f'<d:{name} m:null="true"/>'
    if value == "" and isinstance(value, str):
        return f"<d:{name}/>"
    if isinstance(value, bool):
        return f"<d:{name}>{'true' if value else 'false'}</d:{name}>"
    if isinstance(value, float):
        return f"<d:{name}>{_number(value)}</d:{name}>"
    return f"<d:{name}>{escape(str(value))}</d:{name}>"


def _number(value: float) -> str:
    """All digits and no zeroes behind the point, as recorded: 1200, 0.01."""
    return f"{value:.0f}" if value.is_integer() else f"{Decimal(str(value)):f}"


def _part(schema: EntitySet, name: str, lines: Sequence[Row]) -> str:
    kind = f"StandardODATA.{schema.row_type(name)}"
    elements = "".join(_line(kind, line) for line in lines)
    return f'<d:{name} m:type="Collection({kind})">{elements}</d:{name}>'


def _line(kind: str, line: Row) -> str:
    columns = "".join(_scalar(name, value) for name, value in line.items())
    return f'<d:element m:type="{kind}">{columns}</d:element>'
