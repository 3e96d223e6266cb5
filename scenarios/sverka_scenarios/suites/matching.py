"""MD: who is who, and what happens when nobody can tell."""

from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "MD-01",
    "A client is recognised by link, by external ID, then by name; only the fourth is new",
    behaviours="B2",
    scope="clients",
    criteria=("name",),
)
def three_levels(world: World) -> None:
    linked, marked, named, fourth = (world.make.legal() for _ in range(4))
    world.base.has(linked)
    world.exchange_everything()
    world.portal.edits(linked, name="Новое имя ООО")
    world.base.has(marked, named, fourth)
    world.portal.has(marked, named)
    world.portal_bears_mark_of(marked)

    world.exchange_everything()

    world.base.shows(linked, name="Новое имя ООО")
    world.portal.shows_count(4)
    for who in (linked, marked, named, fourth):
        world.portal.shows(who, copies=1)
        world.base.shows(who, copies=1)


@scenario(
    "MD-02",
    "By default only the external ID decides: the same INN makes a new client, with a hint",
    behaviours="B2 H3",
    scope="clients",
)
def client_default(world: World) -> None:
    known = world.make.legal()
    world.base.has(known)
    double = world.make.legal(inn=known.client.inn, kpp=known.client.kpp)
    world.portal.has(double)
    world.allow_double(known, double)

    world.exchange_everything()

    world.base.shows_count(2)
    world.history_warns("INN also on", known)


@scenario(
    "MD-03",
    "Two counterparties with one e-mail: the contact is linked to neither, a person decides",
    behaviours="B3",
    scope="clients",
    policy="strict",
    criteria=("email",),
)
def same_email_twice(world: World) -> None:
    north = world.make.person(emails=("buh@holding.example",))
    south = world.make.person(emails=("buh@holding.example",))
    arriving = world.make.person(emails=("buh@holding.example",))
    world.base.has(north, south)
    world.exchange()
    world.portal.has(arriving)

    world.exchange(times=2)

    world.base.shows_count(2)
    world.reviewed(arriving, [north, south])
    world.leave_apart(arriving)


@scenario(
    "MD-05",
    "A company made by hand with the same INN and KPP is linked, and bears the mark afterwards",
    behaviours="B2 B4 B8",
    scope="clients",
    criteria=("inn+kpp",),
)
def inn_and_kpp(world: World) -> None:
    firm = world.make.legal()
    trader = world.make.sole_trader()
    branch = world.make.legal(inn=firm.client.inn)
    world.base.has(firm, trader, branch)
    world.portal.has(firm, trader)

    world.exchange()

    world.portal.shows_count(3)
    for who in (firm, trader):
        world.portal.shows(who, copies=1, mark=who.keys["base"])
    world.base.shows_count(3)


@scenario(
    "MD-04",
    "A person says once who the doubtful one is: he is linked, and nobody is asked again",
    behaviours="B3 H3",
    scope="clients",
    policy="strict",
    criteria=("email",),
)
def review_decision(world: World) -> None:
    north = world.make.person(emails=("buh@holding.example",))
    south = world.make.person(emails=("buh@holding.example",))
    arriving = world.make.person(emails=("buh@holding.example",))
    world.base.has(north, south)
    world.portal.has(arriving)
    world.exchange_everything()
    world.reviewed(arriving, [north, south])

    world.operator.decides(arriving, north)
    world.operator.decides_new(south)
    world.exchange()

    world.asks_nothing()
    world.linked_as(arriving, north)
    world.portal.shows_count(2)
    world.base.shows_count(2)
    written = world.write_count()
    world.exchange(times=3)
    world.check(world.write_count() == written, "three more runs write nothing")
    world.asks_nothing()


@scenario(
    "MD-06",
    "In realtime a company waits for its requisites, and is then recognised by INN and KPP; who "
    "gets none in time is made without",
    behaviours="B4 H3",
    scope="clients",
    policy="strict",
    criteria=("inn+kpp",),
    to_portal=False,
)
def requisites_in_realtime(world: World) -> None:
    known, never, other = (world.make.legal() for _ in range(3))
    world.base.has(known)
    world.exchange_everything()
    world.operator.sets(hold_without_requisites_s=600.0)
    world.goes_realtime()
    world.portal.has_without_requisites(known, never)
    world.portal.has(other)
    world.base.shows_within(5.0, other, inn=other.client.inn)
    world.wait(8.0)
    world.base.shows_count(2)
    for who in (known, never):
        world.waits(who, "no requisites yet")

    world.portal.edits(known, inn=known.client.inn, kpp=known.client.kpp)

    world.wait(5.0)
    world.base.shows_count(2)
    world.linked(known)
    world.portal.edits(never, name="Без реквизитов ООО")
    world.wait(570.0)
    world.base.shows_count(2)
    world.wait(30.0)
    world.base.shows_count(3)
    world.base.shows(never, name="Без реквизитов ООО", inn="")
    world.check(not world.unsent(), "nobody waits any more")
    world.changes_settings(to_portal=True)
    world.exchange()


@scenario(
    "MD-07",
    "Head office and branch with one INN and two KPP are two companies, neither takes the other",
    behaviours="B2 B8",
    scope="clients",
    criteria=("inn+kpp",),
)
def branches(world: World) -> None:
    head = world.make.legal()
    branch, other_branch = (world.make.legal(inn=head.client.inn) for _ in range(2))
    world.portal.has(head)
    world.exchange_everything()
    world.base.has(branch)
    world.portal.has(other_branch)

    world.exchange()

    for side in (world.portal, world.base):
        side.shows_count(3)
        for who in (head, branch, other_branch):
            side.shows(who, name=who.name, inn=head.client.inn, kpp=who.client.kpp)


@scenario(
    "MD-08",
    "Dirty keys match in their normal form: a phone with extension, capitals, blanks, quotes",
    behaviours="B2 B9",
    scope="clients",
    criteria=("phone", "email", "inn+kpp", "name"),
)
def dirty_keys(world: World) -> None:
    by_phone = world.make.person(phones=("+74951234567 ext 12",), emails=())
    by_email = world.make.person(phones=())
    by_inn = world.make.legal(phones=(), emails=())
    by_name = world.make.legal(name="Ромашка ООО", phones=(), emails=())
    world.base.has(by_phone, by_email, by_inn, by_name)
    colleague = world.make.person(phones=("+74951234567 ext 34",))
    world.portal.has(colleague)
    world.portal.knows(by_phone, phones=(" 7 (495) 123-45-67 доб. 12",), name="С вахты")
    world.portal.knows(by_email, emails=(by_email.client.emails[0].upper(),), name="Из письма")
    world.portal.knows(by_inn, inn=world.make.dirty(by_inn)["inn"], name="Торговый дом")
    world.portal.knows(by_name, name='ООО "Ромашка"', inn="", kpp="")

    world.exchange_everything()

    world.linked(by_phone, by_email, by_inn, by_name)
    for side in (world.portal, world.base):
        side.shows_count(5)
        side.shows_phones(by_phone, "+7 495 123-45-67 доб. 12")
        side.shows_phones(colleague, "+7 495 123-45-67 доб. 34")


@scenario(
    "MD-10",
    "Of a sole trader empty KPP equals empty KPP; of a company it does not stand for any",
    behaviours="B2 B8",
    scope="clients",
    criteria=("inn+kpp",),
)
def sole_trader_without_kpp(world: World) -> None:
    trader, firm = world.make.sole_trader(), world.make.legal()
    unknown = world.make.legal(inn=firm.client.inn, kpp="")
    world.base.has(trader, firm)
    world.portal.knows(trader, name="ИП без отчества")
    world.portal.has(unknown)

    world.exchange_everything()

    world.linked(trader)
    world.base.shows(unknown, name=unknown.name, kpp="")
    world.portal.shows(firm, name=firm.name, kpp=firm.client.kpp)
    world.base.shows_count(3)
    world.portal.shows_count(3)
    world.history_warns("INN also on", firm)


@scenario(
    "MD-11",
    "The same client is entered on both sides within a second, in realtime: he becomes one pair",
    behaviours="B2 B4 H4",
    scope="clients",
    criteria=("inn+kpp",),
)
def race(world: World) -> None:
    world.exchange_everything()
    world.goes_realtime()
    everybody = [world.make.legal() for _ in range(6)]
    for number, who in enumerate(everybody):
        here, there = (world.portal, world.base) if number % 2 else (world.base, world.portal)
        here.has(who)
        world.wait(0.01 + number * 0.19)
        there.has(who)
        world.wait(8.0 + number * 0.37)

    world.linked(*everybody)
    world.asks_nothing()
    for end in (world.portal, world.base):
        end.shows_count(6)


@scenario(
    "MD-14",
    "The memory of who is who is lost: it comes back from the external IDs, nobody is doubled",
    behaviours="B2 H11",
    scope="clients",
)
def lost_memory(world: World) -> None:
    everybody = world.make.many(40)
    world.base.has(*everybody[:20])
    world.portal.has(*everybody[20:])
    world.exchange_everything()
    written = world.write_count()

    world.operator.loses_the_memory()
    world.exchange_everything()

    world.check(world.write_count() == written, "what is equal is written to nobody")
    world.portal.shows_count(40)
    world.base.shows_count(40)
    world.base.edits(everybody[0], name="Новое имя ООО")
    world.portal.edits(everybody[20], name="Другое имя ООО")
    world.exchange()
    world.portal.shows(everybody[0], name="Новое имя ООО")
    world.base.shows(everybody[20], name="Другое имя ООО")
