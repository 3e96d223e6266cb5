"""CR, continued: partners of УТ with several counterparties, companies with several requisites."""

from sverka.settings import OnDeletion
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World

UT = "ut11"


@scenario(
    "CR-19",
    "A partner with several counterparties is one company with a requisite for each; each pair "
    "goes on by itself, both ways, and new ones join it",
    behaviours="B8 B13 H9",
    scope="clients",
    configuration=UT,
)
def several(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    second, third, fourth = (world.make.legal().client for _ in range(3))
    world.base.has(here)
    world.portal.has(there)
    partner, card = here.keys["base"], there.keys["portal"]
    branch = world.firms.enter_in_base(partner, second)
    requisite = world.firms.enter_on_portal(card, third)
    world.exchange_everything()
    company, owner = world.portal.key(here), world.base.key(there)
    own = {f"n{here.client.inn}": here.client.okpo}
    theirs = {f"n{there.client.inn}": there.client.okpo}
    world.firms.shows("portal", company, **own, **{f"n{second.inn}": second.okpo})
    world.firms.shows("base", owner, **theirs, **{f"n{third.inn}": third.okpo})

    world.firms.edit_in_base(branch, okpo="11111111")
    world.firms.edit_on_portal(requisite, okpo="22222222")
    world.base.edits(there, okpo="33333333")
    world.portal.edits(here, okpo="44444444")
    world.exchange(times=2)
    twin = world.firms.twin(company, partner, counterparty=branch)
    world.firms.edit_on_portal(twin, inn=fourth.inn)
    world.firms.edit_in_base(world.firms.twin(card, owner, requisite=requisite), okpo="55555555")
    joined = world.make.legal().client, world.make.legal().client
    world.firms.enter_in_base(owner, joined[0])
    world.firms.enter_on_portal(company, joined[1])
    world.exchange(times=2)
    world.exchange_everything()

    of_here = {f"n{here.client.inn}": "44444444", f"n{fourth.inn}": "11111111"}
    of_there = {f"n{there.client.inn}": "33333333", f"n{third.inn}": "55555555"}
    for end, keys in (("portal", (company, card)), ("base", (partner, owner))):
        world.firms.shows(end, keys[0], **of_here, **{f"n{joined[1].inn}": joined[1].okpo})
        world.firms.shows(end, keys[1], **of_there, **{f"n{joined[0].inn}": joined[0].okpo})
    world.portal.shows_count(2)
    world.base.shows_count(2)
    world.check(not world.unsent(), "no package is left unsent")


@scenario(
    "CR-20",
    "With one to one set a partner with several counterparties is left out, and of a company the "
    "first requisite alone goes; without it all of them come, none is doubled",
    behaviours="B13 H9",
    scope="clients",
    configuration=UT,
)
def one_to_one(world: World) -> None:
    world.operator.sets(one_to_one=True)
    single, here, there = (world.make.legal() for _ in range(3))
    second, third = (world.make.legal().client for _ in range(2))
    world.base.has(single, here)
    world.portal.has(there)
    world.firms.enter_in_base(here.keys["base"], second)
    requisite = world.firms.enter_on_portal(there.keys["portal"], third)
    world.exchange_everything()
    world.portal.shows_count(2)
    world.portal.shows(single, requisites=1)
    theirs = {f"n{there.client.inn}": there.client.okpo}
    world.firms.shows("base", world.base.key(there), **theirs)
    world.firms.edit_on_portal(requisite, okpo="11111111")
    world.exchange()
    world.firms.shows("base", world.base.key(there), **theirs)

    world.operator.sets(one_to_one=False)
    world.exchange_everything()
    world.exchange_everything()

    world.portal.shows_count(3)
    world.base.shows_count(3)
    own = {f"n{here.client.inn}": here.client.okpo, f"n{second.inn}": second.okpo}
    world.firms.shows("portal", world.portal.key(here), **own)
    world.firms.shows("base", world.base.key(there), **theirs, **{f"n{third.inn}": "11111111"})


@scenario(
    "CR-21",
    "A partner and a company that meet with several counterparties each are paired one by one by "
    "their numbers, in whatever order they stand",
    behaviours="B2 B13",
    scope="clients",
    configuration=UT,
    criteria=("inn+kpp",),
)
def meeting_with_several(world: World) -> None:
    both, other = world.make.legal(), world.make.legal()
    second, third = world.make.legal(), world.make.legal()
    world.base.has(both, other)
    partner = both.keys["base"]
    branch = world.firms.enter_in_base(partner, second.client)
    spare = world.firms.enter_in_base(other.keys["base"], third.client)
    # The requisites stand the other way round, and of `other` the portal knows the second only.
    world.portal.has(second, third)
    card = second.keys["portal"]
    first = world.firms.enter_on_portal(card, both.client)
    stood = world.firms.requisites_by_inn(card, third.keys["portal"])
    world.exchange_everything()
    world.exchange_everything()
    for end in (world.portal, world.base):
        end.shows_count(2)

    world.firms.edit_in_base(branch, okpo="11111111")
    world.firms.edit_on_portal(first, okpo="22222222")
    world.firms.edit_in_base(spare, okpo="33333333")
    world.exchange(times=2)

    wanted = {f"n{second.client.inn}": "11111111", f"n{both.client.inn}": "22222222"}
    world.firms.shows("portal", card, **wanted)
    world.firms.shows("base", partner, **wanted)
    rest = {f"n{third.client.inn}": "33333333", f"n{other.client.inn}": other.client.okpo}
    world.firms.shows("portal", third.keys["portal"], **rest)
    world.firms.shows("base", other.keys["base"], **rest)
    stand = world.firms.requisites_by_inn(card, third.keys["portal"])
    world.check(stand.items() >= stood.items(), f"{stood} became {stand}")


@scenario(
    "CR-22",
    "A further counterparty that is marked in 1C, or whose requisite is deleted on the portal, "
    "takes its twin along as the setting says; the client and the others stay",
    behaviours="B12 B13",
    scope="clients",
    configuration=UT,
)
def parting(world: World) -> None:
    who = world.make.legal()
    kept, marked, lost = (world.make.legal().client for _ in range(3))
    world.base.has(who)
    partner = who.keys["base"]
    firms = {firm.inn: world.firms.enter_in_base(partner, firm) for firm in (kept, marked, lost)}
    world.exchange_everything()
    card = world.portal.key(who)
    world.operator.sets(on_deletion=OnDeletion.DELETE)

    world.firms.mark_in_base(firms[marked.inn])
    world.firms.delete_on_portal(world.firms.twin(card, partner, counterparty=firms[lost.inn]))
    world.exchange(times=2)
    world.exchange_everything()

    left = {f"n{who.client.inn}": who.client.okpo, f"n{kept.inn}": kept.okpo}
    world.firms.shows("portal", card, **left)
    world.firms.shows("base", partner, **left)
    world.portal.shows(who, copies=1)
    world.base.shows(who, copies=1)
    world.check(not world.unsent(), "no package is left unsent")
