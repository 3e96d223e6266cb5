"""A dry run says what the exchange then does, and leaves no trace anywhere."""

from dataclasses import replace

import pytest

from sverka.preview import Deed
from sverka.records import SideName
from sverka.settings import PRESETS, Directions, OnDeletion
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.fixture
def world():
    with opened(Arrangement(criteria=("inn+kpp",), portion=2)) as opened_world:
        yield opened_world


def row_of(preview, who):
    return next(row for row in preview.rows if row.record.name == who.name)


def changes_of(row):
    return {(change.side, change.field): (change.before, change.after) for change in row.changes}


def rows_of(journal):
    tables = journal._db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    return {row for (name,) in tables for row in journal._db.execute(f"SELECT * FROM {name}")}


def test_the_counts_are_those_of_the_exchange_that_follows(world):
    world.base.has(*world.make.many(5))
    world.portal.has(*world.make.many(4))
    counts = world.core.preview().counts
    report = world.exchange_everything()
    done = {Deed.SKIPPED, Deed.WAITING}
    assert {deed: n for deed, n in counts.items() if deed not in done} == report.counts


def test_a_new_client_is_shown_with_all_that_would_be_written(world):
    who = world.make.legal()
    world.base.has(who)
    row = row_of(world.core.preview(), who)
    assert row.deeds == (Deed.CREATED,)
    assert (row.side, row.other.key) == (SideName.INFOBASE, "new")
    assert changes_of(row)[SideName.PORTAL, "inn"] == ("", who.client.inn)


def test_contact_persons_find_their_companies_that_are_new_themselves(world):
    companies = [world.make.legal() for _ in range(3)]
    world.base.has(*companies)
    for company in companies:
        world.staff.has("base", world.make.person(), company)
    counts = world.core.preview().counts
    assert counts[Deed.CREATED] == 6
    assert Deed.WAITING not in counts


def test_an_edit_is_shown_before_and_after(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.base.edits(who, okpo="10000001")
    row = row_of(world.core.preview(), who)
    assert row.deeds == (Deed.UPDATED,)
    assert changes_of(row) == {(SideName.PORTAL, "okpo"): (who.client.okpo, "10000001")}


def test_what_the_portal_has_no_template_for_is_told_with_its_reason(world):
    who = world.make.legal()
    world.base.has(who)
    world.operator.sets(presets={})
    preview = world.core.preview()
    row = row_of(preview, who)
    assert row.deeds == (Deed.UNSENT,)
    assert "no preset for legal" in row.reason
    assert (SideName.PORTAL, "name") in changes_of(row)
    assert (SideName.PORTAL, "inn") not in changes_of(row)
    assert any("Requisites of 'legal' stay at home" in said for said in preview.warnings)


def test_what_a_direction_that_is_off_holds_back_is_skipped_with_its_reason(world):
    who, stranger = world.make.legal(), world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    off = Directions(to_portal=False)
    world.core.configure(replace(world.core.settings, directions=off))
    world.base.edits(who, okpo="10000001")
    world.portal.edits(who, full_name="ООО Лютик")
    world.base.has(stranger)
    preview = world.core.preview()
    row = row_of(preview, who)
    assert row.deeds == (Deed.UPDATED, Deed.SKIPPED)
    assert row.reason == "not written, that direction is off: okpo"
    assert set(changes_of(row)) == {(SideName.INFOBASE, "full_name")}
    assert stranger.name not in {row.record.name for row in preview.rows}
    assert preview.warnings == ("Nothing is taken from the infobase: that direction is off.",)


def deleted(world, **clients):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.operator.sets(on_deletion=OnDeletion.DELETE, **clients)
    world.portal.deletes(who)
    return who


def test_who_would_follow_a_deletion_is_shown_and_stays(world):
    who = deleted(world)
    preview = world.core.preview()
    assert row_of(preview, who).deeds == (Deed.REMOVED,)
    assert preview.counts[Deed.REMOVED] == 1
    assert world.base.copies(who)
    assert world.exchange_everything().counts[Deed.REMOVED] == 1


def test_too_many_deletions_are_shown_as_refused(world):
    who = deleted(world, deletions_max=0)
    preview = world.core.preview()
    row = row_of(preview, who)
    assert row.deeds == (Deed.UNSENT,)
    assert "clients.deletions_max = 0" in row.reason
    assert Deed.REMOVED not in preview.counts
    assert preview.counts[Deed.UNSENT] == world.exchange_everything().counts[Deed.UNSENT] == 1


def test_both_edits_of_one_field_show_the_winner_and_tell_of_the_loser(world):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.base.edits(who, okpo="10000001")
    world.portal.edits(who, okpo="20000002")
    row = row_of(world.core.preview(), who)
    assert changes_of(row) == {(SideName.PORTAL, "okpo"): ("20000002", "10000001")}
    assert any("okpo was edited on both sides" in note for note in row.notes)


@pytest.mark.parametrize("presets", [PRESETS, {}])
def test_an_account_goes_only_where_its_client_would_have_a_requisite(world, presets):
    new, known = world.make.legal(), world.make.legal()
    world.base.has(known)
    world.operator.sets(presets=presets)
    world.exchange_everything()
    world.base.has(new)
    for who in (new, known):
        world.money.base.enter(who.keys["base"], world.make.account())
    counts = world.core.preview().counts
    report = world.exchange_everything()
    assert counts.items() >= report.counts.items()
    assert ("unsent" in report.counts) is (not presets)


def test_what_the_history_would_warn_of_stands_in_the_notes(world):
    head = world.make.legal()
    world.base.has(head)
    branch = world.make.legal(inn=head.client.inn)
    world.portal.has(branch)
    row = row_of(world.core.preview(), branch)
    assert [note for note in row.notes if "INN also on" in note]


def test_the_journal_keeps_nothing_but_the_tokens(world):
    world.base.has(*world.make.many(3))
    world.portal.has(*world.make.many(3))
    before = rows_of(world.core.journal)
    world.core.preview()
    fresh = rows_of(world.core.journal) - before
    assert [name for name, *_ in fresh] == ["portal.tokens"]


def test_tokens_that_were_renewed_on_the_way_are_kept(world):
    """A portal may take each refresh token once."""
    switches = replace(world.portal_system.switches, old_refresh_token_lives=False)
    world.portal_system.switches = switches
    world.tokens_live(60.0)
    world.core.preview()
    world.wait(120.0)
    world.core.preview()
    world.restarts()
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    world.portal.shows(who, copies=1)


def test_both_sides_get_reading_calls_only(world):
    world.base.has(*world.make.many(2))
    world.portal.has(*world.make.many(2))
    world.core.preview()
    portal = {name for line in world.portal_system.calls.lines for name in (*line.parts, line.name)}
    verbs = {name.rpartition(".")[2] for name in portal}
    assert verbs == {"batch", "get", "list", "token"}
    assert not [name for name in portal if name.startswith("event.offline")]
    assert {line.name.split()[0] for line in world.base_system.calls.lines} == {"GET"}
