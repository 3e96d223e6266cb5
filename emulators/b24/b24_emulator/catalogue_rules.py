"""What the catalogue insists on, and what follows from a write to it.

Source: b24restdocs: api-reference/catalog/**.
"""

from typing import TYPE_CHECKING, Any

from b24_emulator import php, records
from b24_emulator.calls import Call
from b24_emulator.catalogue import (
    BASE_PRICE,
    CATALOG,
    MEASURE,
    PRICE,
    PRICE_TYPE,
    PRODUCT,
    PROPERTY,
    PROPERTY_ENUM,
    RATIO,
    SECTION,
)
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = dict[str, Any]  # Any: what was sent
PROPERTY_TYPES = ("S", "N", "L", "F", "E", "G")


def _rows(portal: "Portal", name: str) -> list[Row]:
    return list(portal.tables[name].rows.values())


def exists(portal: "Portal", name: str, number: object) -> bool:
    return php.integer(number) in portal.tables[name].rows


def _refuse(text: str, code: str = "0") -> PortalRefusal:
    return PortalRefusal(code, text)


def check_measure(call: Call, before: Row, sent: Sent) -> None:
    others = [row for row in _rows(call.portal, MEASURE.name) if row["ID"] != before.get("ID")]
    code = str(php.integer(sent.get("CODE", before.get("CODE"))))
    if any(row["CODE"] == code for row in others):
        raise _refuse(f"Unit of measurement with code {code} already exists", "200600000000")
    if php.flag(sent.get("IS_DEFAULT", "")) and any(row["IS_DEFAULT"] == "Y" for row in others):
        raise _refuse("Default unit of measurement already exists", "200600000010")


def check_price(call: Call, before: Row, sent: Sent) -> None:
    """One price without a range for each product and type."""
    if before:
        return
    product, kind = sent["PRODUCT_ID"], sent["CATALOG_GROUP_ID"]
    if not exists(call.portal, PRODUCT.name, product):
        raise _refuse("Validate price error. Product does not exist")
    if not exists(call.portal, PRICE_TYPE.name, kind):
        raise _refuse("Validate price error. Catalog price group is wrong")
    if "QUANTITY_FROM" in sent or "QUANTITY_TO" in sent:
        return
    if price_of(call.portal, product, kind):
        text = "Catalog product is allowed has only single price without ranges in price group"
        raise _refuse(f"Validate price error. {text}")


def price_of(portal: "Portal", product: object, kind: object) -> Row | None:
    """A product's price of a type, without a range."""
    table = portal.tables[PRICE.name]
    wanted = str(php.integer(kind))
    for number in table.with_value("PRODUCT_ID", php.integer(product)):
        row = table.rows[number]
        if row["CATALOG_GROUP_ID"] == wanted and row["QUANTITY_FROM"] is None:
            return row
    return None


def mirror_price(portal: "Portal", product: object) -> None:
    """The old catalogue's PRICE is the base price."""
    table, number = portal.tables[PRODUCT.name], php.integer(product)
    if number not in table.rows:
        return
    price = price_of(portal, number, BASE_PRICE) or {"PRICE": None, "CURRENCY": None}
    mirrored = {"PRICE": price["PRICE"], "CURRENCY_ID": price["CURRENCY"]}
    table.put(number, {**table.rows[number], **mirrored})


def after_price(call: Call, number: int, sent: Sent) -> None:
    mirror_price(call.portal, call.portal.tables[PRICE.name].rows[number]["PRODUCT_ID"])


def mirror_all(call: Call, row: Row, sent: Sent) -> None:
    """Before a price goes, its product forgets it."""
    product = php.integer(row["PRODUCT_ID"])
    table = call.portal.tables[PRODUCT.name]
    if row["CATALOG_GROUP_ID"] == BASE_PRICE and product in table.rows:
        table.put(product, {**table.rows[product], "PRICE": None, "CURRENCY_ID": None})


def check_price_type(call: Call, before: Row, sent: Sent) -> None:
    if before.get("BASE") == "Y" and "BASE" in sent and not php.flag(sent["BASE"]):
        raise _refuse("The base price type cannot be made usual", "BASE")


def after_price_type(call: Call, number: int, sent: Sent) -> None:
    """Of all types one is the base."""
    table = call.portal.tables[PRICE_TYPE.name]
    if table.rows[number]["BASE"] == "Y":
        for other, row in list(table.rows.items()):
            if other != number and row["BASE"] == "Y":
                table.put(other, {**row, "BASE": "N"})


def keep_base(call: Call, row: Row, sent: Sent) -> None:
    if row["BASE"] == "Y":
        raise _refuse("The base price type cannot be deleted", "BASE")
    table = call.portal.tables[PRICE.name]
    for number, price in list(table.rows.items()):
        if price["CATALOG_GROUP_ID"] == row["ID"]:
            table.drop(number)


def check_section(call: Call, before: Row, sent: Sent) -> None:
    portal = call.portal
    if not exists(portal, CATALOG.name, sent.get("IBLOCK_ID", before.get("IBLOCK_ID"))):
        raise _refuse("Iblock does not exist", "200700300050")
    parent = sent.get("IBLOCK_SECTION_ID")
    if parent not in (None, "", 0, "0") and not exists(portal, SECTION.name, parent):
        raise _refuse("Parent section does not exist", "200700300000")
    code = sent.get("CODE")
    others = (row for row in _rows(portal, SECTION.name) if row["ID"] != before.get("ID"))
    if code and any(row["CODE"] == code for row in others):
        raise _refuse("Section with this code already exists", "200700300040")


def free_section(call: Call, row: Row, sent: Sent) -> None:
    """What lay in a section that goes lies at the root (inferred)."""
    for name in (PRODUCT.name, SECTION.name):
        table = call.portal.tables[name]
        for number in list(table.with_value("IBLOCK_SECTION_ID", row["ID"])):
            table.put(number, {**table.rows[number], "IBLOCK_SECTION_ID": None})


def check_property(call: Call, before: Row, sent: Sent) -> None:
    if not exists(call.portal, CATALOG.name, sent.get("IBLOCK_ID", before.get("IBLOCK_ID"))):
        raise _refuse("The specified iblock is not a product catalog")
    if str(sent.get("PROPERTY_TYPE", before.get("PROPERTY_TYPE"))) not in PROPERTY_TYPES:
        raise _refuse("Invalid property type specified")
    if str(sent.get("CODE") or "")[:1].isdecimal():
        raise _refuse("Код свойства не может начинаться с цифры")


def drop_enum(call: Call, row: Row, sent: Sent) -> None:
    """A property goes with its list and with its values in products."""
    table = call.portal.tables[PROPERTY_ENUM.name]
    for number in list(table.with_value("PROPERTY_ID", row["ID"])):
        table.drop(number)
    products = call.portal.tables[PRODUCT.name]
    for number, product in list(products.rows.items()):
        if row["ID"] in product["PROPERTIES"]:
            left = {n: v for n, v in product["PROPERTIES"].items() if n != row["ID"]}
            products.put(number, {**product, "PROPERTIES": left})


def check_enum(call: Call, before: Row, sent: Sent) -> None:
    number = php.integer(sent.get("PROPERTY_ID", before.get("PROPERTY_ID")))
    owner = call.portal.tables[PROPERTY.name].rows.get(number)
    if owner is None:
        raise _refuse("productPropertyEnum does not exist.")
    if owner["PROPERTY_TYPE"] != "L":
        raise _refuse("Only list properties are supported")
    table = call.portal.tables[PROPERTY_ENUM.name]
    for found in table.with_value("PROPERTY_ID", number):
        row = table.rows[found]
        if row["ID"] != before.get("ID") and row["XML_ID"] == sent.get("XML_ID"):
            raise _refuse(f"A value with xmlId '{sent['XML_ID']}' already exists.")


def ratio_of_new(portal: "Portal", number: int) -> None:
    """Each product has a ratio of 1 (inferred)."""
    table = portal.tables[RATIO.name]
    new = table.new_id()
    table.put(new, {**RATIO.schema.defaults, "ID": str(new), "PRODUCT_ID": str(number)})


def set_base_price(call: Call, product: int, price: object, currency: object) -> None:
    """What the old catalogue writes as PRICE is the price of the base type."""
    found = price_of(call.portal, product, BASE_PRICE)
    fields = {"PRICE": price, "CURRENCY": currency or (found or {}).get("CURRENCY") or "RUB"}
    if found:
        records.update(call.portal, PRICE, int(found["ID"]), fields, call.caller)
    else:
        fields |= {"PRODUCT_ID": product, "CATALOG_GROUP_ID": BASE_PRICE}
        records.add(call.portal, PRICE, fields, call.caller)
    mirror_price(call.portal, product)
