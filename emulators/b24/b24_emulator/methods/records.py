"""The methods of companies, contacts and requisites: one set of handlers for all three."""

from b24_emulator import lists, records
from b24_emulator.calls import Call, Result
from b24_emulator.entities import COMPANY, CONTACT, PRESET, RECORDED, REQUISITE, Entity
from b24_emulator.methods.row import CRM, Handler, Method
from sverka_emulator_kit.provenance import documented

IMPORTABLE = (COMPANY, CONTACT)
"""What can be entered with the moments of its first life: `params[IMPORT]=Y`."""


def fields_of(entity: Entity) -> Handler:
    return lambda call: Result(entity.schema.described)


def list_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        # A scalar is refused; what is an array but unknown is ignored.
        for name in ("filter", "order"):
            call.tree(name)
        ask = lists.query(entity.schema, call.params)
        found = lists.find(call.portal.tables[entity.name], ask, call.portal.limits.page_size)
        if entity.name in RECORDED:
            for number in found.numbers:
                call.read(entity.name, number)
        return Result(found.rows, _total(call, found), found.next_start)

    return answer


def _total(call: Call, found: lists.Page) -> int | None:
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
        return Result(row)

    return answer


def add_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        fields, params = call.tree("fields"), call.tree("params")
        imported = entity in IMPORTABLE and str(params.get("IMPORT", "")).upper() == "Y"
        return Result(records.add(call.portal, entity, fields, call.caller, imported=imported))

    return answer


def update_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        records.update(call.portal, entity, call.number(), call.tree("fields"), call.caller)
        return Result(value=True)

    return answer


def delete_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        records.delete(call.portal, entity, call.number(), call.caller)
        return Result(value=True)

    return answer


COMPANIES = "api-reference/crm/companies"
CONTACTS = "api-reference/crm/contacts"
REQUISITES = "api-reference/crm/requisites/universal"
PRESETS = "api-reference/crm/requisites/presets"

ROWS = (
    Method(
        "crm.company.fields",
        fields_of(COMPANY),
        CRM,
        documented(f"{COMPANIES}/crm-company-fields"),
    ),
    Method("crm.company.list", list_of(COMPANY), CRM, documented(f"{COMPANIES}/crm-company-list")),
    Method("crm.company.get", get_of(COMPANY), CRM, documented(f"{COMPANIES}/crm-company-get")),
    Method("crm.company.add", add_of(COMPANY), CRM, documented(f"{COMPANIES}/crm-company-add")),
    Method(
        "crm.company.update",
        update_of(COMPANY),
        CRM,
        documented(f"{COMPANIES}/crm-company-update"),
    ),
    Method(
        "crm.company.delete",
        delete_of(COMPANY),
        CRM,
        documented(f"{COMPANIES}/crm-company-delete"),
    ),
    Method(
        "crm.contact.fields",
        fields_of(CONTACT),
        CRM,
        documented(f"{CONTACTS}/crm-contact-fields"),
    ),
    Method("crm.contact.list", list_of(CONTACT), CRM, documented(f"{CONTACTS}/crm-contact-list")),
    Method("crm.contact.get", get_of(CONTACT), CRM, documented(f"{CONTACTS}/crm-contact-get")),
    Method("crm.contact.add", add_of(CONTACT), CRM, documented(f"{CONTACTS}/crm-contact-add")),
    Method(
        "crm.contact.update",
        update_of(CONTACT),
        CRM,
        documented(f"{CONTACTS}/crm-contact-update"),
    ),
    Method(
        "crm.contact.delete",
        delete_of(CONTACT),
        CRM,
        documented(f"{CONTACTS}/crm-contact-delete"),
    ),
    Method(
        "crm.requisite.fields",
        fields_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-fields"),
    ),
    Method(
        "crm.requisite.list",
        list_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-list"),
    ),
    Method(
        "crm.requisite.get",
        get_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-get"),
    ),
    Method(
        "crm.requisite.add",
        add_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-add"),
    ),
    Method(
        "crm.requisite.update",
        update_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-update"),
    ),
    Method(
        "crm.requisite.delete",
        delete_of(REQUISITE),
        CRM,
        documented(f"{REQUISITES}/crm-requisite-delete"),
    ),
    Method(
        "crm.requisite.preset.fields",
        fields_of(PRESET),
        CRM,
        documented(f"{PRESETS}/crm-requisite-preset-fields"),
    ),
    Method(
        "crm.requisite.preset.list",
        list_of(PRESET),
        CRM,
        documented(f"{PRESETS}/crm-requisite-preset-list"),
    ),
    Method(
        "crm.requisite.preset.get",
        get_of(PRESET),
        CRM,
        documented(f"{PRESETS}/crm-requisite-preset-get"),
    ),
)
