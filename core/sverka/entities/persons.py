"""Contact persons: контактные лица in 1C, contacts of a company on the portal."""

from sverka.entities.clients import FULL_NAME
from sverka.entities.declared import Emails, Entity, Field, Phones, Ref, Text

CONTACT_PERSON = Entity(
    name="person",
    fields=(
        Field("name", Text(100), "Description", card={"contact": FULL_NAME}),
        Field("owner", Ref(), card={"contact": ("COMPANY_ID",)}),
        Field("post", Text(100), card={"contact": ("POST",)}),
        Field("phones", Phones(), "Телефон", card={"contact": ("PHONE",)}),
        Field("emails", Emails(), "АдресЭлектроннойПочты", card={"contact": ("EMAIL",)}),
    ),
)
