"""What stands at the margin of an exchange: shapes, refusals, state that is kept."""

import pytest


@pytest.fixture
def deal(portal):
    return portal.act("crm.deal.add", {"fields": {"TITLE": "Окна"}})


@pytest.fixture
def comment(portal, deal):
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "Да"}
    return portal.act("crm.timeline.comment.add", {"fields": fields})


@pytest.fixture
def activity(portal, deal):
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 3, "SUBJECT": "А"}
    return portal.act("crm.activity.add", {"fields": {**fields, "RESPONSIBLE_ID": 1}})


def test_groups_buy_at_a_type_of_prices_once(hook):
    fields = {"catalogGroupId": 1, "groupId": 23, "access": "Y"}
    made = hook.result("catalog.priceTypeGroup.add", {"fields": fields})
    assert made == {"priceTypeGroup": {**fields, "id": 1}}
    assert hook.refusal("catalog.priceTypeGroup.add", {"fields": fields})[1] == "0"
    assert hook.result("catalog.priceTypeGroup.delete", {"id": 1}) is True
    assert hook.refusal("catalog.priceTypeGroup.delete", {"id": 1})[2] == "Entity is not exists"


def test_types_of_prices_are_named_in_languages(hook):
    fields = {"catalogGroupId": 1, "lang": "kz", "name": "Баға"}
    made = hook.result("catalog.priceTypeLang.add", {"fields": fields})["priceTypeLang"]
    assert made == {**fields, "id": 1}
    sent = {"Id": 1, "fields": {"name": "Base"}}
    assert hook.result("catalog.priceTypeLang.update", sent)["priceTypeLang"]["name"] == "Base"
    wrong = {"fields": {**fields, "lang": "xx"}}
    assert hook.refusal("catalog.priceTypeLang.add", wrong)[1] == "201200000010"
    languages = hook.result("catalog.priceTypeLang.getLanguages")["languages"]
    assert {"lid": "ru", "name": "ru", "active": "Y"} in languages


def test_features_and_sections_of_a_property(hook):
    fields = {"propertyId": 1, "moduleId": "iblock", "featureId": "X", "isEnabled": "Y"}
    made = hook.result("catalog.productPropertyFeature.add", {"fields": fields})
    assert made == {"productPropertyFeature": {**fields, "id": 1}}
    assert "Duplicate" in hook.refusal("catalog.productPropertyFeature.add", {"fields": fields})[2]
    asked = {"propertyId": 1}
    found = hook.result("catalog.productPropertyFeature.getAvailableFeaturesByProperty", asked)
    assert len(found["features"]) == 2
    assert hook.refusal("catalog.productPropertySection.get", asked)[1] == "0"
    sent = {"propertyId": 1, "fields": {"smartFilter": "Y"}}
    hook.result("catalog.productPropertySection.set", sent)
    section = hook.result("catalog.productPropertySection.get", asked)["productPropertySection"]
    assert (section["smartFilter"], section["propertyId"]) == ("Y", 1)


def test_a_solution_holds_types_and_stays_while_it_does(hook):
    fields = {"title": "HR", "typeIds": [1, 2]}
    made = hook.result("crm.automatedsolution.add", {"fields": fields})["automatedSolution"]
    assert made == {"id": 1, **fields}
    assert hook.refusal("crm.automatedsolution.delete", {"id": 1})[1] == "HAS_BOUND_TYPES"
    hook.result("crm.automatedsolution.update", {"id": 1, "fields": {"typeIds": []}})
    assert hook.result("crm.automatedsolution.delete", {"id": 1}) is None
    assert hook.refusal("crm.automatedsolution.add", {"fields": {"x": 1}})[1] == "BX_EMPTY_REQUIRED"


@pytest.mark.parametrize(
    ("family", "one", "many"),
    [("crm.timeline.icon", "icon", "icons"), ("crm.timeline.logo", "logo", "logos")],
)
def test_pictures_of_the_timeline_are_named_by_code(hook, family, one, many):
    made = hook.result(f"{family}.add", {"code": "erp", "fileContent": "AA=="})[one]
    assert (made["code"], made["isSystem"]) == ("erp", False)
    codes = [row["code"] for row in hook.result(f"{family}.list")[many]]
    assert {"info", "erp"} <= set(codes)
    assert hook.refusal(f"{family}.delete", {"code": "info"})[1] == "ACCESS_DENIED"
    assert hook.result(f"{family}.delete", {"code": "erp"}) is True
    assert hook.refusal(f"{family}.get", {"code": "erp"})[1] == "NOT_FOUND"


def test_badges_and_types_of_activities(hook):
    badge = {"code": "missed", "title": "Звонок", "value": "Пропущен", "type": "failure"}
    assert hook.result("crm.activity.badge.add", badge) == {"badge": badge}
    assert hook.result("crm.activity.badge.list") == {"badges": [badge]}
    assert hook.refusal("crm.activity.badge.add", {"code": "x"})[1] == "100"
    sent = {"fields": {"TYPE_ID": "1C", "NAME": "Дело 1С"}}
    assert hook.result("crm.activity.type.add", sent) is True
    assert hook.refusal("crm.activity.type.add", sent)[1] == "INVALID_ARG_VALUE"
    assert hook.result("crm.activity.type.list")[0]["NAME"] == "Дело 1С"
    assert hook.result("crm.activity.type.delete", {"TYPE_ID": "1C"}) is True
    assert hook.result("crm.activity.type.list") == []


def test_an_activity_is_bound_to_more_than_its_owner(hook, deal, activity, company):
    firm = {"activityId": activity, "entityTypeId": 4, "entityId": company()}
    assert hook.result("crm.activity.binding.add", firm) is True
    assert hook.refusal("crm.activity.binding.add", firm)[1] == "ACTIVITY_IS_ALREADY_BOUND"
    rows = hook.result("crm.activity.binding.list", {"activityId": activity})
    assert rows == [{"entityTypeId": 2, "entityId": deal}, {"entityTypeId": 4, "entityId": 1}]
    moved = {
        "activityId": activity,
        "sourceEntityTypeId": 4,
        "sourceEntityId": 1,
        "targetEntityTypeId": 4,
        "targetEntityId": company(),
    }
    assert hook.result("crm.activity.binding.move", moved) is True
    own = {"activityId": activity, "entityTypeId": 2, "entityId": deal}
    assert hook.result("crm.activity.binding.delete", own) is True
    last = {"activityId": activity, "entityTypeId": 4, "entityId": 2}
    refused = hook.refusal("crm.activity.binding.delete", last)
    assert refused[1] == "LAST_BINDING_CANNOT_BE_DELETED"


def test_a_to_do_is_made_changed_and_stays_when_it_is_done(hook, deal):
    owner = {"ownerTypeId": 2, "ownerId": deal}
    made = hook.result("crm.activity.todo.add", {**owner, "deadline": "2030-01-01T10:00:00+03:00"})
    number = made["id"]
    sent = {**owner, "id": number, "value": "Позвонить"}
    assert hook.result("crm.activity.todo.updateDescription", sent) == {"id": number}
    row = hook.result("crm.activity.get", {"id": number})
    assert (row["PROVIDER_ID"], row["DESCRIPTION"]) == ("CRM_TODO", "Позвонить")
    assert row["DEADLINE"].startswith("2030-01-01T10")
    wrong = {**owner, "deadline": "завтра"}
    assert hook.refusal("crm.activity.todo.add", wrong)[1] == "WRONG_DATETIME_FORMAT"
    hook.result("crm.activity.update", {"id": number, "fields": {"COMPLETED": "Y"}})
    refused = hook.refusal("crm.activity.todo.updateDescription", sent)
    assert refused[1] == "CAN_NOT_UPDATE_COMPLETED_TODO"


def test_only_an_application_makes_activities_of_its_own(hook, app, deal):
    sent = {"ownerTypeId": 2, "ownerId": deal, "fields": {"originId": "7"}, "layout": {"icon": {}}}
    assert hook.refusal("crm.activity.configurable.add", sent)[1] == "ERROR_WRONG_CONTEXT"
    number = app.result("crm.activity.configurable.add", sent)["activity"]["id"]
    got = app.result("crm.activity.configurable.get", {"id": number})["activity"]
    assert (got["fields"]["originId"], got["ownerId"]) == ("7", deal)
    assert got["fields"]["completed"] is False


def test_notes_pins_and_layouts_are_kept_beside_the_timeline(hook, app, deal, comment):
    owner = {"ownerTypeId": 2, "ownerId": deal}
    note = {**owner, "itemType": 1, "itemId": comment}
    hook.result("crm.timeline.note.save", {**note, "text": "Важно"})
    assert hook.result("crm.timeline.note.get", note)["text"] == "Важно"
    assert hook.result("crm.timeline.note.delete", note) is True
    assert hook.refusal("crm.timeline.note.get", note)[1] == "NOT_FOUND"
    assert hook.result("crm.timeline.item.pin", {**owner, "id": comment}) is None
    assert hook.refusal("crm.timeline.item.pin", {**owner, "id": 99})[1] == "NOT_FOUND"
    place = {"entityTypeId": 2, "entityId": deal, "timelineId": comment}
    layout = {"blocks": {"a": {"type": "text"}}}
    assert app.result("crm.timeline.layout.blocks.set", {**place, "layout": layout}) == {
        "success": True
    }
    assert app.result("crm.timeline.layout.blocks.get", place) == {"layout": layout}
    assert hook.refusal("crm.timeline.layout.blocks.get", place)[1] == "ERROR_WRONG_CONTEXT"


def test_messages_and_bindings_of_the_timeline(hook, deal, comment, company):
    fields = {"entityTypeId": 2, "entityId": deal, "title": "1С", "text": "Да", "iconCode": "info"}
    message = hook.result("crm.timeline.logmessage.add", {"fields": fields})["logMessage"]
    assert (message["title"], message["authorId"]) == ("1С", 1)
    asked = {"entityTypeId": 2, "entityId": deal}
    assert hook.result("crm.timeline.logmessage.list", asked) == [message]
    assert hook.result("crm.timeline.logmessage.delete", {"id": message["id"]}) is True
    bound = {"OWNER_ID": comment, "ENTITY_ID": company(), "ENTITY_TYPE": "company"}
    assert hook.result("crm.timeline.bindings.bind", {"fields": bound}) is True
    rows = hook.result("crm.timeline.bindings.list", {"filter": {"OWNER_ID": comment}})
    assert [row["ENTITY_TYPE"] for row in rows] == ["deal", "company"]


def test_a_card_is_laid_out_for_one_or_for_all(hook):
    usual = hook.result("crm.deal.details.configuration.get")
    assert usual[0]["elements"][0] == {"name": "TITLE", "optionFlags": "0"}
    data = [{"name": "main", "title": "О", "type": "section", "elements": [{"name": "TITLE"}]}]
    hook.result("crm.deal.details.configuration.set", {"data": data})
    assert hook.result("crm.deal.details.configuration.get") == data
    assert hook.result("crm.item.details.configuration.get", {"entityTypeId": 2}) == data
    assert hook.result("crm.deal.details.configuration.get", {"scope": "C"}) == usual
    assert hook.result("crm.deal.details.configuration.forceCommonScopeForAll") is True
    assert hook.result("crm.deal.details.configuration.get") == usual
    assert hook.refusal("crm.deal.details.configuration.set", {"data": []})[0] == 400


def test_a_deal_that_repeats_is_a_template_of_its_own(hook, deal):
    number = hook.result("crm.deal.recurring.add", {"fields": {"DEAL_ID": deal}})
    row = hook.result("crm.deal.recurring.get", {"id": number})
    assert (row["BASED_ID"], row["DEAL_ID"], row["ACTIVE"]) == (str(deal), "2", "Y")
    assert hook.result("crm.deal.get", {"id": 2})["IS_RECURRING"] == "Y"
    made = hook.result("crm.deal.recurring.expose", {"id": number})["DEAL_ID"]
    shown = hook.result("crm.deal.get", {"id": made})
    assert (shown["TITLE"], shown["IS_RECURRING"]) == ("Окна", "N")
    assert hook.result("crm.deal.recurring.get", {"id": number})["COUNTER_REPEAT"] == "1"
    assert hook.refusal("crm.deal.recurring.add", {"fields": {"DEAL_ID": 99}})[2] == "Not found"


def test_documents_come_from_templates_with_numerators(hook, deal):
    fields = {"name": "Акт", "template": "{NUMBER}"}
    made = hook.result("crm.documentgenerator.numerator.add", {"fields": fields})["numerator"]
    assert (made["id"], made["code"]) == (1, None)
    fields = {"name": "Акт", "numeratorId": 1, "region": "ru", "file": ["акт.docx", ""]}
    template = hook.result("crm.documentgenerator.template.add", {"fields": fields})["template"]
    sent = {"templateId": template["id"], "entityTypeId": 2, "entityId": deal}
    document = hook.result("crm.documentgenerator.document.add", sent)["document"]
    assert (document["title"], document["entityId"]) == ("Акт 1", str(deal))
    (listed,) = hook.result("crm.documentgenerator.document.list")["documents"]
    assert listed["id"] == "1"
    opened = hook.result("crm.documentgenerator.document.enablepublicurl", {"id": 1, "status": 1})
    assert opened["publicUrl"]
    assert hook.result("crm.documentgenerator.document.delete", {"id": 1}) is None
    refused = hook.refusal("crm.documentgenerator.document.get", {"id": 1})
    assert refused == (400, "0", "Документ не найден")
    wrong = {**sent, "templateId": 9}
    assert "deleted template" in hook.refusal("crm.documentgenerator.document.add", wrong)[2]


def test_a_list_of_people_to_call(hook, portal):
    person = portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    sent = {"ENTITY_TYPE": "CONTACT", "ENTITIES": [person]}
    number = hook.result("crm.calllist.add", sent)
    assert hook.result("crm.calllist.get", {"ID": number})["ENTITY_TYPE_ID"] == "3"
    items = hook.result("crm.calllist.items.get", {"LIST_ID": number})
    assert items == [{"ID": person, "STATUS": "IN_WORK", "ENTITY_TYPE": 3}]
    assert hook.result("crm.calllist.statuslist")[0]["STATUS_ID"] == "IN_WORK"
    wrong = {**sent, "ENTITIES": [99]}
    assert hook.refusal("crm.calllist.add", wrong)[1] == "ENTITY_ERROR"
    assert hook.refusal("crm.calllist.get", {"ID": 9})[1] == "LIST_ID_ERROR"


def test_an_import_keeps_the_history_of_an_item(hook):
    past = {"title": "Старая", "createdTime": "2020-01-01T10:00:00+03:00", "createdBy": 1}
    made = hook.result("crm.item.import", {"entityTypeId": 2, "fields": past})["item"]
    item = hook.result("crm.item.get", {"entityTypeId": 2, "id": made["id"]})["item"]
    assert item["createdTime"] == "2020-01-01T10:00:00+03:00"
    future = {**past, "createdTime": "2090-01-01T10:00:00+03:00"}
    asked = {"entityTypeId": 2, "data": [{"title": "А"}, future]}
    one, two = hook.result("crm.item.batchImport", asked)["items"]
    assert one == {"item": {"id": 2}}
    assert two["error"] == "CRM_FIELD_ERROR_VALUE_NOT_VALID"
    asked = {"entityTypeId": 2, "data": [{"title": "А"}] * 21}
    assert hook.refusal("crm.item.batchImport", asked)[1] == "MAX_IMPORT_BATCH_SIZE_EXCEEDED"


def test_there_are_no_orders_and_no_deliveries(hook, deal):
    assert hook.result("crm.item.delivery.list", {"entityId": deal, "entityTypeId": 2}) == []
    assert hook.refusal("crm.item.delivery.get", {"id": 1})[1] == "0"
    assert hook.result("crm.orderentity.list") == {"orderEntity": []}
    fields = {"orderId": 1, "ownerId": deal, "ownerTypeId": 2}
    assert hook.refusal("crm.orderentity.add", {"fields": fields})[2] == "order does not exist"


def test_people_have_fields_of_users_too(hook):
    field = {"FIELD_NAME": "GUID", "USER_TYPE_ID": "string"}
    number = hook.result("user.userfield.add", {"fields": field})
    (row,) = hook.result("user.userfield.list")
    assert (row["FIELD_NAME"], row["ENTITY_ID"]) == ("UF_USR_GUID", "USER")
    hook.result("user.update", {"ID": 1, "UF_USR_GUID": "x"})
    assert hook.result("user.get", {"ID": 1})[0]["UF_USR_GUID"] == "x"
    assert hook.result("user.userfield.delete", {"id": number}) is True


def test_a_user_has_options_of_his_own_in_an_application(app):
    assert app.result("user.option.set", {"options": {"a": "1"}}) is True
    assert app.result("user.option.get", {"option": "a"}) == "1"
    assert app.result("app.option.get") == []
