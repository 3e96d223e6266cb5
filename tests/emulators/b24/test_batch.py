"""Batch: fifty commands in one call, five sections in one answer."""

import json
from urllib.parse import quote

import pytest

from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.trouble import Refuse

SECTIONS = ["result", "result_error", "result_total", "result_next", "result_time"]
TOO_LONG = {
    "error": "ERROR_BATCH_LENGTH_EXCEEDED",
    "error_description": "Max batch length exceeded",
}


def adds(count):
    return {f"n{index}": f"crm.company.add?fields[TITLE]=N{index}" for index in range(count)}


def test_all_five_sections_are_there_and_an_empty_one_is_an_array(hook):
    sections = hook.batch({"a": "crm.company.get?id=7"})
    assert list(sections) == SECTIONS
    assert [sections[name] for name in SECTIONS if name != "result_error"] == [[], [], [], []]
    assert sections["result_error"] == {"a": {"error": "", "error_description": "Not found"}}


def test_a_batch_without_commands_answers_five_empty_arrays(hook):
    assert hook.batch([]) == {key: [] for key in SECTIONS}


def test_keys_0_1_2_make_an_array_and_others_an_object(hook):
    assert isinstance(hook.batch(["server.time", "scope"])["result"], list)
    assert isinstance(hook.batch({"0": "scope", "1": "scope"})["result"], list)
    assert list(hook.batch({"2": "scope", "0": "scope"})["result"]) == ["2", "0"]


def test_each_section_is_encoded_on_its_own(hook):
    sections = hook.batch(["crm.company.get?id=7", "scope"])
    assert isinstance(sections["result_error"], list)
    assert list(sections["result"]) == ["1"]


def test_a_command_shows_its_total_and_its_next_page_only_where_there_is_one(hook, company):
    for _ in range(51):
        company()
    sections = hook.batch(
        {"all": "crm.company.list", "last": "crm.company.list?start=50", "one": "scope"}
    )
    assert sections["result_total"] == {"all": 51, "last": 51}
    assert sections["result_next"] == {"all": 50}
    assert len(sections["result"]["last"]) == 1


def test_each_successful_command_has_a_time_of_eight_keys(hook):
    time = hook.batch({"a": "scope", "b": "no.such.method"})["result_time"]
    assert list(time) == ["a"]
    assert len(time["a"]) == 8


def test_commands_run_in_the_order_given(hook):
    hook.batch(adds(50))
    titles = [row["TITLE"] for row in hook.portal.records()["company"].values()]
    assert titles == [f"N{index}" for index in range(50)]


def test_an_error_does_not_stop_the_commands_after_it(hook):
    sections = hook.batch({"bad": "crm.company.get", "good": "scope"})
    assert list(sections["result"]) == ["good"]


@pytest.mark.parametrize("halt", [1, True, "1", "true", "Y"])
def test_halt_stops_at_the_first_error_and_keeps_what_was_done(hook, halt):
    commands = {"a": "crm.company.add", "b": "crm.company.get?id=99", "c": "crm.company.add"}
    sections = hook.batch(commands, halt=halt)
    assert sections["result"] == {"a": 1}
    assert list(sections["result_error"]) == ["b"]
    assert list(hook.portal.records()["company"]) == ["1"]


@pytest.mark.parametrize("halt", [0, False, "0", "N", ""])
def test_halt_switched_off_stops_nothing(hook, halt):
    sections = hook.batch({"a": "crm.company.get", "b": "scope"}, halt=halt)
    assert list(sections["result"]) == ["b"]


def test_a_reference_takes_the_answer_of_an_earlier_command(hook):
    sections = hook.batch(
        {
            "firm": "crm.company.add?fields[TITLE]=Ромашка",
            "req": "crm.requisite.add?fields[ENTITY_TYPE_ID]=4&fields[ENTITY_ID]=$result[firm]"
            "&fields[PRESET_ID]=1&fields[NAME]=Реквизиты",
            "found": "crm.requisite.list?filter[ENTITY_ID]=$result[firm]",
        }
    )
    assert sections["result_error"] == []
    assert [row["ENTITY_ID"] for row in sections["result"]["found"]] == ["1"]


def test_a_reference_reaches_into_rows_and_fields_encoded_or_not(hook, company):
    company("А")
    company("Б")
    last = "$result[all][1][ID]"
    sections = hook.batch(
        {
            "all": "crm.company.list",
            "raw": f"crm.company.get?id={last}",
            "encoded": f"crm.company.get?id={quote(last)}",
            "inside": f"crm.company.add?fields[TITLE]=после {last}",
        }
    )
    assert sections["result"]["raw"]["TITLE"] == "Б"
    assert sections["result"]["encoded"]["TITLE"] == "Б"
    assert hook.portal.records()["company"]["3"]["TITLE"] == "после 2"


def test_a_reference_may_stand_among_other_values(hook, company):
    for title in "АБВ":
        company(title)
    commands = ["crm.company.add", "crm.company.list?filter[@ID][]=2&filter[@ID][]=$result[0]"]
    found = hook.batch(commands)["result"][1]
    assert [row["ID"] for row in found] == ["2", "4"]


def test_a_reference_that_leads_nowhere_stays_as_text_and_the_command_runs(hook):
    sections = hook.batch(
        {
            "a": "crm.company.add?fields[TITLE]=$result[nobody][0][ID]",
            "b": "crm.company.list?filter[>ID]=$result[nobody][49][ID]&start=-1",
        }
    )
    assert sections["result_error"] == []
    assert sections["result"]["b"][0]["TITLE"] == "$result[nobody][0][ID]"


@pytest.mark.parametrize("index", ["²", "9" * 5000])
def test_a_reference_to_a_row_whose_number_is_none_stays_as_text(hook, company, index):
    company()
    reference = f"$result[all][{index}][ID]"
    sent = {"all": "crm.company.list", "a": f"crm.company.add?fields[TITLE]={reference}"}
    number = hook.batch(sent)["result"]["a"]
    assert hook.result("crm.company.get", {"id": number})["TITLE"].startswith("$result[all]")


def test_pages_by_key_can_be_chained_in_one_batch(hook, company):
    for _ in range(120):
        company()
    page = "crm.company.list?order[ID]=ASC&start=-1&filter[>ID]="
    sections = hook.batch(
        {"p0": page + "0", "p1": page + "$result[p0][49][ID]", "p2": page + "$result[p1][49][ID]"}
    )
    numbers = [row["ID"] for name in ("p0", "p1", "p2") for row in sections["result"][name]]
    assert numbers == [str(number) for number in range(1, 121)]


@pytest.mark.parametrize(
    "command",
    [
        "crm.company.get?id=1",
        "crm.company.get.json?id=1",
        "CRM.Company.Get?ID=1",
        "/crm.company.get/?id=1",
        "crm.company.get?id=1&",
        "crm.company.get?halt=0&id=%31",
    ],
)
def test_a_command_may_be_written_in_any_form(hook, company, command):
    company("Ромашка")
    assert hook.batch({"a": command})["result"]["a"]["TITLE"] == "Ромашка"


def test_values_are_decoded_once(hook):
    hook.batch({"a": f"crm.company.add?fields%5BTITLE%5D={quote('Рога & Копыта 100% +')}"})
    assert hook.portal.records()["company"]["1"]["TITLE"] == "Рога & Копыта 100% +"


def test_a_batch_in_a_url_is_encoded_once_more(portal):
    command = quote(f"crm.company.add?fields[TITLE]={quote('Рога & Копыта')}")
    portal.answer(Request("GET", f"{portal.webhook_path}batch", f"cmd[a]={command}"))
    assert portal.records()["company"]["1"]["TITLE"] == "Рога & Копыта"


def test_commands_beyond_the_50th_end_with_an_error_each(hook):
    sections = hook.batch(adds(52))
    assert len(sections["result"]) == 50
    assert sections["result_error"] == {"n50": TOO_LONG, "n51": TOO_LONG}


def test_a_batch_of_51_is_refused_whole_where_the_switch_says_so(portals, calling):
    hook = calling(portals(switches=Switches(batch_over_50_whole=True)))
    assert hook.refusal("batch", {"cmd": adds(51)}) == (400, *TOO_LONG.values())
    assert hook.portal.records()["company"] == {}
    assert len(hook.batch(adds(50))["result"]) == 50


def test_a_batch_inside_a_batch_is_an_error_of_that_command(hook):
    sections = hook.batch({"a": "batch?cmd[b]=scope"})
    assert sections["result_error"]["a"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


def test_a_batch_with_a_wrong_secret_is_refused_whole(portal):
    reply = portal.answer(Request("POST", "/rest/1/wrong/batch", "cmd[a]=scope"))
    assert reply.status == 401


def test_a_scope_error_inside_a_batch_has_no_text(portals, calling):
    hook = calling(portals())
    access = hook.portal.access
    from_webhook = hook.portal.webhook
    access.add_webhook(type(from_webhook)("1", from_webhook.secret, ("user",)))
    assert hook.batch({"a": "crm.company.list"})["result_error"]["a"] == {
        "error": "insufficient_scope",
        "error_description": "",
    }


def test_a_refusal_set_for_a_method_meets_it_inside_a_batch_once(hook):
    hook.portal.trouble.set(Refuse(500, "INTERNAL_SERVER_ERROR", "Oops"), match="crm.company.add")
    sections = hook.batch(adds(3))
    assert sections["result_error"] == {
        "n0": {"error": "INTERNAL_SERVER_ERROR", "error_description": "Oops"}
    }
    assert sections["result"] == {"n1": 1, "n2": 2}


def test_a_batch_takes_as_long_as_its_commands_and_one_call(hook):
    whole = hook.said("batch", {"cmd": ["scope"] * 50})
    parts = [time["duration"] for time in whole["result"]["result_time"]]
    assert whole["time"]["processing"] == pytest.approx(sum(parts), abs=1e-4)
    assert whole["time"]["duration"] > whole["time"]["processing"]


def test_the_record_of_calls_names_the_commands_of_a_batch(hook):
    hook.batch({"a": "SCOPE", "b": "server.time.json"})
    assert hook.portal.calls.lines[-1].parts == ("scope", "server.time")


def test_the_result_of_a_command_that_found_nothing_is_an_array(hook):
    body = hook.send("batch", {"cmd": {"a": "crm.company.list?filter[TITLE]=нет"}}).body
    assert json.loads(body)["result"]["result"] == {"a": []}
    assert json.loads(body)["result"]["result_total"] == {"a": 0}
