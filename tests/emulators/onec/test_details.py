"""Addresses and accounts of the sample data."""

from onec_emulator.details import BANKS, Details, is_valid_account


def test_the_same_seed_makes_the_same_details():
    one, other = Details(7), Details(7)
    assert one.address() == other.address()
    assert one.account() == other.account()
    assert Details(7).account() != Details(8).account()


def test_an_account_is_one_that_its_bank_would_take():
    details = Details(1)
    for _ in range(50):
        account = details.account()
        assert len(account.number) == 20
        assert is_valid_account(account.number, account.bank.bik)


def test_a_changed_digit_makes_an_account_invalid():
    account = Details(1).account()
    last = str((int(account.number[-1]) + 1) % 10)
    assert not is_valid_account(account.number[:-1] + last, account.bank.bik)


def test_banks_differ():
    assert len({bank.bik for bank in BANKS}) == len(BANKS)
