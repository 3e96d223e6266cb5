"""The query of a request: OData's options, and the plain parameters of functions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onec_emulator.odata import errors
from onec_emulator.odata.address import decoded
from onec_emulator.odata.values import WHOLE


@dataclass(slots=True)
class Options:
    """What the query asks for.

    Attributes:
        top: Rows at most, None for all.
        skip: Rows left out first.
        select: Names asked for, None for all properties.
        expand: References whose records are shown inside, as paths.
        orderby: Pairs (name, descending).
        filter: Text of `$filter`, `""` without one.
        count: Whether the number of all rows is asked for.
        format: Value of `$format`, `""` without one.
        allowed_only: Rows forbidden by rights are dropped; nothing is forbidden here.
        plain: Parameters without a dollar, of functions.
    """

    top: int | None = None
    skip: int = 0
    select: tuple[str, ...] | None = None
    expand: tuple[str, ...] = ()
    orderby: tuple[tuple[str, bool], ...] = ()
    filter: str = ""
    count: bool = False
    format: str = ""
    allowed_only: bool = False
    plain: dict[str, str] = field(default_factory=dict)


def parse(query: str) -> Options:
    """Read a raw query.

    Raises:
        ODataError: An option is unknown, malformed, or not emulated.
    """
    options = Options()
    for pair in query.split("&") if query else ():
        raw_name, _, raw_value = pair.partition("=")
        name, value = decoded(raw_name), decoded(raw_value)
        if name.startswith("$"):
            _set(options, name, value)
        elif name == "allowedOnly":
            options.allowed_only = _truth(name, value)
        elif name:
            options.plain[name] = value
    return options


def _set(options: Options, name: str, value: str) -> None:
    if name not in READERS:
        raise errors.option_unknown(name)
    attribute, reader = READERS[name]
    setattr(options, attribute, reader(name, value))


def _number(name: str, value: str) -> int:
    if not WHOLE.fullmatch(value):
        raise errors.bad_option(name)
    return int(value)


def _names(name: str, value: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(","))
    if not all(names):
        raise errors.bad_option(name)
    return names


def _order(name: str, value: str) -> tuple[tuple[str, bool], ...]:
    return tuple(_order_term(name, term) for term in _names(name, value))


def _order_term(name: str, term: str) -> tuple[str, bool]:
    words = term.split()
    if len(words) > 2 or words[1:] not in ([], ["asc"], ["desc"]):
        raise errors.bad_option(name)
    return words[0], words[1:] == ["desc"]


def _count(name: str, value: str) -> bool:
    if value not in ("allpages", "none"):
        raise errors.bad_option(name)
    return value == "allpages"


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise errors.bad_option(name)
    return value == "true"


def _text(name: str, value: str) -> str:
    return value


READERS: dict[str, tuple[str, Callable[[str, str], Any]]] = {  # Any: type of the attribute
    "$top": ("top", _number),
    "$skip": ("skip", _number),
    "$select": ("select", _names),
    "$expand": ("expand", _names),
    "$orderby": ("orderby", _order),
    "$filter": ("filter", _text),
    "$inlinecount": ("count", _count),
    "$format": ("format", _text),
    "$allowedOnly": ("allowed_only", _truth),
}
