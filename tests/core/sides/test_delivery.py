"""What is repeated after which failure, and what stays in doubt. The flow is driven by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.asks import Calls, NoReply, Random, Request, Response, Sleep
from sverka.errors import Throttled, Unreachable
from sverka.records import SideName
from sverka.settings import Pace
from sverka.sides.delivery import PAUSE_MAX_S, Again, Delivery, Doubt, pause_s

FINE = Response(200, b"fine")
HTML = Response(502, b"<html>")
LIMIT = Response(503, b"limit")
CUT = NoReply("cut", arrived=True)
REFUSED = NoReply("connection refused", arrived=False)


def read(request, response):
    if response.status == 503:
        return Again("limit", untouched=True, throttled=True)
    if response.status >= 500:
        return Again("nonsense")
    return response.body.decode()


def request(name="call", *, safe=True):
    return Request(side=SideName.PORTAL, name=name, verb="POST", url="http://x", safe=safe)


def delivered(requests, rounds, *, tries=5, calm_s=1.0, jitter=0.0):
    """The result, the names called in each round, and the pauses between."""
    flow = Delivery(read, Pace(tries=tries, calm_s=calm_s)).deliver(requests)
    rounds, called, pauses = iter(rounds), [], []
    try:
        ask = next(flow)
        while True:
            if isinstance(ask, Calls):
                called.append([asked.name for asked in ask.requests])
                ask = flow.send(tuple(next(rounds)))
            elif isinstance(ask, Random):
                ask = flow.send(jitter)
            else:
                assert isinstance(ask, Sleep)
                pauses.append(ask.seconds_s)
                ask = flow.send(None)
    except StopIteration as end:
        return end.value, called, pauses


def test_an_answer_is_passed_on_at_once():
    assert delivered([request()], [[FINE]]) == (["fine"], [["call"]], [])


def test_nothing_asked_is_nothing_called():
    assert delivered([], []) == ([], [], [])


@pytest.mark.parametrize("failure", [HTML, LIMIT, CUT, REFUSED])
def test_a_safe_call_is_repeated_after_every_failure(failure):
    result, called, pauses = delivered([request()], [[failure], [FINE]])

    assert (result, len(called), pauses) == (["fine"], 2, [1.0])


@pytest.mark.parametrize("failure", [LIMIT, REFUSED])
def test_an_unsafe_call_is_repeated_if_the_other_side_surely_did_nothing(failure):
    result, called, _ = delivered([request(safe=False)], [[failure], [FINE]])

    assert (result, len(called)) == (["fine"], 2)


@pytest.mark.parametrize(("failure", "reason"), [(HTML, "nonsense"), (CUT, "cut")])
def test_an_unsafe_call_that_may_have_been_done_is_never_repeated(failure, reason):
    result, called, pauses = delivered([request(safe=False)], [[failure]])

    assert (result, called, pauses) == ([Doubt(reason)], [["call"]], [])


def test_only_what_failed_is_called_again_and_answers_keep_their_places():
    requests = [request("a"), request("b", safe=False), request("c")]

    result, called, _ = delivered(requests, [[HTML, CUT, FINE], [FINE]])

    assert result == ["fine", Doubt("cut"), "fine"]
    assert called == [["a", "b", "c"], ["a"]]


def test_pauses_double_from_one_failure_to_the_next():
    _, _, pauses = delivered([request()], [[HTML]] * 4 + [[FINE]])

    assert pauses == [1.0, 2.0, 4.0, 8.0]


def test_a_side_that_stays_away_is_given_up_after_all_tries():
    with pytest.raises(Unreachable, match="did not answer call: cut") as caught:
        delivered([request()], [[CUT]] * 3, tries=3)

    assert (caught.value.side, caught.value.reason) == ("portal", "cut")


def test_a_side_that_stays_at_its_limits_is_given_up_as_throttled():
    with pytest.raises(Throttled) as caught:
        delivered([request()], [[LIMIT]] * 2, tries=2)

    assert (caught.value.call, caught.value.tries) == ("call", 2)


def test_no_pause_follows_the_last_try():
    flow = Delivery(read, Pace(tries=1)).deliver([request()])
    next(flow)

    with pytest.raises(Unreachable):
        flow.send((CUT,))


@given(attempt=st.integers(1, 60), calm=st.floats(0.0, 10.0), jitter=st.floats(0.0, 1.0))
def test_a_pause_is_neither_below_its_step_nor_above_its_ceiling(attempt, calm, jitter):
    pause = pause_s(attempt, calm, jitter)

    assert min(calm, PAUSE_MAX_S) <= pause <= PAUSE_MAX_S * 1.5
    assert pause_s(attempt, calm, 0.0) <= pause_s(attempt + 1, calm, 0.0)


failures = st.sampled_from([HTML, LIMIT, CUT, REFUSED])


@given(rounds=st.lists(failures, max_size=4), safe=st.booleans())
def test_a_write_that_arrived_leaves_once_at_most(rounds, safe):
    _, called, _ = delivered([request(safe=safe)], [[answer] for answer in [*rounds, FINE]])

    done = [answer for answer in rounds[: len(called)] if answer in (HTML, CUT)]
    if not safe:
        assert len(done) <= 1
        assert not done or rounds[len(called) - 1] == done[0]
