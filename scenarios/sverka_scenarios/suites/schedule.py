"""SM: when the exchange runs, and what it tells afterwards."""

from sverka_emulator_kit.trouble import Delay
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World

MINUTE_S = 60.0


@scenario(
    "SM-01",
    "Every ten minutes, though an exchange lasts longer: the next one waits, two never run at once",
    behaviours="H4",
    portion=1,
)
def schedule(world: World) -> None:
    everybody = [world.make.legal() for _ in range(10)]
    world.portal.has(*everybody)
    world.exchange_everything()
    # A base that takes 50 s for each call makes an exchange of seven clients last over ten minutes.
    world.base.suffers(Delay(50.0), times=None)
    with world.on_schedule(every_s=10 * MINUTE_S):
        for number, who in enumerate(everybody):
            world.portal.edits(who, name=f"Имя {number}")
        world.wait(12 * MINUTE_S)
        world.check(world.exchanges_never_overlap() == 2, "after 12 minutes it is still the first")
        world.portal.edits(everybody[0], name="Имя посреди обмена")
        world.wait(60 * MINUTE_S)

    world.base.recovers()
    runs = world.exchanges_never_overlap()
    world.check(3 <= runs <= 6, f"it ran again after each end, not every ten minutes: {runs}")
    world.base.shows(everybody[0], name="Имя посреди обмена")
    for number, who in enumerate(everybody[1:], 1):
        world.base.shows(who, name=f"Имя {number}")


@scenario(
    "SM-07",
    "After three exchanges the history has counts, warnings, errors, and each client's whole story",
    behaviours="H3",
    scope="clients",
)
def history(world: World) -> None:
    good, bad = world.make.legal(), world.make.legal(emails=("без собаки",))
    world.exchange()
    world.base.has(good, bad)
    first = world.exchange()
    world.portal.edits(good, okpo="11111111")
    world.base.people.replace(bad.keys["base"], "EMAIL", "без собаки", "a@b.example")
    second = world.exchange()
    world.base.edits(good, inn="7700000000")
    third = world.exchange()

    assert first
    assert second
    assert third
    world.check(dict(first.counts) == {"created": 1, "unsent": 1}, f"first: {first.counts}")
    world.history_has(first.run, errors=1)
    world.check(dict(second.counts) == {"created": 1, "updated": 1}, f"second: {second.counts}")
    world.history_has(second.run)
    world.history_has(third.run, warnings=1)
    world.history_tells(good, "created", "updated", "wrong check digit")
    world.history_tells(bad, "not created", "created")
    his = world.history_of(good)
    world.check(not any(line in his for line in world.history_of(bad)), "each has his own story")
