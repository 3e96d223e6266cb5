"""Further counterparties of a partner: контрагенты in УТ, further requisites on the portal.

The first one of each is a part of the client: its fields are the client's own.
"""

from sverka.entities.clients import CLIENT, KIND, LEGAL, STATE_BODY
from sverka.entities.declared import Entity, Field, Ref, Text

COUNTERPARTY = Entity(
    name="counterparty",
    fields=(
        Field("owner", Ref(), card={"requisite": ("ENTITY_ID",)}),
        Field(
            "name",
            Text(100),
            "Description",
            requisite={LEGAL: ("RQ_COMPANY_NAME",), STATE_BODY: ("RQ_COMPANY_NAME",)},
        ),
        *(
            field
            for field in CLIENT.fields
            if field.name != KIND and (field.requisite or field.address)
        ),
    ),
)
