"""What `$filter` can reckon: functions, arithmetic, casts, rows of table parts; what it cannot."""

import pytest

ORDERS = "Document_ЗаказПокупателя"
PREFIX = "StandardODATA."
PRODUCT = "a0000000-0000-4000-8000-00000000000a"


@pytest.fixture
def order(odata, made):
    """An order of a client, with two rows and an invoice made of it."""
    row = {"Номенклатура": PRODUCT, "Номенклатура_Type": f"{PREFIX}Catalog_Номенклатура"}
    text = {"Номенклатура": "Доставка", "Номенклатура_Type": "Edm.String"}
    rows = [
        {"LineNumber": "1", "Количество": 2.5, "Цена": 10, "Всего": 25, **row},
        {"LineNumber": "2", "Количество": 1, "Цена": 7, "Всего": 7, **text},
    ]
    fields = {
        "Date": "2024-02-29T10:20:30",
        "Контрагент_Key": made(ИНН="7707083893"),
        "Запасы": rows,
    }
    key = odata.json("POST", f"/{ORDERS}", body=fields)["Ref_Key"]
    about = {"ДокументОснование": key, "ДокументОснование_Type": PREFIX + ORDERS}
    odata.json("POST", "/Document_СчетНаОплату", body={**about, "Date": "2024-03-01T00:00:00"})
    return odata


@pytest.mark.parametrize(
    "text",
    [
        "quarter(Date) eq 1",
        "dayofweek(Date) eq 4",
        "dayofyear(Date) eq 60",
        "dateadd(Date, 'month', 12) eq datetime'2025-02-28T10:20:30'",
        "dateadd(Date, 'day', 1) eq datetime'2024-03-01T10:20:30'",
        "dateadd(Date, 'second', -31) eq datetime'2024-02-29T10:19:59'",
        "datedifference(Date, datetime'2024-03-01T00:00:00', 'day') eq 1",
        "datedifference(Date, datetime'2024-03-01T00:00:00', 'month') eq 1",
        "datedifference(Date, datetime'2023-12-31T23:59:59', 'year') eq -1",
        "datedifference(Date, datetime'2024-02-29T11:00:00', 'hour') eq 1",
        "round(СуммаДокумента) eq 32",
        "round(СуммаДокумента div 5) eq 6",
        "round(СуммаДокумента div 64) eq 1",
        "СуммаДокумента add 5 gt 36",
        "(СуммаДокумента add 8) div 2 eq 20",
        "СуммаДокумента sub 2 mul 6 eq 20",
        "СуммаДокумента sub 2 sub 10 eq 20",
        "-СуммаДокумента lt -31",
        "((СуммаДокумента)) eq 32",
        "substring(Контрагент/ИНН, 9) eq '93'",
        "substring(Контрагент/ИНН, 9.5, 1.5) eq '9'",
        "concat(concat(Контрагент/ИНН, ', '), Number) eq '7707083893, 0000-000001'",
        "isof(СуммаДокумента, 'Number') and not isof(Date, 'String')",
        "Запасы/any(d: d/Цена gt 9)",
        "Запасы/all(d: d/Цена gt 6)",
        "not Запасы/all(d: d/Цена gt 9)",
        "Запасы/any() and not Работы/any()",
        "Запасы/any(d: d/Цена mul d/Количество eq 25)",
        "Запасы/any(d: isof(d/Номенклатура, 'String'))",
        "Запасы/any(d: cast(d/Номенклатура, 'String') eq 'Доставка')",
        f"Запасы/any(d: d/Номенклатура eq cast(guid'{PRODUCT}', 'Catalog_Номенклатура'))",
    ],
)
def test_a_filter_that_holds_finds_the_order(order, text):
    assert len(order.rows(f"$filter={text}", ORDERS)) == 1
    assert order.rows(f"$filter=not ({text})", ORDERS) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"cast(ДокументОснование, '{ORDERS}')/Контрагент/ИНН eq '7707083893'", 1),
        (f"cast(ДокументОснование, '{ORDERS}')/СуммаДокумента gt 32", 0),
        ("cast(ДокументОснование, 'Document_СчетНаОплату')/СуммаДокумента ge 0", 0),
        (f"cast(ДокументОснование, '{ORDERS}') eq guid'{PRODUCT}'", 0),
        (f"cast(cast(ДокументОснование, '{ORDERS}')/ВидЗаказа, 'String') eq ''", 0),
    ],
)
def test_a_cast_leads_through_a_composite_to_what_it_holds(order, text, count):
    assert len(order.rows(f"$filter={text}", "Document_СчетНаОплату")) == count


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Date add 1 gt 2", (500, "-1")),
        ("Number mul 2 eq 2", (500, "-1")),
        ("СуммаДокумента div 0 eq 1", (500, "-1")),
        ("round(Number) eq 1", (400, "14")),
        ("dateadd(Date, 'week', 1) eq Date", (400, "14")),
        ("dateadd(Date, 'year', 9999) eq Date", (500, "-1")),
        ("(Number eq '1') add 1 eq 2", (400, "14")),
        ("СуммаДокумента add", (400, "14")),
        ("Запасы/Цена gt 1", (500, "-1")),
        ("Запасы/some(d: d/Цена gt 1)", (400, "14")),
        ("Запасы/any(d: e/Цена gt 1)", (400, "6")),
        ("cast(Контрагент_Key, 'Catalog_Контрагенты')/ИНН eq ''", (400, "6")),
        ("cast(ДокументОснование, 'Catalog_Нет')/ИНН eq ''", (400, "6")),
        ("length(Number)/x eq 1", (400, "14")),
    ],
)
def test_what_cannot_be_reckoned_is_refused(order, text, refusal):
    assert order.error("GET", f"/{ORDERS}", f"$filter={text}") == refusal


def test_records_of_a_recorder_are_filtered_as_a_live_base_does_it(order):
    register = "AccumulationRegister_ЗаказыПокупателей"
    (key,) = order.base.records()[ORDERS]
    order.call("POST", f"/{ORDERS}(guid'{key}')/Post")

    def refused(entity, text):
        return order.error("GET", f"/{entity}", f"$filter={text}")

    day = "datetime'2024-01-01T00:00:00'"
    assert refused(register, f"Period ge {day}") == (400, "6")
    assert refused(register, f"RecordSet/Period ge {day}") == (500, "-1")
    (found,) = order.rows(f"$filter=RecordSet/any(r: r/Period ge {day})", register)
    assert (found["Recorder"], len(found["RecordSet"])) == (key, 1)
    records = f"{register}_RecordType"
    assert len(order.rows(f"$filter=Period ge {day}", records)) == 1
    text = f"Recorder eq cast(guid'{key}','{ORDERS}')"
    assert refused(records, text) == (500, "-1")
    assert order.rows("$orderby=Нет desc", register) == [found]


def test_a_constant_is_changed_and_never_deleted(odata):
    entity = "Constant_ИспользоватьДополнительныеРеквизитыИСведения"
    assert odata.rows("", entity)[0]["Value"] is True
    guid = "guid'00000000-0000-0000-0000-000000000000'"
    for key, value in ((guid, False), ("SurrogateKey=0", True), ("0", False)):
        row = odata.json("PATCH", f"/{entity}({key})", body={"Value": value, "SurrogateKey": 5})
        assert (row["Value"], row["SurrogateKey"]) == (value, 0)
    assert odata.error("POST", f"/{entity}", body={"Value": True}) == (400, "15")
    assert odata.error("DELETE", f"/{entity}({guid})") == (405, "19")
    title = "Constant_ЗаголовокСистемы"
    assert odata.error("GET", f"/{title}({guid})") == (404, "9")
    assert odata.json("POST", f"/{title}", body={"Value": "Наша база"})["Value"] == "Наша база"


def test_a_picture_is_read_as_base64_and_as_bytes(odata):
    entity = "Catalog_СостоянияЗаказовПокупателей"
    sent = {"Цвет_Base64Data": "AAEC", "Цвет_Type": "image/png"}
    row = odata.json("POST", f"/{entity}", body=sent)
    assert (row["Цвет_Base64Data"], "Цвет" in row) == ("AAEC", False)
    path = f"/{entity}(guid'{row['Ref_Key']}')"
    reply = odata.call("GET", f"{path}/Цвет/$value")
    assert (reply.body, reply.content_type) == (b"\x00\x01\x02", "image/png")
    assert odata.call("GET", f"{path}/Цвет").body == reply.body
    assert odata.error("GET", f"{path}/Description/$value") == (501, "0")
    assert odata.error("GET", f"{path}/Цвет/Description") == (400, "6")
    for query in ("$select=Цвет", "$orderby=Цвет", "$select=Цвет____Presentation"):
        assert odata.error("GET", f"/{entity}", query) == (400, "6")
    for query in ("$select=*,Presentation", "$select=**", "$select=*____Presentation"):
        assert all("Цвет" not in one for one in odata.rows(query, entity))
    assert odata.error("PATCH", path, body={"Цвет_Base64Data": "ы"}) == (400, "1")


def test_a_single_key_need_not_be_named(calling):
    odata = calling(configuration="ut11")
    entity = "InformationRegister_ШтрихкодыНоменклатуры"
    odata.json("POST", f"/{entity}", body={"Штрихкод": "4600000000017"})
    assert odata.json("GET", f"/{entity}('4600000000017')")["Штрихкод"] == "4600000000017"


def test_in_atom_the_count_stands_behind_the_entries(order):
    feed = order.call("GET", f"/{ORDERS}", "$inlinecount=allpages").body.decode()
    assert feed.endswith("</entry><m:count>1</m:count></feed>")
