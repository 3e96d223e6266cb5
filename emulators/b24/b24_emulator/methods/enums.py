"""Enumerations of the CRM. Source: b24restdocs: api-reference/crm/auxiliary/enum/*.md."""

from b24_emulator.calls import Call, Result
from b24_emulator.methods.row import CRM, Method
from b24_emulator.owners import ADDRESS_TYPES
from b24_emulator.schema import schema
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/crm/auxiliary/enum/crm-enum"
OWNER_TYPES = (
    (1, "Лид", "LEAD", "L"),
    (2, "Сделка", "DEAL", "D"),
    (3, "Контакт", "CONTACT", "C"),
    (4, "Компания", "COMPANY", "CO"),
    (5, "Счет (старая версия)", "INVOICE", "I"),
    (31, "Счет", "SMART_INVOICE", "SI"),
    (7, "Предложение", "QUOTE", "Q"),
    (8, "Реквизиты", "REQUISITE", "RQ"),
    (36, "Документ", "SMART_DOCUMENT", "DO"),
    (39, "Документ компании", "SMART_B2E_DOC", "SBD"),
)


def _fields(call: Call) -> Result:
    return Result(schema("crm.enum").described)


def _address_types(call: Call) -> Result:
    return Result([_element(number, name) for number, name in ADDRESS_TYPES.items()])


def _owner_types(call: Call) -> Result:
    """Types that every portal has, also those that have no methods here."""
    return Result([_element(*row) for row in OWNER_TYPES])


def _element(
    number: int, name: str, code: str | None = None, short: str | None = None
) -> dict[str, int | str | None]:
    return {"ID": number, "NAME": name, "SYMBOL_CODE": code, "SYMBOL_CODE_SHORT": short}


ROWS = (
    Method("crm.enum.fields", _fields, CRM, documented(f"{PAGE}-fields")),
    Method("crm.enum.addresstype", _address_types, CRM, documented(f"{PAGE}-address-type")),
    Method("crm.enum.ownertype", _owner_types, CRM, documented(f"{PAGE}-owner-type")),
)
