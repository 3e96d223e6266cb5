"""What operations work with: the books, compiled filters, and the ways to write answers."""

from collections.abc import Iterable
from functools import lru_cache

from onec_emulator.books import Books
from onec_emulator.odata import errors
from onec_emulator.odata.atom_form import AtomForm
from onec_emulator.odata.filter import Filters
from onec_emulator.odata.json_form import JsonForm
from onec_emulator.odata.unavailable import Unavailable
from onec_emulator.rules.before_write import local_time
from onec_emulator.schemas import RECORDS, EntitySet, Field
from onec_emulator.table import Table


class Service:
    """The OData interface over one base's books.

    Attributes:
        tables: Those of the published sets.
    """

    def __init__(self, books: Books) -> None:
        self.books = books
        self.tables = {name: books.tables[name] for name in books.configuration.published}
        self.filters = Filters(self.tables)
        self.unavailable = Unavailable(books)
        self.json = JsonForm(books.configuration, self.tables, self.unavailable)
        self.atom = AtomForm(books.configuration, self.tables, self.unavailable)
        self._lines: dict[str, _Lines] = {}
        self._owners = {
            table.schema.part_set(part): (table, part)
            for table in self.tables.values()
            for part in table.schema.parts
        }

    def now(self) -> str:
        return local_time(self.books.clock.now_s())

    def require(self, name: str) -> None:
        """Refuse a set that there is not.

        Raises:
            ODataError: There is no such set. Names are case-sensitive.
        """
        if name not in self.tables and name not in self._owners:
            raise errors.set_unknown(name)

    def written_table(self, name: str) -> Table:
        """The table of a set that can be written.

        Raises:
            ODataError: There is no such set, or its rows are written with those they belong to.
        """
        if name in self.tables:
            return self.tables[name]
        self.require(name)
        if self._owners[name][0].schema.is_recorded:
            raise errors.method_not_allowed("записи")
        raise errors.rows_written_with_owner()

    def table(self, name: str) -> Table:
        """The table of any set; a table part's follows its owners from its first reading on.

        Raises:
            ODataError: There is no such set. Names are case-sensitive.
        """
        if name in self.tables:
            return self.tables[name]
        self.require(name)
        if name not in self._lines:
            self._lines[name] = _Lines(*self._owners[name])
        return self._lines[name].table()

    def owner_name(self, name: str) -> str:
        """Name of the set itself, for that of its table part or records too."""
        return self._owners[name][0].schema.name if name in self._owners else name

    def register(self, name: str) -> Table:
        """The table of a register, by its own name or that of its records.

        Raises:
            ODataError: There is no such set.
        """
        if name in self._owners and self._owners[name][0].schema.is_recorded:
            return self._owners[name][0]
        return self.table(name)

    def records(self, register: Table) -> Table:
        """The single records of a register, whether recorders hold them or not."""
        if not register.schema.is_recorded:
            return register
        return self.table(register.schema.part_set(RECORDS))


class _Lines:
    """The rows of a table part as a table, kept in step with its owners."""

    def __init__(self, owner: Table, part: str) -> None:
        self._owner, self._part = owner, part
        self._table = Table(_part_schema(owner.schema, part))
        self._of: dict[str, list[str]] = {}
        self._stale = set(owner.rows)
        owner.watchers.append(self._stale)

    def table(self) -> Table:
        for key in self._stale:
            for line in self._of.pop(key, ()):
                self._table.drop(line)
            if key in self._owner.rows:
                self._of[key] = list(_put_lines(self._table, self._owner, self._part, key))
        self._stale.clear()
        return self._table


@lru_cache(maxsize=256)
def _part_schema(owner: EntitySet, part: str) -> EntitySet:
    fields = dict(owner.parts[part])
    if not owner.is_recorded:
        fields = {"Ref_Key": Field("Ref_Key", "Edm.Guid"), **fields}
    return EntitySet(owner.part_set(part), owner.part_key, fields, {}, register=owner.register)


def part_table(owner: Table, part: str, keys: Iterable[str]) -> Table:
    """The rows of a table part as a table, of the owners under `keys`."""
    table = Table(_part_schema(owner.schema, part))
    for key in keys:
        _put_lines(table, owner, part, key)
    return table


def _put_lines(table: Table, owner: Table, part: str, key: str) -> Iterable[str]:
    """Put the lines of one owner into a table and return their keys."""
    outer = {} if owner.schema.is_recorded else {"Ref_Key": key}
    lines = [outer | line for line in owner.rows[key][part]]
    found = {table.schema.key_of(line): line for line in lines}
    for each, line in found.items():
        table.put(each, line)
    return found
