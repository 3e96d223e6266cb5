"""Bank details that cannot be read stop nobody else."""

import pytest

from sverka_emulator_kit.trouble import Refuse
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.people import MANAGER
from sverka_scenarios.world import opened


@pytest.mark.parametrize(
    ("method", "spares"), [("crm.requisite.bankdetail.list", 0), ("crm.requisite.list", 1)]
)
def test_a_refused_list_of_bank_details_leaves_them_waiting_and_the_others_go(method, spares):
    with opened(Arrangement()) as world:
        mine, other = world.make.legal(), world.make.legal()
        world.portal.has(mine, other)
        account, second = world.make.account(), world.make.account()
        key = world.money.portal.enter(mine.keys["portal"], account)
        world.exchange_everything()
        world.exchange()
        world.portal.suffers(Refuse(400, "", "Internal error"), on=method, spares=spares)
        world.money.portal.renumber(key, second.number)
        world.portal.edits(other, name="Другой ООО")

        world.exchange()

        world.base.shows(other, name="Другой ООО")
        (reason,) = world.unsent()
        assert reason == f"{method}: Internal error"
        world.exchange()
        world.money.shows("base", world.base.key(mine), **{f"n{second.number}": False})


def test_where_others_are_marked_an_account_hangs_on_the_company_s_first_requisite():
    with opened(Arrangement(configuration="ut11")) as world:
        who = world.make.legal()
        world.portal.has(who)
        world.firms.enter_on_portal(who.keys["portal"], world.make.legal().client)
        first, _ = world.portal.requisites_of(who)
        world.exchange_everything()
        world.exchange_everything()

        world.money.base.enter(world.base.key(who), world.make.account())
        world.exchange()

        assert [view.hangs_on for view in world.money.portal.views().values()] == [first]


@pytest.mark.parametrize(("configuration", "stays"), [("unf", False), ("unf16", True)])
def test_a_closed_account_is_opened_again_only_by_a_base_that_can_say_that_it_is_open(
    configuration, stays
):
    with opened(Arrangement(configuration=configuration)) as world:
        who = world.make.legal()
        world.base.has(who)
        world.money.base.enter(who.keys["base"], world.make.account())
        world.exchange_everything()
        (key,) = world.money.portal.views()
        change = {"id": key, "fields": {"ACTIVE": "N"}}
        world.portal_system.act("crm.requisite.bankdetail.update", change, MANAGER)

        world.exchange(times=2)

        assert world.money.portal.views()[key].closed is stays
