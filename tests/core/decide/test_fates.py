"""What becomes of the end that is left when a client's other end went away."""

import itertools
from dataclasses import replace

import pytest

from sverka.decide.fates import REMOVALS, Fated, Removal, fated, gone_side
from sverka.records import Link, Record, SideName
from sverka.settings import OnDeletion

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
