"""What a configuration does around a write, at documents above all; tables of rules.

That the base overwrites totals, fills contracts and dates, and refuses what it refuses, is read in
dumps of УТ 11.5.20.68 (work1cblackbird/ut11), БП 3.0.82.24 (kucheryavenkovn/eco_accounting) and
УНФ 3.0.8.73 (AlexanderYekat/unf). All of it rests in load mode.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from onec_emulator.rules.movements import Records
from onec_emulator.schemas import EMPTY_DATE, EMPTY_GUID, NAMESPACE, EntitySet, Row
from onec_emulator.table import Table

BEFORE_WRITE, POSTING = "ПередЗаписью", "ОбработкаПроведения"


class WriteRefused(ValueError):
    """A handler of the configuration refused a write; nothing was written.

    Attributes:
        handler: Which one: `ПередЗаписью`, `ПриЗаписи` or `ОбработкаПроведения`.
        reason: What it said, in Russian.
    """

    def __init__(self, handler: str, reason: str) -> None:
        super().__init__(f"Ошибка при выполнении обработчика - '{handler}' по причине: {reason}")
        self.handler = handler
        self.reason = reason


class Shelves(Protocol):
    """What rules see of a base's books."""

    settings: dict[str, Any]  # Any: JSON values

    @property
    def tables(self) -> Mapping[str, Table]: ...
    def new_guid(self) -> str: ...
    def named_guid(self, entity: str, name: str) -> str: ...


@dataclass(slots=True)
class Draft:
    """A document, or a client, that is about to be written.

    Attributes:
        row: The record as it shall be; rules change it.
        made: Records that the base makes beside it, by set.
        records: What posting writes, None if registers stay as they are.
    """

    books: Shelves
    schema: EntitySet
    row: Row
    made: list[tuple[str, Row]] = field(default_factory=list)
    records: Records | None = None


def _sum(lines: Iterable[Row], name: str) -> float:
    numbers: list[float] = [line[name] for line in lines]
    return round(sum(numbers), 2)


def total_after_cancelled(draft: Draft) -> None:
    """The total is that of the rows that nobody cancelled (УТ)."""
    lines = (line for line in draft.row["Товары"] if not line.get("Отменено"))
    draft.row["СуммаДокумента"] = _sum(lines, "СуммаСНДС")


def total_of_rows(draft: Draft) -> None:
    """The total is that of all rows, goods and works (УНФ)."""
    parts = ("Запасы", "Работы")
    lines = [line for part in parts for line in draft.row.get(part, ())]
    draft.row["СуммаДокумента"] = _sum(lines, "Всего")


def total_less_discounts(draft: Draft) -> None:
    """The rows' sums are before their discounts; VAT may come on top (БП)."""
    lines = [line for part in ("Товары", "Услуги") for line in draft.row.get(part, ())]
    total = _sum(lines, "Сумма")
    if lines and "СуммаСкидки" in lines[0]:
        total -= _sum(lines, "СуммаСкидки")
    if not draft.row["СуммаВключаетНДС"]:
        total += _sum(lines, "СуммаНДС")
    draft.row["СуммаДокумента"] = round(total, 2)


def earliest_shipping(draft: Draft) -> None:
    """The order is shipped when its first row is (УТ)."""
    dates = [line["ДатаОтгрузки"] for line in draft.row["Товары"]]
    dates = [date for date in dates if date != EMPTY_DATE]
    if dates:
        draft.row["ДатаОтгрузки"] = min(dates)


def shipping_of_the_order(draft: Draft) -> None:
    """Every row is shipped when the order is (УНФ)."""
    date = draft.row["ДатаОтгрузки"]
    draft.row["Запасы"] = [{**line, "ДатаОтгрузки": date} for line in draft.row["Запасы"]]


CONTRACTS = "Catalog_ДоговорыКонтрагентов"


CLIENTS = "Catalog_Контрагенты"


def referred(row: Row, name: str) -> str:
    """Guid that a reference holds, composite or of one type; `""` for an empty one."""
    guid: str = row[f"{name}_Key"] if f"{name}_Key" in row else row[name]
    return "" if guid == EMPTY_GUID else guid


def contract(draft: Draft) -> None:
    """An empty contract becomes the client's with this organisation, if there is one (БП, УНФ)."""
    name = "Договор_Key" if "Договор_Key" in draft.row else "ДоговорКонтрагента_Key"
    if draft.row[name] != EMPTY_GUID or draft.row["Контрагент_Key"] == EMPTY_GUID:
        return
    table, client = draft.books.tables[CONTRACTS], draft.row["Контрагент_Key"]
    owner = "Owner" if "Owner" in table.schema.fields else "Owner_Key"
    organisations = (draft.row["Организация_Key"], EMPTY_GUID)
    for key in sorted(table.having(owner, client)):
        row = table.rows[key]
        fits = row["ВидДоговора"] in ("СПокупателем", "")
        if fits and row["Организация_Key"] in organisations and not row["DeletionMark"]:
            draft.row[name] = key
            return


def main_contract(draft: Draft) -> None:
    """A client without a contract gets its main one (УНФ)."""
    row = draft.row
    if row["Договор_Key"] != EMPTY_GUID or row["Контрагент_Key"] == EMPTY_GUID:
        return
    row["Договор_Key"] = draft.books.new_guid()
    about = {
        "Ref_Key": row["Договор_Key"],
        "Description": "Основной договор",
        **draft.books.tables[CONTRACTS].schema.referring("Owner", row["Контрагент_Key"], CLIENTS),
        "ВидДоговора": "СПокупателем",
        "Организация_Key": row["Организация_Key"],
    }
    draft.made.append((CONTRACTS, about))


def contract_of_the_client(draft: Draft) -> None:
    """A client who has no contract gets his main one together with his own write (УНФ).

    The kind is that of his relations (AlexanderYekat/unf:
    Catalogs/Контрагенты/Ext/ObjectModule.bsl, Catalogs/ДоговорыКонтрагентов/Ext/ObjectModule.bsl).
    """
    row, table = draft.row, draft.books.tables[CONTRACTS]
    default = "ДоговорПоУмолчанию_Key"
    if row.get(default, EMPTY_GUID) != EMPTY_GUID:
        return
    owner = "Owner_Key" if "Owner_Key" in table.schema.fields else "Owner"
    present = sorted(table.having(owner, row["Ref_Key"]))
    if present:
        guid = present[0]
    elif row["Ref_Key"] in draft.books.tables[draft.schema.name].rows:
        guid = draft.books.new_guid()
    else:
        # By the client's own guid, so that no guid of a run is another one for the contract.
        guid = draft.books.named_guid(CONTRACTS, row["Ref_Key"])
    if default in row:
        row[default] = guid
    if present:
        return
    relations = (bool(row["Покупатель"]), bool(row["Поставщик"]), bool(row["ПрочиеОтношения"]))
    about = {
        "Ref_Key": guid,
        "Description": "Основной договор",
        **table.schema.referring("Owner", row["Ref_Key"], CLIENTS),
        "ВидДоговора": CONTRACT_KINDS.get(relations, "СПокупателем"),
        "Организация_Key": _first(draft.books, "Catalog_Организации"),
        "ВалютаРасчетов_Key": _first(draft.books, "Catalog_Валюты"),
        "ВидЦен_Key": _first(draft.books, "Catalog_ВидыЦен"),
    }
    draft.made.append((CONTRACTS, about))


CONTRACT_KINDS = {
    # Buys, sells, other relations; who buys is a buyer whatever else he is.
    (False, True, False): "СПоставщиком",
    (False, True, True): "СПоставщиком",
    (False, False, True): "Прочее",
}


def _first(books: Shelves, entity: str) -> str:
    return next(iter(books.tables[entity].rows), EMPTY_GUID)


SETTLEMENTS = "Catalog_ОбъектыРасчетов"


def settlement_object(draft: Draft) -> None:
    """An order has an object of settlements of its own, made with it (УТ).

    Raises:
        WriteRefused: It has no organisation or partner to settle with.
    """
    row, kind = draft.row, NAMESPACE + draft.schema.name
    if EMPTY_GUID in (row["Организация_Key"], row["Партнер_Key"]):
        raise WriteRefused(BEFORE_WRITE, "Не удалось найти объект расчетов.")
    if row["ОбъектРасчетов_Key"] != EMPTY_GUID:
        return
    row["ОбъектРасчетов_Key"] = draft.books.new_guid()
    about = {
        "Ref_Key": row["ОбъектРасчетов_Key"],
        "Description": f"Заказ клиента {row['Number']}",
        "Объект": row["Ref_Key"],
        "Объект_Type": kind,
        "Номер": row["Number"],
        "Дата": row["Date"],
        "Контрагент": row["Контрагент_Key"],
        "Контрагент_Type": NAMESPACE + CLIENTS,
        "Партнер_Key": row["Партнер_Key"],
        "Организация_Key": row["Организация_Key"],
        "Валюта_Key": row["Валюта_Key"],
    }
    draft.made.append((SETTLEMENTS, about))


def settlements_of_the_order(draft: Draft) -> None:
    """Rows of a shipment or a payment settle the order that they name (УТ)."""
    orders = draft.books.tables["Document_ЗаказКлиента"].rows
    for part, name in (("Товары", "ЗаказКлиента"), ("РасшифровкаПлатежа", "ОснованиеПлатежа")):
        if part not in draft.row:
            continue
        lines = []
        for line in draft.row[part]:
            order = orders.get(line.get(name, "")) or orders.get(draft.row.get(name, ""))
            if order is not None and line["ОбъектРасчетов_Key"] == EMPTY_GUID:
                line = {**line, "ОбъектРасчетов_Key": order["ОбъектРасчетов_Key"]}
            lines.append(line)
        draft.row[part] = lines


def state_of_the_kind(draft: Draft) -> None:
    """An order stands in a state that its kind knows (УНФ).

    Raises:
        WriteRefused: The kind's order of states lacks it.
    """
    kinds = draft.books.tables["Catalog_ВидыЗаказовПокупателей"].rows
    kind, state = (
        kinds.get(referred(draft.row, "ВидЗаказа")),
        referred(draft.row, "СостояниеЗаказа"),
    )
    if kind is None or not state:
        return
    if all(line["Состояние_Key"] != state for line in kind["ПорядокСостояний"]):
        text = f'Состояние заказа не входит в порядок состояний вида "{kind["Description"]}"'
        raise WriteRefused(BEFORE_WRITE, text)


def order_as_invoice(draft: Draft) -> None:
    """An order that stands for an invoice is not posted once it is agreed (УТ, simple orders).

    Raises:
        WriteRefused: Its status is another than НеСогласован.
    """
    if draft.row["ЭтоЗаказКакСчет"] and draft.row["Статус"] != "НеСогласован":
        text = 'Заказ как счет проводится только в статусе "Не согласован"'
        raise WriteRefused(POSTING, text)


DOINGS: Mapping[str, Callable[[Draft], None]] = {
    rule.__name__: rule
    for rule in (
        *(total_after_cancelled, total_of_rows, total_less_discounts),
        *(earliest_shipping, shipping_of_the_order, contract, main_contract, state_of_the_kind),
        contract_of_the_client,
        *(settlement_object, settlements_of_the_order),
    )
}
"""What is done at each write, by the name under which a declaration asks for it."""
CONDITIONS: Mapping[str, Callable[[Draft], None]] = {"order_as_invoice": order_as_invoice}
"""What must hold at a posting."""
