"""Payments of deals and smart invoices, with the product rows that they pay for.

Source: b24restdocs: api-reference/crm/universal/payment/**.
"""

from typing import Any

from b24_emulator import php, records
from b24_emulator.calls import Call, Result
from b24_emulator.controllers import View
from b24_emulator.documents import DEAL, INVOICE, PRODUCT_ROW
from b24_emulator.entity import Entity
from b24_emulator.items import entity_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, family
from b24_emulator.money import PAID_DELIVERY, PAID_PRODUCT, PAY_SYSTEM, PAYMENT
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

PAGES = "api-reference/crm/universal/payment"
VIEW = View.of("crm.item.payment", PAYMENT)
MISSING = PortalRefusal("0", "Payment not found or access denied")
PAYABLE = (DEAL.type_id, INVOICE.type_id)


def _owner(call: Call) -> tuple[Entity, int]:
    number, type_id = needed(call, "entityId"), php.integer(needed(call, "entityTypeId"))
    entity = entity_of(call.portal, type_id) if type_id in PAYABLE else None
    if entity is None:
        raise PortalRefusal("0", "Invalid CRM object type")
    if php.integer(number) not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("0", "Access denied")
    return entity, php.integer(number)


def _row(call: Call, name: str = "id") -> Row:
    row = call.portal.tables[PAYMENT.name].rows.get(php.integer(needed(call, name)))
    if row is None:
        raise MISSING
    return row


def _shown(call: Call, row: Row) -> dict[str, Any]:  # Any: JSON
    system = call.portal.tables[PAY_SYSTEM.name].rows.get(php.integer(row["PAY_SYSTEM_ID"]))
    total = _sum(call, row)
    return {**VIEW.shown(row), "sum": total, "paySystemName": system["NAME"] if system else ""}


def _sum(call: Call, payment: Row) -> float | int:
    rows = call.portal.tables[PRODUCT_ROW.name].rows
    paid = call.portal.tables[PAID_PRODUCT.name]
    total = 0.0
    for number in paid.with_value("PAYMENT_ID", payment["ID"]):
        one = paid.rows[number]
        row = rows.get(php.integer(one["ROW_ID"]))
        total += php.number(row["PRICE"]) * php.number(one["QUANTITY"]) if row else 0.0
    return php.brief(round(total, 2))


def _of_owner(call: Call, entity: Entity, number: int) -> list[Row]:
    table = call.portal.tables[PAYMENT.name]
    found = [table.rows[one] for one in table.with_value("OWNER_ID", number)]
    return [row for row in found if row["OWNER_TYPE_ID"] == str(entity.type_id)]


def _add(call: Call) -> Result:
    entity, number = _owner(call)
    owner = call.portal.tables[entity.name].rows[number]
    place = len(_of_owner(call, entity, number)) + 1
    hidden = {
        "OWNER_ID": str(number),
        "OWNER_TYPE_ID": str(entity.type_id),
        "ACCOUNT_NUMBER": f"{number}/{place}",
        "CURRENCY": owner["CURRENCY_ID"],
    }
    return Result(records.add(call.portal, PAYMENT, {}, call.caller, hidden=hidden))


def _get(call: Call) -> Result:
    return Result(_shown(call, _row(call)))


def _list(call: Call) -> Result:
    entity, number = _owner(call)
    wanted = {key.lstrip("="): value for key, value in call.tree("filter").items()}
    rows = [_shown(call, row) for row in _of_owner(call, entity, number)]
    found = [row for row in rows if all(str(row.get(n)) == str(v) for n, v in wanted.items())]
    for name, word in reversed(list(call.tree("order").items())):
        found.sort(key=lambda row: str(row.get(name) or ""), reverse=str(word).upper() == "DESC")
    return Result(found)


def _change(call: Call, row: Row, sent: dict[str, Any]) -> Result:  # Any: what was sent
    system = sent.get("paySystemId")
    if system is not None and php.integer(system) not in call.portal.tables[PAY_SYSTEM.name].rows:
        raise PortalRefusal("0", "Payment system not found")
    hidden: dict[str, str | None] = {}
    if system is not None:
        hidden["PAY_SYSTEM_ID"] = str(php.integer(system))
    if "paid" in sent:
        is_paid = php.flag(sent["paid"])
        hidden |= {
            "PAID": "Y" if is_paid else "N",
            "DATE_PAID": call.now() if is_paid else None,
            "EMP_PAID_ID": call.caller.user_id if is_paid else None,
        }
    records.update(call.portal, PAYMENT, int(row["ID"]), {}, call.caller, hidden=hidden)
    return Result(value=True)


def _update(call: Call) -> Result:
    row = _row(call)
    needed(call, "fields")
    return _change(call, row, call.tree("fields"))


def _paying(word: str) -> Handler:
    return lambda call: _change(call, _row(call), {"paid": word})


def _delete(call: Call) -> Result:
    row = _row(call)
    for entity in (PAID_PRODUCT, PAID_DELIVERY):
        table = call.portal.tables[entity.name]
        for number in list(table.with_value("PAYMENT_ID", row["ID"])):
            table.drop(number)
    records.delete(call.portal, PAYMENT, int(row["ID"]), call.caller)
    return Result(value=True)


def _part_of(entity: Entity, name: str, file_name: str) -> dict[str, Handler]:
    """Methods of the parts of a payment: product rows, or deliveries."""
    view, column = View.of(file_name, entity), "ROW_ID" if name == "rowId" else "DELIVERY_ID"

    def part(call: Call) -> Row:
        row = call.portal.tables[entity.name].rows.get(php.integer(needed(call, "id")))
        if row is None:
            raise MISSING
        return row

    def add(call: Call) -> Result:
        payment, number = _row(call, "paymentId"), php.integer(needed(call, name))
        hidden = {"PAYMENT_ID": payment["ID"], column: str(number), "QUANTITY": "1"}
        if entity is PAID_PRODUCT:
            hidden["QUANTITY"] = _quantity(call)
            owner = call.portal.tables[PRODUCT_ROW.name].rows.get(number)
            if owner is None or owner["OWNER_ID"] != payment["OWNER_ID"]:
                raise PortalRefusal("0", "Product row not found")
        return Result(records.add(call.portal, entity, {}, call.caller, hidden=hidden))

    def listed(call: Call) -> Result:
        payment, table = _row(call, "paymentId"), call.portal.tables[entity.name]
        found = table.with_value("PAYMENT_ID", payment["ID"])
        return Result([view.shown(table.rows[number]) for number in found])

    def change(call: Call) -> Result:
        row = part(call)
        values = (
            {"QUANTITY": _quantity(call)}
            if entity is PAID_PRODUCT
            else {column: str(php.integer(needed(call, name)))}
        )
        call.portal.tables[entity.name].put(int(row["ID"]), {**row, **values})
        return Result(value=True)

    def delete(call: Call) -> Result:
        call.portal.tables[entity.name].drop(int(part(call)["ID"]))
        return Result(value=True)

    verb = "setquantity" if entity is PAID_PRODUCT else "setdelivery"
    return {"add": add, "list": listed, verb: change, "delete": delete}


def _quantity(call: Call) -> str:
    number = php.number(needed(call, "quantity"))
    if number <= 0:
        raise PortalRefusal("0", "Quantity must be positive")
    return f"{number:g}"


ROWS = (
    *family(
        "crm.item.payment",
        f"{PAGES}/crm-item-payment",
        {
            "add": _add,
            "get": _get,
            "list": _list,
            "update": _update,
            "pay": _paying("Y"),
            "unpay": _paying("N"),
            "delete": _delete,
        },
    ),
    *family(
        "crm.item.payment.product",
        f"{PAGES}/products-in-payment/crm-item-payment-product",
        _part_of(PAID_PRODUCT, "rowId", "crm.item.payment.product"),
    ),
    *family(
        "crm.item.payment.delivery",
        f"{PAGES}/delivery-in-payment/crm-item-payment-delivery",
        _part_of(PAID_DELIVERY, "deliveryId", "crm.item.payment.delivery"),
    ),
)
