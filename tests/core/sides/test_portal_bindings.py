"""What the portal enters for us: noticed when it is gone, and nothing missed is lost."""

import pytest

from sverka.asks import CursorOf
from sverka.drivers.simulated import CrashPoint
from sverka.records import Cursor
from sverka.sides.portal_bindings import BOUND, MISSED
from sverka.sides.portal_events import EVENTS
from sverka_scenarios.world import Arrangement, opened


@pytest.fixture
def world():
    with opened(Arrangement()) as made:
        made.who = made.make.legal()
        made.portal.has(made.who)
        made.exchange_everything()
        made.exchange()
        yield made


def reads(world):
    return world.portal.count_of("crm.company.list")


@pytest.mark.parametrize("point", [CrashPoint.AFTER_COMMIT, CrashPoint.AFTER_REPLY])
@pytest.mark.parametrize("after", range(1, 6))
def test_a_process_that_dies_while_it_binds_again_misses_nothing(world, point, after):
    world.portal_updates_app()
    world.portal.edits(world.who, okpo="12345678")
    world.kill_at(point, after, call="a reading call")

    world.exchange(times=3)

    world.base.shows(world.who, okpo="12345678")
    assert world.core.journal.load(CursorOf(MISSED)) == ""


def test_what_was_missed_is_read_once_only(world):
    world.portal_updates_app()
    world.exchange()
    read = reads(world)

    world.exchange(times=3)

    assert reads(world) == read


def test_events_that_are_new_to_us_are_bound_without_reading_everything(world):
    events = EVENTS[3:]
    queue = world.portal_system.offline
    queue.bindings = [binding for binding in queue.bindings if binding.event in events]
    world.core.journal.save([Cursor(name=BOUND, value=" ".join(["ONE_C", *events]))], [])
    read = reads(world)

    world.exchange()

    assert {binding.event for binding in queue.bindings} == {*EVENTS}
    assert reads(world) == read


def test_a_journal_that_does_not_know_what_was_bound_takes_what_it_finds_for_its_own(world):
    world.core.journal.save([Cursor(name=BOUND, value="")], [])
    read = reads(world)

    world.exchange()

    assert reads(world) == read
    assert world.core.journal.load(CursorOf(BOUND)).split(" ") == ["ONE_C", *EVENTS]


def test_who_was_never_told_of_a_change_asks_for_none():
    with opened(Arrangement()) as world:
        world.exchange_everything()
        asked = world.portal.count_of("event.offline.get")
        who = world.portal.has(world.make.legal())
        world.exchange()

        world.base.shows(who)
        assert (asked, world.portal.count_of("event.offline.get")) == (0, 1)


def test_a_new_journal_takes_over_what_an_earlier_one_left_in_the_queue(world):
    world.core.journal.save([], [Cursor(name=BOUND, value="")])
    world.portal.edits(world.who, okpo="12345678")
    world.restarts()

    world.exchange()

    world.base.shows(world.who, okpo="12345678")
