"""Properties of products: values that the portal's users defined, `property258` in an answer.

Source: b24restdocs: api-reference/catalog/product/*.md. A value has a number of its own; a
multiple property is a list of values.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from b24_emulator import files, php
from b24_emulator.catalogue import PROPERTY
from b24_emulator.filters import Predicate, parted
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Values = dict[str, list[dict[str, Any]]]  # Any: JSON scalars
_NAME = re.compile(r"property_?(\d+)", re.IGNORECASE)


def of_block(portal: "Portal", block: object) -> list[Row]:
    """Properties of one information block."""
    table = portal.tables[PROPERTY.name]
    return [table.rows[number] for number in table.with_value("IBLOCK_ID", php.integer(block))]


def number_of(name: str) -> str:
    """`258` of `property258` or `PROPERTY_258`, `""` of anything else."""
    found = _NAME.fullmatch(name)
    return found[1] if found else ""


def written(
    portal: "Portal",
    block: object,
    present: Values,
    sent: Mapping[str, Any],  # Any: what was sent
) -> Values:
    """All values after a write; properties of other blocks are ignored."""
    own = {row["ID"]: row for row in of_block(portal, block)}
    values = dict(present)
    for name, value in sent.items():
        number = number_of(name)
        if number in own:
            values[number] = _values(portal, value, present.get(number, []))
            if own[number]["MULTIPLE"] != "Y":
                values[number] = values[number][:1]
    return values


def _values(
    portal: "Portal", sent: object, present: list[dict[str, Any]]
) -> list[dict[str, Any]]:  # Any: JSON scalars
    is_one = isinstance(sent, dict) and not {"value", "filedata"}.isdisjoint(_lower(sent))
    is_many = isinstance(sent, list | dict) and not is_one
    known = {value["valueId"] for value in present}
    kept = []
    for element in php.rows(sent) if is_many else [sent]:
        one = _lower(element) if isinstance(element, dict) else {"value": element}
        value = one.get("value", one if "filedata" in one else None)
        if value in (None, "", []) or (isinstance(value, dict) and "remove" in value):
            continue
        given = str(one.get("valueid") or "")
        number = given if given in known else str(portal.new_value_id())
        kept.append({"value": _value(portal, value), "valueId": number})
    _forget(portal, present, kept)
    return kept


def _value(portal: "Portal", value: Any) -> Any:  # Any: JSON
    """A scalar, or the number of the file that was sent, or that was there before."""
    if not isinstance(value, dict):
        return value
    sent = _lower(value)
    number = files.keep(portal, sent["filedata"]) if "filedata" in sent else sent.get("id")
    return {"id": str(number)}


def _forget(
    portal: "Portal", present: list[dict[str, Any]], kept: list[dict[str, Any]]
) -> None:  # Any: JSON
    held = [one["value"] for one in kept]
    for one in present:
        if isinstance(one["value"], dict) and one["value"] not in held:
            files.drop(portal, one["value"]["id"])


def _lower(sent: Mapping[str, Any]) -> dict[str, Any]:  # Any: what was sent
    return {str(name).lower(): value for name, value in sent.items()}


def shown(portal: "Portal", row: Row, prefix: str = "property") -> dict[str, Any]:  # Any: JSON
    """The values of a product by name: one, a list of them, or null."""
    found: dict[str, Any] = {}
    for one in of_block(portal, row["IBLOCK_ID"]):
        name = f"{prefix}{one['ID']}"
        values = [_shown(row, name, held) for held in row["PROPERTIES"].get(one["ID"], [])]
        whole = values if one["MULTIPLE"] == "Y" else values[0] if values else None
        found[name] = whole or None
    return found


def _shown(row: Row, name: str, held: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    value = held["value"]
    if not isinstance(value, dict):
        return held
    return {**held, "value": addressed(row["ID"], name, value["id"])}


def addressed(product: str, field: str, number: str) -> dict[str, str]:
    """A file of a product with the address that sends it, relative as the documents show it."""
    asked = {"fieldName": field, "fileId": number, "productId": product}
    query = urlencode({f"fields[{key}]": value for key, value in asked.items()})
    url = f"/rest/catalog.product.download?{query}"
    return {"id": number, "url": url, "urlMachine": url}


def parts(sent: Mapping[str, Any]) -> tuple[dict[str, Any], list[Predicate]]:  # Any: sent
    """A filter without its properties, and what they ask."""
    plain = {key: value for key, value in sent.items() if not number_of(parted(key)[1])}
    asked = [_asks(key, value) for key, value in sent.items() if key not in plain]
    return plain, asked


def _asks(key: str, value: object) -> Predicate:
    operator, name = parted(key)
    number = number_of(name)
    wanted = {str(one) for one in (php.rows(value) if isinstance(value, list | dict) else [value])}

    def holds(row: Row) -> bool:
        values = {str(one["value"]) for one in row["PROPERTIES"].get(number, [])} or {""}
        return values.isdisjoint(wanted) if operator.startswith("!") else bool(values & wanted)

    return holds
