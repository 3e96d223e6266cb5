"""Currencies, the base one, and documents that are kept in them."""

import pytest

TENGE = {"CURRENCY": "KZT", "AMOUNT_CNT": 100, "AMOUNT": 17.5, "LANG": {"ru": {"DECIMALS": 2}}}


def test_a_fresh_portal_counts_in_roubles(hook):
    assert hook.result("crm.currency.base.get") == "RUB"
    row = hook.result("crm.currency.get", {"id": "RUB"})
    assert (row["AMOUNT"], row["BASE"], row["DECIMALS"]) == ("1.0000", "Y", "2")
    assert set(row["LANG"]) == {"en", "ru"}
    assert "LANG" not in hook.result("crm.currency.list")[0]


def test_a_currency_is_added_by_its_code_changed_and_deleted(hook):
    assert hook.result("crm.currency.add", {"fields": TENGE}) == "KZT"
    hook.result("crm.currency.update", {"id": "KZT", "fields": {"AMOUNT": 18}})
    row = hook.result("crm.currency.get", {"id": "KZT"})
    assert (row["AMOUNT"], row["AMOUNT_CNT"], row["BASE"]) == ("18.0000", "100", "N")
    words = {"ru": {"FULL_NAME": "Тенге"}}
    sent = {"id": "KZT", "localizations": words}
    assert hook.result("crm.currency.localizations.set", sent) is True
    assert hook.result("crm.currency.get", {"id": "KZT"})["FULL_NAME"] == "Тенге"
    hook.result("crm.currency.localizations.delete", {"id": "KZT", "lids": ["ru"]})
    assert hook.result("crm.currency.localizations.get", {"id": "KZT"}) == []
    assert hook.result("crm.currency.delete", {"id": "KZT"}) is True
    assert hook.refusal("crm.currency.get", {"id": "KZT"}) == (400, "", "Not found")


def test_the_base_is_the_currency_of_new_deals(hook):
    hook.result("crm.currency.base.set", {"id": "USD"})
    hook.result("crm.deal.add", {"fields": {}})
    assert hook.result("crm.deal.get", {"id": 1})["CURRENCY_ID"] == "USD"
    assert hook.refusal("crm.currency.delete", {"id": "USD"})[1] == "ERROR_CORE"


def test_a_document_in_an_unknown_currency_is_refused(hook):
    hook.result("crm.deal.add", {"fields": {}})
    refused = (400, "", 'Invalid value for the "Currency" field')
    assert hook.refusal("crm.deal.add", {"fields": {"CURRENCY_ID": "XTS"}}) == refused
    sent = {"id": 1, "fields": {"CURRENCY_ID": "XTS"}}
    assert hook.refusal("crm.deal.update", sent) == refused


@pytest.mark.parametrize("name", ["CURRENCY", "AMOUNT", "AMOUNT_CNT", "LANG"])
def test_a_currency_without_a_part_is_refused_by_its_name(hook, name):
    sent = {key: value for key, value in TENGE.items() if key != name}
    word = "DECIMALS" if name == "LANG" else name
    refused = (400, "ERROR_CORE", f'Undefined array key "{word}"')
    assert hook.refusal("crm.currency.add", {"fields": sent}) == refused
