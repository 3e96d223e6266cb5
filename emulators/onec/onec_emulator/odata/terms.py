"""The operands of `$filter`: what each reads from a row, and of which kind that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from onec_emulator.odata import errors
from onec_emulator.odata.expressions import Call, Computed, Literal, Operand, Path, Reached
from onec_emulator.odata.functions import FUNCTIONS
from onec_emulator.schemas import NAMESPACE, EntitySet, Field, Row
from onec_emulator.table import Table

Value = Callable[[Row], Any]  # Any: whatever the operand's kind holds

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
ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {  # Any: numbers
    "add": lambda left, right: left + right,
    "sub": lambda left, right: left - right,
    "mul": lambda left, right: left * right,
    "div": lambda left, right: _divided(left, right),
}
TYPES = {
    "String": ("Edm.String", "text"),
    "Number": ("Edm.Double", "number"),
    "Boolean": ("Edm.Boolean", "truth"),
    "Date": ("Edm.DateTime", "moment"),
    "Edm.String": ("Edm.String", "text"),
    "Edm.Double": ("Edm.Double", "number"),
    "Edm.Boolean": ("Edm.Boolean", "truth"),
    "Edm.DateTime": ("Edm.DateTime", "moment"),
}
"""Primitive types as `cast` and `isof` name them: on the wire, and as a kind."""


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled operand; `field` names the row's own property that it reads, if it is one."""

    kind: str
    value: Value
    field: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Compiles operands over the rows of one set.

    Attributes:
        fields: Properties of the rows: the set's own, or those of a table part's lines.
        variable: Name of the lambda's variable, `""` outside of one.
    """

    schema: EntitySet
    tables: Mapping[str, Table]
    fields: Mapping[str, Field]
    variable: str = ""

    def term(self, operand: Operand) -> Term:
        match operand:
            case Literal(kind, value):
                return Term(kind, lambda row: value)
            case Path(names):
                return self._path(names)
            case Call():
                return self._call(operand)
            case Reached(call, inner):
                return self._reached(call, inner)
            case Computed():
                return self._computed(operand)

    def _path(self, names: tuple[str, ...]) -> Term:
        if self.variable:
            if names[0] != self.variable or len(names) < 2:
                raise errors.segment_unknown(names[0])
            names = names[1:]
        return self._walk(self.fields, names)

    def _walk(self, fields: Mapping[str, Field], names: tuple[str, ...]) -> Term:
        name, *rest = names
        if not rest:
            if name not in fields:
                raise errors.segment_unknown(name)
            self.refuse_key(name)
            return _field_term(fields, name)
        if fields is self.schema.fields and name in self.schema.parts:
            # The query behind joins no table part: `any` asks for it.
            raise errors.forbidden_in_where()
        key = fields.get(name + "_Key")
        table = self.tables.get(key.target or "") if key else None
        if key is None or table is None:
            raise errors.segment_unknown(name)
        last = self._walk(table.schema.fields, tuple(rest))
        return Term(last.kind, _through(key.name, table, last.value))

    def _call(self, call: Call) -> Term:
        if call.name in ("isof", "cast"):
            return self._isof(call) if call.name == "isof" else self._cast(call)
        if call.name not in FUNCTIONS:
            raise errors.bad_option("$filter")
        terms = [self.term(argument) for argument in call.arguments]
        for kinds, result, function in FUNCTIONS[call.name]:
            if [term.kind for term in terms] == list(kinds):
                return Term(result, application(function, [term.value for term in terms]))
        raise errors.bad_option("$filter")

    def _computed(self, node: Computed) -> Term:
        terms = [self.term(node.left), self.term(node.right)]
        if any(term.kind != "number" for term in terms):
            raise errors.bad_comparison()
        return Term("number", application(ARITHMETIC[node.operator], [t.value for t in terms]))

    def _isof(self, call: Call) -> Term:
        """Whether a property holds a value of the type named: `Catalog_X`, `String`, `Number`."""
        operand, kind = _typed_argument(call)
        wanted = TYPES.get(kind, (NAMESPACE + kind.removeprefix(NAMESPACE), ""))[0]
        term = self.term(operand)
        if term.kind != "composite":
            return Term("truth", lambda row: TYPES.get(kind, ("", ""))[1] == term.kind)
        _, named = self._composite(operand)
        return Term("truth", lambda row: named(row) == wanted)

    def _cast(self, call: Call) -> Term:
        """The value of a composite if it is of the type named, else nothing."""
        operand, kind = _typed_argument(call)
        value, named = self._composite(operand)
        wanted, result = TYPES.get(kind, (NAMESPACE + kind.removeprefix(NAMESPACE), "guid"))
        read = _number if result == "number" else _same
        return Term(result, lambda row: read(value(row)) if named(row) == wanted else None)

    def _composite(self, operand: Operand) -> tuple[Value, Value]:
        """Value and type of a composite property, the row's own or one behind a cast."""
        match operand:
            case Path(names):
                term, kind = self._path(names), self._path(_type_of(names))
            case Reached(call, names):
                term, kind = self._reached(call, names), self._reached(call, _type_of(names))
            case _:
                raise errors.bad_option("$filter")
        return term.value, kind.value

    def _reached(self, call: Call, names: tuple[str, ...]) -> Term:
        if call.name != "cast":
            raise errors.bad_option("$filter")
        _, target = _typed_argument(call)
        table = self.tables.get(target.removeprefix(NAMESPACE))
        if table is None:
            raise errors.segment_unknown(target)
        key, last = self._cast(call).value, self._walk(table.schema.fields, names)
        return Term(last.kind, _behind(key, table, last.value))

    def refuse_key(self, name: str) -> None:
        """Refuse keys of a table part's rows, and composite ones of a register's records.

        The query behind cannot say such a condition.
        """
        key = self.schema.key
        is_of_row = key == ("Ref_Key", "LineNumber")
        is_of_record = self.schema.name.endswith("_RecordType") and self.is_composite(name)
        if name in key and (is_of_row or is_of_record):
            raise errors.forbidden_in_where()

    def is_composite(self, name: str) -> bool:
        return name + "_Type" in self.fields

    def is_indexed(self, name: str) -> bool:
        table = self.tables.get(self.schema.name)
        return bool(name) and not self.variable and table is not None and table.is_indexed(name)


def _field_term(fields: Mapping[str, Field], name: str) -> Term:
    if name + "_Type" in fields:
        return Term("composite", itemgetter(name), name)
    edm = fields[name].edm
    if edm == "Edm.Int64":
        return Term("number", lambda row: None if row[name] is None else int(row[name]), name)
    if edm not in KINDS:
        # A description of types has no order and no equality in the query behind.
        raise errors.bad_comparison()
    return Term(KINDS[edm], itemgetter(name), name)


def _through(key: str, table: Table, value: Value) -> Value:
    def read(row: Row) -> object:
        target = table.rows.get(row[key])
        return None if target is None else value(target)

    return read


def _behind(key: Value, table: Table, value: Value) -> Value:
    def read(row: Row) -> object:
        target = table.rows.get(key(row))
        return None if target is None else value(target)

    return read


def _type_of(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names[:-1], f"{names[-1]}_Type")


def _typed_argument(call: Call) -> tuple[Operand, str]:
    match call.arguments:
        case (operand, Literal("text", str(kind))):
            return operand, kind
    raise errors.bad_option("$filter")


def _divided(left: float, right: float) -> float:
    if right == 0:
        raise errors.internal("Деление на 0")
    return left / right


def _number(value: object) -> float:
    return float(str(value))


def _same(value: object) -> object:
    return value


def application(function: Callable[..., Any], values: list[Value]) -> Value:
    def read(row: Row) -> object:
        arguments = [value(row) for value in values]
        return None if None in arguments else function(*arguments)

    return read
