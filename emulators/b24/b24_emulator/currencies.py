"""Currencies: named by ISO code, one of them the base.

Source: b24restdocs: api-reference/crm/currency/*.md.
"""

from typing import TYPE_CHECKING

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


def base(portal: "Portal") -> str:
    """Code of the base currency."""
    rows = portal.tables[CURRENCY.name].rows.values()
    return next((row["CURRENCY"] for row in rows if row["BASE"] == "Y"), "RUB")
