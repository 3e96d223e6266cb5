"""Which method has spent its running time, and until when."""

import math

from sverka.sides.running_time import BASKET_S, ROUNDED_S, RunningTime
from sverka.wire.b24 import Spent

UPDATE, LIST = "crm.company.update", "crm.company.list"


def test_a_method_above_its_limit_pauses_until_the_portal_forgets_and_others_go_on():
    time = RunningTime(480.0)
    time.told(LIST, Spent(480.0, 100.0), 1000.0)
    time.told(UPDATE, Spent(480.1, 100.0), 1000.0)

    until_s = 1100.0 + ROUNDED_S
    assert time.until_s(LIST, 1000.0) == 0.0
    assert time.until_s(UPDATE, 1000.0) == until_s
    assert time.until_s(UPDATE, until_s - 0.1) == until_s
    assert time.until_s(UPDATE, until_s) == 0.0


def test_a_refused_method_waits_for_the_moment_that_was_told_last():
    time = RunningTime(480.0)
    time.told(UPDATE, Spent(200.0, 300.0), 1000.0)

    assert time.refused(UPDATE, 1100.0) == 1300.0 + ROUNDED_S


def test_a_method_that_is_refused_though_its_moment_has_come_waits_for_the_next_basket():
    time = RunningTime(480.0)
    time.told(UPDATE, Spent(500.0, 100.0), 1000.0)

    assert time.refused(UPDATE, 1200.0) == 1200.0 + BASKET_S
    assert time.refused(UPDATE, 1200.0 + BASKET_S) == 1200.0 + 2 * BASKET_S
    assert time.refused(UPDATE, 1300.0) == 1200.0 + 2 * BASKET_S


def test_a_portal_without_that_limit_pauses_nothing_of_itself():
    time = RunningTime(math.inf)
    time.told(UPDATE, Spent(9000.0, 100.0), 1000.0)

    assert time.until_s(UPDATE, 1000.0) == 0.0
    assert not time.paused([UPDATE])
