"""Files of activities, comments, people, templates and documents: kept, and sent from addresses."""

from urllib.parse import urlsplit

import pytest

from sverka_emulator_kit.messages import Request

ONE, TWO = ["один.txt", "AQ=="], ["два.txt", "Ag=="]
GIF = ["1.gif", "R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="]
CALL = {
    "OWNER_TYPE_ID": 2,
    "OWNER_ID": 1,
    "TYPE_ID": 2,
    "SUBJECT": "Звонок",
    "RESPONSIBLE_ID": 1,
    "COMMUNICATIONS": [{"VALUE": "+7495"}],
}
COMMENT = {"ENTITY_TYPE": "deal", "ENTITY_ID": 1, "COMMENT": "Отгружено"}


@pytest.fixture(autouse=True)
def deal(portal):
    return portal.act("crm.deal.add", {"fields": {"TITLE": "Окна"}})


def opened(portal, address, token=""):
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, f"auth={token}" if token else "")))
    return portal.answer(Request("GET", parts.path, query, {}, b""))


def kept(portal):
    return len(portal.tables["file"].rows)


def test_an_activity_sends_its_files_to_an_application(portal, app):
    files = [{"fileData": ONE}, {"fileData": TWO}]
    number = app.result("crm.activity.add", {"fields": {**CALL, "FILES": files}})
    shown = app.result("crm.activity.get", {"id": number})["FILES"]
    assert [one["id"] for one in shown] == [1, 2]
    owner = f"ownerTypeId=6&ownerId={number}&auth={app.token}"
    address = f"{portal.origin}/bitrix/tools/crm_show_file.php?fileId=1&{owner}"
    assert shown[0]["url"] == address
    replies = [opened(portal, one["url"]) for one in shown]
    assert [(reply.status, reply.body) for reply in replies] == [(200, b"\x01"), (200, b"\x02")]
    app.result("crm.activity.add", {"fields": {**CALL, "FILES": [{"fileData": GIF}]}})
    assert opened(portal, address.replace("fileId=1", "fileId=3")).status == 404
    assert opened(portal, address.replace(f"ownerId={number}", "ownerId=9")).status == 404
    assert opened(portal, address.replace(app.token, "")).status == 401


def test_a_list_of_activities_shows_files_where_they_are_asked_for(hook):
    hook.result("crm.activity.add", {"fields": {**CALL, "FILES": [{"fileData": ONE}]}})
    hook.result("crm.activity.add", {"fields": CALL})
    assert "FILES" not in hook.result("crm.activity.list")[0]
    for name in ("FILES", "STORAGE_ELEMENT_IDS"):
        with_file, without = hook.result("crm.activity.list", {"select": ["ID", name]})
        assert [one["id"] for one in with_file["FILES"]] == [1]
        assert with_file["FILES"][0]["url"].endswith("&auth=")
        assert without["FILES"] == []
    assert "FILES" not in hook.result("crm.activity.get", {"id": 2})


def test_an_activity_has_the_files_that_it_was_given_last(portal, hook):
    files = [{"fileData": ONE}]
    number = hook.result("crm.activity.add", {"fields": {**CALL, "FILES": files}})
    hook.result("crm.activity.update", {"id": number, "fields": {"SUBJECT": "Б"}})
    assert kept(portal) == 1
    changed = {"FILES": [{"fileData": TWO}, {"fileData": GIF}]}
    hook.result("crm.activity.update", {"id": number, "fields": changed})
    shown = hook.result("crm.activity.get", {"id": number})["FILES"]
    assert [one["id"] for one in shown] == [2, 3]
    assert kept(portal) == 2
    hook.result("crm.activity.delete", {"id": number})
    assert kept(portal) == 0


def test_a_comment_describes_its_files_and_sends_them(portal, app, hook):
    number = hook.result("crm.timeline.comment.add", {"fields": {**COMMENT, "FILES": [GIF, ONE]}})
    shown = hook.result("crm.timeline.comment.get", {"id": number})["FILES"]
    picture, text = shown.values()
    assert (picture["type"], picture["size"], picture["name"]) == ("image", 43, "1.gif")
    assert picture["authorName"] == "Анна Администратор"
    assert picture["urlDownload"] == (
        f"{portal.origin}/disk/downloadFile/{picture['id']}/?&ncc=1&filename=1.gif"
    )
    assert (text["type"], text["urlPreview"]) == ("file", None)
    (listed,) = hook.result(
        "crm.timeline.comment.list", {"filter": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal"}}
    )
    assert listed["FILES"] == shown
    for address in (text["urlDownload"], text["urlShow"]):
        assert opened(portal, address).status == 401
        reply = opened(portal, address, app.token)
        assert (reply.status, reply.content_type, reply.body) == (200, "text/plain", b"\x01")


def test_all_files_of_a_comment_go_as_soon_as_the_field_is_named(portal, hook):
    number = hook.result("crm.timeline.comment.add", {"fields": {**COMMENT, "FILES": [ONE, TWO]}})
    hook.result("crm.timeline.comment.update", {"id": number, "fields": {"COMMENT": "Б"}})
    assert kept(portal) == 2
    hook.result("crm.timeline.comment.update", {"id": number, "fields": {"FILES": [GIF]}})
    assert list(hook.result("crm.timeline.comment.get", {"id": number})["FILES"]) == ["3"]
    assert kept(portal) == 1
    hook.result("crm.timeline.comment.update", {"id": number, "fields": {"FILES": []}})
    assert hook.result("crm.timeline.comment.get", {"id": number})["FILES"] == []
    hook.result("crm.timeline.comment.update", {"id": number, "fields": {"FILES": [GIF]}})
    hook.result("crm.timeline.comment.delete", {"id": number})
    assert kept(portal) == 0


def test_a_photo_is_shown_by_an_address_that_needs_no_key(portal, hook):
    assert "PERSONAL_PHOTO" not in hook.result("profile")
    hook.result("user.update", {"ID": 1, "PERSONAL_PHOTO": GIF})
    (user,) = hook.result("user.get", {"ID": 1, "IMAGE_RESIZE": "small"})
    address = user["PERSONAL_PHOTO"]
    assert address.startswith(f"{portal.origin}/upload/main/")
    assert hook.result("profile")["PERSONAL_PHOTO"] == address
    assert hook.result("user.current")["PERSONAL_PHOTO"] == address
    assert hook.result("user.search", {"FIND": "Анна"})[0]["PERSONAL_PHOTO"] == address
    reply = opened(portal, address)
    assert (reply.status, reply.content_type, len(reply.body)) == (200, "image/gif", 43)
    hook.result("crm.activity.add", {"fields": {**CALL, "FILES": [{"fileData": ONE}]}})
    assert opened(portal, address.replace("/1/1.gif", "/2/1.gif")).status == 404
    assert opened(portal, f"{portal.origin}/upload/main/1.gif").status == 404


def test_a_new_photo_takes_the_place_of_the_old_and_an_empty_one_leaves_none(portal, hook):
    person = {"EMAIL": "a@sever.example", "UF_DEPARTMENT": [1], "PERSONAL_PHOTO": GIF}
    number = hook.result("user.add", person)
    hook.result("user.update", {"ID": number, "PERSONAL_PHOTO": ["2.gif", GIF[1]]})
    assert kept(portal) == 1
    hook.result("user.update", {"ID": number, "NAME": "Б"})
    assert hook.result("user.get", {"ID": number})[0]["PERSONAL_PHOTO"].endswith("/2.gif")
    hook.result("user.update", {"ID": number, "PERSONAL_PHOTO": ""})
    assert hook.result("user.get", {"ID": number})[0]["PERSONAL_PHOTO"] == ""
    assert kept(portal) == 0


def test_a_file_field_of_a_user_is_sent_by_its_own_method(portal, hook):
    field = {"FIELD_NAME": "SCAN", "USER_TYPE_ID": "file"}
    hook.result("user.userfield.add", {"fields": field})
    hook.result("user.update", {"ID": 1, "UF_USR_SCAN": {"fileData": ONE}})
    (user,) = hook.result("user.get", {"ID": 1})
    shown = user["UF_USR_SCAN"]
    assert shown["downloadData"] == {"id": 1, "field": "UF_USR_SCAN", "value": 1}
    reply = hook.send("user.userfield.file.get", shown["downloadData"])
    assert (reply.status, reply.body) == (200, b"\x01")
    wrong = {**shown["downloadData"], "value": 9}
    assert hook.refusal("user.userfield.file.get", wrong) == (400, "", "File not found")


def template(caller, **fields):
    whole = {"name": "Акт", "numeratorId": 1, "region": "ru", "file": ONE, **fields}
    return caller.result("crm.documentgenerator.template.add", {"fields": whole})["template"]


@pytest.mark.parametrize("who", ["app", "hook"])
def test_a_template_sends_its_file_and_a_document_made_of_it_a_copy(request, portal, who):
    caller = request.getfixturevalue(who)
    made = template(caller)
    assert "files" not in made, "numbers of files are nobody else's"
    action = f"?action=crm.documentgenerator.template.download&SITE_ID=s1&id={made['id']}"
    assert made["download"].endswith(action)
    reply = opened(portal, made["downloadMachine"])
    assert (reply.status, reply.body) == (200, b"\x01")
    sent = {"templateId": made["id"], "entityTypeId": 2, "entityId": 1}
    document = caller.result("crm.documentgenerator.document.add", sent)["document"]
    assert (document["pdfUrl"], document["imageUrlMachine"]) == (None, None)
    caller.result("crm.documentgenerator.template.delete", {"id": made["id"]})
    assert opened(portal, made["downloadMachine"]).status == 404
    shown = caller.result("crm.documentgenerator.document.get", {"id": 1})["document"]
    assert opened(portal, shown["downloadUrlMachine"]).body == b"\x01"
    caller.result("crm.documentgenerator.document.delete", {"id": 1})
    assert kept(portal) == 0


def test_a_template_may_get_another_file(portal, hook):
    template(hook, file=None, fileContent="AQ==")
    changed = {"id": 1, "fields": {"file": TWO}}
    whole = hook.result("crm.documentgenerator.template.update", changed)["template"]
    assert opened(portal, whole["downloadMachine"]).body == b"\x02"
    changed = {"id": 1, "fields": {"name": "Б"}}
    hook.result("crm.documentgenerator.template.update", changed)
    shown = hook.result("crm.documentgenerator.template.list")["templates"]["1"]
    assert opened(portal, shown["downloadMachine"]).body == b"\x02"
    assert kept(portal) == 1


def test_a_document_that_was_brought_sends_each_of_its_files(portal, hook):
    fields = {
        "entityTypeId": 2,
        "entityId": 1,
        "region": "ru",
        "title": "Акт",
        "fileContent": "AQ==",
        "pdfContent": "Ag==",
        "imageContent": "Aw==",
    }
    hook.result("crm.documentgenerator.document.upload", {"fields": fields})
    shown = hook.result("crm.documentgenerator.document.get", {"id": 1})["document"]
    parts = {"download": b"\x01", "pdf": b"\x02", "image": b"\x03"}
    for name, content in parts.items():
        assert opened(portal, shown[f"{name}UrlMachine"]).body == content
    assert "getPdf" in shown["pdfUrl"]
    (listed,) = hook.result("crm.documentgenerator.document.list")["documents"]
    assert [listed[name] for name in ("fileId", "imageId", "pdfId")] == ["1", "2", "3"]
    assert listed["pdfUrlMachine"] == shown["pdfUrlMachine"]
    wrong = {"token": shown["pdfUrlMachine"].split("token=")[1]}
    refused = hook.refusal("crm.documentgenerator.document.download", wrong)
    assert refused == (403, "ACCESS_DENIED", "Access denied")


def test_files_beside_fields_outlive_a_snapshot(portal, hook):
    hook.result("crm.activity.add", {"fields": {**CALL, "FILES": [{"fileData": ONE}]}})
    hook.result("user.update", {"ID": 1, "PERSONAL_PHOTO": GIF})
    address = hook.result("profile")["PERSONAL_PHOTO"]
    taken = portal.snapshot()
    portal.reset()
    portal.restore(taken)
    assert opened(portal, address).status == 200
    assert len(hook.result("crm.activity.get", {"id": 1})["FILES"]) == 1
