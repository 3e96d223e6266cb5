"""Phones and e-mails: each value is added and removed by itself."""

from hypothesis import given
from hypothesis import strategies as st

from sverka.decide.items import merge_items
from sverka.records import Item

values = st.sampled_from(["1", "2", "3", "4", "5"])
bags = st.lists(values, unique=True, max_size=4).map(
    lambda found: tuple(Item(value, "WORK", f"id{value}") for value in found)
)
dirty_bags = st.lists(values, max_size=4).map(
    lambda found: tuple(Item(value, "WORK", f"id{at}") for at, value in enumerate(found))
)


def items(*found):
    return tuple(Item(value, "WORK", key) for value, key in found)


def shown(*found):
    return tuple(item.value for item in found)


def both_ways(mine, theirs, base):
    """Both sides after each was changed by what happened to the other."""
    to_mine = merge_items(mine, base, theirs, base)
    to_theirs = merge_items(theirs, base, mine, base)
    return to_mine.applied_to(mine), to_theirs.applied_to(theirs)


def test_an_edited_value_keeps_its_key_and_its_label():
    before = (Item("+74951234567", "MOBILE", "41"),)

    changes = merge_items(before, before, (Item("+74951234568"),), before)

    old, new = changes.changed[0]
    assert (old.key, new.value, new.key, new.label) == ("41", "+74951234568", "41", "MOBILE")
    assert not changes.added
    assert not changes.removed


def test_a_value_of_this_side_alone_is_not_mentioned():
    base = items(("1", "41"))
    mine = items(("1", "41"), ("2", "42"))

    assert not merge_items(mine, base, base, base)


def test_the_romashka_of_the_worked_examples_gets_one_update():
    mine = items(("+74951234567", "41"), ("+79031112233", "42"))
    base = items(("+74951234567", "41"))
    theirs = items(("+74951234568 ext 12", ""), ("+78125550011", ""))

    changes = merge_items(mine, base, theirs, base)

    assert [(old.key, new.value) for old, new in changes.changed] == [("41", "+74951234568 ext 12")]
    assert shown(*changes.added) == ("+78125550011",)
    assert shown(*changes.applied_to(mine)) == (
        "+74951234568 ext 12",
        "+79031112233",
        "+78125550011",
    )


def test_a_value_that_both_sides_added_is_added_nowhere():
    assert not merge_items(items(("1", "9")), (), items(("1", "")), ())


def test_a_value_that_both_sides_removed_is_removed_nowhere():
    assert not merge_items((), items(("1", "9")), (), items(("1", "")))


def test_a_value_that_was_typed_anew_here_outlives_its_removal_there():
    changes = merge_items(items(("1", "7")), (), (), items(("1", "")))

    assert not changes


def test_a_removed_value_that_stands_here_twice_is_removed_with_both_its_keys():
    twice = items(("1", "41"), ("1", "42"))

    changes = merge_items(twice, twice, (), twice)

    assert [item.key for item in changes.removed] == ["41", "42"]


@given(mine=bags, theirs=bags, base=bags)
def test_both_directions_make_equal_bags(mine, theirs, base):
    mine_after, theirs_after = both_ways(mine, theirs, base)

    assert sorted(shown(*mine_after)) == sorted(shown(*theirs_after))


@given(mine=bags, theirs=bags, base=bags)
def test_nothing_is_doubled(mine, theirs, base):
    for after in both_ways(mine, theirs, base):
        assert len(set(shown(*after))) == len(after)


@given(mine=dirty_bags, theirs=dirty_bags, base=dirty_bags)
def test_doubles_that_people_made_do_not_keep_the_sides_apart(mine, theirs, base):
    mine_after, theirs_after = both_ways(mine, theirs, base)

    assert set(shown(*mine_after)) == set(shown(*theirs_after))


@given(mine=dirty_bags, theirs=dirty_bags, base=dirty_bags)
def test_every_key_of_a_removed_value_is_named(mine, theirs, base):
    changes = merge_items(mine, base, theirs, base)
    gone = {item.value for item in changes.removed} | {old.value for old, _ in changes.changed}

    named = {item.key for item in changes.removed} | {old.key for old, _ in changes.changed}
    assert named == {item.key for item in mine if item.value in gone}


@given(mine=bags, theirs=bags, base=bags)
def test_a_value_that_both_kept_stays_with_its_key(mine, theirs, base):
    mine_after, _ = both_ways(mine, theirs, base)
    keys = {item.value: item.key for item in mine_after}

    for item in mine:
        if item in theirs:
            assert keys[item.value] == item.key


@given(mine=bags, theirs=bags, base=bags)
def test_a_removal_there_is_a_removal_here_unless_it_was_typed_anew(mine, theirs, base):
    mine_after, _ = both_ways(mine, theirs, base)

    for item in base:
        if item not in theirs:
            assert item not in mine_after
    for item in mine:
        if item not in base:
            assert item in mine_after


@given(mine=bags, theirs=bags, base=bags)
def test_merging_again_changes_nothing(mine, theirs, base):
    mine_after, theirs_after = both_ways(mine, theirs, base)

    assert not merge_items(mine_after, mine_after, theirs_after, theirs_after)
    assert not merge_items(theirs_after, theirs_after, mine_after, mine_after)


@given(mine=dirty_bags, theirs=dirty_bags, base=dirty_bags)
def test_only_items_that_are_here_are_changed_or_removed(mine, theirs, base):
    changes = merge_items(mine, base, theirs, base)

    for item in (*changes.removed, *(old for old, _ in changes.changed)):
        assert item in mine
    for item in changes.added:
        assert item not in mine
