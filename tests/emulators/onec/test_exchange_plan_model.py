"""Exchange plan over OData against a reference model: whatever the order of calls, nothing is lost.

People write, delete, post and unpost; several nodes read, each at its own pace, some calls never
arrive and some replies are lost; one set is left out of the composition.
"""

from xml.etree import ElementTree

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from onec_emulator.schemas import EMPTY_GUID

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
CLIENTS, ORDERS, CURRENCIES = "Catalog_Контрагенты", "Document_ЗаказПокупателя", "Catalog_Валюты"
NODES = ("B24", "site")
PICKS = st.integers(0, 3)


class Model:
    """The reference: per node, the number under which each record was first sent, or None."""

    def __init__(self):
        self.waiting = {node: {} for node in NODES}

    def wrote(self, record):
        for waiting in self.waiting.values():
            waiting[record] = None

    def selected(self, node, number):
        waiting = self.waiting[node]
        chosen = {
            record
            for record, sent in waiting.items()
            if record[0] != CURRENCIES and (sent is None or sent <= number)
        }
        waiting.update({record: number for record in chosen if waiting[record] is None})
        return chosen

    def acknowledged(self, node, number):
        waiting = self.waiting[node]
        self.waiting[node] = {
            record: sent for record, sent in waiting.items() if sent is None or sent > number
        }


class Read(RuleBasedStateMachine):
    """A base, its people, and one consumer per node that acknowledges what it has stored."""

    def __init__(self, calling):
        super().__init__()
        self.odata = calling(unpublished=[CURRENCIES])
        self.base, self.model = self.odata.base, Model()
        plan = {"set": self.base.plan, "fields": {"Code": "site"}}
        self.base.act("create", plan)
        self.entered = len(self.base.ledger.touches)
        self.numbers = dict.fromkeys(NODES, 1)
        self.seen = dict.fromkeys(NODES)
        self.stored = {node: {} for node in NODES}

    def act(self, *deed):
        self.base.act(*deed)
        for touch in self.base.ledger.touches[self.entered :]:
            self.model.wrote((touch.entity, touch.key))
        self.entered = len(self.base.ledger.touches)

    def picked(self, entity, pick):
        return sorted(self.base.records()[entity])[pick : pick + 1]

    @rule(entity=st.sampled_from([CLIENTS, CURRENCIES]), pick=PICKS)
    def people_write(self, entity, pick):
        fields = {"set": entity, "fields": {"Description": "x"}}
        for key in self.picked(entity, pick):
            self.act("update", {**fields, "key": key})
            return
        self.act("create", fields)

    @rule(entity=st.sampled_from([CLIENTS, ORDERS]), pick=PICKS)
    def people_delete(self, entity, pick):
        for key in self.picked(entity, pick):
            self.act("delete", {"set": entity, "key": key})

    @rule(pick=PICKS)
    def people_order(self, pick):
        client = (*self.picked(CLIENTS, pick), EMPTY_GUID)[0]
        self.act("create", {"set": ORDERS, "fields": {"Контрагент_Key": client, "Posted": True}})

    @rule(pick=PICKS, deed=st.sampled_from(["post", "unpost", "mark"]))
    def people_post_and_unpost(self, pick, deed):
        for key in self.picked(ORDERS, pick):
            if deed != "post" or not self.base.records()[ORDERS][key]["DeletionMark"]:
                self.act(deed, {"set": ORDERS, "key": key})

    @rule(node=st.sampled_from(NODES), lost=st.booleans())
    def a_consumer_selects(self, node, lost):
        feed = self.odata.select(self.numbers[node], node)
        chosen = self.model.selected(node, self.numbers[node])
        assert shown(feed) == {address(self.base, record) for record in chosen}
        records = self.base.records()
        found = {(entity, key): records[entity].get(key) for entity, key in chosen}
        # A lost reply has stamped what nobody saw: it must be asked for again.
        self.seen[node] = None if lost else found

    @rule(node=st.sampled_from(NODES))
    def a_consumer_stores_and_acknowledges(self, node):
        if self.seen[node] is None:
            return
        self.stored[node].update(self.seen[node])
        assert self.odata.notify(self.numbers[node], node).status == 200
        self.model.acknowledged(node, self.numbers[node])
        self.numbers[node], self.seen[node] = self.numbers[node] + 1, None

    @rule(node=st.sampled_from(NODES))
    def a_consumer_acknowledges_once_more(self, node):
        if self.numbers[node] > 1:
            self.odata.notify(self.numbers[node] - 1, node)

    @invariant()
    def the_base_remembers_what_the_model_does(self):
        for node in NODES:
            waiting = {(entity, key): sent for entity, key, sent in self.base.registered(node)}
            assert waiting == self.model.waiting[node]

    @invariant()
    def each_change_waits_or_is_stored(self):
        records = self.base.records()
        for node in NODES:
            for entity, key in {(t.entity, t.key) for t in self.base.ledger.touches}:
                if entity not in (self.base.plan, CURRENCIES):
                    now = records[entity].get(key)
                    waits = (entity, key) in self.model.waiting[node]
                    assert waits or self.stored[node].get((entity, key)) == now


def address(base, record):
    entity, key = record
    return f"{entity}({base.configuration.sets[entity].predicate(key)})"


def shown(feed):
    live = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    gone = [stone.get("ref") for stone in feed.findall(TOMBSTONE)]
    found = [text.partition("standard.odata/")[2] for text in live + gone]
    assert len(found) == len(set(found))
    return set(found)


def test_no_registration_is_lost_whatever_the_order_of_calls(calling):
    run_state_machine_as_test(
        lambda: Read(calling),
        settings=settings(max_examples=40, stateful_step_count=25, deadline=None),
    )


def test_what_is_left_out_of_the_composition_is_written_registered_and_never_read(calling):
    odata = calling(unpublished=[CURRENCIES])
    assert odata.error("GET", f"/{CURRENCIES}") == (404, "8")
    assert CURRENCIES not in {entry["name"] for entry in odata.json("GET", "/")["value"]}
    document = odata.call("GET", "/$metadata").body.decode()
    assert f'"{CURRENCIES}"' not in document
    assert "Catalog_БанковскиеСчета_ВалютаДенежныхСредств" not in document
    odata.base.act("create", {"set": CURRENCIES, "fields": {"Code": "978"}})
    assert ElementTree.tostring(odata.select(1)).count(b"entry") == 0
    assert [(entity, sent) for entity, _, sent in odata.base.registered()] == [(CURRENCIES, None)]
    row = odata.json("POST", "/Catalog_БанковскиеСчета", body={})
    assert "ВалютаДенежныхСредств@navigationLinkUrl" not in row
    assert odata.error("GET", "/Catalog_БанковскиеСчета", "$expand=ВалютаДенежныхСредств") == (
        400,
        "6",
    )


def test_only_sets_of_the_configuration_can_be_left_out(calling):
    with pytest.raises(ValueError, match=r"Catalog_Нет.* Catalog_Контрагенты"):
        calling(unpublished=["Catalog_Нет"])
