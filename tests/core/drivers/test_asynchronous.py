"""Flows inside somebody's event loop: several at once, and cancelled at any moment."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from sverka.asks import CursorOf, Request, calls, load, save, sleep
from sverka.drivers.asynchronous import Asynchronous
from sverka.drivers.pacer import Pacer
from sverka.journal import SqliteJournal
from sverka.records import Cursor, SideName

PORTAL, INFOBASE = SideName


class Other:
    """The other side, where calls stay until they are let go."""

    def __init__(self):
        self.arrived, self.committed = [], []
        self.held = {}

    async def __call__(self, asked):
        name = asked.url.path.strip("/")
        self.arrived.append(name)
        if name in self.held:
            await self.held[name].wait()
        self.committed.append(name)
        return httpx.Response(200)


def request(name, side=INFOBASE):
    return Request(side=side, name=name, verb="POST", url=f"http://side.example/{name}", safe=False)


@pytest.fixture
def journal():
    made = SqliteJournal()
    yield made
    made.close()


@pytest.fixture
def other():
    return Other()


def driver(journal, other, **given):
    client = httpx.AsyncClient(transport=httpx.MockTransport(other))
    return Asynchronous(journal, pacer=Pacer(2, 20.0, level=0.0), lanes=1, client=client, **given)


async def until(is_so):
    async with asyncio.timeout(5.0):
        while not is_so():
            await asyncio.sleep(0.001)


def noting(*names, ended=None, side=INFOBASE):
    """Call after call, each noted."""
    try:
        for name in names:
            yield from calls([request(name, side)])
            yield from save([Cursor(name="last", value=name)])
    finally:
        if ended is not None:
            ended.append(names)


def test_flows_of_several_handlers_run_at_once_and_within_one_limit(journal, other):
    async def life():
        async with driver(journal, other) as running:
            began_s = running.now_s()
            flows = [noting("a", "b", "c", side=PORTAL), noting("d", "e", "f", side=PORTAL)]
            await asyncio.gather(*map(running.run, flows))
            return running.now_s() - began_s

    lasted_s = asyncio.run(life())

    assert set(other.arrived[:2]) == {"a", "d"}
    assert sorted(other.committed) == list("abcdef")
    assert lasted_s >= (6 - 2) / 20.0


def test_the_loop_is_free_while_a_flow_waits(journal, other):
    async def life():
        async with driver(journal, other) as running:
            asleep = asyncio.create_task(running.run(sleep(0.05)))
            turns = 0
            while not asleep.done():
                turns += 1
                await asyncio.sleep(0)
            return turns

    assert asyncio.run(life()) > 10


def test_a_cancelled_flow_ends_where_it_stands_and_what_it_noted_is_whole(journal, other):
    ended = []

    async def life():
        other.held["b"] = asyncio.Event()
        async with driver(journal, other) as running:
            handler = asyncio.create_task(running.run(noting("a", "b", "c", ended=ended)))
            await until(lambda: "b" in other.arrived)
            handler.cancel()
            with pytest.raises(asyncio.CancelledError):
                await handler

    asyncio.run(life())

    assert ended == [("a", "b", "c")]
    assert other.arrived == ["a", "b"]
    assert journal.load(CursorOf("last")) == "a"


def test_the_next_flow_begins_after_the_calls_that_a_cancelled_one_has_under_way(journal, other):
    seen = []

    def looking():
        seen.append(list(other.committed))
        yield from calls([request("d")])

    async def life():
        other.held["a"] = asyncio.Event()
        async with driver(journal, other) as running:
            handler = asyncio.create_task(running.run(calls([request(n) for n in "abc"])))
            await until(lambda: other.arrived)
            handler.cancel()
            following = asyncio.create_task(running.run(looking()))
            await asyncio.sleep(0.02)
            assert not seen
            other.held["a"].set()
            await following

    asyncio.run(life())

    assert seen == [["a"]]
    assert other.arrived == ["a", "d"], "calls that had not left stay at home"


def test_a_call_that_is_held_does_not_hold_up_the_next_flow_nor_the_end(journal, other):
    async def life():
        other.held["word"] = asyncio.Event()
        async with asyncio.timeout(5.0), driver(journal, other) as running:
            listening = calls([replace(request("word"), waits=True)])
            handler = asyncio.create_task(running.run(listening))
            await until(lambda: other.arrived)
            handler.cancel()
            with pytest.raises(asyncio.CancelledError):
                await handler
            await running.run(calls([request("d")]))

    asyncio.run(life())

    assert other.committed == ["d"]


def test_a_call_that_waits_for_the_limit_stays_at_home_when_its_flow_ends(journal, other):
    async def life():
        async with driver(journal, other) as running:
            running._scheduler.pacer.level = 3.0
            running._scheduler.pacer.at_s = running.now_s()
            handler = asyncio.create_task(running.run(noting("a", side=PORTAL)))
            await asyncio.sleep(0.01)
            handler.cancel()
            await running.run(noting("b", side=PORTAL))

    asyncio.run(life())

    assert other.arrived == ["b"]


def test_who_leaves_ends_the_flows_that_still_run(journal, other):
    ended = []

    async def life():
        other.held["a"] = asyncio.Event()
        async with driver(journal, other) as running:
            handler = asyncio.create_task(running.run(noting("a", ended=ended)))
            await until(lambda: other.arrived)
        with pytest.raises(asyncio.CancelledError):
            await handler
        return len(asyncio.all_tasks())

    assert asyncio.run(life()) == 1
    assert (ended, other.committed) == ([("a",)], [])


def test_a_strange_error_in_a_lane_ends_the_run_with_it(journal):
    def strange(_):
        raise ValueError("strange")

    async def life():
        async with driver(journal, strange) as running:
            await running.run(noting("a"))

    with pytest.raises(ValueError, match="strange"):
        asyncio.run(life())


def test_a_flow_that_fails_leaves_the_driver_usable(journal, other):
    def failing():
        yield from sleep(0.0)
        raise ValueError("broken")

    async def life():
        async with driver(journal, other) as running:
            with pytest.raises(ValueError, match="broken"):
                await running.run(failing())
            return await running.run(load(CursorOf("last")))

    assert asyncio.run(life()) == ""
