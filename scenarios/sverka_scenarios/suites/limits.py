"""LF: limits, and what a portal does that is pressed too hard."""

from functools import partial

from b24_emulator.rules.tariffs import Block
from sverka_emulator_kit.trouble import Delay, Html, Refuse
from sverka_scenarios.builders import Someone
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World

ADDS = "batch/crm.*.add"
DRAINED_S = 60.0
"""After so long a pause every bucket is known to be empty."""

LOADS = {"50-2-100": (106, 5.0), "cloud": (60, 8.0), "enterprise": (20, 0.0), "box": (20, 0.0)}
"""Clients by profile, and how long they must take at least: (calls - threshold) ÷ drain."""


@scenario(
    "LF-01",
    "Under every profile of limits a load is never refused, and takes hardly longer than it must",
    behaviours="H8",
    scope="clients",
    batch=2,
    portion=200,
)
def rate_profiles(world: World) -> None:
    # Packages of one client make as many calls for 106 of them as fifties make for 2,600.
    for profile, (count, least_s) in LOADS.items():
        world.wait(DRAINED_S)
        world.portal_is_limited(profile)
        world.exchange()
        world.wait(DRAINED_S)
        world.base.has(*world.make.many(count))
        begun_s = world.clock.now_s()

        world.exchange()

        spent_s = world.clock.now_s() - begun_s
        world.check(spent_s < least_s + 5.0, f"{profile}: the load took {spent_s:.0f} s")
    world.portal.shows_count(sum(count for count, _ in LOADS.values()))
    world.check(world.portal.call_count(refused=True) == 0, "the portal refused nothing")


@scenario(
    "LF-02",
    "Another program behind the same address eats half of the bucket: all arrives all the same",
    behaviours="H8",
    scope="clients",
    limits="cloud",
    told_limits="cloud",
    batch=2,
)
def shared_address(world: World) -> None:
    world.exchange()
    world.wait(DRAINED_S)
    everybody = world.make.many(60)
    world.base.has(*everybody)

    world.neighbour_calls(90, every_s=1.0)
    world.exchange()
    world.wait(DRAINED_S)
    world.exchange()

    world.portal.shows_whole(*everybody)
    refused = world.portal.call_count(refused=True)
    world.check(0 < refused < 30, f"it met the other's load and gave way: refused {refused} times")


@scenario(
    "LF-03",
    "A method that has spent its running time pauses alone until it is reset; others go on",
    behaviours="H6 H8",
    scope="clients",
    batch=2,
)
def running_time(world: World) -> None:
    companies, person = [world.make.legal() for _ in range(36)], world.make.person()
    world.base.has(person, *companies)
    world.exchange_everything()
    world.goes_realtime()
    # 480 s in ten minutes are spent by the twentieth; the first minute's are forgotten first.
    world.portal_works_long("crm.company.update", 25.0)
    for number, who in enumerate(companies):
        world.base.edits(who, name=f"Компания {number}")

    world.wait(260.0)
    given = world.portal.count_of("crm.company.update")
    for number in range(4):
        world.base.edits(person, name=f"Имя {number} Новое")
        world.portal.shows_within(5.0, person, name=f"Имя {number} Новое")
        world.wait(10.0)
    names = [view.name for view in world.portal.views().values()]
    went = sum(f"Компания {number}" in names for number in range(36))
    world.check(went == 20, f"twenty fit into the running time, {went} went")
    again = world.portal.count_of("crm.company.update") - given
    world.check(again == 0, f"the method pauses: it was called {again} times meanwhile")
    # By hand it goes on, too: an exchange waits for the method, though a new process has to ask.
    world.leaves_realtime()
    world.exchange(times=3)

    for number, who in enumerate(companies):
        world.portal.shows(who, name=f"Компания {number}")
    given = world.portal.count_of("crm.company.update")
    world.check(given <= 160, f"what was refused waited for its time: {given} calls")


@scenario(
    "LF-04",
    "A burst of creates on a portal that breaks down under it: paced, found again, none twice",
    behaviours="H8 H11",
    scope="clients",
    limits="box",
    told_limits="box",
)
def burst_of_creates(world: World) -> None:
    world.exchange()
    world.wait(DRAINED_S)
    everybody = world.make.many(150)
    world.base.has(*everybody)
    world.later(0.5, lambda: world.portal.suffers(Html(500), on=ADDS, times=None))
    world.later(8.5, world.portal.recovers)

    world.exchange()
    storm = world.portal.met("html")
    world.exchange()

    world.check(0 < storm < 25, f"it gave the portal time: {storm} calls in 8 s of trouble")
    world.check(not world.unsent(), "nothing is left unsent")
    world.portal.shows_whole(*everybody)


BLOCKS = (
    (Refuse(403, "ACCESS_DENIED", "REST is not in this tariff"), "ACCESS_DENIED"),
    (Refuse(401, "PAYMENT_REQUIRED", "Subscription has been ended"), "PAYMENT_REQUIRED"),
    (Refuse(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload."), "OVERLOAD_LIMIT"),
)


@scenario(
    "LF-08",
    "A tariff without REST, an unpaid application, a blocked portal: it stops, says why, goes on",
    behaviours="H11 H13",
)
def blocked_portal(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    for round_, (block, words) in enumerate(BLOCKS):
        world.portal.suffers(block, times=None)
        world.base.edits(here, okpo=f"1000000{round_}")
        world.portal.edits(there, okpo=f"2000000{round_}")
        called = world.portal.call_count()
        world.breaks_off(words)
        world.check(world.portal.call_count() - called <= 5, "it knocks no more than five times")

        world.portal.recovers()
        world.exchange()

        world.portal.shows(here, okpo=f"1000000{round_}")
        world.base.shows(there, okpo=f"2000000{round_}")
    blocked_in_realtime(world, here, there)


def blocked_in_realtime(world: World, here: Someone, there: Someone) -> None:
    world.goes_realtime()
    for why, name in ((Block.OVERLOAD, "Перегрузка ООО"), (Block.UNPAID, "Не оплачено ООО")):
        world.portal_is_closed(why)
        world.base.edits(here, name=f"{name} 1")
        world.portal.edits(there, name=f"{name} 2")
        called = world.portal.call_count()
        world.wait(150.0)
        knocks = world.portal.call_count() - called
        world.check(knocks <= 10, f"both jobs rest while it is closed: {knocks} calls in 150 s")

        world.portal_is_closed()
        world.portal.shows_within(65.0, here, name=f"{name} 1")
        world.base.shows_within(65.0, there, name=f"{name} 2")
    world.history_warns("OVERLOAD_LIMIT")
    world.history_warns("PAYMENT_REQUIRED")
    world.leaves_realtime()


@scenario(
    "LF-12",
    "With four calls under way at once nobody gets another's data, and each keeps his last edit",
    behaviours="H11",
    scope="clients",
    batch=10,
)
def parallel_workers(world: World) -> None:
    world.exchange()
    world.wait(DRAINED_S)
    everybody = world.make.many(200)
    edited = everybody[::20]
    world.base.has(*everybody)
    for number, who in enumerate(edited):
        for again in (1, 2):
            rename = partial(world.base.edits, who, name=f"{who.name} {again}")
            world.later(0.3 * number + 0.2 * again, rename)

    world.exchange(times=2)

    world.portal.shows_whole(*(who for who in everybody if who not in edited))
    for who in edited:
        world.portal.shows(who, name=f"{who.name} 2")
    for number, who in enumerate(everybody[5::20]):
        world.portal.edits(who, name=f"Новое имя {number}")
    world.exchange()
    for number, who in enumerate(everybody[5::20]):
        world.base.shows(who, name=f"Новое имя {number}")


@scenario(
    "LF-13",
    "One of 200 that always fails stops nobody: 199 go in one run, it is parked with a reason",
    behaviours="H3 H11",
    scope="clients",
)
def poison_record(world: World) -> None:
    world.exchange()
    everybody = world.make.many(200)
    poisoned = everybody[77] = world.make.legal(emails=("без собаки",))
    world.base.has(*everybody)

    world.exchange()

    world.portal.shows_count(199)
    world.check(len(world.unsent()) == 1, "one package is unsent")
    world.exchange(times=4)
    world.parked(poisoned, "e-mail")
    world.base.people.replace(poisoned.keys["base"], "EMAIL", "без собаки", "a@b.example")
    world.exchange()
    world.portal.shows(poisoned, copies=1)


@scenario(
    "LF-16",
    "Packages that take longer than 60 s are looked for before they are sent again, and smaller: "
    "no doubles",
    behaviours="H11",
    scope="clients",
    portion=25,
)
def heavy_package(world: World) -> None:
    world.exchange()
    from_base, from_portal = world.make.many(30), world.make.many(4)
    world.base.has(*from_base)
    world.portal.has(*from_portal)
    world.portal.suffers(Delay(90.0), on=ADDS, times=2)
    world.base.suffers(Delay(90.0), on="POST Catalog_Контрагенты", times=2)

    world.exchange(times=2)

    world.portal.suffered("delay")
    world.base.suffered("delay")
    world.portal.shows_whole(*from_base)
    world.base.shows_whole(*from_portal)
    world.check(not world.unsent(), "no package is left unsent")
    # A full batch has 25 cards with their requisites: that takes the portal 100 s.
    world.portal_works_long("crm.*.add", 2.0)
    others = [world.make.legal() for _ in range(100)]
    world.base.has(*others)
    world.exchange(times=3)
    world.portal.shows_whole(*others)
    doubts = sum("no answer within" in line.text for line in world.core.history())
    world.check(doubts < 80, f"packages became smaller: {doubts} records went without an answer")
