"""IL: the first exchange."""

from sverka.drivers.simulated import CrashPoint
from sverka.settings import PRESETS
from sverka_emulator_kit.people import Kind
from sverka_scenarios.foresight import foresee
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "IL-01",
    "An empty portal gets every client of the base once, and a second full exchange writes nothing",
    behaviours="A1 B1 B8 B9 H1 H2 H8 H9",
    scope="clients",
)
def empty_portal(world: World) -> None:
    everybody = world.make.many(200)
    world.base.has(*everybody)

    world.exchange_everything()

    world.portal.shows_count(200)
    for who in everybody:
        world.portal.shows(who, name=who.name)
    written = world.write_count()
    world.exchange_everything()
    world.check(world.write_count() == written, "the second full exchange writes nothing")


@scenario(
    "IL-02",
    "An empty base gets every client of the portal once, in the configured group",
    behaviours="B1 B5 B8 B9 H1 H2",
    scope="clients",
)
def empty_base(world: World) -> None:
    everybody = world.make.many(200)
    world.portal.has(*everybody)

    world.exchange_everything()

    world.base.shows_count(200)
    for who in everybody:
        world.base.shows(who, name=who.name)
    world.check(world.lying_in_group() == 200, "all new clients lie in the configured group")


@scenario(
    "IL-09",
    "A preview says record by record what a full exchange then does, and only reads",
    behaviours="A5",
    scope="clients",
    policy="strict",
    portion=20,
    criteria=("inn+kpp", "email"),
)
def preview_of_both_filled(world: World) -> None:
    known, leaving = world.make.legal(okpo="10000001"), world.make.legal()
    world.base.has(known, leaving)
    foresee(world).comes_true()
    world.base.edits(known, okpo="10000002")
    world.portal.deletes(leaving)
    shared = [world.make.legal() for _ in range(10)]
    here, there = world.make.many(17), world.make.many(17)
    doubtful = [world.make.person(emails=("buh@holding.example",)) for _ in range(3)]
    world.base.has(*shared, *here, *doubtful[:2])
    world.portal.has(*there, doubtful[2])
    for who in shared:
        world.portal.knows(who, okpo="")
    world.staff.has("base", world.make.person(), shared[0])
    world.money.base.enter(here[0].keys["base"], world.make.account())
    world.money.portal.enter(there[0].keys["portal"], world.make.account())

    foresight = foresee(world)

    foresight.creates(*here, *there)
    foresight.links(*shared, by="inn+kpp")
    foresight.changes(known, "portal", okpo=("10000001", "10000002"))
    foresight.asks(doubtful[2], doubtful[:2])
    foresight.skips(leaving, "is gone from the portal")
    foresight.comes_true()
    world.linked(*shared)
    world.leave_apart(leaving, *doubtful)


@scenario(
    "IL-10",
    "An exchange that is killed after its third package goes on after the restart, without doubles",
    behaviours="H2 H11",
    scope="clients",
    portion=25,
)
def kill_and_resume(world: World) -> None:
    everybody = world.make.many(200)
    world.base.has(*everybody)

    world.kill_at(CrashPoint.AFTER_COMMIT, after=3, call="batch")
    world.exchange_everything()
    world.check(world.died(), "the process was killed")
    world.check(0 < len(world.portal.views()) < 200, "it died half way")
    world.exchange()

    world.portal.shows_count(200)
    for who in everybody:
        world.portal.shows(who, copies=1)


@scenario(
    "IL-03",
    "Both sides are filled: who is on both is linked, the rest is made, doubtful ones wait",
    behaviours="B2 B3 H2 H9",
    scope="clients",
    policy="strict",
    portion=20,
    criteria=("inn+kpp", "email", "name"),
)
def both_filled(world: World) -> None:
    shared = world.make.many(40)
    here, there = world.make.many(57), world.make.many(57)
    doubtful = [world.make.person(emails=("buh@holding.example",)) for _ in range(3)]
    world.base.has(*shared, *here, *doubtful[:2])
    for who in shared:
        world.portal.knows(who, **world.make.dirty(who))
    world.portal.has(*there, doubtful[2])

    world.exchange_everything()

    world.linked(*shared)
    for who in (*here, *there):
        world.portal.shows(who, name=who.name)
        world.base.shows(who, name=who.name)
    world.reviewed(doubtful[2], doubtful[:2])
    world.portal.shows_count(40 + 57 + 57 + 1)
    world.base.shows_count(40 + 57 + 57 + 2)
    world.leave_apart(*doubtful)


@scenario(
    "IL-05",
    "While 130 clients are read page by page, ten come and five go: none is skipped, none doubled, "
    "and who went is not made",
    behaviours="H2 H11",
    scope="clients",
)
def moving_set(world: World) -> None:
    everybody = [world.make.legal() for _ in range(130)]
    gone, staying = everybody[::26], [who for who in everybody if who not in everybody[::26]]
    late = [world.make.legal() for _ in range(10)]
    world.portal.has(*everybody)
    world.portal.meanwhile(lambda: world.portal.deletes(*gone), on="*crm.company.list")
    world.portal.meanwhile(lambda: world.portal.has(*late), on="*crm.company.list", after=2)

    world.exchange_everything()
    world.portal.shows_count(135)
    world.exchange()

    for who in (*staying, *late):
        world.base.shows(who, name=who.name, copies=1)
    for who in gone:
        world.base.shows(who, copies=0)


@scenario(
    "IL-06",
    "Templates that are missing are named, all of them, before anything is written",
    behaviours="B7 H3",
    scope="clients",
    presets={**PRESETS, "sole_trader": "#OUR_OWN_IP#", "state_body": ""},
)
def missing_templates(world: World) -> None:
    everybody = [world.make.client(kind) for kind in Kind]
    world.base.has(*everybody)

    world.exchange_everything()

    world.warned_before_writing("sole_trader", "#OUR_OWN_IP#", "state_body")
    world.portal.shows_count(len(everybody))
    world.operator.sets(presets=PRESETS)
    world.operator.resends()
    world.exchange()
    for who in everybody:
        world.portal.shows_whole(who)


@scenario(
    "IL-07",
    "The key of somebody who is no administrator ends the first run with one clear message",
    behaviours="A1 H13",
)
def weak_key(world: World) -> None:
    here, there = world.make.legal(), world.make.sole_trader()
    world.base.has(here)
    world.portal.has(there)
    world.weaken_key()

    world.refused("ACCESS_DENIED", "as an administrator", "portal.key")

    world.check(not world.write_count(), "nothing is half written")
    world.portal.recovers()
    world.exchange_everything()
    world.portal.shows(here, copies=1)
    world.base.shows(there, copies=1)


@scenario(
    "IL-11",
    "Twenty changes made while everything is exchanged arrive with the next 'changes only'",
    behaviours="H1 H2 H3",
    scope="clients",
    portion=25,
)
def two_phases(world: World) -> None:
    here, there = ([world.make.legal() for _ in range(50)] for _ in range(2))
    world.base.has(*here)
    world.portal.has(*there)

    def people_go_on() -> None:
        for number in range(10):
            world.base.edits(here[number * 5], okpo=f"1000000{number}")
            world.portal.edits(there[number * 5], okpo=f"2000000{number}")

    world.portal.meanwhile(people_go_on, on="batch/crm.company.add")
    world.exchange_everything()
    world.base.shows(here[0], okpo="10000000")

    world.exchange()

    for number in range(10):
        world.portal.shows(here[number * 5], okpo=f"1000000{number}")
        world.base.shows(there[number * 5], okpo=f"2000000{number}")
    world.exchange()
    world.check(not world.unsent() and world.nothing_waits(), "all queues are empty")
