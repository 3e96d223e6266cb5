"""Rights of single users: whose records a level reaches, in records, lists, batches and events."""

import json

import pytest

from sverka_emulator_kit.messages import Request

EVERYBODY = {"anna", "boris", "vera", "gleb", "open"}
REACHED = {
    "own": {"anna"},
    "department": {"anna", "boris"},
    "subdepartments": {"anna", "boris", "vera"},
    "open": {"anna", "boris", "vera", "open"},
    "all": EVERYBODY,
}


@pytest.mark.parametrize(("level", "names"), REACHED.items())
def test_a_list_shows_and_counts_what_a_level_reaches(narrow, companies, level, names):
    anna = narrow({"company": {"read": level}})
    answer = anna.said("crm.company.list", {"select": ["TITLE"]})
    assert {row["TITLE"] for row in answer["result"]} == names
    assert answer["total"] == len(names)
    items = anna.said("crm.item.list", {"entityTypeId": 4, "select": ["title"]})
    assert {one["title"] for one in items["result"]["items"]} == names
    assert items["total"] == len(names)


@pytest.mark.parametrize(("level", "names"), REACHED.items())
def test_a_record_is_there_for_whom_a_level_reaches(narrow, companies, level, names):
    anna = narrow({"company": {"read": "all", "update": level, "delete": level}})
    for name, number in companies.items():
        for method, params in (
            ("crm.company.update", {"fields": {"COMMENTS": "1"}}),
            ("crm.company.delete", {}),
        ):
            answer = anna.said(method, {"id": number, **params})
            words = answer.get("error_description", "")
            assert words == ("" if name in names else "Access denied."), (name, method)


def test_a_page_that_another_was_shown_is_shown_to_nobody_else(
    portal, hook, narrow, companies, staff
):
    anna = narrow({"company": {"read": "department"}})

    def totals():
        return [one.said("crm.company.list", {"select": ["ID"]})["total"] for one in (hook, anna)]

    assert totals() == totals() == [5, 2]
    departments = portal.act("user.get", {"ID": staff["vera"]})[0]["UF_DEPARTMENT"]
    portal.act("user.update", {"ID": staff["anna"], "UF_DEPARTMENT": departments})
    assert totals() == [5, 2]
    assert anna.listed("crm.company.list") == [str(companies[one]) for one in ("anna", "vera")]


def test_a_page_holds_fifty_that_may_be_read(narrow, company, staff):
    for place in range(120):
        company(str(place), ASSIGNED_BY_ID=staff["anna"] if place % 2 else 1)
    anna = narrow({"company": {"read": "own"}})
    first = anna.said("crm.company.list", {"select": ["ID"]})
    assert (len(first["result"]), first["total"], first["next"]) == (50, 60, 50)
    assert len(anna.listed("crm.company.list", start=50)) == 10
    assert len(anna.listed("crm.company.list", start=-1, filter={">ID": 100})) == 10


def test_an_observer_reads_and_does_not_write(portal, narrow, staff, companies):
    number = companies["gleb"]
    watched = {"entityTypeId": 4, "id": number, "fields": {"observers": [staff["anna"]]}}
    portal.act("crm.item.update", watched)
    anna = narrow({"company": "own"})
    assert str(number) in anna.listed("crm.company.list")
    assert anna.result("crm.company.get", {"id": number})["TITLE"] == "gleb"
    assert anna.refusal("crm.company.delete", {"id": number})[2] == "Access denied."


def test_who_may_add_only_his_own_answers_for_what_he_adds(portal, narrow, staff):
    anna = narrow({"company": {"add": "own", "read": "own"}})
    sent = {"fields": {"TITLE": "А", "ASSIGNED_BY_ID": staff["gleb"]}}
    number = anna.result("crm.company.add", sent)
    assert anna.result("crm.company.get", {"id": number})["ASSIGNED_BY_ID"] == str(staff["anna"])


def test_who_may_add_only_open_ones_opens_his_own(portal, narrow, staff):
    anna = narrow({"company": {"add": "open", "read": "all"}})
    for whose, opened in ((staff["anna"], "Y"), (staff["gleb"], "N")):
        sent = {"fields": {"TITLE": "А", "ASSIGNED_BY_ID": whose, "OPENED": "N"}}
        number = anna.result("crm.company.add", sent)
        row = anna.result("crm.company.get", {"id": number})
        assert (row["ASSIGNED_BY_ID"], row["OPENED"]) == (str(whose), opened)


def test_a_batch_refuses_the_commands_one_by_one(narrow, companies):
    anna = narrow({"company": {"read": "own"}})
    done = anna.batch(
        {
            "mine": f"crm.company.get?id={companies['anna']}",
            "his": f"crm.company.get?id={companies['gleb']}",
            "list": "crm.company.list",
            "add": "crm.company.add?fields[TITLE]=А",
        }
    )
    assert set(done["result"]) == {"mine", "list"}
    assert done["result_total"] == {"list": 1}
    denied = {"error": "", "error_description": "Access denied."}
    assert done["result_error"] == {"his": denied, "add": denied}


def test_what_hangs_on_a_record_is_seen_with_it(portal, hook, narrow, companies):
    for number in (companies["anna"], companies["gleb"]):
        owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": number}
        requisite = portal.act(
            "crm.requisite.add", {"fields": {**owner, "PRESET_ID": 1, "NAME": "Р"}}
        )
        account = {"ENTITY_ID": requisite, "NAME": "С"}
        portal.act("crm.requisite.bankdetail.add", {"fields": account})
        address = {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite, "CITY": "Омск"}
        portal.act("crm.address.add", {"fields": address})
        told = [{"VALUE": "1", "ENTITY_ID": number, "ENTITY_TYPE_ID": 4}]
        base = {"OWNER_TYPE_ID": 4, "OWNER_ID": number, "TYPE_ID": 2, "RESPONSIBLE_ID": 1}
        portal.act("crm.activity.add", {"fields": {**base, "SUBJECT": "З", "COMMUNICATIONS": told}})
        comment = {"ENTITY_TYPE": "company", "ENTITY_ID": number, "COMMENT": "К"}
        portal.act("crm.timeline.comment.add", {"fields": comment})
    anna = narrow({"company": "own", "contact": "own", "lead": "own"})
    for method in (
        "crm.requisite",
        "crm.requisite.bankdetail",
        "crm.activity",
    ):
        answer = anna.said(f"{method}.list")
        assert ([row["ID"] for row in answer["result"]], answer["total"]) == (["1"], 1), method
        assert anna.result(f"{method}.get", {"id": 1})["ID"] == "1"
        assert anna.refusal(f"{method}.get", {"id": 2}) == (400, "", "Access denied.")
        assert anna.refusal(f"{method}.delete", {"id": 2}) == (400, "", "Access denied.")
    assert [row["ENTITY_ID"] for row in anna.result("crm.address.list")] == ["1"]
    others = {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 2}
    assert anna.refusal("crm.address.delete", {"fields": others}) == (400, "", "Access denied.")
    asked = {"filter": {"ENTITY_TYPE": "company", "ENTITY_ID": companies["gleb"]}}
    assert anna.refusal("crm.timeline.comment.list", asked) == (400, "", "Access denied.")
    assert anna.result("crm.timeline.comment.get", {"id": 1})["ID"] == "1"


def test_rows_and_history_of_a_document_are_seen_with_it(portal, narrow, staff):
    for user in (staff["anna"], staff["gleb"]):
        number = portal.act("crm.deal.add", {"fields": {"TITLE": "С", "ASSIGNED_BY_ID": user}})
        rows = [{"PRODUCT_NAME": "Окно", "PRICE": 5}]
        portal.act("crm.deal.productrows.set", {"id": number, "rows": rows})
    anna = narrow({"deal": "own"})
    assert len(anna.result("crm.deal.productrows.get", {"id": 1})) == 1
    assert anna.refusal("crm.deal.productrows.get", {"id": 2})[2] == "Access denied."
    asked = {"filter": {"=ownerType": "D", "=ownerId": 2}}
    denied = (400, "ACCESS_DENIED", "Access denied")
    assert anna.refusal("crm.item.productrow.list", asked) == denied
    row = {"ownerType": "D", "ownerId": 2, "price": 1}
    assert anna.refusal("crm.item.productrow.add", {"fields": row}) == denied
    kept = {"ownerType": "D", "ownerId": 2, "productRows": []}
    assert anna.refusal("crm.item.productrow.set", kept) == denied
    history = anna.said("crm.stagehistory.list", {"entityTypeId": 2})
    assert {one["OWNER_ID"] for one in history["result"]["items"]} == {1}
    assert history["total"] == len(history["result"]["items"])


def test_a_merge_changes_the_first_and_deletes_the_rest(narrow, company, staff):
    pair = [company("А", ASSIGNED_BY_ID=staff[name]) for name in ("anna", "boris")]
    anna = narrow({"company": {"read": "all", "update": "own", "delete": "own"}})
    asked = {"params": {"entityTypeId": 4, "entityIds": pair}}
    assert anna.refusal("crm.entity.mergeBatch", asked) == (403, "", "Access denied.")
    anna = narrow({"company": {"read": "own", "update": "own", "delete": "department"}})
    assert anna.refusal("crm.entity.mergeBatch", asked) == (403, "", "Access denied.")
    anna = narrow({"company": {"read": "all", "update": "own", "delete": "department"}})
    assert anna.result("crm.entity.mergeBatch", asked)["STATUS"] in ("SUCCESS", "CONFLICT")


def test_a_file_is_sent_to_whom_may_read_its_record(portal, app, narrow, staff):
    field = {"FIELD_NAME": "SCAN", "USER_TYPE_ID": "file"}
    portal.act("crm.deal.userfield.add", {"fields": field})
    scan = {"fileData": ["a.txt", "AQ=="]}
    numbers = [
        portal.act("crm.deal.add", {"fields": {"ASSIGNED_BY_ID": user, "UF_CRM_SCAN": scan}})
        for user in (staff["anna"], staff["gleb"])
    ]
    narrow({"deal": "own"})
    anna = type(app)(portal, "/rest/", portal.act("portal.token", {"user": staff["anna"]}))
    shown = [app.result("crm.deal.get", {"id": n})["UF_CRM_SCAN"] for n in numbers]
    addresses = [one["downloadUrl"].replace(app.token, anna.token).split("?") for one in shown]
    replies = [portal.answer(Request("GET", path, query)) for path, query in addresses]
    assert [reply.status for reply in replies] == [200, 404]
    items = [app.result("crm.item.get", {"entityTypeId": 2, "id": n})["item"] for n in numbers]
    tokens = [one["ufCrmScan"]["urlMachine"].split("token=")[1] for one in items]
    path, query = "/rest/crm.controller.item.getFile.json", f"auth={anna.token}&token="
    asked = [portal.answer(Request("GET", path, query + token)) for token in tokens]
    assert [reply.status for reply in asked] == [200, 403]


def test_a_token_and_the_window_have_the_same_rights(portal, app, narrow, staff, companies):
    narrow({"company": {"read": "own"}})
    token = portal.act("portal.token", {"user": staff["anna"]})
    anna = type(app)(portal, "/rest/", token)
    assert anna.result("profile")["ID"] == str(staff["anna"])
    assert anna.listed("crm.company.list") == [str(companies["anna"])]
    seen = portal.act("crm.company.list", {}, user=str(staff["anna"]))
    assert [row["ID"] for row in seen] == [str(companies["anna"])]


def test_nobody_is_narrowed_before_rights_are_set_or_after_they_are_given_back(
    portal, narrow, staff, companies
):
    anna = narrow({})
    assert anna.refusal("crm.company.list") == (400, "", "Access denied.")
    assert anna.said("crm.item.list", {"entityTypeId": 4})["total"] == 0
    portal.act("portal.rights", {"user": staff["anna"], "rights": None})
    assert anna.said("crm.company.list")["total"] == len(companies)


def test_the_administrator_is_asked_for_nothing(portal, hook, company, monkeypatch):
    def never(name, call):
        raise AssertionError(name)

    monkeypatch.setattr("b24_emulator.needs.check", never)
    number = company()
    assert hook.result("crm.company.get", {"id": number})["ID"] == str(number)
    with pytest.raises(ValueError, match="keeps all rights"):
        portal.act("portal.rights", {"user": 1, "rights": {}})


def test_only_an_administrator_does_what_is_for_administrators(portal, staff, hook):
    gleb = type(hook)(portal, portal.act("portal.webhook", {"user": staff["gleb"]}))
    sent = {"EMAIL": "new@sever.example", "UF_DEPARTMENT": [1]}
    assert gleb.refusal("user.add", sent) == (400, "ERROR_CORE", "access_denied")
    asked = {"NAME": "А", "PARENT": 1}
    assert gleb.refusal("department.add", asked) == (400, "ERROR_CORE", "Access denied")
    assert gleb.result("crm.company.add", {"fields": {"TITLE": "А"}})


def test_rights_are_part_of_a_snapshot_and_go_with_a_reset(portal, narrow, companies):
    anna = narrow({"company": "own"})
    kept = portal.snapshot()
    portal.reset()
    assert not portal.access.rights
    portal.restore(kept)
    assert anna.said("crm.company.list")["total"] == 1


def test_funnels_are_shown_to_who_may_read_their_records(narrow):
    blind, anna = narrow({"company": "all"}), {"entityTypeId": 2}
    assert blind.result("crm.category.list", anna) == {"categories": []}
    asked = {**anna, "id": 0}
    assert blind.refusal("crm.category.get", asked) == (400, "ACCESS_DENIED", "Access denied")
    assert len(narrow({"deal": "own"}).result("crm.category.list", anna)["categories"]) == 1


def test_a_smart_process_has_rights_of_its_own(portal, narrow):
    made = portal.act("crm.type.add", {"fields": {"title": "Заявки", "entityTypeId": 1030}})
    anna = narrow({"dynamic_1030": "own", "settings": "none"})
    of_items = {"entityTypeId": 1030}
    number = anna.result("crm.item.add", {**of_items, "fields": {"title": "А"}})["item"]["id"]
    assert anna.said("crm.item.list", of_items)["total"] == 1
    assert anna.result("crm.type.get", {"id": made["type"]["id"]})["type"]["title"] == "Заявки"
    blind = narrow({"deal": "all"})
    unseen = (400, "ACCESS_DENIED", "You do not have permission to view this item")
    assert blind.refusal("crm.item.get", {**of_items, "id": number}) == unseen
    assert blind.refusal("crm.item.fields", of_items) == unseen
    assert blind.refusal("crm.type.list") == (400, "ACCESS_DENIED", "Access denied")


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ({"firm": "all"}, "No kind of record 'firm' has rights. There are: company"),
        ({"deal": {"write": "all"}}, "No act 'write' of deal. There are: read, add"),
        ({"deal": {"read": "mine"}}, "No level 'mine' of deal. There are: none, own"),
        ({"*": "some"}, "No level 'some' of"),
    ],
)
def test_rights_that_do_not_exist_are_named(narrow, rights, words):
    with pytest.raises(LookupError, match=words.replace("*", "[*]")):
        narrow(rights)


@pytest.mark.parametrize("deed", ["rights", "webhook", "token"])
def test_a_user_that_is_not_there_is_named(portal, deed):
    with pytest.raises(LookupError, match=r"No user .99.\. Add him first: user\.add\."):
        portal.act(f"portal.{deed}", {"user": 99, "rights": {}})


def test_files_of_activities_and_comments_follow_their_owner(portal, app, narrow, staff):
    for user in (staff["anna"], staff["gleb"]):
        deal = portal.act("crm.deal.add", {"fields": {"ASSIGNED_BY_ID": user}})
        told = [{"VALUE": "1"}]
        files = [{"fileData": ["a.txt", "AQ=="]}]
        call = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "З", "FILES": files}
        whole = {**call, "RESPONSIBLE_ID": 1, "COMMUNICATIONS": told}
        portal.act("crm.activity.add", {"fields": whole})
        comment = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "К", "FILES": files}
        portal.act("crm.timeline.comment.add", {"fields": comment})
    narrow({"deal": "own"})
    token = portal.act("portal.token", {"user": staff["anna"]})
    statuses = []
    for activity, file in ((1, 1), (2, 3)):
        asked = f"fileId={file}&ownerTypeId=6&ownerId={activity}&auth={token}"
        statuses.append(portal.answer(Request("GET", "/bitrix/tools/crm_show_file.php", asked)))
        page = f"/disk/downloadFile/{file + 1}/"
        statuses.append(portal.answer(Request("GET", page, f"auth={token}")))
    assert [reply.status for reply in statuses] == [200, 200, 404, 404]


def test_a_portal_that_was_kept_before_there_were_rights_has_none(portal, narrow):
    narrow({"company": "own"})
    state = json.loads(portal.snapshot())
    del state["access"]["rights"]
    portal.restore(json.dumps(state).encode())
    assert portal.access.rights == {}
