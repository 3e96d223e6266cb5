"""Where the references of a record lead: a `…_Key` to its set, a composite to what it names."""

from collections.abc import Mapping
from dataclasses import dataclass

from onec_emulator.schemas import NAMESPACE, Field, Row
from onec_emulator.table import Table

Tables = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Reference:
    """A property that may lead to another record.

    Attributes:
        target: Name of the set that it always leads to, None if the row names it (composite).
    """

    name: str
    target: str | None

    @property
    def shown_as(self) -> str:
        """Under which name a record that it leads to stands inside another one."""
        return self.name if self.target is not None else f"{self.name}_Expanded"

    def found(self, tables: Tables, row: Row) -> tuple[Table, str] | None:
        """Table and key of the record that it leads to; None for an empty or broken one."""
        if self.target is not None:
            name, key = self.target, row[f"{self.name}_Key"]
        else:
            name = (row[f"{self.name}_Type"] or "").removeprefix(NAMESPACE)
            key = row[self.name]
        table = tables.get(name)
        return (table, key) if table is not None and key in table.rows else None


def reference(tables: Tables, fields: Mapping[str, Field], name: str) -> Reference | None:
    """The reference called `name`; None if there is none or its set is not published."""
    if f"{name}_Type" in fields and fields[f"{name}_Type"].names_type:
        return Reference(name, None)
    key = fields.get(f"{name}_Key")
    if key is None or key.target not in tables:
        return None
    return Reference(name, key.target)


def references(tables: Tables, fields: Mapping[str, Field]) -> list[Reference]:
    """All references that lead to one published set each, in the order of the fields."""
    names = (field.navigation for field in fields.values() if field.target in tables)
    return [found for name in names if (found := reference(tables, fields, name))]
