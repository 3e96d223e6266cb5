"""What each 1C configuration calls the things that are exchanged. Tables without logic.

Source: onec-metadata of УНФ 3.0 and БП 3.0; predefined kinds of contact information.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sverka.entities.clients import LEGAL, PERSON, SOLE_TRADER, STATE_BODY, ClientKind

INN_OF_A_PERSON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """How a configuration says what a client is in law.

    Attributes:
        words: Properties that a new one gets, and by which one is recognised.
        numbers: Of these properties one is filled where the words alone do not tell.
        inn_digits: Length of its INN where the words alone do not tell, 0 for any.
    """

    kind: ClientKind
    words: Mapping[str, str | bool]
    numbers: tuple[str, ...] = ()
    inn_digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One configuration.

    Attributes:
        kinds: The first that fits is the kind of a record; the last fits always.
        contact_kinds: Predefined kinds of contact information by field.
        names: Properties by field where they differ from those that the field declares.
        titles: Words before the name of a person of this kind: read without, written with one.
        search_copies: Properties that hold a copy of the first phone or e-mail, by field.
        new: Properties that only a new client gets.
        buyer, seller: Flags: who only sells is no client.
    """

    name: str
    title: str
    kinds: tuple[KindWords, ...]
    contact_kinds: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search_copies: Mapping[str, str] = field(default_factory=dict)
    new: Mapping[str, bool] = field(default_factory=dict)
    buyer: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()

    def words_of(self, kind: str) -> Mapping[str, str | bool]:
        """Properties that a new client of this kind gets."""
        return next(known.words for known in self.kinds if known.kind == kind)


IN_LAW = "ЮридическоеФизическоеЛицо"
FIRM, HUMAN = "ЮридическоеЛицо", "ФизическоеЛицо"
ADDRESS_KINDS = {"legal_address": "ЮрАдресКонтрагента", "actual_address": "ФактАдресКонтрагента"}

UNF = Configuration(
    name="unf",
    title="УНФ",
    kinds=(
        KindWords(
            kind=SOLE_TRADER,
            words={"ВидКонтрагента": "ИндивидуальныйПредприниматель", IN_LAW: HUMAN},
        ),
        KindWords(kind=PERSON, words={"ВидКонтрагента": HUMAN, IN_LAW: HUMAN}),
        KindWords(kind=STATE_BODY, words={"ВидКонтрагента": "ГосударственныйОрган", IN_LAW: FIRM}),
        KindWords(kind=LEGAL, words={"ВидКонтрагента": FIRM, IN_LAW: FIRM}),
    ),
    contact_kinds={
        "phones": "ТелефонКонтрагента",
        "emails": "EmailКонтрагента",
        **ADDRESS_KINDS,
    },
    search_copies={"phones": "НомерТелефонаДляПоиска", "emails": "АдресЭПДляПоиска"},
    new={"Покупатель": True},
    buyer=("Покупатель", "ПрочиеОтношения"),
    seller=("Поставщик",),
)

BP30 = Configuration(
    name="bp30",
    title="БП 3.0",
    kinds=(
        KindWords(
            kind=SOLE_TRADER,
            words={IN_LAW: HUMAN},
            numbers=("РегистрационныйНомер", "СвидетельствоСерияНомер"),
            inn_digits=INN_OF_A_PERSON,
        ),
        KindWords(kind=PERSON, words={IN_LAW: HUMAN}),
        KindWords(kind=STATE_BODY, words={IN_LAW: FIRM, "ГосударственныйОрган": True}),
        KindWords(kind=LEGAL, words={IN_LAW: FIRM}),
    ),
    contact_kinds={
        "phones": "ТелефонКонтрагента",
        "emails": "EmailКонтрагенты",
        **ADDRESS_KINDS,
    },
    names={"person_name": "НаименованиеПолное"},
    titles={SOLE_TRADER: ("Индивидуальный предприниматель ", "ИП ")},
)

CONFIGURATIONS = (BP30, UNF)
"""In the order in which a base is recognised: by the kinds of contact information it has."""

NOT_EXCHANGED_YET = {"EmailПартнера": "УТ 11"}
"""Configurations that are recognised by a kind of theirs, and refused."""
