"""The base as a plain object: its start, its people, the same seed, snapshots."""

import json

import pytest

from onec_emulator.infobase import Infobase
from onec_emulator.sample import fill
from onec_emulator.schemas.files import NotBuilt
from onec_emulator.switches import Switches
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.keeping import kept
from sverka_emulator_kit.trouble import Html

SET = "Catalog_Контрагенты"


def lived(calling, seed):
    """A base after a short life, and every byte that it answered."""
    odata = calling(seed=seed)
    said = [odata.call("POST", f"/{SET}", body={"Description": name}) for name in "АБВ"]
    guid = sorted(odata.base.records()[SET])[0]
    fill(odata.base, 5)
    said += [
        odata.call("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "1"}),
        odata.call("GET", f"/{SET}", "$format=json"),
        odata.call("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1"),
        odata.call("GET", "/$metadata"),
    ]
    return odata.base, said


def test_the_same_seed_gives_the_same_bytes(calling):
    (one, said), (other, said_again) = lived(calling, 5), lived(calling, 5)
    assert said == said_again
    assert one.snapshot() == other.snapshot()


def test_another_seed_gives_other_guids(calling):
    assert lived(calling, 5)[0].snapshot() != lived(calling, 6)[0].snapshot()


FIRST_START = {
    *("Catalog_Валюты", "Catalog_СтавкиНДС", "Catalog_КлассификаторЕдиницИзмерения"),
    *("Catalog_ВидыЦен", "Catalog_СтруктурныеЕдиницы", "Catalog_КатегорииНоменклатуры"),
    *("Catalog_СостоянияЗаказовПокупателей", "Catalog_ВидыЗаказовПокупателей"),
}
"""What the base fills in by itself when it is started for the first time."""


def test_an_empty_base_holds_what_is_predefined_one_organisation_and_its_users(base):
    counts = {name: len(rows) for name, rows in base.records().items() if rows}
    filled = base.configuration.predefined
    assert all(
        counts.pop(name) == len(filled[name]) for name in list(counts) if name in FIRST_START
    )
    assert counts == {
        "Catalog_ВидыКонтактнойИнформации": 14,
        "Catalog_Организации": 1,
        "Catalog_Пользователи": 2,
        "Catalog_НаборыДополнительныхРеквизитовИСведений": 5,
        "Constant_ИспользоватьДополнительныеРеквизитыИСведения": 1,
        "ExchangePlan_ОбменСБитрикс24": 2,
    }
    assert base.registered() == []
    assert base.ledger.touches == []
    assert (base.publication, base.service_root) == ("/unf", "/unf/odata/standard.odata")


def test_phones_and_mails_may_have_several_values(base):
    kinds = base.records()["Catalog_ВидыКонтактнойИнформации"]
    phone = kinds[base.kind_key("ТелефонКонтрагента")]
    assert (phone["Predefined"], phone["РазрешитьВводНесколькихЗначений"]) == (True, True)
    assert kinds[base.kind_key("ЮрАдресКонтрагента")]["РазрешитьВводНесколькихЗначений"] is False


def test_the_guid_of_a_kind_differs_from_base_to_base(calling):
    keys = {calling(seed=seed).base.kind_key("EmailКонтрагента") for seed in (1, 2)}
    assert len(keys) == 2


def test_what_is_not_built_is_named_with_what_is(calling):
    with pytest.raises(
        NotBuilt, match=r"'zup31' is not built. Use one of: unf, unf16, ut11, bp30, other"
    ):
        calling(configuration="zup31")
    with pytest.raises(NotBuilt, match=r"'cloud' is not built. Use one of: server, file"):
        calling(mode="cloud")


def test_a_deed_of_a_person_is_written_registered_and_entered(calling, contractless):
    base = calling(configuration=contractless).base
    guid = base.act("create", {"set": SET, "fields": {"Description": "А"}}, user="Иванова")
    base.act("mark", {"set": SET, "key": guid}, user="Петров")
    base.act("delete", {"set": SET, "key": guid}, user="Петров")
    assert [(touch.verb, touch.actor) for touch in base.ledger.touches] == [
        ("add", "user:Иванова"),
        ("update", "user:Петров"),
        ("delete", "user:Петров"),
    ]
    assert base.registered() == [(SET, guid, None)]
    assert list(base.calls.lines) == []


def test_a_person_need_not_number_the_lines_of_a_table_part(base):
    lines = [{"Представление": "1"}, {"Представление": "2"}]
    guid = base.act("create", {"set": SET, "fields": {"КонтактнаяИнформация": lines}})
    part = base.records()[SET][guid]["КонтактнаяИнформация"]
    assert [line["LineNumber"] for line in part] == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("merge", {"set": SET}, "Deed 'merge' is unknown. Use one of: create"),
        ("create", {"set": "Catalog_Нет"}, "Set 'Catalog_Нет' is unknown"),
        ("create", {"set": SET, "fields": {"Инн": "1"}}, "has no"),
        ("update", {"set": SET, "key": "x"}, "has no record 'x'"),
    ],
)
def test_a_deed_that_cannot_be_done_says_what_can(base, name, params, says):
    with pytest.raises(LookupError, match=says):
        base.act(name, params)


def test_the_key_of_a_record_stays_whatever_is_written(base):
    guid = base.act("create", {"set": SET, "fields": {}})
    base.act(
        "update",
        {"set": SET, "key": guid, "fields": {"Ref_Key": base.kind_key("EmailКонтрагента")}},
    )
    assert base.records()[SET][guid]["Ref_Key"] == guid


def test_a_snapshot_brings_back_all_that_the_base_was(odata, made):
    first = made(ИНН="7700000001")
    odata.selected(1)
    kept = odata.base.snapshot()
    after = made(Description="Потом")
    odata.notify(1)
    odata.base.restore(kept)
    assert odata.base.snapshot() == kept
    assert list(odata.base.records()[SET]) == [first]
    assert (SET, first, 1) in odata.base.registered()
    assert [row["Ref_Key"] for row in odata.rows("$filter=ИНН eq '7700000001'")] == [first]
    assert made(Description="Потом") == after


def test_a_reset_brings_the_base_back_to_its_seed(calling):
    odata = calling(filling=lambda base: fill(base, 3))
    kept, touches = odata.base.snapshot(), len(odata.base.ledger.touches)
    odata.call("POST", f"/{SET}", body={})
    odata.base.trouble.set(Html(), times=None)
    odata.call("GET", "/")
    odata.base.reset()
    assert odata.base.snapshot() == kept
    assert list(odata.base.calls.lines) == []
    assert len(odata.base.ledger.touches) == touches
    assert odata.base.trouble.met == {}
    assert odata.call("GET", "/").status == 200


def test_a_mark_for_deletion_can_be_taken_back(base):
    guid = base.act("create", {"set": SET, "fields": {}})
    base.act("mark", {"set": SET, "key": guid})
    assert base.records()[SET][guid]["DeletionMark"] is True
    base.act("mark", {"set": SET, "key": guid, "mark": False})
    assert base.records()[SET][guid]["DeletionMark"] is False


def test_a_write_is_entered_with_both_states_and_the_reading_before_it(odata, made):
    guid = made(ИНН="1")
    path = f"/{SET}(guid'{guid}')"
    odata.json("PATCH", path, body={"ИНН": "2"})
    odata.json("GET", path)
    read_at_s = odata.base.clock.now_s()
    odata.base.clock.advance(5.0)
    odata.json("PATCH", path, body={"ИНН": "3"})
    blind, informed = odata.base.ledger.touches[-2:]
    assert (blind.actor, blind.read_at_s) == ("odata:obmen", None)
    assert (informed.at_s, informed.read_at_s) == (read_at_s + 5.0, read_at_s)
    assert (informed.before["ИНН"], informed.after["ИНН"]) == ("2", "3")
    assert informed.changed() == {"ИНН", "DataVersion"}


def test_rows_kept_by_somebody_never_change(odata, made):
    guid = made(Description="А")
    before = odata.base.records()[SET][guid]
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"Description": "Б"})
    assert before["Description"] == "А"


def test_a_switch_is_chosen_while_the_base_lives_and_set_back_by_a_reset(odata, made):
    path = f"/{SET}(guid'{made()}')"
    stale = {"if-match": "AAAAAAAAAAk="}

    def status():
        return odata.base.answer(odata.request("PATCH", path, "", {"ИНН": "1"}, stale)).status

    assert status() == 200
    told = odata.base.act("switches", {"if_match": "documented"})
    assert (told["if_match"], told["line_numbers"]) == ("documented", "strict")
    assert status() == 412
    odata.base.reset()
    assert odata.base.switches == Switches()


def test_a_message_brings_again_what_the_switch_says_now(odata, made):
    made()
    assert odata.selected(1) == odata.selected(2) != set()
    odata.base.act("switches", {"resend": "own_number"})
    assert odata.selected(3) == set()


@pytest.mark.parametrize(
    ("params", "error", "text"),
    [
        ({"if_mtach": "documented"}, LookupError, "No switch 'if_mtach'. There are: if_match"),
        ({"if_match": "yes"}, ValueError, "cannot be 'yes'. Choose one of: 'ignored', 'docum"),
        ({"licence_status": "503"}, ValueError, "Choose one of: 503, 403, 500"),
    ],
)
def test_a_wrong_switch_is_told_what_it_can_be_and_changes_nothing(base, params, error, text):
    with pytest.raises(error, match=text):
        base.act("switches", {"inlinecount": "documented", **params})
    assert base.switches == Switches()


def test_gauges_count_records_and_registrations(odata, made):
    made()
    gauges = odata.base.gauges()
    assert gauges["records"][SET] == 1
    assert gauges["records"]["Catalog_ДоговорыКонтрагентов"] == 1
    assert gauges["registered"] == {"1C": 0, "B24": 2}


def test_a_base_is_a_system_of_the_kit():
    from sverka_emulator_kit.system import System

    system: System = Infobase(clock=VirtualClock())
    assert system.name == "onec"


def test_what_a_first_start_fills_in_refers_to_each_other(base):
    kinds = base.records()["Catalog_ВидыЗаказовПокупателей"].values()
    states = base.records()["Catalog_СостоянияЗаказовПокупателей"]
    (order,) = [row["ПорядокСостояний"] for row in kinds]
    in_order = [states[line["Состояние_Key"]]["Description"] for line in order]
    assert in_order == ["Открыт", "В работе", "Завершен"]
    done = [row["PredefinedDataName"] for row in states.values() if row["Predefined"]]
    assert done == ["Завершен"]


def test_a_base_kept_in_a_directory_is_the_same_base(calling, tmp_path):
    odata = calling(filling=lambda base: fill(base, 3))
    with kept(odata.base, tmp_path) as lock:
        guids = sorted(odata.base.records()[SET])
        with lock:
            odata.selected(1)
        with lock:
            odata.json("PATCH", f"/{SET}(guid'{guids[0]}')", body={"ИНН": "7707083893"})
            odata.call("DELETE", f"/{SET}(guid'{guids[1]}')")
        with lock:
            odata.notify(1)
            odata.base.act("create", {"set": SET, "fields": {"Description": "А"}})
    again = calling(seed=9)
    with kept(again.base, tmp_path):
        assert json.loads(again.base.snapshot()) == json.loads(odata.base.snapshot())
