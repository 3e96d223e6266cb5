"""What the service shows of a base: which sets stand behind each path. A new one is a new row."""

from collections.abc import Mapping
from dataclasses import dataclass

from onec_emulator.schemas import Configuration, EntitySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One path, and the sets whose records are found there.

    Attributes:
        path: `clients`; its records are at `clients/{key}`.
        name: The same in operations of the OpenAPI, `Client`.
        about: What is found there.
        sets: Sets by their names in all configurations; a base has some of them. Where it has
            none, it has no such path.
        search: By parameter of a list, the fields that it is compared with; a set has one of
            them or none.
        is_written: Whether records are made and changed here, too.
    """

    path: str
    name: str
    about: str
    sets: tuple[str, ...]
    search: Mapping[str, tuple[str, ...]]
    is_written: bool = True

    def held(self, configuration: Configuration) -> tuple[EntitySet, ...]:
        """Those of the sets that a base has."""
        known = configuration.sets
        return tuple(known[name] for name in self.sets if name in known)


NUMBERED = {
    "number": ("Number",),
    "client": ("Контрагент_Key",),
    "organisation": ("Организация_Key",),
}
RESOURCES = (
    Resource(
        path="clients",
        name="Client",
        about="Контрагенты",
        sets=("Catalog_Контрагенты",),
        search={"inn": ("ИНН",), "kpp": ("КПП",), "name": ("Description",), "code": ("Code",)},
    ),
    Resource(
        path="products",
        name="Product",
        about="Номенклатура",
        sets=("Catalog_Номенклатура",),
        search={"article": ("Артикул",), "name": ("Description",), "code": ("Code",)},
    ),
    Resource(
        path="orders",
        name="Order",
        about="Заказы клиентов",
        sets=("Document_ЗаказПокупателя", "Document_ЗаказКлиента"),
        search=NUMBERED,
    ),
    Resource(
        path="invoices",
        name="Invoice",
        about="Счета на оплату",
        sets=(
            "Document_СчетНаОплату",
            "Document_СчетНаОплатуКлиенту",
            "Document_СчетНаОплатуПокупателю",
        ),
        search=NUMBERED,
    ),
    Resource(
        path="statuses",
        name="Status",
        about="Состояния заказов и счетов, оплата и отгрузка: их выводит сама база",
        sets=(
            "InformationRegister_ФактОплатыЗаказов",
            "InformationRegister_ГрафикВыполненияЗаказов",
            "InformationRegister_ИсторияСостоянийЗаказов",
            "InformationRegister_СостоянияЗаказовКлиентов",
            "InformationRegister_СтатусыДокументов",
        ),
        search={"document": ("Заказ", "Документ", "СчетНаОплату")},
        is_written=False,
    ),
    Resource(
        path="activities",
        name="Activity",
        about="События: звонки и встречи",
        sets=("Document_Событие", "Document_ТелефонныйЗвонок", "Document_Встреча"),
        search={"number": ("Number",), "responsible": ("Ответственный_Key",)},
    ),
)
