"""SelectChanges and NotifyChangesReceived, rule by rule."""

from xml.etree import ElementTree

import httpx
import pytest

from onec_emulator.infobase import Infobase
from onec_emulator.odata import changes
from onec_emulator.switches import Switches
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.in_tests import transport
from sverka_emulator_kit.serve import serve
from sverka_emulator_kit.trouble import DropReply

SET = "Catalog_Контрагенты"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"


@pytest.fixture
def base(contractless):
    return Infobase(clock=VirtualClock(), seed=1, configuration=contractless)


def node(odata, code="B24"):
    return odata.rows(f"$filter=Code eq '{code}'", entity=odata.base.plan)[0]


def test_an_empty_backlog_is_a_feed_without_entries(odata):
    feed = odata.select(1)
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}entry") is None


def test_the_answer_is_an_atom_feed_whatever_is_asked_for(odata, made):
    made()
    query = f"DataExchangePoint={odata.point()}&MessageNo=1&$format=json&$top=0&$select=Ref_Key"
    reply = odata.call("POST", "/SelectChanges", query, accept="application/json")
    assert reply.content_type == "application/atom+xml;type=feed;charset=utf-8"
    feed = ElementTree.fromstring(reply.body)
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert feed.find(f".//{{{SERVICES}}}Description").text == "Ромашка ООО"


def test_a_message_shows_the_record_as_it_is_now_and_once(odata, made):
    guid = made(Description="А")
    for name in "БВ":
        odata.base.act("update", {"set": SET, "key": guid, "fields": {"Description": name}})
    feed = odata.select(1)
    assert [e.text for e in feed.iter(f"{{{SERVICES}}}Description")] == ["В"]


def test_the_same_message_comes_again_until_it_is_acknowledged(odata, made):
    guid = made()
    assert odata.selected(1) == odata.selected(1) == {guid}
    assert odata.notify(1).status == 200
    assert odata.selected(2) == set()


def test_a_repeated_message_takes_up_what_was_written_since(odata, made):
    first = made()
    odata.selected(1)
    second = made()
    assert odata.selected(1) == {first, second}


def test_a_write_between_message_and_acknowledgement_is_not_lost(odata, made):
    guid = made()
    odata.selected(1)
    odata.base.act("update", {"set": SET, "key": guid, "fields": {"ИНН": "1"}})
    assert odata.base.registered() == [(SET, guid, None)]
    odata.notify(1)
    assert odata.selected(2) == {guid}


def test_an_acknowledgement_leaves_later_messages_alone(odata, made):
    first = made()
    odata.selected(1)
    second = made()
    odata.selected(2)
    odata.notify(1)
    assert [key for _, key, _ in odata.base.registered()] == [second]
    assert first != second


def test_an_acknowledgement_covers_earlier_messages_too(odata, made):
    made()
    odata.selected(1)
    made()
    odata.selected(2)
    odata.notify(2)
    assert odata.base.registered() == []
    assert odata.selected(3) == set()


def test_an_empty_message_may_be_acknowledged(odata, made):
    odata.selected(1)
    assert odata.notify(1).status == 200
    assert odata.notify(1).status == 200
    guid = made()
    assert odata.selected(2) == {guid}


def test_unacknowledged_changes_go_into_every_later_message(odata, made, calling, contractless):
    guid = made()
    odata.selected(1)
    assert odata.selected(2) == {guid}
    assert odata.base.registered() == [(SET, guid, 1)]
    other = calling(configuration=contractless, switches=Switches(resend="own_number"))
    other.base.act("create", {"set": SET, "fields": {}})
    assert len(other.selected(1)) == 1
    assert other.selected(2) == set()


def test_the_node_keeps_the_numbers(odata, made):
    made()
    odata.selected(3)
    odata.notify(3)
    assert (node(odata)["SentNo"], node(odata)["ReceivedNo"]) == ("3", "3")


def test_a_call_whose_reply_is_lost_has_stamped_and_its_number_brings_all_again(odata, made):
    guid = made()
    odata.base.trouble.set(DropReply(), match="POST SelectChanges")
    odata.call("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1")
    assert odata.base.registered() == [(SET, guid, 1)]
    assert node(odata)["SentNo"] == "1"
    assert odata.selected(1) == {guid}


def test_a_deleted_record_leaves_a_tombstone(odata, made):
    guid = made()
    odata.base.act("delete", {"set": SET, "key": guid})
    feed = odata.select(1)
    stone = feed.find(TOMBSTONE)
    assert feed.find(f"{ATOM}entry") is None
    assert stone.get("ref") == f"http://localhost{odata.base.service_root}/{SET}(guid'{guid}')"
    assert stone.get("when") == "2025-11-03T09:00:00"


def test_a_mark_for_deletion_is_an_entry(odata, made):
    guid = made()
    odata.base.act("mark", {"set": SET, "key": guid})
    feed = odata.select(1)
    assert feed.find(TOMBSTONE) is None
    assert feed.find(f".//{{{SERVICES}}}DeletionMark").text == "true"


def test_writes_through_odata_are_registered_too(odata, made):
    guid = made()
    odata.selected(1)
    odata.notify(1)
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "1"})
    assert odata.selected(2) == {guid}


def test_nodes_do_not_disturb_each_other_and_a_new_one_knows_no_history(odata, made):
    old = made()
    odata.json("POST", f"/{odata.base.plan}", body={"Code": "SITE"})
    new = made()
    assert odata.selected(1, "SITE") == {new}
    assert odata.selected(1) == {old, new}
    odata.notify(1)
    assert odata.selected(1, "SITE") == {new}


def test_nothing_is_ever_registered_for_this_node(odata, made):
    made()
    assert node(odata, "1C")["ThisNode"] is True
    assert odata.base.registered("1C") == []
    assert odata.selected(1, "1C") == set()


def test_entries_of_one_set_stand_together(odata, made):
    for number in range(3):
        made(Description=str(number))
        odata.base.act("create", {"set": "Catalog_Банки", "fields": {"Code": str(number)}})
    terms = [entry.get("term") for entry in odata.select(1).iter(f"{ATOM}category")]
    assert terms == [f"StandardODATA.{SET}"] * 3 + ["StandardODATA.Catalog_Банки"] * 3


def test_a_register_record_comes_as_one_flat_entry(odata, made):
    key = {"Контрагент_Key": made(), "Контакт_Key": made(), "Period": "2025-01-01T00:00:00"}
    odata.json("POST", "/InformationRegister_СвязиКонтрагентКонтакт", body=key)
    entry = odata.select(1).findall(f"{ATOM}entry")[-1]
    assert "Контакт_Key=guid'" in entry.findtext(f"{ATOM}id")
    assert entry.find(f".//{{{SERVICES}}}Period").text == "2025-01-01T00:00:00"


def test_a_message_counts_as_a_reading_of_its_records(odata, made):
    guid = made()
    odata.selected(1)
    odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"ИНН": "1"})
    assert odata.base.ledger.touches[-1].read_at_s is not None


def test_one_control_character_spoils_the_message_which_is_stamped_all_the_same(odata, made):
    guid = made(Комментарий="\x02")
    reply = odata.call("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1")
    assert reply.status == 400
    assert odata.base.registered() == [(SET, guid, 1)]


@pytest.mark.parametrize("function", ["SelectChanges", "NotifyChangesReceived"])
def test_a_call_that_names_no_node_or_number_is_refused(odata, function):
    point, path = odata.point(), f"/{function}"
    unknown = point.replace(odata.base.node_key("B24"), "00000000-0000-0000-0000-000000000001")
    foreign = point.replace("ОбменСБитрикс24", "Полный")
    assert odata.error("POST", path, f"DataExchangePoint={point}") == (400, "12")
    assert odata.error("POST", path, "MessageNo=1") == (400, "12")
    assert odata.error("POST", path, f"DataExchangePoint={point}&MessageNo=x") == (400, "1")
    assert odata.error("POST", path, "DataExchangePoint='x'&MessageNo=1") == (400, "7")
    assert odata.error("POST", path, f"DataExchangePoint={unknown}&MessageNo=1") == (404, "9")
    assert odata.error("POST", path, f"DataExchangePoint={foreign}&MessageNo=1") == (404, "8")
    assert odata.error("GET", path, f"DataExchangePoint={point}&MessageNo=1") == (405, "19")


def asked_for(odata, number=1):
    return odata.call(
        "POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo={number}"
    )


@pytest.fixture
def small_portions(monkeypatch):
    monkeypatch.setattr(changes, "PORTION", 2)


def test_a_long_feed_comes_in_portions_with_the_bytes_of_a_whole_one(odata, made, monkeypatch):
    for name in "АБВГД":
        made(Description=name)
    odata.base.act("delete", {"set": SET, "key": made()})
    whole = asked_for(odata)
    monkeypatch.setattr(changes, "PORTION", 2)
    reply = asked_for(odata)
    rest = list(reply.rest)
    assert (list(whole.rest), len(rest)) == ([], 3)
    assert b"".join((reply.body, *rest)) == whole.body


def test_a_portion_shows_what_was_there_when_the_feed_was_asked_for(odata, made, small_portions):
    guids = [made(Description="А") for _ in range(5)]
    reply = asked_for(odata)
    for guid in guids:
        odata.base.act("update", {"set": SET, "key": guid, "fields": {"Description": "Б"}})
    assert b"".join((reply.body, *reply.rest)).count("<d:Description>А<".encode()) == 5
    later = asked_for(odata, 2)
    assert b"".join((later.body, *later.rest)).count("<d:Description>Б<".encode()) == 5


@pytest.mark.parametrize("where", range(5))
def test_an_unwritable_text_spoils_a_long_feed_before_it_begins(odata, made, small_portions, where):
    for number in range(5):
        made(Description="А\x01" if number == where else "А")
    assert asked_for(odata).status == 400


def test_a_long_feed_passes_the_door_and_the_channel_in_this_process(odata, made, small_portions):
    for name in "АБВГД":
        made(Description=name)
    sent = odata.request("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1")
    with (
        serve(build_app(odata.base)) as served,
        httpx.Client(transport=transport(odata.base), base_url="http://localhost") as inside,
        httpx.Client(base_url=served.url, trust_env=False) as outside,
    ):
        for client in (inside, outside):
            target = f"{sent.path}?{sent.query}"
            with client.stream("POST", target, headers=sent.headers) as came:
                feed = ElementTree.fromstring(b"".join(came.iter_raw()))
            assert came.headers.get("content-length") is None
            assert len(feed.findall(f"{ATOM}entry")) == 5
