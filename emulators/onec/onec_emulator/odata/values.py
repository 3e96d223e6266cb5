"""Reading values that a client sent into the form in which the base stores them."""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from onec_emulator.odata import errors
from onec_emulator.schemas import (
    EMPTY,
    NAMESPACE,
    NO_TYPES,
    RECORDS,
    STREAM,
    SURROGATE,
    TYPE_DESCRIPTION,
    UNDEFINED,
    EntitySet,
    Field,
    Row,
)
from onec_emulator.switches import Switches

GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
DIGITS_MAX = 38
"""A number of the platform has no more; what 1C says to a longer one is inferred."""
WHOLE = re.compile(rf"[0-9]{{1,{DIGITS_MAX}}}")
BIND = re.compile(rf"(?:.*/)?(\w+)\(guid'({GUID.pattern})'\)")
READ_ONLY = frozenset(("DataVersion", "Predefined", "PredefinedDataName", SURROGATE))
DOUBLE_LIMIT = 1e20
"""More digits than any number of a configuration has."""
LIMITS = {"Edm.Int16": 2**15, "Edm.Int32": 2**31, "Edm.Int64": 2**63}

Reader = Callable[[Any], Any]  # Any: a JSON value in, a stored value out


def read_fields(schema: EntitySet, body: Mapping[str, Any], switches: Switches) -> Row:
    """Return the known properties of `body` as stored values; unknown ones are left out.

    Raises:
        ODataError: A value does not fit its type, or a table part is misnumbered.
    """
    readers, found = _readers(schema), {}
    for name, value in body.items():
        if (reader := readers.get(name)) is not None:
            found[name] = reader(value)
        elif name in schema.parts:
            found[name] = _read_part(schema, name, value, switches)
        elif name.endswith("@odata.bind"):
            found.update(_read_bind(schema, name.removesuffix("@odata.bind"), value))
    _settle_composites(found)
    return found


@lru_cache(maxsize=256)
def _readers(schema: EntitySet) -> Mapping[str, Reader]:
    return {
        name: reader_of(field)
        for name, field in schema.fields.items()
        if name not in READ_ONLY and field.edm != STREAM
    }


@lru_cache(maxsize=256)
def _part_readers(schema: EntitySet, part: str) -> Mapping[str, Reader]:
    columns = schema.parts[part]
    return {name: reader_of(field) for name, field in columns.items() if name != "LineNumber"}


@lru_cache(maxsize=256)
def _blank_line(schema: EntitySet, part: str) -> Row:
    blank: Row = {name: field.empty for name, field in schema.parts[part].items()}
    # A record counts unless somebody says that it does not.
    return blank | {"Active": True} if part == RECORDS else blank


def _read_part(schema: EntitySet, part: str, value: object, switches: Switches) -> list[Row]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
        raise errors.internal("Произошла внутренняя ошибка OData сервиса")
    readers, blank = _part_readers(schema, part), _blank_line(schema, part)
    lines: list[Row] = []
    for number, sent in enumerate(value, 1):
        if switches.line_numbers == "strict":
            _check_number(part, sent, number)
        known = {name: readers[name](item) for name, item in sent.items() if name in readers}
        _settle_composites(known)
        lines.append({**blank, **known, "LineNumber": str(number)})
    return lines


def _settle_composites(found: Row) -> None:
    """A composite of no type holds nothing whatever was sent; a reference is a guid."""
    for name in [name for name in found if name.endswith("_Type")]:
        value = found.get(name.removesuffix("_Type"))
        if found[name] == UNDEFINED:
            found[name.removesuffix("_Type")] = ""
        elif isinstance(value, str) and found[name].startswith(NAMESPACE):
            found[name.removesuffix("_Type")] = value.lower() if GUID.fullmatch(value) else value


def _check_number(part: str, sent: Row, number: int) -> None:
    if "LineNumber" not in sent:
        raise errors.internal("Произошла внутренняя ошибка OData сервиса")
    if str(sent["LineNumber"]) != str(number):
        raise errors.bad_line_number(part)


def _read_bind(schema: EntitySet, navigation: str, value: object) -> Row:
    field = schema.fields.get(navigation + "_Key")
    if field is None:
        return {}
    found = BIND.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise errors.bad_key(str(value))
    return {field.name: found[2].lower()}


def reader_of(field: Field) -> Reader:
    """What turns a sent JSON value of this field into a stored one; null is the empty value."""
    if field.choices is not None:
        return _choice(field.choices)
    if field.edm == "Edm.String":
        return _text(field.length, field.empty)
    if field.edm == "Edm.Double" and field.places is not None:
        return _fixed(field.places)
    return PLAIN[field.edm]


def _fixed(places: int) -> Reader:
    """A number with so many decimal places; half of the last one goes away from zero."""
    unit = Decimal(1).scaleb(-places)

    def read(value: object) -> object:
        number = _double(value)
        if isinstance(number, int):
            return number
        return float(Decimal(str(number)).quantize(unit, ROUND_HALF_UP))

    return read


def _text(length: int | None, empty: object) -> Reader:
    def read(value: object) -> object:
        if isinstance(value, str):
            # Too long texts are cut without a word.
            return value[:length]
        if value is None:
            return empty
        if isinstance(value, list | dict):
            raise errors.internal("Произошла внутренняя ошибка OData сервиса")
        raise errors.unparsable(value, "Edm.String")

    return read


def _choice(choices: frozenset[str]) -> Reader:
    def read(value: object) -> object:
        if value is None or value == "":
            return ""
        if isinstance(value, str) and value in choices:
            return value
        raise errors.unparsable(value, "Edm.String")

    return read


def _guid(value: object) -> object:
    if value is None:
        return EMPTY["Edm.Guid"]
    if isinstance(value, str) and GUID.fullmatch(value):
        return value.lower()
    raise errors.unparsable(value, "Edm.Guid")


def _moment(value: object) -> object:
    if value is None:
        return EMPTY["Edm.DateTime"]
    if isinstance(value, str) and is_moment(value):
        return value
    raise errors.unparsable(value, "Edm.DateTime")


def is_moment(text: str) -> bool:
    """Whether `text` is a date as 1C writes it: four-digit year, whole seconds, no zone."""
    if not MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _truth(value: object) -> object:
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    raise errors.unparsable(value, "Edm.Boolean")


def _double(value: object) -> object:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise errors.unparsable(value, "Edm.Double")
    # More is no number of a configuration, and nothing that could be rounded.
    if abs(value) < DOUBLE_LIMIT:
        return value
    raise errors.unparsable(value, "Edm.Double")


def _binary(value: object) -> object:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise errors.unparsable(value, "Edm.Binary")
    try:
        b64decode(value, validate=True)
    except ValueError as error:
        raise errors.unparsable(value, "Edm.Binary") from error
    return value


def _type_description(value: object) -> object:
    """A description of types: `Types` and those qualifiers that differ from the usual."""
    if value is None:
        return NO_TYPES
    if not isinstance(value, dict) or not isinstance(value.get("Types", []), list):
        raise errors.internal("Произошла внутренняя ошибка OData сервиса")
    return {name: value.get(name, empty) for name, empty in NO_TYPES.items()}


def _whole(edm: str) -> Reader:
    def read(value: object) -> object:
        if value is None:
            return EMPTY[edm]
        number = int(value) if isinstance(value, str) and _is_whole(value, edm) else value
        if isinstance(number, bool) or not isinstance(number, int) or abs(number) >= LIMITS[edm]:
            raise errors.unparsable(value, edm)
        return str(number) if edm == "Edm.Int64" else number

    return read


def _is_whole(text: str, edm: str) -> bool:
    # Int64 travels as a string in JSON; the shorter ones are numbers and nothing else.
    return edm == "Edm.Int64" and re.fullmatch(r"-?[0-9]{1,19}", text) is not None


PLAIN: Mapping[str, Reader] = {
    "Edm.Guid": _guid,
    "Edm.DateTime": _moment,
    "Edm.Boolean": _truth,
    "Edm.Double": _double,
    "Edm.Binary": _binary,
    TYPE_DESCRIPTION: _type_description,
    "Edm.Int16": _whole("Edm.Int16"),
    "Edm.Int32": _whole("Edm.Int32"),
    "Edm.Int64": _whole("Edm.Int64"),
}
