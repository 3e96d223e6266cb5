"""A wrong clock shows another time, and has everything done when it is really due."""

import pytest

from sverka_emulator_kit.clock import VirtualClock
from sverka_scenarios.skew import WrongClock


@pytest.mark.parametrize("ahead_s", [420.0, -420.0, 0.0])
def test_what_is_due_by_a_wrong_clock_comes_after_the_right_delay(ahead_s):
    right = VirtualClock(1000.0)
    wrong = WrongClock(right)
    wrong.ahead_s = ahead_s
    done = []

    wrong.after(60.0, lambda: done.append((right.now_s(), wrong.now_s())))
    right.advance(59.0)
    assert not done
    right.advance(2.0)

    assert done == [(1060.0, 1060.0 + ahead_s)]
