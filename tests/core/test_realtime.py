"""Realtime: changes go as they happen, trouble ends nothing, and what was missed is taken up."""

from dataclasses import replace

import pytest

from sverka.errors import SettingsError
from sverka_emulator_kit.trouble import Html, Refuse
from sverka_scenarios.world import Arrangement, opened


@pytest.fixture
def world():
    with opened(Arrangement()) as world:
        yield world


def texts(world):
    return [line.text for line in world.core.history()]


def polls(world, since_s):
    lines = world.base_system.calls.lines
    return [line for line in lines if "SelectChanges" in line.name and line.at_s >= since_s]


def test_what_was_missed_before_it_started_is_taken_up_first(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.base.edits(who, name="Пока никто не слушал")

    world.goes_realtime()

    world.portal.shows(who, name="Пока никто не слушал")


def test_the_base_is_polled_each_second(world):
    world.goes_realtime()
    begun_s = world.clock.now_s()
    world.wait(60.0)

    assert 45 <= len(polls(world, begun_s)) <= 60


def test_trouble_is_noted_once_and_so_is_its_end(world):
    world.goes_realtime()
    world.base.suffers(Html(), times=None)
    world.wait(300.0)
    world.base.recovers()
    world.wait(60.0)

    said = [text for text in texts(world) if text.startswith("taking over from the infobase")]
    assert len(said) == 2
    assert "is interrupted" in said[0]
    assert "goes on after" in said[1]


def test_trouble_at_one_side_does_not_stop_taking_over_from_the_other(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.goes_realtime()
    world.base.suffers(Html(), times=None)
    world.wait(60.0)

    world.portal.edits(who, name="Пока 1С молчит")
    world.wait(10.0)

    assert world.portal_events() == 0
    assert world.core.counts()["waiting"] == 1


def test_a_refused_access_is_an_alarm_and_work_goes_on_when_it_is_granted(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.goes_realtime()
    world.portal.suffers(Refuse(401, "NO_AUTH_FOUND", "Wrong"), times=None)
    world.base.edits(who, name="Ждёт права")
    world.wait(120.0)
    assert any("is interrupted" in text and "NO_AUTH_FOUND" in text for text in texts(world))

    world.portal.recovers()
    world.wait(120.0)

    world.portal.shows(who, name="Ждёт права")


def test_settings_that_do_not_fit_end_it_with_their_error(world):
    settings = world.core.settings
    world.core.settings = replace(settings, infobase=replace(settings.infobase, node="ЧУЖОЙ"))

    with pytest.raises(SettingsError, match="ЧУЖОЙ"):
        world.goes_realtime()
