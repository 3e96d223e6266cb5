"""A row before it is saved: defaults, what may be written, what follows from other values."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import (
    currencies,
    moments,
    multifields,
    product_rows,
    refusals,
)
from b24_emulator.calls import Caller
from b24_emulator.entity import Entity
from b24_emulator.schema import Field, Schema
from b24_emulator.table import Row
from b24_emulator.user_types import kept
from b24_emulator.values import storable, stored

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


Sent = Mapping[str, Any]  # Any: what the caller sent
IMPORTED = {"DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"}
"""Read-only fields that an import may set (b24restdocs: crm/companies/crm-company-add.md)."""


WEEK_S = 7 * 86_400.0


def totals(portal: "Portal", entity: Entity, row: Row) -> dict[str, str]:
    """Amounts that follow from product rows, unless they are set by hand."""
    if not entity.owner_code or row.get("IS_MANUAL_OPPORTUNITY") == "Y":
        return {}
    rows = product_rows.of_owner(portal, entity.owner_code, int(row["ID"]))
    totals = product_rows.totals(rows) if rows else {}
    return {name: value for name, value in totals.items() if name in row}


def check_currency(portal: "Portal", entity: Entity, sent: Sent) -> None:
    """Only documents look whether their currency is one of the portal's."""
    code = sent.get("CURRENCY_ID")
    if entity.owner_code and code and currencies.find(portal, code) is None:
        raise refusals.not_found('Invalid value for the "Currency" field')


def upper(fields: Sent) -> dict[str, Any]:  # Any: what the caller sent
    return {str(name).upper(): value for name, value in fields.items()}


def is_writable(field: Field) -> bool:
    return not field.read_only and not field.immutable


def cleared(portal: "Portal", entity: Entity) -> dict[str, None]:
    """What an update loses by not being named: nothing, but for an address."""
    overwrites = entity.overwritten and portal.switches.address_update_overwrites
    fields = entity.schema.fields.values() if overwrites else ()
    return {field.name: None for field in fields if is_writable(field)}


def modified(portal: "Portal", entity: Entity, caller: Caller) -> dict[str, str]:
    now = moments.written(portal.now_s)
    moved = dict.fromkeys(("DATE_MODIFY", "TIMESTAMP_X"), now)
    moved |= dict.fromkeys(("MODIFY_BY_ID", "MODIFIED_BY"), caller.user_id)
    return {name: value for name, value in moved.items() if name in entity.schema.fields}


def writable_when_new(*, imported: bool) -> Callable[[Field], bool]:
    return lambda field: not field.read_only or (imported and field.name in IMPORTED)


def values(
    schema: Schema, sent: Sent, is_writable: Callable[[Field], bool]
) -> dict[str, str | list[str] | None]:
    """The plain fields of `sent` as they are stored; what may not be written is ignored."""
    known, own = schema.fields, schema.user_fields
    return {
        name: kept(known[name], value) if name in own else stored(known[name], value)
        for name, value in sent.items()
        if name in schema.plain and is_writable(known[name]) and storable(known[name])
    }


def value_lists(
    portal: "Portal", entity: Entity, before: Row, sent: Sent
) -> dict[str, list[multifields.Value]]:
    return {
        name: multifields.merged(name, before.get(name, ()), sent[name], portal.new_value_id)
        for name in entity.schema.multifields
        if name in sent
    }


def default_row(portal: "Portal", entity: Entity, caller: Caller) -> dict[str, Any]:  # Any: texts
    rules: dict[str, Callable[[Field], str | None]] = {
        "caller": lambda field: caller.user_id,
        "now": lambda field: moments.written(portal.now_s),
        "directory": lambda field: portal.first_status(field.descriptor["statusType"]),
        "currency": lambda field: currencies.base(portal),
        "today": lambda field: moments.day(portal.now_s),
        "week": lambda field: moments.day(portal.now_s + WEEK_S),
    }
    schema = portal.tables[entity.name].schema
    row: dict[str, Any] = dict.fromkeys(schema.plain)
    for name, default in schema.defaults.items():
        is_rule = isinstance(default, dict)
        row[name] = rules[default["rule"]](schema.fields[name]) if is_rule else default
    row.update(schema.unasked)
    return row


def completed(entity: Entity, row: dict[str, Any]) -> dict[str, Any]:  # Any: texts and lists
    """Derived fields, and the name that a company gets if nobody gave it one."""
    if "HAS_PHONE" in row:
        row["HAS_PHONE"] = "Y" if row.get("PHONE") else "N"
        row["HAS_EMAIL"] = "Y" if row.get("EMAIL") else "N"
    if entity.title and not row["TITLE"]:
        row["TITLE"] = entity.title.format(row["ID"])
    empty = {name for name in entity.schema.multifields if row.get(name) == []}
    return {name: value for name, value in row.items() if name not in empty}
