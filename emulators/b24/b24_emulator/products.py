"""Products: how one is made, changed, shown, and what product rows know of it.

Source: b24restdocs: api-reference/catalog/product/**.
"""

from typing import TYPE_CHECKING, Any

from b24_emulator import files, php, properties, records
from b24_emulator.calls import Caller
from b24_emulator.catalogue import (
    CATALOG,
    IMAGE,
    MEASURE,
    OFFER,
    ORPHAN,
    PRICE,
    PRODUCT,
    RATIO,
    SECTION,
    SIMPLE,
    STORE_PRODUCT,
    VAT,
    WITH_OFFERS,
)
from b24_emulator.catalogue_rules import exists, ratio_of_new
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import upper
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = dict[str, Any]  # Any: what was sent
PICTURES = {"DETAIL_PICTURE": "detailPicture", "PREVIEW_PICTURE": "previewPicture"}
LINKS = (
    ("IBLOCK_SECTION_ID", SECTION.name, "Section does not exist"),
    ("VAT_ID", VAT.name, "VAT rate does not exist"),
    ("MEASURE", MEASURE.name, "Unit of measurement does not exist"),
)
HANGS_ON = (PRICE, RATIO, STORE_PRODUCT, IMAGE)


def add(portal: "Portal", kind: str, sent: Sent, raw: Sent, caller: Caller) -> int:
    """Make a product of a kind.

    Args:
        sent: Its fields in the row's words.
        raw: What was sent, with properties under their own names.

    Raises:
        PortalRefusal: A block, a section, a rate or a unit is not there.
    """
    block = sent.get("IBLOCK_ID")
    if not exists(portal, CATALOG.name, block):
        raise PortalRefusal("200040300000", "Iblock does not exist")
    _check(portal, sent)
    parent = php.integer(sent.get("PARENT_ID"))
    if kind == OFFER and parent not in portal.tables[PRODUCT.name].rows:
        kind, parent = ORPHAN, 0
    hidden = {
        "TYPE": kind,
        "PARENT_ID": str(parent) if parent else None,
        "PROPERTIES": properties.written(portal, block, {}, raw),
        "PRICE": None,
        "CURRENCY_ID": None,
        "MEASURE": default_measure(portal),
        **_pictures(portal, sent, {}),
    }
    number = records.add(portal, PRODUCT, _writable(sent), caller, hidden=hidden)
    table = portal.tables[PRODUCT.name]
    row = table.rows[number]
    table.put(number, {**row, "XML_ID": row["XML_ID"] or str(number)})
    ratio_of_new(portal, number)
    if parent and table.rows[parent]["TYPE"] == SIMPLE:
        # A product becomes one with offers when its first offer comes (inferred).
        table.put(parent, {**table.rows[parent], "TYPE": WITH_OFFERS})
    return number


def update(portal: "Portal", before: Row, sent: Sent, raw: Sent, caller: Caller) -> None:
    _check(portal, sent)
    block = before["IBLOCK_ID"]
    values = properties.written(portal, block, before["PROPERTIES"], raw)
    hidden = {"PROPERTIES": values, **_pictures(portal, sent, before)}
    if "PARENT_ID" in sent:
        hidden["PARENT_ID"] = str(php.integer(sent["PARENT_ID"])) or None
    records.update(portal, PRODUCT, int(before["ID"]), _writable(sent), caller, hidden=hidden)


def delete(portal: "Portal", number: int, caller: Caller) -> None:
    """A product goes with its offers, prices, ratio, balances and images (inferred)."""
    table = portal.tables[PRODUCT.name]
    for offer in list(table.with_value("PARENT_ID", number)):
        delete(portal, offer, caller)
    for held in files_of(portal, table.rows[number]):
        files.drop(portal, held)
    for entity in HANGS_ON:
        others = portal.tables[entity.name]
        for found in list(others.with_value("PRODUCT_ID", number)):
            others.drop(found)
    records.delete(portal, PRODUCT, number, caller)


def files_of(portal: "Portal", row: Row) -> list[str]:
    """Numbers of all files that a product's fields hold, and of its images."""
    values = [row[name] for name in PICTURES]
    values += [one["value"] for held in row["PROPERTIES"].values() for one in held]
    images = portal.tables[IMAGE.name].with_value("PRODUCT_ID", row["ID"])
    return [value["id"] for value in values if isinstance(value, dict)] + list(map(str, images))


def _writable(sent: Sent) -> Sent:
    return {name: value for name, value in sent.items() if name not in PICTURES}


def _check(portal: "Portal", sent: Sent) -> None:
    for name, table, text in LINKS:
        if sent.get(name) not in (None, "", 0, "0") and not exists(portal, table, sent[name]):
            raise PortalRefusal("0", text)
    if sent.get("PURCHASING_PRICE") not in (None, ""):
        sent["PURCHASING_PRICE"] = f"{php.number(sent['PURCHASING_PRICE']):.6f}"


def _pictures(portal: "Portal", sent: Sent, before: Row) -> Sent:
    """Numbers of the pictures that were sent; those that they replace are forgotten."""
    kept: Sent = {}
    for name in PICTURES:
        value = sent.get(name)
        if isinstance(value, dict) and "fileData" in value:
            kept[name] = {"id": str(files.keep(portal, value["fileData"]))}
        elif name in sent and (not value or "remove" in value):
            kept[name] = None
        if name in kept and before.get(name):
            forget(portal, before[name]["id"])
    return kept


def forget(portal: "Portal", number: str) -> None:
    """A picture that a product's field held goes, with what was said of it as an image."""
    files.drop(portal, number)
    images = portal.tables[IMAGE.name]
    if int(number) in images.rows:
        images.drop(int(number))


def default_measure(portal: "Portal") -> str | None:
    rows = portal.tables[MEASURE.name].rows.values()
    return next((row["ID"] for row in rows if row["IS_DEFAULT"] == "Y"), None)


def with_pictures(row: Row) -> Row:
    """A row whose pictures are addresses."""
    found = {}
    for name, field in PICTURES.items():
        if row[name]:
            found[name] = properties.addressed(row["ID"], field, row[name]["id"])
    return {**row, **found}


def file_of(portal: "Portal", row: Row, field: str, number: object) -> files.File | None:
    """A file of a product by the field that holds it, or of its images; None if none does."""
    own = properties.number_of(field)
    held = row["PROPERTIES"].get(own, []) if own else ({"value": row.get(upper(field))},)
    known = {str(one["value"]["id"]) for one in held if isinstance(one["value"], dict)}
    known |= set(map(str, portal.tables[IMAGE.name].with_value("PRODUCT_ID", row["ID"])))
    return files.found(portal, number) if str(number) in known else None


def in_row(portal: "Portal", product_id: object) -> dict[str, Any] | None:  # Any: texts
    """A product as its rows know it, None if there is no such product."""
    row = portal.tables[PRODUCT.name].rows.get(php.integer(product_id))
    if row is None:
        return None
    measure = portal.tables[MEASURE.name].rows.get(php.integer(row["MEASURE"]))
    return {
        "NAME": row["NAME"],
        "DESCRIPTION": row["DETAIL_TEXT"],
        "TYPE": row["TYPE"],
        "MEASURE_CODE": measure["CODE"] if measure else "0",
        "MEASURE_NAME": measure["SYMBOL"] if measure else "",
    }


def taken_by_payments(portal: "Portal") -> dict[str, float]:
    """How much of each product row is in a payment already."""
    taken: dict[str, float] = {}
    for one in portal.tables["payment_product"].rows.values():
        taken[one["ROW_ID"]] = taken.get(one["ROW_ID"], 0.0) + php.number(one["QUANTITY"])
    return taken
