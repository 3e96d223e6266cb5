"""Phones, e-mails and sites: many values in one field, each with an id of its own."""

import pytest

FIRST, SECOND = "+74951234567", "+78121234567"


def values(portal, name="PHONE", number="1"):
    return [value["VALUE"] for value in portal.records()["company"][number].get(name, [])]


@pytest.fixture
def update(hook, company):
    """Updates the phones of a company that was entered with one phone."""
    company(PHONE=[{"VALUE": FIRST, "VALUE_TYPE": "MOBILE"}])
    return lambda *rows: hook.result("crm.company.update", {"id": 1, "fields": {"PHONE": rows}})


def test_a_value_has_an_id_and_its_kind_and_all_are_texts(update, hook):
    assert hook.result("crm.company.get", {"id": 1})["PHONE"] == [
        {"ID": "1", "VALUE_TYPE": "MOBILE", "VALUE": FIRST, "TYPE_ID": "PHONE"}
    ]


def test_a_row_without_an_id_is_appended(update, portal):
    update({"VALUE": SECOND})
    assert values(portal) == [FIRST, SECOND]


def test_the_same_value_without_an_id_is_doubled(update, portal):
    update({"VALUE": FIRST})
    update({"VALUE": FIRST})
    assert values(portal) == [FIRST] * 3
    numbers = [value["ID"] for value in portal.records()["company"]["1"]["PHONE"]]
    assert numbers == ["1", "2", "3"]


def test_a_row_with_an_id_changes_that_value_and_keeps_its_kind(update, portal):
    update({"ID": 1, "VALUE": SECOND})
    (value,) = portal.records()["company"]["1"]["PHONE"]
    assert (value["ID"], value["VALUE"], value["VALUE_TYPE"]) == ("1", SECOND, "MOBILE")
    update({"ID": "1", "VALUE": SECOND, "VALUE_TYPE": "HOME"})
    assert portal.records()["company"]["1"]["PHONE"][0]["VALUE_TYPE"] == "HOME"


@pytest.mark.parametrize(
    "row",
    [
        {"ID": 1, "DELETE": "Y"},
        {"ID": 1, "VALUE": FIRST, "DELETE": "Y"},
        {"ID": 1, "VALUE": ""},
        {"ID": 1},
        {"ID": "1", "VALUE": " "},
    ],
)
def test_a_value_is_deleted_by_delete_or_by_an_empty_value(update, hook, row):
    update({"VALUE": SECOND}, row)
    assert values(hook.portal) == [SECOND]


def test_what_is_not_mentioned_stays(update, portal):
    update({"VALUE": SECOND})
    update({"ID": 2, "VALUE": "+79161234567"})
    assert values(portal) == [FIRST, "+79161234567"]


def test_an_empty_list_changes_nothing(update, portal):
    update()
    assert values(portal) == [FIRST]


def test_a_field_without_values_is_absent_from_the_answer(update, hook):
    update({"ID": 1, "DELETE": "Y"})
    row = hook.result("crm.company.get", {"id": 1})
    assert "PHONE" not in row
    assert "EMAIL" not in row
    assert row["HAS_PHONE"] == "N"


def test_has_phone_and_has_email_follow_the_values(update, hook):
    assert hook.result("crm.company.get", {"id": 1})["HAS_PHONE"] == "Y"
    fields = {"EMAIL": [{"VALUE": "a@b.example"}]}
    hook.result("crm.company.update", {"id": 1, "fields": fields})
    assert hook.result("crm.company.get", {"id": 1})["HAS_EMAIL"] == "Y"


def test_the_id_of_another_records_value_changes_nothing(update, company, portal):
    company(PHONE=[{"VALUE": SECOND}])
    update({"ID": 2, "VALUE": "+70000000000"})
    assert values(portal) == [FIRST]
    assert values(portal, number="2") == [SECOND]


def test_ids_of_deleted_values_are_not_given_again(update, portal):
    update({"ID": 1, "DELETE": "Y"}, {"VALUE": SECOND})
    assert portal.records()["company"]["1"]["PHONE"][0]["ID"] == "2"


def test_rows_may_come_as_an_object(hook):
    fields = {"PHONE": {"n0": {"VALUE": FIRST}, "n1": {"VALUE": SECOND}}}
    hook.result("crm.company.add", {"fields": fields})
    assert values(hook.portal) == [FIRST, SECOND]


@pytest.mark.parametrize("wrong", ["никакой", "a@", "@b.example", "a b@c.example", "a@b"])
def test_an_email_without_an_address_is_refused_and_nothing_is_written(hook, wrong):
    fields = {"TITLE": "Ромашка", "EMAIL": [{"VALUE": wrong}]}
    status, code, text = hook.refusal("crm.company.add", {"fields": fields})
    assert (status, code) == (400, "ERROR_CORE")
    assert wrong in text
    assert hook.portal.records()["company"] == {}


def test_a_refused_email_leaves_the_record_as_it_was(hook, company):
    company(EMAIL=[{"VALUE": "a@b.example"}])
    before = hook.portal.records()["company"]["1"]
    fields = {"TITLE": "Иначе", "EMAIL": [{"ID": 1, "VALUE": "нет"}]}
    assert hook.refusal("crm.company.update", {"id": 1, "fields": fields})[1] == "ERROR_CORE"
    assert hook.portal.records()["company"]["1"] == before


def test_a_list_shows_multifields_only_where_they_are_named(update, hook):
    assert "PHONE" not in hook.result("crm.company.list")[0]
    assert "PHONE" not in hook.result("crm.company.list", {"select": ["*"]})[0]
    named = hook.result("crm.company.list", {"select": ["ID", "PHONE"]})
    assert named == [{"ID": "1", "PHONE": hook.portal.records()["company"]["1"]["PHONE"]}]


def test_a_filter_finds_any_value_of_the_field_exactly(update, hook, company):
    update({"VALUE": SECOND})
    company(PHONE=[{"VALUE": SECOND + "0"}])
    assert hook.listed("crm.company.list", filter={"PHONE": SECOND}) == ["1"]
    assert hook.listed("crm.company.list", filter={"PHONE": [FIRST, SECOND + "0"]}) == ["1", "2"]
    assert hook.listed("crm.company.list", filter={"PHONE": SECOND[:8]}) == []


def test_a_filter_finds_no_value_that_was_changed_or_deleted(update, hook):
    update({"ID": 1, "VALUE": SECOND})
    assert hook.listed("crm.company.list", filter={"PHONE": FIRST}) == []
    assert hook.listed("crm.company.list", filter={"PHONE": SECOND}) == ["1"]
    update({"ID": 1, "DELETE": "Y"})
    assert hook.listed("crm.company.list", filter={"PHONE": SECOND}) == []


def test_of_two_equal_values_one_can_go_and_the_filter_still_finds_the_other(update, hook):
    update({"VALUE": FIRST})
    update({"ID": 1, "DELETE": "Y"})
    assert values(hook.portal) == [FIRST]
    assert hook.listed("crm.company.list", filter={"PHONE": FIRST}) == ["1"]


def test_values_are_one_condition_among_others(update, hook, company):
    company("Вторая", PHONE=[{"VALUE": FIRST}, {"VALUE": SECOND}])
    company("Третья")

    def found(**asked):
        return hook.listed("crm.company.list", filter=asked)

    assert found(TITLE="Вторая", PHONE=SECOND) == ["2"]
    assert found(TITLE="Вторая", PHONE="+70000000000") == []
    assert found(**{"!PHONE": SECOND}) == ["1", "3"]
    assert found(**{"!=PHONE": [FIRST, SECOND]}) == ["3"]
    assert found(PHONE="") == ["3"]
    assert found(**{"!PHONE": ""}) == ["1", "2"]
    # Likeness is not for these fields: the whole value counts.
    assert found(**{"%PHONE": SECOND}) == ["2"]
    assert found(**{"%PHONE": SECOND[:-1]}) == []


def test_an_email_is_found_whatever_its_letter_case(hook, company):
    company(EMAIL=[{"VALUE": "Info@Romashka.example"}])
    assert hook.listed("crm.company.list", filter={"EMAIL": "info@romashka.example"}) == ["1"]
