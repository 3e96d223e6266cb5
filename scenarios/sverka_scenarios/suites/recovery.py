"""RU: crashes, and what was read but not yet done."""

from sverka.drivers.simulated import CrashPoint
from sverka_emulator_kit.trouble import CutReply, DropReply, Html, Refuse, Trouble
from sverka_scenarios.builders import Someone
from sverka_scenarios.suites.registry import scenario
from sverka_scenarios.world import World


@scenario(
    "RU-01",
    "The process dies after reading the change tables, at any moment: no change is lost",
    behaviours="H1 H11",
)
def crash_after_read(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.base.has(here)
    world.portal.has(there)
    world.exchange_everything()
    for tariff, moments in MOMENTS.items():
        world.portal_changes_tariff(tariff)
        world.exchange(times=2)
        for round_, (point, call) in enumerate(moments):
            died = world.deaths()
            world.portal.edits(there, okpo=f"1000000{round_}")
            world.base.edits(here, okpo=f"2000000{round_}")
            world.kill_at(point, call=call)
            world.exchange()
            world.check(world.deaths() == died + 1, f"it died {point} of {call or 'anything'}")

            world.exchange(times=2)

            world.base.shows(there, okpo=f"1000000{round_}")
            world.portal.shows(here, okpo=f"2000000{round_}")


COMMON = (
    (CrashPoint.AFTER_COMMIT, "batch"),
    (CrashPoint.AFTER_COMMIT, "PATCH Catalog_Контрагенты"),
    (CrashPoint.BEFORE_SAVE, "changes"),
    (CrashPoint.AFTER_SAVE, "changes"),
)
MOMENTS = {
    "professional": (
        (CrashPoint.AFTER_COMMIT, "event.offline.get"),
        (CrashPoint.AFTER_REPLY, "event.offline.get"),
        *COMMON,
    ),
    # There events end with the batch that takes them.
    "standard": ((CrashPoint.AFTER_REPLY, "batch"), *COMMON),
}


@scenario(
    "RU-05",
    "What went is cleared exactly once, at the source and in the journal, and not sent again",
    behaviours="H1 H3 H9",
)
def confirmed_once(world: World) -> None:
    here, there = world.make.legal(), world.make.person()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)

    world.exchange()

    world.portal.shows(here, copies=1)
    world.base.shows(there, copies=1)
    written = world.write_count()
    world.exchange(times=3)
    world.check(world.write_count() == written, "nothing is sent again")
    world.check(world.nothing_waits(), "no change waits in 1C, on the portal or in the journal")


DOWN = Html(502)
UPDATES, PATCHES = "batch/crm.*.update", "PATCH Catalog_*"


@scenario(
    "RU-02",
    "What a side that breaks down does not take is unsent, with reason, tries and the next try",
    behaviours="H3 H11",
    scope="clients",
)
def unsent_list(world: World) -> None:
    here, there = [world.make.legal() for _ in range(3)], world.make.legal()
    world.exchange()
    world.base.has(*here)
    world.portal.has(there)
    world.portal.suffers(DOWN, on="batch/crm.*.add", times=None)
    world.base.suffers(DOWN, on="POST Catalog_*", times=None)

    world.exchange()
    world.check(len(world.unsent()) == 4, "four packages are unsent")
    tries = [world.waits(who, "502") for who in (*here, there)]
    world.exchange()
    again = [world.waits(who, "502") for who in (*here, there)]
    world.check(all(b > a > 0 for a, b in zip(tries, again, strict=True)), "the tries are counted")

    world.portal.recovers()
    world.base.recovers()
    world.exchange()
    world.check(not world.unsent(), "nothing is unsent any more")
    world.portal.shows_whole(*here)
    world.base.shows_whole(there)


@scenario(
    "RU-03",
    "When the portal is up again the unsent packages go in order, each with its newest state",
    behaviours="H2 H3",
    scope="clients",
)
def flush(world: World) -> None:
    world.exchange()
    first, *others = everybody = [world.make.legal() for _ in range(6)]
    world.base.has(*everybody)
    world.portal.suffers(DOWN, on="batch/crm.*.add", times=None)
    world.exchange()
    world.check(len(world.unsent()) == 6, "six packages are unsent")
    world.base.edits(first, name="Новейшее имя ООО")
    world.portal.recovers()

    world.exchange()

    world.check(not world.unsent(), "the list is empty")
    world.portal.got_in_order(*others)
    world.portal.shows_whole(*others)
    world.portal.shows(first, name="Новейшее имя ООО", copies=1)


@scenario(
    "RU-04",
    "A record that changes again while its package waits goes once, in its fresh state only",
    behaviours="H1 H3",
    scope="clients",
)
def stale_package(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)
    world.exchange(times=2)
    world.portal.suffers(DOWN, on=UPDATES, times=None)
    world.base.suffers(DOWN, on=PATCHES, times=None)
    world.base.edits(here, name="Старое имя ООО")
    world.portal.edits(there, name="Прежнее имя ООО")
    world.exchange()
    world.check(len(world.unsent()) == 2, "both packages are unsent")
    world.base.edits(here, name="Свежее имя ООО")
    world.portal.edits(there, name="Новое имя ООО")
    world.portal.recovers()
    world.base.recovers()

    world.exchange()

    world.portal.shows(here, name="Свежее имя ООО")
    world.portal.never_showed(here, name="Старое имя ООО")
    world.base.shows(there, name="Новое имя ООО")
    world.base.never_showed(there, name="Прежнее имя ООО")


@scenario(
    "RU-06",
    "An error on the third page, or an empty answer, moves no cursor past what was not read",
    behaviours="H1 H11",
    scope="clients",
)
def cursor(world: World) -> None:
    world.exchange()
    everybody = [world.make.legal() for _ in range(60)]
    edited = everybody[::10]
    world.portal.has(*everybody)
    # Cards and requisites make 120 events, more than two pages of the change table: the second
    # call for them is lost on its way, the third is answered by an error, the fourth by nothing.
    for trouble in EVENTS_AWRY:
        world.portal.suffers(trouble, on="*event.offline.get", spares=1)
    world.exchange(times=2)
    world.check(world.portal.met("drop_reply") == 1, "a page was lost")
    world.check(world.portal.met("html") == 2, "a page was an error, another one empty")
    world.base.shows_whole(*everybody)

    for round_, trouble in enumerate(CHANGES_AWRY):
        world.base.suffers(trouble, on="POST SelectChanges")
        for who in edited:
            world.base.edits(who, okpo=f"1000000{round_}")
        world.exchange(times=2)
    world.base.suffered("html", "cut_reply")
    for who in edited:
        world.portal.shows(who, okpo="10000002")
    # The change table asks for owners of requisites by a call of its own first.
    one_list_refused(world, edited[0], ("crm.company.list", 0), ("crm.requisite.list", 1))
    owners_refused(world, edited[0])


def one_list_refused(world: World, company: Someone, *lists: tuple[str, int]) -> None:
    """Of a batch that reads, one list is refused: that record waits, the others go."""
    contact = world.make.person()
    world.portal.has(contact)
    for round_, (name, spares) in enumerate(lists):
        world.exchange(times=2)
        world.portal.suffers(Refuse(400, "", "Internal error"), on=name, spares=spares)
        world.portal.edits(company, okpo=f"3000000{round_}")
        world.portal.edits(contact, name=f"Имя {round_} Другое")
        world.exchange()
        world.waits(company, f"{name}: Internal error")
        world.base.shows(contact, name=f"Имя {round_} Другое")
        world.exchange()
        world.base.shows(company, okpo=f"3000000{round_}")


def owners_refused(world: World, company: Someone) -> None:
    """Whose a changed requisite is cannot be asked for a while: it waits by itself, others go."""
    contact = world.make.person()
    world.portal.has(contact)
    world.exchange(times=2)
    # The list of the contact's own requisites, between both, is answered.
    for spares in (0, 1):
        refusal = Refuse(400, "", "Internal error")
        world.portal.suffers(refusal, on="crm.requisite.list", spares=spares)
    world.portal.edits(company, okpo="40000000")
    world.portal.edits(contact, name="Имя Третье Другое")
    world.exchange()
    world.check(
        world.unsent() == ["crm.requisite.list: Internal error"], "the requisite waits by itself"
    )
    world.base.shows(contact, name="Имя Третье Другое")
    world.exchange()
    world.base.shows(company, okpo="40000000")
    world.check(not world.unsent(), "nothing is left unsent")


NO_CHANGES = Html(200, '<feed xmlns="http://www.w3.org/2005/Atom"></feed>')
EVENTS_AWRY: tuple[Trouble, ...] = (DropReply(), Html(500), Html(200, ""))
CHANGES_AWRY: tuple[Trouble, ...] = (NO_CHANGES, Html(500), CutReply())


@scenario(
    "RU-07",
    "A package whose record is deleted meanwhile is closed with a note, and tried no more",
    behaviours="H3",
    scope="clients",
)
def object_gone(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)
    world.exchange(times=2)
    world.portal.suffers(DOWN, on=UPDATES, times=None)
    world.base.suffers(DOWN, on=PATCHES, times=None)
    world.base.edits(here, okpo="10000001")
    world.portal.edits(there, okpo="20000001")
    world.exchange()
    world.check(len(world.unsent()) == 2, "both packages are unsent")
    world.leave_apart(here, there)
    world.base.deletes(here)
    world.portal.deletes(there)

    world.exchange()

    world.check(not world.unsent(), "both packages are closed")
    for who in (here, there):
        world.history_tells(who, "created", "not updated", "gone")
    world.portal.recovers()
    world.base.recovers()


@scenario(
    "RU-09",
    "An upgraded exchange takes up a journal of the former format with forty unsent packages, "
    "though its first start fails",
    behaviours="H3 H11",
    scope="clients",
)
def upgrade(world: World) -> None:
    linked, everybody = world.make.legal(), world.make.many(40)
    world.base.has(linked)
    world.exchange_everything()
    world.base.has(*everybody)
    world.portal.suffers(DOWN, on="batch/crm.*.add", times=None)
    world.exchange()
    reasons = world.unsent()
    world.check(len(reasons) == 40, f"{len(reasons)} packages are unsent, not forty")
    tries = [world.waits(who, "502") for who in everybody]

    world.is_upgraded()

    world.check(world.unsent() == reasons, "each is still unsent, with its reason")
    world.check([world.waits(who, "502") for who in everybody] == tries, "and with its tries")
    world.base.edits(linked, name="После обновления ООО")
    world.portal.recovers()
    world.exchange()
    world.check(not world.unsent(), "all went")
    world.portal.shows_whole(*everybody)
    world.portal.shows(linked, name="После обновления ООО")
    world.history_tells(linked, "created", "updated")


@scenario(
    "RU-11",
    "A full disk under the journal harms nobody's work; the exchange stops loudly, later goes on",
    behaviours="H11",
    scope="clients",
)
def disk_full(world: World) -> None:
    here, there = world.make.legal(), world.make.legal()
    world.exchange()
    world.base.has(here)
    world.portal.has(there)
    world.exchange()
    world.journal_has_room(room=False)
    world.base.edits(here, okpo="10000001")
    world.portal.edits(there, okpo="20000001")

    world.breaks_off("full")
    world.base.shows(here, okpo="10000001")
    world.portal.shows(there, okpo="20000001")
    world.journal_has_room(room=True)
    world.exchange()

    world.portal.shows(here, okpo="10000001")
    world.base.shows(there, okpo="20000001")
