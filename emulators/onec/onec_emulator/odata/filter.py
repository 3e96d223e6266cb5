"""Compiled `$filter`s: a predicate over stored rows, and what an index can find first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, itemgetter, le, lt, ne
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
    Operand,
    Path,
    Quantified,
    Truth,
    parse,
)
from onec_emulator.schemas import NAMESPACE, EntitySet, Field, Row
from onec_emulator.table import Table

Predicate = Callable[[Row], bool]
Value = Callable[[Row], Any]  # Any: whatever the operand's kind holds
Probe = tuple[str, object]

KINDS = {
    "Edm.Guid": "guid",
    "Edm.DateTime": "moment",
    "Edm.String": "text",
    "Edm.Boolean": "truth",
    "Edm.Int16": "number",
    "Edm.Int32": "number",
    "Edm.Int64": "number",
    "Edm.Double": "number",
}
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

    def keys(self, table: Table) -> list[str]:
        """Keys of the passing rows, in the table's order."""
        rows, holds = table.rows, self.holds
        if self.probes is None:
            return [key for key in table.order if holds(rows[key])]
        near = {key for field, value in self.probes for key in table.having(field, value)}
        return [key for key in sorted(near) if holds(rows[key])]


@dataclass(frozen=True, slots=True)
class _Term:
    """A compiled operand; `field` names the row's own property that it reads, if it is one."""

    kind: str
    value: Value
    field: str = ""


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
        self._schema = schema
        self._tables = tables
        self._fields = schema.fields if fields is None else fields
        self._variable = variable

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
        probes = tuple((name, value) for value in wanted) if self._is_indexed(name) else None
        return Filter(lambda row: row[name] in wanted, probes)

    def _own_equality(self, term: Expression) -> Probe | None:
        match term:
            case Compared(Path((name,)), "eq", Literal(kind, value)):
                field = self._fields.get(name)
                stored_alike = kind in ("guid", "text", "moment") and not self._is_composite(name)
                if field and stored_alike and KINDS.get(field.edm) == kind:
                    self._refuse_key(name)
                    return name, value
        return None

    def _compared(self, node: Compared) -> Filter:
        left, right, operator = node.left, node.right, node.operator
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right, operator = right, left, MIRRORED[operator]
        if isinstance(right, Literal) and right.kind == "null":
            return _null(self._term(left), operator)
        if isinstance(right, Call) and right.name == "cast":
            return self._reference(self._term(left), operator, right)
        term, other = self._term(left), self._term(right)
        if term.kind == "composite":
            # Without a cast such a comparison finds nothing, and nobody says so.
            return Filter(lambda row: False, None)
        if term.kind != other.kind or (operator in ("gt", "ge", "lt", "le") and not _ordered(term)):
            raise errors.bad_comparison()
        probes = None
        if operator == "eq" and isinstance(right, Literal) and self._is_indexed(term.field):
            probes = ((term.field, right.value),)
        return Filter(_comparison(term.value, OPERATORS[operator], other.value), probes)

    def _reference(self, term: _Term, operator: str, call: Call) -> Filter:
        match call.arguments:
            case (Literal("guid", guid), Literal("text", str(target))):
                pass
            case _:
                raise errors.not_emulated("cast от поля")
        if operator not in ("eq", "ne"):
            raise errors.bad_comparison()
        name, wanted = term.field, f"StandardODATA.{target}"
        if term.kind != "composite" or not name:
            raise errors.bad_comparison()
        if operator == "ne":
            return Filter(lambda row: row[name] != guid or row[name + "_Type"] != wanted, None)
        probes = ((name, guid),) if self._is_indexed(name) else None
        return Filter(lambda row: row[name] == guid and row[name + "_Type"] == wanted, probes)

    def _quantified(self, node: Quantified) -> Filter:
        if len(node.path) != 2 or node.path[1] not in ("any", "all"):
            raise errors.bad_option("$filter")
        part, quantifier = node.path
        if part not in self._schema.parts:
            raise errors.segment_unknown(part)
        if node.condition is None:
            return Filter(lambda row: bool(row[part]), None)
        columns = self._schema.parts[part]
        inner = _Compiler(self._schema, self._tables, columns, node.variable)
        holds = inner.filter(node.condition).holds
        if quantifier == "any":
            return Filter(lambda row: any(map(holds, row[part])), None)
        return Filter(lambda row: all(map(holds, row[part])), None)

    def _term(self, operand: Operand) -> _Term:
        match operand:
            case Literal(kind, value):
                return _Term(kind, lambda row: value)
            case Path(names):
                return self._path(names)
            case Call():
                return self._call(operand)

    def _path(self, names: tuple[str, ...]) -> _Term:
        if self._variable:
            if names[0] != self._variable or len(names) < 2:
                raise errors.segment_unknown(names[0])
            names = names[1:]
        return self._walk(self._fields, names)

    def _walk(self, fields: Mapping[str, Field], names: tuple[str, ...]) -> _Term:
        name, *rest = names
        if not rest:
            if name not in fields:
                raise errors.segment_unknown(name)
            self._refuse_key(name)
            return _field_term(fields, name)
        key = fields.get(name + "_Key")
        table = self._tables.get(key.target or "") if key else None
        if key is None or table is None:
            raise errors.segment_unknown(name)
        last = self._walk(table.schema.fields, tuple(rest))
        return _Term(last.kind, _through(key.name, table, last.value))

    def _call(self, call: Call) -> _Term:
        if call.name == "isof":
            return self._isof(call)
        if call.name in NOT_BUILT:
            raise errors.not_emulated(f"функция {call.name}")
        if call.name not in FUNCTIONS:
            raise errors.bad_option("$filter")
        kinds, result, function = FUNCTIONS[call.name]
        terms = [self._term(argument) for argument in call.arguments]
        if [term.kind for term in terms] != list(kinds):
            raise errors.bad_option("$filter")
        return _Term(result, _application(function, [term.value for term in terms]))

    def _isof(self, call: Call) -> _Term:
        """Whether a composite holds a value of the type named: `Catalog_X` or `Edm.String`."""
        match call.arguments:
            case (Path() as path, Literal("text", str(kind))):
                term = self._term(path)
            case _:
                raise errors.bad_option("$filter")
        if term.kind != "composite" or not term.field:
            raise errors.bad_comparison()
        name = f"{term.field}_Type"
        wanted = kind if kind.startswith("Edm.") else NAMESPACE + kind.removeprefix(NAMESPACE)
        return _Term("truth", lambda row: row[name] == wanted)

    def _refuse_key(self, name: str) -> None:
        # Keys of table parts cannot be filtered by: the query behind cannot say it.
        if self._schema.key == ("Ref_Key", "LineNumber") and name in self._schema.key:
            raise errors.forbidden_in_where()

    def _is_composite(self, name: str) -> bool:
        return name + "_Type" in self._fields

    def _is_indexed(self, name: str) -> bool:
        table = self._tables.get(self._schema.name)
        return bool(name) and not self._variable and table is not None and table.is_indexed(name)


def _field_term(fields: Mapping[str, Field], name: str) -> _Term:
    if name + "_Type" in fields:
        return _Term("composite", itemgetter(name), name)
    edm = fields[name].edm
    if edm == "Edm.Int64":
        return _Term("number", lambda row: None if row[name] is None else int(row[name]), name)
    if edm not in KINDS:
        # A description of types has no order and no equality in the query behind.
        raise errors.bad_comparison()
    return _Term(KINDS[edm], itemgetter(name), name)


def _through(key: str, table: Table, value: Value) -> Value:
    def read(row: Row) -> object:
        target = table.rows.get(row[key])
        return None if target is None else value(target)

    return read


def _application(function: Callable[..., Any], values: list[Value]) -> Value:
    def read(row: Row) -> object:
        arguments = [value(row) for value in values]
        return None if None in arguments else function(*arguments)

    return read


def _comparison(left: Value, operator: Callable[[Any, Any], bool], right: Value) -> Predicate:
    def holds(row: Row) -> bool:
        value, other = left(row), right(row)
        return value is not None and other is not None and operator(value, other)

    return holds


def _ordered(term: _Term) -> bool:
    return term.kind in ORDERED_KINDS


def _null(term: _Term, operator: str) -> Filter:
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


def _like(text: str, pattern: str) -> bool:
    return _pattern(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of 1C's ПОДОБНО: `%` any text, `_` one character, `[…]` one of them."""
    pieces = re.findall(r"\[[^\]]*\]|.", pattern, re.DOTALL)
    return re.compile("".join(map(_pattern_piece, pieces)), re.DOTALL)


def _pattern_piece(piece: str) -> str:
    if piece in WILDCARDS:
        return WILDCARDS[piece]
    if len(piece) > 2:
        inverted = "^" if piece[1] == "^" else ""
        return f"[{inverted}{re.escape(piece[1 + len(inverted) : -1]).replace(chr(92) + '-', '-')}]"
    return re.escape(piece)


WILDCARDS = {"%": ".*", "_": "."}


def _substring(text: str, position: int, length: int) -> str:
    """1C counts characters from one."""
    return text[max(position - 1, 0) : max(position - 1, 0) + length]


FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str, Callable[..., Any]]] = {
    "substringof": (("text", "text"), "truth", lambda needle, text: needle in text),
    "startswith": (("text", "text"), "truth", str.startswith),
    "endswith": (("text", "text"), "truth", str.endswith),
    "like": (("text", "text"), "truth", _like),
    "concat": (("text", "text"), "text", lambda left, right: left + right),
    "substring": (("text", "number", "number"), "text", _substring),
    "year": (("moment",), "number", lambda moment: int(moment[:4])),
    "month": (("moment",), "number", lambda moment: int(moment[5:7])),
    "day": (("moment",), "number", lambda moment: int(moment[8:10])),
    "hour": (("moment",), "number", lambda moment: int(moment[11:13])),
    "minute": (("moment",), "number", lambda moment: int(moment[14:16])),
    "second": (("moment",), "number", lambda moment: int(moment[17:19])),
}
"""Name → kinds of the arguments, kind of the result, and the function itself."""

NOT_BUILT = frozenset(
    ("dateadd", "datedifference", "quarter", "dayofweek", "dayofyear", "round", "cast")
)
"""What 1C knows and this emulator does not: it says so instead of guessing."""
