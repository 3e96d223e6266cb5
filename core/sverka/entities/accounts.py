"""Bank accounts of clients: банковские счета in 1C, bank details of a requisite on the portal."""

from sverka.entities.declared import Digits, Entity, Field, Flag, Owner, Ref, Text

BANK_ACCOUNT = Entity(
    name="account",
    fields=(
        Field("number", Text(34), card={"bankdetail": ("RQ_ACC_NUM",)}),
        Field("owner", Ref(), card={"bankdetail": ("ENTITY_ID",)}),
        Field("bik", Digits(9), card={"bankdetail": ("RQ_BIK",)}),
        # What the classifier of banks says by the BIK; nobody renames a bank on the portal.
        Field("bank", Text(100), card={"bankdetail": ("RQ_BANK_NAME",)}, owner=Owner.INFOBASE),
        Field(
            "correspondent",
            Text(20),
            card={"bankdetail": ("RQ_COR_ACC_NUM",)},
            owner=Owner.INFOBASE,
        ),
        Field("closed", Flag(), card={"bankdetail": ("ACTIVE",)}, owner=Owner.INFOBASE),
    ),
)
