"""What operations work with: the books, compiled filters, and the ways to write answers."""

from functools import lru_cache

from onec_emulator.books import Books
from onec_emulator.odata import errors
from onec_emulator.odata.atom_form import AtomForm
from onec_emulator.odata.filter import Filters
from onec_emulator.odata.json_form import JsonForm
from onec_emulator.rules.before_write import local_time
from onec_emulator.schemas import EntitySet, Field
from onec_emulator.table import Table


class Service:
    """The OData interface over one base's books."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.filters = Filters(books.tables)
        self.json = JsonForm(books.configuration, books.tables)
        self.atom = AtomForm(books.configuration, books.tables)

    def now(self) -> str:
        return local_time(self.books.clock.now_s())

    def require(self, name: str) -> None:
        """Refuse a set that there is not.

        Raises:
            ODataError: There is no such set. Names are case-sensitive.
        """
        if name not in self.books.tables and not self._owner(name):
            raise errors.set_unknown(name)

    def written_table(self, name: str) -> Table:
        """The table of a set that can be written.

        Raises:
            ODataError: There is no such set, or it is a table part's own set.
        """
        if name in self.books.tables:
            return self.books.tables[name]
        if self._owner(name):
            raise errors.not_emulated(f"запись в {name}: пишите табличную часть владельца")
        raise errors.set_unknown(name)

    def table(self, name: str) -> Table:
        """The table of any set; a table part's is made from its owners for this reading.

        Raises:
            ODataError: There is no such set. Names are case-sensitive.
        """
        if name in self.books.tables:
            return self.books.tables[name]
        if found := self._owner(name):
            return _part_table(*found)
        raise errors.set_unknown(name)

    def _owner(self, name: str) -> tuple[Table, str] | None:
        for table in self.books.tables.values():
            part = name.removeprefix(table.schema.name + "_")
            if part != name and part in table.schema.parts:
                return table, part
        return None


@lru_cache(maxsize=256)
def _part_schema(owner: EntitySet, part: str) -> EntitySet:
    fields = {"Ref_Key": Field("Ref_Key", "Edm.Guid"), **owner.parts[part]}
    return EntitySet(f"{owner.name}_{part}", ("Ref_Key", "LineNumber"), fields, {})


def _part_table(owner: Table, part: str) -> Table:
    table = Table(_part_schema(owner.schema, part))
    for key in owner.order:
        for line in owner.rows[key][part]:
            row = {"Ref_Key": key, **line}
            table.put(table.schema.key_of(row), row)
    return table
