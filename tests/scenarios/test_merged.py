"""What a merge on the portal leaves behind for 1C."""

from sverka.settings import OnDeletion
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


def test_a_merge_is_remembered_when_nothing_on_the_portal_tells_it_any_more():
    with opened(Arrangement(limits="box")) as world:
        one, other = world.make.legal(), world.make.legal()
        world.base.has(one, other)
        world.exchange_everything()
        world.operator.sets(on_deletion=OnDeletion.DELETE)
        world.portal.edits(other, name=one.name)
        world.exchange()
        survivor = world.portal.key(one)
        loser_s_own = world.portal.views()[world.portal.key(other)].requisite_keys
        world.portal.merges(other, into=survivor)
        world.exchange()
        for number in loser_s_own:
            world.portal_system.act("crm.requisite.delete", {"id": number}, "1")

        world.exchange_everything()

        world.base.shows(other, copies=1)
        world.portal.shows_count(1)
