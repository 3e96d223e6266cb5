"""Currencies: named by ISO code, one of them the base.

Source: b24restdocs: api-reference/crm/currency/*.md.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from b24_emulator import php
from b24_emulator.entity import Entity
from b24_emulator.offline import Subject
from b24_emulator.schema import schema
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def _told(row: Row) -> Subject:
    return (("ID", row["CURRENCY"]),)


CURRENCY = Entity("currency", schema("crm.currency"), event="ONCRMCURRENCY", told=_told)


def find(portal: "Portal", code: object) -> Row | None:
    table = portal.tables[CURRENCY.name]
    return next((table.rows[number] for number in table.with_value("CURRENCY", code)), None)


def rate(portal: "Portal", code: object) -> Decimal:
    """How much of the base currency one unit of a currency is; 1 for one that is not there."""
    return _amount(find(portal, code)) / _amount(find(portal, base(portal)))


def _amount(row: Row | None) -> Decimal:
    if row is None:
        return Decimal(1)
    amount, count = (Decimal(str(php.number(row[name]))) for name in ("AMOUNT", "AMOUNT_CNT"))
    return amount / count if amount and count else Decimal(1)


def base(portal: "Portal") -> str:
    """Code of the base currency."""
    rows = portal.tables[CURRENCY.name].rows.values()
    return next((row["CURRENCY"] for row in rows if row["BASE"] == "Y"), "RUB")
