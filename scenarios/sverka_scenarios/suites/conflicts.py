"""CL: echoes and quiet."""

from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "CL-02",
    "Without auth_connector our own writes come back as events, and are written to nobody again",
    behaviours="H9",
    connector=False,
)
def echo_on_a_cheap_tariff(world: World) -> None:
    here, there = world.make.legal(), world.make.sole_trader()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    world.exchange()
    world.base.edits(here, name="Переименованная ООО")
    world.portal.edits(there, okpo="1234567890")
    world.exchange()
    world.check(world.portal_events() > 0, "our own write came back as an event")
    written = world.write_count()

    world.exchange(times=5)

    world.check(world.write_count() == written, "no write follows the echo")
    world.portal.shows(here, name="Переименованная ООО")
    world.base.shows(there, okpo="1234567890")


@scenario(
    "CL-13",
    "Ten minutes without a person's deed bring no write on either side, whatever happened before",
    behaviours="H9 H12",
    scope="clients",
)
def quiet_hour(world: World) -> None:
    everybody = world.make.many(30)
    world.base.has(*everybody[:15])
    world.portal.has(*everybody[15:])
    world.exchange_everything()
    for who in everybody[:10]:
        world.portal.edits(who, name=f"{who.name} новое имя")
        world.base.adds_phone(who, world.make.registry.phone())
    world.exchange(times=2)
    written = world.write_count()

    for _ in range(10):
        world.wait(60.0)
        world.exchange()

    world.check(world.write_count() == written, "ten quiet minutes bring no write")
