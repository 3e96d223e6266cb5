"""Duplicates: found by what people can be reached by, merged into the first."""

import pytest

from b24_emulator.documents import DEAL
from b24_emulator.entities import COMPANY, CONTACT

FIND, MERGE = "crm.duplicate.findbycomm", "crm.entity.mergeBatch"


@pytest.fixture
def contact(portal):
    """Enters a contact in the portal's window and returns its number."""
    return lambda **fields: portal.act("crm.contact.add", {"fields": {"NAME": "Иван", **fields}})


def phones(*values):
    return [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]


def merged(caller, *numbers, entity=COMPANY):
    params = {"entityTypeId": entity.type_id, "entityIds": list(numbers)}
    return caller.result(MERGE, {"params": params})


@pytest.mark.parametrize(
    "asked", ["+7 916 123-45-67", "89161234567", "79161234567", "8 (916) 123-45-67 доб. 12"]
)
def test_a_phone_is_found_however_it_is_written(hook, company, asked):
    company(PHONE=phones("+7 (916) 123-45-67"))
    company(PHONE=phones("+7 (916) 123-45-68"))
    assert hook.result(FIND, {"type": "PHONE", "values": [asked]}) == {"COMPANY": [1]}


def test_an_address_of_mail_is_found_whatever_its_letters(hook, company, contact):
    company(EMAIL=phones("Info@Romashka.example"))
    contact(EMAIL=phones("info@romashka.example"))
    found = hook.result(FIND, {"type": "EMAIL", "values": ["INFO@romashka.example"]})
    assert found == {"CONTACT": [1], "COMPANY": [1]}
    asked = {"type": "EMAIL", "values": ["info@romashka.example"], "entity_type": "COMPANY"}
    assert hook.result(FIND, asked) == {"COMPANY": [1]}


@pytest.mark.parametrize("value", ["+7 999 000-00-00", "нет"])
def test_nothing_found_is_an_empty_array(hook, company, value):
    company()
    assert hook.result(FIND, {"type": "PHONE", "values": [value]}) == []


def test_after_twenty_contacts_companies_are_not_searched(hook, company, contact):
    company(PHONE=phones("89160000000"))
    for _ in range(19):
        contact(PHONE=phones("+79160000000"))
    asked = {"type": "PHONE", "values": ["79160000000"]}
    assert set(hook.result(FIND, asked)) == {"CONTACT", "COMPANY"}
    contact(PHONE=phones("+79160000000"))
    contact(PHONE=phones("+79160000000"))
    assert hook.result(FIND, asked) == {"CONTACT": list(range(1, 21))}


def test_only_twenty_values_are_looked_at(hook, company):
    company(PHONE=phones("+79160000000"))
    others = [f"+791611111{n:02}" for n in range(20)]
    assert hook.result(FIND, {"type": "PHONE", "values": [*others, "+79160000000"]}) == []


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "Communication type is not defined"),
        ({"type": "IM"}, "Communication type 'IM' is not supported in current context"),
        ({"type": "PHONE"}, "Communication values is not defined"),
    ],
)
def test_a_search_insists_on_type_and_values(hook, asked, text):
    assert hook.refusal(FIND, asked) == (400, "", text)


def test_the_first_record_survives_with_what_it_lacked(hook, company):
    company("Ромашка", PHONE=phones("111"), COMMENTS="важный")
    company("Ромашка", PHONE=phones("111", "222"), BANKING_DETAILS="счёт", ORIGIN_ID="1c")
    assert merged(hook, 1, 2) == {"STATUS": "SUCCESS", "ENTITY_IDS": [2]}
    (row,) = hook.portal.records()["company"].values()
    assert (row["ID"], row["COMMENTS"], row["BANKING_DETAILS"]) == ("1", "важный", "счёт")
    assert row["ORIGIN_ID"] == "1c"
    assert [value["VALUE"] for value in row["PHONE"]] == ["111", "222"]


def test_two_filled_values_that_differ_are_a_conflict_and_change_nothing(hook, company):
    company("Ромашка", PHONE=phones("111"))
    company("Лютик", PHONE=phones("222"))
    before = hook.portal.records()
    assert merged(hook, 1, 2) == {"STATUS": "CONFLICT", "ENTITY_IDS": []}
    assert hook.portal.records() == before


def test_different_external_keys_and_managers_are_no_conflict(hook, company):
    company(ORIGIN_ID="1c-a", ASSIGNED_BY_ID=1)
    company(ORIGIN_ID="1c-b", ASSIGNED_BY_ID=2)
    assert merged(hook, 2, 1)["STATUS"] == "SUCCESS"
    (row,) = hook.portal.records()["company"].values()
    assert (row["ID"], row["ORIGIN_ID"], row["ASSIGNED_BY_ID"]) == ("2", "1c-b", "2")


def test_requisites_accounts_and_addresses_go_over_to_the_survivor(hook, company, requisite):
    company()
    number = requisite(RQ_INN="7701234567")
    hook.result("crm.requisite.bankdetail.add", {"fields": {"ENTITY_ID": number, "NAME": "Счёт"}})
    address = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": number, "CITY": "Москва"}
    hook.result("crm.address.add", {"fields": address})
    merged(hook, 1, 2)
    records = hook.portal.records()
    assert (records["requisite"]["1"]["ENTITY_ID"], len(records["bankdetail"])) == ("1", 1)
    assert (records["address"]["1"]["ANCHOR_ID"], records["address"]["1"]["CITY"]) == (
        "1",
        "Москва",
    )


def test_contacts_of_a_merged_company_belong_to_the_survivor(hook, company, contact):
    company()
    company()
    person, other = contact(COMPANY_ID=2), contact(COMPANY_IDS=[1, 2])
    merged(hook, 1, 2)
    assert [hook.portal.records()["contact"][str(n)]["COMPANY_ID"] for n in (person, other)] == [
        "1",
        "1",
    ]
    found = hook.result("crm.company.contact.items.get", {"id": 1})
    assert sorted(row["CONTACT_ID"] for row in found) == [person, other]


def test_companies_of_a_merged_contact_are_the_survivors(hook, company, contact):
    first, second = contact(COMPANY_ID=company()), contact(COMPANY_ID=company())
    assert merged(hook, first, second, entity=CONTACT)["STATUS"] == "SUCCESS"
    found = hook.result("crm.contact.company.items.get", {"id": first})
    assert [(row["COMPANY_ID"], row["IS_PRIMARY"]) for row in found] == [(1, "Y"), (2, "N")]


def test_a_merge_is_told_as_an_update_and_an_ordinary_deletion(app, company, requisite, portal):
    company()
    requisite()
    for kind in ("COMPANY", "REQUISITE"):
        for verb in ("ADD", "UPDATE", "DELETE"):
            app.result("event.bind", {"event": f"ONCRM{kind}{verb}", "event_type": "offline"})
    portal.act(MERGE, {"params": {"entityTypeId": 4, "entityIds": [1, 2]}})
    told = [
        (row["EVENT_NAME"], row["EVENT_DATA"]["FIELDS"]["ID"])
        for row in app.result("event.offline.list")
    ]
    assert told == [("ONCRMCOMPANYUPDATE", "1"), ("ONCRMCOMPANYDELETE", "2")]


def test_the_ledger_names_who_merged_and_what_moved(company, requisite, portal):
    company()
    requisite()
    portal.clock.advance(1)
    portal.act(MERGE, {"params": {"entityTypeId": 4, "entityIds": [1, 2]}}, user="1")
    touches = [(t.entity, t.verb, t.key, t.actor) for t in portal.ledger.since(portal.now_s)]
    assert touches == [
        ("requisite", "update", "1", "user:1"),
        ("company", "update", "1", "user:1"),
        ("company", "delete", "2", "user:1"),
    ]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "The parameter entityTypeId is required."),
        ({"entityTypeId": 4}, "The parameter entityIds does not contains valid elements."),
        (
            {"entityTypeId": 4, "entityIds": [1, 1]},
            "The parameter entityIds must contains at least two elements.",
        ),
        ({"entityTypeId": 5, "entityIds": [1, 2]}, "Entity type INVOICE is not supported"),
        ({"entityTypeId": 4, "entityIds": [1, 9]}, "Owner was not found"),
    ],
)
def test_a_merge_insists_on_two_records_of_one_type(hook, company, params, text):
    company()
    assert hook.refusal(MERGE, {"params": params}) == (400, "0", text)


@pytest.fixture
def deal(portal):
    """Enters a deal in the portal's window and returns its number."""
    return lambda **fields: portal.act("crm.deal.add", {"fields": {"TITLE": "Окна", **fields}})


def test_leads_are_found_first(hook, company, portal):
    company(PHONE=phones("+79160000000"))
    portal.act("crm.lead.add", {"fields": {"TITLE": "А", "PHONE": phones("89160000000")}})
    asked = {"type": "PHONE", "values": ["79160000000"]}
    found = hook.result(FIND, asked)
    assert list(found.items()) == [("LEAD", [1]), ("COMPANY", [1])]
    assert hook.result(FIND, {**asked, "entity_type": "LEAD"}) == {"LEAD": [1]}


@pytest.mark.parametrize("type_id", [1, 2, 3, 4, 7, 31, 1030])
def test_records_of_every_kind_that_has_items_are_merged(hook, portal, type_id):
    portal.act("crm.type.add", {"fields": {"title": "Заявки", "entityTypeId": 1030}})
    sent = {"entityTypeId": type_id, "fields": {"title": "Окна", "name": "Окна"}}
    first, second = (hook.result("crm.item.add", sent)["item"]["id"] for _ in range(2))
    params = {"entityTypeId": type_id, "entityIds": [first, second]}
    assert hook.result(MERGE, {"params": params}) == {"STATUS": "SUCCESS", "ENTITY_IDS": [second]}
    gone = hook.refusal("crm.item.get", {"entityTypeId": type_id, "id": second})
    assert gone == (400, "NOT_FOUND", "Item not found")


def test_a_merged_deal_gives_its_contacts_and_what_was_empty(hook, deal, contact):
    deal(CONTACT_ID=contact(), OPPORTUNITY=0)
    deal(CONTACT_ID=contact(NAME="Пётр"), OPPORTUNITY=500, COMMENTS="Срочно")
    assert merged(hook, 1, 2, entity=DEAL)["STATUS"] == "SUCCESS"
    row = hook.result("crm.deal.get", {"id": 1})
    assert (row["CONTACT_ID"], row["OPPORTUNITY"], row["COMMENTS"]) == ("1", "500.00", "Срочно")
    held = hook.result("crm.deal.contact.items.get", {"id": 1})
    assert [one["CONTACT_ID"] for one in held] == [1, 2]


@pytest.mark.parametrize("fields", [{"STAGE_ID": "WON"}, {"OPPORTUNITY": 7}, {"TITLE": "Двери"}])
def test_deals_that_differ_are_left_to_people(hook, deal, fields):
    deal(OPPORTUNITY=500)
    deal(**{"OPPORTUNITY": 500, **fields})
    assert merged(hook, 1, 2, entity=DEAL)["STATUS"] == "CONFLICT"
    assert len(hook.listed("crm.deal.list")) == 2


def rows(caller, deal, *prices):
    sent = [{"PRODUCT_NAME": "Окно", "PRICE": price} for price in prices]
    caller.result("crm.deal.productrows.set", {"id": deal, "rows": sent})


def test_rows_of_products_go_over_to_a_deal_without_any(hook, deal):
    rows(hook, deal() and deal(), 5, 6)
    assert merged(hook, 1, 2, entity=DEAL)["STATUS"] == "SUCCESS"
    found = hook.result("crm.deal.productrows.get", {"id": 1})
    assert [row["PRICE"] for row in found] == [5, 6]
    assert hook.result("crm.deal.get", {"id": 1})["OPPORTUNITY"] == "11.00"


def test_an_amount_by_hand_is_not_lost_to_rows_of_products(hook, deal):
    deal(OPPORTUNITY=500)
    rows(hook, deal(), 5)
    assert merged(hook, 1, 2, entity=DEAL)["STATUS"] == "CONFLICT"


@pytest.mark.parametrize(("price", "status"), [(5, "SUCCESS"), (6, "CONFLICT")])
def test_rows_of_products_that_both_have_are_the_same_or_a_conflict(hook, deal, price, status):
    rows(hook, deal(), 5)
    rows(hook, deal(), price)
    assert merged(hook, 1, 2, entity=DEAL)["STATUS"] == status
    assert len(hook.result("crm.deal.productrows.get", {"id": 1})) == 1


def test_activities_and_comments_of_the_merged_are_the_survivors(hook, company):
    company(), company()
    for owner in (1, 2):
        told = [{"VALUE": "1", "ENTITY_ID": owner, "ENTITY_TYPE_ID": 4}]
        base = {"OWNER_TYPE_ID": 4, "OWNER_ID": owner, "TYPE_ID": 2, "RESPONSIBLE_ID": 1}
        call = {**base, "SUBJECT": "Звонок", "COMMUNICATIONS": told}
        hook.result("crm.activity.add", {"fields": call})
        comment = {"ENTITY_TYPE": "company", "ENTITY_ID": owner, "COMMENT": "К"}
        hook.result("crm.timeline.comment.add", {"fields": comment})
    hook.result("crm.activity.binding.add", {"activityId": 2, "entityTypeId": 4, "entityId": 1})
    merged(hook, 1, 2)
    asked = {"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 4, "OWNER_ID": 1}]}}
    assert hook.listed("crm.activity.list", **asked) == ["1", "2"]
    bound = hook.result("crm.activity.binding.list", {"activityId": 2})
    assert bound == [{"entityTypeId": 4, "entityId": 1}]
    asked = {"filter": {"ENTITY_TYPE": "company", "ENTITY_ID": 1}}
    assert hook.listed("crm.timeline.comment.list", **asked) == ["1", "2"]
