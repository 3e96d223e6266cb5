"""IL: the first exchange."""

from sverka.drivers.simulated import CrashPoint
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
