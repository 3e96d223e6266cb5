"""The catalogue but for its products. Source: b24restdocs: api-reference/catalog/**."""

from collections.abc import Mapping
from typing import Any

from b24_emulator import catalogue_rules as rules
from b24_emulator import currencies, php, records
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import (
    CATALOG,
    MEASURE,
    PRICE,
    PRICE_TYPE,
    PROPERTY,
    PROPERTY_ENUM,
    RATIO,
    ROUNDING,
    SECTION,
    STORE,
    STORE_PRODUCT,
    VAT,
)
from b24_emulator.controllers import View, controller_row
from b24_emulator.methods.controllers import Family, insist, rows_of
from b24_emulator.methods.row import Method
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.provenance import documented

PAGES = "api-reference/catalog"
SCOPE = ("catalog",)
ROUNDINGS = {1: "Математическое", 2: "В пользу магазина", 4: "В пользу клиента"}
DOCUMENTS = {
    "A": "Приход товара на склад",
    "S": "Оприходование товара",
    "M": "Перемещение товара между складами",
    "R": "Возврат товара",
    "D": "Списание товара",
    "U": "Отмена резервирования",
}
PRICES = View.of("catalog.price", PRICE)
CATALOGS = View.of("catalog.catalog", CATALOG)


def _no(code: str, text: str) -> PortalRefusal:
    return PortalRefusal(code, text)


def _is_offers(call: Call) -> Result:
    row = controller_row(call, CATALOGS, _no("0", "Catalog does not exist"))
    return Result(row["PRODUCT_IBLOCK_ID"] is not None)


def _modify(call: Call) -> Result:
    """A product's whole set of prices: named ones change, others come, missing ones go."""
    product = call.tree("fields").get("product")
    if not isinstance(product, dict):
        raise _no("0", "Required fields: product")
    number = php.integer(product.get("id"))
    sent = [PRICES.written(row) for row in php.rows(product.get("prices")) if isinstance(row, dict)]
    for row in sent:
        insist(PRICES, ("catalogGroupId", "price", "currency"), row)
        if not rules.exists(call.portal, PRICE_TYPE.name, row["CATALOG_GROUP_ID"]):
            raise _no("0", "Validate price error. Catalog price group is wrong")
    if not rules.exists(call.portal, "product", number):
        raise _no("0", "Validate price error. Product does not exist")
    table = call.portal.tables[PRICE.name]
    kept = {php.integer(row.get("ID")) for row in sent}
    for found in list(table.with_value("PRODUCT_ID", number)):
        if found not in kept:
            records.delete(call.portal, PRICE, found, call.caller)
    numbers = [_put(call, number, row) for row in sent]
    rules.mirror_price(call.portal, number)
    shown = [PRICES.shown(table.rows[found]) for found in numbers]
    return Result({"prices": [{**row, "priceScale": _scale(call, row)} for row in shown]})


def _scale(call: Call, price: Mapping[str, Any]) -> float | int:  # Any: JSON
    """A price in the base currency (inferred: the documents call it the base price)."""
    rate = float(currencies.rate(call.portal, price["currency"]))
    return php.brief(round(price["price"] * rate, 2))


def _put(call: Call, product: int, row: dict[str, Any]) -> int:  # Any: what was sent
    known = php.integer(row.get("ID"))
    if known in call.portal.tables[PRICE.name].rows:
        records.update(call.portal, PRICE, known, row, call.caller)
        return known
    return records.add(call.portal, PRICE, {**row, "PRODUCT_ID": product}, call.caller)


def _enum_of(names: dict[Any, str]) -> Result:  # Any: a number or a letter
    return Result({"enum": [{"id": code, "name": name} for code, name in names.items()]})


FAMILIES = (
    Family(
        "catalog.catalog",
        CATALOGS,
        "catalog",
        "catalogs",
        f"{PAGES}/catalog/catalog-catalog",
        verbs=("list", "get"),
        missing=_no("0", "Catalog does not exist"),
        more={"isoffers": _is_offers},
    ),
    Family(
        "catalog.measure",
        View.of("catalog.measure", MEASURE),
        "measure",
        "measures",
        f"{PAGES}/measure/catalog-measure",
        required=("code", "measureTitle"),
        missing=_no("200600000020", "Unit of measurement does not exist"),
        check=rules.check_measure,
    ),
    Family(
        "catalog.vat",
        View.of("catalog.vat", VAT),
        "vat",
        "vats",
        f"{PAGES}/vat/catalog-vat",
        required=("name", "rate"),
        required_again=("name", "rate"),
        missing=_no("200800000000", "VAT rate does not exist"),
    ),
    Family(
        "catalog.price",
        PRICES,
        "price",
        "prices",
        f"{PAGES}/price/catalog-price",
        required=("productId", "catalogGroupId", "price", "currency"),
        required_again=("price", "currency"),
        missing=_no("", "Price does not exist"),
        check=rules.check_price,
        after=rules.after_price,
        before_delete=rules.mirror_all,
        more={"modify": _modify},
    ),
    Family(
        "catalog.pricetype",
        View.of("catalog.priceType", PRICE_TYPE),
        "priceType",
        "priceTypes",
        f"{PAGES}/price-type/catalog-price-type",
        required=("name",),
        missing=_no("201000000000", "Price type does not exist"),
        check=rules.check_price_type,
        after=rules.after_price_type,
        before_delete=rules.keep_base,
    ),
    Family(
        "catalog.section",
        View.of("catalog.section", SECTION),
        "section",
        "sections",
        f"{PAGES}/section/catalog-section",
        required=("iblockId", "name"),
        required_again=("iblockId",),
        missing=_no("200700300030", "Section does not exist"),
        check=rules.check_section,
        before_delete=rules.free_section,
    ),
    Family(
        "catalog.store",
        View.of("catalog.store", STORE),
        "store",
        "stores",
        f"{PAGES}/store/catalog-store",
        required=("address",),
        missing=_no("201100000000", "Store does not exist"),
    ),
    Family(
        "catalog.storeproduct",
        View.of("catalog.storeproduct", STORE_PRODUCT),
        "storeProduct",
        "storeProducts",
        f"{PAGES}/store-product/catalog-store-product",
        verbs=("list", "get"),
        missing=_no("", "Store product is not exists"),
    ),
    Family(
        "catalog.ratio",
        View.of("catalog.ratio", RATIO),
        "ratio",
        "ratios",
        f"{PAGES}/ratio/catalog-ratio",
        verbs=("list", "get"),
        missing=_no("0", "Ratio does not exist"),
    ),
    Family(
        "catalog.roundingrule",
        View.of("catalog.roundingRule", ROUNDING),
        "roundingRule",
        "roundingRules",
        f"{PAGES}/rounding-rule/catalog-rounding-rule",
        required=("catalogGroupId", "price", "roundType", "roundPrecision"),
        missing=_no("200900000000", "Rounding rule does not exist"),
    ),
    Family(
        "catalog.productproperty",
        View.of("catalog.productProperty", PROPERTY),
        "productProperty",
        "productProperties",
        f"{PAGES}/product-property/catalog-product-property",
        required=("iblockId", "name", "propertyType"),
        required_again=("iblockId",),
        missing=_no("", "productProperty does not exist"),
        check=rules.check_property,
        before_delete=rules.drop_enum,
    ),
    Family(
        "catalog.productpropertyenum",
        View.of("catalog.productPropertyEnum", PROPERTY_ENUM),
        "productPropertyEnum",
        "productPropertyEnums",
        f"{PAGES}/product-property-enum/catalog-product-property-enum",
        required=("propertyId", "value", "xmlId"),
        required_again=("propertyId", "value", "xmlId"),
        missing=_no("0", "productPropertyEnum does not exist."),
        check=rules.check_enum,
    ),
)

ROWS = (
    *(row for kind in FAMILIES for row in rows_of(kind)),
    Method(
        "catalog.enum.getroundtypes",
        lambda call: _enum_of(ROUNDINGS),
        SCOPE,
        documented(f"{PAGES}/enum/catalog-enum-get-round-types"),
    ),
    Method(
        "catalog.enum.getstoredocumenttypes",
        lambda call: _enum_of(DOCUMENTS),
        SCOPE,
        documented(f"{PAGES}/enum/catalog-enum-get-store-document-types"),
    ),
)
