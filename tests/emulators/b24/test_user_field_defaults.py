"""Defaults of user fields, and mandatory ones: which families fill them in, which insist."""

import pytest

from b24_emulator.rules.switches import Switches

MANDATORY = {
    "FIELD_NAME": "DOGOVOR",
    "USER_TYPE_ID": "string",
    "MANDATORY": "Y",
    "LABEL": "Договор",
}
DEMANDED = 'Поле "Договор" обязательно для заполнения.<br>'


@pytest.fixture
def field(portal):
    """Makes a user field of deals, by its name."""

    def make(name, kind, default=None, **more):
        settings = {} if default is None else {"SETTINGS": {"DEFAULT_VALUE": default}}
        base = {"FIELD_NAME": name, "USER_TYPE_ID": kind, **settings, **more}
        portal.act("crm.deal.userfield.add", {"fields": base})
        return f"UF_CRM_{name}"

    return make


def added(hook, **fields):
    number = hook.result("crm.deal.add", {"fields": {"TITLE": "А", **fields}})
    return hook.result("crm.deal.get", {"id": number})


def item(hook, **fields):
    return hook.result("crm.item.add", {"entityTypeId": 2, "fields": fields})["item"]


@pytest.mark.parametrize(
    ("kind", "default", "kept"),
    [
        ("string", "Нет", "Нет"),
        ("integer", 7, "7"),
        ("double", 1.5, "1.5"),
        ("boolean", 1, "1"),
        ("url", "https://sever.example", "https://sever.example"),
    ],
)
def test_a_classic_record_gets_the_default_of_what_is_not_edited_in_lists(
    hook, field, kind, default, kept
):
    hidden = field("HIDDEN", kind, default, EDIT_IN_LIST="N")
    shown = field("SHOWN", kind, default)
    row = added(hook)
    assert (row[hidden], row[shown]) == (kept, "")
    assert added(hook, **{hidden: "" if kind == "string" else 0})[hidden] != kept


def test_a_classic_record_gets_no_moment_and_no_element(hook, field):
    moment = {"VALUE": "2026-01-01T00:00:00+03:00", "TYPE": "FIXED"}
    name = field("WHEN", "datetime", moment, EDIT_IN_LIST="N", MULTIPLE="Y")
    chosen = field("KIND", "enumeration", LIST=[{"VALUE": "А", "DEF": "Y"}], EDIT_IN_LIST="N")
    row = added(hook)
    assert (row[name], row[chosen]) == ([], "")


def test_a_default_is_of_new_records_only(hook, field):
    before = added(hook)["ID"]
    name = field("HIDDEN", "string", "Нет", EDIT_IN_LIST="N")
    assert hook.result("crm.deal.get", {"id": before})[name] == ""
    hook.result("crm.deal.update", {"id": before, "fields": {"TITLE": "Б"}})
    assert hook.result("crm.deal.get", {"id": before})[name] == ""


def test_an_item_gets_all_defaults_that_were_not_sent(hook, field):
    field("WORD", "string", "Нет")
    field("MANY", "string", "Нет", MULTIPLE="Y")
    field("KIND", "enumeration", LIST=[{"VALUE": "А"}, {"VALUE": "Б", "DEF": "Y"}])
    field("NOW", "datetime", {"TYPE": "NOW", "VALUE": ""})
    field("FIXED", "date", {"TYPE": "FIXED", "VALUE": "2026-01-02"})
    field("NONE", "date", {"TYPE": "NONE", "VALUE": "2026-01-02"})
    made = item(hook, title="А")
    assert (made["ufCrmWord"], made["ufCrmMany"], made["ufCrmKind"]) == ("Нет", ["Нет"], 2)
    assert made["ufCrmNow"] == made["createdTime"]
    assert (made["ufCrmFixed"][:10], made["ufCrmNone"]) == ("2026-01-02", None)
    sent = item(hook, title="А", ufCrmWord="Да", ufCrmKind=1, ufCrmMany=[])
    assert (sent["ufCrmWord"], sent["ufCrmMany"], sent["ufCrmKind"]) == ("Да", [], 1)


def test_a_default_fills_a_mandatory_field_of_an_item(hook, field):
    field("DOGOVOR", "string", "б/н", MANDATORY="Y")
    assert item(hook, title="А")["ufCrmDogovor"] == "б/н"


@pytest.mark.parametrize("family", ["company", "contact", "deal", "lead", "quote"])
def test_classic_families_insist_where_the_portal_is_set_so(portals, calling, family):
    hook = calling(portals(switches=Switches(classic_demands_user_fields=True)))
    hook.result(f"crm.{family}.userfield.add", {"fields": MANDATORY})
    new = {"TITLE": "А", "NAME": "А"}
    refused = (400, "ERROR_CORE", DEMANDED)
    assert hook.refusal(f"crm.{family}.add", {"fields": new}) == refused
    whole = {"fields": {**new, "uf_crm_dogovor": "12/7"}}
    number = hook.result(f"crm.{family}.add", whole)
    changed = {"id": number, "fields": {"UF_CRM_DOGOVOR": ""}}
    assert hook.refusal(f"crm.{family}.update", changed) == refused
    assert hook.result(f"crm.{family}.update", {"id": number, "fields": {"COMMENTS": "Б"}})


def test_old_invoices_insist_too_and_people_are_not_asked(portals, calling):
    portal = portals(switches=Switches(classic_demands_user_fields=True))
    hook = calling(portal)
    hook.result("crm.invoice.userfield.add", {"fields": MANDATORY})
    new = {"ORDER_TOPIC": "А", "PAY_SYSTEM_ID": 1, "PERSON_TYPE_ID": 1, "STATUS_ID": "N"}
    assert hook.refusal("crm.invoice.add", {"fields": new})[2] == DEMANDED
    number = portal.act("crm.invoice.add", {"fields": new})
    changed = {"id": number, "fields": {"UF_CRM_DOGOVOR": ""}}
    assert hook.refusal("crm.invoice.update", changed)[2] == DEMANDED


def test_a_default_fills_a_mandatory_field_of_a_classic_record(portals, calling):
    hook = calling(portals(switches=Switches(classic_demands_user_fields=True)))
    settings = {"EDIT_IN_LIST": "N", "SETTINGS": {"DEFAULT_VALUE": "б/н"}}
    hook.result("crm.deal.userfield.add", {"fields": {**MANDATORY, **settings}})
    assert added(hook)["UF_CRM_DOGOVOR"] == "б/н"


def test_by_default_a_classic_record_needs_no_mandatory_field(hook):
    hook.result("crm.deal.userfield.add", {"fields": MANDATORY})
    assert added(hook)["UF_CRM_DOGOVOR"] == ""


def test_items_do_not_insist_where_the_portal_is_set_so(portals, calling):
    hook = calling(portals(switches=Switches(items_demand_user_fields=False)))
    hook.result("crm.deal.userfield.add", {"fields": MANDATORY})
    assert item(hook, title="А")["ufCrmDogovor"] is None
