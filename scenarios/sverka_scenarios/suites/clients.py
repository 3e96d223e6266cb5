"""CR: clients themselves: their kinds, names, phones, e-mails and addresses; filters and bans."""

from collections import Counter
from dataclasses import replace
from typing import Any

from sverka.settings import OnDeletion
from sverka_emulator_kit.people import Kind
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.views import KINDS, words
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
    world.portal.keeps_type(who, "+74951234568 ext 12", "WORK")


@scenario(
    "CR-13",
    "What may be empty is empty: no e-mail, no phone, no numbers, a name of one word",
    behaviours="B8 B9 H11",
    scope="clients",
)
def empty_optionals(world: World) -> None:
    nothing: dict[str, Any] = {"phones": (), "emails": (), "okpo": ""}
    numbers = {"inn": "", "kpp": "", "registration_no": ""}
    bare = [
        world.make.legal(name=f"Ромашка{number}", full_name="", **numbers, **nothing)
        for number in range(2)
    ]
    # БП tells a trader from a person by his numbers: they are the least he has.
    traders = [world.make.sole_trader(**nothing) for _ in range(2)]
    alone = [world.make.person(name=n, person_name=n, **nothing) for n in ("Мадонна", "Шер")]
    world.base.has(bare[0], traders[0], alone[0])
    world.portal.has(bare[1], traders[1], alone[1])

    world.exchange_everything()

    for who in (*bare, *traders, *alone):
        for side in (world.portal, world.base):
            side.shows(who, name=who.name, phones=Counter(), emails=Counter(), inn=who.client.inn)
    world.check(not world.unsent(), "no package is left unsent")


@scenario(
    "CR-14",
    "Of 50 clients in one package, one malformed, each keeps what is his own and nobody else's",
    behaviours="B8 B9 H3",
    scope="clients",
)
def no_bleed(world: World) -> None:
    everybody = world.make.many(50)
    malformed = everybody[25] = world.make.legal(emails=("без собаки",))
    world.base.has(*everybody)

    world.exchange()

    for who in everybody:
        if who is not malformed:
            world.portal.shows_whole(who)
    world.portal.shows_count(49)
    world.check(len(world.unsent()) == 1, "one package is unsent")
    world.base.people.replace(world.base.key(malformed), "EMAIL", "без собаки", "a@b.example")
    world.exchange()
    world.portal.shows(malformed, name=malformed.name, emails=Counter({"a@b.example": 1}))


@scenario(
    "CR-15",
    "With updating switched off 1C keeps what it has, new clients still come, the history tells",
    behaviours="B6 H3",
    scope="clients",
)
def update_ban(world: World) -> None:
    known, arriving = world.make.legal(), world.make.legal()
    world.portal.has(known)
    world.exchange_everything()
    world.operator.sets(update_existing=False)
    world.portal.edits(known, name="Новое имя ООО")
    world.portal.has(arriving)

    world.exchange()

    world.base.shows(known, name=known.name)
    world.base.shows(arriving, name=arriving.name)
    world.history_tells(known, "update_existing")
    world.let_differ(known)


@scenario(
    "CR-17",
    "Only chosen groups and kinds leave 1C; who stops passing is updated no more, and not deleted",
    behaviours="B11",
    scope="clients",
)
def export_filters(world: World) -> None:
    inside, outside, born = (world.make.legal() for _ in range(3))
    person = world.make.person()
    world.base.has(inside, outside, person)
    world.base.puts(inside, person, into=world.group)
    world.operator.sets(
        export_groups=(world.group,), export_kinds=("legal",), on_deletion=OnDeletion.DELETE
    )
    world.exchange_everything()
    world.portal.has(born)
    world.exchange()
    world.portal.shows_count(2)
    world.base.shows_count(4)
    former = inside.name
    world.base.puts(inside, into="")
    world.base.edits(inside, name="Вне отбора ООО")
    world.portal.edits(inside, okpo="12345678")

    world.exchange()
    world.exchange_everything()

    world.portal.shows_count(2)
    world.portal.shows(inside, name=former)
    world.base.shows(inside, okpo="12345678")
    world.history_tells(inside, "clients.export_groups: name")
    world.base.marks(inside)
    world.exchange()
    world.portal.shows_count(2)
    world.base.marks(inside, off=True)
    world.base.puts(inside, into=world.group)
    world.exchange()
    world.portal.shows(inside, name="Вне отбора ООО", copies=1)
    world.leave_apart(outside, person)


@scenario(
    "CR-18",
    "Long and odd texts go there and back: equal, or cut where 1C ends, and not sent again",
    behaviours="B15 H9",
)
def long_and_odd(world: World) -> None:
    odd = (
        'ООО "Ёлка" & «Сыновья» 🌲',
        "Две\nстроки ООО",
        "100% <b>Ё</b> 'ООО' \\ #1 = ?",
        "Я" * 255,
    )
    here, there = ([world.make.legal(name=n + s) for n in odd] for s in ("", "я"))
    world.base.has(*here)
    world.portal.has(*there)
    world.exchange_everything()
    written = world.write_count()

    world.exchange(times=3)

    world.check(world.write_count() == written, "nothing is sent again")
    for who in (*here, *there):
        world.base.shows(who, name=who.name[:100])
        world.base.edits(who, okpo="10000001")
    world.exchange(times=2)
    for who in here:
        world.portal.shows(who, name=who.name[:100], okpo="10000001")
    for who in there:
        world.portal.shows(who, name=who.name, okpo="10000001")


@scenario(
    "CR-16",
    "Contact persons follow their company, the same one is recognised, and moving one moves him",
    behaviours="B1 B10 H9",
)
def contact_persons(world: World) -> None:
    alfa, beta = world.make.legal(), world.make.legal()
    world.base.has(alfa)
    world.portal.has(beta)
    both = world.make.legal()
    world.base.has(both)
    world.portal.knows(both)
    theirs = world.staff.has("base", world.make.person(), alfa)
    ours = world.staff.has("portal", world.make.person(), beta)
    known = world.staff.has("base", world.make.person(), both)
    world.staff.has("portal", known, both)
    namesake = world.staff.has("base", world.make.person(name=known.name), alfa)
    world.changes_settings(criteria=("inn",))

    world.exchange_everything()

    alfa_key, beta_key = world.portal.key(alfa), world.portal.key(beta)
    shown = world.staff.shows("portal", theirs, alfa_key, post="директор", name=theirs.name)
    world.staff.shows("base", ours, world.base.key(beta), post="директор", name=ours.name)
    known_here = world.staff.shows("portal", known, both.keys["portal"])
    world.check(known_here.mark == known.keys["base"], f"{known.name} is recognised by his name")
    world.staff.shows("portal", namesake, alfa_key)

    world.staff.portal.move(shown.key, beta_key)
    world.staff.base.rename(theirs.keys["base"], "Котова Анна Львовна")
    world.staff.base.move(known.keys["base"], world.base.key(beta))
    world.exchange(times=2)

    world.staff.shows("base", theirs, world.base.key(beta), name="Котова Анна Львовна")
    world.staff.shows("portal", known, beta_key)


@scenario(
    "CR-08",
    "A client becomes one of another kind on either side: the other follows with all his numbers, "
    "or, as in the module, keeps him as he is and says so; he is never half of each",
    behaviours="B7 B8 H9",
    scope="clients",
)
def kind_changes(world: World) -> None:
    person, firm, trader, other = (
        world.make.person(),
        world.make.legal(),
        world.make.sole_trader(),
        world.make.legal(),
    )
    world.base.has(person, firm)
    world.portal.has(trader, other)
    world.base.moves(firm, world.make.address())
    world.exchange_everything()
    numbers = {who: world.make.sole_trader().client for who in (person, firm, other)}
    numbers[trader] = world.make.legal().client
    turned_at = {
        person: world.portal,
        trader: world.portal,
        firm: world.base,
        other: world.base,
    }
    before = {who: world.base.copies(who)[0] for who in turned_at}
    for who, end in turned_at.items():
        end.turns(who, into=replace(numbers[who], name=who.name))

    world.exchange(times=2)

    if world.arrangement.policy == "module":
        for who in turned_at:
            world.history_tells(who, "is another kind of client now, and stays what he is")
        for who in (person, trader):
            world.base.shows(who, kind=before[who].kind, inn=before[who].inn)
        for who in (firm, other):
            world.portal.shows(who, template="1", inn=before[who].inn, requisites=1)
        world.let_differ(*turned_at)
        return
    for who, new in numbers.items():
        world.base.shows(
            who, kind=KINDS[new.kind], inn=new.inn, kpp=new.kpp, registration_no=new.registration_no
        )
        template = "1" if new.kind is Kind.LEGAL else "2"
        world.portal.shows(who, template=template, inn=new.inn, requisites=1, copies=1)
    world.portal.shows(firm, legal_address=before[firm].legal_address)
