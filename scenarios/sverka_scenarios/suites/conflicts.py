"""CL: both sides at once, echoes and quiet."""

from sverka_scenarios.people import API_LOGIN, MANAGER
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "CL-01",
    "With auth_connector our own writes do not come back; what 1C registers of them goes nowhere",
    behaviours="H9",
)
def echo_on_a_high_tariff(world: World) -> None:
    here, there = world.make.legal(), world.make.sole_trader()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)
    world.exchange()
    world.base.edits(here, name="Переименованная ООО")
    world.portal.edits(there, okpo="1234567890")
    world.exchange()
    world.check(world.portal_events() == 0, "the portal does not report our own writes")
    world.exchange()
    written, calls = world.write_count(), []

    for _ in range(6):
        before = world.portal.call_count() + world.base.call_count()
        world.wait(10.0)
        world.exchange()
        calls.append(world.portal.call_count() + world.base.call_count() - before)

    world.check(world.write_count() == written, "no write follows the echo")
    world.check(len(set(calls)) == 1, f"the calls of a quiet exchange do not grow: {calls}")
    world.portal.shows(here, name="Переименованная ООО")
    world.base.shows(there, okpo="1234567890")


@scenario(
    "CL-02",
    "Without auth_connector our own writes come back as events, and are written to nobody again",
    behaviours="H9",
    connector=False,
)
def echo_on_a_cheap_tariff(world: World) -> None:
    here, there = world.make.legal(), world.make.sole_trader()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    for round_ in range(2):
        world.exchange()
        world.base.edits(here, name=f"Переименованная {round_} ООО")
        world.portal.edits(there, okpo=f"123456789{round_}")
        world.exchange()
        world.check(world.portal_events() > 0, "our own write came back as an event")
        written = world.write_count()

        world.exchange(times=5)

        world.check(world.write_count() == written, "no write follows the echo")
        world.portal.shows(here, name=f"Переименованная {round_} ООО")
        world.base.shows(there, okpo=f"123456789{round_}")
        # Nor does this tariff set anything aside until it is confirmed.
        world.portal_changes_tariff("standard")


@scenario(
    "CL-03",
    "Different fields edited on both sides in the same second: both edits survive",
    behaviours="H10",
    scope="clients",
)
def different_fields(world: World) -> None:
    who = world.make.legal(phones=("+74951234567",))
    world.base.has(who)
    world.exchange_everything()
    world.portal.adds_phone(who, "8 (903) 111-22-33")
    world.portal.edits(who, kpp="770101001")
    world.base.edits(who, okpo="87654321", full_name='ООО "Новое полное имя"')
    world.base.changes_phone(who, "+74951234567", "+74957654321")

    world.exchange()

    for end in (world.portal, world.base):
        end.shows(who, kpp="770101001", okpo="87654321", full_name='ООО "Новое полное имя"')
        end.shows_phones(who, "+74957654321", "+79031112233")


@scenario(
    "CL-04",
    "An edit one second after our write arrives, even one by the user whose name our writes bear",
    behaviours="H9 H11",
)
def human_right_after_us(world: World) -> None:
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    ours = {world.portal.name: MANAGER, world.base.name: API_LOGIN}
    for number, user in enumerate(("7", ours["portal"])):
        world.base.edits(who, okpo=f"1000000{number}")
        world.exchange()
        world.portal.by(user).edits(who, okpo=f"2000000{number}", name=f"Портал {number}")
        world.exchange()
        world.base.shows(who, okpo=f"2000000{number}", name=f"Портал {number}")
    for number, user in enumerate(("Петров", ours["base"])):
        world.portal.edits(who, okpo=f"3000000{number}")
        world.exchange()
        world.base.by(user).edits(who, okpo=f"4000000{number}", name=f"База {number}")
        world.exchange()
        world.portal.shows(who, okpo=f"4000000{number}", name=f"База {number}")


@scenario(
    "CL-05",
    "One field edited on both sides: the policy's winner stays, the history keeps the loser",
    behaviours="H10",
    scope="clients",
)
def same_field(world: World) -> None:
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    for name, winner, loser in (
        ("infobase", world.base, world.portal),
        ("portal", world.portal, world.base),
    ):
        world.changes_settings(winner=name)
        winner.edits(who, name=f"Победа {winner.name} ООО", kpp="770101001")
        loser.edits(who, name=f"Поражение {loser.name} ООО", kpp="770202002")

        world.exchange(times=2)

        for end in (winner, loser):
            end.shows(who, name=f"Победа {winner.name} ООО", kpp="770101001")
            world.history_keeps(f"Поражение {loser.name} ООО")
        world.history_keeps("770202002")
        world.history_warns("name was edited on both sides")
        winner.edits(who, kpp=who.client.kpp)
        world.exchange()


@scenario(
    "CL-06",
    "An empty value wipes a filled one only if a person emptied it after both sides had agreed",
    behaviours="H10",
    scope="clients",
    criteria=("inn+kpp",),
)
def empty_and_filled(world: World) -> None:
    filled = {"okpo": "12345678", "full_name": 'ООО "Полное"'}
    for winner, full, blank in (
        ("portal", world.base, world.portal),
        ("infobase", world.portal, world.base),
    ):
        world.changes_settings(winner=winner)
        here = world.make.legal(**filled)
        there = world.make.legal(inn=here.client.inn, kpp=here.client.kpp, okpo="", emails=())
        full.has(here)
        blank.has(there)
        blank.edits(there, full_name="")

        world.exchange_everything()

        for end, who in ((full, here), (blank, there)):
            end.shows(who, okpo="12345678", full_name='ООО "Полное"')
        blank.edits(there, okpo="")
        world.exchange()
        full.shows(here, okpo="", full_name='ООО "Полное"')


@scenario(
    "CL-07",
    "What 1C says of a bank is edited on the portal: 1C's value comes back, the history tells both",
    behaviours="H9 H12",
    scope="clients",
)
def owned_field(world: World) -> None:
    who, account = world.make.legal(), world.make.account()
    world.base.has(who)
    world.money.base.enter(who.keys["base"], account)
    world.exchange_everything()
    world.exchange()
    (key,) = world.money.portal.views()
    world.money.portal.correct(key, "30101810000000000999")

    world.exchange(times=2)

    for end in (world.money.portal, world.money.base):
        (shown,) = end.views().values()
        right = account.bank.correspondent
        world.check(shown.correspondent == right, f"{shown.correspondent!r} is not {right!r}")
    world.history_warns("correspondent belongs to the infobase")
    world.history_keeps("30101810000000000999")


@scenario(
    "CL-08",
    "Each side words a phone and a name in its own way, again and again: at most one more write",
    behaviours="B9 B15 H9",
    scope="clients",
)
def normalising(world: World) -> None:
    who = world.make.legal(name="Ромашка ООО", phones=("+74951234567",))
    world.base.has(who)
    world.exchange()
    written = world.write_count()
    for _ in range(4):
        world.portal.changes_phone(who, "+74951234567", "+7 (495) 1234567")
        world.base.changes_phone(who, "+74951234567", "8 (495) 123-45-67")
        world.portal.edits(who, name=" Ромашка ООО", inn=f" {who.client.inn} ")
        world.base.edits(who, name="Ромашка ООО ")

        world.exchange()

    fresh = world.write_count() - written
    world.check(fresh <= 1, f"wording alone brings {fresh} writes, not more than one")
    for end in (world.portal, world.base):
        end.shows_phones(who, "+74951234567")
        end.shows(who, name="Ромашка ООО", inn=who.client.inn)


@scenario(
    "CL-09",
    "Deleted on one side and edited on the other: by default the other stays, nobody comes back",
    behaviours="B12",
    scope="clients",
)
def deleted_and_edited(world: World) -> None:
    lost, marked, gone = (world.make.legal() for _ in range(3))
    world.base.has(lost, marked, gone)
    world.exchange_everything()
    world.leave_apart(lost, marked, gone)
    world.base.edits(lost, name="Живая ООО")
    world.portal.deletes(lost)
    world.portal.edits(marked, okpo="11111111")
    world.base.marks(marked)
    world.portal.edits(gone, okpo="22222222")
    world.base.deletes(gone)

    world.exchange(times=2)
    world.exchange_everything()

    world.base.shows(lost, name="Живая ООО", copies=1)
    world.portal.shows_count(2)
    world.base.shows_count(1)
    for who in (lost, gone):
        world.history_tells(who, "gone")
    world.history_tells(marked, "marked for deletion")


@scenario(
    "CL-18",
    "A field that is 1C's is edited on the portal: 1C's value comes back, the history keeps both",
    behaviours="H10",
    scope="clients",
)
def owned_by_1c(world: World) -> None:
    who, free = world.make.legal(phones=("+74951234567",)), world.make.legal()
    world.base.has(who, free)
    world.exchange_everything()
    world.operator.sets(owned_by_infobase=("name", "inn", "phones"))
    inn, name = who.client.inn, who.name
    world.portal.edits(who, name="Не то ООО", inn="7707083893", okpo="12345678")
    world.portal.changes_phone(who, "+74951234567", "+74957654321")
    world.portal.edits(free, okpo="87654321")

    world.exchange(times=2)

    for end in (world.portal, world.base):
        end.shows(who, name=name, inn=inn, okpo="12345678")
        end.shows_phones(who, "+74951234567")
        end.shows(free, okpo="87654321")
    world.history_warns("name belongs to the infobase")
    for value in ("Не то ООО", "7707083893", "+74957654321"):
        world.history_keeps(value)
    world.base.edits(who, name="Новое имя ООО", inn="7728168971")
    world.exchange()
    world.portal.shows(who, name="Новое имя ООО", inn="7728168971")


@scenario(
    "CL-12",
    "Another exchange of the base writes a client: he travels like any other, its own queue stays",
    behaviours="H1 H9",
    scope="clients",
)
def foreign_exchange(world: World) -> None:
    world.base_also_exchanges_with("ZUP")
    who, new = world.make.legal(), world.make.legal()
    world.base.has(who)
    world.exchange()
    zup = world.base.by("Обмен с ЗУП")
    zup.edits(who, name="Переименована из ЗУП ООО")
    zup.has(new)
    waiting = world.base_waiting_for("ZUP")
    world.check(waiting == 2, f"two clients wait for the other exchange, not {waiting}")

    world.exchange(times=2)

    world.portal.shows(who, name="Переименована из ЗУП ООО")
    world.portal.shows_whole(new)
    waiting = world.base_waiting_for("ZUP")
    world.check(waiting == 2, f"they still wait for the other exchange: {waiting}")
    world.check(world.nothing_waits(), "nothing waits for ours")


@scenario(
    "CL-13",
    "Ten minutes without a person's deed bring no write on either side, whatever happened before",
    behaviours="H9 H12",
    scope="clients",
)
def quiet_hour(world: World) -> None:
    everybody = world.make.many(30)
    world.base.has(*everybody[:15])
    world.portal.has(*everybody[15:])
    world.exchange_everything()
    for who in everybody[:10]:
        world.portal.edits(who, name=f"{who.name} новое имя")
        world.base.adds_phone(who, world.make.registry.phone())
    world.exchange(times=2)
    written = world.write_count()

    for _ in range(10):
        world.wait(60.0)
        world.exchange()

    world.check(world.write_count() == written, "ten quiet minutes bring no write")


@scenario(
    "CL-19",
    "Only clients with a chosen value and not before a date leave 1C; who stops passing is updated "
    "no more, who begins to pass leaves",
    behaviours="B11",
    scope="clients",
)
def filtered_by_attribute_and_date(world: World) -> None:
    chosen, other, early, born = (world.make.legal() for _ in range(4))
    world.base.has(chosen, other, early)
    world.base.describes(chosen, comment="обмен", registered="2026-02-01")
    world.base.describes(other, comment="архив", registered="2026-02-01")
    world.base.describes(early, comment="обмен", registered="2026-01-30")
    world.operator.sets(export_attributes={"Примечание": ("обмен",)})
    world.refused("Примечание", "Комментарий")
    world.operator.sets(
        export_attributes={"Комментарий": ("обмен", "партнёр")},
        export_since={world.base.registration_date: "2026-01-31"},
    )
    world.portal.has(born)

    world.exchange_everything()

    world.portal.shows_count(2)
    world.portal.shows_whole(chosen)
    world.base.shows(born, name=born.name)
    former = chosen.name
    world.base.describes(chosen, comment="архив")
    world.base.edits(chosen, name="Вне отбора ООО")
    world.portal.edits(chosen, okpo="12345678")
    world.base.describes(other, comment="партнёр")
    world.base.describes(early, registered="2026-01-31")
    world.exchange(times=2)
    world.portal.shows_count(4)
    world.portal.shows_whole(other, early)
    world.portal.shows(chosen, name=former)
    world.base.shows(chosen, okpo="12345678")
    world.history_tells(chosen, "clients.export_attributes")
    world.base.describes(chosen, comment="обмен")
    world.exchange()
    world.portal.shows(chosen, name="Вне отбора ООО", copies=1)


@scenario(
    "CL-20",
    "An account that people entered on both sides is one; the same number at another client is "
    "another account, and none is doubled by a further exchange",
    behaviours="B8 H9",
    scope="clients",
    criteria=("inn",),
)
def account_of_its_client(world: World) -> None:
    alfa, beta, gamma = (world.make.legal() for _ in range(3))
    world.base.has(alfa, beta)
    world.portal.knows(alfa)
    world.portal.has(gamma)
    shared = world.make.account()
    world.money.base.enter(alfa.keys["base"], shared)
    world.money.base.enter(beta.keys["base"], shared)
    for who in (alfa, gamma):
        world.money.portal.enter(who.keys["portal"], shared)

    for _ in range(2):
        world.exchange_everything()

        for who in (alfa, beta, gamma):
            for end in (world.portal, world.base):
                world.money.shows(end.name, end.key(who), **{f"n{shared.number}": False})
    world.check(not world.unsent(), "nothing is unsent")
