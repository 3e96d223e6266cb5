"""Smart processes: types, their items, funnels, fields of users."""

import pytest

ALL = (
    "isCategoriesEnabled isStagesEnabled isBeginCloseDatesEnabled isClientEnabled "
    "isLinkWithProductsEnabled isMycompanyEnabled isSourceEnabled isObserversEnabled"
)


@pytest.fixture
def kind(hook):
    """Defines a smart process and returns it."""

    def make(title="Договор", **fields):
        sent = {"fields": {"title": title, **dict.fromkeys(ALL.split(), "Y"), **fields}}
        return hook.result("crm.type.add", sent)["type"]

    return make


def test_a_type_gets_a_number_flags_and_a_funnel_of_its_own(hook, kind):
    made = kind()
    assert (made["id"], made["entityTypeId"], made["isStagesEnabled"]) == (1, 1030, "Y")
    assert (made["isPaymentsEnabled"], made["isSetOpenPermissions"]) == ("N", "Y")
    assert made["relations"] == {"parent": [], "child": []}
    (funnel,) = hook.result("crm.category.list", {"entityTypeId": 1030})["categories"]
    assert funnel["isDefault"] == "Y"
    assert kind("Акт")["entityTypeId"] == 1032
    assert kind("Заявка", entityTypeId=150)["entityTypeId"] == 150
    assert [row["title"] for row in hook.result("crm.type.list")["types"]] == [
        "Договор",
        "Акт",
        "Заявка",
    ]
    found = hook.result("crm.type.getByEntityTypeId", {"entityTypeId": 1032})["type"]
    assert found["title"] == "Акт"


def test_items_of_a_type_live_as_all_items_do(hook, app, kind):
    kind()
    app.result("event.bind", {"event": "onCrmDynamicItemAdd_1030", "event_type": "offline"})
    made = hook.result("crm.item.add", {"entityTypeId": 1030, "fields": {"xmlId": "guid"}})["item"]
    assert (made["title"], made["stageId"]) == ("Договор #1", "DT1030_2:NEW")
    asked = {"entityTypeId": 1030, "filter": {"xmlId": "guid"}}
    assert [one["id"] for one in hook.result("crm.item.list", asked)["items"]] == [1]
    rows = [{"productName": "Работа", "price": 10}]
    owner = {"ownerType": "T406", "ownerId": 1}
    hook.result("crm.item.productrow.set", {**owner, "productRows": rows})
    item = hook.result("crm.item.get", {"entityTypeId": 1030, "id": 1})["item"]
    assert item["opportunity"] == 10
    assert len(app.result("event.offline.get")["events"]) == 1


def test_an_item_has_only_what_its_type_has(hook, kind):
    kind(isClientEnabled="N", relations={"parent": [{"entityTypeId": 2}]})
    fields = hook.result("crm.item.fields", {"entityTypeId": 1030})["fields"]
    assert {"companyId", "contactIds", "parentId7"}.isdisjoint(fields)
    assert {"parentId2", "stageId", "opportunity"} <= set(fields)


def test_a_type_with_items_stays_and_an_empty_one_goes(hook, kind):
    kind()
    hook.result("crm.item.add", {"entityTypeId": 1030, "fields": {"title": "А"}})
    refused = hook.refusal("crm.type.delete", {"id": 1})
    assert refused[1:] == ("BX_ERROR", "You cannot delete an entity type that has elements")
    hook.result("crm.item.delete", {"entityTypeId": 1030, "id": 1})
    assert hook.result("crm.type.delete", {"id": 1}) == []
    assert hook.refusal("crm.item.list", {"entityTypeId": 1030})[1] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": ""}, "0"),
        ({"title": "А", "entityTypeId": 5}, "INVALID_ARG_VALUE"),
        ({"title": "А", "entityTypeId": 1031}, "INVALID_ARG_VALUE"),
    ],
)
def test_a_type_that_cannot_be_is_refused(hook, fields, code):
    assert hook.refusal("crm.type.add", {"fields": fields})[1] == code


def test_a_user_field_of_a_type_is_named_by_its_number(hook, kind):
    kind()
    field = {"entityId": "CRM_1", "fieldName": "UF_CRM_1_SUM", "userTypeId": "double"}
    sent = {"moduleId": "crm", "field": {**field, "editFormLabel": {"ru": "Сумма"}}}
    made = hook.result("userfieldconfig.add", sent)["field"]
    assert (made["id"], made["sort"], made["editFormLabel"]["ru"]) == ("1", "100", "Сумма")
    fields = {"ufCrm1Sum": 5.5}
    item = hook.result("crm.item.add", {"entityTypeId": 1030, "fields": fields})["item"]
    assert item["ufCrm1Sum"] == 5.5
    asked = {"moduleId": "crm", "filter": {"entityId": "CRM_1"}}
    answer = hook.said("userfieldconfig.list", asked)
    assert [row["fieldName"] for row in answer["result"]["fields"]] == ["UF_CRM_1_SUM"]
    assert hook.result("userfieldconfig.delete", {"moduleId": "crm", "id": 1}) is None


def test_a_list_of_a_smart_invoice_has_elements(hook):
    field = {
        "entityId": "CRM_SMART_INVOICE",
        "fieldName": "UF_CRM_SMART_INVOICE_KIND",
        "userTypeId": "enumeration",
        "enum": [{"value": "А", "xmlId": "a"}],
    }
    made = hook.result("userfieldconfig.add", {"moduleId": "crm", "field": field})["field"]
    assert made["enum"][0]["value"] == "А"
    assert made["enum"][0]["userFieldId"] == made["id"]


def test_a_config_is_refused_for_a_wrong_name_or_object(hook):
    field = {"entityId": "CRM_DEAL", "fieldName": "UF_X", "userTypeId": "string"}
    refused = hook.refusal("userfieldconfig.add", {"moduleId": "crm", "field": field})
    assert refused == (400, "", "You cannot create custom fields")
    field = {"entityId": "TASKS", "fieldName": "UF_TASKS_X", "userTypeId": "string"}
    refused = hook.refusal("userfieldconfig.add", {"moduleId": "crm", "field": field})
    assert refused == (400, "", "Access denied")


def test_types_and_their_items_come_back_with_a_snapshot(portal, hook, kind):
    kind()
    field = {"entityId": "CRM_1", "fieldName": "UF_CRM_1_SUM", "userTypeId": "double"}
    hook.result("userfieldconfig.add", {"moduleId": "crm", "field": field})
    fields = {"title": "А", "ufCrm1Sum": 2}
    before = hook.result("crm.item.add", {"entityTypeId": 1030, "fields": fields})["item"]
    kept = portal.snapshot()
    hook.result("crm.item.delete", {"entityTypeId": 1030, "id": 1})
    portal.restore(kept)
    assert hook.result("crm.item.get", {"entityTypeId": 1030, "id": 1})["item"] == before
