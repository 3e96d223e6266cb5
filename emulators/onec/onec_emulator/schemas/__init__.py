"""The sets of a configuration as declared data: fields, types, lengths, table parts, keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import orjson

Row = dict[str, Any]  # Any: a JSON value; a stored row is never changed in place

EMPTY_GUID = "00000000-0000-0000-0000-000000000000"
EMPTY_DATE = "0001-01-01T00:00:00"
FIRST_VERSION = "AAAAAAAAAAA="
BUILT = ("unf",)

EMPTY: Mapping[str, object] = {
    "Edm.Guid": EMPTY_GUID,
    "Edm.DateTime": EMPTY_DATE,
    "Edm.Boolean": False,
    "Edm.Int16": 0,
    "Edm.Int32": 0,
    "Edm.Int64": "0",
    "Edm.Double": 0,
    "Edm.String": "",
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
    """

    name: str
    edm: str
    length: int | None = None
    choices: frozenset[str] | None = None
    target: str | None = None

    @property
    def navigation(self) -> str:
        return self.name.removesuffix("_Key")


@dataclass(frozen=True, eq=False)
class EntitySet:
    """One published set.

    Attributes:
        key: Names of the key fields; `("Ref_Key",)` for all that have references.
        parts: Table parts and the fields of their rows.
        indexes: Fields whose equality is looked up, not searched.
        code_prefix: Start of the codes that the base gives, None if people type them.
    """

    name: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    parts: Mapping[str, Mapping[str, Field]]
    indexes: tuple[str, ...] = ()
    code_prefix: str | None = None

    @cached_property
    def blank(self) -> Row:
        """A row with every property at its type's empty value."""
        row: Row = {name: EMPTY[field.edm] for name, field in self.fields.items()}
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
        plan: Set name of the exchange plan, `ExchangePlan_…`.
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


class NotBuilt(ValueError):
    """A configuration or mode was asked for that this emulator does not have."""


@lru_cache(maxsize=8)
def load(configuration: str) -> Configuration:
    """Return a configuration's declaration; the same object each time.

    Raises:
        NotBuilt: There is no such declaration; the message names those there are.
    """
    if configuration not in BUILT:
        raise NotBuilt(
            f"Configuration {configuration!r} is not built. Use one of: {', '.join(BUILT)}."
        )
    text = resources.files(__name__).joinpath(f"{configuration}.json").read_bytes()
    facts = orjson.loads(text)
    sets = {name: _entity_set(name, entry, facts["enums"]) for name, entry in facts["sets"].items()}
    plan = _plan_set("ExchangePlan_" + facts["plan"]["name"])
    predefined = {name: tuple(rows) for name, rows in facts["predefined"].items()}
    node = facts["plan"]["node"]
    return Configuration(configuration, sets | {plan.name: plan}, predefined, plan.name, node)


def _entity_set(name: str, entry: Row, enums: Mapping[str, list[str]]) -> EntitySet:
    # A parent is always of the same set, so the facts do not say it.
    refs, part_refs = {"Parent_Key": name, **entry["refs"]}, entry["tabular_refs"]
    return EntitySet(
        name=name,
        key=tuple(entry["key"]),
        fields=_fields(entry["fields"], refs, enums),
        parts={
            part: _fields(columns, part_refs.get(part, {}), enums)
            for part, columns in entry["tabular"].items()
        },
        indexes=tuple(entry["indexes"]),
        code_prefix=entry.get("code_prefix"),
    )


def _fields(
    types: Mapping[str, str], refs: Mapping[str, object], enums: Mapping[str, list[str]]
) -> dict[str, Field]:
    return {name: _field(name, edm, refs.get(name), enums) for name, edm in types.items()}


def _field(name: str, edm: str, ref: object, enums: Mapping[str, list[str]]) -> Field:
    if not isinstance(ref, str):
        return Field(name, edm)
    if limit := re.fullmatch(r"string\((\d+)\)", ref):
        return Field(name, edm, length=int(limit[1]))
    if choices := enums.get(ref.removeprefix("Enum_")):
        return Field(name, edm, choices=frozenset(choices))
    return Field(name, edm, target=ref if name.endswith("_Key") else None)


def _plan_set(name: str) -> EntitySet:
    types = {
        "Ref_Key": "Edm.Guid",
        "DataVersion": "Edm.String",
        "DeletionMark": "Edm.Boolean",
        "Code": "Edm.String",
        "Description": "Edm.String",
        "SentNo": "Edm.Int64",
        "ReceivedNo": "Edm.Int64",
        "ExchangeDate": "Edm.DateTime",
        "ThisNode": "Edm.Boolean",
    }
    lengths = {"Code": "string(20)", "Description": "string(100)"}
    return EntitySet(name, ("Ref_Key",), _fields(types, lengths, {}), {}, indexes=("Code",))
