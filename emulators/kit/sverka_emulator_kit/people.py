"""Seed data: clients with valid numbers and a known truth about who is who on both sides."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from stdnum.ru import inn as inn_number


class Kind(StrEnum):
    """What a client is in law; the values are ours, each emulator words them its own way."""

    LEGAL = "legal"
    SOLE_TRADER = "sole_trader"
    PERSON = "person"
    STATE_BODY = "state_body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client as people know him, before either system holds him.

    Attributes:
        name: Short name, `Ромашка ООО` or `Иванов Иван Иванович`.
        inn: 10 or 12 digits with valid check digits, `""` for most persons.
        kpp: 9 digits for legal entities and state bodies, else `""`.
        registration_no: ОГРН of 13 or ОГРНИП of 15 digits, valid.
        phones: E.164, `+74951234567`.
    """

    kind: Kind
    name: str
    full_name: str = ""
    person_name: str = ""
    inn: str = ""
    kpp: str = ""
    registration_no: str = ""
    okpo: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """Who is where: `portal` and `base` hold clients, in the order in which they are entered.

    Attributes:
        same: Indexes in `portal` and `base` of one and the same.
        doubtful: Indexes of who looks like two others: in `portal`, twice in `base`.
    """

    portal: tuple[Client, ...]
    base: tuple[Client, ...]
    same: tuple[tuple[int, int], ...]
    doubtful: tuple[tuple[int, int, int], ...] = ()


class Registry:
    """Makes clients; the same seed makes the same ones, and no two share a number or a name."""

    def __init__(self, seed: int) -> None:
        from faker import Faker

        self._chance = random.Random(seed)
        self._faker = Faker("ru_RU")
        self._faker.seed_instance(seed)
        self._taken: set[str] = set()

    def client(self, kind: Kind | None = None) -> Client:
        kind = (
            kind
            or self._chance.choices([Kind.LEGAL, Kind.SOLE_TRADER, Kind.PERSON], weights=[6, 2, 2])[
                0
            ]
        )
        return {
            Kind.LEGAL: self._legal,
            Kind.STATE_BODY: self._state_body,
            Kind.SOLE_TRADER: self._sole_trader,
            Kind.PERSON: self._person,
        }[kind]()

    def clients(self, count: int, kind: Kind | None = None) -> list[Client]:
        return [self.client(kind) for _ in range(count)]

    def phone(self) -> str:
        prefixes = ("495", "812", "903", "916", "343")
        return self._new(lambda: f"+7{self._chance.choice(prefixes)}{self._digits(7)}")

    def email(self) -> str:
        return self._new(lambda: f"{self._faker.user_name()}@{self._faker.domain_word()}.example")

    def _legal(self) -> Client:
        word = self._new(lambda: f"{self._faker.last_name()} и {self._faker.last_name()}")
        return Client(
            kind=Kind.LEGAL,
            name=f"{word} ООО",
            full_name=f'ООО "{word}"',
            inn=self._inn_company(),
            kpp=self._new(lambda: f"77{self._digits(2)}01{self._digits(3)}"),
            registration_no=self._ogrn("1", 12),
            okpo=self._digits(8),
            phones=(self.phone(),),
            emails=(self.email(),),
        )

    def _state_body(self) -> Client:
        word = self._new(
            lambda: f"Администрация города {self._faker.city_name()} {self._digits(3)}"
        )
        return replace(self._legal(), kind=Kind.STATE_BODY, name=word, full_name=word)

    def _sole_trader(self) -> Client:
        person = self._person_name()
        return Client(
            kind=Kind.SOLE_TRADER,
            name=f"ИП {person}",
            full_name=f"Индивидуальный предприниматель {person}",
            person_name=person,
            inn=self._inn_person(),
            registration_no=self._ogrn("3", 14),
            phones=(self.phone(),),
            emails=(self.email(),),
        )

    def _person(self) -> Client:
        person = self._person_name()
        phones, emails = (self.phone(),), (self.email(),)
        return Client(
            kind=Kind.PERSON, name=person, person_name=person, phones=phones, emails=emails
        )

    def _person_name(self) -> str:
        f = self._faker
        names = [
            lambda: f"{f.last_name_male()} {f.first_name_male()} {f.middle_name_male()}",
            lambda: f"{f.last_name_female()} {f.first_name_female()} {f.middle_name_female()}",
        ]
        return self._new(self._chance.choice(names))

    def _inn_company(self) -> str:
        def draw() -> str:
            head = "77" + self._digits(7)
            return head + inn_number.calc_company_check_digit(head)

        return self._new(draw)

    def _inn_person(self) -> str:
        def draw() -> str:
            head = "77" + self._digits(8)
            return head + inn_number.calc_personal_check_digits(head)

        return self._new(draw)

    def _ogrn(self, first: str, length: int) -> str:
        def draw() -> str:
            # python-stdnum refuses the rare numbers whose remainder has two digits.
            while (rest := (head := int(first + self._digits(length - 1))) % (length - 1)) > 9:
                pass
            return f"{head}{rest}"

        return self._new(draw)

    def _digits(self, count: int) -> str:
        return "".join(self._chance.choices("0123456789", k=count))

    def _new(self, draw: Callable[[], str]) -> str:
        while (value := draw()) in self._taken:
            pass
        self._taken.add(value)
        return value


def two_ledgers(seed: int, *, portal: int, base: int, same: int, doubtful: int = 0) -> Truth:
    """Two ledgers of clients of which the first `same` of each are one and the same.

    The shared ones carry dirty keys on the portal: blanks in the INN, an upper-case e-mail, a
    phone in its human form. After them come the doubtful: a person of the portal whose e-mail
    two persons of the base have.

    Raises:
        ValueError: A ledger is too short for what it has to share.
    """
    if portal < same + doubtful or base < same + 2 * doubtful:
        raise ValueError(
            f"{same} the same and {doubtful} doubtful do not fit: they take "
            f"{same + doubtful} of the {portal} on the portal and "
            f"{same + 2 * doubtful} of the {base} in the base."
        )
    registry = Registry(seed)
    shared = registry.clients(same)
    askers, candidates = _doubtful(registry, doubtful)
    in_base = (*shared, *candidates, *registry.clients(base - same - len(candidates)))
    in_portal = (*map(_dirty, shared), *askers, *registry.clients(portal - same - doubtful))
    return Truth(
        in_portal,
        in_base,
        tuple((index, index) for index in range(same)),
        tuple((same + n, same + 2 * n, same + 2 * n + 1) for n in range(doubtful)),
    )


def _doubtful(registry: Registry, count: int) -> tuple[list[Client], list[Client]]:
    """Persons of the portal, and two persons of the base for each, with one e-mail of all three."""
    askers, candidates = [], []
    for _ in range(count):
        emails = (registry.email(),)
        asker, *two = (replace(registry.client(Kind.PERSON), emails=emails) for _ in range(3))
        askers.append(asker)
        candidates += two
    return askers, candidates


def _dirty(client: Client) -> Client:
    inn = f" {client.inn[:4]} {client.inn[4:]} " if client.inn else ""
    phones = tuple(f"8 ({p[2:5]}) {p[5:8]}-{p[8:10]}-{p[10:]}" for p in client.phones)
    emails = tuple(email.upper() for email in client.emails)
    return replace(client, inn=inn, phones=phones, emails=emails)
