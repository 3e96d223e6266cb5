"""What `crm.item.*`, smart processes, payments and payment systems ask for.

Source: b24restdocs: api-reference/crm/universal/**, pay-system/*.md.
"""

from b24_emulator.documents import PRODUCT_ROW
from b24_emulator.money import OLD_INVOICE, PAID_DELIVERY, PAID_PRODUCT, PAYMENT
from b24_emulator.needs.row import DENIED, LINKS, NEWER, NO_PAYMENT, UNSEEN, Rows, alike, each
from b24_emulator.needs.subjects import (
    described,
    item,
    items,
    params,
    process,
    record,
    settings,
)

ITEMS: Rows = {
    **alike("crm.item", UNSEEN, items("read"), "fields"),
    **alike("crm.item", UNSEEN, item("read"), "get"),
    **each("crm.item", NEWER, add=items("add"), update=item("update"), delete=item("delete")),
    **alike("crm.item", NEWER, items("import"), "import batchimport"),
    **alike("crm.category", NEWER, items("read"), "get"),
    **alike("crm.category", NEWER, settings, "add update delete"),
    **alike("crm.type", NEWER, settings, "fields list add update delete"),
    **each("crm.type", NEWER, get=process, getbyentitytypeid=items("read")),
    **each(
        "crm.item.productrow",
        NEWER,
        list=described("read", PRODUCT_ROW.name, "filter"),
        get=record("read", PRODUCT_ROW.name),
        add=described("update", PRODUCT_ROW.name),
        update=record("update", PRODUCT_ROW.name),
        delete=record("update", PRODUCT_ROW.name),
        set=params("update", PRODUCT_ROW.name),
        getavailableforpayment=params("read", PRODUCT_ROW.name),
    ),
    **each(
        "crm.item.payment",
        DENIED,
        add=item("update", "entitytypeid", "entityid"),
        list=item("read", "entitytypeid", "entityid"),
    ),
    **alike(
        "crm.item.payment",
        NO_PAYMENT,
        record("update", PAYMENT.name),
        "get update pay unpay delete",
    ),
    **{
        name: need
        for part, kind, verb in (
            ("product", PAID_PRODUCT, "setquantity"),
            ("delivery", PAID_DELIVERY, "setdelivery"),
        )
        for name, need in {
            **each(
                f"crm.item.payment.{part}",
                DENIED,
                add=record("update", PAYMENT.name, "paymentid"),
                list=record("read", PAYMENT.name, "paymentid"),
            ),
            **alike(
                f"crm.item.payment.{part}", DENIED, record("update", kind.name), f"{verb} delete"
            ),
        }.items()
    },
    **alike("crm.item.delivery", DENIED, item("read", "entitytypeid", "entityid"), "list"),
    **alike(
        "sale.paysystem", LINKS, settings, "list add update delete settings.get settings.update"
    ),
    **alike("sale.paysystem.handler", LINKS, settings, "list add update delete"),
    **each(
        "sale.paysystem",
        LINKS,
        settings_payment_get=record("update", PAYMENT.name, "payment_id"),
        pay_payment=record("update", PAYMENT.name, "payment_id"),
        settings_invoice_get=record("update", OLD_INVOICE.name, "invoice_id"),
        pay_invoice=record("update", OLD_INVOICE.name, "invoice_id"),
    ),
}
