"""Robots after a save, fields that a stage demands, stocks that people lay in."""

import pytest


@pytest.fixture
def deal(hook):
    return hook.result("crm.deal.add", {"fields": {}})


def robot(portal, **changes):
    base = {"name": "to work", "entity": "deal", "when": {"STAGE_ID": "NEW"}}
    portal.act("portal.robot", {**base, "fields": {"STAGE_ID": "EXECUTING"}, **changes})


def test_a_robot_changes_a_deal_after_a_write_under_no_user(portal, hook, app):
    robot(portal)
    app.result("event.bind", {"event": "ONCRMDEALUPDATE", "event_type": "offline"})
    hook.result("crm.deal.add", {"fields": {}})
    row = hook.result("crm.deal.get", {"id": 1})
    assert (row["STAGE_ID"], row["MODIFY_BY_ID"]) == ("EXECUTING", "0")
    assert len(app.result("event.offline.get")["events"]) == 1


def test_a_robot_acts_only_where_it_stands_and_never_on_itself(portal, hook, deal):
    robot(portal, on=["update"], fields={"COMMENTS": "сделано"})
    assert (
        hook.result("crm.deal.get", {"id": hook.result("crm.deal.add", {"fields": {}})})["COMMENTS"]
        is None
    )
    hook.result("crm.deal.update", {"id": deal, "fields": {"STAGE_ID": "WON"}})
    assert hook.result("crm.deal.get", {"id": deal})["COMMENTS"] is None
    hook.result("crm.deal.update", {"id": deal, "fields": {"STAGE_ID": "NEW"}})
    assert hook.result("crm.deal.get", {"id": deal})["COMMENTS"] == "сделано"
    robot(portal, fields=None)
    fields = {"STAGE_ID": "NEW", "COMMENTS": ""}
    hook.result("crm.deal.update", {"id": deal, "fields": fields})
    assert hook.result("crm.deal.get", {"id": deal})["COMMENTS"] is None


def test_a_robot_outlives_a_snapshot(portal, hook):
    robot(portal)
    portal.restore(portal.snapshot())
    hook.result("crm.deal.add", {"fields": {}})
    assert hook.result("crm.deal.get", {"id": 1})["STAGE_ID"] == "EXECUTING"


def test_a_stage_demands_fields_of_items_that_come_to_it(portal, hook, deal):
    portal.act("portal.demand", {"entity": "deal", "stage": "WON", "fields": ["COMMENTS"]})
    sent = {"entityTypeId": 2, "id": deal, "fields": {"stageId": "WON"}}
    status, code, text = hook.refusal("crm.item.update", sent)
    assert (status, code) == (400, "CRM_FIELD_ERROR_REQUIRED")
    assert "обязательно для заполнения" in text
    assert hook.result("crm.deal.get", {"id": deal})["STAGE_ID"] == "NEW"
    sent["fields"]["comments"] = "Отгружено"
    assert hook.result("crm.item.update", sent)["item"]["stageId"] == "WON"
    hook.result("crm.item.update", {**sent, "fields": {"comments": ""}})
    new = {"entityTypeId": 2, "fields": {"stageId": "WON"}}
    assert hook.refusal("crm.item.add", new)[1] == "CRM_FIELD_ERROR_REQUIRED"


def test_a_mandatory_field_of_users_is_asked_of_new_items_and_of_new_stages(hook, deal):
    field = {"FIELD_NAME": "DOGOVOR", "USER_TYPE_ID": "string", "MANDATORY": "Y"}
    hook.result("crm.deal.userfield.add", {"fields": field})
    new = {"entityTypeId": 2, "fields": {"title": "А"}}
    assert hook.refusal("crm.item.add", new)[1] == "CRM_FIELD_ERROR_REQUIRED"
    new["fields"]["ufCrmDogovor"] = "12/7"
    assert hook.result("crm.item.add", new)["item"]["ufCrmDogovor"] == "12/7"
    known = {"entityTypeId": 2, "id": deal}
    hook.result("crm.item.update", {**known, "fields": {"title": "Б"}})
    refused = hook.refusal("crm.item.update", {**known, "fields": {"stageId": "WON"}})
    assert refused[1] == "CRM_FIELD_ERROR_REQUIRED"


def test_people_lay_goods_into_stores(portal, hook):
    fields = {"iblockId": 23, "name": "Окно"}
    number = hook.result("catalog.product.add", {"fields": fields})["element"]["id"]
    hook.result("catalog.store.add", {"fields": {"address": "Тула"}})
    portal.act("portal.stock", {"product": number, "store": 1, "amount": 5})
    portal.act("portal.stock", {"product": number, "store": 2, "amount": 2.5})
    portal.act("portal.stock", {"product": number, "store": 1, "amount": 4})
    rows = hook.result("catalog.storeproduct.list", {"filter": {"productId": number}})
    assert [row["amount"] for row in rows["storeProducts"]] == [4, 2.5]
    assert hook.result("catalog.product.get", {"id": number})["product"]["quantity"] == 6.5
