"""Addresses: named by type and owner, overwritten whole, told by five numbers."""

import json

import pytest

from b24_emulator.portal import Portal
from b24_emulator.rules.switches import Switches

WHOLE = {"ADDRESS_1": "ул. Новая, 5", "CITY": "Москва", "POSTAL_CODE": "101000"}


@pytest.fixture
def address(portal, requisite):
    """Enters a legal address of a new requisite and returns its key."""

    def make(**fields):
        key = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite()}
        portal.act("crm.address.add", {"fields": {**key, **WHOLE, **fields}})
        return key

    return make


def listed(caller, **params):
    return caller.result("crm.address.list", params)


def test_an_address_is_listed_as_texts_with_the_owner_of_its_requisite(hook, company, address):
    company()
    key = address()
    (row,) = listed(hook)
    assert row == {
        **{name: str(value) for name, value in key.items()},
        **WHOLE,
        **dict.fromkeys(("ADDRESS_2", "REGION", "PROVINCE", "COUNTRY", "COUNTRY_CODE")),
        "LOC_ADDR_ID": "1",
        "ANCHOR_TYPE_ID": "4",
        "ANCHOR_ID": "2",
    }


def test_a_second_address_of_one_type_is_refused(hook, address):
    key = address()
    refused = hook.refusal("crm.address.add", {"fields": {**key, "CITY": "Тверь"}})
    assert refused == (400, "", "TypeAddress exists.")
    assert [row["CITY"] for row in listed(hook)] == ["Москва"]
    assert hook.result("crm.address.add", {"fields": {**key, "TYPE_ID": 1}}) is True


def test_an_update_overwrites_all_parts(hook, address):
    key = address()
    sent = {"fields": {**key, "ADDRESS_1": "ул. Старая, 1"}}
    assert hook.result("crm.address.update", sent) is True
    (row,) = listed(hook)
    assert (row["ADDRESS_1"], row["CITY"], row["POSTAL_CODE"]) == ("ул. Старая, 1", None, None)
    assert (row["TYPE_ID"], row["ANCHOR_ID"], row["LOC_ADDR_ID"]) == ("6", "1", "1")


def test_an_update_keeps_what_it_does_not_name_where_the_switch_says_so(hook, address, portal):
    portal.switches = Switches(address_update_overwrites=False)
    hook.result("crm.address.update", {"fields": {**address(), "ADDRESS_1": "ул. Старая, 1"}})
    (row,) = listed(hook)
    assert (row["ADDRESS_1"], row["CITY"]) == ("ул. Старая, 1", "Москва")


def test_a_deleted_address_leaves_its_place(hook, address):
    key = address()
    assert hook.result("crm.address.delete", {"fields": key}) is True
    assert listed(hook) == []
    assert hook.result("crm.address.add", {"fields": key}) is True


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_an_address_that_is_not_there_is_refused(hook, address, verb):
    sent = {"fields": {**address(), "TYPE_ID": 1}}
    assert hook.refusal(f"crm.address.{verb}", sent) == (400, "", "TypeAddress not found.")


@pytest.mark.parametrize("verb", ["add", "update", "delete"])
@pytest.mark.parametrize("missing", ["TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID"])
def test_each_part_of_the_key_is_insisted_on(hook, address, verb, missing):
    fields = {name: value for name, value in address().items() if name != missing}
    refused = hook.refusal(f"crm.address.{verb}", {"fields": fields})
    assert refused == (400, "", f"{missing} is not defined or invalid.")


@pytest.mark.parametrize(
    ("wrong", "value"), [("TYPE_ID", 7), ("ENTITY_TYPE_ID", 4), ("ENTITY_ID", 99)]
)
def test_an_address_hangs_on_a_requisite_of_the_portal(hook, address, wrong, value):
    fields = {**address(), "TYPE_ID": 1, wrong: value}
    refused = hook.refusal("crm.address.add", {"fields": fields})
    assert refused == (400, "", f"{wrong} is not defined or invalid.")


def test_addresses_are_found_by_requisite_and_by_its_owner(hook, address):
    address()
    address(CITY="Тверь")
    assert [row["CITY"] for row in listed(hook, filter={"ENTITY_ID": 2})] == ["Тверь"]
    found = listed(hook, filter={"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": 1}, select=["CITY"])
    assert found == [{"CITY": "Москва"}]
    assert [row["CITY"] for row in listed(hook, order={"CITY": "DESC"})] == ["Тверь", "Москва"]


def test_addresses_go_with_their_requisite_and_its_owner(hook, address, portal):
    address()
    address()
    portal.act("crm.requisite.delete", {"id": 1})
    assert [row["ENTITY_ID"] for row in listed(hook)] == ["2"]
    portal.act("crm.company.delete", {"id": 2})
    assert listed(hook) == []


@pytest.mark.parametrize(("switch", "total"), [(True, 50), (False, 60)])
def test_the_total_of_a_long_list_is_a_page_unless_the_switch_says_otherwise(
    portals, calling, switch, total
):
    portal = portals(switches=Switches(address_total_is_a_page=switch))
    firm = portal.act("crm.company.add", {"fields": {"TITLE": "Ромашка"}})
    for _ in range(60):
        fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": firm, "PRESET_ID": 1, "NAME": "Реквизиты"}
        number = portal.act("crm.requisite.add", {"fields": fields})
        key = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": number}
        portal.act("crm.address.add", {"fields": key})
    answer = calling(portal).said("crm.address.list")
    assert (answer["total"], answer["next"], len(answer["result"])) == (total, 50, 50)


def test_events_of_an_address_name_it_by_five_numbers(app, address, portal):
    for event in ("ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER"):
        app.result("event.bind", {"event": event, "event_type": "offline"})
    key = address()
    portal.act("crm.address.update", {"fields": key})
    portal.act("crm.address.delete", {"fields": key})
    told = [(row["EVENT_NAME"], row["EVENT_DATA"]) for row in app.result("event.offline.list")]
    fields = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 1, "ANCHOR_ID": 1}
    data = {"FIELDS": {**fields, "ANCHOR_TYPE_ID": 4}}
    assert told == [("ONCRMADDRESSREGISTER", data), ("ONCRMADDRESSUNREGISTER", data)]


def test_an_update_of_an_address_is_told_as_its_registration(app, address, portal):
    key = address()
    app.result("event.bind", {"event": "ONCRMADDRESSREGISTER", "event_type": "offline"})
    portal.act("crm.address.update", {"fields": key})
    assert len(app.result("event.offline.list")) == 1


def test_a_restored_portal_knows_its_addresses_and_what_is_queued(app, address, portal):
    app.result("event.bind", {"event": "ONCRMADDRESSREGISTER", "event_type": "offline"})
    key = address()
    other = Portal(seed=2)
    other.restore(portal.snapshot())
    assert other.records() == portal.records()
    other.act("crm.address.update", {"fields": {**key, "CITY": "Тверь"}})
    assert [entry.subject for entry in other.offline.entries.values()] == [
        (
            ("TYPE_ID", 6),
            ("ENTITY_TYPE_ID", 8),
            ("ENTITY_ID", 1),
            ("ANCHOR_ID", 1),
            ("ANCHOR_TYPE_ID", 4),
        )
    ]
    assert json.loads(other.snapshot())["tables"]["address"]["rows"][0]["CITY"] == "Тверь"


def test_the_ledger_sees_who_read_and_who_wrote_an_address(hook, address, portal):
    key = address()
    listed(hook)
    portal.clock.advance(1)
    hook.result("crm.address.update", {"fields": {**key, **WHOLE, "CITY": "Тверь"}})
    touch = portal.ledger.touches[-1]
    assert (touch.entity, touch.verb, touch.changed()) == ("address", "update", {"CITY"})
    assert touch.read_at_s == touch.at_s - 1


def test_the_types_of_addresses_and_of_owners_are_numbers_with_names(hook):
    types = {row["ID"]: row["NAME"] for row in hook.result("crm.enum.addresstype")}
    assert set(types) == {1, 4, 6, 8, 9, 11}
    assert types[6] == "Юридический адрес"
    owners = {row["ID"]: row["SYMBOL_CODE"] for row in hook.result("crm.enum.ownertype")}
    assert (owners[3], owners[4], owners[8]) == ("CONTACT", "COMPANY", "REQUISITE")
    assert set(hook.result("crm.enum.fields")) == set(hook.result("crm.enum.ownertype")[0])


def test_the_fields_of_an_address_name_its_key_as_immutable(hook):
    described = hook.result("crm.address.fields")
    immutable = {name for name, entry in described.items() if entry["isImmutable"]}
    assert immutable == {"TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID"}
    assert described["ANCHOR_ID"]["isReadOnly"] is True
