"""The three-way decision, by its laws and by the rows of its table."""

import itertools

from hypothesis import assume, given
from hypothesis import strategies as st

from sverka.decide.fields import VERBS, WINNING, Conflict, Verb, decide, fate, settled
from sverka.entities.clients import CLIENT
from sverka.entities.declared import Entity, Field, Owner, Text
from sverka.records import Fate, Item, Link, Record, SideName
from sverka.settings import Winner

NAMES = tuple(declared.name for declared in CLIENT.fields if not declared.multiple)
MULTIPLE = tuple(declared.name for declared in CLIENT.fields if declared.multiple)
ALL = frozenset((*NAMES, *MULTIPLE))

scalars = st.sampled_from(["", "a", "b", "c"])
bags = st.lists(st.sampled_from("abcd"), unique=True, max_size=3).map(
    lambda values: tuple(Item(value, key=value * 2) for value in values)
)
whole = st.fixed_dictionaries(dict.fromkeys(NAMES, scalars) | dict.fromkeys(MULTIPLE, bags))
partial = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(NAMES, scalars) | dict.fromkeys(MULTIPLE, bags)
)
winners = st.sampled_from(Winner)


def record(side, values):
    return Record(side=side, key="company:1", values=values, kind="legal")


def link(base, infobase_base=None):
    return Link(
        portal_key="company:1",
        infobase_key="g",
        portal_base=base,
        infobase_base=base if infobase_base is None else infobase_base,
    )


def decided(portal, infobase, *, base=None, winner=Winner.INFOBASE, carries=ALL, entity=CLIENT):
    return decide(
        entity,
        record(SideName.PORTAL, portal),
        record(SideName.INFOBASE, infobase),
        link=base if base is None or isinstance(base, Link) else link(base),
        winner=winner,
        portal_carries=frozenset(carries),
    )


def test_every_pair_of_fates_that_a_field_can_have_has_a_verb():
    assert set(VERBS) == set(itertools.product((Fate.SAME, Fate.EDITED), repeat=2))


def test_every_winner_has_a_verb():
    assert set(WINNING) == set(Winner)


def test_an_edit_on_the_portal_goes_to_the_infobase_and_nowhere_else():
    decision = decided({"name": "New"}, {"name": "Old"}, base={"name": "Old"})

    assert (decision.portal, decision.infobase) == ({}, {"name": "New"})


def test_an_edit_in_the_infobase_goes_to_the_portal_and_nowhere_else():
    decision = decided({"name": "Old"}, {"name": "New"}, base={"name": "Old"})

    assert (decision.portal, decision.infobase) == ({"name": "New"}, {})


def test_a_cleared_field_is_cleared_on_the_other_side():
    decision = decided({"okpo": ""}, {"okpo": "1"}, base={"okpo": "1"})

    assert decision.infobase == {"okpo": ""}


def test_a_conflict_keeps_the_winners_value_and_tells_both():
    decision = decided({"name": "P"}, {"name": "B"}, base={"name": "Old"}, winner=Winner.PORTAL)

    assert decision.infobase == {"name": "P"}
    assert decision.conflicts == [Conflict("name", "P", "B", Winner.PORTAL)]


def test_a_value_that_the_other_side_trimmed_is_not_sent_again():
    trimmed = link({"name": "abc"}, {"name": "abcdef"})

    decision = decided({"name": "abc"}, {"name": "abcdef"}, base=trimmed)

    assert (decision.portal, decision.infobase) == ({}, {})


def test_a_portal_edit_of_a_field_that_the_infobase_owns_is_taken_back():
    owned = Entity("e", (Field("name", Text(9), "Имя", owner=Owner.INFOBASE),))

    decision = decided({"name": "P"}, {"name": "B"}, base={"name": "B"}, entity=owned)

    assert (decision.portal, decision.infobase) == ({"name": "B"}, {})
    assert decision.conflicts == [Conflict("name", "P", "B", Winner.INFOBASE, owned=True)]


def test_a_conflict_over_a_field_that_the_infobase_owns_names_the_infobase_as_winner():
    owned = Entity("e", (Field("name", Text(9), "Имя", owner=Owner.INFOBASE),))

    decision = decided(
        {"name": "P"}, {"name": "B"}, base={"name": "Old"}, entity=owned, winner=Winner.PORTAL
    )

    assert decision.portal == {"name": "B"}
    assert decision.conflicts == [Conflict("name", "P", "B", Winner.INFOBASE)]


def test_a_requisite_that_was_deleted_on_the_portal_is_written_anew_and_wipes_nothing():
    decision = decided({}, {"inn": "7707083893"}, base={"inn": "7707083893"})

    assert (decision.portal, decision.infobase) == ({"inn": "7707083893"}, {})


def test_a_field_that_the_portal_cannot_hold_is_not_decided_at_all():
    decision = decided({}, {"kpp": "1"}, carries=ALL - {"kpp"})

    assert (decision.portal, decision.infobase, decision.conflicts) == ({}, {}, [])


@given(portal=whole, infobase=whole, base=whole, winner=winners)
def test_a_value_that_is_equal_on_both_sides_is_never_written(portal, infobase, base, winner):
    decision = decided(portal, infobase, base=base, winner=winner)

    for name in NAMES:
        if portal[name] == infobase[name]:
            assert name not in decision.portal
            assert name not in decision.infobase


@given(portal=partial, infobase=partial, base=partial, winner=winners)
def test_only_what_was_edited_on_one_side_is_written_on_the_other(portal, infobase, base, winner):
    decision = decided(portal, infobase, base=base, winner=winner)

    for name in decision.portal.keys() & set(NAMES):
        # A portal without the requisite has agreed on nothing, so all of 1C's is news to it.
        assert fate(name, infobase, base if name in portal else {}) is Fate.EDITED
    for name in decision.infobase.keys() & set(NAMES):
        # Nor has a base without the counterparty that would hold it.
        assert fate(name, portal, base if name in infobase else {}) is Fate.EDITED


@given(portal=partial, infobase=partial, base=partial, winner=winners)
def test_a_side_that_does_not_carry_a_field_never_wipes_it(portal, infobase, base, winner):
    decision = decided(portal, infobase, base=base, winner=winner)

    assert not decision.infobase.keys() & set(NAMES) - portal.keys()
    assert not decision.portal.keys() & set(NAMES) - infobase.keys()


@given(portal=partial, infobase=partial, winner=winners)
def test_an_empty_value_that_nobody_agreed_on_never_wipes(portal, infobase, winner):
    decision = decided(portal, infobase, winner=winner)

    assert all(decision.portal[name] for name in decision.portal)
    assert all(decision.infobase[name] for name in decision.infobase)
    for changes in (*decision.portal.values(), *decision.infobase.values()):
        assert not getattr(changes, "removed", ())


@given(portal=whole, infobase=whole, base=st.none() | whole, winner=winners)
def test_both_sides_are_equal_once_both_directions_are_written(portal, infobase, base, winner):
    decision = decided(portal, infobase, base=base, winner=winner)
    portal_after = settled(portal, decision.portal)
    infobase_after = settled(infobase, decision.infobase)

    for name in NAMES:
        assert portal_after[name] == infobase_after[name]
    for name in MULTIPLE:
        assert set(portal_after[name]) == set(infobase_after[name])


@given(portal=whole, infobase=whole, base=st.none() | whole, winner=winners)
def test_deciding_again_after_both_directions_were_written_gives_nothing(
    portal, infobase, base, winner
):
    first = decided(portal, infobase, base=base, winner=winner)
    portal_after = settled(portal, first.portal)
    infobase_after = settled(infobase, first.infobase)

    again = decided(
        portal_after, infobase_after, base=link(portal_after, infobase_after), winner=winner
    )

    assert (again.portal, again.infobase, again.conflicts) == ({}, {}, [])


@given(portal=whole, infobase=whole, base=st.none() | whole, winner=winners)
def test_the_loser_of_a_conflict_is_always_reported(portal, infobase, base, winner):
    decision = decided(portal, infobase, base=base, winner=winner)
    reported = {
        (conflict.field, conflict.portal, conflict.infobase) for conflict in decision.conflicts
    }
    agreed = base or {}

    for name in NAMES:
        fates = fate(name, portal, agreed), fate(name, infobase, agreed)
        if portal[name] != infobase[name] and fates == (Fate.EDITED, Fate.EDITED):
            assert (name, portal[name], infobase[name]) in reported


@given(portal=whole, infobase=whole, base=whole)
def test_an_edit_of_one_field_is_not_lost_by_edits_of_others(portal, infobase, base):
    decision = decided(portal, infobase, base=base)
    after = settled(infobase, decision.infobase)

    for name in NAMES:
        edited = fate(name, portal, base) is Fate.EDITED
        if edited and fate(name, infobase, base) is Fate.SAME:
            assert after[name] == portal[name]


@given(base=whole)
def test_nothing_is_done_to_a_pair_that_nobody_touched(base):
    assume(base)
    decision = decided(base, base, base=base)

    assert (decision.portal, decision.infobase, decision.conflicts) == ({}, {}, [])


def test_a_field_that_was_never_agreed_on_and_is_empty_did_not_change():
    assert fate("name", {"name": ""}, {}) is Fate.SAME
    assert fate("name", {"name": "x"}, {}) is Fate.EDITED
    assert fate("name", {}, {"name": "x"}) is Fate.SAME
    assert fate("name", {"name": "x"}, {"name": "x"}) is Fate.SAME


def test_no_verb_is_left_without_a_row_or_a_use():
    assert set(VERBS.values()) == set(Verb)


def owned(portal, infobase, *, base):
    return decide(
        CLIENT,
        record(SideName.PORTAL, portal),
        record(SideName.INFOBASE, infobase),
        link=base,
        winner=Winner.PORTAL,
        portal_carries=ALL,
        owned=ALL,
    )


@given(portal=whole, infobase=whole, base=whole)
def test_what_belongs_to_1c_is_never_written_there_and_ends_equal_on_the_portal(
    portal, infobase, base
):
    decision = owned(portal, infobase, base=link(base))

    assert decision.infobase == {}
    assert settled(portal, decision.portal).items() >= {n: infobase[n] for n in NAMES}.items()
    for name in MULTIPLE:
        after = settled(portal, decision.portal)[name]
        assert {item.value for item in after} == {item.value for item in infobase[name]}


@given(portal=whole, infobase=whole)
def test_at_a_first_meeting_an_empty_field_of_1c_takes_nothing_back(portal, infobase):
    decision = owned(portal, infobase, base=None)

    assert decision.infobase == {}
    after = settled(portal, decision.portal)
    assert all(after[name] == (infobase[name] or portal[name]) for name in NAMES)


def test_what_is_taken_back_is_told_with_both_values():
    decision = owned(
        {"name": "б", "phones": (Item("+7495"),)},
        {"name": "а", "phones": (Item("+7812"),)},
        base=link({"name": "а", "phones": (Item("+7812"),)}),
    )

    assert decision.conflicts == [
        Conflict("name", "б", "а", Winner.INFOBASE, owned=True),
        Conflict("phones", "+7495", "+7812", Winner.INFOBASE, owned=True),
    ]
