"""CR: what hangs on a client: requisites, bank accounts, further requisites of the same client."""

from sverka.settings import PRESETS
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


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
    if world.money.base.closes:
        world.money.base.close(closing)
    world.exchange(times=2)
    world.exchange_everything()

    both = {f"n{first.number}": world.money.base.closes, f"n{second.number}": False}
    world.money.shows("portal", world.portal.key(alfa), **both)
    world.money.shows("base", world.base.key(alfa), **both)
    world.money.shows("base", world.base.key(beta), **{f"n{theirs.number}": False})


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
