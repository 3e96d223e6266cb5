"""Field values of the classic dialect: every scalar is stored and sent as a text."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from b24_emulator import moments, php
from b24_emulator.schema import Field

Stored = str | None


def is_unset(value: object) -> bool:
    """Whether a sent value clears a field; 0 does not."""
    return value is None or value is False or value == ""


def _text(value: object) -> Stored:
    if is_unset(value):
        return None
    if isinstance(value, str):
        return value
    return "1" if value is True else str(value) if isinstance(value, int | float) else None


def _number(value: object) -> Stored:
    return None if is_unset(value) else str(php.integer(value))


def _money(value: object) -> Stored:
    return None if is_unset(value) else f"{php.number(value):.2f}"


def _decimal(value: object) -> Stored:
    """All digits that were sent, without trailing zeros."""
    if is_unset(value):
        return None
    text = f"{Decimal(str(php.number(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _raw(value: Any) -> Any:  # Any: lists and objects, kept as they were sent
    return value


def _flag(value: object) -> Stored:
    return "Y" if php.flag(value) else "N"


def _moment(value: object) -> Stored:
    return moments.datetime_text(str(value or "")) or ""


def _date(value: object) -> Stored:
    return moments.date_text(str(value or "")) or ""


DECIMALS = {"double", "number", "decimal"}
LINKS = {f"crm_{kind}" for kind in ("company", "contact", "lead", "deal", "quote", "category")}
NUMBERS = {"integer", "int", "user", "location", "crm_entity", *LINKS, *DECIMALS}
"""Kinds that are compared as numbers; `number`, `switch` and `enumeration` are of user fields."""
SWITCHES = {"boolean", "switch"}
MOMENTS = {"datetime", "date"}

# LIKE does not work on these (b24restdocs: crm/companies/crm-company-list.md).
LIKE_FREE = {"crm_status", "crm_company", "crm_contact"}

_STORING: dict[str, Callable[[object], Stored]] = {
    "string": _text,
    # The number under which a file is kept.
    "file": _text,
    "text": _text,
    "crm_status": _text,
    "crm_currency": _text,
    "char": _flag,
    "boolean": _flag,
    "double": _money,
    "decimal": _decimal,
    "raw": _raw,
    "datetime": _moment,
    "date": _date,
    **dict.fromkeys(NUMBERS - DECIMALS, _number),
}
_OF_USER_FIELDS = {"number", "switch", "enumeration"}


def storable(field: Field) -> bool:
    """Whether a sent value is kept; unknown kinds are not emulated."""
    return field.kind in _STORING or field.kind in _OF_USER_FIELDS


def stored(field: Field, value: object) -> Stored:
    """What the portal keeps of a sent value; empty texts are kept as null."""
    return _STORING[field.kind](value)


def comparable(field: Field, value: object) -> float | str:
    """The value as a filter or an order sees it: numbers, or texts without letter case.

    The portal's tables compare texts without case (inferred: MySQL's usual collation).
    """
    if field.kind in NUMBERS:
        return php.number(value)
    if field.kind in SWITCHES:
        return str(php.flag(value))
    if field.kind in MOMENTS:
        return (stored(field, value) or "").casefold()
    return str(value if value is not None else "").casefold()


def kept_comparable(field: Field, value: object) -> float | str:
    """The same of a value that a row keeps: its moments are written as they are compared."""
    return str(value).casefold() if field.kind in MOMENTS else comparable(field, value)


def text_of(value: object) -> str:
    """A stored value as the text inside a LIKE."""
    return "" if value is None else str(value).casefold()
