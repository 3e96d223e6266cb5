"""The portal's console: records and calls, as its pages show them."""

import pytest


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_entity_has_a_list_and_every_record_a_page(portal, shown, language):
    for entity, table in portal.tables.items():
        for number in list(table.rows)[:1]:
            for path in (f"list?entity={entity}", f"one?entity={entity}&key={number}"):
                assert shown(f"records/{path}", language)


def test_a_record_shows_who_changed_it_and_how(portal, shown):
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "Лютик АО"}})

    text = shown("records/one?entity=company&key=1")
    assert "user:1" in text
    assert "Лютик АО" in text.split("History")[1]


def test_a_record_leads_to_those_it_names(portal, shown):
    contact = portal.act("crm.contact.add", {"fields": {"NAME": "Анна", "COMPANY_ID": 1}})

    text = shown(f"records/one?entity=contact&key={contact}")
    assert "records/one?entity=company&amp;key=1" in text


def test_records_that_the_ledger_leaves_out_say_so(shown):
    assert "ledger does not follow" in shown("records/one?entity=user&key=1")


def test_a_method_that_there_is_not_is_shown_with_the_nearest(ask, shown):
    ask("crm.compani.list")

    assert "crm.company.list" in shown("calls?show=missed")


def missed(portal):
    return [(miss.place, miss.name, miss.nearest) for miss in portal.calls.lines[-1].missed]


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("crm.company.list", "select[]=TITLE&filter[>ID]=1&order[ID]=ASC", []),
        ("crm.company.list", "fitler[ID]=1", [("parameter", "fitler", "filter")]),
        ("crm.company.list", "filter[%3DTITEL]=x", [("filter", "TITEL", "TITLE")]),
        ("crm.company.list", "order[TITTLE]=ASC", [("order", "TITTLE", "TITLE")]),
        ("crm.company.list", "select[]=*&select[]=PHON", [("select", "PHON", "PHONE")]),
        ("crm.company.add", "fields[titel]=x", [("fields", "TITEL", "TITLE")]),
        ("crm.company.update", "id=1&fields[DATE_MODIFY]=x", [("fields", "DATE_MODIFY", "")]),
        ("crm.company.gett", "id=1", [("method", "crm.company.gett", "crm.company.get")]),
        ("batch", "cmd[a]=crm.company.list%3Ffitler[ID]=1", [("parameter", "fitler", "filter")]),
    ],
)
def test_names_that_nobody_read_are_recorded_with_those_that_were_meant(
    portal, console, ask, name, query, told
):
    ask(name, query)

    assert missed(portal) == told


def test_a_refused_call_is_not_said_to_have_left_its_parameters_unread(portal, ask):
    ask("crm.company.get", "id=0&select=x")

    assert missed(portal) == []
