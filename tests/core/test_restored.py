"""A base that was restored from a backup."""

import pytest

from sverka.asks import CursorOf
from sverka.drivers.simulated import CrashPoint
from sverka.sides.infobase_numbers import RECEIVED, RESTORED
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.fixture
def world():
    with opened(Arrangement(limits="box")) as made:
        yield made


def test_a_base_whose_numbers_only_grow_is_not_restored(world):
    for _ in range(3):
        world.base.has(world.make.legal())
        world.exchange()
        world.restarts()

    assert int(world.core.journal.load(CursorOf(RECEIVED))) >= 3
    assert world.core.journal.load(CursorOf(RESTORED)) == ""
    assert not [line for line in world.core.history() if "backup" in line.text]


def test_what_a_restored_base_loses_again_stands_in_the_history(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange()
    backup = world.base_is_saved()
    yesterday = who.name
    world.base.edits(who, name="Сегодня ООО")
    world.exchange()

    world.base_is_restored(backup)
    world.exchange()

    world.base.shows(who, name="Сегодня ООО")
    world.history_keeps(yesterday)


def test_a_restored_base_is_put_back_though_the_first_exchange_breaks_off(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange()
    backup = world.base_is_saved()
    late = world.make.legal()
    world.base.has(late)
    world.base.edits(who, okpo="12345678")
    world.exchange()
    late.keys["portal"] = world.portal.key(late)
    world.base_is_restored(backup)
    world.kill_at(CrashPoint.BEFORE_ARRIVAL, call="PATCH Catalog_Контрагенты")

    world.exchange(times=2)

    assert world.died()
    world.base.shows(who, okpo="12345678")
    world.base.shows_count(2)
    world.portal.shows_count(2)


def test_realtime_puts_a_restored_base_back_before_it_listens(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange()
    backup = world.base_is_saved()
    world.base.edits(who, okpo="12345678")
    world.exchange()

    world.base_is_restored(backup)
    world.goes_realtime()

    world.base.shows(who, okpo="12345678")
