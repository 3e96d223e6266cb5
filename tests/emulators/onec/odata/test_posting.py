"""Documents over OData: numbers, own doings, posting with its registers, refusals."""

import json

import pytest

ORDERS, SHIPMENTS = "Document_ЗаказПокупателя", "Document_РасходнаяНакладная"
PAYMENTS = "Document_ПоступлениеНаСчет"
STOCK = "AccumulationRegister_ЗапасыНаСкладах"
DUE = "AccumulationRegister_ЗаказыПокупателей"
DATE = "2025-11-03T10:00:00"
PREFIX = "StandardODATA."


@pytest.fixture
def sale(odata, made):
    """A client, an article on stock, our organisation and its store."""
    client = made()
    product = odata.json("POST", "/Catalog_Номенклатура", body={"Description": "Бумага"})["Ref_Key"]
    (organisation,) = odata.base.records()["Catalog_Организации"]
    store = next(
        key
        for key, row in odata.base.records()["Catalog_СтруктурныеЕдиницы"].items()
        if row["ТипСтруктурнойЕдиницы"] == "Склад"
    )
    return {"client": client, "product": product, "organisation": organisation, "store": store}


def header(sale, **own):
    return {
        "Date": DATE,
        "Контрагент_Key": sale["client"],
        "Организация_Key": sale["organisation"],
        **own,
    }


def order_of(sale, quantity=10, **own):
    row = {
        "LineNumber": "1",
        "Номенклатура": sale["product"],
        "Номенклатура_Type": f"{PREFIX}Catalog_Номенклатура",
        "Количество": quantity,
        "Всего": 120.5,
    }
    sent = {"ДатаОтгрузки": "2025-11-10T00:00:00", "Запасы": [row], **own}
    return header(sale, СтруктурнаяЕдиницаРезерв_Key=sale["store"], **sent)


def shipment_of(sale, order, quantity=4, total=50):
    row = {
        "LineNumber": "1",
        "Номенклатура_Key": sale["product"],
        "Количество": quantity,
        "Всего": total,
    }
    whose = {"Заказ": order, "Заказ_Type": PREFIX + ORDERS} if order else {}
    return header(sale, СтруктурнаяЕдиница_Key=sale["store"], Запасы=[row], **whose)


def put_in_stock(odata, sale, quantity):
    line = {
        "LineNumber": "1",
        "Period": "2025-11-01T00:00:00",
        "RecordType": "Receipt",
        "Организация_Key": sale["organisation"],
        "Номенклатура_Key": sale["product"],
        "СтруктурнаяЕдиница_Key": sale["store"],
        "Количество": quantity,
    }
    recorder = {"Recorder": sale["store"], "Recorder_Type": f"{PREFIX}Document_ВводОстатков"}
    return odata.json("POST", f"/{STOCK}", body={**recorder, "RecordSet": [line]})


def made_and_posted(odata, entity, fields):
    key = odata.json("POST", f"/{entity}", body=fields)["Ref_Key"]
    reply = odata.call("POST", f"/{entity}(guid'{key}')/Post", "PostingModeOperational=false")
    assert (reply.status, reply.body) == (200, b""), reply.body.decode()
    return key


def refusal(odata, verb, path, body=None):
    reply = odata.call(verb, path, body=body, accept="application/json")
    return reply.status, json.loads(reply.body)["odata.error"]["message"]["value"]


def balances(odata, register, field="Количество"):
    """Signed sum of all records of a register."""
    signs = {"Receipt": 1, "Expense": -1}
    rows = odata.rows("", f"{register}_RecordType")
    return sum(signs.get(row.get("RecordType"), 1) * row[field] for row in rows)


def test_a_document_gets_a_number_of_its_organisation_and_year(odata, sale):
    first, second = (odata.json("POST", f"/{ORDERS}", body=order_of(sale)) for _ in range(2))
    assert (first["Number"], second["Number"]) == ("НФ00-000001", "НФ00-000002")
    taken = {**order_of(sale), "Number": first["Number"]}
    status, text = refusal(odata, "POST", f"/{ORDERS}", taken)
    assert (status, "не уникален" in text) == (500, True)
    next_year = odata.json("POST", f"/{ORDERS}", body={**taken, "Date": "2026-01-02T00:00:00"})
    assert next_year["Number"] == first["Number"]


def test_the_base_itself_fills_total_contract_and_shipping_date(odata, sale):
    order = odata.json("POST", f"/{ORDERS}", body=order_of(sale, СуммаДокумента=1))
    contract = odata.base.records()["Catalog_ДоговорыКонтрагентов"][order["Договор_Key"]]
    assert (order["СуммаДокумента"], order["Posted"]) == (120.5, False)
    assert order["Запасы"][0]["ДатаОтгрузки"] == "2025-11-10T00:00:00"
    assert (contract["Description"], contract["Owner"]) == ("Основной договор", sale["client"])
    again = odata.json("POST", f"/{ORDERS}", body=order_of(sale))
    assert again["Договор_Key"] == order["Договор_Key"]


def test_in_load_mode_nothing_is_filled_and_nothing_recorded(odata, sale):
    reply = odata.base.answer(
        odata.request(
            *("POST", f"/{ORDERS}", "$format=json", order_of(sale, Posted=True)),
            {"1c_odata-dataloadmode": "true"},
        )
    )
    order = json.loads(reply.body)
    assert (order["Number"], order["СуммаДокумента"], order["Posted"]) == ("", 0, True)
    assert odata.rows("", DUE) == []


def test_posting_writes_registers_and_unposting_empties_them(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale))
    path = f"/{ORDERS}(guid'{key}')"
    assert odata.json("GET", path)["Posted"] is True
    (record,) = odata.rows("", f"{DUE}_RecordType")
    assert (record["Recorder"], record["Recorder_Type"]) == (key, PREFIX + ORDERS)
    assert (record["Period"], record["RecordType"], record["Active"]) == (DATE, "Receipt", True)
    assert (record["ЗаказПокупателя_Key"], record["Количество"]) == (key, 10)
    version = odata.json("GET", path)["DataVersion"]
    # A live base posts and unposts whoever only looks.
    assert odata.call("GET", f"{path}/Unpost()").status == 200
    after = odata.json("GET", path)
    assert (after["Posted"], after["DataVersion"] > version) == (False, True)
    assert odata.rows("", DUE) == []
    assert odata.call("POST", f"{path}/Unpost").status == 200
    assert odata.json("GET", path)["DataVersion"] > after["DataVersion"]


def test_an_emptied_set_of_records_is_an_entry_of_the_feed_and_no_tombstone(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale))
    odata.select(1), odata.notify(1)
    odata.call("POST", f"/{ORDERS}(guid'{key}')/Unpost")
    query = f"DataExchangePoint={odata.point()}&MessageNo=2"
    feed = odata.call("POST", "/SelectChanges", query).body.decode()
    assert f'term="StandardODATA.{DUE}"' in feed
    assert f"{DUE}(Recorder='{key}', Recorder_Type='{PREFIX}{ORDERS}')" in feed
    assert f'RecordSet m:type="Collection(StandardODATA.{DUE}_RowType)"></d:RecordSet>' in feed


def test_a_row_with_a_text_for_a_product_makes_no_record(odata, sale):
    text = {"LineNumber": "2", "Номенклатура": "Доставка", "Номенклатура_Type": "Edm.String"}
    order = order_of(sale)
    order["Запасы"].append({**text, "Количество": 1, "Всего": 5})
    made_and_posted(odata, ORDERS, order)
    assert balances(odata, DUE) == 10


def test_a_change_and_a_posting_are_one_call(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale))
    path = f"/{ORDERS}(guid'{key}')"
    more = order_of(sale, quantity=12)["Запасы"]
    odata.json("PATCH", path, body={"Запасы": more})
    assert balances(odata, DUE) == 10
    odata.json("PATCH", path, body={"Запасы": more, "Posted": True})
    assert balances(odata, DUE) == 12
    odata.json("PATCH", path, body={"Posted": False})
    assert balances(odata, DUE) == 0


def test_who_marks_a_document_for_deletion_unposts_it(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale))
    path = f"/{ORDERS}(guid'{key}')"
    assert odata.json("PATCH", path, body={"DeletionMark": True})["Posted"] is False
    assert odata.rows("", DUE) == []
    status, text = refusal(odata, "POST", f"{path}/Post")
    assert (status, "не может быть проведен" in text) == (500, True)


def test_a_deleted_document_leaves_no_records(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale))
    odata.call("DELETE", f"/{ORDERS}(guid'{key}')")
    assert odata.rows("", DUE) == []


def test_stock_and_delivery_go_down_with_a_shipment(odata, sale):
    put_in_stock(odata, sale, 5)
    order = made_and_posted(odata, ORDERS, order_of(sale))
    made_and_posted(odata, SHIPMENTS, shipment_of(sale, order))
    assert (balances(odata, STOCK), balances(odata, DUE)) == (1, 6)
    assert balances(odata, "AccumulationRegister_РасчетыСПокупателями", "Сумма") == 50


def test_what_is_not_there_cannot_be_shipped(odata, sale):
    put_in_stock(odata, sale, 5)
    shipment = odata.json("POST", f"/{SHIPMENTS}", body=shipment_of(sale, "", quantity=6))
    path = f"/{SHIPMENTS}(guid'{shipment['Ref_Key']}')"
    status, text = refusal(odata, "POST", f"{path}/Post")
    assert (status, "ОбработкаПроведения" in text, "есть 5" in text) == (500, True, True)
    assert odata.json("GET", path) == shipment
    # Written and posted in one call it is not even written.
    rows = shipment_of(sale, "", quantity=7)["Запасы"]
    refusal(odata, "PATCH", path, {"Запасы": rows, "Posted": True})
    assert odata.json("GET", path) == shipment
    odata.base.act("set_up", {"stock_control": False})
    assert odata.call("POST", f"{path}/Post").status == 200
    assert balances(odata, STOCK) == -1


def test_a_shipment_posted_anew_does_not_count_its_own_goods_as_gone(odata, sale):
    put_in_stock(odata, sale, 5)
    key = made_and_posted(odata, SHIPMENTS, shipment_of(sale, "", quantity=5))
    assert odata.call("POST", f"/{SHIPMENTS}(guid'{key}')/Post").status == 200
    assert balances(odata, STOCK) == 0


def test_nothing_is_written_into_a_closed_period(odata, sale):
    order = odata.json("POST", f"/{ORDERS}", body=order_of(sale))
    odata.base.act("set_up", {"closed_until": "2025-11-03"})
    path = f"/{ORDERS}(guid'{order['Ref_Key']}')"
    for verb, where, body in (
        ("PATCH", path, {"Date": "2025-12-01T00:00:00"}),
        ("POST", f"{path}/Post", None),
        ("POST", f"/{ORDERS}", order_of(sale)),
    ):
        status, text = refusal(odata, verb, where, body)
        assert (status, "03.11.2025" in text) == (500, True)
    assert odata.json("GET", path) == order
    odata.base.act("set_up", {"closed_until": None})
    assert odata.call("POST", f"{path}/Post").status == 200


def test_a_broken_handler_refuses_with_its_name_and_words(odata, sale):
    said = {f"{ORDERS}.ОбработкаПроведения": "Деление на 0"}
    odata.base.act("set_up", {"broken_handlers": said})
    order = odata.json("POST", f"/{ORDERS}", body=order_of(sale))
    status, text = refusal(odata, "POST", f"/{ORDERS}(guid'{order['Ref_Key']}')/Post")
    assert status == 500
    assert text == (
        "Ошибка при выполнении обработчика - 'ОбработкаПроведения' по причине: Деление на 0"
    )


def test_an_order_stands_in_a_state_of_its_kind(odata, sale):
    (kind,) = odata.base.records()["Catalog_ВидыЗаказовПокупателей"]
    states = odata.base.records()["Catalog_СостоянияЗаказовПокупателей"]
    known = next(key for key, row in states.items() if row["Description"] == "В работе")
    strange = odata.json("POST", "/Catalog_СостоянияЗаказовПокупателей", body={})["Ref_Key"]

    def stands_in(state):
        return order_of(
            sale,
            ВидЗаказа=kind,
            ВидЗаказа_Type=f"{PREFIX}Catalog_ВидыЗаказовПокупателей",
            СостояниеЗаказа=state,
            СостояниеЗаказа_Type=f"{PREFIX}Catalog_СостоянияЗаказовПокупателей",
        )

    status, text = refusal(odata, "POST", f"/{ORDERS}", stands_in(strange))
    assert (status, "порядок состояний" in text) == (500, True)
    order = odata.json("POST", f"/{ORDERS}", body=stands_in(known))
    (entry,) = odata.rows("", "InformationRegister_ИсторияСостоянийЗаказов")
    assert (entry["Заказ"], entry["Состояние"]) == (order["Ref_Key"], known)


def test_only_documents_can_be_posted(odata, made):
    assert odata.error("POST", f"/Catalog_Контрагенты(guid'{made()}')/Post") == (400, "6")
    nowhere = "00000000-0000-0000-0000-000000000001"
    assert odata.error("POST", f"/{ORDERS}(guid'{nowhere}')/Post") == (404, "9")
    assert odata.error("POST", f"/{ORDERS}(guid'{nowhere}')/Post(Mode=true)") == (400, "12")
    query = "PostingModeOperational=maybe"
    assert odata.error("POST", f"/{ORDERS}(guid'{nowhere}')/Post", query) == (400, "1")


def test_put_resets_what_is_not_sent_but_leaves_the_document_posted(odata, sale):
    key = made_and_posted(odata, ORDERS, order_of(sale, Комментарий="срочно"))
    row = odata.json("PUT", f"/{ORDERS}(guid'{key}')", body=order_of(sale))
    assert (row["Комментарий"], row["Posted"]) == ("", True)


def test_in_the_older_unf_an_order_has_one_kind_of_state(calling):
    odata = calling(configuration="unf16")
    states = odata.base.records()["Catalog_СостоянияЗаказовПокупателей"]
    ((kind, steps),) = odata.base.records()["Catalog_ВидыЗаказовПокупателей"].items()
    first = steps["ПорядокСостояний"][0]["Состояние_Key"]
    new = {"Date": DATE, "ВидЗаказа_Key": kind, "СостояниеЗаказа_Key": first}
    order = odata.json("POST", f"/{ORDERS}", body=new)
    ((entered),) = odata.base.records()["InformationRegister_ИсторияСостоянийЗаказов"].values()
    assert (entered["Заказ"], entered["Состояние"]) == (order["Ref_Key"], first)
    assert entered["Состояние_Type"] == "StandardODATA.Catalog_СостоянияЗаказовПокупателей"
    assert first in states
    fresh = odata.json(
        "POST", "/Catalog_СостоянияЗаказовПокупателей", body={"Description": "Чужое"}
    )
    path = f"/{ORDERS}(guid'{order['Ref_Key']}')"
    body = {"СостояниеЗаказа_Key": fresh["Ref_Key"]}
    assert odata.error("PATCH", path, body=body) == (500, "-1")
