"""The catalogue in both dialects: products, prices, sections, units, rates, properties."""

import base64

import pytest

from sverka_emulator_kit.messages import Request

BLOCK, OFFERS = 23, 24
PNG = b"\x89PNG\r\n\x1a\n\x00\xff"


@pytest.fixture
def product(hook):
    """Makes a product and returns its number."""

    def make(name="Окно", **fields):
        sent = {"fields": {"iblockId": BLOCK, "name": name, **fields}}
        return hook.result("catalog.product.add", sent)["element"]["id"]

    return make


def got(hook, number):
    return hook.result("catalog.product.get", {"id": number})["product"]


def downloaded(portal, hook, address):
    """What an address of a file sends, asked with the webhook."""
    path, _, query = address.partition("?")
    method = path.removeprefix("/rest/")
    return portal.answer(Request("GET", hook.path + method, query, {}, b""))


def listed(hook, **filters):
    asked = {"select": ["id", "iblockId", "name"], "filter": {"iblockId": BLOCK, **filters}}
    return [row["id"] for row in hook.result("catalog.product.list", asked)["products"]]


def test_a_new_product_has_its_defaults_and_types(hook, product):
    row = got(hook, product(purchasingPrice="1000", weight="1.5"))
    shown = ("active", "type", "sort", "subscribe", "quantityTrace", "vatIncluded", "bundle")
    assert [row[name] for name in shown] == ["Y", 1, 500, "D", "D", "N", "N"]
    assert (row["xmlId"], row["measure"], row["weight"]) == ("1", 5, 1.5)
    assert (row["purchasingPrice"], row["quantity"], row["detailText"]) == (
        "1000.000000",
        None,
        None,
    )


def test_a_list_insists_on_block_and_numbers_and_finds_by_name(hook, product):
    product(), product("Дверь", xmlId="guid-1")
    assert listed(hook, name="дверь") == listed(hook, xmlId="guid-1") == [2]
    refused = hook.refusal("catalog.product.list", {"filter": {"iblockId": BLOCK}})
    assert refused == (400, "0", "Required select fields: iblockId, id")
    refused = hook.refusal("catalog.product.list", {"select": ["id", "iblockId"]})
    assert refused == (400, "0", "Required filter fields: iblockId")


def test_what_is_of_the_system_is_not_written(hook, product):
    number = product(type=7, available="N", id=99)
    hook.result("catalog.product.update", {"id": number, "fields": {"iblockId": 24, "name": "Б"}})
    row = got(hook, number)
    assert (row["type"], row["available"], row["iblockId"], row["name"]) == (1, "Y", BLOCK, "Б")


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"iblockId": BLOCK}, "0", "Required fields: name"),
        ({"iblockId": 1, "name": "А"}, "200040300000", "Iblock does not exist"),
        (
            {"iblockId": BLOCK, "name": "А", "iblockSectionId": 9},
            "0",
            "Section does not exist",
        ),
        ({"iblockId": BLOCK, "name": "А", "vatId": 9}, "0", "VAT rate does not exist"),
    ],
)
def test_a_product_with_what_is_not_there_is_refused(hook, fields, code, text):
    assert hook.refusal("catalog.product.add", {"fields": fields}) == (400, code, text)


def test_an_offer_belongs_to_a_product_that_becomes_one_with_offers(hook, product):
    number = product()
    fields = {"iblockId": OFFERS, "name": "Окно, дуб", "parentId": number}
    offer = hook.result("catalog.product.offer.add", {"fields": fields})["offer"]
    assert (offer["type"], offer["parentId"]["value"]) == (4, str(number))
    assert got(hook, number)["type"] == 3
    asked = {"select": ["id", "iblockId"], "filter": {"iblockId": OFFERS, "parentId": number}}
    rows = hook.result("catalog.product.offer.list", asked)["offers"]
    assert rows == [{"iblockId": OFFERS, "id": offer["id"]}]
    assert hook.refusal("catalog.product.offer.get", {"id": number})[2] == "Product does not exist"
    hook.result("catalog.product.delete", {"id": number})
    assert hook.refusal("catalog.product.get", {"id": offer["id"]})[1] == "0"


def test_a_service_has_a_family_of_its_own(hook):
    fields = {"iblockId": BLOCK, "name": "Монтаж"}
    row = hook.result("catalog.product.service.add", {"fields": fields})["service"]
    assert row["type"] == 7
    assert "quantity" not in row


def test_a_list_of_products_has_names_that_one_product_has_not(hook, product):
    number = product()
    asked = {"select": ["*"], "filter": {"iblockId": BLOCK}}
    (row,) = hook.result("catalog.product.list", asked)["products"]
    assert set(row) - set(got(hook, number)) == {
        "barcodeMulti",
        "recurSchemeLength",
        "recurSchemeType",
        "trialPriceId",
        "withoutOrder",
    }


def test_each_family_lists_its_own_kind_of_products(hook, product):
    plain = product()
    service = {"iblockId": BLOCK, "name": "Монтаж"}
    hook.result("catalog.product.service.add", {"fields": service})
    asked = {"select": ["id", "iblockId"], "filter": {"iblockId": BLOCK}}
    rows = hook.result("catalog.product.service.list", asked)["services"]
    assert [row["id"] for row in rows] == [plain + 1]
    assert listed(hook) == [plain, plain + 1]


def test_a_property_for_one_value_keeps_the_first(hook, product):
    fields = {"iblockId": BLOCK, "name": "Цвет", "propertyType": "S", "multiple": "N"}
    number = hook.result("catalog.productProperty.add", {"fields": fields})["productProperty"]["id"]
    name = f"property{number}"
    row = got(hook, product(**{name: [{"value": "а"}, {"value": "б"}]}))
    assert row[name]["value"] == "а"
    assert listed(hook, **{name: "б"}) == []


def test_properties_are_values_with_numbers_one_or_many(hook, product):
    make = {"iblockId": BLOCK, "propertyType": "S"}
    for name, multiple in (("Цвет", "N"), ("Метки", "Y")):
        fields = {**make, "name": name, "multiple": multiple}
        hook.result("catalog.productProperty.add", {"fields": fields})
    number = product(property4="белый", property5=[{"value": "а"}, {"value": "б"}])
    row = got(hook, number)
    assert row["property4"] == {"value": "белый", "valueId": "1"}
    assert [one["value"] for one in row["property5"]] == ["а", "б"]
    assert listed(hook, property4="белый") == [number]
    assert listed(hook, property5="в") == []
    hook.result("catalog.product.update", {"id": number, "fields": {"property4": {"value": ""}}})
    assert got(hook, number)["property4"] is None
    described = hook.result("catalog.product.getFieldsByFilter", {"filter": {"iblockId": BLOCK}})
    assert described["product"]["property5"]["isMultiple"] is True
    hook.result("catalog.productProperty.delete", {"id": 5})
    assert "property5" not in got(hook, number)


def test_a_list_property_has_its_values_by_unique_key(hook):
    fields = {"iblockId": BLOCK, "name": "Сорт", "propertyType": "L"}
    number = hook.result("catalog.productProperty.add", {"fields": fields})["productProperty"]["id"]
    fields = {"propertyId": number, "value": "Первый", "xmlId": "one"}
    row = hook.result("catalog.productPropertyEnum.add", {"fields": fields})
    assert row["productPropertyEnum"] == {**fields, "id": 1, "def": "N", "sort": 500}
    refused = hook.refusal("catalog.productPropertyEnum.add", {"fields": fields})
    assert refused == (400, "0", "A value with xmlId 'one' already exists.")
    refused = hook.refusal(
        "catalog.productPropertyEnum.add", {"fields": {**fields, "propertyId": 1}}
    )
    assert refused[2] == "Only list properties are supported"


def test_a_product_has_one_price_of_a_type_which_the_old_catalogue_shows(hook, product):
    number = product()
    fields = {"productId": number, "catalogGroupId": 1, "price": 99.5, "currency": "RUB"}
    price = hook.result("catalog.price.add", {"fields": fields})["price"]
    assert {name: price[name] for name in fields} == fields
    refused = hook.refusal("catalog.price.add", {"fields": fields})
    assert refused[1:] == (
        "0",
        "Validate price error. Catalog product is allowed has only single price without ranges in "
        "price group",
    )
    old = hook.result("crm.product.get", {"id": number})
    assert (old["PRICE"], old["CURRENCY_ID"], old["NAME"]) == ("99.50", "RUB", "Окно")
    hook.result("catalog.price.delete", {"id": price["id"]})
    assert hook.result("crm.product.get", {"id": number})["PRICE"] is None


def test_modify_makes_the_whole_set_of_prices(hook, product):
    number = product()
    hook.result("catalog.priceType.add", {"fields": {"name": "Опт"}})
    fields = {"productId": number, "catalogGroupId": 1, "price": 10, "currency": "RUB"}
    one = hook.result("catalog.price.add", {"fields": fields})["price"]["id"]
    two = {"catalogGroupId": 2, "price": 8, "currency": "RUB"}
    sent = {"fields": {"product": {"id": number, "prices": [two]}}}
    (kept,) = hook.result("catalog.price.modify", sent)["prices"]
    assert (kept["catalogGroupId"], kept["price"], kept["priceScale"]) == (2, 8, 8)
    assert hook.refusal("catalog.price.get", {"id": one})[2] == "Price does not exist"
    sent["fields"]["product"]["prices"][0]["currency"] = "USD"
    (dollars,) = hook.result("catalog.price.modify", sent)["prices"]
    assert (dollars["price"], dollars["priceScale"]) == (8, 640)


def test_the_base_price_type_is_one_and_stays(hook):
    made = hook.result("catalog.priceType.add", {"fields": {"name": "Опт"}})["priceType"]
    assert (made["base"], made["sort"], made["createdBy"]) == ("N", 100, 1)
    assert hook.refusal("catalog.priceType.delete", {"id": 1})[1] == "BASE"
    hook.result("catalog.priceType.update", {"id": 2, "fields": {"base": "Y"}})
    rows = hook.result("catalog.priceType.list")["priceTypes"]
    assert {row["id"]: row["base"] for row in rows} == {1: "N", 2: "Y"}


def test_units_have_one_code_and_one_default(hook):
    fields = {"code": 778, "measureTitle": "Упаковка", "symbol": "упак"}
    made = hook.result("catalog.measure.add", {"fields": fields})["measure"]
    assert (made["id"], made["isDefault"]) == (6, "N")
    assert hook.refusal("catalog.measure.add", {"fields": fields})[1] == "200600000000"
    sent = {"fields": {**fields, "code": 779, "isDefault": "Y"}}
    assert hook.refusal("catalog.measure.add", sent)[1] == "200600000010"
    assert hook.refusal("catalog.measure.get", {"id": 99})[1] == "200600000020"
    old = hook.result("crm.measure.get", {"id": 6})
    assert (old["CODE"], old["SYMBOL_RUS"]) == ("778", "упак")


def test_no_rate_is_not_a_rate_of_0(hook):
    rows = hook.result("catalog.vat.list")["vats"]
    assert [row["rate"] for row in rows] == [None, 0, 10, 20]
    assert hook.result("crm.vat.get", {"id": 4})["RATE"] == "20.00"
    made = hook.result("crm.vat.add", {"fields": {"NAME": "НДС 22%", "RATE": 22}})
    assert hook.result("crm.vat.update", {"id": made, "fields": {"RATE": 23}}) == made
    assert hook.result("catalog.vat.get", {"id": made})["vat"]["rate"] == 23
    refused = hook.refusal("catalog.vat.add", {"fields": {"name": "НДС"}})
    assert refused == (400, "0", "Required fields: rate")


def test_sections_make_a_tree_whose_products_outlive_it(hook, product):
    root = hook.result("crm.productsection.add", {"fields": {"NAME": "Двери"}})
    fields = {"iblockId": BLOCK, "name": "Входные", "iblockSectionId": root}
    leaf = hook.result("catalog.section.add", {"fields": fields})["section"]
    assert (leaf["iblockSectionId"], leaf["sort"]) == (root, 500)
    number = product(iblockSectionId=leaf["id"])
    assert hook.result("crm.product.get", {"id": number})["SECTION_ID"] == str(leaf["id"])
    assert hook.result("catalog.section.delete", {"id": leaf["id"]}) is True
    assert got(hook, number)["iblockSectionId"] is None
    assert hook.refusal("catalog.section.get", {"id": leaf["id"]})[1] == "200700300030"


def test_the_old_catalogue_writes_the_same_products(hook):
    fields = {"NAME": "Дверь", "PRICE": "150", "CURRENCY_ID": "RUB", "XML_ID": "guid"}
    number = hook.result("crm.product.add", {"fields": fields})
    assert (got(hook, number)["name"], got(hook, number)["iblockId"]) == ("Дверь", BLOCK)
    (price,) = hook.result("catalog.price.list", {"filter": {"productId": number}})["prices"]
    assert (price["price"], price["catalogGroupId"]) == (150, 1)
    (row,) = hook.result("crm.product.list", {"filter": {"XML_ID": "guid"}, "select": ["NAME"]})
    assert row == {"ID": str(number), "NAME": "Дверь"}
    assert hook.refusal("crm.product.add", {"fields": {}})[2] == "The field NAME is required."


def test_a_row_of_a_deal_takes_name_and_unit_from_its_product(hook, product):
    number = product("Окно дубовое")
    hook.result("crm.deal.add", {"fields": {}})
    hook.result("crm.deal.productrows.set", {"id": 1, "rows": [{"PRODUCT_ID": number, "PRICE": 5}]})
    (row,) = hook.result("crm.deal.productrows.get", {"id": 1})
    shown = ("PRODUCT_NAME", "MEASURE_CODE", "MEASURE_NAME", "TYPE")
    assert [row[name] for name in shown] == ["Окно дубовое", 796, "шт", 1]


def test_both_catalogues_tell_of_a_product(app):
    for event in ("CATALOG.PRODUCT.ON.ADD", "ONCRMPRODUCTADD"):
        app.result("event.bind", {"event": event, "event_type": "offline"})
    app.result("catalog.product.add", {"fields": {"iblockId": BLOCK, "name": "А"}})
    told = app.result("event.offline.get")["events"]
    assert {row["EVENT_NAME"] for row in told} == {"CATALOG.PRODUCT.ON.ADD", "ONCRMPRODUCTADD"}


def test_images_are_kept_by_name_and_kind(hook, product):
    number = product()
    sent = {"fields": {"productId": number, "type": "DETAIL_PICTURE"}, "fileContent": ["а.png", ""]}
    image = hook.result("catalog.productImage.add", sent)["productImage"]
    assert (image["name"], image["type"], image["productId"]) == ("а.png", "DETAIL_PICTURE", number)
    assert got(hook, number)["detailPicture"]["id"] == "1"
    listed = hook.result("catalog.productImage.list", {"productId": number})["productImages"]
    assert listed == [image]
    known = {"productId": number, "id": image["id"]}
    assert hook.result("catalog.productImage.delete", known) is True
    assert hook.refusal("catalog.productImage.get", known)[2] == "Image was not found"


def test_offers_have_a_block_of_their_own(hook):
    first, second = hook.result("catalog.catalog.list")["catalogs"]
    assert (first["productIblockId"], second["productIblockId"]) == (None, first["iblockId"])
    assert hook.result("catalog.catalog.isOffers", {"id": second["id"]}) is True
    assert hook.result("catalog.catalog.isOffers", {"id": first["id"]}) is False


def test_a_product_and_its_hangers_come_back_with_a_snapshot(portal, hook, product):
    number = product(property1="x")
    before, kept = got(hook, number), portal.snapshot()
    hook.result("catalog.product.delete", {"id": number})
    assert hook.result("catalog.ratio.list")["ratios"] == []
    portal.restore(kept)
    assert got(hook, number) == before
    assert len(hook.result("catalog.ratio.list")["ratios"]) == 1


def test_a_picture_is_sent_back_byte_by_byte_from_its_address(portal, hook, product):
    data = ["окно.png", base64.b64encode(PNG).decode()]
    number = product(detailPicture={"fileData": data})
    picture = got(hook, number)["detailPicture"]
    reply = downloaded(portal, hook, picture["urlMachine"])
    assert (reply.status, reply.content_type, reply.body) == (200, "image/png", PNG)
    assert dict(reply.headers)["Content-Disposition"].endswith("%D0%BE%D0%BA%D0%BD%D0%BE.png")
    portal.restore(portal.snapshot())
    assert downloaded(portal, hook, picture["url"]).body == PNG


@pytest.mark.parametrize("value", [{"remove": "Y"}, {"fileData": ["новое.png", "AA=="]}])
def test_a_picture_that_is_replaced_or_removed_is_gone(portal, hook, product, value):
    number = product(previewPicture={"fileData": ["старое.png", "AQ=="]})
    address = got(hook, number)["previewPicture"]["url"]
    hook.result("catalog.product.update", {"id": number, "fields": {"previewPicture": value}})
    assert b"File not found" in downloaded(portal, hook, address).body
    assert len(portal.tables["file"].rows) == (0 if "remove" in value else 1)


def test_files_of_a_property_and_images_are_sent_too(portal, hook, product):
    file = {"iblockId": BLOCK, "name": "Паспорт", "propertyType": "F", "multiple": "Y"}
    made = hook.result("catalog.productProperty.add", {"fields": file})["productProperty"]
    name = f"property{made['id']}"
    sent = [{"value": {"fileData": [f"{text}.txt", text]}} for text in ("AQ==", "Ag==")]
    number = product(**{name: sent})
    values = got(hook, number)[name]
    bodies = [downloaded(portal, hook, one["value"]["url"]).body for one in values]
    assert bodies == [b"\x01", b"\x02"]
    hook.result(
        "catalog.product.update",
        {"id": number, "fields": {name: [{**values[0], "value": {"remove": "Y"}}, values[1]]}},
    )
    (left,) = got(hook, number)[name]
    assert left["value"]["id"] == values[1]["value"]["id"]
    assert len(portal.tables["file"].rows) == 1
    assert b"File not found" in downloaded(portal, hook, values[0]["value"]["url"]).body
    image = {"fields": {"productId": number}, "fileContent": ["ещё.png", "Aw=="]}
    shown = hook.result("catalog.productImage.add", image)["productImage"]
    assert downloaded(portal, hook, shown["downloadUrl"]).body == b"\x03"


def test_the_files_of_a_product_go_with_it(portal, hook, product):
    number = product(detailPicture={"fileData": ["а.png", "AA=="]})
    image = {"fields": {"productId": number}, "fileContent": ["б.png", "AA=="]}
    hook.result("catalog.productImage.add", image)
    assert len(portal.tables["file"].rows) == 2
    hook.result("catalog.product.delete", {"id": number})
    assert portal.tables["file"].rows == {}


def test_a_download_says_what_it_lacks(hook, product):
    asked = {"productId": product(), "fieldName": "DETAIL_PICTURE"}
    refused = hook.refusal("catalog.product.download", {"fields": asked})
    assert refused == (400, "0", "Required fields: fileId")
    asked |= {"fileId": 7}
    assert hook.refusal("catalog.product.download", {"fields": asked})[2] == "File not found"
    asked |= {"productId": 99}
    missing = hook.refusal("catalog.product.download", {"fields": asked})
    assert missing[2] == "Product does not exist"
