"""File fields of records: kept with their bytes, sent back from the addresses they show."""

from urllib.parse import urlsplit

import pytest

from sverka_emulator_kit.messages import Request

ONE, TWO = ["один.txt", "AQ=="], ["два.txt", "Ag=="]
FIELD, MANY = "UF_CRM_SCAN", "UF_CRM_SCANS"


@pytest.fixture
def deal(hook):
    """Makes a deal whose kind has a field for one file and one for many."""
    for name, multiple in ((FIELD, "N"), (MANY, "Y")):
        field = {"FIELD_NAME": name, "USER_TYPE_ID": "file", "MULTIPLE": multiple}
        hook.result("crm.deal.userfield.add", {"fields": field})

    def make(**fields):
        return hook.result("crm.deal.add", {"fields": {"TITLE": "Окна", **fields}})

    return make


def sent_from(portal, address):
    parts = urlsplit(address)
    return portal.answer(Request("GET", parts.path, parts.query, {}, b""))


def item(caller, number):
    return caller.result("crm.item.get", {"entityTypeId": 2, "id": number})["item"]


def kept(portal):
    return len(portal.tables["file"].rows)


def test_files_of_one_and_of_many_come_as_objects_with_addresses(hook, deal):
    number = deal(**{FIELD: {"fileData": ONE}, MANY: [{"fileData": ONE}, {"fileData": TWO}]})
    row = hook.result("crm.deal.get", {"id": number})
    assert set(row[FIELD]) == {"id", "showUrl", "downloadUrl"}
    assert [one["id"] for one in row[MANY]] == [2, 3]
    assert f"ownerId={number}&fieldName={FIELD}&dynamic=Y&fileId=1" in row[FIELD]["showUrl"]
    (listed,) = hook.result("crm.deal.list", {"select": ["ID", "UF_*"]})
    assert (listed[FIELD], listed[MANY]) == (row[FIELD], row[MANY])


def test_an_application_loads_from_the_address_that_it_was_shown(portal, app, deal):
    number = deal(**{FIELD: {"fileData": ONE}})
    deal(**{FIELD: {"fileData": TWO}})
    address = app.result("crm.deal.get", {"id": number})[FIELD]["downloadUrl"]
    reply = sent_from(portal, address)
    assert (reply.status, reply.content_type, reply.body) == (200, "text/plain", b"\x01")
    assert sent_from(portal, address.replace("auth=", "auth=x")).status == 401
    assert sent_from(portal, address.replace("fileId=1", "fileId=2")).status == 404


@pytest.mark.parametrize("who", ["app", "hook"])
def test_the_machines_address_of_an_item_needs_nothing_else(request, portal, deal, who):
    number = deal(**{MANY: [{"fileData": ONE}, {"fileData": TWO}]})
    shown = item(request.getfixturevalue(who), number)["ufCrmScans"]
    assert [set(one) for one in shown] == [{"id", "url", "urlMachine"}] * 2
    bodies = [sent_from(portal, one["urlMachine"]).body for one in shown]
    assert bodies == [b"\x01", b"\x02"]
    forged = shown[0]["urlMachine"][:-2] + "00"
    assert sent_from(portal, forged).status == 403


def test_an_item_sets_the_whole_field_and_what_it_does_not_name_is_gone(portal, hook, deal):
    number = deal(**{MANY: [{"fileData": ONE}, {"fileData": TWO}]})
    second = item(hook, number)["ufCrmScans"][1]
    sent = {"ufCrmScans": [{"id": second["id"]}, ["три.txt", "Aw=="]]}
    hook.result("crm.item.update", {"entityTypeId": 2, "id": number, "fields": sent})
    shown = item(hook, number)["ufCrmScans"]
    assert [sent_from(portal, one["urlMachine"]).body for one in shown] == [b"\x02", b"\x03"]
    assert (shown[0]["id"], kept(portal)) == (second["id"], 2)
    empty = {"entityTypeId": 2, "id": number, "fields": {"ufCrmScans": []}}
    assert hook.result("crm.item.update", empty)["item"]["ufCrmScans"] == []
    assert kept(portal) == 0


@pytest.mark.parametrize("value", ["", {"fileData": TWO}])
def test_a_single_file_is_replaced_or_emptied(portal, hook, deal, value):
    number = deal(**{FIELD: {"fileData": ONE}})
    hook.result("crm.deal.update", {"id": number, "fields": {FIELD: value}})
    shown = item(hook, number)["ufCrmScan"]
    assert (shown is None, kept(portal)) == ((True, 0) if value == "" else (False, 1))


def test_a_write_that_names_no_file_leaves_files_alone(portal, hook, deal):
    number = deal(**{FIELD: {"fileData": ONE}})
    hook.result("crm.deal.update", {"id": number, "fields": {"TITLE": "Двери"}})
    assert hook.result("crm.deal.get", {"id": number})[FIELD]["id"] == 1
    hook.result("crm.deal.delete", {"id": number})
    assert kept(portal) == 0


@pytest.mark.parametrize(("family", "field"), [("company", "LOGO"), ("contact", "PHOTO")])
def test_pictures_of_clients_are_files_too(portal, app, family, field):
    fields = {"TITLE": "А", "NAME": "А", field: {"fileData": ["я.png", "AQ=="]}}
    number = app.result(f"crm.{family}.add", {"fields": fields})
    portal.restore(portal.snapshot())
    address = app.result(f"crm.{family}.get", {"id": number})[field]["downloadUrl"]
    reply = sent_from(portal, address)
    assert (reply.content_type, reply.body) == ("image/png", b"\x01")
