"""Which of several requisites of one card is meant."""

from dataclasses import replace

from sverka.decide.requisites import meant
from sverka.records import Link, Record, SideName

FIRST = {"inn": "9901001013", "kpp": "990101001"}
SECOND = {"inn": "9901001020", "kpp": "990101001"}


def card(values, *rivals):
    record = Record(side=SideName.PORTAL, key="company:1", values=values)
    return replace(record, rivals=tuple(replace(record, values=other) for other in rivals))


def in_base(values):
    return Record(side=SideName.INFOBASE, key="client:a", values=values)


def linked(values):
    return Link(portal_key="company:1", infobase_key="client:a", portal_base=values)


def test_before_they_meet_the_numbers_of_1c_tell():
    assert meant(card(FIRST, SECOND), in_base(SECOND), None).values == SECOND


def test_of_a_pair_the_numbers_tell_on_which_both_agreed():
    edited = in_base(FIRST)
    assert meant(card(FIRST, SECOND), edited, linked(SECOND)).values == SECOND


def test_a_branch_is_another_one():
    branch = {**FIRST, "kpp": "770101001"}
    assert meant(card(FIRST, branch), in_base(branch), None).values == branch


def test_where_no_numbers_tell_it_is_the_usual_one():
    several = card(FIRST, SECOND)
    assert meant(several, in_base({"inn": "", "kpp": ""}), None) is several
    assert meant(several, in_base({"inn": "7707083893"}), None) is several
    assert meant(card(FIRST), in_base(SECOND), None).values == FIRST
