"""Realtime: changes go as they happen, trouble ends nothing, and what was missed is taken up."""

from dataclasses import replace

import pytest

from sverka.errors import SettingsError
from sverka.records import SideName, Waiting
from sverka.settings import InfobaseSettings, PortalSettings, Settings
from sverka.sides.portal import PortalSide
from sverka.sides.portal_push import NO_KEY
from sverka.sides.side import Word
from sverka_emulator_kit.trouble import Html, Refuse
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.world import opened


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


@pytest.mark.parametrize(
    ("edited", "moment", "loser"),
    [
        ("portal", "PATCH Catalog_Контрагенты", "Раньше 19 ООО"),
        ("base", "batch/crm.company.list", "Позже ООО"),
    ],
)
def test_what_is_known_to_be_changed_since_it_was_read_is_not_written_over(
    world, edited, moment, loser
):
    ends = {"portal": world.portal, "base": world.base}
    source, target = ends.pop(edited), next(iter(ends.values()))
    everybody = [world.make.legal() for _ in range(20)]
    world.portal.has(*everybody)
    world.exchange_everything()
    world.goes_realtime()
    last = everybody[-1]

    def a_person_edits_and_it_is_heard():
        target.edits(last, name="Позже ООО")
        key = target.key(last)
        heard = {
            "portal": Waiting(side=SideName.INFOBASE, key=f"client:{key}"),
            "base": Waiting(side=SideName.PORTAL, key=key),
        }
        world.core.journal.save([heard[edited]], [])

    target.meanwhile(a_person_edits_and_it_is_heard, on=moment)
    for number, who in enumerate(everybody):
        source.edits(who, name=f"Раньше {number} ООО")
    world.wait(60.0)

    world.history_says("it was changed meanwhile")
    world.history_keeps(loser)
    world.history_tells_no_error()
    for number, who in enumerate(everybody[:-1]):
        target.shows(who, name=f"Раньше {number} ООО")
    assert judge(world) == []
    assert world.exempt == 0


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


# Waiting for the portal's word.


@pytest.fixture
def hearing():
    """A world whose exchange waits for the portal's word, and is sure of it."""
    with opened(Arrangement(await_portal=True)) as world:
        who = world.make.legal()
        world.portal.has(who)
        world.exchange_everything()
        world.goes_realtime()
        world.wait(60.0)
        world.who = who
        yield world


def looks(world):
    return world.portal.count_of("event.offline.get")


def test_a_word_of_the_portal_is_followed_at_once(hearing):
    for round_ in range(5):
        hearing.wait(7.3)
        hearing.portal.edits(hearing.who, name=f"Сразу {round_}")
        hearing.base.shows_within(1.0, hearing.who, name=f"Сразу {round_}")


def test_a_silent_portal_is_looked_at_twice_a_minute(hearing):
    before = looks(hearing)
    hearing.wait(600.0)
    assert 18 <= looks(hearing) - before <= 22


def test_what_is_said_between_two_calls_is_not_missed(hearing):
    for round_ in range(3):
        ended = hearing.portal.count_of("pull.listen")
        while hearing.portal.count_of("pull.listen") == ended:
            assert hearing.clock.step()
        # The held call has just been answered with silence, and the next one is not there yet.
        hearing.portal.edits(hearing.who, name=f"Между {round_}")
        hearing.base.shows_within(2.5, hearing.who, name=f"Между {round_}")
        hearing.wait(5.0)


def test_a_server_that_holds_no_call_is_not_hammered(hearing):
    hearing.portal.suffers(Html(304, ""), on="pull.listen", times=None)
    hearing.wait(60.0)
    before = hearing.portal.count_of("pull.listen")
    hearing.wait(60.0)
    assert 10 < hearing.portal.count_of("pull.listen") - before <= 60


def test_a_word_that_is_lost_is_made_up_for_within_half_a_minute(hearing):
    portal = hearing.portal_system
    portal.switches = replace(portal.switches, pull_tells_of_queue=False)
    hearing.portal.edits(hearing.who, name="Никем не сказано")
    hearing.base.shows_within(35.0, hearing.who, name="Никем не сказано")


def test_new_channels_are_asked_for_when_the_old_ones_end(hearing):
    for command in ("config_expire", "server_restart"):
        asked = hearing.portal.count_of("pull.application.config.get")
        hearing.portal_system.act("portal.pull", {"tell": command})
        hearing.portal.edits(hearing.who, name=f"Тем временем {command}")
        hearing.base.shows_within(5.0, hearing.who, name=f"Тем временем {command}")
        hearing.wait(9.0 - 5.0)
        assert hearing.portal.count_of("pull.application.config.get") == asked
        hearing.wait(180.0)
        assert hearing.portal.count_of("pull.application.config.get") == asked + 1
    assert not any("cannot be waited for" in text for text in texts(hearing))


@pytest.fixture
def short_lived(monkeypatch):
    """Channels end after two minutes instead of half a day."""
    monkeypatch.setattr("b24_emulator.pull.CHANNEL_LIVES_S", 120.0)


@pytest.mark.usefixtures("short_lived")
def test_nothing_is_missed_while_channels_end(hearing):
    for round_ in range(60):
        hearing.wait(10.0 - 5.0)
        hearing.portal.edits(hearing.who, name=f"Вечером {round_}")
        hearing.base.shows_within(5.0, hearing.who, name=f"Вечером {round_}")
    assert hearing.portal.count_of("pull.application.config.get") > 1


def test_a_portal_without_a_push_server_is_looked_at_as_ever():
    with opened(Arrangement(await_portal=True)) as world:
        world.portal_system.act("portal.pull", {"on": False})
        world.goes_realtime()
        before = looks(world)
        world.wait(120.0)
        assert looks(world) - before > 45
        world.history_warns("Push & Pull server is not configured")


def test_a_webhook_has_no_word_to_wait_for():
    settings = Settings(
        portal=PortalSettings(webhook="https://portal.example/rest/1/secret/"),
        infobase=InfobaseSettings(url="https://base.example/unf", user="a", password="b", group=""),
    )
    flow = PortalSide(settings).word()
    with pytest.raises(StopIteration) as end:
        next(flow)
    assert end.value.value == Word(trouble=NO_KEY)
