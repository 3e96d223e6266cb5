"""People act while an exchange runs: right after the call they waited for, once."""

import pytest

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.fixture
def world():
    with opened(Arrangement()) as world:
        world.base.has(*world.make.many(3))
        yield world


def called_when(world, on, after=1):
    """How many calls the portal had answered when the deed was done, each time it was."""
    moments = []
    calls = world.portal_system.calls.lines
    world.portal.meanwhile(lambda: moments.append(len(calls)), on=on, after=after)
    world.exchange_everything()
    return moments


def met(world, part):
    lines = world.portal_system.calls.lines
    return [number for number, line in enumerate(lines, 1) if part in (line.name, *line.parts)]


def test_a_deed_is_done_once_right_after_its_call(world):
    moments = called_when(world, on="batch/crm.company.add")
    assert moments == met(world, "crm.company.add")[:1] != []


def test_a_deed_may_wait_for_a_later_call_of_that_name(world):
    moments = called_when(world, on="batch", after=3)
    assert moments == [met(world, "batch")[2]]


def test_a_deed_whose_call_never_comes_is_not_done(world):
    assert called_when(world, on="crm.deal.*") == []
