"""A client of the portal with several requisites, each with addresses."""

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.world import opened

ADDRESS_TYPES = ("1", "6")
MANY = 51
"""Their addresses fill more than two pages."""


def test_a_company_with_many_requisites_is_read_with_all_their_addresses():
    with opened(Arrangement(configuration="ut11")) as world:
        who = world.make.legal()
        world.portal.has(who)
        card = who.keys["portal"]
        for _ in range(MANY):
            world.firms.enter_on_portal(card, world.make.legal().client)
        requisites = world.portal.requisites_of(who)
        for requisite in requisites:
            for type_id in ADDRESS_TYPES:
                owner = {"ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite, "TYPE_ID": type_id}
                fields = {**owner, "ADDRESS_1": f"ул Новая, д {requisite}"}
                world.portal_system.act("crm.address.add", {"fields": fields}, "1")
        world.exchange_everything()
        world.exchange_everything()
        assert len(world.firms.of_partner(world.base.key(who))) == MANY + 1

        world.portal.edits_requisite(requisites[-1], okpo="12345678")
        world.exchange()

        firms = world.firms.of_partner(world.base.key(who)).values()
        assert [view.okpo for view in firms].count("12345678") == 1
        assert judge(world) == []
