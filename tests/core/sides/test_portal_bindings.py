"""What the portal enters for us: noticed when it is gone, and nothing missed is lost."""

import pytest

from sverka.asks import CursorOf
from sverka.drivers.simulated import CrashPoint
from sverka.errors import ProtocolSurprise
from sverka.records import Cursor
from sverka.sides import portal, portal_bindings
from sverka.sides.portal_bindings import BOUND, MISSED
from sverka.sides.portal_events import EVENTS
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


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


def bound(world):
    return {(one.event, one.connector) for one in world.portal_system.offline.bindings}


def test_the_first_greeting_binds_everything_in_the_call_that_asks_for_the_tariff():
    with opened(Arrangement()) as world:
        world.exchange_everything()

        greetings = [line.parts for line in world.portal.calls.lines if "feature.get" in line.parts]
        assert [parts.count("event.bind") for parts in greetings] == [len(EVENTS)]
        assert world.portal.count_of("event.bind") == len(EVENTS)
        assert bound(world) == {(event, "ONE_C") for event in EVENTS}


def test_a_tariff_without_a_mark_for_own_writes_is_bound_without_it():
    with opened(Arrangement(tariff="standard")) as world:
        who = world.make.legal()
        world.exchange()
        assert bound(world) == {(event, "") for event in EVENTS}
        assert world.portal.count_of("event.unbind") == 0
        world.portal.has(who)
        world.exchange()
        world.base.shows(who)


@pytest.mark.parametrize("point", [CrashPoint.AFTER_COMMIT, CrashPoint.AFTER_REPLY])
@pytest.mark.parametrize(("tariff", "call"), [("professional", 2), ("standard", 3)])
def test_a_process_that_dies_when_it_has_bound_for_the_first_time_misses_nothing(
    point, tariff, call
):
    with opened(Arrangement(tariff=tariff)) as world:
        who = world.make.legal()
        world.kill_at(point, call, call="a reading call")
        world.exchange()
        world.portal.has(who)
        world.exchange(times=2)

        world.base.shows(who)
        assert {event for event, _ in bound(world)} == {*EVENTS}


def test_what_a_portal_took_with_a_mark_that_its_tariff_does_not_name_is_bound_without_it(
    monkeypatch,
):
    monkeypatch.setattr(portal, "_enabled", lambda _: False)
    with opened(Arrangement()) as world:
        world.exchange()
        assert bound(world) == {(event, "") for event in EVENTS}


def test_an_event_that_the_portal_refuses_to_bind_is_named(monkeypatch):
    monkeypatch.setattr(portal_bindings, "EVENTS", ("ONNOSUCHEVENT",))
    with opened(Arrangement()) as world, pytest.raises(ProtocolSurprise, match="ONNOSUCHEVENT"):
        world.exchange()
