"""The functions that 1C knows in `$filter` and `$orderby`, as the guide lists them (17.4.5.2)."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from onec_emulator.odata import errors

WILDCARDS = {"%": ".*", "_": "."}
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
EPOCH = datetime(1, 1, 1)


def like(text: str, pattern: str) -> bool:
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


def substring(text: str, position: float, length: float | None = None) -> str:
    """1C counts characters from one; of a fraction the whole part counts (inferred)."""
    start = max(int(position) - 1, 0)
    return text[start:] if length is None else text[start : start + int(length)]


def date_add(moment: str, unit: str, number: int) -> str:
    """A moment so many units later; months keep to the end of a shorter one.

    Raises:
        ODataError: The unit is unknown, or the result lies outside of the calendar.
    """
    date = datetime.fromisoformat(moment)
    try:
        if unit in SECONDS:
            return _text(date + timedelta(seconds=SECONDS[unit] * number))
        years, month = divmod(date.year * 12 + date.month - 1 + _months(unit) * number, 12)
        day = min(date.day, monthrange(years, month + 1)[1])
        return _text(date.replace(year=years, month=month + 1, day=day))
    except (OverflowError, ValueError) as error:
        if isinstance(error, errors.ODataError):
            raise
        raise errors.internal("Неверное значение даты") from error


def date_difference(first: str, second: str, unit: str) -> int:
    """How many units begin between two moments, below zero if the second is the earlier one.

    Raises:
        ODataError: The unit is unknown.
    """
    return _count(second, unit) - _count(first, unit)


def _count(moment: str, unit: str) -> int:
    date = datetime.fromisoformat(moment)
    if unit in SECONDS:
        return int((date - EPOCH).total_seconds()) // SECONDS[unit]
    return (date.year * 12 + date.month - 1) // _months(unit)


def _months(unit: str) -> int:
    if unit not in MONTHS:
        raise errors.bad_option("$filter")
    return MONTHS[unit]


def _text(date: datetime) -> str:
    return date.isoformat(timespec="seconds")


def rounded(number: float) -> int:
    """Half a unit is rounded away from zero."""
    return int(abs(number) + 0.5) * (1 if number >= 0 else -1)


def _day(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


Function = tuple[tuple[str, ...], str, Callable[..., Any]]
"""Kinds of the arguments, kind of the result, and the function itself."""
FUNCTIONS: Mapping[str, tuple[Function, ...]] = {
    "substringof": ((("text", "text"), "truth", lambda needle, text: needle in text),),
    "startswith": ((("text", "text"), "truth", str.startswith),),
    "endswith": ((("text", "text"), "truth", str.endswith),),
    "like": ((("text", "text"), "truth", like),),
    "concat": ((("text", "text"), "text", lambda left, right: left + right),),
    "substring": (
        (("text", "number", "number"), "text", substring),
        (("text", "number"), "text", substring),
    ),
    "dateadd": ((("moment", "text", "number"), "moment", date_add),),
    "datedifference": ((("moment", "moment", "text"), "number", date_difference),),
    "year": ((("moment",), "number", lambda moment: int(moment[:4])),),
    "quarter": ((("moment",), "number", lambda moment: (int(moment[5:7]) + 2) // 3),),
    "month": ((("moment",), "number", lambda moment: int(moment[5:7])),),
    "day": ((("moment",), "number", lambda moment: int(moment[8:10])),),
    "dayofweek": ((("moment",), "number", lambda moment: _day(moment).isoweekday()),),
    "dayofyear": ((("moment",), "number", lambda moment: _day(moment).timetuple().tm_yday),),
    "hour": ((("moment",), "number", lambda moment: int(moment[11:13])),),
    "minute": ((("moment",), "number", lambda moment: int(moment[14:16])),),
    "second": ((("moment",), "number", lambda moment: int(moment[17:19])),),
    "round": ((("number",), "number", rounded),),
}
"""Name → the forms of a call."""
REFUSED = (
    *("length", "indexof", "replace", "tolower", "toupper", "trim", "floor", "ceiling"),
    *("years", "days", "hours", "minutes", "seconds"),
)
"""Functions of OData that 1C has not: a bad option, code 14."""
ELSEWHERE = ("cast", "isof", "any", "all")
"""What is called like a function and compiled elsewhere, by `terms` and `filter`."""


def called(text: str) -> set[str]:
    """Names of the functions that the text of a `$filter` calls, of those that are known here."""
    outside = re.sub(r"'[^']*'", "", text)
    return set(re.findall(r"(\w+)\s*\(", outside)) & {*FUNCTIONS, *ELSEWHERE, *REFUSED}
