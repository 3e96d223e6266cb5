"""Records of every entity of a portal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from b24_emulator import php
from b24_emulator.entities import RECORDED
from b24_emulator.table import Row
from sverka_emulator_kit.console.cells import Link
from sverka_emulator_kit.console.records import Records

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

PATH = "records"
TELLING = (
    "TITLE",
    "NAME",
    "LAST_NAME",
    "SECOND_NAME",
    "RQ_INN",
    "RQ_KPP",
    "RQ_COMPANY_NAME",
    "PHONE",
    "EMAIL",
    "STAGE_ID",
    "OPPORTUNITY",
    "PRICE",
    "CURRENCY",
    "CURRENCY_ID",
    "PRODUCT_NAME",
    "QUANTITY",
    "RQ_BANK_NAME",
    "RQ_ACC_NUM",
    "ENTITY_TYPE_ID",
    "ENTITY_ID",
    "STATUS_ID",
    "CODE",
    "XML_ID",
    "VALUE",
    "FIELD_NAME",
    "SORT",
    "DATE_MODIFY",
)
"""What a list shows of a record, the most telling first."""
LEADS_TO = {
    "COMPANY_ID": "company",
    "CONTACT_ID": "contact",
    "DEAL_ID": "deal",
    "LEAD_ID": "lead",
    "QUOTE_ID": "quote",
    "PRODUCT_ID": "product",
    "PRESET_ID": "requisite_preset",
    "ASSIGNED_BY_ID": "user",
    "CREATED_BY_ID": "user",
    "MODIFY_BY_ID": "user",
    "CREATED_BY": "user",
    "MODIFIED_BY": "user",
    "MOVED_BY_ID": "user",
}
"""Fields that hold the number of a record, with its entity."""


def _kinds(portal: "Portal") -> dict[str, Mapping[int, Row]]:
    """All tables with rows, those that the ledger follows first."""
    names = [*RECORDED, *sorted(set(portal.tables) - set(RECORDED))]
    return {n: portal.tables[n].rows for n in names if n in RECORDED or portal.tables[n].rows}


def _called(portal: "Portal", entity: str, name: str) -> str:
    described = portal.tables[entity].schema.described.get(name, {})
    called = described.get("formLabel") or described.get("title") or ""
    return "" if called == name else str(called)


def _value(portal: "Portal", entity: str, name: str, row: Row) -> object:
    kind, value = LEADS_TO.get(name, ""), row.get(name)
    text = str(value)
    is_there = kind and text.isdecimal() and php.integer(text) in portal.tables[kind].rows
    return Link(text, f"{PATH}/one", {"entity": kind, "key": text}) if is_there else value


def _name(portal: "Portal", entity: str, row: Row) -> str:
    whole = " ".join(str(row.get(n) or "") for n in ("LAST_NAME", "NAME", "SECOND_NAME")).strip()
    return str(row.get("TITLE") or whole or row.get("VALUE") or "")


RECORDS: "Records[Portal]" = Records(
    path=PATH,
    title="records",
    kinds=_kinds,
    telling=TELLING,
    called=_called,
    value=_value,
    name=_name,
    inner="VALUE",
    unfollowed=lambda entity: entity not in RECORDED,
)
