"""MD: who is who, and what happens when nobody can tell."""

from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "MD-01",
    "A client is recognised by link, by external ID, then by name; only the fourth is new",
    behaviours="B2",
    scope="clients",
    criteria=("name",),
)
def three_levels(world: World) -> None:
    linked, marked, named, fourth = (world.make.legal() for _ in range(4))
    world.base.has(linked)
    world.exchange_everything()
    world.portal.edits(linked, name="Новое имя ООО")
    world.base.has(marked, named, fourth)
    world.portal.has(marked, named)
    world.portal_bears_mark_of(marked)

    world.exchange_everything()

    world.base.shows(linked, name="Новое имя ООО")
    world.portal.shows_count(4)
    for who in (linked, marked, named, fourth):
        world.portal.shows(who, copies=1)
        world.base.shows(who, copies=1)


@scenario(
    "MD-02",
    "By default only the external ID decides: the same INN makes a new client, with a hint",
    behaviours="B2 H3",
    scope="clients",
)
def client_default(world: World) -> None:
    known = world.make.legal()
    world.base.has(known)
    double = world.make.legal(inn=known.client.inn, kpp=known.client.kpp)
    world.portal.has(double)
    world.allow_double(known, double)

    world.exchange_everything()

    world.base.shows_count(2)
    world.history_warns(f"INN also on client:{known.keys['base']}")


@scenario(
    "MD-03",
    "Two counterparties with one e-mail: the contact is linked to neither, a person decides",
    behaviours="B3",
    scope="clients",
    policy="strict",
    criteria=("email",),
)
def same_email_twice(world: World) -> None:
    north = world.make.person(emails=("buh@holding.example",))
    south = world.make.person(emails=("buh@holding.example",))
    arriving = world.make.person(emails=("buh@holding.example",))
    world.base.has(north, south)
    world.exchange()
    world.portal.has(arriving)

    world.exchange(times=2)

    world.base.shows_count(2)
    world.reviewed(arriving, [north, south])
    world.leave_apart(arriving)


@scenario(
    "MD-05",
    "A company made by hand with the same INN and KPP is linked, and bears the mark afterwards",
    behaviours="B2 B4 B8",
    scope="clients",
    criteria=("inn+kpp",),
)
def inn_and_kpp(world: World) -> None:
    firm = world.make.legal()
    trader = world.make.sole_trader()
    branch = world.make.legal(inn=firm.client.inn)
    world.base.has(firm, trader, branch)
    world.portal.has(firm, trader)

    world.exchange()

    world.portal.shows_count(3)
    for who in (firm, trader):
        world.portal.shows(who, copies=1, mark=who.keys["base"])
    world.base.shows_count(3)
