"""Calls that are held: the answer comes when the topic stirs, or when the time is over."""

import threading
import time
from types import SimpleNamespace

import httpx
import pytest

from sverka_emulator_kit.clock import VirtualClock, WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.held import Held, Topics
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.serve import serve


@pytest.fixture
def bells(make_notes):
    """Makes a system where GET waits for a bell and POST rings it."""

    class Bells(make_notes):
        def answer(self, request):
            if request.verb == "POST":
                self.rung = getattr(self, "rung", 0) + 1
                self.topics.stir("bell")
                return Reply(200, b"rung")
            return Held("bell", 30.0, self.topics, self.look, lambda: Reply(304))

        def look(self):
            rung = getattr(self, "rung", 0)
            return Reply(200, str(rung).encode(), "text/plain") if rung >= self.loud else None

    def make(clock, loud=1):
        system = Bells(clock=clock)
        system.topics, system.loud = Topics(), loud
        return system

    return make


@pytest.fixture
def held(bells):
    """A held call in virtual time, and where its reply comes."""
    system = bells(VirtualClock(), loud=2)
    came = []
    answer = system.answer(Request("GET", "/"))

    forget = answer.then(
        system.clock, lambda reply: came.append((system.clock.now_s() - begun_s, reply))
    )
    begun_s = system.clock.now_s()
    return SimpleNamespace(system=system, replies=came, forget=forget)


def ring(held):
    held.system.answer(Request("POST", "/"))
    held.system.topics.stir("another bell")


def test_a_held_call_waits_until_there_is_something_to_say(held):
    held.system.clock.advance(5)
    ring(held)
    assert held.replies == []
    held.system.clock.advance(5)
    ring(held)
    assert [(at_s, reply.body) for at_s, reply in held.replies] == [(10, b"2")]


def test_a_held_call_ends_with_its_time(held):
    held.system.clock.advance(29.9)
    assert held.replies == []
    held.system.clock.advance(0.1)
    assert [(at_s, reply.status) for at_s, reply in held.replies] == [(30, 304)]


@pytest.mark.parametrize("first", ["ring", "time"])
def test_a_held_call_is_answered_once(held, first):
    if first == "time":
        held.system.clock.advance(60)
    for _ in range(4):
        ring(held)
    held.system.clock.advance(60)
    assert len(held.replies) == 1
    assert held.system.topics.count() == 0


def test_a_forgotten_call_is_never_answered(held):
    held.forget()
    ring(held)
    ring(held)
    held.system.clock.advance(60)
    assert held.replies == []
    assert held.system.topics.count() == 0


# Through the door.


def waiting(system, count=1):
    """Let the held calls arrive."""
    deadline_s = time.monotonic() + 5
    while system.topics.count() != count:
        assert time.monotonic() < deadline_s, f"{system.topics.count()} wait, not {count}"
        time.sleep(0.002)


class Caller(threading.Thread):
    """Gets an address beside the test."""

    def __init__(self, get):
        super().__init__()
        self.get, self.reply = get, None
        self.start()

    def run(self):
        self.reply = self.get()

    def ended(self):
        self.join(5)
        assert not self.is_alive()
        return self.reply


@pytest.mark.parametrize(
    ("move_s", "rings", "status"), [(60, 0, 304), (0, 1, 200)], ids=["time", "ring"]
)
def test_a_door_in_virtual_time_waits_for_whoever_moves_the_clock(bells, move_s, rings, status):
    system = bells(VirtualClock())
    app = build_app(system)
    caller = Caller(lambda: app.test_client().get("/"))
    waiting(system)
    assert caller.is_alive()
    for _ in range(rings):
        app.test_client().post("/")
    app.test_client().post("/_emulator/clock", json={"advance_s": move_s})
    assert caller.ended().status_code == status


@pytest.mark.parametrize("stopped", [False, True])
def test_a_clock_of_the_wall_ends_a_held_call_when_it_is_moved_by_hand(bells, stopped):
    system = bells(WallClock())
    app = build_app(system)
    if stopped:
        system.clock.freeze()
    caller = Caller(lambda: app.test_client().get("/"))
    waiting(system)
    app.test_client().post("/_emulator/clock", json={"advance_s": 31})
    assert caller.ended().status_code == 304


@pytest.fixture
def served(bells):
    system = bells(WallClock())
    with serve(build_app(system), clock=system.clock) as door:
        yield system, door.url


def client():
    return httpx.Client(trust_env=False, timeout=10.0)


@pytest.mark.sockets
def test_over_sockets_many_wait_and_all_are_told_at_once(served):
    system, url = served
    callers = [Caller(lambda: httpx.get(url, timeout=10.0, trust_env=False)) for _ in range(12)]
    waiting(system, 12)
    with client() as made:
        assert made.post(url).text == "rung"
    assert [caller.ended().text for caller in callers] == ["1"] * 12


@pytest.mark.sockets
def test_a_caller_who_leaves_is_waited_for_no_longer(served):
    system, url = served
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, timeout=httpx.Timeout(5.0, read=0.1), trust_env=False)
    waiting(system, 0)


@pytest.mark.sockets
def test_a_server_that_stops_lets_its_held_calls_go(bells):
    system = bells(WallClock())
    before = set(threading.enumerate())
    served = serve(build_app(system))
    caller = Caller(lambda: caught(served.url))
    waiting(system)
    begun_s = time.monotonic()
    served.stop()
    caller.ended()
    assert time.monotonic() - begun_s < 2
    assert set(threading.enumerate()) == before
    assert system.topics.count() == 0


def caught(url):
    try:
        return httpx.get(url, timeout=10.0, trust_env=False)
    except httpx.HTTPError as error:
        return error
