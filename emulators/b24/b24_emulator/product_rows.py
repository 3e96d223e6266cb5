"""Product rows of deals, leads, quotes, invoices: prices with discount and tax, and totals.

Source: b24restdocs: api-reference/crm/universal/product-rows/*.md, crm/deals/
crm-deal-productrows-*.md. That VAT of a total is rounded by unit is inferred.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from b24_emulator import currencies, php, refusals
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

KOPECK, WHOLE = Decimal("0.01"), Decimal(100)
BY_SUM, BY_RATE = "1", "2"
SORT_STEP = 10
Sent = Mapping[str, Any]  # Any: what the caller sent
TABLE = "productrow"
_TYPE = "(DISCOUNT_TYPE_ID) is defined"
RATE_MISSING = f"Discount Rate (DISCOUNT_RATE) is required if Percentage Discount Type {_TYPE}<br>"
SUM_MISSING = f"Discount Sum (DISCOUNT_SUM) is required if Monetary Discount Type {_TYPE}<br>"
WHOLE_MISSING = (
    f"Discount Sum (DISCOUNT_SUM) is required if Percentage Discount Type {_TYPE} and "
    "Discount Rate (DISCOUNT_RATE) is 100%<br>"
)


def of_owner(portal: "Portal", owner_type: str, owner: int) -> list[Row]:
    """Rows of one owner, in their order."""
    table = portal.tables[TABLE]
    rows = [table.rows[number] for number in table.with_value("OWNER_ID", owner)]
    own = [row for row in rows if row["OWNER_TYPE"] == owner_type]
    return sorted(own, key=lambda row: (int(row["SORT"]), int(row["ID"])))


def in_account(portal: "Portal", row: Row, owner: Row) -> dict[str, str]:
    """PRICE_ACCOUNT of a row: its price in the base currency, by the present rate."""
    price = Decimal(row["PRICE"]) * currencies.rate(portal, owner.get("CURRENCY_ID"))
    return {"PRICE_ACCOUNT": f"{_kopecks(price):f}"}


def revalue(portal: "Portal", owner_type: str, before: Row, owner: Row) -> None:
    """Rows follow the currency of their owner; that a new rate leaves them alone is inferred."""
    if before.get("CURRENCY_ID") != owner.get("CURRENCY_ID"):
        table = portal.tables[TABLE]
        for row in of_owner(portal, owner_type, int(owner["ID"])):
            table.put(int(row["ID"]), {**row, **in_account(portal, row, owner)})


def totals(rows: Iterable[Row]) -> dict[str, str]:
    """OPPORTUNITY and TAX_VALUE of an owner whose amount is not set by hand."""
    amount, tax = Decimal(0), Decimal(0)
    for row in rows:
        price, quantity = Decimal(row["PRICE"]), Decimal(row["QUANTITY"])
        amount += price * quantity
        tax += (price - Decimal(row["PRICE_EXCLUSIVE"])) * quantity
    return {"OPPORTUNITY": f"{_kopecks(amount):f}", "TAX_VALUE": f"{_kopecks(tax):f}"}


def written(product: Sent | None, before: Row, sent: Sent) -> dict[str, Any]:  # Any: texts
    """A row after a write of `sent`, without number and owner.

    Args:
        product: NAME, MEASURE_CODE, MEASURE_NAME of the row's product, None for free text.
        before: The row that is changed, empty for a new one.

    Raises:
        PortalRefusal: A kind of discount is named without its size.
    """
    _check_discount({**before, **sent})
    number = php.integer(sent.get("PRODUCT_ID", before.get("PRODUCT_ID")))
    known = product or {"NAME": f"[{number}]" if number else "", "MEASURE_CODE": "0"}
    name = str(sent.get("PRODUCT_NAME") or before.get("PRODUCT_NAME") or known["NAME"])
    row = {
        "PRODUCT_ID": str(number),
        "PRODUCT_NAME": name,
        "ORIGINAL_PRODUCT_NAME": known["NAME"] if number else name,
        "PRODUCT_DESCRIPTION": known.get("DESCRIPTION"),
        "QUANTITY": _text(_given(sent, before, "QUANTITY", "1")),
        "TAX_RATE": _rate(sent.get("TAX_RATE", before.get("TAX_RATE"))),
        "TAX_INCLUDED": "Y"
        if php.flag(sent.get("TAX_INCLUDED", before.get("TAX_INCLUDED", "")))
        else "N",
        "CUSTOMIZED": "Y",
        "MEASURE_CODE": str(
            php.integer(
                sent.get("MEASURE_CODE") or before.get("MEASURE_CODE") or known["MEASURE_CODE"]
            )
        ),
        "MEASURE_NAME": str(
            sent.get("MEASURE_NAME")
            or before.get("MEASURE_NAME")
            or known.get("MEASURE_NAME")
            or ""
        ),
        "SORT": str(php.integer(sent.get("SORT", before.get("SORT", 0)))),
        "XML_ID": before.get("XML_ID", ""),
        "TYPE": str(known.get("TYPE") or 1),
        "STORE_ID": before.get("STORE_ID"),
        "RESERVE_ID": None,
        "DATE_RESERVE_END": None,
        "RESERVE_QUANTITY": None,
    }
    return row | _priced(row["TAX_RATE"], before, sent)


def _priced(tax_rate: str | None, before: Row, sent: Sent) -> dict[str, str]:
    price = _number(_given(sent, before, "PRICE", "0"))
    tax = 1 + _number(tax_rate or "0") / WHOLE
    exclusive = _kopecks(price / tax)
    kind = str(php.integer(_given(sent, before, "DISCOUNT_TYPE_ID", BY_RATE)))
    rate, off = (
        _number(_given(sent, before, name, "0")) for name in ("DISCOUNT_RATE", "DISCOUNT_SUM")
    )
    if kind == BY_SUM:
        netto = exclusive + off
        rate = _kopecks(off / netto * WHOLE) if netto else Decimal(0)
    else:
        netto = exclusive + off if rate >= WHOLE else _kopecks(exclusive / (1 - rate / WHOLE))
    return {
        "PRICE": _text(price),
        "PRICE_EXCLUSIVE": _text(exclusive),
        "PRICE_NETTO": _text(netto),
        "PRICE_BRUTTO": _text(_kopecks(netto * tax)),
        "DISCOUNT_TYPE_ID": kind,
        "DISCOUNT_RATE": _text(rate),
        "DISCOUNT_SUM": _text(_kopecks(netto - exclusive)),
    }


def _check_discount(row: Sent) -> None:
    kind = str(php.integer(row.get("DISCOUNT_TYPE_ID")))
    has_sum = row.get("DISCOUNT_SUM") not in (None, "")
    if kind == BY_RATE and row.get("DISCOUNT_RATE") in (None, ""):
        raise refusals.save_failed(RATE_MISSING)
    if kind == BY_RATE and _number(row["DISCOUNT_RATE"]) >= WHOLE and not has_sum:
        raise refusals.save_failed(WHOLE_MISSING)
    if kind == BY_SUM and not has_sum:
        raise refusals.save_failed(SUM_MISSING)


def _given(sent: Sent, before: Row, name: str, default: str) -> object:
    value = sent.get(name, before.get(name))
    return default if value in (None, "") else value


def _rate(value: object) -> str | None:
    """No rate is no VAT, which is not 0 %."""
    return None if value in (None, "", False) else _text(value)


def _number(value: object) -> Decimal:
    return Decimal(str(php.number(value)))


def _text(value: object) -> str:
    number = value if isinstance(value, Decimal) else _number(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kopecks(number: Decimal) -> Decimal:
    return number.quantize(KOPECK, ROUND_HALF_UP)
