"""SM: when the exchange runs, and what it tells afterwards."""

from sverka_emulator_kit.trouble import Delay, Html
from sverka_scenarios.builders import Someone
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
    "SM-02",
    "'Exchange now' while a scheduled exchange is under way: it waits its turn, says so, and runs",
    behaviours="H4",
    portion=1,
)
def manual_beside_schedule(world: World) -> None:
    everybody = [world.make.legal() for _ in range(5)]
    world.portal.has(*everybody)
    world.exchange_everything()
    world.base.suffers(Delay(20.0), times=None)
    with world.on_schedule(every_s=60 * MINUTE_S):
        world.wait(60 * MINUTE_S)
        for number, who in enumerate(everybody):
            world.portal.edits(who, name=f"Имя {number}")
        world.wait(5 * MINUTE_S)
        world.check(world.exchanges_never_overlap() == 3, "the second beat's exchange is under way")
        world.portal.edits(everybody[0], name="Имя посреди обмена")

        report = world.exchange()

        world.check(report is not None and report.run == 4, f"it is the fourth exchange: {report}")
        world.check(world.exchanges_never_overlap() == 4, "it began when the third had ended")
        world.base.shows(everybody[0], name="Имя посреди обмена")
        world.history_says("waits until this one has ended")
    world.base.recovers()
    for number, who in enumerate(everybody[1:], 1):
        world.base.shows(who, name=f"Имя {number}")


@scenario(
    "SM-03",
    "From realtime to the schedule and back: nothing is lost or doubled at the seams",
    behaviours="H4 H11",
    scope="clients",
)
def mode_switch(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    new = []
    for round_ in range(3):
        world.goes_realtime()
        new += edited_at_a_seam(world, here, there, f"Живое {round_}")
        world.leaves_realtime()
        new += edited_at_a_seam(world, here, there, f"Между {round_}")
        with world.on_schedule(every_s=MINUTE_S):
            world.wait(MINUTE_S)
            new += edited_at_a_seam(world, here, there, f"Плановое {round_}")
    world.goes_realtime()
    world.wait(10.0)

    world.portal.shows(here, name="Плановое 2 ООО")
    world.base.shows(there, name="Плановое 2 ООО")
    world.portal.shows_whole(*new[::2])
    world.base.shows_whole(*new[1::2])
    world.leaves_realtime()


def edited_at_a_seam(world: World, here: Someone, there: Someone, name: str) -> list[Someone]:
    """People edit and enter somebody on each side; the mode changes a moment later."""
    of_base, of_portal = world.make.legal(), world.make.legal()
    world.base.has(of_base)
    world.portal.has(of_portal)
    world.base.edits(here, name=f"{name} ООО")
    world.portal.edits(there, name=f"{name} ООО")
    world.wait(0.7)
    return [of_base, of_portal]


@scenario(
    "SM-05",
    "With one direction off its edits wait in their queue while the other goes; on again, they go",
    behaviours="H1 H4",
)
def direction_off(world: World) -> None:
    early, later, here, there = (world.make.legal() for _ in range(4))
    world.portal.has(early, later)
    world.exchange_everything()
    for round_, (off, source, target) in enumerate(
        (("to_infobase", world.portal, world.base), ("to_portal", world.base, world.portal))
    ):
        # One edit is in the inbox already when the direction is switched off, others come later.
        target.suffers(Html(502), on=WRITES[target.name], times=None)
        source.edits(early, name=f"Задержано {round_} ООО")
        world.exchange()
        target.recovers()
        world.changes_settings(**{off: False})
        new = (there, here)[round_]
        source.has(new)
        source.edits(later, okpo=f"1000000{round_}")
        world.exchange(times=2)
        target.edits(early, kpp=f"77010100{round_}")
        target.edits(later, kpp=f"77010100{round_}")
        world.exchange_everything()
        world.goes_realtime()
        source.edits(later, okpo=f"2000000{round_}")
        world.wait(MINUTE_S)
        world.leaves_realtime()

        source.shows(early, kpp=f"77010100{round_}")
        source.shows(later, kpp=f"77010100{round_}")
        target.shows(new, copies=0)
        target.never_showed(early, name=f"Задержано {round_} ООО")
        target.never_showed(later, okpo=f"1000000{round_}")
        world.changes_settings(**{off: True})
        world.exchange()

        target.shows(early, name=f"Задержано {round_} ООО")
        target.shows(later, okpo=f"2000000{round_}")
        target.shows_whole(new)


WRITES = {"base": "PATCH Catalog_*", "portal": "batch/crm.*.update"}


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
