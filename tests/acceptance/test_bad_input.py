"""What a customer's systems may hold or answer at their worst; in virtual time."""

from itertools import cycle, islice

import pytest

from sverka_emulator_kit.trouble import Html
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import doubled, judge
from sverka_scenarios.losses import lost
from sverka_scenarios.world import opened

HOUR_S = 3600.0
EDIT_EVERY_S = 300.0
CALLS_MAX = 900
"""In an hour without an answer: half of what realtime asks in an hour with one."""

SIGNS = "Ё«ёлка» \"Q\" 'a' 😀 строка\nвторая\tстолбец & <b> \\ %s {0} [1] ; "
NAME_OF_1C, FULL_NAME_OF_1C, PORTAL_TEXT = 100, 250, 255
"""Characters that each side keeps of a client's names."""


def people_edit_for_an_hour(world, pairs):
    """Every five minutes somebody edits on each side; the last edit is what must arrive."""
    for number in range(int(HOUR_S / EDIT_EVERY_S)):
        here, there = pairs[number % len(pairs)]
        world.base.edits(here, okpo=f"1000{number:04}")
        world.portal.edits(there, okpo=f"2000{number:04}")
        if not world.core.realtime:
            assert world.exchange() is None, "it breaks off"
        world.wait(EDIT_EVERY_S)


@pytest.mark.parametrize("realtime", [False, True], ids=["by hand", "realtime"])
@pytest.mark.parametrize("status", [200, 502])
def test_a_portal_that_answers_html_for_an_hour_loses_nothing_and_goes_on(realtime, status):
    with opened(Arrangement()) as world:
        pairs = [(world.make.legal(), world.make.legal()) for _ in range(3)]
        for here, there in pairs:
            world.base.has(here)
            world.portal.has(there)
        world.exchange_everything()
        if realtime:
            world.goes_realtime()
        new_here, new_there = world.make.legal(), world.make.legal()
        calls = world.portal.call_count()
        world.portal.suffers(Html(status), times=None)
        world.base.has(new_here)
        world.portal.has(new_there)

        people_edit_for_an_hour(world, pairs)

        assert world.portal.call_count() - calls < CALLS_MAX
        assert not [entry for entry in world.core.unsent() if entry.parked]
        world.portal.recovers()
        world.wait(60.0)
        world.exchange()
        assert judge(world) == []
        for number, (here, there) in enumerate(pairs, start=9):
            world.portal.shows(here, okpo=f"1000{number:04}")
            world.base.shows(there, okpo=f"2000{number:04}")
        world.portal.shows_whole(new_here)
        world.base.shows_whole(new_there)


def text(length, last):
    """Signs of all sorts, no blank at the end, so long."""
    return "".join(islice(cycle(SIGNS), length - len(last))) + last


def at_the_limit(world, name, full_name, end):
    """A client each of whose fields is as long as it may be, and odd."""
    mail = f"@{'b' * 40}.example"
    return world.make.legal(
        name=text(name, f"1{end}"),
        full_name=text(full_name, f"2{end}"),
        okpo="0123456789",
        phones=("+74951234567", "+74951234567ext99999"),
        emails=(f"{end * (NAME_OF_1C - len(mail))}{mail}",),
    )


@pytest.mark.parametrize("configuration", ["unf", "bp30", "ut11"])
def test_a_record_with_every_field_at_its_limit_crosses_whole_both_ways(configuration):
    with opened(Arrangement(configuration=configuration)) as world:
        here, there, late = (at_the_limit(world, NAME_OF_1C, FULL_NAME_OF_1C, e) for e in "xyz")
        world.base.has(here)
        world.portal.has(there)
        world.exchange_everything()
        world.base.edits(here, name=late.name, full_name=late.client.full_name)
        world.portal.edits(there, name=late.name[::-1], full_name=late.client.full_name[::-1])
        world.exchange()

        world.portal.shows(here, name=late.name, full_name=late.client.full_name)
        world.base.shows(there, name=late.name[::-1], full_name=late.client.full_name[::-1])
        for end, who in ((world.portal, here), (world.base, there)):
            end.shows_phones(who, *who.client.phones)
        assert judge(world) == []


@pytest.mark.parametrize("configuration", ["unf", "bp30", "ut11"])
def test_what_1c_has_no_room_for_is_cut_there_alone(configuration):
    """A later edit of anything else must not bring the cut text back to the portal."""
    with opened(Arrangement(configuration=configuration)) as world:
        who = at_the_limit(world, PORTAL_TEXT, PORTAL_TEXT, "x")
        world.portal.has(who)
        world.exchange_everything()
        (mine,) = world.base.views().values()
        who.keys["base"] = mine.key
        assert mine.name == who.name[:NAME_OF_1C].rstrip()
        world.base.edits(who, okpo="7654321")
        world.exchange()

        world.portal.shows(who, name=who.name, full_name=who.client.full_name, okpo="7654321")
        written = world.write_count()
        world.exchange(times=2)
        assert world.write_count() == written
        assert [*doubled(world), *lost(world)] == []
