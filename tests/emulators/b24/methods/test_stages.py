"""Stages as directories, and funnels with stages of their own."""

import pytest


def stage(hook, **fields):
    return hook.result("crm.status.add", {"fields": fields})


def codes(hook, directory):
    rows = hook.result("crm.status.entity.items", {"entityId": directory})
    return [row["STATUS_ID"] for row in rows]


def test_a_new_funnel_of_deals_has_stages_with_its_number_before_them(hook):
    made = hook.result("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Опт"}})
    category = made["category"]
    assert category == {
        "id": 1,
        "name": "Опт",
        "sort": 500,
        "entityTypeId": 2,
        "isDefault": "N",
        "originId": "",
        "originatorId": "",
    }
    assert codes(hook, "DEAL_STAGE_1") == [f"C1:{code}" for code in codes(hook, "DEAL_STAGE")]
    assert hook.result("crm.category.delete", {"entityTypeId": 2, "id": 1}) is None
    assert codes(hook, "DEAL_STAGE_1") == []


def test_the_general_funnel_of_deals_has_number_0_and_another_may_become_it(hook):
    first = hook.result("crm.category.list", {"entityTypeId": 2})["categories"][0]
    assert (first["id"], first["isDefault"]) == (0, "Y")
    assert "originId" not in first
    sent = {"entityTypeId": 2, "fields": {"name": "Опт", "isDefault": "Y"}}
    hook.result("crm.category.add", sent)
    rows = hook.result("crm.category.list", {"entityTypeId": 2})["categories"]
    assert {row["id"]: row["isDefault"] for row in rows} == {0: "N", 1: "Y"}
    assert hook.refusal("crm.category.delete", {"entityTypeId": 2, "id": 0})[1] == "0"


def test_a_used_funnel_of_deals_stays(hook):
    hook.result("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Опт"}})
    hook.result("crm.deal.add", {"fields": {"CATEGORY_ID": 1}})
    refused = hook.refusal("crm.category.delete", {"entityTypeId": 2, "id": 1})
    assert refused == (400, "0", "Deals related to the funnel Опт found")


def test_the_old_methods_know_the_same_funnels(hook):
    number = hook.result("crm.dealcategory.add", {"fields": {"NAME": "Опт", "SORT": 20}})
    assert hook.result("crm.dealcategory.get", {"id": number})["NAME"] == "Опт"
    assert [row["ID"] for row in hook.result("crm.dealcategory.list")] == ["1"]
    assert hook.result("crm.dealcategory.status", {"id": 1}) == "DEAL_STAGE_1"
    assert hook.result("crm.dealcategory.status", {"id": 0}) == "DEAL_STAGE"
    stages = hook.result("crm.dealcategory.stage.list", {"ID": 1})
    assert stages[0] == {"NAME": "Новая", "SORT": 10, "STATUS_ID": "C1:NEW"}
    hook.result("crm.dealcategory.default.set", {"NAME": "Розница"})
    assert hook.result("crm.dealcategory.default.get") == {"ID": 0, "NAME": "Розница"}
    assert hook.result("crm.dealcategory.delete", {"id": 1}) is True


def test_a_stage_that_is_added_takes_the_funnel_before_its_code_and_its_place(hook):
    hook.result("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Опт"}})
    fields = {"ENTITY_ID": "DEAL_STAGE_1", "STATUS_ID": "SHIPPED", "NAME": "Отгружено", "SORT": 15}
    row = hook.result("crm.status.get", {"id": stage(hook, **fields)})
    assert (row["STATUS_ID"], row["SYSTEM"], row["SEMANTICS"]) == ("C1:SHIPPED", "N", None)
    assert codes(hook, "DEAL_STAGE_1")[:2] == ["C1:NEW", "C1:SHIPPED"]
    hook.result("crm.deal.add", {"fields": {"CATEGORY_ID": 1, "STAGE_ID": "C1:SHIPPED"}})
    deal = hook.result("crm.deal.get", {"id": 1})
    assert deal["STAGE_ID"] == "C1:SHIPPED"


def test_the_first_row_by_sort_is_the_default_from_now_on(hook):
    stage(hook, ENTITY_ID="SOURCE", STATUS_ID="ERP", NAME="Из 1С", SORT=1)
    hook.result("crm.deal.add", {"fields": {}})
    assert hook.result("crm.deal.get", {"id": 1})["SOURCE_ID"] == "ERP"


def test_a_status_is_changed_but_for_its_code(hook):
    number = stage(hook, ENTITY_ID="DEAL_STAGE", STATUS_ID="X", NAME="Х")
    fields = {"NAME": "Хвост", "SORT": 65, "STATUS_ID": "Y", "SEMANTICS": "F", "SYSTEM": "Y"}
    assert hook.result("crm.status.update", {"id": number, "fields": fields}) is True
    row = hook.result("crm.status.get", {"id": number})
    shown = ("NAME", "SORT", "STATUS_ID", "SEMANTICS", "SYSTEM")
    assert [row[name] for name in shown] == ["Хвост", "65", "X", "F", "N"]
    assert row["EXTRA"]["SEMANTICS"] == "failure"


def test_a_status_that_is_used_or_of_the_system_stays(hook):
    number = stage(hook, ENTITY_ID="DEAL_STAGE", STATUS_ID="X", NAME="Х")
    hook.result("crm.deal.add", {"fields": {"STAGE_ID": "X"}})
    refused = hook.refusal("crm.status.delete", {"id": number})
    assert refused == (400, "", "There are active items in this status.")
    hook.result("crm.deal.update", {"id": 1, "fields": {"STAGE_ID": "NEW"}})
    assert hook.result("crm.status.delete", {"id": number}) is True
    asked = {"filter": {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "WON"}}
    won = hook.result("crm.status.list", asked)[0]["ID"]
    assert "FORCED" in hook.refusal("crm.status.delete", {"id": won})[2]
    assert hook.result("crm.status.delete", {"id": won, "params": {"FORCED": "Y"}}) is True


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({}, "", "The field ENTITY_ID is required."),
        ({"ENTITY_ID": "SOURCE"}, "", "The field STATUS_ID is required."),
        ({"ENTITY_ID": "SOURCE", "STATUS_ID": "A"}, "", "The field Title is required."),
        (
            {"ENTITY_ID": "NONE", "STATUS_ID": "A", "NAME": "А"},
            "",
            "Specified entity type is not supported.",
        ),
        (
            {"ENTITY_ID": "SOURCE", "STATUS_ID": "CALL", "NAME": "А"},
            "ERROR_CORE",
            "The specified status ID already exists.",
        ),
    ],
)
def test_what_is_no_new_status_is_refused(hook, fields, code, text):
    assert hook.refusal("crm.status.add", {"fields": fields}) == (400, code, text)


def test_stage_directories_are_named_with_their_ends(hook):
    hook.result("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Опт"}})
    rows = {row["ID"]: row for row in hook.result("crm.status.entity.types")}
    assert rows["DEAL_STAGE_1"] == {
        "ID": "DEAL_STAGE_1",
        "NAME": "Стадии сделки Опт",
        "PARENT_ID": "DEAL_STAGE",
        "SEMANTIC_INFO": {
            "START_FIELD": "C1:NEW",
            "FINAL_SUCCESS_FIELD": "C1:WON",
            "FINAL_UNSUCCESS_FIELD": "C1:LOSE",
            "FINAL_SORT": 0,
        },
        "PREFIX": "C1",
        "FIELD_ATTRIBUTE_SCOPE": "category_1",
        "ENTITY_TYPE_ID": 2,
        "CATEGORY_ID": "1",
    }
    assert rows["SMART_INVOICE_STAGE_1"]["PREFIX"] == "DT31_1"
