"""The pages of coverage as a person uses them."""

import re

import pytest
from playwright.sync_api import expect

from b24_emulator.coverage import coverage

pytestmark = pytest.mark.browser


def section(page, name):
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_methods_are_narrowed_by_the_keyboard_to_those_that_a_real_client_calls(portal):
    page = portal.look_at("coverage")
    answered = section(page, "By name")
    expect(answered.locator(".note")).to_have_text(str(len(coverage().subjects)))

    page.get_by_label("Search").focus()
    page.keyboard.type("crm.company")
    page.keyboard.press("Tab")
    page.keyboard.type("there is: Real client")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/coverage?q=crm.company&show=client")
    names = answered.get_by_role("rowheader")
    expect(names.first).to_have_text("crm.company.add")
    assert all(name.startswith("crm.company") for name in names.all_inner_texts())
    expect(answered.get_by_role("row").nth(1)).to_contain_text("fast_bitrix24")


def test_the_axes_stand_apart_and_keep_their_counts_whatever_is_sought(portal):
    page = portal.look_at("coverage")
    axes = section(page, "Evidence by axis").get_by_role("rowheader")
    expect(axes).to_have_text(["Documented", "Real client", "Shape", "Refusal"])
    counts = section(page, "Evidence by axis").inner_text()

    portal.look_at("coverage?show=is-shape")
    expect(section(page, "By name").locator(".note")).to_have_text("152")
    assert section(page, "Evidence by axis").inner_text() == counts


def test_a_long_list_is_turned_over_and_keeps_its_filter(portal):
    page = portal.look_at("coverage?show=no-client")
    page.get_by_role("link", name="Next →").click()
    page.wait_for_url(re.compile(r"show=no-client.*from=50"))
    expect(page.get_by_text(re.compile("^51–100 / "))).to_be_visible()


def test_a_base_shows_its_own_sets_by_kind(base):
    page = base.look_at("coverage")
    page.get_by_label("Kind").select_option("virtual table")
    page.get_by_label("Which").select_option("there is: Shape")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**&group=virtual_table")
    names = section(page, "By name").get_by_role("rowheader").all_inner_texts()
    assert any("ЗапасыНаСкладах/Balance" in name for name in names)
    assert all("virtual table" in name for name in names)


def test_what_is_not_emulated_is_named_in_russian_too(portal):
    portal.sit_down(locale="ru-RU")
    page = portal.look_at("coverage")
    lacking = section(page, "Кроме того, не эмулируется")
    expect(lacking).to_contain_text("отдаёт файл шаблона без подстановки")
