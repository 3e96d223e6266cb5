"""Seed data beside a client's own: addresses and bank accounts."""

import random
from dataclasses import dataclass

from onec_emulator.contact_information import Address


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank; the numbers of these two are of no real one."""

    bik: str
    name: str
    correspondent: str


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account of 20 digits, with the check digit that its bank demands."""

    number: str
    bank: Bank


BANKS = (
    Bank("049999001", "БАНК ПЕРВЫЙ (ПАО)", "30101810900000000001"),
    Bank("049999002", "БАНК ВТОРОЙ (АО)", "30101810900000000002"),
)
CHECK_PLACE = 8
AREAS = (
    ("Москва", "г", ""),
    ("Санкт-Петербург", "г", ""),
    ("Тверская", "обл", "Тверь"),
    ("Свердловская", "обл", "Екатеринбург"),
)
STREETS = ("Новая", "Ленина", "Садовая", "Мира", "Заводская")


class Details:
    """Makes addresses and accounts; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"details of {seed}")

    def address(self) -> Address:
        area, area_type, city = self._chance.choice(AREAS)
        return Address(
            zip_code=str(self._chance.randint(101000, 199999)),
            area=area,
            area_type=area_type,
            city=city,
            street=self._chance.choice(STREETS),
            house=str(self._chance.randint(1, 120)),
        )

    def account(self) -> Account:
        bank = self._chance.choice(BANKS)
        return Account(checked(f"407028100{self._chance.randrange(10**11):011}", bank.bik), bank)


def checked(number: str, bik: str) -> str:
    """The account with the check digit at its place; how banks reckon it is public."""
    head, tail = number[:CHECK_PLACE], number[CHECK_PLACE + 1 :]
    digit = next(d for d in range(10) if is_valid_account(f"{head}{d}{tail}", bik))
    return f"{head}{digit}{tail}"


def is_valid_account(number: str, bik: str) -> bool:
    """Whether the weighed last digits of the products add up to a round number."""
    weights = "71371371371371371371371"
    digits = bik[-3:] + number
    products = (int(d) * int(w) for d, w in zip(digits, weights, strict=True))
    return sum(product % 10 for product in products) % 10 == 0
