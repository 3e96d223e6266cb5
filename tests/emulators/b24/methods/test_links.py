"""Contacts of a company and companies of a contact: many to many, one of them first."""

import pytest

COMPANY, CONTACT = "crm.company.contact", "crm.contact.company"


@pytest.fixture
def contact(portal):
    """Enters a contact in the portal's window and returns its number."""
    return lambda **fields: portal.act("crm.contact.add", {"fields": {"NAME": "Иван", **fields}})


def companies(hook, number):
    rows = hook.result(f"{CONTACT}.items.get", {"id": number})
    return [(row["COMPANY_ID"], row["IS_PRIMARY"]) for row in rows]


def contacts(hook, number):
    return [row["CONTACT_ID"] for row in hook.result(f"{COMPANY}.items.get", {"id": number})]


def first_of(hook, number):
    return hook.result("crm.contact.get", {"id": number})["COMPANY_ID"]


def test_links_are_numbers_with_a_sort_of_tens(hook, company, contact):
    person, firms = contact(), [company(), company()]
    for firm in firms:
        assert hook.result(f"{CONTACT}.add", {"id": person, "fields": {"COMPANY_ID": firm}}) is True
    assert hook.result(f"{CONTACT}.items.get", {"id": person}) == [
        {"COMPANY_ID": 1, "SORT": 10, "ROLE_ID": 0, "IS_PRIMARY": "Y"},
        {"COMPANY_ID": 2, "SORT": 20, "ROLE_ID": 0, "IS_PRIMARY": "N"},
    ]
    assert first_of(hook, person) == "1"


def test_adding_a_present_link_answers_false(hook, company, contact):
    asked = {"id": company(), "fields": {"CONTACT_ID": contact()}}
    assert hook.result(f"{COMPANY}.add", asked) is True
    assert hook.result(f"{COMPANY}.add", asked) is False
    assert contacts(hook, 1) == [1]


def test_is_primary_takes_the_first_place_over(hook, company, contact):
    person = contact(COMPANY_ID=company())
    fields = {"COMPANY_ID": company(), "IS_PRIMARY": "Y", "SORT": 5}
    hook.result(f"{CONTACT}.add", {"id": person, "fields": fields})
    assert companies(hook, person) == [(2, "Y"), (1, "N")]
    assert first_of(hook, person) == "2"


def test_when_the_first_company_goes_the_next_one_becomes_first(hook, company, contact):
    person = contact(COMPANY_IDS=[company(), company(), company()])
    hook.result(f"{CONTACT}.delete", {"id": person, "fields": {"COMPANY_ID": 1}})
    assert companies(hook, person) == [(2, "Y"), (3, "N")]
    assert first_of(hook, person) == "2"


def test_a_contacts_set_is_made_anew_and_its_first_item_is_first(hook, company, contact):
    person = contact(COMPANY_IDS=[company(), company(), company()])
    items = [{"COMPANY_ID": 3}, {"COMPANY_ID": 1}]
    hook.result(f"{CONTACT}.items.set", {"id": person, "items": items})
    assert companies(hook, person) == [(3, "Y"), (1, "N")]
    assert contacts(hook, 2) == []


def test_a_companys_set_leaves_the_first_companies_of_those_who_stay(hook, company, contact):
    firm, other = company(), company()
    stays, goes, comes = contact(COMPANY_IDS=[firm, other]), contact(COMPANY_ID=firm), contact()
    items = [{"CONTACT_ID": stays}, {"CONTACT_ID": comes}]
    hook.result(f"{COMPANY}.items.set", {"id": firm, "items": items})
    assert contacts(hook, firm) == [stays, comes]
    assert [first_of(hook, person) for person in (stays, goes, comes)] == ["1", None, "1"]


def test_a_set_with_one_wrong_item_is_refused_and_changes_nothing(hook, company, contact):
    person = contact(COMPANY_ID=company())
    for wrong in ({"COMPANY_ID": 9}, {}, "1"):
        asked = {"id": person, "items": [{"COMPANY_ID": company()}, wrong]}
        assert hook.refusal(f"{CONTACT}.items.set", asked)[0] == 400
    assert companies(hook, person) == [(1, "Y")]


def test_items_delete_clears_all(hook, company, contact):
    firm = company()
    people = [contact(COMPANY_ID=firm), contact(COMPANY_ID=firm)]
    hook.result(f"{COMPANY}.items.delete", {"id": firm})
    assert contacts(hook, firm) == []
    assert [first_of(hook, person) for person in people] == [None, None]


def test_a_change_of_links_is_an_update_of_the_contact(hook, company, contact, portal):
    company()
    contact()
    hook.result(f"{COMPANY}.add", {"id": 1, "fields": {"CONTACT_ID": 1}})
    touch = portal.ledger.touches[-1]
    assert (touch.entity, touch.verb, touch.actor) == ("contact", "update", "webhook:1")
    assert "COMPANY_ID" in touch.changed()


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "The parameter 'ownerEntityID' is invalid or not defined."),
        ({"id": 9}, "Not found."),
        ({"id": 1}, "The parameter 'fields' must be array."),
        ({"id": 1, "fields": {}}, "The parameter 'fields' is not valid."),
        ({"id": 1, "fields": {"CONTACT_ID": 9}}, "The parameter 'fields' is not valid."),
    ],
)
def test_a_wrong_link_is_refused_with_an_empty_code(hook, company, asked, text):
    company()
    assert hook.refusal(f"{COMPANY}.add", asked) == (400, "", text)


def test_items_that_are_no_array_are_refused(hook, company):
    refused = hook.refusal(f"{COMPANY}.items.set", {"id": company(), "items": "1"})
    assert refused == (400, "", "The parameter items must be array.")


def test_a_company_may_name_its_contacts_in_its_own_fields(hook, company, contact, portal):
    people = [contact(), contact(), contact()]
    firm = company(CONTACT_ID=people[:2])
    assert contacts(hook, firm) == people[:2]
    portal.act("crm.company.update", {"id": firm, "fields": {"CONTACT_ID": [2, 3, 99]}})
    assert contacts(hook, firm) == [2, 3]
    assert [first_of(hook, person) for person in people] == [None, "1", "1"]


def test_a_contact_without_company_id_leaves_its_first_company(hook, company, contact, portal):
    person = contact(COMPANY_ID=company())
    portal.act("crm.contact.update", {"id": person, "fields": {"COMPANY_ID": ""}})
    assert companies(hook, person) == []
    assert first_of(hook, person) is None


def test_a_deleted_contact_is_in_no_company(hook, company, contact, portal):
    firm = company()
    portal.act("crm.contact.delete", {"id": contact(COMPANY_ID=firm)})
    assert contacts(hook, firm) == []


@pytest.mark.parametrize("family", [COMPANY, CONTACT])
def test_the_fields_of_a_link_are_described(hook, family):
    described = hook.result(f"{family}.fields")
    other = "CONTACT_ID" if family == COMPANY else "COMPANY_ID"
    assert {other, "SORT", "IS_PRIMARY"} <= set(described)


def test_a_contact_of_two_companies_keeps_the_other_when_one_is_deleted(
    hook, company, contact, portal
):
    person = contact(COMPANY_IDS=[company(), company()])
    portal.act("crm.company.delete", {"id": 1})
    assert first_of(hook, person) == "2"
    assert companies(hook, person) == [(2, "Y")]
