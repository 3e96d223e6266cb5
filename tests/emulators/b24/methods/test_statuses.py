"""Directories and presets of a fresh Russian portal."""

import pytest


def test_the_list_of_directories_has_no_pages(hook):
    answer = hook.said("crm.status.list")
    assert len(answer["result"]) == answer["total"] > 50
    assert "next" not in answer


def test_a_directory_is_filtered_and_ordered(hook):
    asked = {"filter": {"ENTITY_ID": "CONTACT_TYPE"}, "order": {"SORT": "DESC"}}
    rows = hook.result("crm.status.list", asked)
    assert [row["STATUS_ID"] for row in rows] == ["OTHER", "PARTNER", "SUPPLIER", "CLIENT"]


def test_only_a_stage_says_how_it_ends(hook):
    rows = hook.result("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})
    ends = {row["STATUS_ID"]: row["EXTRA"]["SEMANTICS"] for row in rows}
    assert (ends["NEW"], ends["WON"], ends["LOSE"]) == ("process", "success", "failure")
    assert hook.result("crm.status.get", {"id": 1})["EXTRA"] == []


def test_the_items_of_a_directory_come_by_sort_with_numbers(hook):
    rows = hook.result("crm.status.entity.items", {"entityId": "COMPANY_TYPE"})
    assert rows[0] == {"NAME": "Клиент", "SORT": 10, "STATUS_ID": "CUSTOMER"}
    assert [row["SORT"] for row in rows] == sorted(row["SORT"] for row in rows)
    assert hook.result("crm.status.entity.items", {"entityId": "NO_SUCH"}) == []


def test_every_directory_that_is_named_has_rows(hook):
    for row in hook.result("crm.status.entity.types"):
        assert hook.result("crm.status.entity.items", {"entityId": row["ID"]}), row


@pytest.mark.parametrize(
    ("number", "end"), [("1", "RU_COMPANY#"), ("2", "RU_INDIVIDUAL#"), ("3", "RU_PERSON#")]
)
def test_a_russian_portal_has_three_presets_of_requisites(hook, number, end):
    row = hook.result("crm.requisite.preset.get", {"id": number})
    assert row["XML_ID"].endswith(end)
    assert (row["ENTITY_TYPE_ID"], row["COUNTRY_ID"]) == ("8", "1")
