"""The sets of a configuration as declared data: fields, types, lengths, table parts, keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Row = dict[str, Any]  # Any: a JSON value; a stored row is never changed in place

EMPTY_GUID = "00000000-0000-0000-0000-000000000000"
EMPTY_DATE = "0001-01-01T00:00:00"
FIRST_VERSION = "AAAAAAAAAAA="
NAMESPACE = "StandardODATA."
UNDEFINED = NAMESPACE + "Undefined"
"""What the type of a composite property says while it holds nothing."""
TYPE_DESCRIPTION = NAMESPACE + "TypeDescription"
NO_TYPES: Row = {
    "Types": [],
    "NumberQualifiers": {"AllowedSign": "Any", "Digits": 0, "FractionDigits": 0},
    "StringQualifiers": {"AllowedLength": "Variable", "Length": "0"},
    "DateQualifiers": {"DateFractions": "DateTime"},
    "BinaryDataQualifiers": {"AllowedLength": "Variable", "Length": "0"},
}
"""A description of no types at all, with the qualifiers that 1C shows beside it."""

EMPTY: Mapping[str, object] = {
    "Edm.Guid": EMPTY_GUID,
    "Edm.DateTime": EMPTY_DATE,
    "Edm.Boolean": False,
    "Edm.Int16": 0,
    "Edm.Int32": 0,
    "Edm.Int64": "0",
    "Edm.Double": 0,
    "Edm.String": "",
    TYPE_DESCRIPTION: NO_TYPES,
}
STANDARD = frozenset(
    (
        *("Ref_Key", "DataVersion", "DeletionMark", "Predefined", "PredefinedDataName"),
        *("Description", "Code", "Parent_Key", "IsFolder", "Owner", "Owner_Type", "Owner_Key"),
    )
)
"""What a folder has too; all else belongs to items."""


@dataclass(frozen=True, slots=True)
class Field:
    """One property as it stands on the wire.

    Attributes:
        length: Longest text in characters, None without a limit.
        choices: Values of an enumeration, None for other types.
        target: Name of the set that a `…_Key` refers to, None for values.
        names_type: Whether this is the `…_Type` beside a composite property.
    """

    name: str
    edm: str
    length: int | None = None
    choices: frozenset[str] | None = None
    target: str | None = None
    names_type: bool = False

    @property
    def navigation(self) -> str:
        return self.name.removesuffix("_Key")

    @property
    def empty(self) -> object:
        """What the property holds as long as nobody writes it."""
        return UNDEFINED if self.names_type else EMPTY[self.edm]


@dataclass(frozen=True, eq=False)
class EntitySet:
    """One published set.

    Attributes:
        key: Names of the key fields; `("Ref_Key",)` for all that have references.
        parts: Table parts and the fields of their rows.
        indexes: Fields whose equality is looked up, not searched.
        code_prefix: Start of the codes that the base gives, None if people type them.
        rules: What the configuration does at a write: names of `rules.before_write.RULES`.
        marks_with_it: Sets whose records are marked for deletion together with one of this set,
            and the field by which they belong to it.
    """

    name: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    parts: Mapping[str, Mapping[str, Field]]
    indexes: tuple[str, ...] = ()
    code_prefix: str | None = None
    rules: tuple[str, ...] = ()
    marks_with_it: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def blank(self) -> Row:
        """A row with every property at its type's empty value."""
        row: Row = {name: field.empty for name, field in self.fields.items()}
        row.update({name: [] for name in self.parts})
        if "DataVersion" in row:
            row["DataVersion"] = FIRST_VERSION
        return row

    @cached_property
    def item_only(self) -> tuple[str, ...]:
        """Properties that a folder lacks; empty if the set has no folders."""
        if "IsFolder" not in self.fields:
            return ()
        return tuple(name for name in self.fields if name not in STANDARD)

    @property
    def virtual_tables(self) -> tuple[str, ...]:
        """Functions that the set is read through: a periodic register has slices."""
        is_periodic = self.name.startswith("InformationRegister_") and "Period" in self.key
        return ("SliceLast", "SliceFirst") if is_periodic else ()

    @property
    def has_reference(self) -> bool:
        return self.key == ("Ref_Key",)

    def key_of(self, row: Row) -> str:
        """The record's key: its guid, or the key predicate's text for a register."""
        if self.has_reference:
            guid: str = row["Ref_Key"]
            return guid
        return ",".join(f"{name}={self._literal(name, row[name])}" for name in self.key)

    def predicate(self, key: str) -> str:
        """What stands in the brackets of the record's address."""
        return f"guid'{key}'" if self.has_reference else key

    def _literal(self, name: str, value: object) -> str:
        quoted = {"Edm.Guid": "guid'{}'", "Edm.DateTime": "datetime'{}'", "Edm.String": "'{}'"}
        return quoted.get(self.fields[name].edm, "{}").format(value)


@dataclass(frozen=True, eq=False)
class Configuration:
    """A configuration: its sets in the order of their publication, and what is predefined.

    Attributes:
        plan: Set name of the exchange plan, `ExchangePlan_…`; `""` where there is none.
        node: Code and Description of the node that exists from the start.
    """

    name: str
    sets: Mapping[str, EntitySet]
    predefined: Mapping[str, tuple[Row, ...]]
    plan: str
    node: Row

    @cached_property
    def registered_sets(self) -> tuple[str, ...]:
        """Sets whose writes are registered in the plan by the platform itself."""
        return tuple(name for name in self.sets if name != self.plan)

    def navigations(self, entity: EntitySet) -> tuple[tuple[str, str], ...]:
        """Pairs (navigation, target set) of the references whose target is published."""
        return tuple(
            (field.navigation, field.target)
            for field in entity.fields.values()
            if field.target is not None and field.target in self.sets
        )
