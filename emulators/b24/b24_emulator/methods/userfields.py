"""User fields of companies, contacts, deals, leads, quotes and requisites.

Source: b24restdocs: api-reference/crm/*/user*field*/*.md, universal/user-defined-fields/*.md.
"""

from typing import Any

from b24_emulator import lists, record_files, refusals, user_fields
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL, LEAD, QUOTE
from b24_emulator.entities import COMPANY, CONTACT, REQUISITE, USER, USER_FIELD, USER_FIELD_ITEM
from b24_emulator.entity import Entity
from b24_emulator.methods.row import Handler, family
from b24_emulator.methods.statuses import NO_PAGES
from b24_emulator.money import OLD_INVOICE
from b24_emulator.schema import Schema
from b24_emulator.table import Row
from b24_emulator.user_types import USER_TYPES

NAMED_FLAGS = ("isReadOnly", "isImmutable", "isMultiple")


def _list_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        """All fields at once; labels only if the filter names a language, as texts."""
        asked = {str(name).upper(): value for name, value in call.tree("filter").items()}
        language = str(asked.pop("LANG", "") or "")
        asked["ENTITY_ID"] = entity.user_fields
        query = {"filter": asked, "order": call.tree("order")}
        table = call.portal.tables[USER_FIELD.name]
        found = lists.find(table, lists.query(table.schema, query), NO_PAGES)
        return Result([_listed(call, row, language) for row in found.rows], found.total)

    return answer


def _listed(call: Call, row: Row, language: str) -> Row:
    shown = {name: value for name, value in row.items() if name not in user_fields.LABELS}
    if language:
        shown |= {name: row[name].get(language) or None for name in user_fields.LABELS}
    return shown | _items(call, row)


def _items(call: Call, row: Row) -> dict[str, list[Row]]:
    if row["USER_TYPE_ID"] != "enumeration":
        return {}
    return {"LIST": user_fields.items_of(call.portal.tables, int(row["ID"]))}


def _get_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        row = user_fields.require(call.portal, entity, call.number())
        return Result({**row, **_items(call, row)})

    return answer


def _add_of(entity: Entity) -> Handler:
    return lambda call: Result(user_fields.add(call.portal, entity, _sent(call), call.caller))


def _update_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        user_fields.update(call.portal, entity, call.number(), _sent(call), call.caller)
        return Result(value=True)

    return answer


def _delete_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        user_fields.delete(call.portal, entity, call.number(), call.caller)
        return Result(value=True)

    return answer


def _sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    return {str(name).upper(): value for name, value in call.tree("fields").items()}


def _types(call: Call) -> Result:
    return Result([{"ID": name, "title": kind.title} for name, kind in USER_TYPES.items()])


def _briefly(schema: Schema) -> Handler:
    """Type and title, and of the flags only those that hold."""
    described = {
        name: {
            "type": entry["type"],
            "title": entry["title"],
            **{flag: True for flag in NAMED_FLAGS if entry[flag]},
        }
        for name, entry in schema.described.items()
    }
    return lambda call: Result(described)


def _settings(call: Call) -> Result:
    name = call.text("type")
    if not name:
        raise refusals.not_found("Parameter 'type' is not specified or empty.")
    settings = USER_TYPES[name].settings if name in USER_TYPES else {}
    return Result(
        {key: {"type": entry.kind, "title": entry.title} for key, entry in settings.items()}
    )


def _five(entity: Entity) -> dict[str, Handler]:
    makers = {
        "list": _list_of,
        "get": _get_of,
        "add": _add_of,
        "update": _update_of,
        "delete": _delete_of,
    }
    return {verb: maker(entity) for verb, maker in makers.items()}


def _file(call: Call) -> Result:
    """A file of a user, by what `downloadData` of his field says."""
    place = (call.params.get(name) for name in ("id", "field", "value"))
    file = record_files.found(call.portal, USER, *place)
    if file is None:
        raise refusals.not_found("File not found")
    return Result(None, file=file)


CRM_PAGES = "api-reference/crm"

ROWS = (
    *family(
        "crm.company.userfield",
        f"{CRM_PAGES}/companies/userfields/crm-company-userfield",
        _five(COMPANY),
    ),
    *family(
        "crm.contact.userfield",
        f"{CRM_PAGES}/contacts/userfield/crm-contact-userfield",
        _five(CONTACT),
    ),
    *family(
        "crm.requisite.userfield",
        f"{CRM_PAGES}/requisites/user-fields/crm-requisite-userfield",
        _five(REQUISITE),
    ),
    *family(
        "crm.deal.userfield",
        f"{CRM_PAGES}/deals/user-defined-fields/crm-deal-userfield",
        _five(DEAL),
    ),
    *family(
        "crm.lead.userfield",
        f"{CRM_PAGES}/leads/userfield/crm-lead-userfield",
        _five(LEAD),
    ),
    *family(
        "crm.quote.userfield",
        f"{CRM_PAGES}/quote/user-field/crm-quote-user-field",
        _five(QUOTE),
    ),
    *family(
        "crm.invoice.userfield",
        f"{CRM_PAGES}/outdated/invoice/crm-invoice-user-field",
        _five(OLD_INVOICE),
    ),
    *family(
        "user.userfield",
        "api-reference/user/userfields/user-userfield",
        {verb: handler for verb, handler in _five(USER).items() if verb != "get"},
        ("user.userfield", "user"),
    ),
    *family(
        "user.userfield.file",
        "api-reference/user/userfields/user-userfield-file",
        {"get": _file},
        ("user.userfield", "user"),
    ),
    *family(
        "crm.userfield",
        f"{CRM_PAGES}/universal/user-defined-fields/crm-userfield",
        {
            "types": _types,
            "fields": _briefly(USER_FIELD.schema),
            "enumeration.fields": _briefly(USER_FIELD_ITEM.schema),
            "settings.fields": _settings,
        },
    ),
)
