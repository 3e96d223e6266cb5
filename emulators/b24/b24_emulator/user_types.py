"""Types of user fields as a table: how a value is kept, what settings a type has.

Source: b24restdocs: api-reference/crm/universal/user-defined-fields/*.md and
crm/companies/userfields/crm-company-userfield-add.md; titles of settings are ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from b24_emulator import php
from b24_emulator.schema import Field
from b24_emulator.values import Stored, is_unset, stored

ITEMS, PRECISION = "items", "PRECISION"
DIGITS_MAX = 12
# Wide enough for the longest number that php.number reads.
_WIDE = Context(prec=200, rounding=ROUND_HALF_UP)
Kept = str | list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a field's SETTINGS.

    Attributes:
        kind: `int`, `string`, `char`, `double` or `object`, as settings.fields names it.
    """

    kind: str
    default: Any  # Any: JSON
    title: str


@dataclass(frozen=True, slots=True)
class UserType:
    """One USER_TYPE_ID.

    Attributes:
        kind: How a value is kept and compared; see `_KEEPING`.
    """

    title: str
    kind: str
    settings: Mapping[str, Setting] = field(default_factory=dict)


_DEFAULT = "Значение по умолчанию"
_SIZE = Setting("int", 20, "Размер поля")
_LENGTHS = {
    "MIN_LENGTH": Setting("int", 0, "Минимальная длина"),
    "MAX_LENGTH": Setting("int", 0, "Максимальная длина"),
}
_TEXT = {
    "SIZE": _SIZE,
    "ROWS": Setting("int", 1, "Количество строк"),
    "REGEXP": Setting("string", "", "Регулярное выражение"),
    **_LENGTHS,
    "DEFAULT_VALUE": Setting("string", "", _DEFAULT),
}
_WHOLE = {
    "SIZE": _SIZE,
    "MIN_VALUE": Setting("int", 0, "Минимальное значение"),
    "MAX_VALUE": Setting("int", 0, "Максимальное значение"),
    "DEFAULT_VALUE": Setting("int", None, _DEFAULT),
}
_DECIMAL = {
    PRECISION: Setting("int", 2, "Точность"),
    "DEFAULT_VALUE": Setting("double", None, _DEFAULT),
}
_FLAG = {
    "DEFAULT_VALUE": Setting("int", 0, _DEFAULT),
    "DISPLAY": Setting("string", "CHECKBOX", "Внешний вид"),
}
_MOMENT = {
    "DEFAULT_VALUE": Setting("object", {"VALUE": "", "TYPE": "NONE"}, _DEFAULT),
}
_LIST = {
    "DISPLAY": Setting("string", "LIST", "Внешний вид"),
    "LIST_HEIGHT": Setting("int", 1, "Высота списка"),
    "CAPTION_NO_VALUE": Setting("string", "", "Подпись при отсутствии значения"),
    "SHOW_NO_VALUE": Setting("char", "Y", "Показывать пустое значение"),
}
_BLOCK = {
    "IBLOCK_TYPE_ID": Setting("string", "", "Тип информационного блока"),
    "IBLOCK_ID": Setting("string", "0", "Информационный блок"),
    "DEFAULT_VALUE": Setting("string", "", _DEFAULT),
    "DISPLAY": Setting("string", "LIST", "Внешний вид"),
    "LIST_HEIGHT": Setting("int", 1, "Высота списка"),
    "ACTIVE_FILTER": Setting("char", "N", "Показывать только активные элементы"),
}
_FILE = {
    "SIZE": _SIZE,
    "LIST_WIDTH": Setting("int", 0, "Ширина в списке"),
    "LIST_HEIGHT": Setting("int", 0, "Высота в списке"),
    "MAX_SHOW_SIZE": Setting("int", 0, "Показывать до размера"),
    "MAX_ALLOWED_SIZE": Setting("int", 0, "Допустимый размер"),
    "EXTENSIONS": Setting("object", [], "Расширения"),
    "TARGET_BLANK": Setting("char", "Y", "Открывать в новом окне"),
}
_URL = {
    "POPUP": Setting("char", "Y", "Открывать в новом окне"),
    "SIZE": _SIZE,
    "ROWS": Setting("int", 1, "Количество строк"),
    **_LENGTHS,
    "DEFAULT_VALUE": Setting("string", "", _DEFAULT),
}
_BINDING = {
    name: Setting("char", "N", title)
    for name, title in (
        ("LEAD", "Лид"),
        ("CONTACT", "Контакт"),
        ("COMPANY", "Компания"),
        ("DEAL", "Сделка"),
    )
}

USER_TYPES: dict[str, UserType] = {
    "string": UserType("Строка", "string", _TEXT),
    "integer": UserType("Целое число", "integer", _WHOLE),
    "double": UserType("Число", "number", _DECIMAL),
    "boolean": UserType("Да/Нет", "switch", _FLAG),
    "enumeration": UserType("Список", "enumeration", _LIST),
    "datetime": UserType("Дата/Время", "datetime", _MOMENT),
    "date": UserType("Дата", "date", _MOMENT),
    "money": UserType("Деньги", "string", {"DEFAULT_VALUE": Setting("string", "", _DEFAULT)}),
    "url": UserType("Ссылка", "string", _URL),
    "address": UserType("Адрес", "string", {"SHOW_MAP": Setting("char", "Y", "Показывать карту")}),
    "file": UserType("Файл", "file", _FILE),
    "employee": UserType("Привязка к сотруднику", "user"),
    "crm_status": UserType(
        "Привязка к справочникам CRM",
        "crm_status",
        {"ENTITY_TYPE": Setting("string", "", "Справочник")},
    ),
    "iblock_section": UserType("Привязка к разделам инф. блоков", "integer", _BLOCK),
    "iblock_element": UserType("Привязка к элементам инф. блоков", "integer", _BLOCK),
    "crm": UserType("Привязка к элементам CRM", "string", _BINDING),
}
"""In the order of crm.userfield.types."""

OF_REQUISITES = ("string", "double", "boolean", "datetime")
"""Source: b24restdocs: crm/requisites/user-fields/crm-requisite-userfield-add.md."""


def settings_of(type_id: str, sent: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """SETTINGS of a field after a write; what a type does not know is dropped."""
    settings = {
        name: _coerced(setting, sent[name]) if name in sent else before.get(name, setting.default)
        for name, setting in USER_TYPES[type_id].settings.items()
    }
    if type_id == "crm" and "Y" not in settings.values():
        settings["LEAD"] = "Y"
    return settings


def _coerced(setting: Setting, value: object) -> object:
    if setting.kind == "int":
        return php.integer(value)
    if setting.kind == "double":
        return php.number(value)
    if setting.kind == "char":
        return "Y" if php.flag(value) else "N"
    return value if setting.kind == "object" else str(value)


def kept(field: Field, value: object) -> Kept:
    """What a user field keeps of a sent value: texts, `""` or `[]` for nothing."""
    if not field.multiple:
        return _kept_one(field, value) or ""
    sent = php.rows(value) if isinstance(value, list | dict) else [value]
    return [text for text in (_kept_one(field, element) for element in sent) if text]


def default(field: Field) -> Kept:
    """DEFAULT_VALUE of a field, as a row keeps it; empty where it has none."""
    value = field.descriptor["settings"].get("DEFAULT_VALUE")
    return kept(field, value) if value not in (None, "") else ""


def _kept_one(field: Field, value: object) -> Stored:
    return _KEEPING[field.kind](field, value) if field.kind in _KEEPING else stored(field, value)


def _number(field: Field, value: object) -> Stored:
    """Rounded to the field's precision, without trailing zeros."""
    if is_unset(value):
        return None
    digits = min(max(field.descriptor["settings"][PRECISION], 0), DIGITS_MAX)
    step = Decimal(1).scaleb(-digits)
    # PHP rounds the decimal that is written, not the binary that is nearest to it.
    number = Decimal(str(php.number(value))).quantize(step, context=_WIDE)
    return f"{number:f}".rstrip("0").rstrip(".") if step < 1 else f"{number:f}"


def _switch(field: Field, value: object) -> Stored:
    return "1" if php.flag(value) else "0"


def _element(field: Field, value: object) -> Stored:
    """An element's number; what is none of the list's own is dropped (inferred)."""
    number = "" if is_unset(value) else str(value).strip()
    return number if any(item["ID"] == number for item in field.descriptor[ITEMS]) else None


_KEEPING: dict[str, Callable[[Field, object], Stored]] = {
    "number": _number,
    "switch": _switch,
    "enumeration": _element,
}
