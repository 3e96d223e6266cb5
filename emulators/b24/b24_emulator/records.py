"""Adding, changing and deleting records: one way for everybody, from the window and by REST."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import (
    automation,
    currencies,
    moments,
    multifields,
    online,
    owners,
    php,
    product_rows,
    refusals,
    relations,
    stages,
)
from b24_emulator.calls import Caller
from b24_emulator.documents import DEAL
from b24_emulator.entities import COMPANY, CONTACT, RECORDED
from b24_emulator.entity import VERBS, Entity
from b24_emulator.schema import Field, Schema
from b24_emulator.table import Row
from b24_emulator.user_types import kept
from b24_emulator.values import storable, stored

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

IMPORTED = {"DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"}
"""Read-only fields that an import may set (b24restdocs: crm/companies/crm-company-add.md)."""

WEEK_S = 7 * 86_400.0
Sent = Mapping[str, Any]  # Any: what the caller sent
NOTHING: Row = {}


def add(
    portal: "Portal",
    entity: Entity,
    fields: Sent,
    caller: Caller,
    *,
    imported: bool = False,
    hidden: Row = NOTHING,
) -> int:
    """Make a record from `fields` over the schema's defaults; unknown fields are ignored.

    Args:
        hidden: What no classic method may write, as it is stored.
    """
    sent = _upper(fields)
    owners.check(portal, entity, sent)
    _check_currency(portal, entity, sent)
    table = portal.tables[entity.name]
    row = _default_row(portal, entity, caller) | dict(hidden)
    row |= _values(table.schema, sent, _writable_when_new(imported=imported))
    row |= _multifields(portal, entity, {}, sent)
    number = table.new_id()
    row["ID"] = str(number)
    row |= owners.inherited(portal, entity, row)
    row |= stages.settled(portal, entity, NOTHING, row, caller)
    row = _completed(entity, row | relations.linked(portal, entity, number, sent))
    table.put(number, row)
    stages.note(portal, entity, NOTHING, row)
    _enter(portal, "add", entity, number, caller, None, row)
    _fire(portal, "add", entity, row, caller)
    _link_contacts(portal, entity, number, sent, caller)
    _let_robots_act(portal, "add", entity, number, caller)
    return number


def update(
    portal: "Portal",
    entity: Entity,
    number: int,
    fields: Sent,
    caller: Caller,
    *,
    hidden: Row = NOTHING,
) -> None:
    """Change what `fields` names; even an update without effect moves DATE_MODIFY.

    Args:
        hidden: What no classic method may change, as it is stored.
    """
    table = portal.tables[entity.name]
    before = table.rows.get(number)
    if before is None:
        raise entity.update_missing(number)
    sent = _upper(fields)
    _check_currency(portal, entity, sent)
    row = {**before, **hidden, **_cleared(portal, entity)}
    row |= _values(table.schema, sent, _is_writable)
    row |= _multifields(portal, entity, before, sent)
    row |= _modified(portal, entity, caller) | owners.inherited(portal, entity, row)
    row |= stages.settled(portal, entity, before, row, caller) | _totals(portal, entity, row)
    row = _completed(entity, row | relations.linked(portal, entity, number, sent))
    table.put(number, row)
    stages.note(portal, entity, before, row)
    _enter(portal, "update", entity, number, caller, before, row)
    has_moved = entity is DEAL and stages.changed_funnel(before, row)
    _fire(portal, "move" if has_moved else "update", entity, row, caller)
    _link_contacts(portal, entity, number, sent, caller)
    _let_robots_act(portal, "update", entity, number, caller)


def _let_robots_act(
    portal: "Portal", verb: str, entity: Entity, number: int, caller: Caller
) -> None:
    row = portal.tables[entity.name].rows[number]
    for fields in automation.robots_for(portal, entity, verb, row, caller):
        update(portal, entity, number, fields, automation.ROBOT)


def would_change(
    portal: "Portal", entity: Entity, number: int, fields: Sent, hidden: Row = NOTHING
) -> bool:
    """Whether an update with `fields` would give any other value."""
    table = portal.tables[entity.name]
    before, sent = table.rows[number], _upper(fields)
    row = {**before, **hidden, **_values(table.schema, sent, _is_writable)}
    for name in entity.schema.multifields:
        if name in sent:
            row[name] = multifields.merged(name, before.get(name, ()), sent[name], lambda: 0)
    return _completed(entity, row) != before or relations.relinks(portal, entity, number, sent)


def rewrite(portal: "Portal", entity: Entity, number: int, changes: Row, caller: Caller) -> None:
    """Change a row past the rules of writing, without an event; the ledger sees it."""
    table = portal.tables[entity.name]
    before = table.rows[number]
    row = {**before, **changes}
    row |= owners.inherited(portal, entity, row)
    table.put(number, row)
    _enter(portal, "update", entity, number, caller, before, row)


def delete(
    portal: "Portal", entity: Entity, number: int, caller: Caller, *, fires: bool = True
) -> None:
    """Delete a record and what hangs on it: an owner's requisites go with him (inferred).

    Args:
        fires: Whether the deletion is an event; that of a child with its owner is disputed.
    """
    table = portal.tables[entity.name]
    if number not in table.rows:
        raise entity.delete_missing(number)
    for child, found in owners.children(portal, entity, number):
        cascade = fires and portal.switches.cascade_fires_events
        delete(portal, child, found, caller, fires=cascade)
    _link_contacts(portal, entity, number, {"CONTACT_ID": []}, caller)
    for name, holder, changes in relations.undone(portal, entity, number):
        others = portal.tables[name]
        others.put(holder, {**others.rows[holder], **changes})
    if entity.owner_code:
        for row in product_rows.of_owner(portal, entity.owner_code, number):
            portal.tables[product_rows.TABLE].drop(int(row["ID"]))
    before = table.drop(number)
    _enter(portal, "delete", entity, number, caller, before, None)
    if fires:
        _fire(portal, "delete", entity, before, caller)


def _enter(
    portal: "Portal",
    verb: str,
    entity: Entity,
    number: int,
    caller: Caller,
    before: Row | None,
    after: Row | None,
) -> None:
    if entity.name in RECORDED:
        # Rows are never changed in place, so they are their own copies.
        portal.ledger.wrote(
            verb,
            at_s=portal.now_s,
            actor=caller.actor,
            entity=entity.name,
            key=str(number),
            before=before,
            after=after,
        )


def _fire(portal: "Portal", verb: str, entity: Entity, row: Row, caller: Caller) -> None:
    if not entity.event:
        return
    if verb == "move":
        told = tuple((name, row[name]) for name in ("ID", "CATEGORY_ID", "STAGE_ID"))
        online.happened(portal, f"{entity.event}MOVETOCATEGORY", told, caller)
        return
    event = entity.event + entity.event_verbs[verb]
    online.happened(portal, event, entity.told(row), caller)
    for beginning in entity.also:
        online.happened(portal, beginning + VERBS[verb], entity.told(row), caller)
    if entity.suffixed:
        online.happened(portal, f"{event}_{entity.type_id}", entity.told(row), caller)


def _totals(portal: "Portal", entity: Entity, row: Row) -> dict[str, str]:
    """Amounts that follow from product rows, unless they are set by hand."""
    if not entity.owner_code or row.get("IS_MANUAL_OPPORTUNITY") == "Y":
        return {}
    rows = product_rows.of_owner(portal, entity.owner_code, int(row["ID"]))
    totals = product_rows.totals(rows) if rows else {}
    return {name: value for name, value in totals.items() if name in row}


def _check_currency(portal: "Portal", entity: Entity, sent: Sent) -> None:
    """Only documents look whether their currency is one of the portal's."""
    code = sent.get("CURRENCY_ID")
    if entity.owner_code and code and currencies.find(portal, code) is None:
        raise refusals.not_found('Invalid value for the "Currency" field')


def _upper(fields: Sent) -> dict[str, Any]:  # Any: what the caller sent
    return {str(name).upper(): value for name, value in fields.items()}


def _is_writable(field: Field) -> bool:
    return not field.read_only and not field.immutable


def _cleared(portal: "Portal", entity: Entity) -> dict[str, None]:
    """What an update loses by not being named: nothing, but for an address."""
    overwrites = entity.overwritten and portal.switches.address_update_overwrites
    fields = entity.schema.fields.values() if overwrites else ()
    return {field.name: None for field in fields if _is_writable(field)}


def _modified(portal: "Portal", entity: Entity, caller: Caller) -> dict[str, str]:
    now = moments.written(portal.now_s)
    moved = dict.fromkeys(("DATE_MODIFY", "TIMESTAMP_X"), now)
    moved |= dict.fromkeys(("MODIFY_BY_ID", "MODIFIED_BY"), caller.user_id)
    return {name: value for name, value in moved.items() if name in entity.schema.fields}


def _writable_when_new(*, imported: bool) -> Callable[[Field], bool]:
    return lambda field: not field.read_only or (imported and field.name in IMPORTED)


def _values(
    schema: Schema, sent: Sent, is_writable: Callable[[Field], bool]
) -> dict[str, str | list[str] | None]:
    """The plain fields of `sent` as they are stored; what may not be written is ignored."""
    known, own = schema.fields, schema.user_fields
    return {
        name: kept(known[name], value) if name in own else stored(known[name], value)
        for name, value in sent.items()
        if name in schema.plain and is_writable(known[name]) and storable(known[name])
    }


def _multifields(
    portal: "Portal", entity: Entity, before: Row, sent: Sent
) -> dict[str, list[multifields.Value]]:
    return {
        name: multifields.merged(name, before.get(name, ()), sent[name], portal.new_value_id)
        for name in entity.schema.multifields
        if name in sent
    }


def _link_contacts(
    portal: "Portal", entity: Entity, number: int, sent: Sent, caller: Caller
) -> None:
    """Follow a company's CONTACT_ID, the whole set; the contacts' COMPANY_ID follows."""
    if entity is not COMPANY or "CONTACT_ID" not in sent:
        return
    contacts = portal.tables["contact"].rows
    wanted = [php.integer(value) for value in php.rows(sent["CONTACT_ID"])]
    changed = portal.links.set_contacts(number, [c for c in wanted if c in contacts])
    for contact in sorted(changed):
        update(portal, CONTACT, contact, {}, caller)


def _default_row(portal: "Portal", entity: Entity, caller: Caller) -> dict[str, Any]:  # Any: texts
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
    return row


def _completed(entity: Entity, row: dict[str, Any]) -> dict[str, Any]:  # Any: texts and lists
    """Derived fields, and the name that a company gets if nobody gave it one."""
    if "HAS_PHONE" in row:
        row["HAS_PHONE"] = "Y" if row.get("PHONE") else "N"
        row["HAS_EMAIL"] = "Y" if row.get("EMAIL") else "N"
    if entity.title and not row["TITLE"]:
        row["TITLE"] = entity.title.format(row["ID"])
    empty = {name for name in entity.schema.multifields if row.get(name) == []}
    return {name: value for name, value in row.items() if name not in empty}
