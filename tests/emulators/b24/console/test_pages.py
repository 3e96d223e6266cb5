"""The portal's console: its levels, events and settings, and the orders that its buttons give."""

import html
import json
import re

import pytest

from b24_emulator.console import CONSOLE
from b24_emulator.console.words import WORDS
from b24_emulator.offline import OFFLINE, ONLINE, Binding
from sverka_emulator_kit.console.words import WORDS as FRAME
from sverka_emulator_kit.trouble import KINDS

OWN_WORDS = {"match_hint"}
"""What the portal words otherwise than the frame does."""


def test_the_portal_and_the_frame_do_not_call_two_things_by_one_word():
    assert set(WORDS) & set(FRAME) == OWN_WORDS


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", [page.path for page in CONSOLE.pages if page.listed])
def test_every_page_of_the_menu_is_there_in_both_languages(shown, language, path):
    assert f'lang="{language}"' in shown(path, language)


def test_the_level_of_the_bucket_is_shown_below_its_ceiling(portal, ask, shown):
    for _ in range(7):
        ask("profile")
    assert "7.0 / 100" in shown("limits")
    assert re.search(r'<meter[^>]*max="100"[^>]*value="7.0"', shown(""))

    portal.clock.advance(3)
    assert "1.0 / 100" in shown("limits")


def test_running_time_is_shown_by_method_and_caller(portal, ask, shown):
    portal.costs.set({"crm.company.list": [60, 60]})
    ask("crm.company.list")

    text = shown("limits")
    assert "crm.company.list | webhook:1" in text
    assert "60.0 s" in text


def bind(portal, event_type, connector="", handler=""):
    portal.install_app()
    client_id = next(iter(portal.access.applications))
    event = "ONCRMCOMPANYADD"
    portal.offline.bind(Binding(client_id, event, event_type, handler, "1", connector))


def part(text, number):
    return text.split(f'id="part-{number}"')[1].split("</section>")[0]


def test_the_offline_queue_shows_what_waits_and_what_is_reserved(portal, console, shown):
    bind(portal, OFFLINE)
    portal.act("crm.company.add", {})
    portal.act("crm.company.add", {})
    portal.offline.reserve([1], "process-1", portal.now_s)

    queue = part(shown("events"), 2)
    assert queue.count("ONCRMCOMPANYADD") == 2
    assert "process-1" in queue
    assert "waits" in queue


def test_each_delivery_is_shown_on_its_way_and_when_it_has_left(portal, console, shown):
    bind(portal, ONLINE, handler="http://handler.example/b24")
    portal.courier = lambda url, body, headers: 500
    portal.act("crm.company.add", {})

    assert "handler.example" in part(shown("events"), 3)
    assert "handler.example" not in part(shown("events"), 4)
    portal.clock.advance(10)
    assert "handler.example" not in part(shown("events"), 3)
    assert "500" in part(shown("events"), 4)


def orders(text):
    """The orders of a page's buttons: (path, verb, body)."""
    found = re.findall(r'data-order="([^"]*)" data-verb="([^"]*)" data-body="([^"]*)"', text)
    return [(path, verb, json.loads(html.unescape(body))) for path, verb, body in found]


def give(console, order):
    path, verb, body = order
    return console.open(f"/_emulator/{path}", method=verb, json=body)


@pytest.mark.parametrize("path", ["clock", "trouble", "settings", "states"])
def test_no_button_gives_an_order_that_the_control_plane_refuses(console, shown, path):
    console.post("/_emulator/snapshot", json={"name": "one"})
    given = orders(shown(path))

    assert given
    for order in given:
        assert give(console, order).status_code == 200, order


def test_a_button_sets_each_kind_of_trouble(portal, console, shown):
    for order in orders(shown("trouble")):
        if order[1] == "POST":
            give(console, order)

    assert [entry.as_json()["kind"] for entry in portal.trouble.standing] == list(KINDS)


def test_a_switch_is_turned_and_turned_back_by_a_reset(portal, console, shown):
    was = portal.switches
    turn = next(one for one in orders(shown("settings")) if "scope_status" in str(one))
    give(console, turn)
    assert portal.switches.scope_status == 403

    portal.reset()
    assert portal.switches == was


@pytest.mark.parametrize(
    ("params", "told"),
    [({"scope": 403}, "scope_status"), ({"scope_status": "403"}, "401")],
)
def test_a_switch_that_there_is_not_or_a_value_that_does_not_fit_is_refused(
    portal, console, params, told
):
    was = portal.switches
    answer = give(console, ("act", "POST", {"name": "portal.switches", "params": params}))

    assert answer.status_code == 400
    assert told in answer.json["error"]
    assert portal.switches == was


def test_a_span_of_seconds_is_a_switch_too(portal):
    portal.act("portal.switches", {"online_delay_s": [5.0, 6.0]})

    assert portal.switches.online_delay_s == (5.0, 6.0)


def test_a_closed_portal_says_so(portal, console, shown):
    assert "let in" in shown("")
    give(console, ("act", "POST", {"name": "portal.block", "params": {"why": "overload"}}))

    assert "kept out" in shown("")


def test_what_changed_since_a_snapshot_is_shown(portal, console, shown):
    console.post("/_emulator/snapshot", json={"name": "before"})
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "Лютик АО"}})

    assert "Лютик АО" in shown("states?before=before")
    assert "Лютик АО" not in shown("states?before=before&after=before")


def test_who_has_not_all_rights_is_shown_with_what_he_has(portal, console, shown):
    assert "All users have all rights." in shown("rights")
    user = portal.act("user.add", {"EMAIL": "anna@sever.example", "UF_DEPARTMENT": [1]})
    rights = {"company": {"read": "department"}}
    params = {"user": user, "rights": rights}
    assert give(console, ("act", "POST", {"name": "portal.rights", "params": params})).json

    text = part(shown("rights"), 1)
    assert (text.count("own department"), text.count("none")) == (1, 4)
    assert f"key={user}" in text
    assert "своего отдела" in shown("rights", "ru")
