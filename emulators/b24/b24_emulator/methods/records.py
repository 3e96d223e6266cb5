"""The methods of companies, contacts, deals, requisites: one set of handlers for all."""

from collections.abc import Mapping
from typing import Any

from b24_emulator import lists, record_files, records, refusals, rights, strays, user_demands
from b24_emulator.calls import Call, Result, Way
from b24_emulator.documents import DEAL, LEAD, QUOTE
from b24_emulator.entities import ACCOUNT, COMPANY, CONTACT, PRESET, RECORDED, REQUISITE
from b24_emulator.entity import Entity
from b24_emulator.methods.row import Handler, family
from b24_emulator.money import OLD_INVOICE
from b24_emulator.shapes import without
from b24_emulator.table import Row

IMPORTABLE = (COMPANY, CONTACT, QUOTE)
"""What can be entered with the moments of its first life: `params[IMPORT]=Y`."""


def fields_of(entity: Entity) -> Handler:
    return lambda call: Result(call.portal.tables[entity.name].schema.described)


def list_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        # A scalar is refused; what is an array but unknown is ignored.
        for name in ("filter", "order"):
            call.tree(name)
        table = call.portal.tables[entity.name]
        found = rights.listed(call, entity.name)
        call.missed.extend(found.missed)
        if entity.name in RECORDED:
            call.read(entity.name, *found.numbers)
        rows: list[Row] = [*found.rows]
        if record_files.names(table.schema):
            rows = [record_files.shown(call, entity, row) for row in rows]
        return Result(rows, total_of(call, found), found.next_start)

    return answer


def total_of(call: Call, found: lists.Page) -> int | None:
    """`total` of a list, also where nothing was counted."""
    if found.total is None and call.portal.switches.total_without_count:
        return 0
    return found.total


def get_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        number = call.number()
        row = call.portal.tables[entity.name].rows.get(number)
        if row is None:
            raise entity.get_missing(number)
        if entity.name in RECORDED:
            call.read(entity.name, number)
        whole = without(row, entity.schema.hidden)
        return Result(record_files.shown(call, entity, whole))

    return answer


def add_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        fields, params = call.tree("fields"), call.tree("params")
        insist(entity, fields)
        demand(call, entity, {}, fields)
        call.missed.extend(strays.in_fields(call.portal.tables[entity.name].schema, fields))
        imported = entity in IMPORTABLE and str(params.get("IMPORT", "")).upper() == "Y"
        return Result(records.add(call.portal, entity, fields, call.caller, imported=imported))

    return answer


REQUIRED = {QUOTE.name: ("TITLE",)}


def insist(entity: Entity, fields: Mapping[str, Any]) -> None:  # Any: what was sent
    """Refuse a new record without what its kind cannot do without.

    Raises:
        PortalRefusal: A field is missing or empty.
    """
    sent = {str(name).upper(): value for name, value in fields.items()}
    for name in REQUIRED.get(entity.name, ()):
        if sent.get(name) in (None, ""):
            raise refusals.save_failed(f"{name} is not defined or empty.<br>")


DEMANDING = (COMPANY, CONTACT, DEAL, LEAD, QUOTE, OLD_INVOICE)
"""What may insist on mandatory user fields."""


def demand(call: Call, entity: Entity, before: Row | None, sent: Mapping[str, Any]) -> None:
    """Insist on mandatory user fields, where programs are asked for them.

    Raises:
        PortalRefusal: One is empty.
    """
    is_asked = (
        call.portal.switches.classic_demands_user_fields and call.caller.way is not Way.WINDOW
    )
    if is_asked and before is not None and entity in DEMANDING:
        user_demands.insist(call.portal, entity, before, sent)


def update_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        fields = call.tree("fields")
        call.missed.extend(strays.in_fields(call.portal.tables[entity.name].schema, fields))
        number = call.number()
        demand(call, entity, call.portal.tables[entity.name].rows.get(number), fields)
        records.update(call.portal, entity, number, fields, call.caller)
        return Result(value=True)

    return answer


def delete_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        records.delete(call.portal, entity, call.number(), call.caller)
        return Result(value=True)

    return answer


def crud(entity: Entity) -> dict[str, Handler]:
    """The six methods that every family of records has, by verb."""
    makers = {
        "fields": fields_of,
        "list": list_of,
        "get": get_of,
        "add": add_of,
        "update": update_of,
        "delete": delete_of,
    }
    return {verb: maker(entity) for verb, maker in makers.items()}


COMPANIES = "api-reference/crm/companies/crm-company"
CONTACTS = "api-reference/crm/contacts/crm-contact"
REQUISITES = "api-reference/crm/requisites/universal/crm-requisite"
ACCOUNTS = "api-reference/crm/requisites/bank-detail/crm-requisite-bank-detail"
PRESETS = "api-reference/crm/requisites/presets/crm-requisite-preset"

DEALS = "api-reference/crm/deals/crm-deal"
LEADS = "api-reference/crm/leads/crm-lead"
QUOTES = "api-reference/crm/quote/crm-quote"

ROWS = (
    *family("crm.company", COMPANIES, crud(COMPANY)),
    *family("crm.deal", DEALS, crud(DEAL)),
    *family("crm.lead", LEADS, crud(LEAD)),
    *family("crm.quote", QUOTES, crud(QUOTE)),
    *family("crm.contact", CONTACTS, crud(CONTACT)),
    *family("crm.requisite", REQUISITES, crud(REQUISITE)),
    *family("crm.requisite.bankdetail", ACCOUNTS, crud(ACCOUNT)),
    *family(
        "crm.requisite.preset",
        PRESETS,
        {"fields": fields_of(PRESET), "list": list_of(PRESET), "get": get_of(PRESET)},
    ),
)
