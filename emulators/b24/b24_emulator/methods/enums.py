"""Enumerations of the CRM. Source: b24restdocs: api-reference/crm/auxiliary/enum/*.md."""

from b24_emulator.calls import Call, Result
from b24_emulator.methods.row import CRM, Handler, Method
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


_ACTIVITY = {
    "activitytype": (
        "Встреча",
        "Звонок",
        "Задача",
        "Письмо",
        "Действие",
        "Пользовательское действие",
    ),
    "activitystatus": ("Ожидается", "Завершено", "Завершено автоматически"),
    "activitypriority": ("низкая", "средняя", "высокая"),
    "activitydirection": ("Входящее", "Исходящее"),
    "activitynotifytype": ("мин.", "ч.", "дн."),
    "contenttype": ("Plain text", "bbCode", "HTML"),
}
"""Names of 1, 2, 3…; each of these begins with an empty 0."""
_PAGES = {
    "activitytype": "activity-type",
    "activitystatus": "activity-status",
    "activitypriority": "activity-priority",
    "activitydirection": "activity-direction",
    "activitynotifytype": "activity-notify-type",
    "contenttype": "content-type",
}
CLASSIC_MODE = 1
MODES = ((CLASSIC_MODE, "Классическая CRM"), (2, "Простая CRM"))


def _numbered(names: tuple[str, ...]) -> Handler:
    elements = [_element(number, name) for number, name in enumerate(("", *names))]
    return lambda call: Result(elements)


def _modes(call: Call) -> Result:
    return Result([_element(*mode) for mode in MODES])


def _order_owners(call: Call) -> Result:
    return Result([{"attribute": "DYN", "code": "DEAL", "id": 2, "name": "Сделка"}])


def _mode(call: Call) -> Result:
    """A portal with leads."""
    return Result(CLASSIC_MODE)


def _multifields(call: Call) -> Result:
    return Result(schema("crm.multifield").described)


ROWS = (
    *(
        Method(
            f"crm.enum.{name}",
            _numbered(names),
            CRM,
            documented(f"{PAGE.replace('/crm-enum', '/outdated/crm-enum')}-{_PAGES[name]}"),
        )
        for name, names in _ACTIVITY.items()
    ),
    Method("crm.enum.settings.mode", _modes, CRM, documented(f"{PAGE}-settings-mode")),
    Method(
        "crm.enum.getorderownertypes",
        _order_owners,
        CRM,
        documented(f"{PAGE}-get-order-owner-types"),
    ),
    Method(
        "crm.settings.mode.get",
        _mode,
        CRM,
        documented("api-reference/crm/crm-settings-mode-get"),
    ),
    Method(
        "crm.multifield.fields",
        _multifields,
        CRM,
        documented("api-reference/crm/auxiliary/multifield/crm-multifield-fields"),
    ),
    Method("crm.enum.fields", _fields, CRM, documented(f"{PAGE}-fields")),
    Method("crm.enum.addresstype", _address_types, CRM, documented(f"{PAGE}-address-type")),
    Method("crm.enum.ownertype", _owner_types, CRM, documented(f"{PAGE}-owner-type")),
)
