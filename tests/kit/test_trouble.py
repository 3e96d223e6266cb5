"""Trouble is a value: picked for a call, and what it does to it."""

import random
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.trouble import (
    KINDS,
    NAMES,
    VALUES,
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Html,
    Refuse,
    Standing,
    TroubleBox,
    TroubleMisfit,
    TroubleUnknown,
    Twice,
    from_json,
    suffer,
)

CHANCE = random.Random(1)


def pick(box, name="crm.company.add", now_s=0.0, parts=()):
    return box.pick(name, now_s, CHANCE, parts)


def suffered(trouble):
    """The reply, and how often the call was really done."""
    done = []

    def answer():
        done.append(1)
        return Reply(200, f"reply {len(done)}".encode(), takes_s=0.5)

    reply = suffer(trouble, answer, lambda refusal: Reply(refusal.status, refusal.error.encode()))
    return reply, len(done)


def test_without_trouble_a_call_is_done_once():
    reply, done = suffered(None)

    assert (reply.body, reply.cut_at, done) == (b"reply 1", None, 1)


def test_a_refused_call_is_not_done():
    reply, done = suffered(Refuse(429, "LIMIT"))

    assert (reply.status, reply.body, done) == (429, b"LIMIT", 0)


def test_a_page_of_html_comes_instead_of_a_reply():
    reply, done = suffered(Html())

    assert (reply.status, reply.content_type, done) == (502, "text/html; charset=utf-8", 0)
    assert b"<html>" in reply.body


def test_a_delayed_reply_is_whole_and_late():
    reply, done = suffered(Delay(30.0))

    assert (reply.body, reply.takes_s, done) == (b"reply 1", 30.5, 1)


def test_a_dropped_request_is_never_done():
    reply, done = suffered(DropRequest(3.0))

    assert (reply.cut_at, reply.takes_s, done) == (0, 3.0, 0)


def test_a_dropped_reply_is_done_and_never_comes():
    reply, done = suffered(DropReply(3.0))

    assert (reply.cut_at, reply.takes_s, done) == (0, 3.0, 1)


def test_a_cut_reply_ends_half_way():
    reply, done = suffered(CutReply())

    assert (reply.cut_at, done) == (len(b"reply 1") // 2, 1)


def test_a_doubled_call_is_done_twice_and_shows_its_second_reply():
    reply, done = suffered(Twice())

    assert (reply.body, done) == (b"reply 2", 2)


def test_a_trouble_is_spent_after_its_times():
    box = TroubleBox()
    box.set(Html(), times=2)

    assert [pick(box) for _ in range(3)] == [Html(), Html(), None]
    assert (box.met, box.standing) == ({"html": 2}, [])


def test_a_trouble_without_times_stays():
    box = TroubleBox()
    box.set(Html(), times=None)

    assert all(pick(box) for _ in range(20))


def test_a_trouble_meets_only_calls_of_its_pattern():
    box = TroubleBox()
    box.set(Html(), match="crm.*.add")

    assert pick(box, "crm.company.list") is None
    assert pick(box, "crm.company.add") == Html()


def test_a_batch_is_met_by_the_name_of_a_command_inside_it():
    box = TroubleBox()
    box.set(DropReply(), match="batch/crm.company.add")

    assert pick(box, "batch", parts=["crm.company.list"]) is None
    assert pick(box, "batch", parts=["crm.company.list", "crm.company.add"]) == DropReply()


def test_a_trouble_ends_at_its_moment():
    box = TroubleBox()
    box.set(Html(), times=None, until_s=10.0)

    assert pick(box, now_s=9.9) == Html()
    assert pick(box, now_s=10.0) is None
    assert box.standing == []


def test_a_trouble_spares_the_calls_before_the_one_it_is_meant_for():
    box = TroubleBox()
    box.set(Html(), match="crm.*.list", spares=2)
    names = ["crm.company.list", "profile", "crm.contact.list", "crm.company.list"]

    assert [pick(box, name) for name in names] == [None, None, None, Html()]
    assert (box.met, box.standing) == ({"html": 1}, [])


def test_the_first_trouble_that_stands_is_met_first():
    box = TroubleBox()
    box.set(Html())
    box.set(Twice())

    assert [pick(box), pick(box), pick(box)] == [Html(), Twice(), None]


@given(seed=st.integers(0, 1000))
def test_chance_is_seeded(seed):
    def met():
        box, chance = TroubleBox(), random.Random(seed)
        box.set(Html(), times=None, chance=0.5)
        return [box.pick("x", 0.0, chance) is None for _ in range(20)]

    assert met() == met()


def test_no_chance_is_no_trouble():
    box = TroubleBox()
    box.set(Html(), times=None, chance=0.0)

    assert not any(pick(box) for _ in range(20))


def test_cleared_troubles_come_no_more_but_what_was_met_stays_counted():
    box = TroubleBox()
    box.set(Html(), times=None)
    pick(box)

    box.clear()

    assert pick(box) is None
    assert box.met["html"] == 1


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_is_ordered_by_its_name_and_shown_as_it_was_ordered(name):
    entry = from_json({"kind": name, "match": "x.*", "times": 3})

    assert isinstance(entry.trouble, KINDS[name])
    shown = entry.as_json()
    assert (shown["kind"], shown["match"], shown["times"]) == (name, "x.*", 3)
    assert from_json(dict(shown.items())) == entry


def test_every_kind_has_a_name():
    assert {kind: name for name, kind in KINDS.items()} == NAMES


def test_its_own_values_are_taken_from_the_order():
    entry = from_json({"kind": "refuse", "status": 429, "error": "E", "times": None, "spares": 2})

    assert entry == Standing(Refuse(429, "E"), times=None, spares=2)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"kind": "earthquake"}, "drop_reply"),
        ({}, "None"),
        ({"kind": "html", "delay_s": 3}, r"\['delay_s'\]"),
        ({"kind": ["html"]}, "html"),
    ],
)
def test_an_unknown_order_is_refused_and_the_known_ones_named(order, said):
    with pytest.raises(TroubleUnknown, match=said):
        from_json(order)


@pytest.mark.parametrize(
    ("kind", "name", "value", "remedy"),
    [
        ("refuse", "status", "503", "200 to 599"),
        ("refuse", "status", 99, "200 to 599"),
        ("refuse", "status", 503.5, "200 to 599"),
        ("refuse", "error", 7, "a text"),
        ("refuse", "description", None, "a text"),
        ("html", "body", ["<html>"], "a text"),
        ("delay", "delay_s", "30", "seconds"),
        ("delay", "delay_s", -1, "seconds"),
        ("delay", "delay_s", float("nan"), "seconds"),
        ("delay", "delay_s", True, "seconds"),
        ("drop_reply", "after_s", None, "seconds"),
        ("twice", "match", None, "pattern"),
        ("twice", "times", 0, "null for without end"),
        ("twice", "times", "2", "null for without end"),
        ("twice", "until_s", "tomorrow", "unix seconds"),
        ("twice", "chance", 1.5, "0 to 1"),
        ("twice", "chance", "often", "0 to 1"),
        ("twice", "spares", -1, "whole number"),
        ("twice", "spares", 1.5, "whole number"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_would(kind, name, value, remedy):
    with pytest.raises(TroubleMisfit) as refused:
        from_json({"kind": kind, name: value})

    said = str(refused.value)
    assert f"{name} is {value!r}. Give" in said
    assert (kind in said, remedy in said) == (True, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", 200),
        ("status", 599),
        ("times", None),
        ("chance", 0),
        ("chance", 1),
        ("spares", 0),
    ],
)
def test_values_at_their_bounds_fit(name, value):
    assert from_json({"kind": "refuse", name: value}).as_json()[name] == value


def test_every_value_of_every_trouble_is_judged():
    held = {one.name for kind in (*KINDS.values(), Standing) for one in fields(kind)}
    assert held - {"trouble"} == set(VALUES)
