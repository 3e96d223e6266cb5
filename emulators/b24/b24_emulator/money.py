"""Payments, payment systems, kinds of payers, and the old invoices.

Source: b24restdocs: api-reference/crm/universal/payment/*.md, pay-system/*.md,
crm/outdated/invoice/*.md.
"""

from b24_emulator import refusals
from b24_emulator.entity import Entity, Staging
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema

PAYMENT = Entity("payment", schema("crm.item.payment"))
PAID_PRODUCT = Entity("payment_product", schema("crm.item.payment.product"))
PAID_DELIVERY = Entity("payment_delivery", schema("crm.item.payment.delivery"))
PERSON_TYPE = Entity("person_type", schema("sale.persontype"))
PAY_SYSTEM = Entity("paysystem", schema("sale.paysystem"))
PAY_HANDLER = Entity("paysystem_handler", schema("sale.paysystem.handler"))


def _invoice_missing(number: int) -> PortalRefusal:
    return refusals.not_found("Invoice not found.")


OLD_INVOICE = Entity(
    "invoice",
    schema("crm.invoice"),
    event="ONCRMINVOICE",
    type_id=5,
    user_fields="CRM_INVOICE",
    staging=Staging("INVOICE_STATUS", field="STATUS_ID"),
    update_missing=_invoice_missing,
    delete_missing=_invoice_missing,
)
MONEY = (
    PAYMENT,
    PAID_PRODUCT,
    PAID_DELIVERY,
    PERSON_TYPE,
    PAY_SYSTEM,
    PAY_HANDLER,
    OLD_INVOICE,
)
PAID = "P"
