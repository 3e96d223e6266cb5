"""The change table of a lesser tariff: noted before it is taken, against the emulated portal."""

import pytest

from sverka.asks import CursorOf
from sverka.drivers.simulated import CrashPoint
from sverka.sides.portal_clearing import NOTED
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.fixture
def world():
    with opened(Arrangement(tariff="standard")) as made:
        made.exchange()
        yield made


def test_a_burst_is_taken_over_page_by_page_in_few_calls_and_nothing_is_left(world):
    everybody = [world.make.legal() for _ in range(130)]
    world.portal.has(*everybody)
    listed = world.portal.count_of("event.offline.list")
    called = world.portal.call_count()

    world.exchange()

    world.base.shows_whole(*everybody)
    # 260 events are six pages; the last one is short, so nobody looks for more.
    assert world.portal.count_of("event.offline.list") - listed <= 25
    assert world.portal.call_count() - called < 40
    # The marks that we put on the new cards come back as events of our own.
    world.exchange()
    assert world.portal_events() == 0


def test_what_a_higher_tariff_has_set_aside_for_a_dead_process_is_taken_over(world):
    who = world.make.legal()
    world.portal.has(who)
    world.portal_changes_tariff("professional")
    world.exchange()
    world.portal.edits(who, okpo="12345678")
    world.kill_at(CrashPoint.AFTER_COMMIT, call="event.offline.get")
    world.exchange()
    assert world.died()

    world.portal_changes_tariff("standard")
    world.exchange(times=2)

    world.base.shows(who, okpo="12345678")


def test_what_somebody_marked_as_failed_is_not_read_for_ever(world):
    who = world.make.legal()
    world.portal.has(who)
    queue = world.portal_system.offline
    queue.fail(list(queue.entries))

    world.exchange()
    read = world.portal.count_of("crm.company.list")
    world.exchange(times=3)

    assert world.portal.count_of("crm.company.list") == read


def test_nothing_is_noted_any_more_when_all_is_in_the_inbox(world):
    world.portal.has(world.make.legal())
    world.exchange(times=2)

    assert world.core.journal.load(CursorOf(NOTED)) == ""
