"""CL, continued: clients who go away on one side, come back, or are merged."""

from sverka.settings import Criterion, OnDeletion
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "CL-11",
    "Two companies are merged on the portal: the survivor goes on with the client of the loser, "
    "by his mark or by INN and KPP; the loser does not come back, no client is deleted in 1C",
    behaviours="B12",
    scope="clients",
)
def merged(world: World) -> None:
    by_mark, by_numbers, both = (world.make.legal() for _ in range(3))
    world.base.has(by_mark, by_numbers, both)
    world.exchange_everything()
    world.operator.sets(on_deletion=OnDeletion.DELETE)
    twin = world.portal.has_name_of(both)
    world.exchange()
    world.allow_double(both)
    world.leave_apart(both)

    world.portal.merges(by_mark)
    world.portal.merges(by_numbers, origin="SHOP")
    world.portal.merges(both, into=twin)
    world.exchange(times=2)
    world.base.shows_count(4)
    world.base.edits(by_mark, name="Остался ООО")
    world.base.edits(both, name="Второй в 1С ООО")
    world.exchange()
    world.exchange_everything()

    world.portal.shows_count(3)
    world.base.shows_count(4)
    world.portal.shows(by_mark, name="Остался ООО", mark=by_mark.keys["base"], requisites=1)
    world.history_tells(by_numbers, "it goes on as")
    world.base.edits(by_numbers, okpo="33333333")
    world.exchange()
    world.portal.shows(by_numbers, okpo="33333333")
    world.history_warns("if they were merged")
    world.leave_apart(by_numbers)


@scenario(
    "CL-14",
    "What is deleted on one side follows on the other as the setting says; an edit made since "
    "outlives it",
    behaviours="B12",
    scope="clients",
)
def deletion_policy(world: World) -> None:
    marked, deleted, lost, edited, later, just = (world.make.legal() for _ in range(6))
    person, stays = world.make.person(), world.make.legal()
    world.base.has(marked, deleted, lost, edited, later, just, person, stays)
    world.exchange_everything()
    world.operator.sets(on_deletion=OnDeletion.MARK)
    world.portal.deletes(lost, person)
    world.base.marks(marked)
    world.exchange(times=2)
    world.base.shows_count(5)
    world.portal.shows_count(6)
    world.check(world.marked_in_base(lost, person), "both are marked in 1C, and still there")
    world.history_warns("the portal knows no mark", marked)

    world.operator.sets(on_deletion=OnDeletion.DELETE)
    world.base.deletes(deleted)
    world.base.edits(edited, name="Живая ООО")
    world.portal.deletes(edited, later, just)
    # One is edited when it is decided already that he goes.
    world.base.meanwhile(
        lambda: world.base.edits(just, name="Успела ООО"), on=f"GET {world.card_set}"
    )
    world.leave_apart(edited, just)
    world.exchange()
    world.exchange_everything()

    world.portal.shows_count(1)
    world.base.shows_count(3)
    world.portal.shows(stays, copies=1)
    world.base.shows(edited, name="Живая ООО")
    world.base.shows(just, name="Успела ООО")
    world.history_tells(edited, "it was edited since: name")
    world.check(world.gone_from_base(later), "he is deleted in 1C, and not just marked")
    world.check(not world.unsent(), "nothing is left unsent")
    written = world.write_count()
    world.exchange_everything()
    world.check(world.write_count() == written, "another full exchange deletes nothing more")


@scenario(
    "CL-15",
    "More deletions in one exchange than the setting allows are refused together with one error; "
    "when it is raised they go",
    behaviours="B12",
    scope="clients",
)
def mass_deletion(world: World) -> None:
    crowd = world.make.many(12)
    world.base.has(*crowd)
    world.exchange_everything()
    world.operator.sets(on_deletion=OnDeletion.DELETE, deletions_max=10)
    world.base.deletes(*crowd[:6])
    world.portal.deletes(*crowd[6:11])
    world.base.edits(crowd[11], name="Работа идёт ООО")

    report = world.exchange()

    world.portal.shows_count(7)
    world.base.shows_count(6)
    world.portal.shows(crowd[11], name="Работа идёт ООО")
    reason = "11 deletions at once are more than clients.deletions_max = 10"
    world.check(world.unsent() == [reason] * 11, "each says why it did not go")
    if report:
        world.history_has(report.run, errors=1)
    world.history_warns(reason)
    world.operator.sets(deletions_max=11)
    world.exchange()
    world.portal.shows_count(1)
    world.base.shows_count(1)
    world.check(not world.unsent(), "nothing is left unsent")


@scenario(
    "CL-16",
    "A company that comes back from the recycle bin with a new ID is the same client, not a double",
    behaviours="B2 B12",
    scope="clients",
)
def restored(world: World) -> None:
    at_once, later, marked = (world.make.legal() for _ in range(3))
    world.base.has(at_once, later, marked)
    world.exchange_everything()
    world.portal.deletes(at_once, later)
    world.portal.restores(at_once)
    world.exchange()
    world.operator.sets(on_deletion=OnDeletion.MARK)
    world.portal.deletes(marked)
    world.exchange()
    world.base.shows_count(2)

    world.portal.restores(later, marked)
    world.exchange(times=2)

    world.history_warns("it is exchanged again when 1C unmarks it", marked)
    for who in (at_once, later):
        world.portal.edits(who, okpo="87654321")
    world.exchange()
    for who in (at_once, later):
        world.base.shows(who, copies=1, okpo="87654321")
    world.base.marks(marked, off=True)
    world.exchange()
    for who in (at_once, later, marked):
        world.base.edits(who, okpo="12345678")
    world.exchange()
    for end in (world.portal, world.base):
        end.shows_count(3)
        for who in (at_once, later, marked):
            end.shows(who, copies=1, okpo="12345678")


@scenario(
    "MD-15",
    "1C is restored from yesterday's backup: who was made since is made there again and linked to "
    "the portal's same record, and nothing old overwrites the portal",
    behaviours="B2 B12 H11",
    scope="clients",
)
def restored_backup(world: World) -> None:
    old, edited, here, there = (world.make.legal() for _ in range(4))
    world.base.has(old, edited)
    world.exchange_everything()
    backup = world.base_is_saved()
    world.operator.sets(on_deletion=OnDeletion.DELETE)
    world.base.has(here)
    world.portal.has(there)
    world.portal.edits(edited, okpo="12345678")
    world.base.edits(edited, name="Сегодня ООО")
    world.base.adds_phone(edited, "+74957654321")
    world.exchange(times=2)
    world.portal.shows_count(4)
    for who in (here, there, edited):
        who.keys["portal"] = world.portal.key(who)

    world.base_is_restored(backup)
    world.exchange()

    world.portal.shows_count(4)
    world.base.shows_count(4)
    for who in (here, there):
        who.keys.pop("base", None)
        world.base.shows(who, inn=who.client.inn, copies=1)
        key = world.base.key(who)
        world.portal.shows(who, mark=key, copies=1)
    world.base.shows(edited, name="Сегодня ООО", okpo="12345678")
    world.portal.shows(edited, name="Сегодня ООО", okpo="12345678")
    world.history_warns("restored from a backup")
    world.base.edits(here, okpo="87654321")
    world.exchange()
    world.portal.shows(here, okpo="87654321")


@scenario(
    "CL-17",
    "Companies with requisites of their own are merged: each client of 1C keeps his numbers, and "
    "none is deleted",
    behaviours="B8 B12",
    scope="clients",
)
def merged_with_requisites(world: World) -> None:
    one = world.make.legal()
    other = world.make.legal(name=one.name)
    # The loser's requisite is the older one of the two.
    for who in (other, one):
        world.base.has(who)
        world.exchange_everything()
        who.keys["portal"] = world.portal.key(who)
    world.operator.sets(on_deletion=OnDeletion.DELETE)

    world.portal.merges(other, into=one.keys["portal"])
    world.exchange(times=2)
    world.exchange_everything()

    world.portal.shows_count(1)
    world.base.shows_count(2)
    for who in (one, other):
        world.base.shows(who, inn=who.client.inn, kpp=who.client.kpp)
    world.history_warns("if they were merged")
    world.leave_apart(other)
    # He has two requisites until people have chosen between them.
    world.let_differ(one)


@scenario(
    "CL-21",
    "Two clients are merged in 1C: the company of the loser goes on with a survivor who had none, "
    "by what belonged to the loser or by the numbers; else it goes as the setting says, and what "
    "belonged to it moves; nothing is lost or doubled",
    behaviours="B12",
    scope="clients",
)
def merged_in_base(world: World) -> None:
    loser, both, kept, old, new = (world.make.legal() for _ in range(5))
    twin = world.make.legal(inn=loser.client.inn, kpp=loser.client.kpp)
    clerk, boss, account = world.make.person(), world.make.person(), world.make.account()
    world.base.has(loser, both, kept, old)
    world.staff.has("base", boss, old)
    world.staff.has("base", clerk, both, "бухгалтер")
    world.money.base.enter(both.keys["base"], account)
    world.exchange_everything()
    world.exchange_everything()
    world.operator.sets(on_deletion=OnDeletion.DELETE)
    company, other, former = (world.portal.key(who) for who in (loser, kept, old))
    # Entered twice: the second one looks like a double of the first, and waits for a person.
    world.allow_double(loser)
    world.base.has(twin)
    world.operator.sets(criteria=(Criterion.INN_KPP,))
    world.exchange()
    world.check(len(world.core.reviews()) == 1, "who the second one is, is asked")

    world.base_merges(loser, into=twin)
    world.base_merges(both, into=kept)
    # This one was entered a moment ago, under numbers of its own.
    world.base.has(new)
    world.base_merges(old, into=new)
    world.exchange(times=2)
    world.exchange_everything()

    world.portal.shows_count(3)
    world.base.shows_count(3)
    world.portal.shows(new, key=former, name=new.name, mark=new.keys["base"])
    world.staff.shows("portal", boss, former)
    world.portal.shows(twin, key=company, name=twin.name, mark=twin.keys["base"])
    world.staff.shows("portal", clerk, other, post="бухгалтер")
    world.money.shows("portal", other, **{f"n{account.number}": False})
    world.asks_nothing()
    world.base.edits(twin, okpo="11111111")
    world.base.edits(kept, name="Остался ООО")
    world.exchange()
    world.portal.shows(twin, okpo="11111111")
    world.portal.shows(kept, name="Остался ООО", copies=1)
    world.check(not world.unsent(), "nothing is left unsent")


@scenario(
    "CL-22",
    "A contact is merged on the portal into another client's, and nothing tells it: who had no "
    "number, or whose phone another one bears, stays in 1C until a person has said what happened",
    behaviours="B12",
    scope="clients",
)
def merged_without_trace(world: World) -> None:
    bare, phoned = world.make.person(phones=(), emails=()), world.make.person(emails=())
    gone, kept = world.make.person(), world.make.person(phones=(), emails=())
    twins = [
        world.make.person(name=who.name, person_name=who.name, phones=(), emails=())
        for who in (bare, phoned)
    ]
    world.portal.has(bare, phoned, gone, kept, *twins)
    world.exchange_everything()
    everybody = [bare, phoned, gone, kept, *twins]
    for who in everybody:
        who.keys["base"] = world.portal.views()[who.keys["portal"]].mark
    world.operator.sets(on_deletion=OnDeletion.DELETE)
    for who, twin in zip((bare, phoned), twins, strict=True):
        world.portal.merges(who, into=twin.keys["portal"])
    world.portal.deletes(gone)
    world.exchange(times=2)
    world.exchange_everything()

    world.portal.shows_count(3)
    world.base.shows_count(5)
    for who in (bare, phoned):
        world.history_warns(f"client:{who.keys['base']} stays until a person says")
    world.operator.decides_new(bare)
    world.operator.decides(phoned, is_=twins[1])
    world.exchange(times=2)
    world.exchange_everything()

    world.base.shows_count(4)
    world.check(bare.keys["base"] not in world.base.views(), "who was nobody is deleted")
    world.history_warns("replace one by the other in 1C")
    world.asks_nothing()
    world.check(not world.unsent(), "nothing is left unsent")
    world.apart.add(phoned.keys["base"])
    world.doubles |= {phoned.name}
