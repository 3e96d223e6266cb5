"""What product rows ask of the catalogue: name, unit and kind of a product.

Source: b24restdocs: api-reference/crm/universal/product-rows/crm-item-productrow-add.md.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def in_row(portal: "Portal", product_id: object) -> dict[str, Any] | None:  # Any: texts
    """A product as its rows know it, None if there is no such product."""
    return None


def taken_by_payments(portal: "Portal") -> dict[str, float]:
    """How much of each product row is in a payment already."""
    return {}
