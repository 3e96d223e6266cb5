"""Bank details of the portal to bank accounts and back.

Source: b24restdocs: crm/requisites/bank-detail.
"""

from collections.abc import Mapping

from sverka.entities.accounts import BANK_ACCOUNT
from sverka.records import Record, SideName, Value, Written, typed_key
from sverka.wire.b24 import Json
from sverka.wire.b24_cards import SHAPE_OF_TYPE

DETAIL = "bankdetail"
FAMILY = "crm.requisite.bankdetail"


def decode_account(row: Mapping[str, Json], requisite: Mapping[str, Json]) -> Record | None:
    """The account of a bank detail and the requisite it hangs on; None if that is of no client."""
    shape = SHAPE_OF_TYPE.get(str(requisite["ENTITY_TYPE_ID"]))
    if shape is None:
        return None
    values: dict[str, Value] = {}
    for field in BANK_ACCOUNT.fields:
        text = str(row.get(field.card[DETAIL][0]) or "")
        values[field.name] = field.kind.normal(text)
    return Record(
        side=SideName.PORTAL,
        entity=BANK_ACCOUNT.name,
        key=typed_key(DETAIL, row["ID"]),
        values={
            **values,
            "owner": typed_key(shape, requisite["ENTITY_ID"]),
            "closed": "Y" if row.get("ACTIVE") == "N" else "",
        },
        external=str(row.get("XML_ID") or "").lower(),
        outside="" if values["number"] else "it has no account number",
    )


def encode_account(values: Written) -> dict[str, Json]:
    """Fields for `crm.requisite.bankdetail.add` and `.update`, but for the requisite."""
    fields: dict[str, Json] = {
        BANK_ACCOUNT.field(name).card[DETAIL][0]: value
        for name, value in values.items()
        if name != "owner"
    }
    if "closed" in values:
        fields["ACTIVE"] = "N" if values["closed"] else "Y"
    return fields
