"""Who goes with his other end, and who waits before he is carried over."""

import itertools
from dataclasses import replace

import pytest

from sverka.decide.fates import (
    REMOVALS,
    Fated,
    Removal,
    fated,
    gone_side,
    held_until_s,
    is_merge_possible,
    too_many,
)
from sverka.records import Item, Link, Record, SideName
from sverka.settings import ClientSettings, OnDeletion, Policy

PORTAL, INFOBASE = SideName
AGREED = {"name": "Ромашка ООО", "okpo": "11111111"}
LINK = Link(
    portal_key="company:1", infobase_key="client:a", portal_base=AGREED, infobase_base=AGREED
)
COMPANY = Record(side=PORTAL, key="company:1", values=AGREED)
CLIENT = Record(side=INFOBASE, key="client:a", values=AGREED)
MARKED = replace(CLIENT, outside="marked for deletion", marked=True)
BOTH = {PORTAL: COMPANY, INFOBASE: CLIENT}


def test_every_policy_says_what_becomes_of_either_side():
    assert set(REMOVALS) == set(itertools.product(OnDeletion, SideName))


def test_nothing_is_removed_by_default():
    assert {REMOVALS[OnDeletion.IGNORE, side] for side in SideName} == {Removal.NOTHING}


@pytest.mark.parametrize(
    ("records", "gone"),
    [
        (BOTH, None),
        ({INFOBASE: CLIENT}, PORTAL),
        ({PORTAL: COMPANY}, INFOBASE),
        ({PORTAL: COMPANY, INFOBASE: MARKED}, INFOBASE),
        ({INFOBASE: MARKED}, None),
        ({}, None),
    ],
)
def test_a_client_is_gone_from_a_side_while_the_other_still_has_him(records, gone):
    assert gone_side(LINK, records) is gone


def test_only_linked_clients_go_with_their_other_end():
    assert gone_side(None, {PORTAL: COMPANY}) is None
    assert gone_side(replace(LINK, infobase_key="account:a"), {PORTAL: COMPANY}) is None


def test_further_counterparties_go_like_clients():
    link = replace(LINK, portal_key="requisite:3", infobase_key="counterparty:a")
    assert gone_side(link, {PORTAL: COMPANY}) is INFOBASE


@pytest.mark.parametrize("left", [COMPANY, CLIENT])
def test_who_was_not_touched_since_goes_as_the_setting_says(left):
    for policy in OnDeletion:
        assert fated(policy, left, LINK) == Fated(REMOVALS[policy, left.side])


@pytest.mark.parametrize("left", [COMPANY, CLIENT])
def test_an_edit_outlives_a_deletion(left):
    edited = replace(left, values={**AGREED, "okpo": "22222222"})
    assert fated(OnDeletion.DELETE, edited, LINK) == Fated(
        Removal.NOTHING, "it was edited since: okpo"
    )


def test_what_is_not_exchanged_is_not_removed_either():
    own = replace(COMPANY, outside="own company")
    assert fated(OnDeletion.DELETE, own, LINK) == Fated(Removal.NOTHING, "own company")


NEW = Record(side=PORTAL, key="company:2", kind="legal", values={"name": "Дельта"})
HOLDING = ClientSettings(hold_without_requisites_s=600.0)


@pytest.mark.parametrize("kind", ["legal", "sole_trader", "state_body"])
def test_a_company_without_requisites_waits_for_them_from_when_it_was_first_seen(kind):
    assert held_until_s(HOLDING, replace(NEW, kind=kind), since_s=1000.0) == 1600.0


@pytest.mark.parametrize(
    ("clients", "record"),
    [
        (HOLDING, replace(NEW, parts={"requisite": "31"})),
        (HOLDING, replace(NEW, key="contact:2", kind="person")),
        (HOLDING, replace(NEW, key="contact:2", kind="", entity="person")),
        (replace(HOLDING, policy=Policy.MODULE), NEW),
    ],
    ids=["has them", "a kind without INN", "a contact person", "as the module does"],
)
def test_nobody_else_waits(clients, record):
    assert held_until_s(clients, record, since_s=1000.0) == 0.0


@pytest.mark.parametrize(
    ("count", "links", "refused"),
    [(50, 60, False), (51, 60, True), (51, 5_100, False), (52, 5_100, True)],
)
def test_too_many_are_more_than_the_number_and_more_than_the_share(count, links, refused):
    assert too_many(count, links, ClientSettings()) is refused


def test_without_a_share_only_the_number_counts():
    assert too_many(51, 1_000_000, ClientSettings(deletions_share=0.0))


PHONE = (Item("+74951234567"),)


@pytest.mark.parametrize(
    ("base", "reached", "children", "possible"),
    [
        # A survivor would have his INN, his phone or his contact persons.
        ({"inn": "7707083893"}, (), (), False),
        ({"inn": "7707083893"}, ("contact:9",), (), False),
        ({"phones": PHONE}, (), (), False),
        ({"emails": PHONE}, (), (), False),
        ({}, (), (LINK,), False),
        # Another one bears his phone: the survivor, or somebody who shares it.
        ({"phones": PHONE}, ("contact:9",), (), True),
        # He had nothing that a survivor could show.
        ({"inn": "", "phones": ()}, (), (), True),
    ],
)
def test_a_merge_is_possible_where_nothing_would_tell_it(base, reached, children, possible):
    link = replace(LINK, portal_base=base)
    assert is_merge_possible(link, reached, children) is possible
