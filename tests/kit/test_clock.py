"""Time: timers in one order, a clock that only moves when moved, a wall that can be frozen."""

import time

from hypothesis import given
from hypothesis import strategies as st

from sverka_emulator_kit.clock import START_S, VirtualClock, WallClock


def test_virtual_time_stands_still_until_it_is_moved():
    clock = VirtualClock()

    assert clock.now_s() == clock.now_s() == START_S
    clock.wait(100.0)
    assert clock.now_s() == START_S


@given(delays=st.lists(st.sampled_from([0.0, 1.0, 1.0, 2.0, 5.0]), max_size=12))
def test_timers_are_done_in_order_of_time_and_then_of_asking(delays):
    clock, done = VirtualClock(), []
    for number, delay_s in enumerate(delays):
        clock.after(delay_s, lambda number=number: done.append(number))

    clock.advance(10.0)

    assert done == sorted(range(len(delays)), key=lambda number: (delays[number], number))
    assert clock.now_s() == START_S + 10.0


def test_advance_does_what_falls_due_and_no_more():
    clock, done = VirtualClock(0.0), []
    clock.at(1.0, lambda: done.append("due"))
    clock.at(1.5, lambda: done.append("later"))

    clock.advance(1.0)

    assert done == ["due"]
    assert clock.due_s() == 1.5


def test_a_deed_that_asks_for_another_within_the_advance_gets_it():
    clock, moments = VirtualClock(0.0), []

    def again():
        moments.append(clock.now_s())
        clock.after(1.0, again)

    clock.after(1.0, again)
    clock.advance(3.5)

    assert moments == [1.0, 2.0, 3.0]


def test_a_moment_that_has_passed_is_done_at_once():
    clock, done = VirtualClock(100.0), []
    clock.at(5.0, lambda: done.append(clock.now_s()))

    clock.advance(0.0)

    assert done == [100.0]


def test_a_cancelled_timer_is_not_done():
    clock, done = VirtualClock(), []
    timer = clock.after(1.0, lambda: done.append("x"))
    timer.cancel()

    assert clock.due_s() is None
    assert not clock.step()
    clock.advance(5.0)
    assert done == []


def test_a_step_goes_over_cancelled_timers_to_the_next():
    clock, done = VirtualClock(0.0), []
    clock.after(1.0, lambda: done.append("gone")).cancel()
    clock.after(2.0, lambda: done.append("kept"))

    assert clock.step()
    assert (done, clock.now_s()) == (["kept"], 2.0)


def test_the_wall_clock_goes_with_the_wall():
    clock = WallClock()

    assert abs(clock.now_s() - time.time()) < 0.5
    assert (clock.is_virtual, VirtualClock.is_virtual) == (False, True)


def test_an_advanced_wall_clock_stays_ahead():
    clock = WallClock()
    clock.advance(3600.0)

    assert 3599.5 < clock.now_s() - time.time() < 3600.5


def test_a_frozen_wall_clock_stands_until_it_is_unfrozen_and_goes_on_from_there():
    clock = WallClock()
    clock.freeze()
    stood_s = clock.now_s()
    time.sleep(0.02)

    assert clock.now_s() == stood_s
    clock.unfreeze()
    assert 0.0 <= clock.now_s() - stood_s < 0.5
    time.sleep(0.01)
    assert clock.now_s() > stood_s


def test_a_frozen_wall_clock_is_advanced_by_exactly_what_was_said():
    clock = WallClock()
    clock.freeze()
    stood_s = clock.now_s()

    clock.advance(60.0)
    clock.advance(60.0)

    assert clock.now_s() == stood_s + 120.0


def test_a_wall_clocks_timers_are_done_when_somebody_asks():
    clock, done = WallClock(), []
    clock.after(0.0, lambda: done.append("due"))
    clock.after(3600.0, lambda: done.append("later"))

    clock.run_due()

    assert done == ["due"]


def test_advancing_a_wall_clock_delivers_everything_due():
    clock, done = WallClock(), []
    clock.after(30.0, lambda: done.append("x"))

    clock.advance(31.0)

    assert done == ["x"]


def test_waiting_on_the_wall_takes_time_and_a_past_moment_none():
    clock = WallClock()
    began_s = time.monotonic()
    clock.wait(0.02)
    clock.wait(-5.0)

    assert 0.02 <= time.monotonic() - began_s < 1.0
