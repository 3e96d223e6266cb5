"""What a configuration keeps beside its documents: states and facts derived from registers.

УНФ and БП derive while they write, УТ by a deferred job (work1cblackbird/ut11:
InformationRegisters/СостоянияЗаказовКлиентов/Ext/ManagerModule.bsl; kucheryavenkovn/eco_accounting:
CommonModules/СтатусыДокументов; AlexanderYekat/unf:
AccumulationRegisters/ОплатаСчетовИЗаказов/Ext/RecordSetModule.bsl; BizIntel/unf_bit_dev:
AccumulationRegisters/ЗаказыПокупателей/Ext/RecordSetModule.bsl). That a БП invoice without a
row is unpaid, and in which order УТ's states rule each other out, is inferred.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from onec_emulator.rules.before_write import local_time
from onec_emulator.rules.documents import referred
from onec_emulator.schemas import EMPTY_DATE, EMPTY_GUID, NAMESPACE, RECORDS, Row
from onec_emulator.table import Table
from onec_emulator.totals import Balances, dimensions
from sverka_emulator_kit.clock import VirtualClock


class Ledgers(Protocol):
    """What derivations see of a base's books, and how they write."""

    balances: Balances
    clock: VirtualClock

    @property
    def tables(self) -> Mapping[str, Table]: ...
    def keep(self, entity: str, fields: Row, actor: str) -> None: ...
    def forget(self, entity: str, fields: Row, actor: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Derivation:
    """How something is derived from the records of a register.

    Attributes:
        subjects: Whom the records concern.
        derive: Writes what follows for one of them.
        is_deferred: Whether a job does it later, not the write itself.
    """

    subjects: Callable[[Ledgers, Row], str]
    derive: Callable[[Ledgers, str, str], None]
    is_deferred: bool = False


PAYMENTS, ORDERS = "AccumulationRegister_ОплатаСчетовИЗаказов", "Document_ЗаказПокупателя"
ORDER_STATES = "Catalog_СостоянияЗаказовПокупателей"
DELIVERIES = "AccumulationRegister_ЗаказыПокупателей"
DELIVERY_PLAN = "InformationRegister_ГрафикВыполненияЗаказов"


def payment_facts(books: Ledgers, subject: str, actor: str) -> None:
    """How much an order or an invoice of УНФ is worth, and how much is paid."""
    kinds = (ORDERS, "Document_СчетНаОплату")
    kind = next((each for each in kinds if subject in books.tables[each].rows), None)
    if kind is None:
        return
    sums = books.balances.over(PAYMENTS, "СчетНаОплату", subject)
    about: Row = {"СчетНаОплату": subject, "СчетНаОплату_Type": NAMESPACE + kind}
    if any(sums.values()):
        books.keep("InformationRegister_ФактОплатыЗаказов", about | sums, actor)
    else:
        books.forget("InformationRegister_ФактОплатыЗаказов", about, actor)


def delivery_plan(books: Ledgers, subject: str, actor: str) -> None:
    """How much of an order of УНФ is delivered, kept as long as some of it is not.

    The day is that of the first row that waits; an order delivered whole has no record
    (AlexanderYekat/unf: AccumulationRegisters/ЗаказыПокупателей/Ext/RecordSetModule.bsl).
    """
    deliveries, plan = books.tables[DELIVERIES], books.tables[DELIVERY_PLAN]
    recorder = {"Recorder": subject, "Recorder_Type": NAMESPACE + ORDERS}
    of = deliveries.schema.key_of(recorder)
    promised: list[Row] = deliveries.rows.get(of, {}).get(RECORDS, [])
    days = [_promised_day(line) for line in promised if _left(books, deliveries, line) > 0]
    about: Row = {"Заказ": subject, "Заказ_Type": NAMESPACE + ORDERS}
    key = ""
    if days:
        left = books.balances.over(DELIVERIES, "ЗаказПокупателя_Key", subject)["Количество"]
        done = sum(line["Количество"] for line in promised) - left
        about |= {"Period": min(days), "Выполнено": round(done, 3)}
        key = plan.schema.key_of(about)
        books.keep(DELIVERY_PLAN, about, actor)
    for other in sorted(plan.having("Заказ", subject)):
        if other != key:
            books.forget(DELIVERY_PLAN, plan.rows[other], actor)


def _left(books: Ledgers, deliveries: Table, line: Row) -> float:
    sums = books.balances.of(DELIVERIES, dimensions(deliveries.schema, line))
    return sums.get("Количество", 0)


def _promised_day(line: Row) -> str:
    day: str = line["Period"] if line["ДатаОтгрузки"] == EMPTY_DATE else line["ДатаОтгрузки"]
    return day[:10] + "T00:00:00"


CLIENT_ORDERS, SETTLED = "Document_ЗаказКлиента", "AccumulationRegister_РасчетыСКлиентами"


def _order_of_object(books: Ledgers, record: Row) -> str:
    settled = books.tables["Catalog_ОбъектыРасчетов"].rows.get(record["ОбъектРасчетов_Key"], {})
    return str(settled.get("Объект", ""))


def order_state(books: Ledgers, subject: str, actor: str) -> None:
    """State, payment and shipment of an order of УТ."""
    order = books.tables[CLIENT_ORDERS].rows.get(subject)
    entity = "InformationRegister_СостоянияЗаказовКлиентов"
    about: Row = {"Заказ": subject, "Заказ_Type": NAMESPACE + CLIENT_ORDERS}
    if order is None or not order["Posted"]:
        books.forget(entity, about, actor)
        return
    total = order["СуммаДокумента"]
    left = books.balances.over(SETTLED, "ОбъектРасчетов_Key", order["ОбъектРасчетов_Key"])
    paid, shipped = (round(total - left.get(name, 0), 2) for name in ("КОплате", "КОтгрузке"))
    debt = max(round(shipped - paid, 2), 0)
    sums = {"Оплаты": paid, "Отгрузки": shipped, "Долга": debt}
    about |= {f"Сумма{name}": number for name, number in sums.items()}
    about |= {f"Процент{name}": _percent(number, total) for name, number in sums.items()}
    about |= {
        "Состояние": state_of(order, paid, shipped),
        "Состояние_Type": "СостоянияЗаказовКлиентов",
        "ДатаСобытия": order["ДатаОтгрузки"],
    }
    books.keep(entity, about, actor)


def _percent(number: float, total: float) -> int:
    return min(round(100 * number / total), 999) if total else 0


def state_of(order: Row, paid: float, shipped: float) -> str:
    """The first state of an УТ order whose condition holds, in the order of its life backwards."""
    total, advance = order["СуммаДокумента"], order["СуммаАвансаДоОбеспечения"]
    before_shipping = advance + order["СуммаПредоплатыДоОтгрузки"]
    is_shipped, is_paid = shipped >= total > 0, paid >= total > 0
    conditions = {
        "Закрыт": order["Статус"] == "Закрыт",
        "ОжидаетсяСогласование": order["Статус"] == "НеСогласован",
        "ГотовКЗакрытию": is_shipped and is_paid,
        "ОжидаетсяОплатаПослеОтгрузки": is_shipped,
        "ВПроцессеОтгрузки": shipped > 0,
        "ОжидаетсяАвансДоОбеспечения": paid < advance,
        "ГотовКОбеспечению": order["Статус"] == "КОбеспечению",
        "ОжидаетсяПредоплатаДоОтгрузки": paid < before_shipping,
        "ГотовКОтгрузке": True,
    }
    return next(name for name, holds in conditions.items() if holds)


INVOICES, STATUSES = "Document_СчетНаОплатуПокупателю", "InformationRegister_СтатусыДокументов"
SHIPMENTS = "Document_РеализацияТоваровУслуг"


def invoice_status(books: Ledgers, subject: str, actor: str) -> None:
    """Payment and shipment of an invoice of БП; a hand-set Отменен stays."""
    invoice = books.tables[INVOICES].rows.get(subject)
    if invoice is None:
        return
    about: Row = {
        "Организация_Key": invoice["Организация_Key"],
        "Документ": subject,
        "Документ_Type": NAMESPACE + INVOICES,
    }
    table, total = books.tables[STATUSES], invoice["СуммаДокумента"]
    present = table.rows.get(table.schema.key_of(about), {})
    paid = books.balances.over("AccumulationRegister_ОплатаСчетов", "СчетНаОплату", subject)
    shipments = books.tables[SHIPMENTS]
    shipped = sum(
        shipments.rows[key]["СуммаДокумента"]
        for key in shipments.having("СчетНаОплатуПокупателю_Key", subject)
        if shipments.rows[key]["Posted"]
    )
    if present.get("Статус") != "Отменен":
        words = ("НеОплачен", "ОплаченЧастично", "Оплачен")
        status = _step(paid.get("Сумма", 0), total, words)
        about |= {"Статус": status, "Статус_Type": "СтатусОплатыСчета"}
    status = _step(shipped, total, ("НеОтгружен", "ОтгруженЧастично", "Отгружен"))
    about |= {"ДополнительныйСтатус": status, "ДополнительныйСтатус_Type": "СтатусыОтгрузки"}
    books.keep(STATUSES, about, actor)


def _step(done: float, total: float, words: tuple[str, str, str]) -> str:
    return words[0] if done <= 0 else words[2] if done >= total else words[1]


DERIVED: Mapping[str, Derivation] = {
    "payment_facts": Derivation(lambda books, record: str(record["СчетНаОплату"]), payment_facts),
    "delivery_plan": Derivation(
        lambda books, record: str(record["ЗаказПокупателя_Key"]), delivery_plan
    ),
    "order_state": Derivation(_order_of_object, order_state, is_deferred=True),
    "invoice_status": Derivation(lambda books, record: str(record["СчетНаОплату"]), invoice_status),
}
"""By the name under which the declaration of a register asks for it."""


def subjects(books: Ledgers, name: str, records: Iterable[Row]) -> list[str]:
    """Whom a derivation concerns when these records have come or gone, each once."""
    found = (DERIVED[name].subjects(books, record) for record in records)
    return [each for each in dict.fromkeys(found) if each and each != EMPTY_GUID]


def state_history(books: Ledgers, before: Row | None, row: Row, actor: str) -> None:
    """A new state of an УНФ order is entered with its moment."""
    state = referred(row, "СостояниеЗаказа")
    if not state or (before is not None and state == referred(before, "СостояниеЗаказа")):
        return
    about = {
        "Period": local_time(books.clock.now_s()),
        "Заказ": row["Ref_Key"],
        "Заказ_Type": NAMESPACE + ORDERS,
        "Состояние": state,
        # Of one type it is that of a customer's order.
        "Состояние_Type": row.get("СостояниеЗаказа_Type", NAMESPACE + ORDER_STATES),
    }
    books.keep("InformationRegister_ИсторияСостоянийЗаказов", about, actor)


def shipping_status(books: Ledgers, before: Row | None, row: Row, actor: str) -> None:
    """A shipment of БП moves its invoice's status on."""
    invoices = {row["СчетНаОплатуПокупателю_Key"], (before or row)["СчетНаОплатуПокупателю_Key"]}
    for invoice in sorted(invoices - {EMPTY_GUID}):
        invoice_status(books, invoice, actor)


AFTER: Mapping[str, Callable[[Ledgers, Row | None, Row, str], None]] = {
    rule.__name__: rule for rule in (state_history, shipping_status)
}
"""What follows a write, by the name under which a declaration asks for it."""
