"""The mirror of the portal's bucket, against a bucket that counts what really departs."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sverka.drivers.pacer import CATCHING_UP, Pacer

ROUNDING = 1e-6

gaps = st.lists(st.sampled_from([0.0, 0.0, 0.01, 0.3, 1.0, 7.0, 60.0]), min_size=1, max_size=60)
thresholds = st.integers(1, 12)
drains = st.sampled_from([0.5, 2.0, 5.0])


class Bucket:
    """What the portal counts: it grows by one with each call and leaks."""

    def __init__(self, drain_per_s, level, at_s=0.0):
        self.drain_per_s, self.level, self.at_s = drain_per_s, level, at_s

    def arrive(self, at_s):
        self.level = max(0.0, self.level - (at_s - self.at_s) * self.drain_per_s) + 1.0
        self.at_s = at_s
        return self.level


def departures(pacer, gaps):
    now_s, moments = 0.0, []
    for gap_s in gaps:
        now_s += gap_s
        moments.append((now_s, pacer.reserve(now_s)))
    return moments


@given(gaps=gaps, threshold=thresholds, drain=drains, filled=st.floats(0.0, 1.0))
def test_however_calls_come_the_portal_never_counts_above_its_threshold(
    gaps, threshold, drain, filled
):
    bucket = Bucket(drain, filled * threshold, at_s=gaps[0])

    for _, moment_s in departures(Pacer(threshold, drain), gaps):
        assert bucket.arrive(moment_s) <= threshold + ROUNDING


@given(gaps=gaps, drain=drains, lags=st.lists(st.floats(0.0, 0.49), min_size=60, max_size=60))
def test_a_call_that_catches_up_with_the_one_before_is_not_refused_for_it(gaps, drain, lags):
    bucket = Bucket(drain, 0.0, at_s=gaps[0])
    pacer = Pacer(3, drain, level=0.0, at_s=gaps[0])
    left = [moment_s for _, moment_s in departures(pacer, gaps)]

    for arrival_s in sorted(s + lag / drain for s, lag in zip(left, lags, strict=False)):
        assert bucket.arrive(arrival_s) <= 3 + ROUNDING


@given(gaps=gaps, threshold=thresholds, drain=drains)
def test_no_call_waits_longer_than_a_full_bucket_makes_it(gaps, threshold, drain):
    bucket = Bucket(drain, float(threshold), at_s=gaps[0])

    for asked_s, moment_s in departures(Pacer(threshold, drain), gaps):
        level = bucket.arrive(moment_s)
        assert moment_s == asked_s or level >= threshold - CATCHING_UP - ROUNDING


@given(gaps=gaps, threshold=thresholds, drain=drains)
def test_calls_leave_in_the_order_of_asking_and_never_before_it(gaps, threshold, drain):
    moments = departures(Pacer(threshold, drain), gaps)

    assert all(moment_s >= asked_s for asked_s, moment_s in moments)
    left = [moment_s for _, moment_s in moments]
    assert all(b >= a - ROUNDING for a, b in itertools.pairwise(left))


def test_an_unknown_bucket_is_taken_for_a_full_one():
    pacer = Pacer(100, 2.0)

    assert [pacer.reserve(1000.0) for _ in range(3)] == [1000.5, 1001.0, 1001.5]


def test_after_a_whole_drain_the_bucket_is_known_to_be_empty():
    pacer = Pacer(100, 2.0)
    pacer.reserve(0.0)

    assert [pacer.reserve(51.0) for _ in range(99)] == [51.0] * 99
    assert pacer.reserve(51.0) > 51.0


def test_after_a_refusal_the_bucket_is_full():
    pacer = Pacer(100, 2.0, level=0.0)
    pacer.refused(10.0)

    assert pacer.reserve(10.0) == 10.75


def test_a_refusal_does_not_forget_calls_that_are_still_to_leave():
    pacer = Pacer(2, 1.0, level=0.0)
    last_s = [pacer.reserve(0.0) for _ in range(6)][-1]

    pacer.refused(0.0)

    assert pacer.reserve(0.0) == last_s + 1.0


def test_a_refusal_makes_an_unknown_bucket_a_full_one():
    pacer = Pacer(100, 2.0)
    pacer.refused(5.0)

    assert pacer.reserve(5.0) == 5.75


def test_a_wall_clock_that_steps_back_makes_nobody_wait_for_the_lost_hour():
    pacer = Pacer(100, 2.0, level=0.0, at_s=7200.0)

    assert pacer.reserve(3600.0) == 3600.0
