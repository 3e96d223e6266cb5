"""One pass: its order, what it takes up, and what it says of itself."""

import pytest

from sverka.asks import Load, Now, Save
from sverka.drivers.simulated import CrashPoint
from sverka.engine import Scope, collect
from sverka.modes import engine_for
from sverka.records import Change, Level, SideName, Waiting
from sverka.settings import PRESETS, InfobaseSettings, PortalSettings, Settings
from sverka.sides.side import Feed
from sverka_emulator_kit.people import Kind
from sverka_emulator_kit.trouble import Delay, Html, Refuse
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.world import opened


class SideByHand:
    """A side whose change table a test fills; it notes when it was told to forget."""

    name = SideName.PORTAL

    def __init__(self, *feeds):
        self.feeds, self.deeds = list(feeds), []

    def changes(self):
        self.deeds.append("changes")
        return self.feeds.pop(0)
        yield

    def confirm(self, feed):
        self.deeds.append(f"confirm {feed.token}")
        return
        yield


def feed(key, *, more=False):
    return Feed((Change(side=SideName.PORTAL, key=key),), token=key, more=more)


def test_a_change_is_confirmed_at_its_source_only_once_it_is_durable():
    side = SideByHand(feed("company:1", more=True), feed("company:2"))

    for ask in collect(side):
        assert isinstance(ask, Save)
        side.deeds.append(f"save {ask.puts[0].key}")

    assert side.deeds == [
        "changes",
        "save company:1",
        "confirm company:1",
        "changes",
        "save company:2",
        "confirm company:2",
    ]


def test_a_save_that_fails_leaves_the_change_at_its_source():
    side = SideByHand(feed("company:1"))
    flow = collect(side)
    next(flow)

    with pytest.raises(OSError, match="disk"):
        flow.throw(OSError("disk"))

    assert side.deeds == ["changes"]


def test_an_empty_change_table_saves_nothing():
    side = SideByHand(Feed())

    assert list(collect(side)) == []
    assert side.deeds == ["changes", "confirm None"]


@pytest.fixture
def world():
    with opened(Arrangement(limits="box")) as made:
        yield made


def someone(world, end, **fields):
    return end.has(world.make.client(Kind.LEGAL, **fields))


def test_a_full_pass_takes_up_both_sides_and_counts_what_it_did(world):
    someone(world, world.portal)
    someone(world, world.base)

    report = world.exchange_everything()

    assert (report.run, report.scope, report.counts["created"]) == (1, Scope.FULL, 2)
    assert report.journal["links"] == 2
    assert report.journal["waiting"] == report.journal["intents"] == 0


def test_a_pass_of_changes_does_not_read_what_did_not_change(world):
    someone(world, world.base)
    world.exchange_everything()
    world.exchange()
    lists = len(listed(world))

    world.exchange()

    assert len(listed(world)) == lists


def listed(world):
    return [
        line
        for line in world.portal_system.calls.lines
        if line.name == "crm.company.list" or "crm.company.list" in line.parts
    ]


def test_a_second_full_pass_changes_nothing_and_says_so(world):
    someone(world, world.base)
    world.exchange_everything()
    written = world.write_count()

    report = world.exchange_everything()

    assert world.write_count() == written
    assert report.counts.get("created", 0) == report.counts.get("updated", 0) == 0
    assert report.counts["unchanged"] > 0


def test_a_full_pass_reads_each_record_once():
    with opened(Arrangement(portion=10)) as world:
        for _ in range(60):
            someone(world, world.base)
        world.exchange_everything()
        calls = len(list(world.portal_system.calls.lines))

        world.exchange_everything()

        names = [line.name for line in world.portal_system.calls.lines][calls:]
    # What the portal can do, the change table with what is left over in it, one round of pages.
    assert (names.count("batch"), len(names)) == (2, 4)


def test_an_edit_made_after_the_survey_is_seen_before_its_record_is_updated(world):
    who = someone(world, world.base)
    world.exchange_everything()
    world.base.edits(who, name="Имя из базы ООО")
    world.base.suffers(Delay(5.0), on="GET Catalog_Контрагенты")
    key = world.portal.key(who)
    world.clock.after(4.0, lambda: world.portal.people.edit(key, name="Имя с портала ООО"))

    world.exchange_everything()

    lost = [line.values for line in world.core.history() if "edited on both sides" in line.text]
    assert [values["portal"] for values in lost] == ["Имя с портала ООО"]


def test_runs_are_numbered_and_begin_a_line_of_history(world):
    world.exchange_everything()
    world.exchange()

    begun = [(line.run, line.text) for line in world.core.history() if "begins" in line.text]
    assert begun == [(1, "exchange of full begins"), (2, "exchange of changes begins")]


def test_a_pass_that_cannot_reach_a_side_keeps_what_it_collected(world):
    who = someone(world, world.base)
    world.exchange_everything()
    world.base.edits(who, name="Новое имя ООО")
    world.portal_system.trouble.set(Html(), match="batch/crm.company.list", times=None)

    assert world.exchange() is None
    assert world.core.counts()["waiting"] == 1
    world.portal.recovers()
    world.exchange()

    world.portal.shows(who, name="Новое имя ООО")


@pytest.mark.parametrize("point", list(CrashPoint))
def test_a_process_that_dies_anywhere_loses_and_doubles_nobody(world, point):
    who = someone(world, world.base)
    world.exchange_everything()
    world.base.edits(who, name="Новое имя ООО")
    new = someone(world, world.base)
    world.kill_at(point, after=1)

    world.exchange(times=3)

    assert world.died()
    world.portal.shows(who, name="Новое имя ООО")
    world.portal.shows(new)
    assert world.nothing_waits()


def told(world, words):
    """Values that the history keeps with such a line."""
    lines = [line for line in world.core.history() if words in line.text]
    return [value for line in lines for value in line.values.values()]


def test_who_dies_after_a_conflict_was_written_has_kept_the_value_that_lost(world):
    who = someone(world, world.base)
    world.exchange_everything()
    world.base.edits(who, name="Имя из базы ООО")
    world.portal.edits(who, name="Имя с портала ООО")
    world.kill_at(CrashPoint.AFTER_COMMIT, call="batch")

    world.exchange(times=3)

    assert world.died()
    world.portal.shows(who, name="Имя из базы ООО")
    assert "Имя с портала ООО" in told(world, "edited on both sides")


def test_who_dies_again_has_kept_what_a_doubtful_update_may_undo(world):
    who = someone(world, world.base)
    world.exchange_everything()
    world.portal.edits(who, name="Имя с портала ООО")
    world.kill_at(CrashPoint.AFTER_COMMIT, call="PATCH Catalog_Контрагенты")
    world.exchange()
    world.base.shows(who, name="Имя с портала ООО")
    world.base.edits(who, name="Имя из базы ООО")
    world.kill_at(CrashPoint.AFTER_COMMIT, call="batch")

    world.exchange(times=3)

    assert world.deaths() == 2
    assert told(world, "a doubtful update is made again") == ["Имя с портала ООО"]


def test_a_refused_record_stops_no_other_and_goes_when_it_is_let(world):
    first, second = someone(world, world.base), someone(world, world.base)
    world.exchange_everything()
    world.portal.edits(first, name="Первый ООО")
    world.portal.edits(second, name="Второй ООО")
    world.base.suffers(
        Refuse(400, "-1", "Поле не заполнено"), on="PATCH Catalog_Контрагенты", times=1
    )

    world.exchange()
    assert len(world.unsent()) == 1
    world.exchange()

    world.base.shows(first, name="Первый ООО")
    world.base.shows(second, name="Второй ООО")
    assert world.unsent() == []


def test_a_pass_with_nothing_due_asks_the_time_looks_once_and_ends():
    settings = Settings(
        portal=PortalSettings(webhook="https://x.example/rest/1/s/"),
        infobase=InfobaseSettings(url="http://x.example/unf", user="u", password="p"),
    )
    engine = engine_for(settings)

    drained = engine._drain(1, {}, {})
    assert isinstance(next(drained), Now)
    ask = drained.send(100.0)
    assert isinstance(ask, Load)
    assert ask.query.now_s == 100.0
    with pytest.raises(StopIteration):
        drained.send([])


def test_changes_become_waiting_entries_with_their_fate():
    side = SideByHand(feed("company:1"))

    (ask,) = list(collect(side))

    assert ask.puts == (Waiting(side=SideName.PORTAL, key="company:1"),)


def test_trouble_that_ends_a_pass_says_that_nothing_was_lost(world):
    world.portal_system.trouble.set(Html(), times=None)

    assert world.exchange() is None
    assert "nothing was lost" in world.core.troubles[0]


def test_a_kind_without_a_template_is_named_at_the_start():
    presets = {**PRESETS, "sole_trader": "#NOT_THERE#", "state_body": ""}
    with opened(Arrangement(presets=presets)) as world:
        world.exchange()
        warnings = [line for line in world.core.history() if line.level is Level.WARNING]

    assert [line.text for line in warnings if line.side == SideName.PORTAL] == [
        "Requisites of 'sole_trader' stay at home: the portal has no template #NOT_THERE#.",
        "Requisites of 'state_body' stay at home: clients.presets names none.",
    ]


def test_a_question_is_answered_when_a_decision_about_another_answers_it():
    with opened(Arrangement(criteria=("email",))) as world:
        north, south, arriving = (
            world.make.client(Kind.PERSON, emails=("buh@holding.example",)) for _ in range(3)
        )
        world.base.has(north, south)
        world.portal.has(arriving)
        world.exchange_everything()
        assert sum(not review.decided for review in world.core.reviews()) == 3

        world.operator.decides(arriving, north)
        world.exchange()

        still_open = [review for review in world.core.reviews() if not review.decided]
        assert [review.key in south.listed_as for review in still_open] == [True]


def test_an_update_that_the_settings_forbid_is_noted_once(world):
    who = someone(world, world.portal)
    world.exchange_everything()
    world.operator.sets(update_existing=False)
    world.portal.edits(who, okpo="1234567890", name="Новое имя ООО")

    world.exchange()
    world.exchange_everything()

    said = [line.text for line in world.core.history() if "update_existing" in line.text]
    assert said == ["not updated, clients.update_existing is off: name, okpo"]


def test_who_is_found_by_his_mark_is_not_given_to_another_of_the_same_portion():
    with opened(Arrangement(criteria=("email",))) as world:
        marked, alike = someone(world, world.base), someone(world, world.base)
        arriving = someone(world, world.portal, emails=alike.client.emails)
        number = arriving.keys["portal"].removeprefix("company:")
        mark = {"ORIGINATOR_ID": "ONE_C", "ORIGIN_ID": marked.keys["base"]}
        world.portal_system.act("crm.company.update", {"id": number, "fields": mark})

        world.exchange_everything()

        assert world.portal.views()[arriving.keys["portal"]].mark == marked.keys["base"]
        world.reviewed(alike, [arriving])


def test_what_was_read_long_ago_is_read_anew_and_written_in_the_same_exchange(world):
    mine, other = world.make.legal(), world.make.legal()
    world.base.has(mine, other)
    world.exchange_everything()
    world.base.edits(mine, name="Из базы ООО")
    world.portal.edits(other, name="С портала ООО")
    world.base.suffers(Delay(11.0), on="PATCH Catalog_Контрагенты")
    world.base.meanwhile(
        lambda: world.portal.edits(mine, okpo="12345678"), on="PATCH Catalog_Контрагенты"
    )

    world.exchange()

    world.portal.shows(mine, name="Из базы ООО", okpo="12345678")
    world.history_says("was read more than 10 s before")
    assert world.tells_of("doubtful") == 0
    world.history_tells_no_error()
    assert (judge(world), world.exempt) == ([], 0)


def test_a_phone_that_went_before_the_other_update_was_put_off_is_gone_when_a_person_removes_it(
    world,
):
    who = world.make.legal(phones=("+74951234567",))
    world.base.has(who)
    world.exchange_everything()
    world.base.adds_phone(who, "+74957654321")
    world.portal.changes_phone(who, "+74951234567", "+79161112233")
    world.base.suffers(Delay(11.0), on="PATCH Catalog_Контрагенты")
    world.base.meanwhile(
        lambda: world.portal.changes_phone(who, "+79161112233", "+79164445566"),
        on="PATCH Catalog_Контрагенты",
    )

    world.exchange(times=2)

    for end in (world.portal, world.base):
        end.shows_phones(who, "+74957654321", "+79164445566")
    assert judge(world) == []
