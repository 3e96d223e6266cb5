"""Items brought from elsewhere with their history, deliveries and orders of deals.

Source: b24restdocs: api-reference/crm/universal/{import,delivery,order-entity}/*.md. There are no
deliveries and no orders here: what names one is refused as one that is not there.
"""

from typing import Any

from b24_emulator import funnels, item_writes, moments, php, records
from b24_emulator.access import ADMINISTRATOR
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL, INVOICE
from b24_emulator.items import CATEGORY_ID, Names, entity_of, item_type
from b24_emulator.methods.items import needed, type_unknown
from b24_emulator.methods.row import Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.values import stored

HISTORY = ("createdTime", "updatedTime", "movedTime", "createdBy", "updatedBy", "movedBy")
BATCH_MAX = 20
UNIVERSAL = "api-reference/crm/universal"


def _import_one(call: Call, sent: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """One item, past robots; only an administrator keeps its history."""
    entity = entity_of(call.portal, php.integer(needed(call, "entityTypeId")))
    if entity is None:
        raise type_unknown()
    names = Names.of(call.portal, item_type(call.portal, entity), original=False)
    fields, hidden = item_writes.classic(names, sent, {}), item_writes.hidden(names, sent)
    fields |= {n: sent[n] for n in ("PHONE", "EMAIL", "WEB", "IM") if n in sent}
    if CATEGORY_ID in names.kind.described:
        hidden["CATEGORY_ID"] = str(funnels.of_new(call.portal, entity, sent.get(CATEGORY_ID)))
    kept = [name for name in HISTORY if name in sent]
    if kept and call.caller.user_id != ADMINISTRATOR:
        raise _invalid(kept[0])
    _check_times(call, sent)
    for name in kept:
        if field := names.field(name):
            hidden[field.name] = stored(field, sent[name])
    return {"id": records.add(call.portal, entity, fields, call.caller, hidden=hidden)}


def _check_times(call: Call, sent: dict[str, Any]) -> None:  # Any: what was sent
    """Created, moved, changed, in this order and not in the future.

    Raises:
        PortalRefusal: It is not so, or no moment.
    """
    now = moments.written(call.portal.now_s)
    found = {}
    for name in ("createdTime", "movedTime", "updatedTime"):
        if name in sent:
            text = moments.datetime_text(str(sent[name]))
            if text is None or text > now:
                raise _invalid(name)
            found[name] = text
    times = list(found.values())
    for earlier, later, name in zip(times, times[1:], list(found)[1:], strict=False):
        if later < earlier:
            raise _invalid(name)


def _invalid(name: str) -> PortalRefusal:
    return PortalRefusal("CRM_FIELD_ERROR_VALUE_NOT_VALID", f'Invalid value for field "{name}"')


def _import(call: Call) -> Result:
    needed(call, "fields")
    return Result({"item": _import_one(call, call.tree("fields"))})


def _batch_import(call: Call) -> Result:
    """Each row for itself: one that is refused stops no other."""
    needed(call, "entityTypeId")
    data = php.rows(needed(call, "data"))
    if len(data) > BATCH_MAX:
        text = f"Maximum count of items is {BATCH_MAX}"
        raise PortalRefusal("MAX_IMPORT_BATCH_SIZE_EXCEEDED", text)
    answers: list[dict[str, Any]] = []  # Any: JSON
    for row in data:
        try:
            answers.append({"item": _import_one(call, row if isinstance(row, dict) else {})})
        except PortalRefusal as refused:
            answers.append({"error": refused.code, "error_description": refused.text})
    return Result({"items": answers})


def _delivery(call: Call) -> Result:
    needed(call, "id")
    raise PortalRefusal("0", "Delivery not found or access denied")


def _deliveries(call: Call) -> Result:
    number, type_id = needed(call, "entityId"), php.integer(needed(call, "entityTypeId"))
    entity = entity_of(call.portal, type_id)
    if entity not in (DEAL, INVOICE):
        raise PortalRefusal("0", "Invalid CRM object type")
    if php.integer(number) not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("0", "Access denied")
    return Result([])


KEYS = ("orderId", "ownerTypeId", "ownerId")
DESCRIBED = {
    name: {"isImmutable": True, "isReadOnly": False, "isRequired": True, "type": "integer"}
    for name in KEYS
}


def _order(call: Call) -> Result:
    fields = call.tree("fields")
    lost = [name for name in KEYS if fields.get(name) in (None, "")]
    if lost:
        raise PortalRefusal("0", f"Required fields: {', '.join(lost)}")
    raise PortalRefusal("200540400001", "order does not exist")


ROWS: tuple[Method, ...] = (
    *family(
        "crm.item",
        f"{UNIVERSAL}/import/crm-item",
        {"import": _import, "batchimport": _batch_import},
    ),
    *family(
        "crm.item.delivery",
        f"{UNIVERSAL}/delivery/crm-item-delivery",
        {"get": _delivery, "list": _deliveries},
    ),
    *family(
        "crm.orderentity",
        f"{UNIVERSAL}/order-entity/crm-order-entity",
        {
            "add": _order,
            "deletebyfilter": _order,
            "getfields": lambda call: Result({"orderEntity": DESCRIBED}),
            "list": lambda call: Result({"orderEntity": []}, 0),
        },
    ),
)
