"""Records: what a new one starts with, what may be written, what goes with what."""

import pytest

NEVER_WRITTEN = {
    "ID": "77",
    "DATE_CREATE": "2001-01-01",
    "DATE_MODIFY": "2001-01-01",
    "CREATED_BY_ID": "77",
    "MODIFY_BY_ID": "77",
    "LEAD_ID": "77",
    "HAS_PHONE": "Y",
    "HAS_EMAIL": "Y",
}


def stored(portal, entity, **fields):
    number = portal.act(f"crm.{entity}.add", {"fields": fields})
    return portal.records()[entity][str(number)]


@pytest.fixture
def requisite(portal, company):
    """Enters a requisite of a company."""

    def make(**fields):
        owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company(), "PRESET_ID": 1, "NAME": "Реквизиты"}
        return stored(portal, "requisite", **{**owner, **fields})

    return make


def test_a_new_company_starts_with_the_portals_defaults(portal):
    row = stored(portal, "company")
    now = "2025-11-03T09:00:00+03:00"
    expected = {
        "TITLE": "Компания #1",
        "OPENED": "Y",
        "IS_MY_COMPANY": "N",
        "REVENUE": "0",
        "CURRENCY_ID": "RUB",
        "COMPANY_TYPE": "CUSTOMER",
        "ASSIGNED_BY_ID": "1",
        "DATE_CREATE": now,
        "DATE_MODIFY": now,
        "HAS_PHONE": "N",
        "COMMENTS": None,
        "ORIGIN_ID": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_a_new_contact_starts_with_the_first_row_of_each_directory(portal):
    row = stored(portal, "contact", NAME="Иван")
    shown = {name: row[name] for name in ("TYPE_ID", "SOURCE_ID", "OPENED", "EXPORT", "BIRTHDATE")}
    assert shown == {
        "TYPE_ID": "CLIENT",
        "SOURCE_ID": "CALL",
        "OPENED": "Y",
        "EXPORT": "Y",
        "BIRTHDATE": "",
    }
    assert row["COMPANY_ID"] is None


def test_a_new_requisite_was_never_modified(requisite):
    row = requisite(RQ_INN="7701234567")
    assert (row["DATE_MODIFY"], row["ACTIVE"], row["SORT"]) == ("", "Y", "500")
    assert (row["RQ_INN"], row["RQ_KPP"]) == ("7701234567", None)


def test_every_scalar_is_kept_as_a_text(requisite, portal):
    stored(portal, "contact", NAME="Иван", COMPANY_ID=1)
    requisite(SORT=0)
    for rows in portal.records().values():
        for row in rows.values():
            assert all(value is None or isinstance(value, str) for value in row.values())


@pytest.mark.parametrize("entity", ["company", "contact"])
def test_read_only_fields_cannot_be_written(portal, entity):
    plain = stored(portal, entity)
    row = stored(portal, entity, **NEVER_WRITTEN)
    differing = {name for name in row if row[name] != plain[name]}
    assert differing <= {"ID", "TITLE"}
    portal.act(f"crm.{entity}.update", {"id": 2, "fields": NEVER_WRITTEN})
    assert portal.records()[entity]["2"] == row


def test_an_immutable_field_is_written_once(portal, requisite):
    requisite()
    moved = {"ENTITY_ID": 2, "ENTITY_TYPE_ID": 3, "PRESET_ID": 2, "NAME": "Другие"}
    portal.act("crm.requisite.update", {"id": 1, "fields": moved})
    row = portal.records()["requisite"]["1"]
    kept = ("ENTITY_ID", "ENTITY_TYPE_ID", "PRESET_ID", "NAME")
    assert [row[name] for name in kept] == ["1", "4", "1", "Другие"]


def test_what_an_update_does_not_name_stays(portal, company):
    company("Ромашка", COMMENTS="важный", ORIGIN_ID="1c")
    portal.act("crm.company.update", {"id": 1, "fields": {"COMMENTS": ""}})
    row = portal.records()["company"]["1"]
    assert (row["TITLE"], row["COMMENTS"], row["ORIGIN_ID"]) == ("Ромашка", None, "1c")


def test_a_company_whose_name_is_taken_gets_one_from_its_number(portal, company):
    company("Ромашка")
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": ""}})
    assert portal.records()["company"]["1"]["TITLE"] == "Компания #1"


def test_an_update_says_when_and_by_whom(portal, hook, company):
    company()
    portal.clock.advance(90)
    hook.result("crm.company.update", {"id": 1})
    row = portal.records()["company"]["1"]
    assert row["DATE_MODIFY"] == "2025-11-03T09:01:30+03:00"
    assert row["DATE_CREATE"] == "2025-11-03T09:00:00+03:00"


def test_numbers_grow_and_are_never_given_twice(portal, company):
    assert [company(), company()] == [1, 2]
    portal.act("crm.company.delete", {"id": 2})
    assert company() == 3


def test_requisites_go_with_their_owner_and_with_nobody_else(portal, requisite):
    requisite()
    person = portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    owner = {"ENTITY_TYPE_ID": 3, "ENTITY_ID": person, "PRESET_ID": 3, "NAME": "Личные"}
    stored(portal, "requisite", **owner)
    portal.act("crm.company.delete", {"id": 1})
    assert list(portal.records()["requisite"]) == ["2"]
    portal.act("crm.contact.delete", {"id": 1})
    assert portal.records()["requisite"] == {}


def test_a_requisite_of_nobody_is_refused(hook):
    fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": 9, "PRESET_ID": 1, "NAME": "Реквизиты"}
    assert hook.refusal("crm.requisite.add", {"fields": fields}) == (400, "", "Entity not found.")


def test_importing_says_who_and_when_only_with_its_flag(hook):
    fields = {"CREATED_BY_ID": "7", "DATE_CREATE": "2001-02-03T04:05:06+03:00", "LEAD_ID": "5"}
    for flag in ("Y", "N"):
        hook.result("crm.company.add", {"fields": fields, "params": {"IMPORT": flag}})
    imported, ordinary = hook.portal.records()["company"].values()
    assert (imported["CREATED_BY_ID"], imported["LEAD_ID"]) == ("7", None)
    assert imported["DATE_CREATE"] == "2001-02-03T04:05:06+03:00"
    assert ordinary["CREATED_BY_ID"] == "1"


def test_a_requisite_cannot_be_imported(hook, company):
    owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company(), "PRESET_ID": 1, "NAME": "Реквизиты"}
    fields = {**owner, "DATE_CREATE": "2001-02-03T04:05:06+03:00"}
    hook.result("crm.requisite.add", {"fields": fields, "params": {"IMPORT": "Y"}})
    assert hook.portal.records()["requisite"]["1"]["DATE_CREATE"] == "2025-11-03T09:00:00+03:00"


def test_a_requisite_insists_on_its_owner_its_preset_and_its_name(hook, company):
    whole = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company(), "PRESET_ID": 1, "NAME": "Реквизиты"}
    fields = {}
    for name, value in whole.items():
        refused = hook.refusal("crm.requisite.add", {"fields": fields})
        assert refused == (400, "", f"{name} is not defined or invalid.")
        fields[name] = value
    assert hook.result("crm.requisite.add", {"fields": fields}) == 1


def test_an_update_without_effect_still_moves_the_moment(hook, company, portal):
    company("Ромашка")
    before = portal.records()["company"]["1"]
    portal.clock.advance(60)
    hook.result("crm.company.update", {"id": 1, "fields": {"TITLE": "Ромашка", "NO_SUCH": "1"}})
    after = portal.records()["company"]["1"]
    assert {name for name in after if after[name] != before[name]} == {"DATE_MODIFY"}
