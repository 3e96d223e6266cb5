"""Records at the margin of an exchange: kept and shown, without consequences of their own.

Source: b24restdocs: api-reference/catalog/{price-type,product-property-feature}/**,
crm/{automated-solution,deals/recurring-deals,outdated/invoice}/**.
"""

from b24_emulator.entity import Entity
from b24_emulator.schema import schema

PRICE_TYPE_GROUP = Entity("price_type_group", schema("catalog.priceTypeGroup"))
PRICE_TYPE_LANG = Entity("price_type_lang", schema("catalog.priceTypeLang"))
PROPERTY_FEATURE = Entity("property_feature", schema("catalog.productPropertyFeature"))
SOLUTION = Entity("automated_solution", schema("crm.automatedsolution"))
RECURRING_DEAL = Entity("deal_recurring", schema("crm.deal.recurring"))
RECURRING_INVOICE = Entity("invoice_recurring", schema("crm.invoice.recurring"))
MARGINAL = (
    PRICE_TYPE_GROUP,
    PRICE_TYPE_LANG,
    PROPERTY_FEATURE,
    SOLUTION,
    RECURRING_DEAL,
    RECURRING_INVOICE,
)
