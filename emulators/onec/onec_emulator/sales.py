"""Sales entered into a base the way people enter them: products, prices, stock, orders, payments.

Each configuration takes those of the words here that its sets know; БП has no orders, so there an
invoice stands for one, and its stock is on accounts.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onec_emulator.infobase import Infobase
from onec_emulator.rules.before_write import local_time
from onec_emulator.sales_wording import wording_of
from onec_emulator.schemas import NAMESPACE, RECORDS, Row

PRODUCTS = "Catalog_Номенклатура"
CLIENTS = "Catalog_Контрагенты"
CONTRACTS = "Catalog_ДоговорыКонтрагентов"
ACCOUNTS = "ChartOfAccounts_Хозрасчетный"
VAT = 20
GOODS = ("Бумага А4", "Ручка шариковая", "Папка-регистратор", "Степлер", "Калькулятор", "Лоток")
STOCK_EACH = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an order; the price is in roubles, VAT included."""

    product: str
    quantity: float
    price: float


def enter_product(base: Infobase, name: str, unit: str = "шт", user: str = "Иванова") -> str:
    """Enter a product and return its guid; the unit is one that the base knows by name."""
    fields: Row = {
        "Description": name,
        "НаименованиеПолное": name,
        "ЕдиницаИзмерения_Key": _first(base, wording_of(base).units, Description=unit),
        "ТипНоменклатуры": wording_of(base).goods,
        "ВидСтавкиНДС": "Общая",
        "СтавкаНДС_Key": _vat(base),
    }
    return _create(base, PRODUCTS, fields, user)


def enter_price(base: Infobase, product: str, price: float, user: str = "Иванова") -> None:
    """Enter a price as of now, of the first kind of prices that the base has."""
    kind = _first(base, wording_of(base).price_kinds)
    now = local_time(base.clock.now_s())
    record: Row = {"Period": now, "Номенклатура_Key": product, "Цена": price, "LineNumber": "1"}
    record |= dict.fromkeys(("ВидЦен_Key", "ВидЦены_Key", "ТипЦен_Key"), kind)
    record |= dict.fromkeys(("Валюта_Key", "ВалютаЦены_Key"), _roubles(base))
    register = "InformationRegister_ЦеныНоменклатуры"
    if base.configuration.sets[register].is_recorded:
        record = _recorded(record, product, "Document_УстановкаЦенНоменклатуры")
    _create(base, register, record, user)


def put_in_stock(base: Infobase, product: str, quantity: float, user: str = "Иванова") -> None:
    """Have so much of a product come in; a base that keeps no stock stays as it is."""
    wording = wording_of(base)
    if wording.stock is None:
        return
    register, resource = wording.stock
    record: Row = {
        "Period": local_time(base.clock.now_s()),
        "RecordType": "Receipt",
        "LineNumber": "1",
        "Организация_Key": _first(base, "Catalog_Организации"),
        "Номенклатура_Key": product,
        resource: quantity,
        **_store(base),
        **_of_accounts(base, product),
    }
    _create(base, register, _recorded(record, product, "Document_ВводНачальныхОстатков"), user)


def _of_accounts(base: Infobase, product: str) -> Row:
    """What a record of accounts says of goods that were there at the start; no other takes it."""
    store = next(iter(_store(base).values()))
    return {
        "AccountDr_Key": _first(base, ACCOUNTS, Code="41.01"),
        "AccountCr_Key": _first(base, ACCOUNTS, Code="000"),
        "ExtDimensionDr1": product,
        "ExtDimensionDr1_Type": NAMESPACE + PRODUCTS,
        "ExtDimensionDr3": store,
        "ExtDimensionDr3_Type": NAMESPACE + wording_of(base).stores,
    }


def enter_order(
    base: Infobase, client: str, lines: Sequence[Line], user: str = "Иванова", *, post: bool = True
) -> str:
    """Enter an order of a counterparty, posted unless said otherwise, and return its guid."""
    wording = wording_of(base)
    if not wording.has_orders:
        _contract(base, client, user)
    rows = [_row(base, number, line) for number, line in enumerate(lines, 1)]
    fields = _header(base, client) | {"Статус": "КОтгрузке", wording.part: rows, "Posted": post}
    return _create(base, wording.order, fields, user)


def ship(base: Infobase, order: str, user: str = "Иванова") -> str:
    """Ship an order whole and return the guid of the shipment.

    Raises:
        WriteRefused: There is not enough on stock.
    """
    wording = wording_of(base)
    row = base.records()[wording.order][order]
    named = _named(wording.order, order, ("Заказ", "ЗаказКлиента"))
    lines = [
        {**line, "Номенклатура_Key": line.get("Номенклатура_Key") or line["Номенклатура"]}
        for line in row[wording.part]
    ]
    fields = _header(base, row["Контрагент_Key"]) | named
    fields |= {"СчетНаОплатуПокупателю_Key": order, wording.part: lines, "Posted": True}
    return _create(base, wording.shipment, fields, user)


def pay(base: Infobase, order: str, total: float, user: str = "Иванова") -> str:
    """Enter a payment of an order and return its guid."""
    wording = wording_of(base)
    line: Row = {"LineNumber": "1", "СчетНаОплату_Key": order}
    line |= _named(wording.order, order, ("Заказ", "ОснованиеПлатежа"))
    sums = ("СуммаПлатежа", "СуммаРасчетов", "СуммаВзаиморасчетов", "Сумма")
    line |= dict.fromkeys(sums, total)
    client = base.records()[wording.order][order]["Контрагент_Key"]
    fields = _header(base, client) | {"СуммаДокумента": total, "Posted": True}
    fields |= {"Контрагент": client, "Контрагент_Type": f"{NAMESPACE}{CLIENTS}"}
    return _create(base, wording.payment, fields | {"РасшифровкаПлатежа": [line]}, user)


def fill_sales(base: Infobase, clients: Sequence[str], seed: int = 1) -> list[str]:
    """Enter products with prices and stock, and an order of each client; return the orders.

    Every second order is shipped, every third is paid.
    """
    chance = random.Random(f"sales of {seed}")
    prices = {enter_product(base, name): float(chance.randint(20, 2000)) for name in GOODS}
    for product, price in prices.items():
        enter_price(base, product, price)
        put_in_stock(base, product, STOCK_EACH)
    orders: list[str] = []
    for number, client in enumerate(clients):
        chosen = chance.sample(sorted(prices), chance.randint(1, 3))
        lines = [Line(product, chance.randint(1, 9), prices[product]) for product in chosen]
        orders.append(enter_order(base, client, lines))
        if number % 2 == 0:
            ship(base, orders[-1])
        if number % 3 == 0:
            pay(
                base,
                orders[-1],
                base.records()[wording_of(base).order][orders[-1]]["СуммаДокумента"],
            )
    return orders


def _header(base: Infobase, client: str) -> Row:
    now = local_time(base.clock.now_s())
    shipped = datetime.fromisoformat(now) + timedelta(days=7)
    currencies = ("Валюта_Key", "ВалютаДокумента_Key", "ВалютаДенежныхСредств_Key")
    return {
        "Date": now,
        "Контрагент_Key": client,
        "Партнер_Key": base.records()[CLIENTS][client].get("Партнер_Key"),
        "Организация_Key": _first(base, "Catalog_Организации"),
        "Соглашение_Key": _first(base, "Catalog_СоглашенияСКлиентами"),
        "ДатаОтгрузки": shipped.date().isoformat() + "T00:00:00",
        "ЦенаВключаетНДС": True,
        "СуммаВключаетНДС": True,
        **dict.fromkeys(currencies, _roubles(base)),
        **_store(base),
        **_first_state(base),
    }


def _row(base: Infobase, number: int, line: Line) -> Row:
    total = round(line.quantity * line.price, 2)
    unit = base.records()[PRODUCTS][line.product]["ЕдиницаИзмерения_Key"]
    return {
        "LineNumber": str(number),
        "КодСтроки": str(number),
        "Номенклатура_Key": line.product,
        "Номенклатура": line.product,
        "Номенклатура_Type": NAMESPACE + PRODUCTS,
        "ЕдиницаИзмерения": unit,
        "ЕдиницаИзмерения_Type": NAMESPACE + wording_of(base).units,
        "Количество": line.quantity,
        "КоличествоУпаковок": line.quantity,
        "Цена": line.price,
        **dict.fromkeys(("Сумма", "Всего", "СуммаСНДС"), total),
        "СуммаНДС": round(total * VAT / (100 + VAT), 2),
        "СтавкаНДС_Key": _vat(base),
        "СтавкаНДС": f"НДС{VAT}",
    }


def _store(base: Infobase) -> Row:
    """The store, under the names that the configuration has for it."""
    stores = wording_of(base).stores
    if "ТипСтруктурнойЕдиницы" not in base.configuration.sets[stores].fields:
        return {"Склад_Key": _first(base, stores)}
    store = _first(base, stores, ТипСтруктурнойЕдиницы="Склад")
    return {"СтруктурнаяЕдиницаРезерв_Key": store, "СтруктурнаяЕдиница_Key": store}


def _first_state(base: Infobase) -> Row:
    kinds = "Catalog_ВидыЗаказовПокупателей"
    kind = _first(base, kinds)
    if kind is None:
        return {}
    state = base.records()[kinds][kind]["ПорядокСостояний"][0]["Состояние_Key"]
    # Of one type in older releases; an order takes what it has.
    found = {"ВидЗаказа_Key": kind, "СостояниеЗаказа_Key": state}
    return (
        found
        | _named(kinds, kind, ("ВидЗаказа",))
        | _named("Catalog_СостоянияЗаказовПокупателей", state, ("СостояниеЗаказа",))
    )


def _contract(base: Infobase, client: str, user: str) -> None:
    if any(row["Owner_Key"] == client for row in base.records()[CONTRACTS].values()):
        return
    fields = {"Owner_Key": client, "Description": "Основной договор", "ВидДоговора": "СПокупателем"}
    organisation = {"Организация_Key": _first(base, "Catalog_Организации")}
    _create(base, CONTRACTS, fields | organisation, user)


def _named(entity: str, key: str, names: Sequence[str]) -> Row:
    """A composite property of each name that leads to a record."""
    pairs = ({name: key, f"{name}_Type": NAMESPACE + entity} for name in names)
    return {name: value for pair in pairs for name, value in pair.items()}


def _recorded(record: Row, recorder: str, kind: str) -> Row:
    return {"Recorder": recorder, "Recorder_Type": NAMESPACE + kind, RECORDS: [record]}


def _vat(base: Infobase) -> str | None:
    return _first(base, "Catalog_СтавкиНДС", Description=f"{VAT}%")


def _roubles(base: Infobase) -> str | None:
    return _first(base, "Catalog_Валюты", Code="643")


def _first(base: Infobase, entity: str, **fields: object) -> str | None:
    """Guid of the first record with these values; None if there is none, or no such set."""
    for key, row in base.records().get(entity, {}).items():
        if all(row[name] == value for name, value in fields.items()):
            return key
    return None


def _create(base: Infobase, entity: str, fields: Row, user: str) -> str:
    """Enter a record with those of the fields, and of its rows' columns, that its set has."""
    schema, known = base.configuration.sets[entity], {}
    for name, value in fields.items():
        columns = schema.parts.get(name)
        if columns is not None:
            value = [{each: line[each] for each in line if each in columns} for line in value]
        if name in schema.blank and value is not None:
            known[name] = value
    guid: str = base.act("create", {"set": entity, "fields": known}, user=user)
    return guid
