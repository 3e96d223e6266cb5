"""From values to HTML: the templates of this folder, and how moments, sizes and times read."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined

from sverka_emulator_kit.state import shown

MOSCOW = timezone(timedelta(hours=3))
KILOBYTE = 1024
STAMP = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d)?)?")


def moment(at_s: float) -> str:
    """`2025-11-03 09:00:05.120`, in Moscow's time."""
    local = datetime.fromtimestamp(at_s, UTC).astimezone(MOSCOW)
    return local.strftime("%Y-%m-%d %H:%M:%S.") + f"{local.microsecond // 1000:03}"


def lasting(length_s: float) -> str:
    """`38 ms` below a second, `12.5 s` from there."""
    return f"{length_s * 1000:.0f} ms" if length_s < 1 else f"{length_s:.1f} s"


def size(count_bytes: int) -> str:
    """`512 B`, `1.5 kB`."""
    if count_bytes < KILOBYTE:
        return f"{count_bytes} B"
    return f"{count_bytes / KILOBYTE:.1f} kB"


def number(value: object) -> str:
    """Figures in threes, apart by a thin space that does not break."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)


def kind(value: object) -> str:
    """The name of a value's class: which macro draws it."""
    return type(value).__name__


def as_json(value: object) -> str:
    return orjson.dumps(value, default=shown, option=orjson.OPT_NON_STR_KEYS).decode()


def is_stamp(value: object) -> bool:
    """Whether a text is a date with its time, which no line should break."""
    return isinstance(value, str) and bool(STAMP.fullmatch(value))


@cache
def environment() -> Environment:
    """The templates; a name that nobody gives is an error, not an empty text."""
    made = Environment(
        loader=PackageLoader("sverka_emulator_kit.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {one.__name__: one for one in (moment, lasting, size, number, kind, as_json)}
    made.tests["stamp"] = is_stamp
    return made
