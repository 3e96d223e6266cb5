"""A configuration declared from the `$metadata` of a real base.

What an EDMX does not say stays out: enumerations, lengths that an older platform leaves unsaid,
what the configuration does at a write, and what is predefined.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias
from xml.etree import ElementTree

from onec_emulator.schemas import RECORDS
from onec_emulator.schemas.accounts import ACCOUNT, ANALYTICS
from onec_emulator.schemas.register import ACCOUNTING
from onec_emulator.schemas.virtual import PERIODS

EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"
NAMESPACE = "StandardODATA."
PLAN = "ExchangePlan_"
INDEXED = ("Code", "Number", "Description", "ИНН", "Owner", "Owner_Key")
NO_DIMENSIONS = frozenset(("Period", "Recorder", "Recorder_Type", "LineNumber"))
NODE = {"Code": "B24", "Description": "Битрикс24"}

Facts: TypeAlias = dict[str, Any]  # Any: JSON of a declaration
Element: TypeAlias = ElementTree.Element


class NoMetadata(ValueError):
    """A document was given that is no `$metadata` of 1C; the message says what it lacks."""


def declaration(document: bytes, name: str, plan: str = "") -> Facts:
    """What `schemas.files.load` reads from a file, made of an EDMX.

    Args:
        name: What the configuration shall be called, and published as.
        plan: The exchange plan that shall register changes, `""` for the first one.

    Raises:
        NoMetadata: The document is no EDMX with sets, or has no such plan.
    """
    try:
        schema = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise NoMetadata(f"This is no XML: {error}. Save the answer of …/$metadata.") from error
    reading = _Reading(schema)
    if not reading.sets:
        raise NoMetadata("This XML declares no EntitySet. Save the answer of …/$metadata.")
    plans = [entity for entity in reading.sets if entity.startswith(PLAN)]
    chosen = PLAN + plan if plan else next(iter(plans), "")
    if plan and chosen not in plans:
        known = ", ".join(one.removeprefix(PLAN) for one in plans) or "none"
        raise NoMetadata(f"There is no exchange plan {plan!r}. Plans are: {known}.")
    facts: Facts = {"configuration": name}
    if chosen:
        facts["plan"] = {"name": chosen.removeprefix(PLAN), "node": NODE}
    facts["sets"] = {entity: reading.entry(entity) for entity in reading.sets}
    return facts


class _Reading:
    """The types of one EDMX by name.

    Attributes:
        sets: Names of the sets that have records of their own, in the document's order.
    """

    def __init__(self, schema: Element) -> None:
        self._types = _by_name(schema, "EntityType")
        self._rows = _by_name(schema, "ComplexType")
        self._targets = {
            one.get("Name", ""): ends[-1].get("Type", "").removeprefix(NAMESPACE)
            for one in schema.iter(f"{EDM}Association")
            if (ends := one.findall(f"{EDM}End"))
        }
        declared = [one.get("Name", "") for one in schema.iter(f"{EDM}EntitySet")]
        inner = {
            self._row_set(owner, part)
            for owner, kind in self._types.items()
            for part in _collections(kind)
        }
        self.sets = [name for name in declared if name not in inner and name in self._types]

    def entry(self, name: str) -> Facts:
        """The declaration of one set."""
        kind = self._types[name]
        parts = _collections(kind)
        if RECORDS in parts:
            return self._recorded(name, parts[RECORDS])
        entry: Facts = {"key": _key(kind), "fields": _fields(kind)}
        entry["refs"] = _lengths(kind) | self._references(name)
        entry["tabular"] = {
            part: {
                column: edm
                for column, edm in _fields(self._rows[row_type]).items()
                if column != "Ref_Key"
            }
            for part, row_type in parts.items()
            if row_type in self._rows
        }
        entry["tabular_refs"] = {
            part: _lengths(self._rows[parts[part]]) | self._references(self._row_set(name, part))
            for part in entry["tabular"]
        }
        entry["indexes"] = [field for field in INDEXED if field in entry["fields"]]
        if name.startswith("Catalog_") and "Code" in entry["fields"]:
            entry["code_prefix"] = ""
        return entry

    def _recorded(self, name: str, row_type: str) -> Facts:
        kind, record = self._types[name], self._types.get(self._row_set(name, RECORDS))
        fields = _fields(self._rows[row_type])
        references = self._references(self._row_set(name, RECORDS)) | self._references(name)
        register = self._totals(name)
        if register is None:
            key = _key(record) if record is not None else []
            register = {
                "dimensions": [one for one in _untyped(key) if one not in NO_DIMENSIONS],
                "resources": [],
                "periodicity": "Second" if "Period" in key else "",
            }
        return {"key": _key(kind), "fields": fields, "refs": references, "register": register}

    def _totals(self, name: str) -> Facts | None:
        """Dimensions and resources of a register with totals, from the rows of these."""
        if name.startswith("AccountingRegister_"):
            return self._accounts(name)
        for kind, suffix in (("Balance", "Balance"), ("Turnovers", "Turnover")):
            row = self._rows.get(f"{name}_{suffix}")
            if row is not None:
                columns = _fields(row)
                totals = [
                    one for one, edm in columns.items() if one.endswith(suffix) and "Double" in edm
                ]
                dimensions = _untyped(
                    [one for one in columns if one not in totals and one not in PERIODS]
                )
                resources = [one.removesuffix(suffix) for one in totals]
                return {"dimensions": dimensions, "resources": resources, "kind": kind}
        return None

    def _accounts(self, name: str) -> Facts | None:
        """What a register of accounts has beside the accounts and their analytics."""
        row = self._rows.get(f"{name}_Balance")
        if row is None:
            return None
        columns = _fields(row)
        totals = [one for one in columns if one.endswith(("Balance", "BalanceDr", "BalanceCr"))]
        own = {ACCOUNT, *ANALYTICS, *totals}
        resources = [one.removesuffix("Balance") for one in totals if one.endswith("Balance")]
        dimensions = [one for one in _untyped(list(columns)) if one not in own]
        return {"dimensions": dimensions, "resources": resources, "kind": ACCOUNTING}

    def _references(self, name: str) -> Facts:
        kind = self._types.get(name)
        if kind is None:
            return {}
        links = {
            one.get("Name", ""): one.get("Relationship", "").removeprefix(NAMESPACE)
            for one in kind.iter(f"{EDM}NavigationProperty")
        }
        return {
            f"{link}_Key": self._targets[relation]
            for link, relation in links.items()
            if relation in self._targets
        }

    def _row_set(self, owner: str, part: str) -> str:
        return f"{owner}_{'RecordType' if part == RECORDS else part}"


def _by_name(schema: Element, tag: str) -> Mapping[str, Element]:
    return {one.get("Name", ""): one for one in schema.iter(EDM + tag)}


def _properties(kind: Element) -> Mapping[str, Element]:
    return {one.get("Name", ""): one for one in kind.iter(f"{EDM}Property")}


def _fields(kind: Element) -> dict[str, str]:
    types = {name: one.get("Type", "Edm.String") for name, one in _properties(kind).items()}
    return {name: edm for name, edm in types.items() if not edm.startswith("Collection(")}


def _collections(kind: Element) -> dict[str, str]:
    """Row types of the table parts, by the name of the part."""
    types = {name: one.get("Type", "") for name, one in _properties(kind).items()}
    start = f"Collection({NAMESPACE}"
    return {
        name: edm.removeprefix(start).removesuffix(")")
        for name, edm in types.items()
        if edm.startswith(start)
    }


def _lengths(kind: Element) -> Facts:
    return {
        name: f"string({one.get('MaxLength')})"
        for name, one in _properties(kind).items()
        if (one.get("MaxLength") or "").isdecimal()
    }


def _key(kind: Element) -> list[str]:
    return [one.get("Name", "") for one in kind.iter(f"{EDM}PropertyRef")]


def _untyped(names: list[str]) -> list[str]:
    """Names without the types that stand beside composites."""
    return [name for name in names if name.removesuffix("_Type") == name]
