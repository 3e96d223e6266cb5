"""The base's console: catalogues, documents, registers, the exchange plan, sessions, settings."""

import html
import json
import re
from functools import cache
from urllib.parse import quote

import pytest

from onec_emulator import sales, sample
from onec_emulator.console import CONSOLE
from onec_emulator.console.records import path_of
from onec_emulator.console.words import WORDS
from onec_emulator.infobase import Infobase
from onec_emulator.switches import CHOICES
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.console.words import WORDS as FRAME
from sverka_emulator_kit.door import build_app

CLIENTS = "Catalog_Контрагенты"
ORDERS = "Document_ЗаказПокупателя"
STOCK = "AccumulationRegister_ЗапасыНаСкладах"
OWN_WORDS = {"match_hint"}
"""What the base words otherwise than the frame does."""


def filled(configuration):
    return Infobase(
        clock=VirtualClock(),
        configuration=configuration,
        filling=lambda base: sales.fill_sales(base, sample.fill_whole(base, 4)),
    )


@pytest.fixture(scope="module")
def sold():
    """A base with four clients and what was sold to them; for tests that only look."""
    return filled("unf")


@cache
def door(base):
    return build_app(base, console=CONSOLE).test_client()


def page(base, path, language="en"):
    answer = door(base).get(f"/_emulator/console/{path}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def one(entity, key):
    return f"{path_of(entity)}/one?entity={quote(entity)}&key={quote(key)}"


def test_the_base_and_the_frame_do_not_call_two_things_by_one_word():
    assert set(WORDS) & set(FRAME) == OWN_WORDS


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", [page.path for page in CONSOLE.pages if page.listed])
def test_every_page_of_the_menu_is_there_in_both_languages(sold, language, path):
    assert f'lang="{language}"' in page(sold, path, language)


@pytest.mark.parametrize("configuration", ["unf", "unf16", "ut11", "bp30", "other"])
def test_every_set_has_a_list_and_every_record_a_page(configuration):
    base = (
        filled(configuration)
        if configuration != "other"
        else Infobase(clock=VirtualClock(), configuration="other")
    )
    for entity, rows in base.records().items():
        assert page(base, f"{path_of(entity)}/list?entity={quote(entity)}")
        for key in list(rows)[:1]:
            assert page(base, one(entity, key))


def section(text, name):
    """The part of a page under a heading."""
    (found,) = [s for s in text.split("<section") if f">{name}</h2>" in s]
    return found


def test_a_document_shows_its_movements(sold):
    key = next(iter(sold.records()[ORDERS]))

    moved = section(page(sold, one(ORDERS, key)), "Movements")
    assert "AccumulationRegister_ЗаказыПокупателей" in moved
    assert "Receipt" in moved


def test_an_unposted_document_has_moved_nothing():
    base = filled("unf")
    key = next(iter(base.records()[ORDERS]))
    base.act("unpost", {"set": ORDERS, "key": key}, user="Иванова")

    assert "moved nothing" in section(page(base, one(ORDERS, key)), "Movements")


def test_references_lead_to_the_records_by_their_names(sold):
    key, row = next(iter(sold.records()[ORDERS].items()))
    client = sold.records()[CLIENTS][row["Контрагент_Key"]]["Description"]

    link = f'one?entity={quote(CLIENTS)}&amp;key={row["Контрагент_Key"]}">{html.escape(client)}<'
    assert link in page(sold, one(ORDERS, key))


def test_a_register_shows_its_balances(sold):
    balances = section(page(sold, f"registers/list?entity={quote(STOCK)}"), "Balances now")
    held = [sums["Количество"] for sums in sold.balances(STOCK).values() if sums["Количество"]]

    assert held
    assert all(f"<div>{number}</div>" in balances.replace("\u202f", "") for number in held)


def test_a_register_of_accounts_shows_what_is_on_each_account():
    base, register = filled("bp30"), "AccountingRegister_Хозрасчетный"
    balances = section(page(base, f"registers/list?entity={quote(register)}"), "Balances now")

    rows = base.account_balances(register)
    account = base.records()["ChartOfAccounts_Хозрасчетный"][rows[0]["Account_Key"]]
    assert html.escape(account["Description"]) in balances
    product = next(row["ExtDimension1"] for row in rows if row["КоличествоBalanceDr"])
    called = base.records()["Catalog_Номенклатура"][product]["Description"]
    assert html.escape(called) in balances
    assert (
        Infobase(
            clock=VirtualClock(), configuration="bp30", unpublished=[register]
        ).account_balances(register)
        == []
    )


def test_a_record_shows_who_changed_it_and_how():
    base = filled("unf")
    key = next(key for key, row in base.records()[CLIENTS].items() if not row["IsFolder"])
    change = {"set": CLIENTS, "key": key, "fields": {"Description": "Лютик"}}
    base.act("update", change, user="Петров")

    history = section(page(base, one(CLIENTS, key)), "History")
    assert "user:Петров" in history
    assert "Лютик" in history


def test_the_plan_shows_what_waits_for_a_node_and_under_which_message(odata, made):
    made(Description="Ромашка")
    assert "not sent" in section(page(odata.base, "plan"), "Changes that wait")

    odata.select(7)
    changes = section(page(odata.base, "plan?node=B24"), "Changes that wait")
    assert "Ромашка" in changes
    assert "not sent" not in changes
    assert ">7<" in changes


def test_a_base_without_a_plan_says_so(tmp_path):
    file = tmp_path / "planless.json"
    file.write_text(json.dumps({"configuration": "planless", "include": ["bsp"], "sets": {}}))
    base = Infobase(clock=VirtualClock(), configuration=str(file))

    assert base.plan == ""
    assert "no exchange plan" in page(base, "plan")


def test_windows_and_jobs_are_shown(base):
    session = base.act("open_client", {}, user="Иванова")
    base.sessions.start("Обмен", session)

    text = page(base, "sessions")
    assert "Иванова" in section(text, "Windows")
    assert "Обмен" in section(text, "Jobs")


def orders(text):
    """The orders of a page's buttons: (path, verb, body)."""
    found = re.findall(r'data-order="([^"]*)" data-verb="([^"]*)" data-body="([^"]*)"', text)
    return [(path, verb, json.loads(html.unescape(body))) for path, verb, body in found]


@pytest.mark.parametrize("path", ["clock", "trouble", "settings", "states", "sessions"])
def test_no_button_gives_an_order_that_the_control_plane_refuses(base, path):
    base.act("open_client", {}, user="Иванова")
    client = door(base)
    client.post("/_emulator/snapshot", json={"name": "one"})
    given = orders(client.get(f"/_emulator/console/{path}").text)

    assert given
    for order, verb, body in given:
        answer = client.open(f"/_emulator/{order}", method=verb, json=body)
        assert answer.status_code == 200, answer.text


def test_disputed_behaviours_are_turned_on_the_page(base):
    for name, choices in CHOICES.items():
        for following in (*choices[1:], choices[0]):
            (body,) = [
                body
                for _, _, body in orders(page(base, "settings"))
                if body["name"] == "switches" and name in body["params"]
            ]
            assert body["params"] == {name: following}
            door(base).post("/_emulator/act", json=body)
            assert getattr(base.switches, name) == following


def missed(odata):
    return [(miss.place, miss.name, miss.nearest) for miss in odata.base.calls.lines[-1].missed]


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        (f"/{CLIENTS}", "$select=Description&$top=2", []),
        (f"/{CLIENTS}", "top=2", [("option", "top", "$top")]),
        (f"/{CLIENTS}", "$tpo=2", [("option", "$tpo", "$top")]),
        (f"/{CLIENTS}", "$select=Descripton", [("property", "Descripton", "Description")]),
        (f"/{CLIENTS}", "$filter=Descripton eq ''", [("property", "Descripton", "Description")]),
        ("/Catalog_Контрагент", "", [("set", "Catalog_Контрагент", CLIENTS)]),
        (f"/{CLIENTS}(guid'00000000-0000-0000-0000-000000000001')", "", []),
    ],
)
def test_names_that_mean_nothing_are_recorded_with_those_that_were_meant(odata, path, query, told):
    odata.call("GET", path, query, accept="application/json")

    assert missed(odata) == told


def test_properties_that_a_write_leaves_out_are_recorded(odata):
    sent = {"Description": "Ромашка", "Коментарий": "да", "odata.metadata": "", "ИНН@type": ""}
    odata.call("POST", f"/{CLIENTS}", body=sent, accept="application/json")

    assert missed(odata) == [("property", "Коментарий", "Комментарий")]


def test_parameters_of_functions_are_read(odata):
    odata.select(1)

    assert missed(odata) == []


def test_notices_show_whom_the_base_tells_and_what_was_answered():
    base = Infobase(clock=VirtualClock())
    url = "http://127.0.0.1:9000/changed"
    assert "Nobody is told." in page(base, "notices")
    base.act("set_up", {"notify": [{"url": url, "sets": [CLIENTS]}]})
    base.courier = lambda *sent: 503
    base.act("create", {"set": CLIENTS, "fields": {}}, user="Иванова")
    base.clock.advance(2)
    text = page(base, "notices")
    assert "tries again" in section(text, "Whom the base tells of writes")
    assert "503" in section(text, "Sent")
    assert url in section(text, "Sent")
    base.clock.advance(10_000)
    assert "gave up" in section(page(base, "notices"), "Whom the base tells of writes")


def test_sessions_show_the_licences_and_jobs_that_can_be_stopped():
    base = Infobase(clock=VirtualClock(), licences=3)
    base.act("open_client", {}, user="Петров")
    job = base.act("start_job", {"name": "ПересчетИтогов"})
    text = page(base, "sessions")
    assert re.search(r"Licences.*?3.*?Taken by sessions.*?1", text, re.DOTALL)
    assert "stop_job" in section(text, "Jobs")
    assert job in section(text, "Jobs")
