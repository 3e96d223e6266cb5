"""Who becomes a client of another kind does so whole, whatever breaks in between."""

from collections.abc import Callable, Iterator

import pytest

from sverka.drivers.simulated import CrashPoint
from sverka.settings import OnDeletion
from sverka_emulator_kit.trouble import DropReply, Refuse
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.builders import Someone
from sverka_scenarios.laws import judge
from sverka_scenarios.people import CLERK
from sverka_scenarios.world import World, opened

ADD, RETIRE = "batch/crm.requisite.add", "batch/crm.requisite.update"
TROUBLES: dict[str, Callable[[World], None]] = {
    "the reply is lost when the new requisite is made": lambda world: world.portal.suffers(
        DropReply(), on=ADD
    ),
    "the reply is lost when the old one is put out of force": lambda world: world.portal.suffers(
        DropReply(), on=RETIRE
    ),
    "the old one cannot be put out of force at first": lambda world: world.portal.suffers(
        Refuse(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"), on="crm.requisite.update"
    ),
    "it dies after the new one was made": lambda world: world.kill_at(
        CrashPoint.AFTER_COMMIT, call=ADD
    ),
    "it dies before the old one is put out of force": lambda world: world.kill_at(
        CrashPoint.BEFORE_ARRIVAL, call=RETIRE
    ),
}


@pytest.fixture
def firm() -> Iterator[tuple[World, Someone]]:
    """A legal entity that both sides hold, and that becomes a sole trader in 1C."""
    with opened(Arrangement()) as world:
        who = world.make.legal()
        world.base.has(who)
        world.exchange_everything()
        world.base.turns(who, into=world.make.sole_trader().client)
        yield world, who


def templates(world: World) -> list[tuple[str, str]]:
    """Template of each requisite, and whether it is in force."""
    rows = world.portal_system.records()["requisite"].values()
    return [(row["PRESET_ID"], row["ACTIVE"]) for row in rows]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_new_requisite_stands_once_and_the_old_one_is_out_of_force(
    trouble: str, firm: tuple[World, Someone]
):
    world, _ = firm
    TROUBLES[trouble](world)

    world.exchange(times=3)
    world.wait(100.0)
    world.exchange()

    assert templates(world) == [("1", "N"), ("2", "Y")]
    assert judge(world) == []


def test_one_that_stays_in_force_beside_the_new_one_is_told_of(firm: tuple[World, Someone]):
    world, _ = firm
    denied = Refuse(403, "ACCESS_DENIED", "Access denied!")
    world.portal.suffers(denied, on="crm.requisite.update", times=None)

    world.exchange()

    assert templates(world) == [("1", "Y"), ("2", "Y")]
    world.history_warns("is still in force beside the new one: ACCESS_DENIED")
    world.portal.recovers()
    world.wait(100.0)
    world.exchange()
    assert templates(world) == [("1", "N"), ("2", "Y")]


def test_a_kind_that_was_edited_on_both_sides_is_a_conflict_and_goes_whole_too(
    firm: tuple[World, Someone],
):
    world, who = firm
    world.portal.turns(who, into=world.make.person(inn="500100732259").client)

    world.exchange(times=2)

    world.history_warns("kind was edited on both sides")
    assert templates(world) == [("1", "N"), ("3", "N"), ("2", "Y")]
    world.base.shows(who, kind="ИндивидуальныйПредприниматель")


def test_it_comes_back_with_its_requisite(firm: tuple[World, Someone]):
    """The portal's people put the former one into force again, and the newer one out of it."""
    world, who = firm
    world.exchange(times=2)
    former, newer = world.portal.requisites_of(who)
    act = world.portal_system.act
    act("crm.requisite.update", {"id": newer, "fields": {"ACTIVE": "N"}}, "1")
    act("crm.requisite.update", {"id": former, "fields": {"ACTIVE": "Y"}}, "1")

    world.exchange(times=2)

    world.base.shows(who, kind="ЮридическоеЛицо", inn=who.client.inn, kpp=who.client.kpp)
    assert templates(world) == [("1", "Y"), ("2", "N")]


def test_a_field_that_is_1c_s_takes_the_kind_back():
    with opened(Arrangement()) as world:
        who = world.make.legal()
        world.base.has(who)
        world.exchange_everything()
        world.operator.sets(owned_by_infobase=("kind",))
        world.portal.turns(who, into=world.make.sole_trader().client)

        world.exchange(times=2)

        world.base.shows(who, kind="ЮридическоеЛицо")
        assert templates(world) == [("1", "N"), ("2", "N"), ("1", "Y")]


def test_who_has_nothing_to_put_into_a_requisite_is_of_his_kind_all_the_same():
    with opened(Arrangement()) as world:
        who = world.make.sole_trader()
        world.base.has(who)
        world.exchange_everything()
        world.base.turns(who, into=world.make.person(person_name="", inn="", okpo="").client)

        world.exchange(times=2)

        assert templates(world) == [("2", "N"), ("3", "Y")]
        assert judge(world) == []


@pytest.fixture
def partner() -> Iterator[tuple[World, Someone]]:
    """A legal entity of УТ with two counterparties, which both sides hold."""
    with opened(Arrangement(configuration="ut11")) as world:
        who = world.make.legal()
        world.base.has(who)
        world.firms.enter_in_base(who.keys["base"], world.make.legal().client)
        world.exchange_everything()
        world.exchange_everything()
        yield world, who


@pytest.fixture
def company() -> Iterator[tuple[World, Someone]]:
    """The same, entered on the portal: none of the requisites bears a mark of the client."""
    with opened(Arrangement(configuration="ut11")) as world:
        who = world.make.legal()
        world.portal.has(who)
        world.firms.enter_on_portal(who.keys["portal"], world.make.legal().client)
        world.exchange_everything()
        world.exchange_everything()
        yield world, who


@pytest.mark.parametrize("trouble", TROUBLES)
def test_of_several_counterparties_the_own_one_alone_becomes_of_another_kind(
    trouble: str, partner: tuple[World, Someone]
):
    world, who = partner
    world.base.turns(who, into=world.make.sole_trader().client)
    TROUBLES[trouble](world)

    world.exchange(times=3)
    world.wait(100.0)
    world.exchange()

    assert templates(world) == [("1", "N"), ("1", "Y"), ("2", "Y")]
    assert len(world.firms.of_partner(who.keys["base"])) == 2
    assert judge(world) == []


def test_one_without_a_mark_that_stays_in_force_is_no_further_one(
    company: tuple[World, Someone],
):
    world, who = company
    world.base.turns(who, into=world.make.sole_trader().client)
    denied = Refuse(403, "ACCESS_DENIED", "Access denied!")
    world.portal.suffers(denied, on="crm.requisite.update", times=None)

    world.exchange()
    world.portal.recovers()
    world.wait(100.0)
    world.exchange(times=2)

    assert templates(world) == [("1", "N"), ("1", "Y"), ("2", "Y")]
    assert len(world.firms.of_partner(world.base.key(who))) == 2
    assert judge(world) == []


def test_so_it_does_when_the_portal_s_people_enter_a_new_requisite_in_its_place(
    partner: tuple[World, Someone],
):
    world, who = partner
    card = world.portal.key(who)
    first, _ = world.portal.requisites_of(who)
    new = world.make.sole_trader(okpo="1234567890").client
    world.portal.has_requisite(who, of=new)
    world.portal.drops_requisite(first)

    world.exchange(times=2)

    world.base.shows(who, kind="ИндивидуальныйПредприниматель", inn=new.inn)
    assert len(world.firms.of_partner(who.keys["base"])) == 2
    assert len(world.firms.of_card(card)) == 2
    assert judge(world) == []


def test_a_further_requisite_that_is_put_out_of_force_takes_nothing_along(
    partner: tuple[World, Someone],
):
    world, who = partner
    _, further = world.portal.requisites_of(who)
    world.operator.sets(on_deletion=OnDeletion.DELETE)
    world.portal.drops_requisite(further)
    world.portal.edits_requisite(further, okpo="99999999")

    world.exchange(times=2)
    written = world.write_count()
    world.exchange_everything()

    assert world.write_count() == written
    shown = world.firms.of_partner(who.keys["base"]).values()
    assert len(shown) == 2
    assert "99999999" not in {view.okpo for view in shown}


def test_a_further_counterparty_keeps_its_kind_and_says_so(partner: tuple[World, Someone]):
    world, who = partner
    own = world.base.copies(who)[0].inn
    (further,) = (
        key for key, view in world.firms.of_partner(who.keys["base"]).items() if view.inn != own
    )
    words = {
        "ЮрФизЛицо": "ИндивидуальныйПредприниматель",
        "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
    }
    params = {"set": "Catalog_Контрагенты", "key": further, "fields": words}
    world.base_system.act("update", params, CLERK)

    world.exchange(times=2)

    world.history_warns("are of two kinds now, and stay as they are")
    assert templates(world) == [("1", "Y"), ("1", "Y")]
