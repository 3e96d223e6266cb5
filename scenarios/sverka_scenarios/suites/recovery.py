"""RU: crashes, and what was read but not yet done."""

from sverka.drivers.simulated import CrashPoint
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "RU-01",
    "The process dies after reading the change tables, at any moment: no change is lost",
    behaviours="H1 H11",
)
def crash_after_read(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    for round_, (point, call) in enumerate(MOMENTS):
        world.portal.edits(there, okpo=f"1000000{round_}")
        world.base.edits(here, okpo=f"2000000{round_}")
        world.kill_at(point, call=call)
        world.exchange()
        world.check(world.deaths() == round_ + 1, f"it died {point} of {call or 'anything'}")

        world.exchange(times=2)

        world.base.shows(there, okpo=f"1000000{round_}")
        world.portal.shows(here, okpo=f"2000000{round_}")


MOMENTS = (
    (CrashPoint.AFTER_COMMIT, "event.offline.get"),
    (CrashPoint.AFTER_REPLY, "event.offline.get"),
    (CrashPoint.AFTER_COMMIT, "batch"),
    (CrashPoint.AFTER_COMMIT, "PATCH Catalog_Контрагенты"),
    (CrashPoint.BEFORE_SAVE, "changes"),
    (CrashPoint.AFTER_SAVE, "changes"),
)


@scenario(
    "RU-05",
    "What went is cleared exactly once, at the source and in the journal, and not sent again",
    behaviours="H1 H3 H9",
)
def confirmed_once(world: World) -> None:
    here, there = world.make.legal(), world.make.person()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)

    world.exchange()

    world.portal.shows(here, copies=1)
    world.base.shows(there, copies=1)
    written = world.write_count()
    world.exchange(times=3)
    world.check(world.write_count() == written, "nothing is sent again")
    world.check(world.nothing_waits(), "no change waits in 1C, on the portal or in the journal")
