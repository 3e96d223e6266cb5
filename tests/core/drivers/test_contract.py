"""What every driver does with a flow: two over the clients of httpx, one in virtual time."""

import asyncio
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
import respx

from sverka.asks import (
    CursorOf,
    NoReply,
    Request,
    Response,
    await_signal,
    calls,
    draw,
    load,
    new_id,
    now,
    save,
    sleep,
    tell,
    together,
)
from sverka.drivers.asynchronous import Asynchronous
from sverka.drivers.blocking import Blocking
from sverka.drivers.pacer import Pacer
from sverka.drivers.simulated import Crash, Crashed, CrashPoint, Later, Remote, Simulated
from sverka.journal import SqliteJournal
from sverka.records import Cursor, SideName, Waiting
from sverka_emulator_kit.clock import VirtualClock

PORTAL, INFOBASE = SideName
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LOST = "lost"


def request(path="ok", side=PORTAL, *, safe=True, **fields):
    return Request(
        side=side, name=path, verb="POST", url=f"http://side.example/{path}", safe=safe, **fields
    )


def echo(verb, path, headers, body):
    """The other side of the contract: what a path answers, None for no whole reply."""
    if path == LOST:
        return None
    return Response(418 if path == "odd" else 200, f"{verb} {path} ".encode() + body)


class DriverContract:
    """A new driver is a new subclass with a `driver` and a `journal` fixture."""

    @pytest.fixture
    def journal(self):
        made = SqliteJournal()
        yield made
        made.close()

    def test_a_flow_returns_its_result(self, driver):
        def flow():
            return (yield from now()), 7

        assert driver.run(flow())[1] == 7

    def test_a_flow_that_raises_raises_here(self, driver):
        def flow():
            yield from now()
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            driver.run(flow())

    def test_a_driver_runs_the_next_flow_after_one_that_raised(self, driver):
        def flow():
            yield from sleep(0.0)
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            driver.run(flow())

        assert driver.run(load(CursorOf("a"))) == ""

    def test_a_call_brings_status_and_body(self, driver):
        (answer,) = driver.run(calls([request("odd", body=b"data")]))

        assert (answer.status, answer.body) == (418, b"POST odd data")

    def test_answers_come_in_the_order_of_asking(self, driver):
        answers = driver.run(calls([request(f"n{n}") for n in range(12)]))

        assert [answer.body for answer in answers] == [f"POST n{n} ".encode() for n in range(12)]

    def test_a_reply_that_was_lost_is_no_reply_and_may_have_arrived(self, driver):
        lost, fine = driver.run(calls([request(LOST), request("ok", INFOBASE)]))

        assert isinstance(lost, NoReply)
        assert lost.arrived
        assert lost.reason
        assert fine.status == 200

    def test_sleeping_takes_its_time(self, driver):
        def flow():
            began_s = yield from now()
            yield from sleep(0.05)
            return (yield from now()) - began_s

        assert driver.run(flow()) >= 0.05 - 1e-6

    def test_ids_are_new_guids_and_chance_is_between_0_and_1(self, driver):
        def flow():
            first, second = (yield from new_id()), (yield from new_id())
            return first, second, (yield from draw())

        first, second, number = driver.run(flow())
        assert first != second
        assert all(GUID.fullmatch(guid) and uuid.UUID(guid) for guid in (first, second))
        assert 0.0 <= number < 1.0

    def test_flows_live_side_by_side_and_signals_pass_between_them(self, driver):
        heard = []

        def listener():
            heard.append((yield from await_signal("news", 60.0)))

        def teller():
            yield from sleep(0.01)
            yield from tell("news")

        driver.run(together(listener(), teller()))

        assert heard == [True]

    def test_a_signal_that_does_not_come_is_awaited_in_vain(self, driver):
        assert driver.run(await_signal("news", 0.01)) is False

    def test_a_signal_that_came_before_is_not_lost_and_counts_once(self, driver):
        def flow():
            yield from tell("news")
            first = yield from await_signal("news", 0.01)
            return first, (yield from await_signal("news", 0.01))

        assert driver.run(flow()) == (True, False)

    def test_the_first_error_ends_all_that_live_side_by_side(self, driver):
        ended = []

        def patient():
            try:
                while True:
                    yield from sleep(0.01)
            finally:
                ended.append("patient")

        def hasty():
            yield from sleep(0.02)
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            driver.run(together(patient(), hasty()))

        assert ended == ["patient"]

    def test_what_is_saved_is_loaded(self, driver, journal):
        def flow():
            yield from save([Cursor(name="a", value="1")])
            return (yield from load(CursorOf("a")))

        assert driver.run(flow()) == "1"
        assert journal.load(CursorOf("a")) == "1"


def answer(asked):
    told = echo(asked.method, asked.url.path.strip("/"), dict(asked.headers), asked.content)
    if told is None:
        raise httpx.RemoteProtocolError("cut", request=asked)
    return httpx.Response(told.status, content=told.body)


class InLoop:
    """The asynchronous driver, run to its end by who has no event loop."""

    def __init__(self, runner, driver):
        self.runner, self.driver = runner, driver

    def run(self, flow):
        return self.runner.run(self.driver.run(flow))


@contextmanager
def asynchronous(journal, client=None):
    with asyncio.Runner() as runner:
        pacer = Pacer(1000, 1000.0, level=0.0)
        driver = runner.run(Asynchronous(journal, pacer=pacer, client=client).__aenter__())
        try:
            yield InLoop(runner, driver)
        finally:
            runner.run(driver.__aexit__(None, None, None))


class TestBlocking(DriverContract):
    @pytest.fixture
    def driver(self, journal):
        client = httpx.Client(transport=httpx.MockTransport(answer))
        with Blocking(journal, pacer=Pacer(1000, 1000.0, level=0.0), client=client) as made:
            yield made


class TestAsynchronous(DriverContract):
    @pytest.fixture
    def driver(self, journal):
        client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        with asynchronous(journal, client) as made:
            yield made


class TestSimulated(DriverContract):
    @pytest.fixture
    def driver(self, journal):
        return simulated(journal)


def simulated(journal, *, seed=1, clock=None, carried=None, takes_s=0.0):
    def carry(asked):
        if carried is not None:
            carried.append(asked.name)
        told = echo(asked.verb, asked.name, asked.headers, asked.body)
        return Remote(told or NoReply("cut"), takes_s)

    return Simulated(
        clock or VirtualClock(),
        dict.fromkeys(SideName, carry),
        journal,
        pacer=Pacer(1000, 1000.0, level=0.0),
        seed=seed,
    )


@pytest.fixture
def journal():
    made = SqliteJournal()
    yield made
    made.close()


@pytest.fixture
def blocking(journal):
    with Blocking(journal, pacer=Pacer(1000, 1000.0, level=0.0)) as made:
        yield made


@pytest.fixture(params=["blocking", "asynchronous"])
def over_httpx(request, journal):
    if request.param == "blocking":
        yield request.getfixturevalue("blocking")
    else:
        with asynchronous(journal) as made:
            yield made


@pytest.mark.parametrize(
    ("error", "arrived", "late"),
    [
        (httpx.ConnectError("refused"), False, False),
        (httpx.ConnectTimeout("too slow"), False, False),
        (httpx.PoolTimeout("busy"), False, False),
        (httpx.ReadTimeout("no answer"), True, True),
        (httpx.ReadError("reset"), True, False),
        (httpx.WriteError("broken pipe"), True, False),
        (httpx.RemoteProtocolError("peer closed connection"), True, False),
    ],
)
@respx.mock
def test_only_a_call_that_never_connected_surely_did_not_arrive(over_httpx, error, arrived, late):
    respx.post("http://side.example/ok").mock(side_effect=error)

    (answer,) = over_httpx.run(calls([request()]))

    assert answer == NoReply(f"{type(error).__name__}: {error}", arrived, late)


@respx.mock
def test_a_page_of_html_comes_as_it_is(over_httpx):
    respx.post("http://side.example/ok").respond(
        502, html="<h1>502 Bad Gateway</h1>", headers={"Retry-After": "3"}
    )

    (answer,) = over_httpx.run(calls([request()]))

    assert (answer.status, answer.body) == (502, b"<h1>502 Bad Gateway</h1>")
    assert answer.headers["retry-after"] == "3"


@respx.mock
def test_a_body_that_cannot_be_unpacked_is_no_whole_reply(over_httpx):
    packed = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")
    )
    respx.post("http://side.example/ok").mock(return_value=packed)

    (answer,) = over_httpx.run(calls([request()]))

    assert isinstance(answer, NoReply)
    assert answer.arrived


@pytest.mark.parametrize("url", ["http://host:port/", "http://server..example/"])
def test_an_address_that_httpx_refuses_does_not_stop_the_driver_for_ever(blocking, url):
    def stop():
        raise InterruptedError

    asked = Request(side=PORTAL, name="x", verb="GET", url=url)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(blocking.run, calls([asked]))
        try:
            (answer,) = running.result(timeout=1.0)
        except TimeoutError:
            blocking._done.put(stop)
            raise
    assert answer.arrived is False


def test_a_strange_error_in_a_lane_ends_the_run_with_it(blocking, monkeypatch):
    def fail(*_, **__):
        raise ValueError("strange")

    monkeypatch.setattr(blocking._client, "request", fail)
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="strange"):
        pool.submit(blocking.run, calls([request()])).result(timeout=5.0)


@respx.mock
def test_the_request_leaves_as_it_was_asked(over_httpx):
    route = respx.post("http://side.example/ok").respond(200)

    over_httpx.run(calls([request(headers={"X-Mark": "1"}, body="тело".encode(), timeout_s=3.0)]))

    sent = route.calls[0].request
    assert (sent.headers["X-Mark"], sent.content.decode()) == ("1", "тело")
    assert set(sent.extensions["timeout"].values()) == {3.0}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_life(seed):
    def life():
        journal = SqliteJournal()
        clock = VirtualClock()
        driver = simulated(journal, seed=seed, clock=clock)

        def flow():
            yield from calls([request(f"n{n}") for n in range(5)])
            return (yield from new_id()), (yield from draw())

        result = driver.run(flow())
        journal.close()
        return result, clock.now_s()

    assert life() == life()


def holding(journal, clock, waits):
    """A driver whose portal holds calls until somebody answers; returns it and those who tell."""
    told = []

    def carry(asked):
        if asked.side is INFOBASE:
            return Remote(Response(200, b""), 0.1)

        def then(tell):
            told.append(tell)
            return lambda: told.remove(tell)

        return Later(then)

    sides = dict.fromkeys(SideName, carry)
    pacer = Pacer(1000, 1000.0, level=0.0)
    driver = Simulated(clock, sides, journal, pacer=pacer, seed=1, lanes=1)
    return driver, told, request("held", timeout_s=60.0, waits=waits)


def test_a_held_call_is_answered_when_the_other_side_says_something(journal):
    clock = VirtualClock()
    driver, told, held = holding(journal, clock, waits=True)
    begun_s = clock.now_s()
    clock.after(20.0, lambda: told[0](Remote(Response(200, b"news"), 0.5)))

    (answer,) = driver.run(calls([held]))

    assert answer.body == b"news"
    assert 20.5 < clock.now_s() - begun_s < 20.6


def test_a_held_call_that_nobody_answers_ends_with_its_time(journal):
    clock = VirtualClock()
    driver, told, held = holding(journal, clock, waits=True)
    begun_s = clock.now_s()

    (answer,) = driver.run(calls([held]))

    assert (answer.late, told) == (True, [])
    assert 60 < clock.now_s() - begun_s < 60.1


def test_an_answer_of_a_held_call_must_come_in_the_time_that_is_left(journal):
    clock = VirtualClock()
    driver, told, held = holding(journal, clock, waits=True)
    clock.after(55.0, lambda: told[0](Remote(Response(200, b"news"), 30.0)))
    begun_s = clock.now_s()

    (answer,) = driver.run(calls([held]))

    assert answer.late
    assert clock.now_s() - begun_s < 60.2


def test_an_answer_to_a_process_that_has_died_meanwhile_goes_nowhere(journal):
    clock = VirtualClock()
    driver, told, held = holding(journal, clock, waits=True)
    task = driver.start(calls([held]))
    clock.advance(10.0)
    driver.die()
    told[0](Remote(Response(200, b"news"), 0.0))
    clock.advance(120.0)

    assert not task.ended


@pytest.mark.parametrize(("waits", "takes_s"), [(True, 1), (False, 60)])
def test_only_a_call_that_is_known_to_wait_takes_no_lane(journal, waits, takes_s):
    clock = VirtualClock()
    driver, _, held = holding(journal, clock, waits=waits)
    came = []

    def waiting():
        yield from calls([held])

    def working():
        yield from sleep(0.5)
        yield from calls([replace(held, name="next", timeout_s=0.2, waits=False)])
        came.append(clock.now_s())

    begun_s = clock.now_s()
    driver.run(together(waiting(), working()))
    assert came[0] - begun_s == pytest.approx(takes_s, abs=0.6)


def test_a_call_that_is_held_does_not_hold_up_the_end(journal):
    entered, release = threading.Event(), threading.Event()

    def answer(asked):
        entered.set()
        release.wait(5)
        return httpx.Response(200)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    before = set(threading.enumerate())
    with Blocking(journal, pacer=Pacer(9, 9.0, level=0.0), client=client) as driver:

        def flow():
            yield from sleep(0.01)
            while not entered.is_set():
                yield from sleep(0.01)
            raise ValueError("stop")

        with pytest.raises(ValueError, match="stop"):
            driver.run(together(calls([request(waits=True)]), flow()))
        begun_s = time.monotonic()
    assert time.monotonic() - begun_s < 1
    release.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(2)


def test_a_simulated_call_takes_time(journal):
    clock = VirtualClock()
    began_s = clock.now_s()

    simulated(journal, clock=clock, takes_s=2.0).run(calls([request()]))

    assert clock.now_s() > began_s + 2.0


def test_a_call_that_takes_longer_than_its_timeout_is_in_doubt(journal):
    carried = []
    driver = simulated(journal, takes_s=100.0, carried=carried)

    (answer,) = driver.run(calls([request(timeout_s=30.0)]))

    assert (carried, answer) == (["ok"], NoReply("no answer within 30.0 s", late=True))


def test_a_flow_that_waits_for_nothing_is_a_bug_and_said(journal):
    driver = simulated(journal)
    driver.at = lambda moment_s, deed: None

    with pytest.raises(AssertionError, match="never comes"):
        driver.run(sleep(1.0))


@pytest.mark.parametrize(
    ("point", "arrives"),
    [
        (CrashPoint.BEFORE_ARRIVAL, False),
        (CrashPoint.AFTER_COMMIT, True),
        (CrashPoint.AFTER_REPLY, True),
    ],
)
def test_a_process_can_die_around_a_call(journal, point, arrives):
    carried = []
    driver = simulated(journal, carried=carried)
    driver.crash = Crash(point, 1)

    with pytest.raises(Crashed, match=point):
        driver.run(calls([request()]))

    assert bool(carried) is arrives


@pytest.mark.parametrize(
    ("point", "kept"), [(CrashPoint.BEFORE_SAVE, ""), (CrashPoint.AFTER_SAVE, "1")]
)
def test_a_process_can_die_on_either_side_of_a_save(journal, point, kept):
    driver = simulated(journal)
    driver.crash = Crash(point, 1)

    with pytest.raises(Crashed):
        driver.run(save([Cursor(name="a", value="1")]))

    assert journal.load(CursorOf("a")) == kept


def test_only_calls_of_the_named_kind_count_towards_a_death(journal):
    carried = []
    driver = simulated(journal, carried=carried)
    driver.crash = Crash(CrashPoint.AFTER_COMMIT, 2, "batch")

    def flow():
        yield from calls([request("batch", safe=False)])
        yield from calls([request("batch", safe=True), request("other", safe=False)])
        yield from calls([request("batch", safe=False)])

    with pytest.raises(Crashed):
        driver.run(flow())
    assert len(carried) == 4


def test_a_save_that_brings_changes_is_told_from_one_that_notes(journal):
    driver = simulated(journal)
    driver.crash = Crash(CrashPoint.BEFORE_SAVE, 1, "changes")

    driver.run(save([Cursor(name="a", value="1")]))
    with pytest.raises(Crashed):
        driver.run(save([Waiting(side=PORTAL, key="company:1")]))


def test_a_request_outlives_the_process_that_sent_it(journal):
    clock, carried = VirtualClock(), []
    driver = simulated(journal, clock=clock, carried=carried)
    driver.crash = Crash(CrashPoint.BEFORE_ARRIVAL, 1)

    with pytest.raises(Crashed):
        driver.run(calls([request("a"), request("b")]))
    clock.advance(1.0)

    assert len(carried) == 1
