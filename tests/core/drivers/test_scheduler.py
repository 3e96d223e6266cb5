"""Stepping flows: order, answers, errors, pacing."""

import heapq
import itertools

import pytest

from sverka.asks import (
    Counts,
    NoReply,
    Request,
    Response,
    calls,
    draw,
    load,
    new_id,
    now,
    save,
    sleep,
)
from sverka.drivers.lanes import Lanes
from sverka.drivers.pacer import Pacer
from sverka.drivers.scheduler import Scheduler
from sverka.records import Cursor, SideName

PORTAL, INFOBASE = SideName


class HandWorld:
    """A world whose time and replies a test moves by hand."""

    def __init__(self):
        self.time_s = 100.0
        self.timers = []
        self.sent = []
        self.sequence = itertools.count()

    def now_s(self):
        return self.time_s

    def at(self, moment_s, deed):
        heapq.heappush(self.timers, (moment_s, next(self.sequence), deed))

    def send(self, request, done):
        self.sent.append((self.time_s, request, done))

    def new_id(self):
        return "guid"

    def random(self):
        return 0.25

    def next_timer(self):
        moment_s, _, deed = heapq.heappop(self.timers)
        self.time_s = max(self.time_s, moment_s)
        deed()

    def reply(self, index=0, answer=None):
        _, _, done = self.sent.pop(index)
        done(answer or Response(200, b""))


class Kept:
    """A journal that notes what it was told."""

    def __init__(self):
        self.saved = []

    def load(self, query):
        return {"links": 3}

    def save(self, puts, drops):
        self.saved.append((puts, drops))


def scheduler(*, threshold=100, drain=2.0, level=0.0, width=4):
    world, kept = HandWorld(), Kept()
    pacer = Pacer(threshold, drain, level=level, at_s=world.time_s)
    return Scheduler(world, kept, pacer, Lanes(width)), world, kept


def request(side=PORTAL, name="batch", *, safe=True, url="http://x/1"):
    return Request(side=side, name=name, verb="POST", url=url, safe=safe)


def test_asks_that_need_no_waiting_are_answered_in_one_step():
    made, _, kept = scheduler()

    def flow():
        yield from save([Cursor(name="a", value="1")])
        return (
            (yield from now()),
            (yield from new_id()),
            (yield from draw()),
            (yield from load(Counts())),
        )

    task = made.start(flow())
    assert made.step_ready()

    assert task.outcome() == (100.0, "guid", 0.25, {"links": 3})
    assert kept.saved == [((Cursor(name="a", value="1"),), ())]


def test_an_empty_save_and_empty_calls_ask_nobody():
    made, world, kept = scheduler()

    def flow():
        yield from save([], [])
        return (yield from calls([]))

    task = made.start(flow())
    made.step_ready()

    assert (task.outcome(), kept.saved, world.sent) == ((), [], [])


def test_a_sleeper_wakes_at_its_time():
    made, world, _ = scheduler()

    def flow():
        yield from sleep(7.0)
        return (yield from now())

    task = made.start(flow())
    made.step_ready()
    assert not made.step_ready()
    world.next_timer()
    made.step_ready()

    assert task.outcome() == 107.0


def test_answers_come_in_the_order_of_asking_whatever_the_order_of_replies():
    made, world, _ = scheduler()
    task = made.start(calls([request(url="http://x/1"), request(url="http://x/2")]))
    made.step_ready()

    world.reply(1, Response(200, b"second"))
    assert not made.step_ready()
    world.reply(0, Response(200, b"first"))
    made.step_ready()

    assert [answer.body for answer in task.outcome()] == [b"first", b"second"]


def test_flows_run_beside_each_other():
    made, world, _ = scheduler()
    slow = made.start(calls([request()]))
    quick = made.start(now())
    made.step_ready()

    assert (slow.ended, quick.ended) == (False, True)
    world.reply()
    made.step_ready()
    assert slow.ended


def test_the_error_of_one_flow_is_handed_to_who_waits_for_it_alone():
    made, _, _ = scheduler()

    def broken():
        yield from now()
        raise ValueError("broken")

    failing, fine = made.start(broken()), made.start(now())
    made.step_ready()

    assert fine.outcome() == 100.0
    with pytest.raises(ValueError, match="broken"):
        failing.outcome()


def test_an_error_of_the_journal_reaches_the_flow_that_saved():
    made, _, kept = scheduler()
    kept.save = lambda puts, drops: 1 / 0

    task = made.start(save([Cursor(name="a", value="1")]))
    made.step_ready()

    with pytest.raises(ZeroDivisionError):
        task.outcome()


def test_an_ask_that_nobody_knows_is_a_bug_and_said():
    made, _, _ = scheduler()

    def flow():
        yield "please"

    task = made.start(flow())
    made.step_ready()

    with pytest.raises(AssertionError, match="please"):
        task.outcome()


def test_a_call_that_finds_the_bucket_full_leaves_later():
    made, world, _ = scheduler(threshold=2, drain=2.0)
    made.start(calls([request(), request()]))
    made.step_ready()
    assert len(world.sent) == 1

    world.next_timer()

    assert [at_s for at_s, _, _ in world.sent] == [100.0, 100.25]


def test_neither_the_infobase_nor_the_token_server_is_paced():
    made, world, _ = scheduler(threshold=1, level=1.0)
    made.start(calls([request(INFOBASE), request(PORTAL, "oauth.token")]))
    made.step_ready()

    assert len(world.sent) == 2


def test_a_refusal_by_the_portal_slows_the_next_call_down():
    made, world, _ = scheduler(threshold=10, drain=2.0)
    made.start(calls([request()]))
    made.step_ready()
    world.reply(0, Response(503, b""))

    made.start(calls([request()]))
    made.step_ready()
    assert not world.sent
    world.next_timer()

    assert world.sent[0][0] == 100.75


def test_a_refusal_by_the_infobase_says_nothing_of_the_portal():
    made, world, _ = scheduler(threshold=10)
    made.start(calls([request(INFOBASE)]))
    made.step_ready()
    world.reply(0, Response(503, b""))

    made.start(calls([request()]))
    made.step_ready()
    assert len(world.sent) == 1


def test_calls_above_the_number_of_lanes_wait_for_one():
    made, world, _ = scheduler(width=2)
    task = made.start(calls([request() for _ in range(5)]))
    made.step_ready()

    most = 0
    while world.sent:
        most = max(most, len(world.sent))
        world.reply(0, NoReply("cut"))
    made.step_ready()

    assert most == 2
    assert len(task.outcome()) == 5
