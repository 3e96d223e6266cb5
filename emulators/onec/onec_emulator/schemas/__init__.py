"""The sets of a configuration as declared data: fields, types, lengths, table parts, keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from onec_emulator.schemas.behaviour import Behaviour
from onec_emulator.schemas.register import VIRTUAL_TABLES, Register

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
    "Edm.Binary": "",
    TYPE_DESCRIPTION: NO_TYPES,
}
STREAM = "Edm.Stream"
"""A picture's bytes: at an address of their own; a row holds them as base64 beside it."""
SURROGATE = "SurrogateKey"
"""Key of what has one record only: a constant, a register without dimensions."""
RECORDS = "RecordSet"
"""The table part of a register subordinate to recorders: the records of one recorder."""
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
        places: Decimal places that a number is kept with, None if nobody said.
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
    places: int | None = None

    @property
    def navigation(self) -> str:
        return self.name.removesuffix("_Key")

    @property
    def empty(self) -> object:
        """What the property holds as long as nobody writes it."""
        return UNDEFINED if self.names_type else EMPTY[self.edm]


NO_BEHAVIOUR = Behaviour()


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
        register: Dimensions and resources of a register; None for all else.
        behaviour: What else is done when its records are written.
        is_complex: Whether these are rows of a complex type, which have no address.
    """

    name: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    parts: Mapping[str, Mapping[str, Field]]
    indexes: tuple[str, ...] = ()
    code_prefix: str | None = None
    rules: tuple[str, ...] = ()
    marks_with_it: Mapping[str, str] = field(default_factory=dict)
    register: Register | None = None
    behaviour: Behaviour = NO_BEHAVIOUR
    is_complex: bool = False

    @cached_property
    def blank(self) -> Row:
        """A row with every property at its type's empty value."""
        row: Row = {name: field.empty for name, field in self.fields.items() if field.edm != STREAM}
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
        """Functions that the set is read through: slices, balances, turnovers."""
        if self.register is None:
            return ()
        if self.register.periodicity:
            return ("SliceLast", "SliceFirst")
        return VIRTUAL_TABLES[self.register.kind]

    @property
    def is_recorded(self) -> bool:
        """Whether its records come by recorders, as sets: `(Recorder, Recorder_Type)`."""
        return RECORDS in self.parts

    def part_set(self, part: str) -> str:
        """Name of the set in which the rows of a table part can be read by themselves."""
        return f"{self.name}_{'RecordType' if part == RECORDS else part}"

    @property
    def part_key(self) -> tuple[str, ...]:
        """Key of the set that a table part's rows make, or the records of a register."""
        if not self.is_recorded:
            return ("Ref_Key", "LineNumber")
        if self.register is not None and self.register.periodicity:
            return ("Period", "Recorder", "Recorder_Type", *self.register.dimensions)
        return ("Recorder", "LineNumber", "Recorder_Type")

    def row_type(self, part: str) -> str:
        """Name of the complex type of a table part's rows."""
        return f"{self.name}_RowType" if part == RECORDS else f"{self.name}_{part}_RowType"

    @property
    def is_constant(self) -> bool:
        return self.name.startswith("Constant_")

    def referring(self, name: str, guid: str, target: str) -> Row:
        """What a record holds to refer to another one: `name` is composite here, or of one type."""
        if f"{name}_Key" in self.fields:
            return {f"{name}_Key": guid}
        return {name: guid, f"{name}_Type": NAMESPACE + target}

    @property
    def is_document(self) -> bool:
        return self.name.startswith("Document_") and self.has_reference

    @property
    def has_reference(self) -> bool:
        return self.key == ("Ref_Key",)

    def key_of(self, row: Row) -> str:
        """The record's key: its guid, or the key predicate's text for a register."""
        if self.has_reference:
            guid: str = row["Ref_Key"]
            return guid
        return ",".join(f"{name}={self._literal(name, row[name])}" for name in self.key)

    def recorder_of(self, key: str) -> Row:
        """The recorder that a key of a set of records names."""
        return dict(re.findall(r"(Recorder|Recorder_Type)='([^']*)'", key))

    def predicate(self, key: str) -> str:
        """What stands in the brackets of the record's address."""
        if self.has_reference:
            return f"guid'{key}'"
        # Recorded answers show a blank before the recorder's type.
        return key.replace(",Recorder_Type=", ", Recorder_Type=") if self.is_recorded else key

    def _literal(self, name: str, value: object) -> str:
        quoted = {"Edm.Guid": "guid'{}'", "Edm.DateTime": "datetime'{}'", "Edm.String": "'{}'"}
        return quoted.get(self.fields[name].edm, "{}").format(value)


@dataclass(frozen=True, eq=False)
class Configuration:
    """A configuration: its sets in the order of their publication, and what is predefined.

    Attributes:
        plan: Set name of the exchange plan, `ExchangePlan_…`; `""` where there is none.
        node: Code and Description of the node that exists from the start.
        unpublished: Sets that are no part of the OData composition: people write them, and the
            plan registers them, but nobody reads them from outside.
    """

    name: str
    sets: Mapping[str, EntitySet]
    predefined: Mapping[str, tuple[Row, ...]]
    plan: str
    node: Row
    unpublished: frozenset[str] = frozenset()

    @cached_property
    def published(self) -> Mapping[str, EntitySet]:
        return {name: one for name, one in self.sets.items() if name not in self.unpublished}

    @cached_property
    def registered_sets(self) -> tuple[str, ...]:
        """Sets whose writes are registered in the plan by the platform itself."""
        return tuple(name for name in self.sets if name != self.plan)

    def navigations(self, entity: EntitySet) -> tuple[tuple[str, str], ...]:
        """Pairs (navigation, target set) of the references whose target is published."""
        return self.links(entity.fields)

    def links(self, fields: Mapping[str, Field]) -> tuple[tuple[str, str], ...]:
        """The same of any fields: those of a table part's rows, of a register's records."""
        return tuple(
            (field.navigation, field.target)
            for field in fields.values()
            if field.target is not None and field.target in self.published
        )
