"""Payments, payment systems, kinds of payers, old invoices."""

import pytest


@pytest.fixture
def paid_row(hook):
    """A deal with one row of 3 by 100; the number of the row."""
    hook.result("crm.deal.add", {"fields": {}})
    fields = {"ownerType": "D", "ownerId": 1, "productName": "Окно", "price": 100, "quantity": 3}
    return hook.result("crm.item.productrow.add", {"fields": fields})["productRow"]["id"]


def payment(hook):
    return hook.result("crm.item.payment.add", {"entityId": 1, "entityTypeId": 2})


def test_a_payment_takes_rows_of_its_deal_and_sums_them(hook, paid_row):
    number = payment(hook)
    sent = {"paymentId": number, "rowId": paid_row, "quantity": 2}
    part = hook.result("crm.item.payment.product.add", sent)
    row = hook.result("crm.item.payment.get", {"id": number})
    assert row == {
        "id": 1,
        "accountNumber": "1/1",
        "paid": "N",
        "datePaid": None,
        "empPaidId": None,
        "paySystemId": 1,
        "sum": 200,
        "currency": "RUB",
        "paySystemName": "Наличные",
    }
    owner = {"ownerType": "D", "ownerId": 1}
    (left,) = hook.result("crm.item.productrow.getAvailableForPayment", owner)["productRows"]
    assert left["quantity"] == 1
    hook.result("crm.item.payment.product.setQuantity", {"id": part, "quantity": 3})
    assert hook.result("crm.item.productrow.getAvailableForPayment", owner)["productRows"] == []
    listed = hook.result("crm.item.payment.product.list", {"paymentId": number})
    assert listed == [{"id": 1, "paymentId": 1, "quantity": 3, "rowId": paid_row}]
    hook.result("crm.item.payment.delete", {"id": number})
    assert hook.result("crm.item.payment.list", {"entityId": 1, "entityTypeId": 2}) == []


def test_a_payment_is_paid_and_not_paid(hook, paid_row):
    number = payment(hook)
    assert hook.result("crm.item.payment.pay", {"id": number}) is True
    row = hook.result("crm.item.payment.get", {"id": number})
    assert (row["paid"], row["empPaidId"]) == ("Y", 1)
    assert row["datePaid"]
    hook.result("crm.item.payment.unpay", {"id": number})
    assert hook.result("crm.item.payment.get", {"id": number})["datePaid"] is None
    sent = {"id": number, "fields": {"paySystemId": 99}}
    refused = hook.refusal("crm.item.payment.update", sent)
    assert refused == (400, "0", "Payment system not found")


@pytest.mark.parametrize(
    ("verb", "params", "code", "text"),
    [
        ("get", {"id": 9}, "0", "Payment not found or access denied"),
        ("add", {"entityId": 1, "entityTypeId": 4}, "0", "Invalid CRM object type"),
        ("add", {"entityId": 1}, "100", "Could not find value for parameter {entityTypeId}"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(hook, verb, params, code, text):
    assert hook.refusal(f"crm.item.payment.{verb}", params) == (400, code, text)


def test_a_payment_system_needs_a_handler_that_is_there(hook):
    sent = {"NAME": "Карта", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "card"}
    assert hook.refusal("sale.paysystem.add", sent)[1] == "ERROR_HANDLER_NOT_FOUND"
    handler = {"NAME": "Карта", "CODE": "card", "SETTINGS": {"CURRENCY": ["RUB"]}}
    assert hook.result("sale.paysystem.handler.add", handler) == 1
    number = hook.result("sale.paysystem.add", sent)
    (row,) = hook.result("sale.paysystem.list", {"FILTER": {"ID": number}})
    assert (row["NAME"], row["ACTIVE"], row["PERSON_TYPE_ID"]) == ("Карта", "N", 1)
    settings = {"ID": number, "SETTINGS": {"KEY": "1"}}
    hook.result("sale.paysystem.settings.update", settings)
    asked = {"ID": number, "PERSON_TYPE_ID": 1}
    assert hook.result("sale.paysystem.settings.get", asked) == {"KEY": "1"}
    assert hook.result("sale.paysystem.delete", {"ID": number}) is True
    assert hook.refusal("sale.paysystem.delete", {"ID": number})[1] == "ERROR_PAY_SYSTEM_NOT_FOUND"


def test_kinds_of_payers_are_the_same_in_both_families(hook):
    rows = hook.result("sale.persontype.list")["personTypes"]
    assert [row["code"] for row in rows] == ["CRM_COMPANY", "CRM_CONTACT"]
    (old,) = hook.result("crm.persontype.list", {"filter": {"NAME": "CRM_CONTACT"}})
    assert old == {"ID": "2", "NAME": "CRM_CONTACT"}


@pytest.fixture
def invoice(hook):
    def make(**fields):
        base = {"ORDER_TOPIC": "Окна", "PAY_SYSTEM_ID": 2, "PERSON_TYPE_ID": 1}
        return hook.result("crm.invoice.add", {"fields": {**base, **fields}})

    return make


def test_an_old_invoice_has_rows_and_sums_of_its_own(hook, invoice):
    rows = [{"PRODUCT_NAME": "Окно", "PRICE": 120, "QUANTITY": 2, "VAT_RATE": 0.2}]
    number = invoice(PRODUCT_ROWS=rows, INVOICE_PROPERTIES={"INN": "77"}, UF_DEAL_ID=5)
    row = hook.result("crm.invoice.get", {"id": number})
    assert (row["PRICE"], row["TAX_VALUE"], row["STATUS_ID"]) == ("240.00", "40.00", "N")
    assert (row["ACCOUNT_NUMBER"], row["UF_DEAL_ID"], row["PAYED"]) == ("1", "5", "N")
    assert row["INVOICE_PROPERTIES"] == {"INN": "77"}
    assert row["PRODUCT_ROWS"][0]["PRODUCT_NAME"] == "Окно"
    (listed,) = hook.result("crm.invoice.list", {"filter": {"UF_DEAL_ID": 5}})
    assert not {"PRODUCT_ROWS", "INVOICE_PROPERTIES"} & set(listed)
    hook.result("crm.invoice.update", {"id": number, "fields": {"PRODUCT_ROWS": []}})
    assert hook.result("crm.invoice.get", {"id": number})["PRICE"] == "0.00"


def test_a_paid_status_pays_an_old_invoice_and_is_an_event(hook, app, invoice):
    app.result("event.bind", {"event": "onCrmInvoiceSetStatus", "event_type": "offline"})
    number = invoice()
    hook.result("crm.invoice.update", {"id": number, "fields": {"STATUS_ID": "P"}})
    row = hook.result("crm.invoice.get", {"id": number})
    assert (row["PAYED"], row["EMP_PAYED_ID"]) == ("Y", "1")
    assert row["DATE_PAYED"]
    assert len(app.result("event.offline.get")["events"]) == 1
    hook.result("crm.invoice.update", {"id": number, "fields": {"STATUS_ID": "D"}})
    assert hook.result("crm.invoice.get", {"id": number})["PAYED"] == "N"


@pytest.mark.parametrize("name", ["ORDER_TOPIC", "PAY_SYSTEM_ID", "PERSON_TYPE_ID"])
def test_an_old_invoice_insists_on_topic_system_and_payer(hook, name):
    fields = {"ORDER_TOPIC": "А", "PAY_SYSTEM_ID": 2, "PERSON_TYPE_ID": 1}
    del fields[name]
    refused = hook.refusal("crm.invoice.add", {"fields": fields})
    assert refused == (400, "ERROR_CORE", f"The field {name} is required.")


def test_statuses_of_old_invoices_are_a_directory(hook):
    rows = hook.result("crm.invoice.status.list")
    assert [row["STATUS_ID"] for row in rows] == ["N", "S", "P", "D"]
    number = hook.result("crm.invoice.status.add", {"fields": {"NAME": "Ждём", "SORT": 115}})
    assert hook.result("crm.invoice.status.get", {"id": number})["STATUS_ID"] == "A"
    asked = {"filter": {"ENTITY_ID": "SOURCE"}}
    other = hook.result("crm.status.list", asked)[0]["ID"]
    assert hook.refusal("crm.invoice.status.get", {"id": other})[2] == "Status is not found."


def test_an_old_invoice_is_no_item(hook):
    refused = hook.refusal("crm.item.list", {"entityTypeId": 5})
    assert refused[1] == "ENTITY_TYPE_NOT_SUPPORTED"
