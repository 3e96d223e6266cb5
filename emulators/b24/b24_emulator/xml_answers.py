"""The same answers as XML, for calls whose address ends with `.xml`.

Source: b24restdocs: settings/how-to-call-rest-api/general-principles.md. Elements of a list are
named `item`, an empty value is an empty element, a truth is 1 or nothing: all three inferred.
"""

import re
from typing import Any
from xml.etree import ElementTree as ET

import orjson

CONTENT_TYPE = "text/xml; charset=utf-8"
ITEM = "item"
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def encoded(body: bytes) -> bytes:
    """A JSON answer as XML with the root `response`; characters that XML lacks are left out."""
    root = ET.Element("response")
    _fill(root, orjson.loads(body))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill(node: ET.Element, value: Any) -> None:  # Any: JSON
    if isinstance(value, dict):
        for name, inner in value.items():
            # Numbers and odd keys are no names of elements.
            _fill(ET.SubElement(node, name if _NAME.fullmatch(name) else ITEM), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ET.SubElement(node, ITEM), inner)
    elif value is not None and value is not False:
        node.text = "1" if value is True else _FORBIDDEN.sub("", str(value))
