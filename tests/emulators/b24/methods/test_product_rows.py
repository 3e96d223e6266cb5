"""Product rows: prices with discount and tax, and the amounts of their owner."""

import pytest

OLD_KEYS = """
ID OWNER_ID OWNER_TYPE PRODUCT_ID PRODUCT_NAME ORIGINAL_PRODUCT_NAME PRODUCT_DESCRIPTION
PRICE PRICE_EXCLUSIVE PRICE_NETTO PRICE_BRUTTO PRICE_ACCOUNT QUANTITY DISCOUNT_TYPE_ID
DISCOUNT_RATE DISCOUNT_SUM TAX_RATE TAX_INCLUDED CUSTOMIZED MEASURE_CODE MEASURE_NAME SORT
XML_ID TYPE STORE_ID RESERVE_ID DATE_RESERVE_END RESERVE_QUANTITY
"""


@pytest.fixture
def deal(hook):
    return hook.result("crm.deal.add", {"fields": {"TITLE": "Окна"}})


@pytest.fixture
def put(hook, deal):
    """Gives the deal these rows and returns them as the old method shows them."""

    def rows(*sent):
        hook.result("crm.deal.productrows.set", {"id": deal, "rows": list(sent)})
        return hook.result("crm.deal.productrows.get", {"id": deal})

    return rows


def amounts(hook, deal):
    row = hook.result("crm.deal.get", {"id": deal})
    return row["OPPORTUNITY"], row["TAX_VALUE"]


def test_the_old_rows_have_their_keys_in_order_and_numbers_but_for_three(put):
    (row,) = put({"PRODUCT_NAME": "Монтаж", "PRICE": "100.5", "QUANTITY": "1.5"})
    assert list(row) == OLD_KEYS.split()
    assert (row["ID"], row["OWNER_ID"], row["OWNER_TYPE"]) == ("1", "1", "D")
    assert (row["PRICE"], row["QUANTITY"], row["PRICE_ACCOUNT"]) == (100.5, 1.5, "100.50")
    assert (row["TAX_RATE"], row["DISCOUNT_TYPE_ID"], row["SORT"]) == (None, 2, 10)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        # The example of crm-item-productrow-add.md.
        (
            {"PRICE": 80000, "TAX_RATE": 20, "DISCOUNT_TYPE_ID": 2, "DISCOUNT_RATE": 20},
            (66666.67, 83333.34, 100000.01, 20, 16666.67),
        ),
        # Of the official PHP kit's tests.
        (
            {"PRICE": 1000, "DISCOUNT_TYPE_ID": 1, "DISCOUNT_SUM": 500.12},
            (1000, 1500.12, 1500.12, 33.34, 500.12),
        ),
        ({"PRICE": 100, "TAX_RATE": 0}, (100, 100, 100, 0, 0)),
    ],
)
def test_the_price_is_final_and_the_others_follow(put, sent, shown):
    (row,) = put({"PRODUCT_NAME": "Окно", **sent})
    names = ("PRICE_EXCLUSIVE", "PRICE_NETTO", "PRICE_BRUTTO", "DISCOUNT_RATE", "DISCOUNT_SUM")
    assert tuple(row[name] for name in names) == shown


def test_the_owner_has_the_sums_of_its_rows_unless_set_by_hand(hook, deal, put):
    put({"PRICE": 120, "QUANTITY": 3, "TAX_RATE": 20}, {"PRICE": "0.5", "QUANTITY": 1})
    assert amounts(hook, deal) == ("360.50", "60.00")
    hook.result("crm.deal.update", {"id": deal, "fields": {"OPPORTUNITY": 5}})
    assert amounts(hook, deal) == ("360.50", "60.00")
    fields = {"OPPORTUNITY": 5, "IS_MANUAL_OPPORTUNITY": "Y"}
    hook.result("crm.deal.update", {"id": deal, "fields": fields})
    put({"PRICE": 1})
    assert amounts(hook, deal)[0] == "5.00"
    hook.result("crm.deal.update", {"id": deal, "fields": {"IS_MANUAL_OPPORTUNITY": "N"}})
    assert amounts(hook, deal)[0] == "1.00"
    put()
    assert amounts(hook, deal) == ("0.00", "0.00")


def test_a_set_replaces_all_rows_and_keeps_the_numbers_it_names(hook, put):
    one, two = put({"PRODUCT_NAME": "А", "PRICE": 1}, {"PRODUCT_NAME": "Б", "PRICE": 2})
    new = put({"PRODUCT_NAME": "В"}, {"ID": two["ID"], "PRICE": 7})
    assert {row["PRODUCT_NAME"]: row["ID"] for row in new} == {"В": "3", "Б": two["ID"]}
    assert one["ID"] not in {row["ID"] for row in new}


def test_a_change_of_rows_is_an_update_of_the_owner(app, put):
    app.result("event.bind", {"event": "ONCRMDEALUPDATE", "event_type": "offline"})
    put({"PRICE": 1})
    assert len(app.result("event.offline.get")["events"]) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"DISCOUNT_TYPE_ID": 2}, "Discount Rate (DISCOUNT_RATE) is required"),
        ({"DISCOUNT_TYPE_ID": 2, "DISCOUNT_RATE": 100}, "Discount Rate (DISCOUNT_RATE) is 100%"),
        ({"DISCOUNT_TYPE_ID": 1}, "if Monetary Discount Type"),
    ],
)
def test_a_discount_without_its_size_is_refused_and_nothing_is_written(hook, deal, put, row, words):
    put({"PRICE": 3})
    sent = {"id": deal, "rows": [{"PRICE": 1}, {"PRICE": 2, **row}]}
    status, code, text = hook.refusal("crm.deal.productrows.set", sent)
    assert (status, code) == (400, "ERROR_CORE")
    assert words in text
    assert amounts(hook, deal)[0] == "3.00"


def test_rows_of_items_are_added_changed_and_deleted_one_by_one(hook, deal):
    fields = {"ownerType": "D", "ownerId": deal, "productName": "Окно", "price": 80, "quantity": 2}
    row = hook.result("crm.item.productrow.add", {"fields": fields})["productRow"]
    assert (row["id"], row["price"], row["sort"], row["xmlId"]) == (1, 80, 10, "")
    assert amounts(hook, deal)[0] == "160.00"
    sent = {"id": row["id"], "fields": {"quantity": 3}}
    changed = hook.result("crm.item.productrow.update", sent)["productRow"]
    assert changed == {**row, "quantity": 3}
    got = hook.result("crm.item.productrow.get", {"id": 1})["productRow"]
    assert got == {**changed, "storeId": None}
    assert hook.result("crm.item.productrow.delete", {"id": 1}) is None
    assert amounts(hook, deal)[0] == "0.00"


def test_rows_of_a_smart_invoice_are_set_and_listed(hook):
    made = hook.result("crm.item.add", {"entityTypeId": 31, "fields": {"title": "Счёт"}})["item"]
    owner = {"ownerType": "SI", "ownerId": made["id"]}
    rows = [{"productName": "А", "price": 5, "taxRate": 20}, {"productName": "Б", "price": 7}]
    answer = hook.result("crm.item.productrow.set", {**owner, "productRows": rows})
    assert [row["sort"] for row in answer["productRows"]] == [10, 20]
    asked = {"filter": {"=ownerType": "SI", "=ownerId": made["id"], ">price": 6}}
    listed = hook.said("crm.item.productrow.list", asked)
    assert [row["productName"] for row in listed["result"]["productRows"]] == ["Б"]
    assert listed["total"] == 1
    item = hook.result("crm.item.get", {"entityTypeId": 31, "id": made["id"]})["item"]
    assert (item["opportunity"], item["taxValue"]) == (12, 0.83)


@pytest.mark.parametrize(
    ("verb", "params", "code"),
    [
        ("list", {"filter": {"=ownerId": 1}}, "INVALID_ARG_VALUE"),
        ("add", {"fields": {"ownerType": "D", "ownerId": 99}}, "OWNER_NOT_FOUND"),
        ("add", {"fields": {"ownerType": "X", "ownerId": 1}}, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("add", {"fields": {"ownerType": "D"}}, "100"),
        ("get", {"id": 99}, "NOT_FOUND"),
        ("set", {"ownerType": "D", "ownerId": 1}, "100"),
    ],
)
def test_wrong_owners_and_rows_are_refused(hook, deal, verb, params, code):
    assert hook.refusal(f"crm.item.productrow.{verb}", params)[1] == code


def test_rows_go_with_their_owner(hook, deal, put):
    put({"PRICE": 1})
    hook.result("crm.deal.delete", {"id": deal})
    assert hook.result("crm.productrow.list", {"filter": {"OWNER_TYPE": "D"}}) == []


def test_the_price_in_the_base_currency_follows_rate_and_currency(portal, hook):
    deal = portal.act("crm.deal.add", {"fields": {"TITLE": "А", "CURRENCY_ID": "USD"}})
    rows = [{"PRODUCT_NAME": "Окно", "PRICE": 5, "QUANTITY": 2}]
    hook.result("crm.deal.productrows.set", {"id": deal, "rows": rows})
    asked = {"filter": {"=ownerType": "D", "=ownerId": deal}}

    def account():
        (row,) = hook.result("crm.item.productrow.list", asked)["productRows"]
        return row["price"], row["priceAccount"]

    assert account() == (5, 400)
    hook.result("crm.deal.update", {"id": deal, "fields": {"CURRENCY_ID": "EUR"}})
    assert account() == (5, 450)
    cheaper = {"AMOUNT": 300, "AMOUNT_CNT": 10}
    hook.result("crm.currency.update", {"id": "USD", "fields": cheaper})
    hook.result("crm.deal.update", {"id": deal, "fields": {"CURRENCY_ID": "USD"}})
    assert account() == (5, 150)
    hook.result("crm.deal.update", {"id": deal, "fields": {"CURRENCY_ID": "RUB"}})
    assert account() == (5, 5)
