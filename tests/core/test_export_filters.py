"""Who leaves 1C by what its card says."""

import pytest

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.fixture
def world():
    with opened(Arrangement(limits="box")) as made:
        yield made


def test_who_has_another_value_stays_home_until_he_gets_a_named_one(world):
    chosen, other = world.make.legal(), world.make.legal()
    world.base.has(chosen, other)
    world.operator.sets(export_attributes={"ИНН": (chosen.client.inn,)})

    world.exchange_everything()
    world.portal.shows_count(1)
    world.portal.shows(chosen, copies=1)

    world.operator.sets(export_attributes={"ИНН": (chosen.client.inn, other.client.inn)})
    world.exchange_everything()
    world.portal.shows_count(2)


def test_a_property_that_the_card_does_not_have_is_named_with_those_it_has(world):
    world.base.has(world.make.legal())
    world.operator.sets(export_since={"ДатаРожденья": "2026-01-31"})

    world.refused("clients.export_since", "ДатаРожденья", "Description")
