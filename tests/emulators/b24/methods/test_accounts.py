"""Bank details: they hang on a requisite, take its country and go with it."""

import pytest

FAMILY = "crm.requisite.bankdetail"
RUBLES = {"NAME": "Расчётный счёт", "RQ_ACC_NUM": "40702810700000000101", "RQ_BIK": "049999001"}


@pytest.fixture
def account(portal, requisite):
    """Enters a bank detail of a new requisite and returns its number."""

    def make(**fields):
        sent = {"ENTITY_ID": requisite(), **RUBLES, **fields}
        return portal.act(f"{FAMILY}.add", {"fields": sent})

    return make


def row_of(hook, number):
    return hook.result(f"{FAMILY}.get", {"id": number})


def test_a_new_account_takes_the_country_of_its_requisites_template(hook, account):
    row = row_of(hook, account(COUNTRY_ID=6))
    assert (row["ENTITY_ID"], row["COUNTRY_ID"], row["ACTIVE"], row["SORT"]) == (
        "1",
        "1",
        "Y",
        "500",
    )
    assert (row["RQ_BIK"], row["RQ_SWIFT"], row["DATE_MODIFY"]) == ("049999001", None, "")
    assert "ENTITY_TYPE_ID" not in row


def test_an_update_names_what_changes_and_the_rest_stays(hook, account):
    number = account(XML_ID="1c-account")
    sent = {"id": number, "fields": {"RQ_BIK": "044525225", "ENTITY_ID": 9}}
    assert hook.result(f"{FAMILY}.update", sent) is True
    row = row_of(hook, number)
    assert (row["RQ_BIK"], row["RQ_ACC_NUM"]) == ("044525225", RUBLES["RQ_ACC_NUM"])
    assert (row["ENTITY_ID"], row["XML_ID"], row["MODIFY_BY_ID"]) == ("1", "1c-account", "1")


def test_accounts_are_found_by_requisite_and_by_external_key(hook, account):
    account()
    account(XML_ID="1c-account")
    assert hook.listed(f"{FAMILY}.list", filter={"ENTITY_ID": [1]}) == ["1"]
    assert hook.listed(f"{FAMILY}.list", filter={"XML_ID": "1c-account"}) == ["2"]


@pytest.mark.parametrize(("wrong", "value"), [("ENTITY_ID", 99), ("ENTITY_ID", ""), ("NAME", "")])
def test_an_account_insists_on_its_requisite_and_its_name(hook, account, wrong, value):
    account()
    refused = hook.refusal(f"{FAMILY}.add", {"fields": {"ENTITY_ID": 1, **RUBLES, wrong: value}})
    assert refused == (400, "", f"{wrong} is not defined or invalid.")


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_an_account_that_is_not_there_is_refused_by_its_number(hook, verb):
    refused = hook.refusal(f"{FAMILY}.{verb}", {"id": 357})
    assert refused == (400, "", "The RequisiteBankDetail with ID '357' is not found")


def test_accounts_go_with_their_requisite_and_its_owner(hook, account, portal):
    account()
    account()
    portal.act("crm.requisite.delete", {"id": 1})
    assert hook.listed(f"{FAMILY}.list") == ["2"]
    portal.act("crm.company.delete", {"id": 2})
    assert hook.listed(f"{FAMILY}.list") == []


def test_an_account_is_told_of_by_its_number(app, account, portal):
    for verb in ("ADD", "UPDATE", "DELETE"):
        app.result("event.bind", {"event": f"ONCRMBANKDETAIL{verb}", "event_type": "offline"})
    number = account()
    portal.act(f"{FAMILY}.update", {"id": number, "fields": {"RQ_BIK": "1"}})
    portal.act("crm.company.delete", {"id": 1})
    told = [(row["EVENT_NAME"], row["EVENT_DATA"]) for row in app.result("event.offline.list")]
    data = {"FIELDS": {"ID": "1"}}
    assert told == [(f"ONCRMBANKDETAIL{verb}", data) for verb in ("ADD", "UPDATE", "DELETE")]


def test_a_client_with_requisite_account_and_address_fits_one_batch(hook):
    owner = "fields[ENTITY_TYPE_ID]=4&fields[ENTITY_ID]=$result[firm]&fields[PRESET_ID]=1"
    parent = "fields[ENTITY_ID]=$result[requisite]"
    answer = hook.batch(
        {
            "firm": "crm.company.add?fields[TITLE]=Ромашка",
            "requisite": f"crm.requisite.add?{owner}&fields[NAME]=Реквизиты",
            "account": f"{FAMILY}.add?{parent}&fields[NAME]=Счёт",
            "address": f"crm.address.add?{parent}&fields[ENTITY_TYPE_ID]=8&fields[TYPE_ID]=6",
        }
    )
    assert answer["result_error"] == []
    assert answer["result"] == {"firm": 1, "requisite": 1, "account": 1, "address": True}
    assert hook.portal.records()["bankdetail"]["1"]["ENTITY_ID"] == "1"


def test_an_account_is_entered_though_its_requisites_template_is_gone(hook, portal, requisite):
    owner = requisite()
    portal.act("crm.requisite.preset.delete", {"id": 1})
    number = hook.result(f"{FAMILY}.add", {"fields": {"ENTITY_ID": owner, **RUBLES}})
    assert row_of(hook, number)["ENTITY_ID"] == str(owner)
