"""Sales entered as people enter them, in each configuration's words."""

import pytest

from onec_emulator.rules.documents import WriteRefused
from onec_emulator.sales import (
    Line,
    enter_order,
    enter_price,
    enter_product,
    fill_sales,
    pay,
    put_in_stock,
    ship,
)
from onec_emulator.sales_wording import WORDINGS
from onec_emulator.sample import fill

CONFIGURATIONS = sorted(WORDINGS)


def states(odata):
    """What each configuration says of payment and shipment, in one form."""
    odata.base.clock.advance(10)
    records = odata.base.records()
    match odata.base.configuration.name:
        case "unf" | "unf16":
            paid = records["InformationRegister_ФактОплатыЗаказов"].values()
            done = records["InformationRegister_ГрафикВыполненияЗаказов"].values()
            # The plan of what is left to deliver.
            return [row["СуммаОплаты"] for row in paid], [row["Выполнено"] for row in done]
        case "ut11":
            rows = records["InformationRegister_СостоянияЗаказовКлиентов"].values()
            return [row["СуммаОплаты"] for row in rows], [row["ПроцентОтгрузки"] for row in rows]
        case _:
            rows = records["InformationRegister_СтатусыДокументов"].values()
            return [row["Статус"] for row in rows], [row["ДополнительныйСтатус"] for row in rows]


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_order_is_entered_shipped_and_paid(calling, name):
    odata = calling(configuration=name)
    base, (client,) = odata.base, fill(odata.base, 1)
    product = enter_product(base, "Бумага")
    enter_price(base, product, 250.5)
    order = enter_order(base, client, [Line(product, 2, 250.5)])
    row = base.records()[WORDINGS[name].order][order]
    assert (row["СуммаДокумента"], row["Posted"]) == (501, True)
    (line,) = row[WORDINGS[name].part]
    assert (line["СуммаНДС"], line["Цена"]) == (83.5, 250.5)
    if WORDINGS[name].guards_stock:
        with pytest.raises(WriteRefused, match="Не хватает"):
            ship(base, order)
    put_in_stock(base, product, 2)
    ship(base, order)
    pay(base, order, 501)
    expected = {
        # What is shipped whole has no record in the plan any more.
        "unf": ([501], []),
        "unf16": ([501], []),
        "ut11": ([501], [100]),
        "bp30": (["Оплачен"], ["Отгружен"]),
    }
    assert states(odata) == expected[name]


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_filled_base_has_sold_to_each_client_and_the_same_each_time(calling, name):
    def filled():
        base = calling(configuration=name).base
        orders = fill_sales(base, fill(base, 6))
        return base, orders

    (base, orders), (other, _) = filled(), filled()
    rows = base.records()[WORDINGS[name].order]
    assert len(orders) == len(rows) == 6
    assert all(row["Posted"] and row["СуммаДокумента"] > 0 for row in rows.values())
    assert len(base.records()[WORDINGS[name].shipment]) == 3
    assert len(base.records()[WORDINGS[name].payment]) == 2
    assert base.snapshot() == other.snapshot()


def test_a_base_that_knows_no_sales_says_so(calling):
    with pytest.raises(LookupError, match="Use one of: unf, unf16, ut11, bp30"):
        enter_product(calling(configuration="other").base, "Бумага")
