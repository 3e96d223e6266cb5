"""What a new record has in its user fields unasked, and which of them it must have.

Observed in the vendor's kernel: a classic record gets the defaults of what is not edited in lists
(crm module, PrepareUpdate), which `Schema.unasked` holds.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import moments, refusals
from b24_emulator.entities import USER_FIELD
from b24_emulator.entity import Entity
from b24_emulator.schema import Field
from b24_emulator.table import Row
from b24_emulator.user_fields import items_of
from b24_emulator.user_types import Kept, default, kept

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent


def defaults(portal: "Portal", entity: Entity) -> dict[str, Kept]:
    """What a new item has in its user fields before what was sent: moments and elements, too.

    That defaults are assigned is documented (b24restdocs: crm/universal/crm-item-add.md); that
    those of user fields are among them, whatever their EDIT_IN_LIST, is inferred.
    """
    schema = portal.tables[entity.name].schema
    found = {n: _of_item(portal, entity, schema.fields[n]) for n in schema.user_fields}
    return {name: value for name, value in found.items() if value}


def _of_item(portal: "Portal", entity: Entity, field: Field) -> Kept:
    if field.kind == "enumeration":
        chosen = [item["ID"] for item in _elements(portal, entity, field) if item["DEF"] == "Y"]
        return kept(field, chosen if field.multiple else next(iter(chosen), ""))
    if field.kind not in ("date", "datetime"):
        return default(field)
    asked = field.descriptor["settings"].get("DEFAULT_VALUE")
    kind = asked.get("TYPE") if isinstance(asked, dict) else ""
    now = moments.written(portal.now_s)
    value = now if kind == "NOW" else asked.get("VALUE") if kind == "FIXED" else ""
    return kept(field, value) if value else ""


def _elements(portal: "Portal", entity: Entity, field: Field) -> list[Row]:
    table = portal.tables[USER_FIELD.name]
    numbers = table.with_value("ENTITY_ID", entity.user_fields)
    number = next(n for n in numbers if table.rows[n]["FIELD_NAME"] == field.name)
    return items_of(portal.tables, number)


def insist(portal: "Portal", entity: Entity, before: Row, sent: Sent) -> None:
    """Look at the mandatory fields of a classic write, where the portal does so.

    Observed in the vendor's kernel: a setting of the CRM, rest_enable_req_uf_check, off in a
    fresh portal; main module, CheckFields: a change may leave out what it does not touch. The
    words are inferred.

    Raises:
        PortalRefusal: Fields are empty, with their labels.
    """
    schema = portal.tables[entity.name].schema
    named = {str(name).upper(): value for name, value in sent.items()}
    lost = []
    for name in schema.user_fields:
        field = schema.fields[name]
        if not field.descriptor["isRequired"] or (before and name not in named):
            continue
        value = named[name] if name in named else schema.unasked.get(name)
        if value in (None, "", [], {}):
            lost.append(field.descriptor["formLabel"] or name)
    if lost:
        texts = (f'Поле "{label}" обязательно для заполнения.<br>' for label in lost)
        raise refusals.save_failed("".join(texts))
