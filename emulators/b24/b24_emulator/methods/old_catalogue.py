"""The old catalogue: the same products, sections, units and rates in classic words.

Source: b24restdocs: api-reference/crm/outdated/**; but for crm.vat the answers are inferred.
"""

from b24_emulator import catalogue_rules as rules
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import (
    CATALOG,
    MEASURE,
    PRODUCT,
    PRODUCT_BLOCK,
    PROPERTY,
    PROPERTY_ENUM,
    SECTION,
    VAT,
)
from b24_emulator.controllers import View
from b24_emulator.methods.old_views import PAGES, Old, Sent, old_rows
from b24_emulator.methods.row import family
from b24_emulator.table import Row


def _in_block(call: Call, row: Row, sent: Sent) -> None:
    """Sections and products of the old catalogue lie in the one block for products."""
    if not row and not sent.get("IBLOCK_ID"):
        sent["IBLOCK_ID"] = PRODUCT_BLOCK


def _check_section(call: Call, row: Row, sent: Sent) -> None:
    _in_block(call, row, sent)
    rules.check_section(call, row, sent)


def _check_property(call: Call, row: Row, sent: Sent) -> None:
    _in_block(call, row, sent)
    rules.check_property(call, row, sent)


TYPES = (
    ("S", "", "Строка"),
    ("N", "", "Число"),
    ("L", "", "Список"),
    ("F", "", "Файл"),
    ("S", "HTML", "HTML/текст"),
    ("S", "DateTime", "Дата/Время"),
    ("S", "Date", "Дата"),
    ("S", "Money", "Деньги"),
    ("S", "employee", "Привязка к сотруднику"),
)


def _types(call: Call) -> Result:
    names = ("PROPERTY_TYPE", "USER_TYPE", "DESCRIPTION")
    return Result([dict(zip(names, row, strict=True)) for row in TYPES])


def _settings(call: Call) -> Result:
    """Only strings in HTML have settings here: the height of their editor."""
    if call.text("usertype") != "HTML":
        return Result({})
    return Result({"height": {"type": "integer", "title": "Высота"}})


ENUM = View.of("crm.product.property.enumeration", PROPERTY_ENUM)

ROWS = (
    *old_rows(
        "crm.catalog",
        "catalog/crm-catalog",
        Old(View.of("crm.catalog", CATALOG)),
        "fields",
        "list",
        "get",
    ),
    *old_rows(
        "crm.measure",
        "measure/crm-measure",
        Old(
            View.of("crm.measure", MEASURE),
            required=("CODE", "MEASURE_TITLE"),
            check=rules.check_measure,
        ),
    ),
    *old_rows(
        "crm.vat",
        "vat/crm-vat",
        Old(View.of("crm.vat", VAT), required=("NAME", "RATE"), answers_number=True),
    ),
    *old_rows(
        "crm.productsection",
        "product-section/crm-product-section",
        Old(
            View.of("crm.productsection", SECTION),
            required=("NAME",),
            check=_check_section,
            before_delete=rules.free_section,
        ),
    ),
    *old_rows(
        "crm.product",
        "products/crm-product",
        Old(View.of("crm.product", PRODUCT), required=("NAME",), check=_in_block),
    ),
    *old_rows(
        "crm.product.property",
        "products/crm-product-property",
        Old(
            View.of("crm.product.property", PROPERTY),
            required=("NAME", "PROPERTY_TYPE"),
            check=_check_property,
            before_delete=rules.drop_enum,
        ),
    ),
    *family(
        "crm.product.property",
        f"{PAGES}/products/crm-product-property",
        {
            "types": _types,
            "settings.fields": _settings,
            "enumeration.fields": lambda call: Result(ENUM.described),
        },
    ),
)
