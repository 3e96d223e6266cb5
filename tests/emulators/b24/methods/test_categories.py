"""Funnels of contacts and companies."""

import pytest

CONTACT, COMPANY = 3, 4
FAMILY = "crm.category"


@pytest.fixture
def category(portal):
    """Makes a funnel in the portal's window and returns its number."""

    def make(name="Поставщики", kind=COMPANY, **fields):
        sent = {"entityTypeId": kind, "fields": {"name": name, **fields}}
        return portal.act(f"{FAMILY}.add", sent)["category"]["id"]

    return make


def listed(caller, kind=COMPANY, **params):
    return caller.result(f"{FAMILY}.list", {"entityTypeId": kind, **params})["categories"]


def test_a_type_has_a_general_funnel_with_number_0(hook):
    (row,) = listed(hook)
    assert (row["id"], row["entityTypeId"], row["isDefault"]) == (0, 4, "Y")
    got = hook.result(f"{FAMILY}.get", {"entityTypeId": 4, "id": 0})
    assert got == {"category": row}


def test_a_new_funnel_stands_where_its_sort_says_and_with_its_type_only(hook, category):
    assert category(sort=-5) == 1
    assert category("Партнёры", kind=CONTACT) == 2
    assert [(row["id"], row["sort"]) for row in listed(hook)] == [(1, 0), (0, 500)]
    assert [row["id"] for row in listed(hook, CONTACT)] == [0, 2]
    assert [row["id"] for row in listed(hook, filter={"name": "Поставщики"})] == [1]
    assert hook.said(f"{FAMILY}.list", {"entityTypeId": 4})["total"] == 2


def test_a_funnel_is_renamed_and_answers_whole(hook, category):
    asked = {"entityTypeId": 4, "id": category(sort=20), "fields": {"name": "Другие"}}
    shown = hook.result(f"{FAMILY}.update", asked)["category"]
    assert (shown["id"], shown["name"], shown["sort"], shown["isDefault"]) == (1, "Другие", 20, "N")
    assert hook.result(f"{FAMILY}.get", {"entityTypeId": 4, "id": 1})["category"] == shown


def test_an_empty_funnel_is_deleted_with_null(hook, category):
    assert hook.result(f"{FAMILY}.delete", {"entityTypeId": 4, "id": category()}) is None
    assert [row["id"] for row in listed(hook)] == [0]


def test_an_item_is_put_into_a_funnel_of_its_type_when_it_is_made(hook, category):
    category()
    category("Партнёры", kind=CONTACT)
    fields = {"title": "Ромашка", "categoryId": 1}
    made = hook.result("crm.item.add", {"entityTypeId": 4, "fields": fields})["item"]
    hook.result("crm.item.add", {"entityTypeId": 4, "fields": {**fields, "categoryId": 2}})
    assert made["categoryId"] == 1
    for number, found in ((1, [1]), (0, [2])):
        asked = {"entityTypeId": 4, "filter": {"categoryId": number}}
        items = hook.result("crm.item.list", asked)["items"]
        assert [item["id"] for item in items] == found
    refused = hook.refusal(f"{FAMILY}.delete", {"entityTypeId": 4, "id": 1})
    assert refused == (400, "BX_ERROR", "Elements related to the funnel found")


def test_classic_methods_know_no_funnels(hook, category):
    category()
    hook.result("crm.company.add", {"fields": {"TITLE": "Ромашка", "CATEGORY_ID": 1}})
    named = hook.result("crm.company.list", {"select": ["CATEGORY_ID"]})
    rows = [hook.result("crm.company.get", {"id": 1}), *hook.result("crm.company.list"), *named]
    for row in rows:
        assert "CATEGORY_ID" not in row
    assert "CATEGORY_ID" not in hook.result("crm.company.fields")
    item = hook.result("crm.item.get", {"entityTypeId": 4, "id": 1})["item"]
    assert item["categoryId"] == 0


@pytest.mark.parametrize(
    ("verb", "params", "code", "text"),
    [
        ("list", {}, "100", "Could not find value for parameter {entityTypeId}"),
        (
            "list",
            {"entityTypeId": 1},
            "ENTITY_TYPE_NOT_SUPPORTED",
            "Entity type LEAD is not supported",
        ),
        ("list", {"entityTypeId": 999}, "NOT_FOUND", "Smart process not found"),
        ("get", {"entityTypeId": 3, "id": 1}, "NOT_FOUND", "Element not found"),
        ("add", {"entityTypeId": 4, "fields": {"sort": 1}}, "0", "Field 'NAME' is required"),
        ("add", {"entityTypeId": 4, "fields": {"name": "  "}}, "0", "Field 'NAME' is required"),
        (
            "add",
            {"entityTypeId": 4, "fields": {"name": "А", "isDefault": "Y"}},
            "0",
            "Default client category does not support updating default state",
        ),
        (
            "delete",
            {"entityTypeId": 4, "id": 0},
            "BX_ERROR",
            "This funnel is the default funnel",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(hook, category, verb, params, code, text):
    category()
    assert hook.refusal(f"{FAMILY}.{verb}", params) == (400, code, text)


def test_the_fields_of_a_funnel_are_described_with_their_names_in_capitals(hook):
    described = hook.result(f"{FAMILY}.fields", {"entityTypeId": 3})["fields"]
    assert set(described) == set(listed(hook)[0])
    assert described["entityTypeId"]["upperName"] == "ENTITY_TYPE_ID"
    assert described["isDefault"]["isReadOnly"] is True
