"""The portal's console as a person uses it."""

import httpx
import pytest
from playwright.sync_api import expect

from b24_emulator.offline import ONLINE, Binding
from sverka_emulator_kit.clock import START_S

pytestmark = pytest.mark.browser


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def section(page, name):
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))


def call(portal, method):
    with httpx.Client(trust_env=False) as client:
        return client.get(portal.url + portal.system.webhook_path + method)


def test_the_clock_is_advanced_and_what_is_due_is_delivered(portal):
    came = []
    with portal.lock:
        portal.system.install_app()
        client_id = next(iter(portal.system.access.applications))
        handler = "http://handler.example/"
        portal.system.offline.bind(Binding(client_id, "ONCRMCOMPANYADD", ONLINE, handler, "1"))
        portal.system.courier = lambda url, body, headers: came.append(url) or 200
    portal.act("crm.company.add", {})
    page = portal.look_at("events")
    expect(section(page, "On their way to handlers")).to_contain_text("ONCRMCOMPANYADD")

    portal.look_at("clock")
    page.get_by_label("Seconds").fill("30")
    button(page, "Advance").click()
    expect(page.get_by_role("status")).to_have_text("Done")
    assert portal.now_s() == START_S + 30
    assert came == ["http://handler.example/"]
    portal.look_at("events")
    expect(section(page, "On their way to handlers")).to_contain_text("No call is on its way")
    expect(section(page, "Left for handlers, or lost")).to_contain_text("200")


def test_a_call_meets_the_trouble_that_a_button_has_set(portal):
    page = portal.look_at("trouble")
    button(page, "is refused").click()
    expect(section(page, "Stands ready")).to_contain_text("refuse")

    assert call(portal, "crm.company.list").status_code == 503
    assert call(portal, "crm.company.list").status_code == 200
    expect(section(page, "Stands ready")).to_contain_text("No call will meet trouble")
    portal.look_at("calls")
    expect(page.get_by_role("row").filter(has_text="refuse")).to_contain_text("503")


def test_trouble_is_set_for_some_calls_only_and_taken_back(portal):
    page = portal.look_at("trouble")
    page.get_by_label("Trouble", exact=True).select_option("html")
    page.get_by_label("Calls", exact=True).fill("crm.deal.*")
    page.get_by_label("Times").select_option("null")
    page.get_by_label("Status").fill("504")
    button(page, "Set").click()
    expect(section(page, "Stands ready")).to_contain_text("without end")

    assert [call(portal, f"crm.{name}.list").status_code for name in ("deal", "lead")] == [504, 200]
    button(page, "Clear all").click()
    expect(section(page, "Stands ready")).to_contain_text("No call will meet trouble")
    assert call(portal, "crm.deal.list").status_code == 200


def test_what_the_control_plane_refuses_is_said(portal):
    page = portal.look_at("trouble")
    page.get_by_label("Delay, s").fill("3")
    button(page, "Set").click()

    expect(page.get_by_role("status")).to_contain_text("delay_s")
    assert portal.system.trouble.standing == []


def test_a_record_is_found_and_shows_its_history_as_it_grows(portal):
    portal.act("crm.company.update", {"id": 2, "fields": {"TITLE": "Ромашка АО"}})
    page = portal.look_at("records")
    page.get_by_role("link", name="company").click()
    page.get_by_label("Search").fill("ромашка")
    button(page, "Show").click()
    page.get_by_role("rowheader").get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ромашка АО")
    change = page.get_by_role("row").filter(has_text="TITLE").first
    expect(change.get_by_role("cell").nth(1)).to_have_text("Ромашка АО")
    expect(section(page, "History")).to_contain_text("user:1")
    portal.act("crm.company.update", {"id": 2, "fields": {"TITLE": "Лютик АО"}})
    expect(change.get_by_role("cell").nth(0)).to_have_text("Ромашка АО")
    expect(change.get_by_role("cell").nth(1)).to_have_text("Лютик АО")


def test_a_misspelt_method_is_shown_with_the_one_that_was_meant(portal):
    call(portal, "crm.compani.list")
    page = portal.look_at("calls")
    page.get_by_label("Which").select_option("missed")
    button(page, "Show").click()

    expect(page.get_by_role("row").last).to_contain_text("crm.company.list")


def test_the_bucket_fills_and_leaks_before_ones_eyes(portal):
    page = portal.look_at("limits")
    for _ in range(6):
        call(portal, "profile")
    expect(page.get_by_role("meter").first).to_have_js_property("value", 6)

    with portal.lock:
        portal.system.clock.advance(2)
    expect(page.get_by_role("meter").first).to_have_js_property("value", 2)


def test_a_snapshot_is_taken_compared_and_restored(portal):
    page = portal.look_at("states")
    page.get_by_label("Name").fill("before")
    button(page, "Take").click()
    expect(section(page, "Snapshots")).to_contain_text("before")
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "Лютик АО"}})
    page.get_by_role("link", name="with now").click()
    expect(section(page, "Differences")).to_contain_text("Лютик АО")

    page.once("dialog", lambda dialog: dialog.dismiss())
    button(page, "Restore: before").click()
    assert portal.system.records()["company"]["1"]["TITLE"] == "Лютик АО"
    page.once("dialog", lambda dialog: dialog.accept())
    button(page, "Restore: before").click()
    expect(section(page, "Differences")).to_contain_text("They are the same")
    assert portal.system.records()["company"]["1"]["TITLE"] != "Лютик АО"


def test_a_disputed_behaviour_is_switched(portal):
    page = portal.look_at("settings")
    button(page, "Turn: scope_status").click()

    row = page.get_by_role("row").filter(has_text="scope_status")
    expect(row.get_by_role("cell").first).to_have_text("403")
    assert portal.system.switches.scope_status == 403
