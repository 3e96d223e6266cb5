"""Payment systems, their handlers, kinds of payers.

Source: b24restdocs: api-reference/pay-system/*.md, sale/person-type/*.md, crm/outdated/invoice/
crm-pay-system-*.md, crm-person-type-*.md.
"""

from typing import Any

from b24_emulator import php, records
from b24_emulator.calls import Call, Result
from b24_emulator.controllers import View
from b24_emulator.entity import Entity
from b24_emulator.methods.controllers import Family, rows_of
from b24_emulator.methods.row import Handler, family
from b24_emulator.money import OLD_INVOICE, PAY_HANDLER, PAY_SYSTEM, PAYMENT, PERSON_TYPE
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.table import Row

SCOPE = ("pay_system",)
INTEGERS = ("ID", "PERSON_TYPE_ID", "SORT")
CHECK, MISSING = "ERROR_CHECK_FAILURE", "ERROR_PAY_SYSTEM_NOT_FOUND"


def _upper(call: Call, *besides: str) -> dict[str, Any]:  # Any: what was sent
    return {name.upper(): value for name, value in call.params.items() if name not in besides}


def _shown(row: Row) -> dict[str, Any]:  # Any: JSON
    shown = {name: value for name, value in row.items() if name != "SETTINGS"}
    numbers = {name: php.integer(row[name]) for name in INTEGERS}
    return shown | numbers


def _list(call: Call) -> Result:
    wanted = {str(n).upper(): v for n, v in call.tree("filter").items()}
    select = {str(name).upper() for name in php.rows(call.params.get("select"))}
    rows = [_shown(row) for row in call.portal.tables[PAY_SYSTEM.name].rows.values()]
    found = [row for row in rows if all(str(row.get(n)) == str(v) for n, v in wanted.items())]
    for name, word in reversed(list(call.tree("order").items())):
        key = str(name).upper()
        found.sort(key=lambda row: _ranked(row.get(key)), reverse=str(word).upper() == "DESC")
    if select and "*" not in select:
        found = [{name: row[name] for name in row if name in select} for row in found]
    return Result(found)


def _ranked(value: object) -> tuple[float, str]:
    return (php.number(value), str(value or ""))


def _row(call: Call, entity: Entity, code: str = MISSING, name: str = "id") -> Row:
    if not call.params.get(name):
        raise PortalRefusal(CHECK, f"Parameter {name.upper()} is not defined")
    row = call.portal.tables[entity.name].rows.get(php.integer(call.params[name]))
    if row is None:
        raise PortalRefusal(code, "Not found")
    return row


def _insist(call: Call, *names: str) -> None:
    for name in names:
        if call.params.get(name.lower()) in (None, ""):
            raise PortalRefusal(CHECK, f"Parameter {name} is not defined")


def _add(call: Call) -> Result:
    _insist(call, "NAME", "PERSON_TYPE_ID", "BX_REST_HANDLER")
    sent = _upper(call)
    handlers = call.portal.tables[PAY_HANDLER.name].rows.values()
    if not any(one["CODE"] == sent["BX_REST_HANDLER"] for one in handlers):
        raise PortalRefusal("ERROR_HANDLER_NOT_FOUND", "Handler not found")
    if php.integer(sent["PERSON_TYPE_ID"]) not in call.portal.tables[PERSON_TYPE.name].rows:
        raise PortalRefusal("ERROR_PERSON_TYPE_NOT_FOUND", "Person type not found")
    sent.setdefault("PSA_NAME", sent["NAME"])
    sent["ACTION_FILE"] = sent["BX_REST_HANDLER"]
    return Result(records.add(call.portal, PAY_SYSTEM, sent, call.caller))


def _update(call: Call) -> Result:
    row = _row(call, PAY_SYSTEM)
    records.update(call.portal, PAY_SYSTEM, int(row["ID"]), call.tree("fields"), call.caller)
    return Result(value=True)


def _delete_of(entity: Entity, code: str) -> Handler:
    def answer(call: Call) -> Result:
        records.delete(call.portal, entity, int(_row(call, entity, code)["ID"]), call.caller)
        return Result(value=True)

    return answer


def _settings(call: Call) -> Result:
    return Result(_row(call, PAY_SYSTEM)["SETTINGS"] or {})


def _settings_update(call: Call) -> Result:
    row = _row(call, PAY_SYSTEM)
    _insist(call, "SETTINGS")
    settings = {**(row["SETTINGS"] or {}), **call.tree("settings")}
    table = call.portal.tables[PAY_SYSTEM.name]
    table.put(int(row["ID"]), {**row, "SETTINGS": settings})
    return Result(value=True)


def _settings_of(entity: Entity, name: str) -> Handler:
    """Settings of the system that a payment, or an old invoice, is paid by."""

    def answer(call: Call) -> Result:
        row = _row(call, entity, "ERROR_CHECK_FAILURE", name)
        asked = call.params.get("pay_system_id") or row["PAY_SYSTEM_ID"]
        system = call.portal.tables[PAY_SYSTEM.name].rows.get(php.integer(asked))
        if system is None:
            raise PortalRefusal(MISSING, "Pay system not found")
        return Result(system["SETTINGS"] or {})

    return answer


def _pay_payment(call: Call) -> Result:
    row = _row(call, PAYMENT, "ERROR_PROCESS_REQUEST_RESULT", "payment_id")
    _row(call, PAY_SYSTEM, MISSING, "pay_system_id")
    paid = {"PAID": "Y", "DATE_PAID": call.now(), "EMP_PAID_ID": call.caller.user_id}
    paid["PAY_SYSTEM_ID"] = str(php.integer(call.params["pay_system_id"]))
    records.update(call.portal, PAYMENT, int(row["ID"]), {}, call.caller, hidden=paid)
    return Result(value=True)


def _pay_invoice(call: Call) -> Result:
    row = _row(call, OLD_INVOICE, "ERROR_PROCESS_REQUEST_RESULT", "invoice_id")
    paid = {"PAYED": "Y", "DATE_PAYED": call.now(), "EMP_PAYED_ID": call.caller.user_id}
    number, status = int(row["ID"]), {"STATUS_ID": "P"}
    records.update(call.portal, OLD_INVOICE, number, status, call.caller, hidden=paid)
    return Result(value=True)


def _handlers(call: Call) -> Result:
    return Result([dict(row) for row in call.portal.tables[PAY_HANDLER.name].rows.values()])


def _handler_add(call: Call) -> Result:
    _insist(call, "NAME", "CODE", "SETTINGS")
    sent = _upper(call)
    if call.portal.tables[PAY_HANDLER.name].with_value("CODE", sent["CODE"]):
        raise PortalRefusal("ERROR_HANDLER_ALREADY_EXIST", "Handler already exists")
    return Result(records.add(call.portal, PAY_HANDLER, sent, call.caller))


def _handler_update(call: Call) -> Result:
    row = _row(call, PAY_HANDLER, "ERROR_HANDLER_NOT_FOUND")
    records.update(call.portal, PAY_HANDLER, int(row["ID"]), call.tree("fields"), call.caller)
    return Result(value=True)


def _old_systems(call: Call) -> Result:
    rows = [
        {
            **{name: row.get(name) for name in schema("crm.paysystem").fields if name in row},
            "HANDLER": row["ACTION_FILE"],
            "HANDLER_CODE": row["ACTION_FILE"],
            "HANDLER_NAME": row["PSA_NAME"],
        }
        for row in call.portal.tables[PAY_SYSTEM.name].rows.values()
    ]
    wanted = {str(n).upper(): str(v) for n, v in call.tree("filter").items()}
    found = [row for row in rows if all(str(row.get(n)) == v for n, v in wanted.items())]
    return Result(found, len(found))


def _old_persons(call: Call) -> Result:
    wanted = str(call.tree("filter").get("NAME") or "")
    rows = call.portal.tables[PERSON_TYPE.name].rows.values()
    found = [{"ID": row["ID"], "NAME": row["NAME"]} for row in rows]
    found = [row for row in found if not wanted or row["NAME"] == wanted]
    return Result(found, len(found))


HANDLERS: dict[str, Handler] = {
    "list": _list,
    "add": _add,
    "update": _update,
    "delete": _delete_of(PAY_SYSTEM, MISSING),
    "settings.get": _settings,
    "settings.update": _settings_update,
    "settings.payment.get": _settings_of(PAYMENT, "payment_id"),
    "pay.payment": _pay_payment,
    "handler.list": _handlers,
    "handler.add": _handler_add,
    "handler.update": _handler_update,
    "handler.delete": _delete_of(PAY_HANDLER, "ERROR_HANDLER_NOT_FOUND"),
}
OUTDATED: dict[str, Handler] = {
    "settings.invoice.get": _settings_of(OLD_INVOICE, "invoice_id"),
    "pay.invoice": _pay_invoice,
}
OLD = "api-reference/crm/outdated/invoice"
PERSONS = Family(
    "sale.persontype",
    View.of("sale.persontype", PERSON_TYPE),
    "personType",
    "personTypes",
    "api-reference/sale/person-type/sale-person-type",
    ("sale",),
    required=("name",),
    missing=PortalRefusal("200840400001", "person type is not exists"),
)

ROWS = (
    *family("sale.paysystem", "api-reference/pay-system/sale-pay-system", HANDLERS, SCOPE),
    *family("sale.paysystem", "api-reference/pay-system/outdated/sale-pay-system", OUTDATED, SCOPE),
    *rows_of(PERSONS),
    *family(
        "crm.paysystem",
        f"{OLD}/crm-pay-system",
        {"fields": lambda call: Result(schema("crm.paysystem").described), "list": _old_systems},
    ),
    *family(
        "crm.persontype",
        f"{OLD}/crm-person-type",
        {"fields": lambda call: Result(schema("crm.persontype").described), "list": _old_persons},
    ),
)
