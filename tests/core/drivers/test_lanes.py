"""Which calls may be under way."""

from hypothesis import given
from hypothesis import strategies as st

from sverka.asks import Request
from sverka.drivers.lanes import Lanes
from sverka.records import SideName

PORTAL, INFOBASE = SideName


def request(side=PORTAL, *, safe=True):
    return Request(side=side, name="x", verb="GET", url="http://x", safe=safe)


def names(started):
    return [call for _, call in started]


def test_no_more_calls_start_than_there_are_lanes():
    lanes = Lanes(2)

    started = [names(lanes.enter(request(), name)) for name in "abc"]

    assert started == [["a"], ["b"], []]


def test_a_call_that_ends_lets_the_first_that_waits_start():
    lanes = Lanes(1)
    for name in "abc":
        lanes.enter(request(), name)

    assert names(lanes.leave(request())) == ["b"]
    assert names(lanes.leave(request())) == ["c"]
    assert names(lanes.leave(request())) == []


def test_writes_do_not_wait_behind_reads_nor_one_side_behind_the_other():
    lanes = Lanes(1)

    for side in SideName:
        for safe in (True, False):
            assert names(lanes.enter(request(side, safe=safe), "x")) == ["x"]


@given(
    width=st.integers(1, 3),
    deeds=st.lists(st.tuples(st.booleans(), st.sampled_from(SideName), st.booleans()), max_size=40),
)
def test_lanes_are_never_too_full_nor_idle_while_somebody_waits(width, deeds):
    lanes = Lanes(width)
    busy, waiting = {}, {}
    for number, (enters, side, safe) in enumerate(deeds):
        lane = (side, safe)
        running, queue = busy.setdefault(lane, []), waiting.setdefault(lane, [])
        if enters:
            queue.append(number)
            started = lanes.enter(request(side, safe=safe), number)
        elif running:
            running.pop(0)
            started = lanes.leave(request(side, safe=safe))
        else:
            continue
        for call in names(started):
            assert call == queue.pop(0)
            running.append(call)
        assert len(running) <= width
        assert not queue or len(running) == width
