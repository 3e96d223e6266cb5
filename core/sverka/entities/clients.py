"""Clients: контрагенты in 1C, companies and contacts with requisites on the portal."""

from collections.abc import Mapping
from enum import StrEnum

from sverka.entities.declared import (
    Address,
    Digits,
    Emails,
    Entity,
    Field,
    InLaw,
    Phones,
    Text,
)


class ClientKind(StrEnum):
    """What a client is in law."""

    LEGAL = "legal"
    SOLE_TRADER = "sole_trader"
    PERSON = "person"
    STATE_BODY = "state_body"


LEGAL, SOLE_TRADER, PERSON, STATE_BODY = ClientKind

KIND = "kind"
LACKING: Mapping[str, tuple[str, ...]] = {
    SOLE_TRADER: ("kpp",),
    PERSON: ("kpp", "registration_no"),
}
"""Numbers that nobody of this kind has: they go when a client becomes one."""

FULL_NAME = ("LAST_NAME", "NAME", "SECOND_NAME")
PERSON_WORDS = ("RQ_LAST_NAME", "RQ_FIRST_NAME", "RQ_SECOND_NAME")

CLIENT = Entity(
    name="client",
    fields=(
        # The portal tells it by the template of the requisite, 1C in words of its own.
        Field(KIND, InLaw(), requisite=dict.fromkeys(ClientKind, ("PRESET_ID",))),
        Field(
            "name",
            Text(100),
            "Description",
            card={"company": ("TITLE",), "contact": FULL_NAME},
            mirror={LEGAL: "RQ_COMPANY_NAME", STATE_BODY: "RQ_COMPANY_NAME"},
        ),
        Field(
            "full_name",
            Text(250),
            "НаименованиеПолное",
            requisite={
                LEGAL: ("RQ_COMPANY_FULL_NAME",),
                STATE_BODY: ("RQ_COMPANY_FULL_NAME",),
            },
        ),
        Field(
            "person_name",
            Text(100),
            "ФИО",
            requisite={SOLE_TRADER: PERSON_WORDS, PERSON: PERSON_WORDS},
        ),
        Field(
            "inn",
            Digits(12),
            "ИНН",
            requisite={LEGAL: ("RQ_INN",), SOLE_TRADER: ("RQ_INN",), STATE_BODY: ("RQ_INN",)},
        ),
        Field("kpp", Digits(9), "КПП", requisite={LEGAL: ("RQ_KPP",), STATE_BODY: ("RQ_KPP",)}),
        Field(
            "registration_no",
            Text(50),
            "РегистрационныйНомер",
            requisite={
                LEGAL: ("RQ_OGRN",),
                SOLE_TRADER: ("RQ_OGRNIP",),
                STATE_BODY: ("RQ_OGRN",),
            },
        ),
        Field(
            "okpo",
            Text(10),
            "КодПоОКПО",
            requisite={LEGAL: ("RQ_OKPO",), SOLE_TRADER: ("RQ_OKPO",), STATE_BODY: ("RQ_OKPO",)},
        ),
        Field(
            "phones",
            Phones(),
            "Телефон",
            card={"company": ("PHONE",), "contact": ("PHONE",)},
        ),
        Field(
            "emails",
            Emails(),
            "АдресЭлектроннойПочты",
            card={"company": ("EMAIL",), "contact": ("EMAIL",)},
        ),
        Field("legal_address", Address(), "Адрес", address="6"),
        Field("actual_address", Address(), "Адрес", address="1"),
    ),
)
