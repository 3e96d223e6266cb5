"""`$filter` as a tree of values: the grammar of filter.lark and what it builds."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, VisitError

from onec_emulator.odata import errors
from onec_emulator.odata.values import DIGITS_MAX, GUID, is_moment


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in the text; `kind` is guid, moment, text, number, truth or null."""

    kind: str
    value: object


@dataclass(frozen=True, slots=True)
class Path:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: "tuple[Operand, ...]"


@dataclass(frozen=True, slots=True)
class Reached:
    """`cast(…)/Поле`: a property of the record behind a composite."""

    call: Call
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """Two numbers and `add`, `sub`, `mul` or `div`."""

    left: "Operand"
    operator: str
    right: "Operand"


Operand = Literal | Path | Call | Reached | Computed
OPERANDS = (Literal, Path, Call, Reached, Computed)


@dataclass(frozen=True, slots=True)
class Compared:
    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Truth:
    """An operand that is true or false by itself."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Quantified:
    """`Часть/any(d: …)`; `condition` is None for the bare `any()`."""

    path: tuple[str, ...]
    variable: str
    condition: "Expression | None"


@dataclass(frozen=True, slots=True)
class Negated:
    term: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    terms: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    terms: "tuple[Expression, ...]"


Expression = Compared | Truth | Quantified | Negated | Both | Either

TRUE = Literal("truth", value=True)
WORDS = {"true": TRUE, "false": Literal("truth", value=False), "null": Literal("null", None)}


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    def guid(self, token: Token) -> Literal:
        value = token[5:-1]
        if not GUID.fullmatch(value):
            raise errors.bad_option("$filter")
        return Literal("guid", value.lower())

    def moment(self, token: Token) -> Literal:
        value = token[9:-1]
        if not is_moment(value):
            raise errors.bad_option("$filter")
        return Literal("moment", value)

    def text(self, token: Token) -> Literal:
        return Literal("text", token[1:-1].replace("''", "'"))

    def number(self, token: Token) -> Literal:
        if len(token.strip("-").replace(".", "")) > DIGITS_MAX:
            raise errors.bad_option("$filter")
        return Literal("number", float(token) if "." in token else int(token))

    def path(self, token: Token) -> Literal | Path:
        return WORDS.get(token) or Path(tuple(token.split("/")))

    def called(self, name: Token, *arguments: Operand | Expression) -> Call:
        return Call(str(name), tuple(map(_operand, arguments)))

    def reached(self, name: Token, *rest: Operand | Expression | Token) -> Reached:
        *arguments, behind = rest
        call = Call(str(name), tuple(map(_operand, arguments)))
        return Reached(call, tuple(str(behind).split("/")[1:]))

    def computed(
        self, left: Operand | Expression, operator: Token, right: Operand | Expression
    ) -> Computed:
        return Computed(_operand(left), str(operator), _operand(right))

    def minus(self, operand: Operand | Expression) -> Computed:
        return Computed(Literal("number", 0), "sub", _operand(operand))

    def grouped(self, term: Expression) -> Operand | Expression:
        # Brackets around an operand are no condition yet: `(Цена add 5) gt 10`.
        return term.operand if isinstance(term, Truth) else term

    def compared(
        self, left: Operand | Expression, operator: Token, right: Operand | Expression
    ) -> Compared:
        return Compared(_operand(left), str(operator), _operand(right))

    def truth(self, term: Operand | Expression) -> Expression:
        return Truth(term) if isinstance(term, OPERANDS) else term

    def quantified(
        self, path: Token, variable: Token | str = "", condition: Expression | None = None
    ) -> Quantified:
        return Quantified(tuple(path.split("/")), str(variable), condition)

    def negated(self, term: Expression) -> Negated:
        return Negated(term)

    def conjunction(self, *terms: Expression) -> Both:
        return Both(terms)

    def disjunction(self, *terms: Expression) -> Either:
        return Either(terms)


def _operand(term: "Operand | Expression | Token") -> Operand:
    """Refuse a condition where a value must stand."""
    if isinstance(term, OPERANDS):
        return term
    raise errors.bad_option("$filter")


_ONE = rf"([^\W\d]\w*) eq (?:guid'({GUID.pattern})'|'((?:[^']|'')*)')"
EQUALITY = re.compile(_ONE)
EQUALITIES = re.compile(rf"{_ONE}(?: or {_ONE})*")
"""One field or several, compared with guids and texts: the commonest filter of all."""


@cache
def _parser() -> Lark:
    # Not at import: a base that nobody asks for more than equalities starts sooner.
    grammar = resources.files("onec_emulator.odata").joinpath("filter.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder())


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """Return the tree of a `$filter`.

    Raises:
        ODataError: The text is no filter, or holds a bare plus, which 1C takes for addition.
    """
    if EQUALITIES.fullmatch(text):
        return _equalities(text)
    try:
        tree = _parser().parse(text)
    except VisitError as error:
        raise errors.bad_option("$filter") from error
    except LarkError as error:
        raise _refusal(_without_texts(text)) from error
    return tree  # type: ignore[return-value]  # Lark types a parse as Tree; the builder makes it


def _equalities(text: str) -> Expression:
    # Clients ask for records by fifties; the grammar would take milliseconds for that.
    terms = tuple(
        Compared(Path((name,)), "eq", _literal(guid, quoted))
        for name, guid, quoted in EQUALITY.findall(text)
    )
    return Either(terms) if len(terms) > 1 else terms[0]


def _literal(guid: str, quoted: str) -> Literal:
    return Literal("guid", guid.lower()) if guid else Literal("text", quoted.replace("''", "'"))


def _refusal(text: str) -> errors.ODataError:
    if "+" in text:
        return errors.forbidden_in_where()
    return errors.bad_option("$filter")


def _without_texts(text: str) -> str:
    return "".join(text.split("'")[::2])
