"""The old invoices: a store of their own, with rows and properties inside.

Source: b24restdocs: api-reference/crm/outdated/invoice/*.md, invoice-status-old/*.md; the
documents print no answers, so the shapes are inferred.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from b24_emulator import online, php, product_rows, products, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.entities import STATUS
from b24_emulator.methods.records import delete_of, demand, list_of
from b24_emulator.methods.row import Handler, family
from b24_emulator.methods.statuses import ROWS as STATUS_ROWS
from b24_emulator.methods.statuses import items_of
from b24_emulator.money import OLD_INVOICE, PAID
from b24_emulator.schema import schema
from b24_emulator.table import Row

Fields = dict[str, Any]  # Any: what was sent
REQUIRED = ("ORDER_TOPIC", "PAY_SYSTEM_ID", "PERSON_TYPE_ID")
DIRECTORY = "INVOICE_STATUS"
PAGES = "api-reference/crm/outdated"
STATUS_COLUMNS = ("ID", "ENTITY_ID", "STATUS_ID", "NAME", "NAME_INIT", "SORT", "SYSTEM")


def _upper(sent: Mapping[str, Any]) -> Fields:  # Any: what was sent
    return {str(name).upper(): value for name, value in sent.items()}


def _fields(call: Call) -> Result:
    return Result(call.portal.tables[OLD_INVOICE.name].schema.described)


def _get(call: Call) -> Result:
    number = call.number()
    row = call.portal.tables[OLD_INVOICE.name].rows.get(number)
    if row is None:
        raise refusals.not_found()
    call.read(OLD_INVOICE.name, number)
    user = call.portal.tables["user"].rows.get(php.integer(row["RESPONSIBLE_ID"]))
    responsible = {
        "RESPONSIBLE_NAME": user["NAME"] if user else None,
        "RESPONSIBLE_LAST_NAME": user["LAST_NAME"] if user else None,
        "RESPONSIBLE_EMAIL": user["EMAIL"] if user else None,
    }
    return Result({**row, **responsible})


def _rows(call: Call, sent: object) -> list[Row]:
    """PRODUCT_ROWS as they are kept: what is not passed is dropped."""
    found: list[Row] = []
    for number, one in enumerate(php.rows(sent), start=1):
        row = _upper(one) if isinstance(one, dict) else {}
        known = products.in_row(call.portal, row.get("PRODUCT_ID")) or {}
        found.append(
            {
                "ID": str(php.integer(row.get("ID")) or number),
                "PRODUCT_ID": str(php.integer(row.get("PRODUCT_ID"))),
                "PRODUCT_NAME": str(row.get("PRODUCT_NAME") or known.get("NAME") or ""),
                "QUANTITY": f"{php.number(row.get('QUANTITY', 1)):.4f}",
                "PRICE": f"{php.number(row.get('PRICE')):.2f}",
                "DISCOUNT_PRICE": f"{php.number(row.get('DISCOUNT_PRICE')):.2f}",
                "VAT_RATE": f"{php.number(row.get('VAT_RATE')):.4f}",
                "VAT_INCLUDED": "Y" if php.flag(row.get("VAT_INCLUDED", "Y")) else "N",
                "MEASURE_CODE": str(
                    php.integer(row.get("MEASURE_CODE") or known.get("MEASURE_CODE"))
                ),
                "MEASURE_NAME": str(row.get("MEASURE_NAME") or known.get("MEASURE_NAME") or ""),
                "CATALOG_XML_ID": "",
                "PRODUCT_XML_ID": "",
            }
        )
    return found


def _amounts(rows: list[Row]) -> dict[str, str]:
    """Price is that of a row with its VAT, or without it where VAT comes on top."""
    price, tax = Decimal(0), Decimal(0)
    for row in rows:
        rate, sum_ = Decimal(row["VAT_RATE"]), Decimal(row["PRICE"]) * Decimal(row["QUANTITY"])
        is_inside = row["VAT_INCLUDED"] == "Y"
        vat = sum_ * rate / (1 + rate) if is_inside else sum_ * rate
        price, tax = price + sum_ + (0 if is_inside else vat), tax + vat
    kopeck = product_rows.KOPECK
    return {"PRICE": str(price.quantize(kopeck)), "TAX_VALUE": str(tax.quantize(kopeck))}


def _beside(call: Call, before: Row, sent: Fields) -> Row:
    """What stands beside the plain fields, and what follows from the status."""
    found: Fields = {
        "PRODUCT_ROWS": before.get("PRODUCT_ROWS", []),
        "INVOICE_PROPERTIES": before.get("INVOICE_PROPERTIES", {}),
        "DATE_UPDATE": call.now(),
    }
    if "PRODUCT_ROWS" in sent:
        found["PRODUCT_ROWS"] = _rows(call, sent["PRODUCT_ROWS"])
        found |= _amounts(found["PRODUCT_ROWS"])
    if isinstance(sent.get("INVOICE_PROPERTIES"), dict):
        found["INVOICE_PROPERTIES"] = {
            **found["INVOICE_PROPERTIES"],
            **_upper(sent["INVOICE_PROPERTIES"]),
        }
    status = sent.get("STATUS_ID", before.get("STATUS_ID"))
    known = {one["STATUS_ID"] for one in items_of(call.portal, DIRECTORY)}
    if status in known and status != before.get("STATUS_ID"):
        found |= {"DATE_STATUS": call.now(), "EMP_STATUS_ID": call.caller.user_id}
        is_paid = status == PAID
        found |= {
            "PAYED": "Y" if is_paid else "N",
            "DATE_PAYED": call.now() if is_paid else "",
            "EMP_PAYED_ID": call.caller.user_id if is_paid else None,
        }
    return found


def _plain(sent: Fields) -> Fields:
    return {n: value for n, value in sent.items() if n not in OLD_INVOICE.schema.hidden}


def _add(call: Call) -> Result:
    sent = _upper(call.tree("fields"))
    for name in REQUIRED:
        if sent.get(name) in (None, ""):
            raise refusals.save_failed(f"The field {name} is required.")
    demand(call, OLD_INVOICE, {}, sent)
    table = call.portal.tables[OLD_INVOICE.name]
    sent.setdefault("ACCOUNT_NUMBER", str(table.last_id + 1))
    number = records.add(
        call.portal, OLD_INVOICE, _plain(sent), call.caller, hidden=_beside(call, {}, sent)
    )
    return Result(number)


def _update(call: Call) -> Result:
    number, sent = call.number(), _upper(call.tree("fields"))
    before = call.portal.tables[OLD_INVOICE.name].rows.get(number)
    if before is None:
        raise OLD_INVOICE.update_missing(number)
    demand(call, OLD_INVOICE, before, sent)
    hidden = _beside(call, before, sent)
    records.update(call.portal, OLD_INVOICE, number, _plain(sent), call.caller, hidden=hidden)
    after = call.portal.tables[OLD_INVOICE.name].rows[number]
    if after["STATUS_ID"] != before["STATUS_ID"]:
        online.happened(call.portal, "ONCRMINVOICESETSTATUS", OLD_INVOICE.told(after), call.caller)
    return Result(value=True)


def _link(call: Call) -> Result:
    number = call.number()
    if number not in call.portal.tables[OLD_INVOICE.name].rows:
        raise refusals.not_found()
    return Result(f"{call.portal.origin}/pub/invoice/{number}/")


def _of_statuses(verb: str) -> Handler:
    """The same method of the directories, for this directory only."""
    whole = next(row.handler for row in STATUS_ROWS if row.name == f"crm.status.{verb}")

    def answer(call: Call) -> Result:
        if verb != "add":
            row = call.portal.tables[STATUS.name].rows.get(call.number())
            if row is None or row["ENTITY_ID"] != DIRECTORY:
                raise refusals.not_found("Status is not found.")
            return _status_shown(whole(call))
        sent = _upper(call.tree("fields"))
        if not sent.get("NAME"):
            raise refusals.not_found("The field NAME is required.")
        taken = {one["STATUS_ID"] for one in items_of(call.portal, DIRECTORY)}
        letter = next(code for code in "ABCEFGHIJKLMOQRTUVWXYZ" if code not in taken)
        sent |= {"ENTITY_ID": DIRECTORY, "STATUS_ID": sent.get("STATUS_ID") or letter}
        return whole(Call(call.portal, call.caller, {**call.params, "fields": sent}))

    return answer


def _status_shown(answer: Result) -> Result:
    if not isinstance(answer.value, dict):
        return answer
    return Result({name: answer.value[name] for name in STATUS_COLUMNS})


def _status_list(call: Call) -> Result:
    table = call.portal.tables[STATUS.name]
    rows = [table.rows[number] for number in table.with_value("ENTITY_ID", DIRECTORY)]
    rows.sort(key=lambda row: int(row["SORT"]))
    return Result([{name: row[name] for name in STATUS_COLUMNS} for row in rows], len(rows))


STATUSES: dict[str, Handler] = {
    "fields": lambda call: Result(schema("crm.invoice.status").described),
    "list": _status_list,
    **{verb: _of_statuses(verb) for verb in ("get", "add", "update", "delete")},
}

ROWS = (
    *family(
        "crm.invoice",
        f"{PAGES}/invoice/crm-invoice",
        {
            "fields": _fields,
            "list": list_of(OLD_INVOICE),
            "get": _get,
            "add": _add,
            "update": _update,
            "delete": delete_of(OLD_INVOICE),
            "getexternallink": _link,
        },
    ),
    *family("crm.invoice.status", f"{PAGES}/invoice-status-old/crm-invoice-status", STATUSES),
)
