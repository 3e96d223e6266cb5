"""The frame of both consoles: language, colours, keyboard, width, and what is live."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from sverka_emulator_kit.clock import START_S
from sverka_emulator_kit.trouble import Html

pytestmark = pytest.mark.browser

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    return {
        tag: one.tagName, text: one.innerText || one.value || one.ariaLabel || "",
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    };
}"""


STICKING_OUT = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_a_language_is_chosen_and_stays(reader):
    page = reader.look_at("calls")
    expect(page.get_by_role("heading", level=1)).to_have_text("Calls")

    button(page, "RU").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Вызовы")
    expect(button(page, "RU")).to_have_attribute("aria-pressed", "true")
    reader.look_at("clock")
    expect(page.get_by_role("heading", level=1)).to_have_text("Часы")


def test_the_first_language_is_the_browsers(reader):
    reader.sit_down(locale="ru-RU")

    expect(reader.look_at("calls").locator("html")).to_have_attribute("lang", "ru")


def brightness(page):
    return sum(map(int, re.findall(r"\d+", page.evaluate(BACKGROUND))[:3]))


def test_colours_follow_the_browser_until_they_are_chosen(reader):
    page = reader.look_at("calls")
    assert brightness(page) > 600
    page.emulate_media(color_scheme="dark")
    assert brightness(page) < 200

    button(page, "light").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    assert brightness(page) > 600
    assert brightness(reader.look_at("clock")) > 600


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(reader):
    page = reader.look_at("trouble")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="To the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["calls", "trouble", "settings"])
def test_the_keyboard_passes_every_control_once_and_sees_where_it_is(reader, path):
    page = reader.look_at(path)
    controls = page.locator(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    ).count()
    stops = []
    for _ in range(controls):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))

    assert [stop for stop in stops if not stop["outlined"]] == []
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["tag"] == "BODY"


def press_until(page, wanted):
    """Tab on until a control with this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["text"] == wanted:
            return
    raise AssertionError(f"Nothing called {wanted!r} was reached.")


def test_the_clock_is_advanced_by_the_keyboard_alone(reader):
    page = reader.look_at("")
    press_until(page, "Clock")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clock")
    press_until(page, "+ 1 hour")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Done")
    assert reader.now_s() == START_S + 3600
    expect(page.locator("#clock")).to_contain_text("10:00:00.000")
    expect(button(page, "+ 1 hour")).to_be_focused()


def test_what_is_typed_in_stays_while_the_page_lives(reader):
    page = reader.look_at("trouble")
    page.get_by_label("Calls").fill("crm.*")
    reader.system.clock.advance(60)

    expect(page.locator("#clock")).to_contain_text("09:01:00.000")
    expect(page.get_by_label("Calls")).to_have_value("crm.*")
    expect(page.get_by_label("Calls")).to_be_focused()


def test_the_focus_stays_where_it_is_while_a_list_is_drawn_anew(reader):
    page = reader.look_at("trouble")
    page.get_by_role("region", name="Stands ready").wait_for(state="detached")
    with reader.lock:
        reader.system.trouble.set(Html(), match="one", times=9)
    region = page.get_by_role("region", name="Stands ready")
    region.focus()
    with reader.lock:
        reader.system.trouble.set(Html(), match="two", times=9)

    expect(region).to_contain_text("two")
    expect(region).to_be_focused()


def test_a_page_that_is_not_live_stands_still(reader):
    page = reader.look_at("clock")
    button(page, "Live").click()
    reader.system.clock.advance(60)
    page.wait_for_timeout(1500)
    expect(page.locator("#clock")).to_contain_text("09:00:00.000")

    button(page, "Live").click()
    expect(page.locator("#clock")).to_contain_text("09:01:00.000")


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_no_page_is_wider_than_a_phone(reader, locale):
    page = reader.sit_down(locale=locale, viewport={"width": 390, "height": 800})
    reader.look_at("")
    own = page.eval_on_selector_all(".menu a", "links => links.map(one => one.href)")
    entity, records = next((n, rows) for n, rows in reader.system.records().items() if rows)
    asked = urlencode({"entity": entity, "key": next(iter(records))})
    kind = "records" if reader.system.name == "b24" else "catalogs"
    for path in (*own, f"{reader.url}/_emulator/console/{kind}/one?{asked}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.eval_on_selector_all("dd", STICKING_OUT) == [], path


def test_looking_at_a_console_is_no_call(reader):
    page = reader.look_at("")
    page.wait_for_load_state("networkidle")

    assert list(reader.system.calls.lines) == []
