"""Layouts of cards: sections of fields, of one user or of all.

Source: b24restdocs: api-reference/crm/*/custom-form/*.md, crm/universal/
item-details-configuration/*.md. What a card shows before somebody sets it is inferred.
"""

from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL, LEAD
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.entity import Entity
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed, type_unknown
from b24_emulator.methods.row import CRM, Handler, Method
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import KEPT, forget, keep, kept
from sverka_emulator_kit.provenance import documented

PERSONAL, COMMON = "P", "C"
VERBS = {
    "get": "get",
    "set": "set",
    "reset": "reset",
    "forcecommonscopeforall": "force-common-scope-for-all",
}
ITEM_VERBS = {"forcecommonscopeforall": "forceCommonScopeForAll"}
FIRST = 5
FAMILIES = (
    ("crm.company", COMPANY, "companies/custom-form/crm-company"),
    ("crm.contact", CONTACT, "contacts/custom-form/crm-contact"),
    ("crm.deal", DEAL, "deals/custom-form/crm-deal"),
    ("crm.lead", LEAD, "leads/custom-form/crm-lead"),
)
ITEM_PAGE = "api-reference/crm/universal/item-details-configuration/crm-item-details-configuration"


def _entity(call: Call, fixed: Entity | None) -> Entity:
    if fixed is not None:
        return fixed
    found = entity_of(call.portal, php.integer(needed(call, "entityTypeId")))
    if found is None:
        raise type_unknown()
    return found


def _key(call: Call, fixed: Entity | None) -> str:
    """Name of a layout: kind, scope, user, and the funnel or the kind of lead."""
    extras = call.tree("extras")
    category = extras.get(
        "dealCategoryId", extras.get("categoryId", extras.get("leadCustomerType"))
    )
    scope = COMMON if call.text("scope").upper() == COMMON else PERSONAL
    user = call.text("userid") or call.caller.user_id
    whose = "all" if scope == COMMON else user
    return f"form.{_entity(call, fixed).name}.{category or 0}.{scope}.{whose}"


def _get_of(fixed: Entity | None) -> Handler:
    def answer(call: Call) -> Result:
        found = kept(call.portal, _key(call, fixed))
        return Result(found or _usual(_entity(call, fixed)))

    return answer


def _usual(entity: Entity) -> list[dict[str, Any]]:  # Any: JSON
    names = [n for n, f in entity.schema.fields.items() if not f.read_only and n != "CATEGORY_ID"]
    parts = (("main", "Основное", names[:FIRST]), ("additional", "Дополнительно", names[FIRST:]))
    return [
        {
            "name": name,
            "title": title,
            "type": "section",
            "elements": [{"name": one, "optionFlags": "0"} for one in fields],
        }
        for name, title, fields in parts
    ]


def _set_of(fixed: Entity | None) -> Handler:
    def answer(call: Call) -> Result:
        data, key = php.rows(call.params.get("data")), _key(call, fixed)
        if not data:
            raise PortalRefusal("", "Parameter 'data' must be array.")
        for section in data:
            if not isinstance(section, dict) or not section.get("name"):
                raise PortalRefusal("", "Section at index 0 does not have name.")
        keep(call.portal, key, data)
        return Result(value=True)

    return answer


def _reset_of(fixed: Entity | None) -> Handler:
    def answer(call: Call) -> Result:
        forget(call.portal, _key(call, fixed))
        return Result(value=True)

    return answer


def _force_of(fixed: Entity | None) -> Handler:
    def answer(call: Call) -> Result:
        """Personal layouts go, the common one stands for everybody."""
        beginning = f"form.{_entity(call, fixed).name}."
        table = call.portal.tables[KEPT.name]
        for number, row in list(table.rows.items()):
            if row["OWNER"].startswith(beginning) and f".{PERSONAL}." in row["OWNER"]:
                table.drop(number)
        return Result(value=True)

    return answer


MAKERS = {
    "get": _get_of,
    "set": _set_of,
    "reset": _reset_of,
    "forcecommonscopeforall": _force_of,
}

ROWS = (
    *(
        Method(
            f"{name}.details.configuration.{verb}",
            maker(entity),
            CRM,
            documented(f"api-reference/crm/{page}-details-configuration-{VERBS[verb]}"),
        )
        for name, entity, page in FAMILIES
        for verb, maker in MAKERS.items()
    ),
    *(
        Method(
            f"crm.item.details.configuration.{verb}",
            maker(None),
            CRM,
            documented(f"{ITEM_PAGE}-{ITEM_VERBS.get(verb, verb)}"),
        )
        for verb, maker in MAKERS.items()
    ),
)
