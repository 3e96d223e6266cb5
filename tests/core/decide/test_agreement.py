"""The link that is remembered after a pair was written, and what a doubtful update has done."""

from dataclasses import replace

from sverka.decide.agreement import agreed, arrived, confirmed, narrowed, rebased, redone
from sverka.decide.steps import Outcome, Step
from sverka.records import Intent, Item, Link, Record, SideName

PORTAL, INFOBASE = SideName


def portal_record(**values):
    return Record(side=PORTAL, key="company:1", values=values)


def base_record(**values):
    return Record(side=INFOBASE, key="g", values=values)


def outcome(step_side=PORTAL, *, written=None, settled=None, went=(), key="company:1"):
    source = base_record() if step_side is PORTAL else portal_record()
    step = Step(side=step_side, source=source, target=None, written=written or {}, external="g")
    return Outcome(step=step, key=key, settled=settled or {}, went=frozenset(went))


def intent(target, source=None, side=PORTAL):
    return Intent(
        side=side,
        source_key="g",
        external="g",
        source_base=source or {},
        target_base=target,
        target_key="company:1",
    )


def bag(*values):
    return tuple(Item(value) for value in values)


def test_a_pair_without_a_write_is_agreed_on_as_it_is():
    link = agreed(portal_record(name="A"), base_record(name="A"), outcomes=[], before=None)

    assert link == Link(
        portal_key="company:1",
        infobase_key="g",
        portal_base={"name": "A"},
        infobase_base={"name": "A"},
    )


def test_a_created_record_is_agreed_on_as_the_other_side_shows_it():
    made = outcome(written={"name": "ABCDEF"}, settled={"name": "ABC"}, went=["name"])

    link = agreed(None, base_record(name="ABCDEF"), outcomes=[made], before=None)

    assert (link.portal_key, link.portal_base["name"]) == ("company:1", "ABC")
    assert link.infobase_base["name"] == "ABCDEF"


def test_a_field_that_did_not_go_keeps_its_old_agreement():
    before = Link(
        portal_key="company:1",
        infobase_key="g",
        portal_base={"inn": "old", "name": "old"},
        infobase_base={"inn": "old", "name": "old"},
    )
    half = outcome(
        written={"inn": "new", "name": "new"},
        settled={"inn": "old", "name": "new"},
        went=["name"],
    )

    link = agreed(
        portal_record(inn="old", name="old"),
        base_record(inn="new", name="new"),
        outcomes=[half],
        before=before,
    )

    assert link.infobase_base == {"inn": "old", "name": "new"}
    assert link.portal_base == {"inn": "old", "name": "new"}


def test_a_field_that_never_went_is_not_agreed_on():
    half = outcome(written={"inn": "new"}, settled={}, went=[])

    link = agreed(portal_record(), base_record(inn="new"), outcomes=[half], before=None)

    assert "inn" not in link.portal_base
    assert "inn" not in link.infobase_base


def test_one_value_of_ours_that_was_not_there_proves_that_the_update_arrived():
    ours = intent({"name": "new", "okpo": "1"})

    assert arrived(ours, {"name": "new", "okpo": "2"}, {"name": "old", "okpo": "0"})
    assert not arrived(ours, {"name": "old", "okpo": "0"}, {"name": "old", "okpo": "0"})


def test_a_value_that_stood_there_before_proves_nothing():
    assert not arrived(intent({"name": "same"}), {"name": "same"}, {"name": "same"})


def test_an_added_phone_proves_the_update_and_its_lack_disproves_it():
    ours = intent({"phones": bag("1", "2")})

    assert arrived(ours, {"phones": bag("2")}, {"phones": bag("1")})
    assert not arrived(ours, {"phones": bag("1")}, {"phones": bag("1")})


def test_a_removed_phone_proves_the_update_only_once_it_is_gone():
    ours = intent({"phones": bag("1")})

    assert arrived(ours, {"phones": bag("1")}, {"phones": bag("1", "2")})
    assert not arrived(ours, {"phones": bag("1", "2")}, {"phones": bag("1", "2")})


def test_equal_phones_prove_nothing():
    assert not arrived(intent({"phones": bag("1")}), {"phones": bag("1")}, {"phones": bag("1")})


def test_a_confirmed_update_is_agreed_on_by_both_sides_and_no_more_than_it():
    link = Link(
        portal_key="company:1",
        infobase_key="g",
        portal_base={"name": "old", "okpo": "1"},
        infobase_base={"name": "old", "okpo": "1"},
    )

    after = confirmed(link, intent({"name": "new"}, {"name": "new"}), link)

    assert after.portal_base == {"name": "new", "okpo": "1"}
    assert after.infobase_base == {"name": "new", "okpo": "1"}
    assert (after.portal_key, after.infobase_key) == (link.portal_key, link.infobase_key)


def test_all_values_of_an_update_that_is_made_again_are_named():
    ours = intent({"name": "ours", "okpo": "ours"})

    assert redone(ours, {"name": "old", "okpo": "1"}) == {"name": "ours", "okpo": "ours"}


def test_phones_of_an_update_that_is_made_again_are_named_by_what_we_changed():
    ours = intent({"phones": bag("1", "3")})

    assert redone(ours, {"phones": bag("1", "2")}) == {"phones": "2, 3"}


def test_what_lives_in_another_home_is_not_proven():
    ours = intent({"name": "new", "okpo": "2", "kpp": "3"})
    homes = {"name": "card", "okpo": "details", "kpp": "details"}

    came = arrived(ours, {"name": "new", "okpo": "", "kpp": ""}, {"name": "old"}, homes)

    assert came == {"name"}
    assert narrowed(ours, came).target_base == {"name": "new"}


def test_two_updates_of_one_pair_are_confirmed_one_over_the_other():
    before = Link(
        portal_key="company:1",
        infobase_key="client:a",
        portal_base={"phones": bag("1")},
        infobase_base={"phones": bag("1")},
    )
    to_portal = intent({"phones": bag("1", "2")}, {"phones": bag("1", "2")})
    to_infobase = intent({"phones": bag("1", "3")}, {"phones": bag("1", "3")}, INFOBASE)

    after = confirmed(confirmed(before, to_portal, before), to_infobase, before)

    assert after.portal_base["phones"] == after.infobase_base["phones"] == bag("1", "2", "3")


def test_an_update_still_in_doubt_is_noted_over_what_another_one_brought():
    before = Link(portal_key="company:1", infobase_key="client:a", portal_base={"phones": bag("1")})
    link = replace(before, portal_base={"phones": bag("1", "3")})

    after = rebased(intent({"phones": bag("2")}), before, link)

    assert after.target_base["phones"] == bag("3", "2")
