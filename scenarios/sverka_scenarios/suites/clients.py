"""CR: clients with their requisites, phones and e-mails."""

from dataclasses import replace

from sverka_emulator_kit.people import Kind
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.views import words
from sverka_scenarios.world import World

SHAPES = {
    Kind.LEGAL: "company",
    Kind.SOLE_TRADER: "company",
    Kind.PERSON: "contact",
    Kind.STATE_BODY: "company",
}


@scenario(
    "CR-01",
    "Each kind of client becomes what the table says, with its own requisite, and none is dropped",
    behaviours="B1 B7 B8",
)
def default_kinds(world: World) -> None:
    everybody = {kind: world.make.client(kind) for kind in SHAPES}
    world.base.has(*everybody.values())

    world.exchange()

    world.portal.shows_count(4)
    for kind, who in everybody.items():
        world.portal.shows(who, shape=SHAPES[kind], requisites=1)
    world.portal.shows(everybody[Kind.LEGAL], kpp=everybody[Kind.LEGAL].client.kpp)
    world.portal.shows(everybody[Kind.SOLE_TRADER], kpp="")


@scenario(
    "CR-12",
    "An address travels both ways; a street edited alone leaves city and index, and is not doubled",
    behaviours="B8 H9",
)
def addresses(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    first, other = world.make.address(), world.make.address()
    world.base.moves(here, first)
    world.portal.moves(there, other)
    world.exchange_everything()
    world.portal.shows(here, legal_address=words(first.shown))
    world.base.shows(there, legal_address=words(other.shown))

    world.portal.moves(here, replace(first, street="Новая", house="7"))
    world.base.moves(there, replace(other, house="99"))
    world.base.moves(there, first, "actual_address")
    world.exchange(times=2)

    for end in (world.portal, world.base):
        end.shows(here, legal_address=words(replace(first, street="Новая", house="7").shown))
        end.shows(
            there,
            legal_address=words(replace(other, house="99").shown),
            actual_address=words(first.shown),
            requisites=1 if end is world.portal else 0,
        )


@scenario(
    "CR-11",
    "Exported three times a phone stays one; changed, removed ones follow, a foreign one stays",
    behaviours="B9 H9",
)
def phones(world: World) -> None:
    who = world.make.legal(phones=("+74951234567", "+74957654321"))
    world.base.has(who)
    world.exchange_everything()
    world.exchange_everything()
    world.exchange_everything()
    world.portal.shows_phones(who, "+74951234567", "+74957654321")
    world.portal.adds_phone(who, "8 (903) 111-22-33", "MOBILE")
    world.base.changes_phone(who, "+74951234567", "8 (495) 123-45-68 доб. 12")
    world.base.removes_phone(who, "+74957654321")

    world.exchange(times=2)

    world.portal.shows_phones(who, "+74951234568 ext 12", "+79031112233")
    world.base.shows_phones(who, "+74951234568 ext 12", "+79031112233")
    world.portal.keeps_type(who, "+79031112233", "MOBILE")
