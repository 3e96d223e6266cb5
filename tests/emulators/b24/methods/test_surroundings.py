"""Activities, comments, links of requisites, presets, departments, people, options."""

import pytest


@pytest.fixture
def deal(portal, company):
    """A deal of a company, by its number."""
    return portal.act("crm.deal.add", {"fields": {"COMPANY_ID": company()}})


def activity(hook, deal, **fields):
    told = [{"TYPE": "PHONE", "VALUE": "+7495", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 4}]
    base = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "Звонок"}
    sent = {**base, "RESPONSIBLE_ID": 1, "COMMUNICATIONS": told, **fields}
    return hook.result("crm.activity.add", {"fields": sent})


def test_an_activity_belongs_to_its_owner_and_to_whom_it_speaks(hook, deal):
    number = activity(hook, deal)
    row = hook.result("crm.activity.get", {"id": number})
    assert (row["OWNER_ID"], row["STATUS"], row["PROVIDER_PARAMS"]) == (str(deal), "1", [])
    asked = {"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 4, "OWNER_ID": 1}]}}
    assert hook.listed("crm.activity.list", **asked) == [str(number)]
    assert "COMMUNICATIONS" not in hook.result("crm.activity.list")[0]
    (whole,) = hook.result("crm.activity.list", {"select": ["ID", "COMMUNICATIONS"]})
    assert whole["COMMUNICATIONS"][0]["VALUE"] == "+7495"
    hook.result("crm.activity.update", {"id": number, "fields": {"COMPLETED": "Y"}})
    assert hook.result("crm.activity.get", {"id": number})["STATUS"] == "2"
    assert hook.result("crm.activity.delete", {"id": number}) is True
    assert hook.refusal("crm.activity.get", {"id": number})[2] == "Activity is not found"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"SUBJECT": ""}, "The field SUBJECT is not defined or empty"),
        ({"RESPONSIBLE_ID": 0}, "The field RESPONSIBLE_ID is not defined or invalid"),
        ({"TYPE_ID": 9}, "The field TYPE_ID is not defined or invalid"),
        ({"COMMUNICATIONS": []}, "The field COMMUNICATIONS is not defined or invalid"),
        ({"COMMUNICATIONS": [{"VALUE": "1"}, {"VALUE": "2"}]}, "The only one communication"),
        ({"TYPE_ID": 6}, "The custom activity without provider is not supported"),
        (
            {"OWNER_ID": 99, "COMMUNICATIONS": [{"VALUE": "1"}]},
            "Could not build binding.",
        ),
    ],
)
def test_an_activity_that_cannot_be_is_refused(hook, deal, fields, words):
    base = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "А"}
    told = [{"VALUE": "1", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 4}]
    sent = {**base, "RESPONSIBLE_ID": 1, "COMMUNICATIONS": told, **fields}
    status, code, text = hook.refusal("crm.activity.add", {"fields": sent})
    assert (status, code) == (400, "")
    assert text.startswith(words)


def test_a_comment_is_of_what_is_there(hook, deal):
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "Отгружено"}
    sent = {"fields": {**fields, "FILES": [["акт.pdf", ""]]}}
    number = hook.result("crm.timeline.comment.add", sent)
    row = hook.result("crm.timeline.comment.get", {"id": number})
    assert (row["COMMENT"], row["AUTHOR_ID"]) == ("Отгружено", "1")
    assert [one["name"] for one in row["FILES"].values()] == ["акт.pdf"]
    sent = {"id": number, "fields": {"COMMENT": "Оплачено"}}
    assert hook.result("crm.timeline.comment.update", sent) == number
    asked = {"filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal}}
    (row,) = hook.result("crm.timeline.comment.list", asked)
    assert row["COMMENT"] == "Оплачено"
    assert hook.result("crm.timeline.comment.delete", {"id": number}) is None
    assert hook.refusal("crm.timeline.comment.get", {"id": number})[1] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ENTITY_ID": 99}, "OWNER_NOT_FOUND"),
        ({"ENTITY_TYPE": "user"}, "OWNER_NOT_FOUND"),
        ({"COMMENT": ""}, "INVALID_ARG_VALUE"),
        ({"ENTITY_ID": ""}, "100"),
    ],
)
def test_a_comment_that_cannot_be_is_refused(hook, deal, changes, code):
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "А", **changes}
    assert hook.refusal("crm.timeline.comment.add", {"fields": fields})[1] == code


@pytest.fixture
def own(hook, requisite, deal):
    """A requisite of the deal's company, with a bank account: both numbers."""
    number = requisite(ENTITY_ID=1)
    account = {"ENTITY_ID": number, "NAME": "Счёт"}
    return number, hook.result("crm.requisite.bankdetail.add", {"fields": account})


def link(deal, requisite=0, account=0, **others):
    base = {"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0}
    return {"fields": {**base, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": account, **others}}


def test_a_document_says_which_requisites_it_uses(hook, deal, own):
    hook.result("crm.requisite.link.register", link(deal, *own))
    known = {"entityTypeId": 2, "entityId": deal}
    row = hook.result("crm.requisite.link.get", known)
    assert row == {
        "ENTITY_TYPE_ID": 2,
        "ENTITY_ID": deal,
        "REQUISITE_ID": str(own[0]),
        "BANK_DETAIL_ID": str(own[1]),
        "MC_REQUISITE_ID": "0",
        "MC_BANK_DETAIL_ID": "0",
    }
    hook.result("crm.requisite.link.register", link(deal, own[0]))
    (listed,) = hook.result("crm.requisite.link.list", {"filter": {"ENTITY_ID": deal}})
    assert (listed["ENTITY_ID"], listed["BANK_DETAIL_ID"]) == (str(deal), "0")
    hook.result("crm.requisite.link.unregister", known)
    assert hook.refusal("crm.requisite.link.get", known) == (400, "", "Not found")


def test_requisites_of_others_are_no_requisites_of_a_document(hook, deal, own, requisite):
    other = requisite()
    text = f"The Requisite with ID '{other}' is not assigned to Company with ID '1'"
    assert hook.refusal("crm.requisite.link.register", link(deal, other))[2] == text
    text = f"The BankDetail with ID '{own[1]}' is not assigned to Requisite with ID '0'"
    assert hook.refusal("crm.requisite.link.register", link(deal, 0, own[1]))[2] == text
    sent = link(deal, 77)
    assert hook.refusal("crm.requisite.link.register", sent)[2].startswith("REQUISITE_ID is not")
    del sent["fields"]["MC_BANK_DETAIL_ID"]
    sent["fields"]["REQUISITE_ID"] = 0
    refused = hook.refusal("crm.requisite.link.register", sent)
    assert refused[2] == "MC_BANK_DETAIL_ID is not defined or invalid"


def test_a_preset_is_made_of_fields_with_numbers_of_their_own(hook):
    fields = {"ENTITY_TYPE_ID": 8, "COUNTRY_ID": 122, "NAME": "US"}
    preset = {"preset": {"ID": hook.result("crm.requisite.preset.add", {"fields": fields})}}
    sent = {**preset, "fields": {"FIELD_NAME": "RQ_NAME", "IN_SHORT_LIST": "Y"}}
    assert hook.result("crm.requisite.preset.field.add", sent) == 1
    refused = hook.refusal("crm.requisite.preset.field.add", sent)
    assert refused[2] == "The field 'RQ_NAME' can not be added"
    assert hook.result("crm.requisite.preset.field.list", preset) == [
        {"ID": 1, "FIELD_NAME": "RQ_NAME", "FIELD_TITLE": "", "IN_SHORT_LIST": "Y", "SORT": 510}
    ]
    left = hook.result("crm.requisite.preset.field.availabletoadd", preset)
    assert "RQ_INN" in left
    assert "RQ_NAME" not in left
    assert hook.result("crm.requisite.preset.field.delete", {**preset, "id": 1}) is True
    refused = hook.refusal("crm.requisite.preset.field.get", {**preset, "id": 1})
    assert refused[2] == "The PresetField with ID '1' is not found"
    assert hook.result("crm.requisite.preset.delete", {"id": preset["preset"]["ID"]}) is True


def test_departments_are_a_tree_with_one_root(hook, portal):
    root = hook.result("department.get")[0]
    assert root == {"ID": "1", "NAME": "Портал", "SORT": 500}
    sales = hook.result("department.add", {"NAME": "Продажи", "PARENT": 1})
    leaf = hook.result("department.add", {"NAME": "Опт", "PARENT": sales, "UF_HEAD": 1})
    (row,) = hook.result("department.get", {"ID": leaf})
    assert (row["PARENT"], row["UF_HEAD"], row["SORT"]) == (str(sales), "1", 500)
    assert hook.refusal("department.add", {"NAME": "Ещё"})[1] == "ERROR_CORE"
    assert hook.refusal("department.update", {"ID": sales, "PARENT": leaf})[1] == "ERROR_CORE"
    assert hook.refusal("department.delete", {"ID": 1})[1] == "ERROR_CORE"
    assert hook.result("department.delete", {"ID": sales}) is True
    (row,) = hook.result("department.get", {"ID": leaf})
    assert row["PARENT"] == "1"


def test_people_are_invited_found_and_dismissed(hook):
    sent = {"EMAIL": "ivan@firm.example", "NAME": "Иван", "LAST_NAME": "Петров"}
    assert hook.refusal("user.add", sent)[1:] == ("ERROR_ARGUMENT", "no_extranet_field")
    number = hook.result("user.add", {**sent, "UF_DEPARTMENT": [1]})
    assert hook.refusal("user.add", {**sent, "UF_DEPARTMENT": [1]})[1] == "ERROR_ARGUMENT"
    assert hook.refusal("user.add", {"EMAIL": "нет"})[2] == "wrong_email"
    (row,) = hook.result("user.search", {"FIND": "петров иван"})
    assert (row["ID"], row["UF_DEPARTMENT"], row["ACTIVE"]) == (str(number), [1], True)
    assert hook.result("user.update", {"ID": number, "ACTIVE": False}) is True
    assert hook.result("user.search", {"NAME": "Иван"}) == []
    (row,) = hook.result("user.get", {"ID": number})
    assert row["ACTIVE"] is False


def test_options_belong_to_an_application(hook, app):
    assert hook.refusal("app.option.get")[:2] == (403, "AccessException")
    assert app.result("app.option.set", {"options": {"base": "1"}}) is True
    app.result("app.option.set", {"options": {"mode": "x"}})
    assert app.result("app.option.get") == {"base": "1", "mode": "x"}
    assert app.result("app.option.get", {"option": "mode"}) == "x"
    assert app.refusal("app.option.set", {"options": {}})[1] == "ArgumentNullException"


def test_rights_are_asked_by_code(hook):
    assert hook.result("user.admin") is True
    assert hook.result("user.access", {"ACCESS": ["U9", "AU"]}) is True
    assert hook.result("user.access", {"ACCESS": "U9"}) is False
    assert hook.result("access.name", {"ACCESS": ["AU", "U1", "X"]}) == {
        "AU": {"provider": "", "name": "Все авторизованные пользователи", "provider_id": "other"},
        "U1": {"provider": "", "name": "Анна Администратор", "provider_id": "user"},
    }


def test_duplicates_are_sought_by_seven_more_fields(hook):
    sent = {"entityTypeId": 4, "fieldCode": "TITLE"}
    number = hook.result("crm.duplicate.volatileType.register", sent)["id"]
    assert hook.result("crm.duplicate.volatileType.register", sent) == {"id": number}
    assert hook.result("crm.duplicate.volatileType.list") == [{"id": number, **sent}]
    wrong = {"entityTypeId": 4, "fieldCode": "LOGO"}
    assert hook.refusal("crm.duplicate.volatileType.register", wrong)[1] == "FIELD_NOT_FOUND"
    assert hook.result("crm.duplicate.volatileType.unregister", {"id": number}) is True
    assert hook.result("crm.duplicate.volatileType.list") == []


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("activitytype", 7),
        ("activitystatus", 4),
        ("activitypriority", 4),
        ("activitydirection", 3),
        ("activitynotifytype", 4),
        ("contenttype", 4),
        ("settings.mode", 2),
    ],
)
def test_enumerations_have_numbers_names_and_no_codes(hook, name, numbers):
    rows = hook.result(f"crm.enum.{name}")
    assert len(rows) == numbers
    assert all(row["SYMBOL_CODE"] is None for row in rows)
