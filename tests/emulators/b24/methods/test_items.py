"""`crm.item.*`: the rows of companies and contacts in other names, with typed values."""

import pytest

CONTACT, COMPANY = 3, 4


@pytest.fixture
def contact(portal):
    """Enters a contact in the portal's window and returns its number."""
    return lambda **fields: portal.act("crm.contact.add", {"fields": {"NAME": "Иван", **fields}})


@pytest.fixture
def field(portal):
    """Makes a user field of companies in the portal's window."""

    def make(name, kind="string", **fields):
        sent = {"FIELD_NAME": name, "USER_TYPE_ID": kind, **fields}
        return portal.act("crm.company.userfield.add", {"fields": sent})

    return make


def item(caller, number, kind=COMPANY, **params):
    asked = {"entityTypeId": kind, "id": number, **params}
    return caller.result("crm.item.get", asked)["item"]


def added(caller, kind=COMPANY, **fields):
    return caller.result("crm.item.add", {"entityTypeId": kind, "fields": fields})["item"]


def updated(caller, number, kind=COMPANY, **fields):
    asked = {"entityTypeId": kind, "id": number, "fields": fields}
    return caller.result("crm.item.update", asked)["item"]


def listed(caller, kind=COMPANY, **params):
    return caller.result("crm.item.list", {"entityTypeId": kind, **params})["items"]


def ids(caller, kind=COMPANY, **params):
    return [row["id"] for row in listed(caller, kind, **params)]


def test_an_item_is_the_row_of_the_classic_method_with_typed_values(hook, company):
    company("Ромашка", REVENUE="1000.50", COMMENTS="важный", ORIGIN_ID="1c")
    shown = item(hook, 1)
    expected = {
        "id": 1,
        "title": "Ромашка",
        "revenue": 1000.5,
        "assignedById": 1,
        "opened": "Y",
        "isMyCompany": "N",
        "typeId": "CUSTOMER",
        "createdTime": "2025-11-03T09:00:00+03:00",
        "originId": "1c",
        "originVersion": None,
        "contactIds": [],
        "fm": [],
        "phone": "",
        "address": None,
        "categoryId": 0,
        "entityTypeId": 4,
    }
    assert {name: shown[name] for name in expected} == expected
    assert (next(iter(shown)), list(shown)[-1]) == ("id", "entityTypeId")


def test_whole_sums_are_whole_numbers_and_empty_dates_are_null(hook, company, contact):
    company(REVENUE=1000)
    contact()
    assert repr(item(hook, 1)["revenue"]) == "1000"
    person = item(hook, 1, CONTACT)
    assert (person["birthdate"], person["companyId"], person["companyIds"]) == (None, 0, [])


def test_a_sum_that_no_whole_number_holds_is_shown_all_the_same(hook, company):
    company(REVENUE=1e25)
    assert item(hook, 1)["revenue"] == 1e25


def test_an_added_item_is_a_company_for_the_classic_methods(hook):
    shown = added(hook, title="Ромашка", TYPE_ID="SUPPLIER", noSuch=1, id=77)
    assert (shown["id"], shown["title"], shown["typeId"]) == (1, "Ромашка", "SUPPLIER")
    row = hook.result("crm.company.get", {"id": 1})
    assert (row["TITLE"], row["COMPANY_TYPE"], row["ASSIGNED_BY_ID"]) == (
        "Ромашка",
        "SUPPLIER",
        "1",
    )


def test_an_item_without_a_title_gets_one_from_its_number(hook):
    assert added(hook, comments="без имени")["title"] == "Компания #1"


def test_an_update_changes_what_it_names_and_answers_the_whole_item(hook, company):
    company("Ромашка", COMMENTS="важный")
    shown = updated(hook, 1, title="Лютик", revenue=5)
    assert (shown["title"], shown["comments"], shown["revenue"]) == ("Лютик", "важный", 5)
    assert hook.result("crm.company.get", {"id": 1})["REVENUE"] == "5.00"


def test_an_update_without_a_change_saves_nothing_and_tells_nobody(app, portal, company, field):
    field("SUM", "double")
    company("Ромашка", PHONE=[{"VALUE": "111", "VALUE_TYPE": "WORK"}], UF_CRM_SUM="5.5")
    app.result("event.bind", {"event": "ONCRMCOMPANYUPDATE", "event_type": "offline"})
    portal.clock.advance(60)
    fm = {"1": {"typeId": "PHONE", "valueType": "WORK", "value": "111"}}
    same = updated(app, 1, title="Ромашка", fm=fm, ufCrmSum=5.5, contactIds=[])
    assert same["updatedTime"] == "2025-11-03T09:00:00+03:00"
    assert app.result("event.offline.list") == []
    assert updated(app, 1, ufCrmSum=6)["updatedTime"] == "2025-11-03T09:01:00+03:00"
    assert len(app.result("event.offline.list")) == 1


def test_the_events_of_an_item_are_those_of_the_company(app, company, portal):
    for verb in ("ADD", "UPDATE", "DELETE"):
        app.result("event.bind", {"event": f"ONCRMCOMPANY{verb}", "event_type": "offline"})
    number = portal.act("crm.item.add", {"entityTypeId": 4, "fields": {"title": "Ромашка"}})[
        "item"
    ]["id"]
    portal.act("crm.item.update", {"entityTypeId": 4, "id": number, "fields": {"title": "Лютик"}})
    portal.act("crm.item.delete", {"entityTypeId": 4, "id": number})
    told = [(row["EVENT_NAME"], row["EVENT_DATA"]) for row in app.result("event.offline.list")]
    assert told == [
        (f"ONCRMCOMPANY{verb}", {"FIELDS": {"ID": "1"}}) for verb in ("ADD", "UPDATE", "DELETE")
    ]
    assert {touch.actor for touch in portal.ledger.touches} == {"user:1"}


def test_a_deleted_item_is_gone_with_its_requisites(hook, requisite):
    requisite()
    assert hook.result("crm.item.delete", {"entityTypeId": 4, "id": 1}) == []
    assert hook.portal.records()["company"] == {}
    assert hook.portal.records()["requisite"] == {}
    refused = hook.refusal("crm.item.get", {"entityTypeId": 4, "id": 1})
    assert refused == (400, "NOT_FOUND", "Item not found")


def test_multifields_are_one_list_with_flat_first_values(hook):
    shown = added(
        hook,
        fm=[
            {"typeId": "PHONE", "valueType": "MOBILE", "value": "111"},
            {"typeId": "PHONE", "valueType": "WORK", "value": "222"},
            {"typeId": "EMAIL", "valueType": "HOME", "value": "a@b.example"},
            {"valueType": "WORK", "value": "333"},
        ],
    )
    assert shown["fm"][0] == {"id": 1, "valueType": "MOBILE", "value": "111", "typeId": "PHONE"}
    assert [value["value"] for value in shown["fm"]] == ["111", "222", "a@b.example"]
    flat = ("phone", "phoneMobile", "phoneWork", "phoneMailing", "email", "emailHome", "emailWork")
    assert [shown[name] for name in flat] == [
        "111",
        "111",
        "222",
        "",
        "a@b.example",
        "a@b.example",
        "",
    ]
    assert (shown["hasPhone"], shown["hasEmail"], shown["hasImol"]) == ("Y", "Y", "N")


def test_values_of_fm_are_changed_and_deleted_by_number_and_appended_by_n(hook):
    phone = {"typeId": "PHONE", "valueType": "WORK"}
    added(hook, fm=[{**phone, "value": "111"}, {**phone, "value": "222"}])
    change = {"1": {**phone, "value": "113"}, "2": {**phone, "value": ""}}
    shown = updated(hook, 1, fm={**change, "n0": {**phone, "value": "444"}})
    assert [(v["id"], v["value"]) for v in shown["fm"]] == [(1, "113"), (3, "444")]
    shown = updated(hook, 1, fm=[{**phone, "value": "555"}])
    assert [v["value"] for v in shown["fm"]] == ["113", "444", "555"]
    shown = updated(hook, 1, fm={"99": {**phone, "value": "666"}})
    assert [v["value"] for v in shown["fm"]] == ["113", "444", "555", "666"]
    assert updated(hook, 1, fm="777")["fm"] == shown["fm"]


def test_a_kind_of_value_that_there_is_not_touches_no_other_field(hook, company):
    company(COMMENTS="важный")
    shown = updated(hook, 1, fm=[{"typeId": "COMMENTS", "valueType": "WORK", "value": "!"}])
    assert (shown["comments"], shown["fm"]) == ("важный", [])


def test_links_are_sets_of_numbers_on_both_sides(hook, company, contact):
    people = [contact(), contact()]
    assert added(hook, contactIds=people)["contactIds"] == people
    assert item(hook, 1, CONTACT)["companyId"] == 1
    company()
    shown = updated(hook, 1, CONTACT, companyIds=[2, 1])
    assert (shown["companyIds"], shown["companyId"]) == ([2, 1], 2)
    assert updated(hook, 1, contactIds=[])["contactIds"] == []
    assert updated(hook, 1, CONTACT, companyId=0)["companyId"] == 0


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("UF_CRM_KLASS", "ufCrmKlass"),
        ("UF_CRM_1747309879", "ufCrm_1747309879"),
        ("UF_CRM_1C_KLASS", "ufCrm_1C_KLASS"),
        ("UF_CRM_3_DIGIT", "ufCrm3Digit"),
        ("UF_CRM_3_1747309727", "ufCrm3_1747309727"),
        ("UF_CRM_3_DIGIT10", "ufCrm_3_DIGIT10"),
    ],
)
def test_a_user_field_has_a_name_of_its_own_here(hook, company, field, code, name):
    field(code)
    company()
    assert updated(hook, 1, **{name: "А"})[name] == "А"
    assert updated(hook, 1, **{code: "Б"})[name] == "Б"
    original = item(hook, 1, useOriginalUfNames="Y")
    assert original[code] == "Б"
    assert name not in original
    assert ids(hook, filter={name: "Б"}) == [1]


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("integer", "5", 5),
        ("double", "5.10", 5.1),
        ("boolean", "Y", "Y"),
        ("boolean", "", "N"),
        ("employee", 1, 1),
        ("money", "300|RUB", "300|RUB"),
        ("date", "", None),
        ("string", "", None),
    ],
)
def test_a_user_field_is_typed_here(hook, field, kind, sent, shown):
    field("KLASS", kind)
    assert added(hook, ufCrmKlass=sent)["ufCrmKlass"] == shown


def test_a_list_of_many_values_is_numbers_and_wants_an_array(hook, field):
    field("KLASS", "enumeration", MULTIPLE="Y", LIST=[{"VALUE": "А"}, {"VALUE": "Б"}])
    assert added(hook, ufCrmKlass=[2, 1])["ufCrmKlass"] == [2, 1]
    asked = {"entityTypeId": 4, "fields": {"ufCrmKlass": "1"}}
    refused = hook.refusal("crm.item.add", asked)
    assert refused == (400, "100", "Expected iterable value for multiple field, but got string")


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(COMPANY, "assignedById", "Иванов"), (COMPANY, "revenue", [5]), (CONTACT, "birthdate", "?")],
)
def test_a_value_of_another_type_is_refused_by_its_name(hook, kind, name, value):
    refused = hook.refusal("crm.item.add", {"entityTypeId": kind, "fields": {name: value}})
    text = f'Invalid value for field "{name}"'
    assert refused == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", text)
    assert hook.portal.records()["company"] == {}


def test_a_list_shows_what_was_selected_and_the_number(hook, company):
    company("Ромашка", PHONE=[{"VALUE": "111", "VALUE_TYPE": "WORK"}])
    assert listed(hook, select=["title", "phone", "fm", "noSuch"]) == [
        {"id": 1, "title": "Ромашка", "phone": "111"}
    ]
    assert listed(hook) == listed(hook, select=["*"]) == [item(hook, 1)]


def test_a_list_has_pages_and_a_total(hook, company):
    for _ in range(51):
        company()
    answer = hook.said("crm.item.list", {"entityTypeId": 4})
    assert (len(answer["result"]["items"]), answer["total"], answer["next"]) == (50, 51, 50)
    assert ids(hook, start=50) == [51]
    after = hook.said("crm.item.list", {"entityTypeId": 4, "filter": {">id": 50}, "start": -1})
    assert [row["id"] for row in after["result"]["items"]] == [51]
    assert "next" not in after


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ({"title": "Ромашка"}, [1]),
        ({"%title": "а"}, [1, 3]),
        ({"@id": [2, 3]}, [2, 3]),
        ({">revenue": 10, "<revenue": 30}, [2]),
        ({"0": {"logic": "OR", "0": {"title": "Лютик"}, "1": {"id": 3}}}, [2, 3]),
        ([{"logic": "OR", "title": "Лютик", "id": 3}], [2, 3]),
        ({"logic": "OR", "title": "Лютик", "id": 3}, [2, 3]),
        ({"!id": 1, "0": {"logic": "OR", "0": {"id": 1}, "1": {"id": 2, "title": "Лютик"}}}, [2]),
        ({"0": {"logic": "OR", "0": {"id": 1, "title": "Лютик"}, "1": {"id": 3}}}, [3]),
        ({"phone": "222"}, [2]),
    ],
)
def test_a_filter_has_operators_and_groups_of_any_depth(hook, company, filter_, found):
    for title, revenue, phone in (("Ромашка", 10, "111"), ("Лютик", 20, "222"), ("Роза", 30, "")):
        company(title, REVENUE=revenue, PHONE=[{"VALUE": phone}])
    assert ids(hook, filter=filter_) == found


def test_a_flag_is_filtered_by_1_and_0_only(hook, company, field):
    field("KLASS", "boolean")
    company(UF_CRM_KLASS="Y")
    company(UF_CRM_KLASS="N")
    assert ids(hook, filter={"ufCrmKlass": 1}) == [1]
    assert ids(hook, filter={"ufCrmKlass": "Y"}) == [2]


def test_items_are_ordered_by_several_fields(hook, company):
    for title, revenue in (("Б", 1), ("А", 1), ("В", 2)):
        company(title, REVENUE=revenue)
    assert ids(hook, order={"revenue": "desc", "title": "ASC"}) == [3, 2, 1]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"filter": {"noSuch": 1}}, "Invalid filter: field 'noSuch' is not allowed in filter"),
        (
            {"filter": {"0": {"logic": "OR", ">noSuch": 1}}},
            "Invalid filter: field 'noSuch' is not allowed in filter",
        ),
        ({"filter": {"title": {"a": 1}}}, "Invalid filter: field 'title' has invalid value"),
        ({"order": {"noSuch": "ASC"}}, "Invalid order: field 'noSuch' is not allowed in order"),
        (
            {"order": {"id": "up"}},
            "Invalid order: allowed sort directions are ASC, DESC. But got 'up' for field 'id'",
        ),
    ],
)
def test_what_a_list_does_not_know_is_refused(hook, params, text):
    refused = hook.refusal("crm.item.list", {"entityTypeId": 4, **params})
    assert refused == (400, "INVALID_ARG_VALUE", text)


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({}, "100", "Could not find value for parameter {entityTypeId}"),
        ({"entityTypeId": 4}, "100", "Could not find value for parameter {id}"),
        ({"entityTypeId": 999, "id": 1}, "NOT_FOUND", "Smart process not found"),
        (
            {"entityTypeId": 5, "id": 1},
            "ENTITY_TYPE_NOT_SUPPORTED",
            "Entity type INVOICE is not supported",
        ),
    ],
)
def test_an_item_is_named_by_its_type_and_number(hook, params, code, text):
    assert hook.refusal("crm.item.get", params) == (400, code, text)


@pytest.mark.parametrize("verb", ["add", "update"])
def test_a_write_wants_fields(hook, company, verb):
    company()
    refused = hook.refusal(f"crm.item.{verb}", {"entityTypeId": 4, "id": 1})
    assert refused == (400, "100", "Could not find value for parameter {fields}")


@pytest.mark.parametrize("kind", [CONTACT, COMPANY])
def test_the_fields_of_an_item_are_described_with_their_name_in_capitals(hook, field, kind):
    field("KLASS")
    described = hook.result("crm.item.fields", {"entityTypeId": kind})["fields"]
    assert described["assignedById"]["upperName"] == "ASSIGNED_BY_ID"
    assert ("ufCrmKlass" in described) == (kind == COMPANY)
    shown = added(hook, kind)
    assert set(shown) - {"fm"} == set(described)
    assert all("legacyName" not in entry for entry in described.values())


def test_the_ledger_sees_who_read_an_item(hook, company, portal):
    company()
    item(hook, 1)
    portal.clock.advance(1)
    updated(hook, 1, title="Лютик")
    touch = portal.ledger.touches[-1]
    assert (touch.entity, touch.actor, touch.read_at_s) == ("company", "webhook:1", touch.at_s - 1)
