"""Seed data: valid numbers, nobody twice, the same seed the same people."""

from itertools import chain

import phonenumbers
import pytest
from stdnum.ru import inn, ogrn

from sverka_emulator_kit.people import Kind, Registry, two_ledgers


@pytest.fixture(scope="module")
def crowd():
    return Registry(5).clients(400)


def test_every_inn_is_valid_and_of_its_kinds_length(crowd):
    lengths = {Kind.LEGAL: 10, Kind.SOLE_TRADER: 12, Kind.PERSON: 0}
    for client in crowd:
        assert len(client.inn) == lengths[client.kind]
        assert not client.inn or inn.is_valid(client.inn)


def test_every_registration_number_is_valid_and_of_its_kinds_length(crowd):
    lengths = {Kind.LEGAL: 13, Kind.SOLE_TRADER: 15, Kind.PERSON: 0}
    for client in crowd:
        assert len(client.registration_no) == lengths[client.kind]
        assert not client.registration_no or ogrn.is_valid(client.registration_no)


def test_only_organisations_have_a_kpp(crowd):
    for client in crowd:
        assert len(client.kpp) == (9 if client.kind is Kind.LEGAL else 0)


def test_every_phone_is_written_in_e164(crowd):
    for phone in chain.from_iterable(client.phones for client in crowd):
        parsed = phonenumbers.parse(phone)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == phone
        assert phonenumbers.is_possible_number(parsed)


def test_every_address_is_in_a_domain_that_cannot_exist(crowd):
    assert all(email.endswith(".example") for client in crowd for email in client.emails)


@pytest.mark.parametrize("name", ["name", "inn", "registration_no", "kpp"])
def test_nobody_shares_a_number_or_a_name(crowd, name):
    values = [getattr(client, name) for client in crowd if getattr(client, name)]

    assert len(set(values)) == len(values)


@pytest.mark.parametrize("name", ["phones", "emails"])
def test_nobody_shares_a_phone_or_an_email(crowd, name):
    values = list(chain.from_iterable(getattr(client, name) for client in crowd))

    assert len(set(values)) == len(values)


def test_all_kinds_but_state_bodies_occur_by_themselves(crowd):
    assert {client.kind for client in crowd} == set(Kind) - {Kind.STATE_BODY}


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_that_is_asked_for_is_given(kind):
    clients = Registry(1).clients(5, kind)

    assert {client.kind for client in clients} == {kind}
    assert len({client.name for client in clients}) == 5


def test_the_same_seed_makes_the_same_people_and_another_one_others():
    assert Registry(3).clients(20) == Registry(3).clients(20)
    assert Registry(3).clients(20) != Registry(4).clients(20)


def test_two_ledgers_share_just_the_clients_they_say():
    truth = two_ledgers(2, portal=12, base=9, same=5)

    assert (len(truth.portal), len(truth.base)) == (12, 9)
    assert truth.same == tuple((index, index) for index in range(5))
    shared = {client.name for client in truth.portal} & {client.name for client in truth.base}
    assert shared == {truth.base[index].name for _, index in truth.same}


def test_shared_clients_carry_dirty_keys_that_mean_the_same():
    truth = two_ledgers(2, portal=12, base=12, same=12)

    for at_portal, at_base in truth.same:
        dirty, clean = truth.portal[at_portal], truth.base[at_base]
        assert dirty.inn.replace(" ", "") == clean.inn
        assert [email.lower() for email in dirty.emails] == list(clean.emails)
        for phone, written in zip(dirty.phones, clean.phones, strict=True):
            assert phone != written
            parsed = phonenumbers.parse(phone, "RU")
            assert f"+7{parsed.national_number}" == written


def test_a_doubtful_client_has_the_email_of_two_others_and_nothing_else_of_theirs():
    truth = two_ledgers(2, portal=9, base=12, same=3, doubtful=4)

    assert (len(truth.portal), len(truth.base)) == (9, 12)
    assert len(truth.doubtful) == 4
    for at_portal, *at_base in truth.doubtful:
        three = [truth.portal[at_portal], *(truth.base[index] for index in at_base)]
        assert len({client.emails for client in three}) == 1
        assert len({client.name for client in three}) == len({c.phones for c in three}) == 3
    indexes = [index for _, *at_base in truth.doubtful for index in at_base]
    assert len(set(indexes)) == 8
    assert not set(indexes) & {index for _, index in truth.same}


@pytest.mark.parametrize("sizes", [{"portal": 6, "base": 20}, {"portal": 20, "base": 8}])
def test_a_ledger_that_is_too_short_for_what_it_shares_is_refused_with_the_numbers(sizes):
    with pytest.raises(ValueError, match="5 the same and 2 doubtful do not fit"):
        two_ledgers(1, **sizes, same=5, doubtful=2)
