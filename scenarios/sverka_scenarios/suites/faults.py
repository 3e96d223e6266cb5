"""LF: faults on the way: what is cut, lost, misread or half done."""

from sverka_emulator_kit.trouble import (
    NAMES,
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Html,
    Refuse,
    Trouble,
)
from sverka_scenarios.builders import Someone
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World

EMPTY = Html(status=200, body="")
TRUNCATED = CutReply()
CUTS: tuple[Trouble, ...] = (DropRequest(), DropReply(), CutReply())


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
    "LF-06",
    "A connection cut before the request, before the answer or in it: repeating does no harm",
    behaviours="H11",
)
def cut_connection(world: World) -> None:
    world.exchange()
    for number, cut in enumerate(CUTS):
        here, there = world.make.legal(), world.make.legal()
        world.base.has(here)
        world.portal.has(there)
        world.portal.suffers(cut, on="batch/crm.*.add")
        world.base.suffers(cut, on="POST Catalog_*")
        world.exchange()
        world.base.edits(here, name=f"Имя {number}")
        world.portal.adds_phone(there, f"+7495000000{number}")
        world.portal.suffers(cut, on="batch/crm.*.update")
        world.base.suffers(cut, on="PATCH Catalog_*")

        world.exchange()

        for end in (world.portal, world.base):
            world.check(end.met(NAMES[type(cut)]) == 2, f"{cut} was met twice at the {end.name}")
            end.shows(here, name=f"Имя {number}", copies=1)
            end.shows_phones(there, *there.client.phones, f"+7495000000{number}")


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
    "LF-09",
    "Three commands of a full batch fail: the others are done with, just the three go again",
    behaviours="H3 H11",
    scope="clients",
)
def partial_batch(world: World) -> None:
    world.exchange()
    everybody = [world.make.legal() for _ in range(50)]
    world.base.has(*everybody)
    world.portal.suffers(Refuse(400, ""), on="crm.company.add", times=3, spares=10)

    world.exchange()
    world.portal.shows_count(47)
    world.check(len(world.unsent()) == 3, "three packages are unsent")
    written = world.write_count()
    world.exchange()

    world.portal.shows_whole(*everybody)
    fresh = world.write_count() - written
    world.check(fresh == 6, f"three cards and their requisites are written, not {fresh} records")


@scenario(
    "LF-10",
    "Signs that mean something in an address stand in a batch like any others",
    behaviours="B8 H11",
)
def encoding(world: World) -> None:
    odd = "Иванов & партнёры #1 = 100% + «ещё» [a][0]=?;/\\ 50%25"
    here, there = (world.make.legal(name=f"{odd} {n}", full_name=f"ООО {odd} {n}") for n in (1, 2))
    world.exchange()
    world.base.has(here)
    world.portal.has(there)
    world.exchange()
    for who in (here, there):
        world.portal.shows(who, name=who.name, full_name=who.client.full_name)
        world.base.shows(who, name=who.name, full_name=who.client.full_name)

    world.base.edits(here, name=f"{odd} & $result[c0]", full_name="%D0%9E & %26")
    world.exchange()

    world.portal.shows(here, name=f"{odd} & $result[c0]", full_name="%D0%9E & %26")


@scenario(
    "LF-11",
    "Numbers that are names keep their zeros both ways, and no call is misread by either side",
    behaviours="B8",
    scope="clients",
)
def zeros_in_front(world: World) -> None:
    here = world.make.legal(inn="0105000128", kpp="010501001", okpo="00012345")
    there = world.make.sole_trader(okpo="0000000001")
    world.exchange()
    world.base.has(here)
    world.portal.has(there)

    world.exchange()

    world.portal.shows(here, inn="0105000128", kpp="010501001", okpo="00012345")
    world.base.shows(there, okpo="0000000001")
    world.base.edits(here, okpo="00000000")
    world.exchange()
    world.portal.shows(here, okpo="00000000")
    for end in (world.portal, world.base):
        # A byte order mark in front of a body makes every call one without parameters.
        world.check(end.call_count(refused=True) == 0, f"the {end.name} understood every call")


@scenario(
    "LF-14",
    "An ID as a number or a text, a GUID in capital letters: it is the same record",
    behaviours="B2",
    scope="clients",
)
def forms_of_ids(world: World) -> None:
    made, marked = world.make.legal(), world.make.legal()
    world.base.has(made)
    world.exchange()
    world.portal.edits(made, okpo="11111111")
    world.base.has(marked)
    world.portal.has(marked)
    world.portal_bears_mark_of(marked, spelled=str.upper)

    world.exchange()

    world.base.shows(made, okpo="11111111")
    for who in (made, marked):
        world.portal.shows(who, copies=1)
        world.base.shows(who, copies=1)
    written = world.write_count()
    world.exchange_everything()
    world.check(world.write_count() == written, "nobody is taken for somebody else")


@scenario(
    "LF-15",
    "A token that expires in the middle of a package is renewed, though renewing fails at first; a "
    "portal that was renamed is followed to its new address",
    behaviours="H11",
    scope="clients",
    batch=2,
)
def spent_token(world: World) -> None:
    world.tokens_live(60.0)
    world.exchange()
    world.wait(40.0)
    everybody = world.make.many(50)
    world.base.has(*everybody)
    world.portal.suffers(Delay(3.0), on="batch/crm.*.add", times=None)
    world.portal.suffers(Html(500), on="oauth.token")
    world.portal.suffers(DropReply(), on="oauth.token")

    world.exchange()

    world.portal.suffered("html", "drop_reply")
    world.portal.shows_whole(*everybody)
    world.check(world.portal.call_count(refused=True) > 1, "the token expired under way")
    renamed_portal(world, everybody[0])


def renamed_portal(world: World, who: Someone) -> None:
    world.portal.recovers()
    world.portal_is_renamed()
    for round_ in range(2):
        world.base.edits(who, name=f"По новому адресу {round_}")
        world.exchange()
        world.portal.shows(who, name=f"По новому адресу {round_}")
        world.restarts()
    asked = world.portal.count_of_status(302)
    # Two batches were on their way side by side.
    world.check(0 < asked <= 2, f"the new address is remembered: the old was called {asked} times")
    world.history_warns("has moved")


@scenario(
    "LF-17",
    "With a base whose clock is seven minutes fast no edit of either side is passed over",
    behaviours="H1",
    scope="clients",
)
def clock_skew(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base_clock_is_ahead(420.0)
    world.base.has(here)
    world.portal.has(there)
    world.exchange()
    for round_ in range(3):
        new_here, new_there = world.make.legal(), world.make.legal()
        world.base.has(new_here)
        world.portal.has(new_there)
        world.base.edits(here, okpo=f"1000000{round_}")
        world.portal.edits(there, okpo=f"2000000{round_}")

        world.exchange()

        world.portal.shows_whole(new_here)
        world.base.shows_whole(new_there)
        world.portal.shows(here, okpo=f"1000000{round_}")
        world.base.shows(there, okpo=f"2000000{round_}")
