"""The trade catalogue: products with prices, sections, units, rates, stores, properties.

Source: b24restdocs: api-reference/catalog/**. The old catalogue's methods see the same rows.
"""

from b24_emulator.entity import Entity
from b24_emulator.schema import schema

PRODUCT_BLOCK, OFFER_BLOCK = "23", "24"
SIMPLE, WITH_OFFERS, OFFER, ORPHAN, SERVICE = "1", "3", "4", "5", "7"
BASE_PRICE = "1"

CATALOG = Entity("catalog", schema("catalog.catalog"))
MEASURE = Entity(
    "measure", schema("catalog.measure"), event="CATALOG.MEASURE.ON.", also=("ONCRMMEASURE",)
)
VAT = Entity("vat", schema("catalog.vat"))
PRICE = Entity("price", schema("catalog.price"), event="CATALOG.PRICE.ON.")
PRICE_TYPE = Entity("price_type", schema("catalog.priceType"), event="CATALOG.PRICE.TYPE.ON.")
SECTION = Entity("section", schema("catalog.section"), event="ONCRMPRODUCTSECTION")
STORE = Entity("store", schema("catalog.store"))
STORE_PRODUCT = Entity("store_product", schema("catalog.storeproduct"))
RATIO = Entity("ratio", schema("catalog.ratio"))
ROUNDING = Entity("rounding_rule", schema("catalog.roundingRule"), event="CATALOG.ROUNDING.ON.")
PROPERTY = Entity(
    "product_property", schema("catalog.productProperty"), event="ONCRMPRODUCTPROPERTY"
)
PROPERTY_ENUM = Entity("property_enum", schema("catalog.productPropertyEnum"))
IMAGE = Entity("product_image", schema("catalog.productImage"))
PRODUCT = Entity(
    "product", schema("catalog.product"), event="CATALOG.PRODUCT.ON.", also=("ONCRMPRODUCT",)
)
CATALOGUE = (
    CATALOG,
    MEASURE,
    VAT,
    PRICE,
    PRICE_TYPE,
    SECTION,
    STORE,
    STORE_PRODUCT,
    RATIO,
    ROUNDING,
    PROPERTY,
    PROPERTY_ENUM,
    IMAGE,
    PRODUCT,
)
FURNISHED = (CATALOG, MEASURE, VAT, PRICE_TYPE, STORE, PROPERTY)
"""What a fresh portal has rows of."""
