"""Contact persons: what a broken write, an absent owner and an odd one leave behind."""

import pytest

from sverka.settings import Criterion
from sverka_emulator_kit.trouble import DropReply, DropRequest
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.world import opened

PERSONS = "POST Catalog_КонтактныеЛица*"


@pytest.mark.parametrize("trouble", [DropReply(), DropRequest()])
@pytest.mark.parametrize("on", [PERSONS, "POST InformationRegister_*"])
@pytest.mark.parametrize("configuration", ["unf", "bp30", "ut11", "unf16"])
def test_a_person_whose_write_broke_off_is_made_once_and_belongs(configuration, on, trouble):
    with opened(Arrangement(configuration=configuration)) as world:
        company = world.make.legal()
        world.portal.has(company)
        who = world.staff.has("portal", world.make.person(), company)
        world.base.suffers(trouble, on=on)

        world.exchange_everything()
        world.wait(60.0)
        world.exchange(times=2)

        world.staff.shows("base", who, world.base.key(company), post="директор")
        assert judge(world) == []


def test_who_belongs_to_an_open_question_waits_until_it_is_answered():
    with opened(Arrangement(criteria=(Criterion.NAME,))) as world:
        company = world.make.legal()
        world.base.has(company)
        one, other = world.make.legal(name=company.name), world.make.legal(name=company.name)
        world.portal.has(one, other)
        who = world.staff.has("base", world.make.person(), company)
        world.leave_apart(company, one, other)
        world.exchange_everything()
        assert len(world.staff.portal.views()) == 0

        (asked,) = [r for r in world.core.reviews() if r.key == f"client:{company.keys['base']}"]
        world.operator.decides(company, one)
        world.exchange(times=2)

        assert asked.candidates
        world.staff.shows("portal", who, one.keys["portal"])


def test_the_contact_persons_of_a_private_client_stay_in_the_base():
    with opened(Arrangement()) as world:
        client = world.make.person()
        world.base.has(client)
        world.staff.has("base", world.make.person(), client)

        world.exchange_everything()

        assert not world.staff.portal.views()
        assert not world.unsent()
        assert judge(world) == []


def test_in_unf_whose_bond_a_person_ended_is_not_bound_again():
    with opened(Arrangement()) as world:
        company = world.make.legal()
        world.base.has(company)
        who = world.staff.has("base", world.make.person(), company)
        world.exchange_everything()
        (bond,) = world.base_system.records()["InformationRegister_СвязиКонтрагентКонтакт"].values()
        ended = {**bond, "Period": "2030-01-01T00:00:00", "СвязьНедействительна": True}
        params = {"set": "InformationRegister_СвязиКонтрагентКонтакт", "fields": ended}
        world.base_system.act("create", params)

        world.exchange(times=2)

        assert who.keys["base"] not in world.staff.base.views()
        assert len(world.staff.portal.views()) == 1


@pytest.mark.parametrize("trouble", [DropReply(), DropRequest()])
@pytest.mark.parametrize("spares", [0, 1])
def test_in_unf_who_moves_is_bound_to_somebody_whatever_becomes_of_the_calls(trouble, spares):
    with opened(Arrangement()) as world:
        old, new = world.make.legal(), world.make.legal()
        world.portal.has(old, new)
        who = world.staff.has("portal", world.make.person(), old)
        world.exchange_everything()
        world.staff.portal.move(who.keys["portal"], new.keys["portal"])
        world.base.suffers(trouble, on="POST InformationRegister_*", spares=spares)

        world.exchange()
        assert len(world.staff.base.views()) == 1
        world.wait(60.0)
        world.exchange(times=2)

        world.staff.shows("base", who, world.base.key(new))
        assert judge(world) == []


def test_what_waits_when_its_entity_is_switched_off_stops_nothing():
    with opened(Arrangement()) as world:
        company = world.make.legal()
        world.base.has(company)
        world.staff.has("base", world.make.person(), company)
        world.money.base.enter(company.keys["base"], world.make.account())
        world.exchange_everything()
        (person,), (detail,) = world.staff.base.views(), world.money.portal.views()
        number = world.make.account().number
        world.staff.base.rename(person, "Котова Анна Львовна")
        world.money.portal.renumber(detail, number)
        world.base.edits(company, name="Лютик ООО")
        world.operator.sets(contact_persons=False, bank_accounts=False)

        world.exchange(times=2)

        world.portal.shows(company, name="Лютик ООО")
        (contact,) = world.staff.portal.views().values()
        assert contact.name != "Котова Анна Львовна"
        assert number not in {view.number for view in world.money.base.views().values()}
