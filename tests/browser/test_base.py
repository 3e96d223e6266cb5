"""The base's console as a person uses it."""

import httpx
import pytest
from playwright.sync_api import expect

from sverka_emulator_kit.clock import START_S

pytestmark = pytest.mark.browser

CLIENTS = "Catalog_Контрагенты"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def section(page, name):
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))


def call(base, path, **query):
    with httpx.Client(trust_env=False, auth=("obmen", "secret")) as client:
        address = f"{base.url}{base.system.service_root}/{path}"
        return client.get(address, params={"$format": "json", "$top": 1, **query})


def test_the_clock_is_advanced(base):
    page = base.look_at("clock")
    button(page, "+ 1 day").click()

    expect(page.locator("#clock")).to_contain_text("2025-11-04")
    assert base.now_s() == START_S + 86_400


def test_a_call_meets_the_trouble_that_a_button_has_set(base):
    page = base.look_at("trouble")
    button(page, "gets a page of HTML").click()
    expect(section(page, "Stands ready")).to_contain_text("html")

    assert call(base, CLIENTS).status_code == 502
    assert call(base, CLIENTS).status_code == 200
    base.look_at("calls")
    expect(page.get_by_role("row").filter(has_text="html")).to_contain_text("502")


def test_a_record_is_found_and_shows_its_history(base):
    key = next(k for k, row in base.system.records()[CLIENTS].items() if not row["IsFolder"])
    change = {"set": CLIENTS, "key": key, "fields": {"Description": "Лютик АО"}}
    base.act("update", change, user="Петров")
    page = base.look_at("catalogs")
    page.get_by_role("link", name=CLIENTS).click()
    page.get_by_label("Search").fill("лютик")
    button(page, "Show").click()
    page.get_by_role("link", name="Лютик АО").click()

    expect(section(page, "History")).to_contain_text("user:Петров")
    row = page.get_by_role("row").filter(has_text="Description").first
    expect(row.get_by_role("cell").nth(1)).to_have_text("Лютик АО")


def test_a_document_leads_to_its_movements_and_to_its_client(base):
    page = base.look_at("documents")
    page.get_by_role("link", name="Document_ЗаказПокупателя").click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(section(page, "Movements")).to_contain_text("AccumulationRegister_ЗаказыПокупателей")

    client = section(page, "Fields").locator("div", has_text="Контрагент_Key").get_by_role("link")
    name = client.first.inner_text()
    client.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_change_waits_for_its_node_before_ones_eyes(base):
    page = base.look_at("plan")
    waiting = section(page, "Changes that wait")
    expect(waiting).not_to_contain_text("Лютик АО")

    base.act("create", {"set": CLIENTS, "fields": {"Description": "Лютик АО"}}, user="Петров")
    count = len(base.system.registered())
    expect(waiting.locator(".note")).to_have_text(str(count))


def test_a_window_is_opened_and_closed(base):
    page = base.look_at("sessions")
    page.get_by_label("User").fill("Петров")
    button(page, "Open").click()
    expect(section(page, "Windows")).to_contain_text("Петров")
    assert list(base.system.sessions.clients.values()) == ["Петров"]

    button(page, "Close: client-1").click()
    expect(section(page, "Windows")).to_contain_text("No window is open")
    assert base.system.sessions.clients == {}


def test_exclusive_mode_keeps_callers_out_until_it_is_ended(base):
    page = base.look_at("sessions")
    page.get_by_label("Callers are told").fill("Обновление")
    button(page, "Lock").click()
    expect(section(page, "Infobase")).to_contain_text("Обновление")
    assert call(base, CLIENTS).status_code == 403

    button(page, "Unlock").click()
    expect(section(page, "Infobase")).to_contain_text("open")
    assert call(base, CLIENTS).status_code == 200


def test_a_closed_period_is_set_by_its_day(base):
    page = base.look_at("settings")
    page.get_by_label("Day").fill("2025-10-31")
    section(page, "Closed period").get_by_role("button").click()

    expect(section(page, "Set up by people")).to_contain_text("2025-10-31")
    assert base.system.settings["closed_until"] == "2025-10-31"
