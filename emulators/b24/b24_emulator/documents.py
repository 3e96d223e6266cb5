"""Deals, leads, quotes, smart invoices and items of smart processes: what moves through stages.

Source: b24restdocs: api-reference/crm/{deals,leads,quote,universal}/**.
"""

import functools

from b24_emulator import refusals
from b24_emulator.entity import Entity, Staging
from b24_emulator.offline import Subject
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.table import Row


def _quote_missing(number: int) -> PortalRefusal:
    return refusals.not_found("Quote is not found")


def _element_missing(number: int) -> PortalRefusal:
    return refusals.save_failed("Элемент не найден")


DEAL = Entity(
    "deal",
    schema("crm.deal"),
    event="ONCRMDEAL",
    type_id=2,
    user_fields="CRM_DEAL",
    title="Сделка #{}",
    staging=Staging(
        "DEAL_STAGE",
        semantics="STAGE_SEMANTIC_ID",
        prefix="C",
        funnels="dealcategory",
        template="DEAL_STAGE",
    ),
    owner_code="D",
)
LEAD = Entity(
    "lead",
    schema("crm.lead"),
    event="ONCRMLEAD",
    type_id=1,
    user_fields="CRM_LEAD",
    title="Лид #{}",
    staging=Staging("STATUS", field="STATUS_ID", semantics="STATUS_SEMANTIC_ID"),
    owner_code="L",
)
QUOTE = Entity(
    "quote",
    schema("crm.quote"),
    event="ONCRMQUOTE",
    type_id=7,
    user_fields="CRM_QUOTE",
    title="Предложение #{}",
    staging=Staging("QUOTE_STATUS", field="STATUS_ID", has_history=False),
    owner_code="Q",
    update_missing=_quote_missing,
    delete_missing=_element_missing,
)


def _told_with_type(type_id: int, row: Row) -> Subject:
    return (("ID", row["ID"]), ("ENTITY_TYPE_ID", str(type_id)))


INVOICE = Entity(
    "smart_invoice",
    schema("crm.smart_invoice"),
    event="ONCRMDYNAMICITEM",
    told=functools.partial(_told_with_type, 31),
    type_id=31,
    user_fields="CRM_SMART_INVOICE",
    title="Счёт #{}",
    staging=Staging(
        "SMART_INVOICE_STAGE",
        prefix="DT31_",
        funnels="itemcategory",
        template="SMART_INVOICE_STAGE",
    ),
    owner_code="SI",
    suffixed=True,
)


@functools.cache
def dynamic(type_id: int, own_id: int, title: str) -> Entity:
    """Items of one smart process.

    Args:
        own_id: The number of the process itself, which its user fields are named by.
    """
    return Entity(
        f"dynamic_{type_id}",
        schema("crm.dynamic"),
        event="ONCRMDYNAMICITEM",
        told=functools.partial(_told_with_type, type_id),
        type_id=type_id,
        user_fields=f"CRM_{own_id}",
        title=f"{title} #{{}}",
        staging=Staging(
            f"DYNAMIC_{type_id}_STAGE",
            prefix=f"DT{type_id}_",
            funnels="itemcategory",
            template="DYNAMIC_STAGE",
        ),
        owner_code=f"T{type_id:x}",
        suffixed=True,
    )


DOCUMENTS = (DEAL, LEAD, QUOTE, INVOICE)
DEAL_CATEGORY = Entity("dealcategory", schema("crm.dealcategory"))
ITEM_CATEGORY = Entity("itemcategory", schema("crm.itemcategory"))
FUNNELS = (DEAL_CATEGORY, ITEM_CATEGORY)
PRODUCT_ROW = Entity("productrow", schema("crm.productrow"))
STAGE_HISTORY = Entity("stagehistory", schema("crm.stagehistory"))
TYPE = Entity("type", schema("crm.type"), event="ONCRMTYPE")
"""A smart process itself; its items are `dynamic`."""
