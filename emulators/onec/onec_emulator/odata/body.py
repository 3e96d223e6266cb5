"""Bodies of writes: JSON or an Atom entry, read into names and JSON values."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import orjson

from onec_emulator.odata import errors
from onec_emulator.odata.atom_form import SERVICES
from onec_emulator.odata.values import WHOLE
from onec_emulator.schemas import TYPE_DESCRIPTION, EntitySet, Field, Row
from sverka_emulator_kit.messages import Request

D = f"{{{SERVICES}}}"
M = f"{{{SERVICES}/metadata}}"
BOM = b"\xef\xbb\xbf"


def read_body(schema: EntitySet, request: Request) -> Mapping[str, Any]:
    """Return the properties of a write's body by name.

    Raises:
        ODataError: The body is neither JSON nor an Atom entry, or its type is another.
    """
    body = request.body.removeprefix(BOM).lstrip()
    if body.startswith(b"<"):
        return _atom(schema, body)
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if kind.endswith("xml"):
        raise errors.internal("Ошибка разбора XML")
    if not kind.endswith(("json", "/plain", "/octet-stream", "urlencoded")):
        raise errors.format_unknown(kind, 415)
    return _json(body)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.internal("Непредвиденный символ при чтении JSON") from error
    if not isinstance(found, dict):
        raise errors.internal("Произошла внутренняя ошибка OData сервиса")
    return found


def _atom(schema: EntitySet, body: bytes) -> Row:
    try:
        properties = ElementTree.fromstring(body).find(f".//{M}properties")
    except ElementTree.ParseError as error:
        raise errors.internal("Ошибка разбора XML") from error
    if properties is None:
        raise errors.internal("Произошла внутренняя ошибка OData сервиса")
    found: Row = {}
    for element in properties:
        name = element.tag.removeprefix(D)
        if name in schema.parts:
            found[name] = [_line(schema.parts[name], line) for line in element]
        elif name in schema.fields:
            found[name] = _scalar(schema.fields[name], element)
    return found


def _line(columns: Mapping[str, Field], line: ElementTree.Element) -> Row:
    found = {element.tag.removeprefix(D): element for element in line}
    return {name: _scalar(columns[name], item) for name, item in found.items() if name in columns}


def _scalar(field: Field, element: ElementTree.Element) -> object:
    if element.get(f"{M}null") == "true":
        return None
    if field.edm == TYPE_DESCRIPTION:
        return _type_description(element)
    text = element.text or ""
    if field.edm == "Edm.Boolean":
        return {"true": True, "false": False}.get(text, text)
    if field.edm in ("Edm.Int16", "Edm.Int32"):
        return int(text) if WHOLE.fullmatch(text.removeprefix("-")) else text
    return _double(text) if field.edm == "Edm.Double" else text


def _type_description(element: ElementTree.Element) -> Row:
    found: Row = {}
    for inner in element:
        name = inner.tag.removeprefix(D)
        if name == "Types":
            found[name] = [item.text or "" for item in inner]
        else:
            found[name] = dict(map(_qualifier, inner))
    return found


def _qualifier(element: ElementTree.Element) -> tuple[str, object]:
    name, text = element.tag.removeprefix(D), element.text or ""
    is_number = name in ("Digits", "FractionDigits") and WHOLE.fullmatch(text) is not None
    return name, int(text) if is_number else text


def _double(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
