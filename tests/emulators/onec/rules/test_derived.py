"""States and facts that each configuration derives from its registers, at once or by a job."""

import json

import pytest

from onec_emulator.rules.derived import AFTER, DERIVED, state_of
from onec_emulator.rules.documents import CONDITIONS, DOINGS
from onec_emulator.sales import fill_sales, ship
from onec_emulator.sample import fill_whole
from onec_emulator.schemas.files import load

PREFIX = "StandardODATA."
DATE = "2025-11-03T10:00:00"
TEXTS = ("Edm.String", "Edm.Guid", "Edm.DateTime", "Edm.Int64", "Edm.Binary")
FITS = {name: {str} for name in TEXTS} | {
    "Edm.Boolean": {bool},
    "Edm.Int16": {int},
    "Edm.Int32": {int},
    "Edm.Double": {int, float},
}


@pytest.mark.parametrize("name", ["unf", "unf16", "ut11", "bp30"])
def test_what_a_declaration_asks_for_is_there(name):
    """Rules by name, registers and fields of every movement."""
    sets = load(name).sets
    for entity in sets.values():
        asked = entity.behaviour
        assert set(asked.doings) <= set(DOINGS)
        assert set(asked.conditions) <= set(CONDITIONS)
        assert set(asked.derives) <= set(DERIVED)
        assert set(asked.after) <= set(AFTER)
        for movement in asked.movements:
            columns = set(sets[movement.register].parts["RecordSet"])
            assert set(movement.values) <= columns
            lines = entity.parts[movement.of] if movement.of else {}
            texts = [*movement.values.values(), movement.condition.removeprefix("!")]
            for text in [one for each in texts for one in each.split("|")]:
                known = lines if text.startswith(".") else entity.fields
                assert text[:1] in ("", "@", "=") or text.removeprefix(".") in known
            assert movement.record_type in ("Receipt", "Expense", "")


@pytest.fixture
def ut(calling):
    """An УТ with one partner and its counterparty."""
    odata = calling(configuration="ut11")
    partner = odata.json("POST", "/Catalog_Партнеры", body={"Description": "Ромашка"})["Ref_Key"]
    (ours,) = odata.base.records()["Catalog_Организации"]
    odata.base.act("set_up", {"stock_control": False})
    return odata, {"Date": DATE, "Партнер_Key": partner, "Организация_Key": ours}


def posted(odata, entity, fields):
    return odata.json("POST", f"/{entity}", body={**fields, "Posted": True})["Ref_Key"]


def goods(total, **own):
    return [{"LineNumber": "1", "Количество": 1, "СуммаСНДС": total, **own}]


def state(odata):
    rows = odata.rows("", "InformationRegister_СостоянияЗаказовКлиентов")
    return [(row["Состояние"], row["ПроцентОплаты"], row["ПроцентОтгрузки"]) for row in rows]


def test_the_state_of_an_order_of_ut_follows_by_a_job(ut):
    odata, whose = ut
    order = posted(
        odata, "Document_ЗаказКлиента", {**whose, "Статус": "КОтгрузке", "Товары": goods(100)}
    )
    version = odata.base.records()["Document_ЗаказКлиента"][order]["DataVersion"]
    assert state(odata) == []
    odata.base.clock.advance(4.9)
    assert state(odata) == []
    odata.base.clock.advance(0.2)
    assert state(odata) == [("ГотовКОтгрузке", 0, 0)]
    registered = [entity for entity, _, _ in odata.base.registered()]
    assert "InformationRegister_СостоянияЗаказовКлиентов" in registered
    assert odata.base.records()["Document_ЗаказКлиента"][order]["DataVersion"] == version
    about = {"ЗаказКлиента": order, "ЗаказКлиента_Type": f"{PREFIX}Document_ЗаказКлиента"}
    posted(odata, "Document_РеализацияТоваровУслуг", {**whose, **about, "Товары": goods(40)})
    base = {"ОснованиеПлатежа": order, "ОснованиеПлатежа_Type": f"{PREFIX}Document_ЗаказКлиента"}
    line = {"LineNumber": "1", "Сумма": 25, **base}
    payments = "Document_ПоступлениеБезналичныхДенежныхСредств"
    posted(odata, payments, {**whose, "РасшифровкаПлатежа": [line]})
    odata.base.clock.advance(6)
    assert state(odata) == [("ВПроцессеОтгрузки", 25, 40)]
    odata.call("POST", f"/Document_ЗаказКлиента(guid'{order}')/Unpost")
    odata.base.clock.advance(6)
    assert state(odata) == []


def test_a_job_that_is_due_survives_a_snapshot(ut):
    odata, whose = ut
    posted(odata, "Document_ЗаказКлиента", {**whose, "Статус": "КОтгрузке", "Товары": goods(100)})
    kept = odata.base.snapshot()
    odata.base.restore(kept)
    odata.base.clock.advance(6)
    assert state(odata) == [("ГотовКОтгрузке", 0, 0)]


def test_an_order_of_ut_has_its_total_date_and_object_from_the_base(ut):
    odata, whose = ut
    rows = [
        {"LineNumber": "1", "СуммаСНДС": 10.1, "ДатаОтгрузки": "2025-11-09T00:00:00"},
        {"LineNumber": "2", "СуммаСНДС": 20.2, "ДатаОтгрузки": "2025-11-07T00:00:00"},
        {"LineNumber": "3", "СуммаСНДС": 99, "Отменено": True},
    ]
    order = odata.json("POST", "/Document_ЗаказКлиента", body={**whose, "Товары": rows})
    settled = odata.base.records()["Catalog_ОбъектыРасчетов"][order["ОбъектРасчетов_Key"]]
    assert (order["СуммаДокумента"], order["ДатаОтгрузки"]) == (30.3, "2025-11-07T00:00:00")
    assert (settled["Объект"], settled["Номер"]) == (order["Ref_Key"], order["Number"])


def test_an_order_of_ut_without_a_partner_has_nobody_to_settle_with(ut):
    odata, whose = ut
    nobody = {"Date": DATE, "Организация_Key": whose["Организация_Key"]}
    reply = odata.call("POST", "/Document_ЗаказКлиента", body=nobody, accept="application/json")
    text = json.loads(reply.body)["odata.error"]["message"]["value"]
    assert (reply.status, "Не удалось найти объект расчетов." in text) == (500, True)
    assert odata.base.records()["Catalog_ОбъектыРасчетов"] == {}


def test_an_order_as_an_invoice_is_posted_only_before_it_is_agreed(ut):
    odata, whose = ut
    fields = {**whose, "ЭтоЗаказКакСчет": True, "Статус": "КОтгрузке", "Posted": True}
    assert odata.error("POST", "/Document_ЗаказКлиента", body=fields) == (500, "-1")
    fields["Статус"] = "НеСогласован"
    assert odata.json("POST", "/Document_ЗаказКлиента", body=fields)["Posted"] is True


ORDER = {
    "Статус": "КОтгрузке",
    "СуммаДокумента": 100,
    "СуммаАвансаДоОбеспечения": 0,
    "СуммаПредоплатыДоОтгрузки": 0,
}


@pytest.mark.parametrize(
    ("own", "paid", "shipped", "expected"),
    [
        ({"Статус": "Закрыт"}, 100, 100, "Закрыт"),
        ({"Статус": "НеСогласован"}, 0, 0, "ОжидаетсяСогласование"),
        ({}, 100, 100, "ГотовКЗакрытию"),
        ({}, 30, 100, "ОжидаетсяОплатаПослеОтгрузки"),
        ({}, 100, 30, "ВПроцессеОтгрузки"),
        ({"СуммаАвансаДоОбеспечения": 20}, 10, 0, "ОжидаетсяАвансДоОбеспечения"),
        ({"Статус": "КОбеспечению"}, 0, 0, "ГотовКОбеспечению"),
        ({"СуммаПредоплатыДоОтгрузки": 20}, 10, 0, "ОжидаетсяПредоплатаДоОтгрузки"),
        ({}, 0, 0, "ГотовКОтгрузке"),
    ],
)
def test_each_state_of_an_order_of_ut_has_its_condition(own, paid, shipped, expected):
    assert state_of({**ORDER, **own}, paid, shipped) == expected


@pytest.fixture
def bp(calling):
    """A БП with a counterparty, its contract and an invoice of 120 roubles."""
    odata = calling(configuration="bp30")
    client = odata.json("POST", "/Catalog_Контрагенты", body={"Description": "А"})["Ref_Key"]
    (ours,) = odata.base.records()["Catalog_Организации"]
    contract = {"Owner_Key": client, "Организация_Key": ours, "ВидДоговора": "СПокупателем"}
    key = odata.json("POST", "/Catalog_ДоговорыКонтрагентов", body=contract)["Ref_Key"]
    whose = {"Date": DATE, "Контрагент_Key": client, "Организация_Key": ours}
    row = {"LineNumber": "1", "Сумма": 110, "СуммаСкидки": 10, "СуммаНДС": 20}
    invoice = odata.json(
        "POST", "/Document_СчетНаОплатуПокупателю", body={**whose, "Товары": [row], "Posted": True}
    )
    assert (invoice["ДоговорКонтрагента_Key"], invoice["СуммаДокумента"]) == (key, 120)
    return odata, invoice["Ref_Key"], whose


def statuses(odata):
    rows = odata.rows("", "InformationRegister_СтатусыДокументов")
    return [(row["Статус"], row["ДополнительныйСтатус"]) for row in rows]


def pay(odata, invoice, total):
    line = {"LineNumber": "1", "СчетНаОплату_Key": invoice, "СуммаПлатежа": total}
    (ours,) = odata.base.records()["Catalog_Организации"]
    fields = {"Date": DATE, "Организация_Key": ours, "РасшифровкаПлатежа": [line]}
    return posted(odata, "Document_ПоступлениеНаРасчетныйСчет", fields)


def test_an_invoice_of_bp_is_paid_and_shipped_step_by_step(bp):
    odata, invoice, whose = bp
    assert statuses(odata) == []
    pay(odata, invoice, 20)
    assert statuses(odata) == [("ОплаченЧастично", "НеОтгружен")]
    last = pay(odata, invoice, 100)
    assert statuses(odata) == [("Оплачен", "НеОтгружен")]
    shipment = {"СчетНаОплатуПокупателю_Key": invoice, "СуммаВключаетНДС": True}
    for sums, expected in ((50, "ОтгруженЧастично"), (70, "Отгружен")):
        rows = [{"LineNumber": "1", "Сумма": sums}]
        posted(odata, "Document_РеализацияТоваровУслуг", {**whose, **shipment, "Товары": rows})
        assert statuses(odata) == [("Оплачен", expected)]
    odata.call("POST", f"/Document_ПоступлениеНаРасчетныйСчет(guid'{last}')/Unpost")
    assert statuses(odata) == [("ОплаченЧастично", "Отгружен")]
    (row,) = odata.rows("", "InformationRegister_СтатусыДокументов")
    assert (row["Статус_Type"], row["ДополнительныйСтатус_Type"]) == (
        "СтатусОплатыСчета",
        "СтатусыОтгрузки",
    )


def test_what_a_person_cancelled_stays_cancelled(bp):
    odata, invoice, whose = bp
    kind = f"{PREFIX}Document_СчетНаОплатуПокупателю"
    status = {"Статус": "Отменен", "Статус_Type": "СтатусОплатыСчета"}
    about = {"Документ": invoice, "Документ_Type": kind, **status}
    organisation = {"Организация_Key": whose["Организация_Key"]}
    odata.json("POST", "/InformationRegister_СтатусыДокументов", body={**about, **organisation})
    pay(odata, invoice, 120)
    assert statuses(odata) == [("Отменен", "НеОтгружен")]


def test_an_order_of_unf_shows_what_is_paid_in_its_register(odata, made):
    client, (ours,) = made(), odata.base.records()["Catalog_Организации"]
    whose = {"Date": DATE, "Контрагент_Key": client, "Организация_Key": ours}
    rows = [{"LineNumber": "1", "Всего": 100}]
    order = posted(odata, "Document_ЗаказПокупателя", {**whose, "Запасы": rows})
    kind = {"Заказ": order, "Заказ_Type": f"{PREFIX}Document_ЗаказПокупателя"}
    lines = [
        {"LineNumber": "1", "СуммаПлатежа": 30, "ПризнакАванса": True, **kind},
        {"LineNumber": "2", "СуммаПлатежа": 20, **kind},
    ]
    payment = posted(odata, "Document_ПоступлениеНаСчет", {**whose, "РасшифровкаПлатежа": lines})
    facts = "InformationRegister_ФактОплатыЗаказов"
    (fact,) = odata.rows("", facts)
    assert [fact[name] for name in ("СчетНаОплату", "Сумма", "СуммаАванса", "СуммаОплаты")] == [
        *(order, 100, 30, 20)
    ]
    odata.call("POST", f"/Document_ПоступлениеНаСчет(guid'{payment}')/Unpost")
    (fact,) = odata.rows("", facts)
    assert (fact["СуммаАванса"], fact["СуммаОплаты"]) == (0, 0)
    odata.call("POST", f"/Document_ЗаказПокупателя(guid'{order}')/Unpost")
    assert odata.rows("", facts) == []


def test_an_order_of_unf_shows_what_is_shipped_until_all_is(odata, made):
    client, (ours,) = made(), odata.base.records()["Catalog_Организации"]
    odata.base.act("set_up", {"stock_control": False})
    product = odata.json("POST", "/Catalog_Номенклатура", body={})["Ref_Key"]
    whose = {"Date": DATE, "Контрагент_Key": client, "Организация_Key": ours}
    article = {"Номенклатура": product, "Номенклатура_Type": f"{PREFIX}Catalog_Номенклатура"}
    rows = [{"LineNumber": "1", "Количество": 3, **article}]
    day = {"ДатаОтгрузки": "2025-11-10T12:00:00"}
    order = posted(odata, "Document_ЗаказПокупателя", {**whose, **day, "Запасы": rows})
    plan = "InformationRegister_ГрафикВыполненияЗаказов"
    assert [(r["Period"], r["Выполнено"]) for r in odata.rows("", plan)] == [
        ("2025-11-10T00:00:00", 0)
    ]
    fields = {"ДатаОтгрузки": "2025-11-12T00:00:00", "Posted": True}
    change = {"set": "Document_ЗаказПокупателя", "key": order, "fields": fields}
    odata.base.act("update", change, user="Иванова")
    assert [row["Period"] for row in odata.rows("", plan)] == ["2025-11-12T00:00:00"]
    for quantity, done in ((2, [2]), (1, [])):
        rows = [
            {
                "LineNumber": "1",
                "Количество": quantity,
                "Номенклатура_Key": product,
                "ЗаказПокупателя_Key": order,
            }
        ]
        posted(odata, "Document_РасходнаяНакладная", {**whose, "Запасы": rows})
        assert [row["Выполнено"] for row in odata.rows("", plan)] == done


@pytest.mark.parametrize("configuration", ["unf", "unf16", "ut11", "bp30"])
def test_whatever_is_kept_fits_the_type_that_is_declared(calling, configuration):
    base = calling(configuration=configuration).base
    orders = fill_sales(base, fill_whole(base, 6))
    ship(base, orders[1])
    base.clock.advance(10)
    kept = [(one.schema, row) for one in base.tables.values() for row in one.rows.values()]
    lines = [
        (columns, line)
        for schema, row in kept
        for part, columns in schema.parts.items()
        for line in row[part]
    ]
    values = [
        (fields[name], value)
        for fields, row in [*((schema.fields, row) for schema, row in kept), *lines]
        for name, value in row.items()
        if name in fields
    ]
    assert {field.edm for field, _ in values} >= {*TEXTS[:4], "Edm.Boolean", "Edm.Double"}
    wrong = {
        field.name: value
        for field, value in values
        if value is not None and field.edm in FITS and type(value) not in FITS[field.edm]
    }
    assert wrong == {}


def test_a_shipment_whose_payments_name_no_base_is_written(calling):
    odata = calling(configuration="ut11")
    lines = {"РасшифровкаПлатежа": [{"LineNumber": "1"}]}
    assert odata.json("POST", "/Document_РеализацияТоваровУслуг", "", lines)["Ref_Key"]
