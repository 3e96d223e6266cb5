"""The schedule: passes one after the other, which trouble delays and does not end."""

import pytest

from sverka.asks import HistoryOf
from sverka.drivers.pacer import Pacer
from sverka.drivers.simulated import Simulated
from sverka.errors import SettingsError
from sverka.modes import engine_for, schedule
from sverka_emulator_kit.trouble import Html
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened

EVERY_S = 60.0


@pytest.fixture
def world():
    with opened(Arrangement()) as world:
        yield world


def on_schedule(world):
    """The schedule as a task of its own over the world's journal."""
    driver = Simulated(
        world.clock,
        {side: road.carry for side, road in world.roads.items()},
        world.core.journal,
        pacer=Pacer(100, 2.0),
        seed=1,
    )
    task = driver.start(schedule(engine_for(world.core.settings), every_s=EVERY_S))
    return driver, task


def live(world, driver, seconds_s):
    end_s = world.clock.now_s() + seconds_s
    driver._scheduler.step_ready()
    while world.clock.now_s() < end_s and world.clock.step():
        driver._scheduler.step_ready()


def runs(world):
    return {line.run for line in world.core.journal.load(HistoryOf()) if line.run}


def test_an_edit_travels_with_the_next_pass(world):
    driver, task = on_schedule(world)
    live(world, driver, EVERY_S)
    who = world.make.legal()
    world.base.has(who)
    live(world, driver, 3 * EVERY_S)
    world.portal.shows(who, copies=1)
    assert len(runs(world)) >= 3
    assert not task.ended


def test_a_side_that_is_away_is_noted_and_the_next_pass_goes_on(world):
    driver, task = on_schedule(world)
    who = world.make.legal()
    world.base.has(who)
    world.portal.suffers(Html(), times=None)
    live(world, driver, 5 * EVERY_S)
    texts = [line.text for line in world.core.journal.load(HistoryOf())]
    assert any("portal did not answer" in text for text in texts)
    world.portal.recovers()
    live(world, driver, 5 * EVERY_S)
    world.portal.shows(who, copies=1)
    assert not task.ended


def test_a_refused_access_ends_the_schedule_with_its_error(world):
    world.base_system.users.clear()
    world.base_system.reset()
    driver, task = on_schedule(world)
    live(world, driver, 5 * EVERY_S)
    assert isinstance(task.error, SettingsError)
