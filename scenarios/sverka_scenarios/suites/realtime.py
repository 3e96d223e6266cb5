"""RT: every edit is on the other side within five seconds."""

from sverka_emulator_kit.trouble import Html, Refuse
from sverka_scenarios.builders import Someone
from sverka_scenarios.ends import End
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.views import words
from sverka_scenarios.world import World

LIMIT_S = 5.0
EDITS = 100


@scenario(
    "RT-01",
    "Each of a hundred edits on the portal is in 1C within five seconds",
    behaviours="H4 H6",
    scope="clients",
)
def portal_to_base(world: World) -> None:
    somebody = world.make.many(20)
    world.base.has(*somebody)
    world.exchange_everything()
    world.goes_realtime()

    edited_one_by_one(world, world.portal, world.base, somebody)


@scenario(
    "RT-02",
    "Each of a hundred edits in 1C is on the portal within five seconds",
    behaviours="H4 H6",
    scope="clients",
)
def base_to_portal(world: World) -> None:
    somebody = world.make.many(20)
    world.base.has(*somebody)
    world.exchange_everything()
    world.goes_realtime()

    edited_one_by_one(world, world.base, world.portal, somebody)


def edited_one_by_one(world: World, here: End, there: End, somebody: list[Someone]) -> None:
    for number in range(EDITS):
        who = somebody[number % len(somebody)]
        name = f"Имя {number} Новое"
        here.edits(who, name=name)
        there.shows_within(LIMIT_S, who, name=name)
        world.wait(0.7)


@scenario(
    "RT-03",
    "A thousand changes at once all arrive, no call is refused, and a person's edit waits no more "
    "than five seconds meanwhile",
    behaviours="H6 H8",
    scope="clients",
)
def burst(world: World) -> None:
    crowd = world.make.many(1000)
    person = world.make.legal()
    world.portal.has(person, *crowd)
    world.exchange_everything()
    world.goes_realtime()

    for who in crowd:
        world.portal.adds_phone(who, world.make.registry.phone())
    world.wait(3.0)
    for number in range(5):
        world.portal.edits(person, name=f"Имя {number} Новое")
        world.base.shows_within(LIMIT_S, person, name=f"Имя {number} Новое")
    world.wait(120.0)

    world.check(world.nothing_waits(), "nothing waits")


@scenario(
    "RT-04",
    "Fifty edits of one client in three seconds: the last state arrives, with few writes",
    behaviours="H4",
    scope="clients",
)
def coalescing(world: World) -> None:
    who = world.make.legal()
    world.portal.has(who)
    world.exchange_everything()
    world.goes_realtime()
    written = world.write_count()

    for number in range(50):
        world.portal.edits(who, name=f"Имя {number}")
        world.wait(0.06)
    world.base.shows_within(LIMIT_S, who, name="Имя 49")

    world.check(world.write_count() - written <= 4, "four writes at most for fifty edits")


@scenario(
    "RT-05",
    "1C is away for two hours: thirty changes made meanwhile all arrive afterwards",
    behaviours="H4 H11",
    scope="clients",
)
def offline_gap(world: World) -> None:
    somebody = world.make.many(30)
    world.base.has(*somebody)
    world.exchange_everything()
    world.goes_realtime()

    world.base.suffers(Html(), times=None)
    for who in somebody:
        world.portal.edits(who, name=f"Имя {who.client.inn or who.name}")
        world.wait(240.0)
    world.base.suffered("html")
    world.base.recovers()
    world.wait(60.0)

    for who in somebody:
        world.base.shows(who, name=f"Имя {who.client.inn or who.name}")
    world.history_warns("is interrupted")


@scenario(
    "RT-06",
    "A client, his contact person, an edit of him, one right after the other: the links hold",
    behaviours="H4 B10",
)
def order_of_events(world: World) -> None:
    world.exchange_everything()
    world.goes_realtime()
    for round_, (here, there) in enumerate(
        ((world.portal, world.base), (world.base, world.portal)) * 2
    ):
        client, person = world.make.legal(), world.make.person()
        here.has(client)
        world.wait(0.4 * round_)
        world.staff.has(here.name, person, client)
        here.edits(client, name=f"Сразу же {round_} ООО")

        there.shows_within(LIMIT_S, client, name=f"Сразу же {round_} ООО")
        world.wait(LIMIT_S)
        world.staff.shows(there.name, person, there.key(client), post="директор")
    world.leaves_realtime()


@scenario(
    "RT-07",
    "A change that is told before its record can be read is tried again soon, and not dropped",
    behaviours="H4 H11",
)
def told_before_readable(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    world.goes_realtime()
    # On the portal a list that is refused in its batch, in 1C an object that is not there.
    hidden = (
        (world.base, world.portal, here, Refuse(404, "9", "Не найдено"), "GET Catalog_*"),
        (world.portal, world.base, there, Refuse(403, "", "Access denied."), "crm.company.list"),
    )
    for looks in range(1, 4):
        for end, other, known, refusal, reading in hidden:
            # One end at a time: what is read for the other end's changes meets no trouble.
            end.suffers(refusal, on=reading, times=looks)
            new = world.make.legal()
            end.has(new)
            end.edits(known, name=f"Не сразу {looks} ООО")

            world.wait(20.0)

            other.shows(known, name=f"Не сразу {looks} ООО")
            other.shows_whole(new)
    world.portal.suffered("refuse")
    world.base.suffered("refuse")
    world.leaves_realtime()


@scenario(
    "RT-08",
    "Two pages of HTML in a row end nothing: realtime stays up, and says what happened",
    behaviours="H4 H11",
    scope="clients",
)
def html_pages(world: World) -> None:
    who = world.make.legal()
    world.portal.has(who)
    world.exchange_everything()
    world.goes_realtime()

    world.portal.suffers(Html(), times=2)
    world.wait(10.0)
    world.portal.suffered("html")
    world.portal.edits(who, name="После ошибки ООО")

    world.base.shows_within(LIMIT_S, who, name="После ошибки ООО")


@scenario(
    "RT-09",
    "With the portal's word few looks suffice; where nobody gives it, the exchange looks as often "
    "as ever, and says so",
    behaviours="H4 H6 H13",
    scope="clients",
    await_portal=True,
)
def no_push_channel(world: World) -> None:
    who = world.make.legal()
    world.portal.has(who)
    world.exchange_everything()
    world.goes_realtime()
    world.wait(60.0)
    looks = world.portal.count_of("event.offline.get")
    edited_now_and_then(world, who, "Сказано", rounds=4)
    looks = world.portal.count_of("event.offline.get") - looks
    world.check(looks <= 20, f"{looks} looks at the change table in 80 s")

    for round_, call in enumerate(("pull.listen", "pull.application.config.get")):
        world.portal.suffers(Refuse(), on="pull.listen", times=1)
        world.portal.suffers(Refuse(403, "ACCESS_DENIED", "x"), on=call, times=None)
        world.wait(90.0)
        world.portal.suffered("refuse")
        edited_now_and_then(world, who, f"Никто не сказал {round_}", rounds=2)
        world.check(world.tells_of("cannot be waited for") == round_ + 1, "it says so, once")
        world.portal.recovers()
        world.wait(65.0)
        edited_now_and_then(world, who, f"Снова сказано {round_}", rounds=1)
        world.check(world.tells_of("is waited for again") == round_ + 1, "and when it is over")


def edited_now_and_then(world: World, who: Someone, name: str, *, rounds: int) -> None:
    for round_ in range(rounds):
        world.wait(20.0 - LIMIT_S)
        world.portal.edits(who, name=f"{name} {round_} ООО")
        world.base.shows_within(LIMIT_S, who, name=f"{name} {round_} ООО")


@scenario(
    "RT-10",
    "With its own mark the exchange is told of people's edits only, also after the tariff changed",
    behaviours="H4 H9 H13",
    tariff="basic",
)
def connector_key(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    world.history_warns("sets no events aside")
    world.history_warns("no mark for our own writes")
    for tariff in ("basic", "professional"):
        world.portal_changes_tariff(tariff)
        world.goes_realtime()
        for round_ in range(3):
            world.portal.edits(there, name=f"{tariff} {round_} ООО")
            world.base.shows_within(LIMIT_S, there, name=f"{tariff} {round_} ООО")
            world.base.edits(here, name=f"{tariff} {round_} ЗАО")
            world.portal.shows_within(LIMIT_S, here, name=f"{tariff} {round_} ЗАО")
        world.wait(LIMIT_S)
        world.leaves_realtime()

    world.exchange()
    world.base.edits(here, name="Без эха ООО")
    world.exchange()
    world.portal.shows(here, name="Без эха ООО")
    world.check(world.portal_events() == 0, "the portal does not report our own write")
    read = world.portal.count_of("crm.company.list")
    world.exchange(times=3)
    world.check(world.portal.count_of("crm.company.list") == read, "and nobody reads it again")


@scenario(
    "RT-11",
    "An application that is updated or installed anew has forgotten whom to tell: that is noticed, "
    "and what was missed is caught up",
    behaviours="H4 H11",
)
def forgotten_bindings(world: World) -> None:
    somebody = world.make.many(3)
    world.portal.has(*somebody)
    world.exchange_everything()
    world.goes_realtime()
    world.portal_updates_app()
    world.portal.edits(somebody[0], name="Пропущено Один")
    world.base.shows_within(70.0, somebody[0], name="Пропущено Один")
    world.history_warns("had forgotten")
    world.portal.edits(somebody[1], name="Снова Слышно")
    world.base.shows_within(LIMIT_S, somebody[1], name="Снова Слышно")
    world.leaves_realtime()

    world.portal_reinstalls_app()
    world.portal.edits(somebody[2], name="Пропущено Два")
    world.refused("Issue a new key")
    world.gets_new_key()
    world.exchange()

    world.base.shows(somebody[2], name="Пропущено Два")


@scenario(
    "RT-12",
    "A requisite, an address, a bank account edited alone reach the client's pair in five seconds",
    behaviours="H4 H6 B8",
)
def parts_alone(world: World) -> None:
    both = world.make.legal()
    world.base.has(both)
    world.exchange_everything()
    world.exchange()
    both.keys["portal"] = world.portal.key(both)
    world.goes_realtime()
    for round_, (here, there) in enumerate(
        ((world.portal, world.base), (world.base, world.portal)) * 2
    ):
        address, account = world.make.address(), world.make.account()
        here.edits(both, okpo=f"1234567{round_}")
        there.shows_within(LIMIT_S, both, okpo=f"1234567{round_}")
        here.moves(both, address)
        there.shows_within(LIMIT_S, both, legal_address=words(address.shown))
        world.money.of(here.name).enter(both.keys[here.name], account)
        world.wait(LIMIT_S)
        shown = world.money.of(there.name).views().values()
        numbers = [view.number for view in shown if view.owner == both.keys[there.name]]
        world.check(account.number in numbers, f"{account.number} is among {numbers}")
    world.leaves_realtime()
