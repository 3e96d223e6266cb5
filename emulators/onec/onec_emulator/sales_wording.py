"""How each configuration words a sale: which set holds what."""

from collections.abc import Mapping
from dataclasses import dataclass

from onec_emulator.infobase import Infobase


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesWording:
    """Sets of one configuration's sales.

    Attributes:
        part: Table part of order and shipment.
        stock: Register of what is on stock, and its resource; None where there is none.
        guards_stock: Whether a shipment of more than there is gets refused.
        goods: What a product of stock is called, `""` where that is not said.
        has_orders: Whether clients order; else an invoice stands for the order.
    """

    order: str
    shipment: str
    payment: str
    part: str = "Товары"
    units: str = "Catalog_КлассификаторЕдиницИзмерения"
    stores: str = "Catalog_Склады"
    price_kinds: str = "Catalog_ВидыЦен"
    stock: tuple[str, str] | None = None
    guards_stock: bool = True
    goods: str = ""
    has_orders: bool = True


UNF = SalesWording(
    order="Document_ЗаказПокупателя",
    shipment="Document_РасходнаяНакладная",
    payment="Document_ПоступлениеНаСчет",
    part="Запасы",
    stores="Catalog_СтруктурныеЕдиницы",
    stock=("AccumulationRegister_ЗапасыНаСкладах", "Количество"),
    goods="Запас",
)
WORDINGS: Mapping[str, SalesWording] = {
    "unf": UNF,
    "unf16": UNF,
    "ut11": SalesWording(
        order="Document_ЗаказКлиента",
        shipment="Document_РеализацияТоваровУслуг",
        payment="Document_ПоступлениеБезналичныхДенежныхСредств",
        units="Catalog_УпаковкиЕдиницыИзмерения",
        stock=("AccumulationRegister_ТоварыНаСкладах", "ВНаличии"),
        goods="Товар",
    ),
    "bp30": SalesWording(
        order="Document_СчетНаОплатуПокупателю",
        shipment="Document_РеализацияТоваровУслуг",
        payment="Document_ПоступлениеНаРасчетныйСчет",
        price_kinds="Catalog_ТипыЦенНоменклатуры",
        stock=("AccountingRegister_Хозрасчетный", "КоличествоDr"),
        guards_stock=False,
        has_orders=False,
    ),
}
"""By the name of the configuration."""


def wording_of(base: Infobase) -> SalesWording:
    """How the base's configuration words sales.

    Raises:
        LookupError: It knows none; the message names those that do.
    """
    name = base.configuration.name
    if name not in WORDINGS:
        raise LookupError(
            f"Sales cannot be entered into {name!r}. Use one of: {', '.join(WORDINGS)}."
        )
    return WORDINGS[name]
