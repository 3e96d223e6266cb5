"""LF: limits and faults on the way."""

from sverka_emulator_kit.trouble import CutReply, DropReply, Html
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World

EMPTY = Html(status=200, body="")
TRUNCATED = CutReply()


@scenario(
    "LF-05",
    "A page of HTML, an empty and a truncated answer are passing trouble: the package is kept",
    behaviours="H11",
)
def nonsense_answers(world: World) -> None:
    everybody = world.make.many(20)
    world.base.has(*everybody)
    for trouble in (Html(), EMPTY, TRUNCATED):
        world.portal.suffers(trouble, on="batch")
        world.base.suffers(trouble, on="GET *")

    world.exchange(times=2)

    world.portal.shows_count(20)
    world.portal.suffered("html", "cut_reply")
    world.check(not world.unsent(), "no package is left unsent")


@scenario(
    "LF-07",
    "The answer to a create is lost after the commit: the record is found again, not made twice",
    behaviours="H11 B2",
    scope="clients",
)
def lost_answer(world: World) -> None:
    from_base, from_portal = world.make.legal(), world.make.sole_trader()
    world.exchange()
    world.base.has(from_base)
    world.portal.suffers(DropReply(), on="batch/crm.*.add")
    world.exchange(times=2)
    world.portal.suffered("drop_reply")
    world.portal.shows(from_base, copies=1, requisites=1)

    world.portal.has(from_portal)
    world.base.suffers(DropReply(), on="POST Catalog_Контрагенты")
    world.exchange(times=2)

    world.base.suffered("drop_reply")
    world.base.shows(from_portal, copies=1)


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
