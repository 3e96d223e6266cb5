"""The connection key: what goes in comes out, and damage is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24_emulator.connection_key import facts_of, key_of

NAMES = ("client_endpoint", "client_id", "client_secret", "refresh_token", "member_id")


@given(st.fixed_dictionaries({name: st.text() for name in NAMES}))
def test_a_key_says_what_was_put_in(facts):
    assert facts_of(key_of(facts)) == {"v": 1, **facts}


def test_a_key_is_one_word_that_survives_copying(portal):
    key = portal.install_app()
    assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_portals_key_names_the_portal_and_its_application(portals):
    portal = portals(origin="https://localhost:8443")
    facts = facts_of(portal.install_app())
    assert facts["client_endpoint"] == "https://localhost:8443/rest/"
    assert facts["member_id"] == portal.access.member_id
    assert facts["client_id"] in portal.access.applications
    assert facts["refresh_token"] in portal.access.refresh_tokens


def test_a_second_key_is_new_and_the_first_stays_good(portal, refresh):
    first, second = (facts_of(portal.install_app()) for _ in range(2))
    assert first["client_id"] == second["client_id"]
    assert first["refresh_token"] != second["refresh_token"]
    assert refresh(portal, refresh_token=first["refresh_token"]).status == 200


def test_every_mistyped_letter_is_noticed(portal):
    key = portal.install_app()
    for place in range(0, len(key) - 1, 7):
        other = "A" if key[place] != "A" else "B"
        with pytest.raises(ValueError, match="Copy it whole"):
            facts_of(key[:place] + other + key[place + 1 :])


@pytest.mark.parametrize("key", ["", "x", "not a key", "ключ", "AAAA"])
def test_what_is_no_key_is_told(key):
    with pytest.raises(ValueError, match="connection key"):
        facts_of(key)
