"""CR: clients with their requisites, phones and e-mails."""

from collections import Counter
from dataclasses import replace
from typing import Any

from sverka.settings import PRESETS, OnDeletion
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
    "CR-02",
    "A company without requisites is held, visibly, until they come or its time is over; others go",
    behaviours="B4 H3",
    scope="clients",
    policy="strict",
)
def requisites_later(world: World) -> None:
    late, never, person = world.make.legal(), world.make.legal(), world.make.person()
    others = [world.make.legal() for _ in range(3)]
    world.exchange_everything()
    world.operator.sets(hold_without_requisites_s=600.0)
    world.portal.has_without_requisites(late, never)
    world.portal.has(person, *others)
    world.exchange(times=2)
    world.base.shows_count(4)
    for who in (late, never):
        world.waits(who, "no requisites yet")
    world.wait(300.0)
    world.portal.edits(late, inn=late.client.inn, kpp=late.client.kpp)
    world.portal.edits(never, name="Без реквизитов ООО")

    world.exchange()

    world.base.shows(late, inn=late.client.inn, kpp=late.client.kpp)
    world.waits(never, "no requisites yet")
    world.wait(300.0)
    world.exchange()
    world.base.shows(never, name="Без реквизитов ООО", inn="")
    world.history_tells(never, "waits 600 s", "no longer waited for", "created")
    world.check(not world.unsent(), "nobody is held any more")


@scenario(
    "CR-03",
    "Only the KPP is edited: it arrives though nobody touched the card, and the other way too",
    behaviours="B8 H1",
)
def requisite_only(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    world.exchange()
    written = world.write_count()
    world.portal.edits(there, kpp="770101001")
    world.base.edits(here, kpp="780201002")

    world.exchange()

    world.base.shows(there, kpp="770101001")
    world.portal.shows(here, kpp="780201002", requisites=1)
    world.check(world.write_count() == written + 2, "one write to each side, the cards untouched")


@scenario(
    "CR-07",
    "Of a kind without a template the requisites alone are parked with a reason; others go",
    behaviours="B7 H3",
    scope="clients",
    presets={**PRESETS, "sole_trader": ""},
)
def unmapped_template(world: World) -> None:
    trader = world.make.sole_trader()
    others = [world.make.legal() for _ in range(10)]
    world.base.has(*others[:5], trader, *others[5:])

    world.exchange(times=5)

    for who in others:
        world.portal.shows_whole(who)
    world.portal.shows(trader, name=trader.name, requisites=0)
    world.parked(trader, "no preset for sole_trader")
    world.operator.sets(presets=PRESETS)
    world.operator.resends()
    world.exchange()
    world.portal.shows(trader, copies=1, requisites=1, inn=trader.client.inn)
    world.check(not world.unsent(), "no package is left unsent")


@scenario(
    "CR-09",
    "A contact made on the portal without requisites is a person in 1C, not a sole trader",
    behaviours="B1 B7",
)
def contact_without_requisites(world: World) -> None:
    person, trader = world.make.person(), world.make.sole_trader()
    world.portal.has(person, trader)

    world.exchange_everything()

    world.portal.shows(person, shape="contact", requisites=0)
    world.base.shows(person, name=person.name, kind="ФизическоеЛицо")
    world.base.shows(trader, name=trader.name, kind="ИндивидуальныйПредприниматель")


@scenario(
    "CR-10",
    "A sole trader goes there and back five times, and stays the same company and the same client",
    behaviours="B1 B7 B8 H9",
    scope="clients",
)
def sole_trader_round_trip(world: World) -> None:
    here, there = world.make.sole_trader(), world.make.sole_trader()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    company, client = world.portal.key(here), world.base.key(there)
    for number in range(5):
        for who in (here, there):
            world.portal.edits(who, okpo=f"100000000{number}")
            world.base.edits(who, name=f"{who.name} {number}")
        world.exchange(times=2)

        world.portal.shows(here, key=company, shape="company", name=f"{here.name} {number}")
        world.base.shows(there, key=client, okpo=f"100000000{number}")
    for who in (here, there):
        world.base.shows(who, kind="ИндивидуальныйПредприниматель", inn=who.client.inn)
        world.portal.shows(who, shape="company", requisites=1, kpp="", inn=who.client.inn)


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
    "CR-06",
    "A second account comes beside the first, a closed one is marked, and none is doubled",
    behaviours="B8 H9",
)
def bank_accounts(world: World) -> None:
    alfa, beta = world.make.legal(), world.make.legal()
    world.base.has(alfa)
    world.portal.has(beta)
    first, second, theirs = (world.make.account() for _ in range(3))
    closing = world.money.base.enter(alfa.keys["base"], first)
    world.money.portal.enter(beta.keys["portal"], theirs)
    world.exchange_everything()
    world.money.shows("portal", world.portal.key(alfa), **{f"n{first.number}": False})
    world.money.shows("base", world.base.key(beta), **{f"n{theirs.number}": False})

    world.money.base.enter(alfa.keys["base"], second)
    world.money.base.close(closing)
    world.exchange(times=2)
    world.exchange_everything()

    both = {f"n{first.number}": True, f"n{second.number}": False}
    world.money.shows("portal", world.portal.key(alfa), **both)
    world.money.shows("base", world.base.key(alfa), **both)
    world.money.shows("base", world.base.key(beta), **{f"n{theirs.number}": False})


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


@scenario(
    "CR-04",
    "A company whose requisite is on the portal already: it is the one that is used, by accounts "
    "too, even by an exchange that has lost its memory, and no error is told",
    behaviours="B2 B8 H3",
    scope="clients",
    criteria=("inn+kpp",),
)
def requisite_known(world: World) -> None:
    who = world.make.legal()
    world.base.has(who)
    world.portal.knows(who)
    (theirs,) = world.portal.copies(who)[0].requisite_keys
    numbers = []
    for okpo in ("11111111", "22222222"):
        numbers.append(world.make.account())
        world.money.base.enter(who.keys["base"], numbers[-1])
        world.base.edits(who, okpo=okpo)

        world.exchange_everything()
        world.exchange()

        world.portal.shows(who, okpo=okpo, requisite_keys=(theirs,))
        world.money.shows(
            "portal", who.keys["portal"], **{f"n{one.number}": False for one in numbers}
        )
        hang = {view.hangs_on for view in world.money.portal.views().values()}
        world.check(hang == {theirs}, f"the accounts hang on {hang}, not on {theirs}")
        world.history_tells_no_error()
        world.operator.loses_the_memory()


@scenario(
    "CR-05",
    "A company has two requisites: the one that 1C's client has the numbers of is his, and stays "
    "his; the other one goes nowhere where the pair is one to one",
    behaviours="B8 H9",
    scope="clients",
    criteria=("inn+kpp",),
)
def two_requisites(world: World) -> None:
    world.operator.sets(one_to_one=True)
    entered = world.make.legal()
    who = world.make.legal(name=entered.name)
    world.portal.has(entered)
    who.keys["portal"] = entered.keys["portal"]
    world.portal.has_requisite(who, of=who.client)
    free = world.make.legal()
    world.portal.has(free)
    second = world.make.legal().client
    world.portal.has_requisite(free, of=second)
    first, his = world.portal.requisites_of(who)
    world.base.has(who)

    world.exchange_everything()

    world.base.shows_count(2)
    world.base.shows(free, inn=free.client.inn)
    world.portal.shows(who, requisite_keys=(his, first), mark=who.keys["base"])
    written = world.write_count()
    world.portal.has_requisite(who, of=world.make.legal().client)
    world.portal.edits_requisite(first, okpo="99999999")
    world.exchange()
    world.exchange_everything()
    world.check(world.write_count() == written, "another requisite brings no write")

    account = world.make.account()
    world.money.base.enter(who.keys["base"], account)
    world.base.edits(who, okpo="12345678")
    world.portal.edits_requisite(his, kpp="770101001")
    older, _ = world.portal.requisites_of(free)
    world.portal.drops_requisite(older)
    world.exchange(times=2)

    for end in (world.portal, world.base):
        end.shows(who, inn=who.client.inn, kpp="770101001", okpo="12345678")
        end.shows(free, inn=second.inn, kpp=second.kpp)
    (view,) = world.money.portal.views().values()
    world.check(view.hangs_on == his, f"the account hangs on {view.hangs_on}, not on {his}")
