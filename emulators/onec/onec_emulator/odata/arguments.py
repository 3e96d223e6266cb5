"""The arguments of a function on a register, in any of the forms that clients send."""

import re
from collections.abc import Callable, Collection, Mapping

from onec_emulator.odata import errors
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.values import WHOLE, is_moment
from onec_emulator.schemas import EntitySet
from onec_emulator.schemas.virtual import MOMENTS

# Clients send the inner quotes of a condition as they are; 1C does not want them doubled. So a
# condition reaches to the last quote there is, and all else is taken out before it.
CONDITION = re.compile(r"Condition\s*=\s*'(.*)'", re.DOTALL)
MOMENT = r"(?:^|,)\s*{}\s*=\s*(datetime'[^']*')\s*(?=,|$)"
NAMES = r"(?:^|,)\s*{}\s*=\s*'([^'=]*)'\s*(?=,|$)"

BEFORE, WITHIN = "before", "within"
"""Where the moment of a record stands to the interval that was asked for."""


def function_of(ask: Ask) -> str:
    """Name of the function that an address ends with."""
    return ask.address.rest[0].partition("(")[0]


def arguments(ask: Ask, names: Collection[str]) -> dict[str, str]:
    """Arguments by name, from the brackets and from the query; moments and texts without quotes.

    Raises:
        ODataError: An argument is unknown to the function, or no moment.
    """
    brackets = ask.address.rest[0].partition("(")[2].removesuffix(")")
    is_of_accounts = {ACCOUNTS, TOP} & set(names)
    found = _divided(brackets, names) if is_of_accounts else _in_brackets(brackets, names)
    found |= {name: ask.options.plain[name] for name in names if name in ask.options.plain}
    return {name: READERS.get(name, _moment)(value) for name, value in found.items()}


def dimensions_of(schema: EntitySet, text: str) -> tuple[str, ...]:
    """The dimensions that `Dimensions` names, all if none; `Склад` is `Склад_Key` too.

    Raises:
        ODataError: The register has no such dimension.
    """
    known = schema.register.dimensions if schema.register is not None else ()
    named = [name.strip() for name in text.split(",") if name.strip()]
    found = tuple(name if name in known else f"{name}_Key" for name in named)
    if unknown := [name for name, full in zip(named, found, strict=True) if full not in known]:
        raise errors.segment_unknown(unknown[0])
    return found or known


def counts_as(name: str, given: Mapping[str, str], period: str) -> str | None:
    """How a record of this moment counts: into what was before, or within; None if not."""
    if name == "Balance":
        return BEFORE if not given.get("Period") or period < given["Period"] else None
    if given.get("EndPeriod") and period > given["EndPeriod"]:
        return None
    if given.get("StartPeriod") and period < given["StartPeriod"]:
        return BEFORE if name == "BalanceAndTurnovers" else None
    return WITHIN


def _in_brackets(text: str, names: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(names, key="Condition".__eq__):
        if match := _pattern(name).search(text):
            found[name] = match[1]
            text = text[: match.start()] + text[match.end() :]
    if text.strip(" ,"):
        raise errors.argument_missing(text.strip(" ,").partition("=")[0])
    return found


def _divided(text: str, names: Collection[str]) -> dict[str, str]:
    """Arguments of a register of accounts: each reaches to the name of the next one."""
    starts = list(re.finditer(rf"(?:^|,)\s*({'|'.join(names)})\s*=\s*", text))
    before = text[: starts[0].start()] if starts else text
    if before.strip():
        raise errors.argument_missing(before.partition("=")[0].strip(" ,"))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return {
        start[1]: text[start.end() : end].strip() for start, end in zip(starts, ends, strict=False)
    }


def _pattern(name: str) -> re.Pattern[str]:
    if name == "Condition":
        return CONDITION
    return re.compile((MOMENT if name in MOMENTS else NAMES).format(name))


def _moment(literal: str) -> str:
    value = literal.removeprefix("datetime'").removesuffix("'")
    if value and not is_moment(value):
        raise errors.unparsable(value, "Edm.DateTime")
    return value


def _condition(text: str) -> str:
    """The condition itself, from a text with quotes around it, or doubled quotes inside."""
    if text.startswith("'") and text.endswith("'"):
        text = text[1:-1]
    if "''" in text and "'" not in text.replace("''", ""):
        text = text.replace("''", "'")
    return text


def _names(text: str) -> str:
    return text.strip("'")


def _number(text: str) -> str:
    if not WHOLE.fullmatch(text):
        raise errors.unparsable(text, "Edm.Int64")
    return text


ACCOUNTS, TOP = "AccountCondition", "Top"
READERS: Mapping[str, Callable[[str], str]] = {
    "Condition": _condition,
    ACCOUNTS: _condition,
    "Dimensions": _names,
    "ExtraDimensions": _names,
    "Order": _names,
    TOP: _number,
}
