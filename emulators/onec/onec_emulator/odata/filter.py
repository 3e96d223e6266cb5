"""Compiled `$filter`s: a predicate over stored rows, and what an index can find first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from onec_emulator.odata import errors
from onec_emulator.odata.expressions import (
    TRUE,
    Both,
    Call,
    Compared,
    Either,
    Expression,
    Literal,
    Negated,
    Path,
    Quantified,
    Truth,
    parse,
)
from onec_emulator.odata.terms import KINDS, Term, Terms, Value
from onec_emulator.schemas import EntitySet, Field, Row
from onec_emulator.table import Table

Predicate = Callable[[Row], bool]
Probe = tuple[str, object]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {  # Any: values of one kind
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}
MIRRORED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
ORDERED_KINDS = frozenset(("moment", "text", "number"))


@dataclass(frozen=True, slots=True)
class Filter:
    """One compiled filter.

    Attributes:
        holds: Whether a row passes.
        probes: Equalities of indexed fields of which at least one holds for every row that
            passes; None if the rows must be searched.
    """

    holds: Predicate
    probes: tuple[Probe, ...] | None

    def found(self, table: Table, walked: Iterable[str] | None = None) -> Iterator[str]:
        """Keys of the passing rows, in the table's order; looked for while they are taken.

        Args:
            walked: All keys in another order, for a filter without probes.
        """
        rows, holds = table.rows, self.holds
        near: Iterable[str] = table.order if walked is None else walked
        if self.probes is not None:
            near = sorted({key for probe in self.probes for key in table.having(*probe)})
        return (key for key in near if holds(rows[key]))

    def keys(self, table: Table) -> list[str]:
        return list(self.found(table))


class Filters:
    """Compiles filters over the sets of one base and keeps the last ones."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.compiled = lru_cache(maxsize=1024)(self._compile)

    def _compile(self, schema: EntitySet, text: str) -> Filter:
        compiler = _Compiler(schema, self.tables)
        return compiler.filter(parse(text))


class _Compiler:
    def __init__(
        self,
        schema: EntitySet,
        tables: Mapping[str, Table],
        fields: Mapping[str, Field] | None = None,
        variable: str = "",
    ) -> None:
        self._terms = Terms(schema, tables, schema.fields if fields is None else fields, variable)

    def filter(self, node: Expression) -> Filter:
        match node:
            case Compared():
                return self._compared(node)
            case Either(terms):
                return self._either(terms)
            case Both(terms):
                return _both([self.filter(term) for term in terms])
            case Negated(term):
                return _negated(self.filter(term).holds)
            case Truth(operand):
                return self._compared(Compared(operand, "eq", TRUE))
            case Quantified():
                return self._quantified(node)

    def _either(self, terms: tuple[Expression, ...]) -> Filter:
        if members := self._membership(terms):
            return members
        found = [self.filter(term) for term in terms]
        tests = [one.holds for one in found]
        probes: list[Probe] | None = []
        for one in found:
            probes = None if probes is None or one.probes is None else [*probes, *one.probes]
        return Filter(
            lambda row: any(test(row) for test in tests), tuple(probes) if probes else None
        )

    def _membership(self, terms: tuple[Expression, ...]) -> Filter | None:
        """`A eq 1 or A eq 2 or …` as one look into a set: clients ask by fifties."""
        first = self._own_equality(terms[0])
        pairs = [self._own_equality(term) for term in terms]
        if first is None or any(pair is None or pair[0] != first[0] for pair in pairs):
            return None
        name = first[0]
        values = [pair[1] for pair in pairs if pair is not None]
        wanted = frozenset(values)
        probes = tuple((name, value) for value in wanted) if self._terms.is_indexed(name) else None
        return Filter(lambda row: row[name] in wanted, probes)

    def _own_equality(self, term: Expression) -> Probe | None:
        match term:
            case Compared(Path((name,)), "eq", Literal(kind, value)):
                field = self._terms.fields.get(name)
                stored_alike = kind in ("guid", "text", "moment") and not self._terms.is_composite(
                    name
                )
                if field and stored_alike and KINDS.get(field.edm) == kind:
                    self._terms.refuse_key(name)
                    return name, value
        return None

    def _compared(self, node: Compared) -> Filter:
        left, right, operator = node.left, node.right, node.operator
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right, operator = right, left, MIRRORED[operator]
        if isinstance(right, Literal) and right.kind == "null":
            return _null(self._terms.term(left), operator)
        if isinstance(right, Call) and right.name == "cast":
            return self._reference(self._terms.term(left), operator, right)
        term, other = self._terms.term(left), self._terms.term(right)
        if term.kind == "composite":
            # Without a cast such a comparison finds nothing, and nobody says so.
            return Filter(lambda row: False, None)
        if term.kind != other.kind or (operator in ("gt", "ge", "lt", "le") and not _ordered(term)):
            raise errors.bad_comparison()
        probes = None
        if operator == "eq" and isinstance(right, Literal) and self._terms.is_indexed(term.field):
            probes = ((term.field, right.value),)
        return Filter(_comparison(term.value, OPERATORS[operator], other.value), probes)

    def _reference(self, term: Term, operator: str, call: Call) -> Filter:
        match call.arguments:
            case (Literal("guid", guid), Literal("text", str(target))):
                pass
            case _:
                other = self._terms.term(call)
                if term.kind != other.kind:
                    raise errors.bad_comparison()
                return Filter(_comparison(term.value, OPERATORS[operator], other.value), None)
        if operator not in ("eq", "ne"):
            raise errors.bad_comparison()
        name, wanted = term.field, f"StandardODATA.{target}"
        if term.kind != "composite" or not name:
            raise errors.bad_comparison()
        if operator == "ne":
            return Filter(lambda row: row[name] != guid or row[name + "_Type"] != wanted, None)
        probes = ((name, guid),) if self._terms.is_indexed(name) else None
        return Filter(lambda row: row[name] == guid and row[name + "_Type"] == wanted, probes)

    def _quantified(self, node: Quantified) -> Filter:
        if len(node.path) != 2 or node.path[1] not in ("any", "all"):
            raise errors.bad_option("$filter")
        part, quantifier = node.path
        if part not in self._terms.schema.parts:
            raise errors.segment_unknown(part)
        if node.condition is None:
            return Filter(lambda row: bool(row[part]), None)
        columns = self._terms.schema.parts[part]
        inner = _Compiler(self._terms.schema, self._terms.tables, columns, node.variable)
        holds = inner.filter(node.condition).holds
        if quantifier == "any":
            return Filter(lambda row: any(map(holds, row[part])), None)
        return Filter(lambda row: all(map(holds, row[part])), None)


def _comparison(left: Value, operator: Callable[[Any, Any], bool], right: Value) -> Predicate:
    def holds(row: Row) -> bool:
        value, other = left(row), right(row)
        return value is not None and other is not None and operator(value, other)

    return holds


def _ordered(term: Term) -> bool:
    return term.kind in ORDERED_KINDS


def _null(term: Term, operator: str) -> Filter:
    value = term.value
    if operator == "eq":
        return Filter(lambda row: value(row) is None, None)
    if operator == "ne":
        return Filter(lambda row: value(row) is not None, None)
    raise errors.bad_comparison()


def _negated(holds: Predicate) -> Filter:
    return Filter(lambda row: not holds(row), None)


def _both(found: list[Filter]) -> Filter:
    tests = [one.holds for one in found]
    probes = min((one.probes for one in found if one.probes is not None), key=len, default=None)
    return Filter(lambda row: all(test(row) for test in tests), probes)
