"""Records by the exchange service: any configuration's, with all that the base does itself."""

import pytest

from onec_emulator.sales import Line, enter_order, enter_product, pay, put_in_stock
from onec_emulator.sample import enter
from sverka_emulator_kit.people import Client, Kind

WRITTEN = {
    "unf": ("clients", "products", "orders", "invoices", "activities"),
    "unf16": ("clients", "products", "orders", "invoices", "activities"),
    "ut11": ("clients", "products", "orders", "invoices"),
    "bp30": ("clients", "products", "invoices"),
}
CASES = [(name, path) for name, paths in WRITTEN.items() for path in paths]
CLIENT = Client(kind=Kind.LEGAL, name="Ромашка ООО", inn="7707083893", kpp="770701001")


@pytest.fixture
def sold():
    """Enters a client, a product on stock and an order of two pieces; returns the order."""

    def sell(base):
        client, product = enter(base, CLIENT), enter_product(base, "Бумага А4")
        put_in_stock(base, product, 5)
        return enter_order(base, client, [Line(product, 2, 100.0)])

    return sell


@pytest.mark.parametrize(("configuration", "path"), CASES)
def test_a_record_is_made_read_changed_and_marked(calling, configuration, path):
    odata = calling(configuration=configuration)
    # A document of УТ wants to know with whom to settle.
    some = "00000000-0000-4000-8000-000000000000"
    fields = {"Партнер_Key": some, "Организация_Key": some} if configuration == "ut11" else {}
    fields = fields if path == "orders" else {}
    status, made = odata.hs("POST", f"/exchange/{path}", body={"fields": fields})
    assert status == 201, made
    address = f"/exchange/{path}/{made['key']}"
    assert odata.hs("GET", address) == (200, made)
    text = next(
        name for name, value in made["fields"].items() if value == "" and name != "Parent_Key"
    )
    status, changed = odata.hs("PATCH", address, body={"fields": {text: None}})
    assert (status, changed["fields"]["DataVersion"]) == (200, "AAAAAAAAAAE=")
    assert odata.hs("DELETE", address) == (204, None)
    row = odata.base.records()[made["set"]][made["key"]]
    assert row["DeletionMark"] is True
    assert odata.base.ledger.touches[-1].actor == "hs:obmen"
    assert made["key"] in {key for _, key, _ in odata.base.registered()}


def test_where_the_new_record_is_stands_in_its_location(odata):
    request = odata.service_request("POST", "/exchange/clients", body={"fields": {}})
    location = dict(odata.base.answer(request).headers)["Location"]
    assert location.startswith("/unf/hs/exchange/clients/")
    assert odata.hs("GET", location.removeprefix("/unf/hs"))[0] == 200


def test_a_set_is_named_where_there_are_several(calling):
    odata = calling(configuration="ut11")
    status, told = odata.hs("POST", "/exchange/activities", body={"fields": {}})
    assert (status, told["thing"]) == (400, "set")
    assert "Document_ТелефонныйЗвонок" in told["remedy"]
    body = {"set": "Document_Встреча", "fields": {"Тема": "Договор", "Важность": "Высокая"}}
    status, made = odata.hs("POST", "/exchange/activities", body=body)
    assert (status, made["set"]) == (201, "Document_Встреча")
    listed = odata.hs("GET", "/exchange/activities", f"number={made['fields']['Number']}")[1]
    assert [item["key"] for item in listed["items"]] == [made["key"]]


@pytest.mark.parametrize(("path", "configuration"), [("orders", "bp30"), ("activities", "bp30")])
def test_what_a_configuration_lacks_has_no_path(calling, path, configuration):
    assert calling(configuration=configuration).hs("GET", f"/exchange/{path}") == (404, None)


def test_what_the_base_derives_is_not_written_from_outside(odata):
    assert odata.hs("POST", "/exchange/statuses", body={"fields": {}}) == (405, None)


def test_a_document_has_the_present_moment_and_what_the_base_reckons(odata, sold):
    order = sold(odata.base)
    lines = odata.hs("GET", f"/exchange/orders/{order}")[1]["fields"]["Запасы"]
    lines[0]["Всего"] = 70.0
    status, changed = odata.hs(
        "PATCH", f"/exchange/orders/{order}", body={"fields": {"Запасы": lines}}
    )
    assert (status, changed["fields"]["СуммаДокумента"]) == (200, 70.0)
    made = odata.hs("POST", "/exchange/orders", body={"fields": {}})[1]["fields"]
    assert (made["Date"], made["Number"]) == ("2025-11-03T09:00:00", "0000-000001")


@pytest.mark.parametrize("configuration", ["unf", "unf16", "ut11", "bp30"])
def test_a_payment_shows_in_the_statuses_of_its_order(calling, sold, configuration):
    odata = calling(configuration=configuration)
    order = sold(odata.base)
    pay(odata.base, order, 200.0)
    odata.base.clock.advance(10)
    status, found = odata.hs("GET", "/exchange/statuses", f"document={order.upper()}")
    assert (status, found["total"]) == (200, 0)
    status, found = odata.hs("GET", "/exchange/statuses", f"document={order}")
    assert found["total"] == len(found["items"]) > 0
    values = [value for item in found["items"] for value in item["fields"].values()]
    expected = {"ut11": "ОжидаетсяОплатаПослеОтгрузки", "bp30": "Оплачен"}
    assert expected.get(configuration, 200.0) in values or 100 in values


def test_a_refused_posting_says_why_and_changes_nothing(odata, sold):
    order = sold(odata.base)
    odata.base.act("set_up", {"closed_until": "2025-11-30"})
    before = odata.base.records()["Document_ЗаказПокупателя"][order]
    status, told = odata.hs(
        "PATCH", f"/exchange/orders/{order}", body={"fields": {"Комментарий": "Срочно"}}
    )
    assert (status, told["thing"]) == (422, "ПередЗаписью")
    assert set(told) == {"error", "thing", "value", "remedy"}
    assert odata.base.records()["Document_ЗаказПокупателя"][order] is before


def test_a_list_is_searched_and_paged(odata, made):
    keys = sorted(made(Description=f"Клиент {number}") for number in range(3))
    last = made(ИНН="7707083893", Description="Ромашка")

    def listed(query):
        found = odata.hs("GET", "/exchange/clients", query)[1]
        return found["total"], [item["key"] for item in found["items"]]

    assert listed("inn=7707083893&name=Ромашка") == (1, [last])
    assert listed("inn=7707083893&name=Василек") == (0, [])
    total, page = listed("skip=1&top=2")
    assert (total, page) == (4, sorted([*keys, last])[1:3])


@pytest.mark.parametrize(
    ("query", "thing"), [("Inn=1", "Inn"), ("top=1001", "top"), ("skip=-1", "skip")]
)
def test_a_parameter_that_means_nothing_is_named(odata, query, thing):
    status, told = odata.hs("GET", "/exchange/clients", query)
    assert (status, told["thing"], told["value"]) == (400, thing, query.partition("=")[2])
    assert told["remedy"] in told["error"]


@pytest.mark.parametrize(
    ("fields", "thing", "remedy"),
    [
        ({"Инн": "1"}, "fields.Инн", "ИНН"),
        ({"Description": "А", "Parent_Key": "7"}, "fields.Parent_Key", "openapi.json"),
        ({"DeletionMark": "да"}, "fields.DeletionMark", "openapi.json"),
        ({"КонтактнаяИнформация": "нет"}, "fields.КонтактнаяИнформация", "список"),
        ({"КонтактнаяИнформация": [{}, {"Тп": 1}]}, "fields.КонтактнаяИнформация[2].Тп", "Тип"),
        ([], "fields", "объект"),
    ],
)
def test_a_field_that_does_not_fit_is_named_and_nothing_is_made(odata, fields, thing, remedy):
    before = len(odata.base.ledger.touches)
    status, told = odata.hs("POST", "/exchange/clients", body={"fields": fields})
    assert (status, told["thing"]) == (400, thing)
    assert remedy in told["remedy"]
    assert len(odata.base.ledger.touches) == before


@pytest.mark.parametrize("body", [b"{", b"[]", b"7"])
def test_a_body_that_is_no_object_is_refused(odata, body):
    status, told = odata.hs("POST", "/exchange/clients", body=body)
    assert (status, told["thing"]) == (400, "body")


def test_a_key_is_made_once(odata, made):
    guid = made()
    status, told = odata.hs("POST", "/exchange/clients", body={"fields": {"Ref_Key": guid}})
    assert (status, told["thing"], told["value"]) == (409, "Ref_Key", guid)


def test_a_key_is_found_in_any_case_or_not_at_all(odata, made):
    guid = made()
    assert odata.hs("GET", f"/exchange/clients/{guid.upper()}")[1]["key"] == guid
    status, told = odata.hs("GET", f"/exchange/products/{guid}")
    assert (status, told["thing"], told["value"]) == (404, "products", guid)


def test_a_forbidden_set_and_a_hidden_record_are_refused_to_that_login(odata, made):
    hidden, seen = made(ИНН="1"), made(ИНН="2")
    odata.base.act(
        "set_up",
        {
            "forbidden": {"obmen": ["Catalog_Номенклатура"]},
            "hidden": {"obmen": {"Catalog_Контрагенты": "ИНН eq '1'"}},
        },
    )
    assert odata.hs("GET", "/exchange/products")[0] == 403
    listed = odata.hs("GET", "/exchange/clients")[1]
    assert (listed["total"], [item["key"] for item in listed["items"]]) == (1, [seen])
    for verb, body in (("GET", None), ("PATCH", {"fields": {"ИНН": "3"}}), ("DELETE", None)):
        assert odata.hs(verb, f"/exchange/clients/{hidden}", body=body)[0] == 403
    assert odata.base.records()["Catalog_Контрагенты"][hidden]["ИНН"] == "1"
