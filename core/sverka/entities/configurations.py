"""What each 1C configuration calls the things that are exchanged. Tables without logic.

Source: metadata of УНФ 3.0, БП 3.0 and УТ 11; predefined kinds of contact information.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sverka.entities.clients import (
    CLIENT,
    LEGAL,
    PERSON,
    SOLE_TRADER,
    STATE_BODY,
    ClientKind,
)

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """One catalogue that holds a client, or a part of him.

    Attributes:
        fields: Names of the declared fields that live there.
        kinds: The first that fits is the kind of a record.
        owner: Property that names the client's card, `""` in the card itself.
        new: Properties that only a new record gets.
        buyer, seller: Flags: who only sells is no client.
        only_buyers: Who has none of these flags is no client either: a partner that is a group.
    """

    set_name: str
    fields: frozenset[str]
    kinds: tuple[KindWords, ...]
    owner: str = ""
    new: Mapping[str, bool] = field(default_factory=dict)
    buyer: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()
    only_buyers: bool = False

    def words_of(self, kind: str) -> Mapping[str, str | bool]:
        """Properties that a new record of this kind gets."""
        return next(known.words for known in self.kinds if known.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Configuration:
    """One configuration.

    Attributes:
        card: Where a client is; its GUID is the client's.
        details: Where his numbers are, if that is another catalogue.
        contact_kinds: Predefined kinds of contact information by field.
        names: Properties by field where they differ from those that the field declares.
        titles: Words before the name of a person of this kind: read without, written with one.
        search_copies: Properties that hold a copy of the first phone or e-mail, by field.
    """

    name: str
    title: str
    card: Place
    details: Place | None = None
    contact_kinds: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search_copies: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.card, self.details) if self.details else (self.card,)


COUNTERPARTIES, PARTNERS = "Catalog_Контрагенты", "Catalog_Партнеры"
ALL = frozenset(declared.name for declared in CLIENT.fields)
CONTACTS = frozenset({"name", "phones", "emails"})

IN_LAW = "ЮридическоеФизическоеЛицо"
FIRM, HUMAN = "ЮридическоеЛицо", "ФизическоеЛицо"
ADDRESS_KINDS = {"legal_address": "ЮрАдресКонтрагента", "actual_address": "ФактАдресКонтрагента"}
TRADER_TITLES: Mapping[str, tuple[str, ...]] = {
    SOLE_TRADER: ("Индивидуальный предприниматель ", "ИП ")
}

UNF = Configuration(
    name="unf",
    title="УНФ",
    card=Place(
        set_name=COUNTERPARTIES,
        fields=ALL,
        kinds=(
            KindWords(
                kind=SOLE_TRADER,
                words={"ВидКонтрагента": "ИндивидуальныйПредприниматель", IN_LAW: HUMAN},
            ),
            KindWords(kind=PERSON, words={"ВидКонтрагента": HUMAN, IN_LAW: HUMAN}),
            KindWords(
                kind=STATE_BODY, words={"ВидКонтрагента": "ГосударственныйОрган", IN_LAW: FIRM}
            ),
            KindWords(kind=LEGAL, words={"ВидКонтрагента": FIRM, IN_LAW: FIRM}),
        ),
        new={"Покупатель": True},
        buyer=("Покупатель", "ПрочиеОтношения"),
        seller=("Поставщик",),
    ),
    contact_kinds={
        "phones": "ТелефонКонтрагента",
        "emails": "EmailКонтрагента",
        **ADDRESS_KINDS,
    },
    search_copies={"phones": "НомерТелефонаДляПоиска", "emails": "АдресЭПДляПоиска"},
)

BP30 = Configuration(
    name="bp30",
    title="БП 3.0",
    card=Place(
        set_name=COUNTERPARTIES,
        fields=ALL,
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
    ),
    contact_kinds={
        "phones": "ТелефонКонтрагента",
        "emails": "EmailКонтрагенты",
        **ADDRESS_KINDS,
    },
    names={"person_name": "НаименованиеПолное"},
    titles=TRADER_TITLES,
)

UT11 = Configuration(
    name="ut11",
    title="УТ 11",
    card=Place(
        set_name=PARTNERS,
        fields=CONTACTS,
        kinds=(
            KindWords(kind=PERSON, words={"ЮрФизЛицо": "ЧастноеЛицо"}),
            KindWords(kind=LEGAL, words={"ЮрФизЛицо": "Компания"}),
            KindWords(kind=SOLE_TRADER, words={"ЮрФизЛицо": "Компания"}),
            KindWords(kind=STATE_BODY, words={"ЮрФизЛицо": "Компания"}),
        ),
        new={"Клиент": True},
        buyer=("Клиент", "ПрочиеОтношения"),
        seller=("Поставщик",),
        only_buyers=True,
    ),
    details=Place(
        set_name=COUNTERPARTIES,
        fields=ALL - CONTACTS,
        owner="Партнер_Key",
        kinds=(
            KindWords(
                kind=SOLE_TRADER,
                words={"ЮрФизЛицо": "ИндивидуальныйПредприниматель", IN_LAW: HUMAN},
            ),
            KindWords(kind=PERSON, words={"ЮрФизЛицо": "ФизЛицо", IN_LAW: HUMAN}),
            KindWords(kind=LEGAL, words={"ЮрФизЛицо": "ЮрЛицо", IN_LAW: FIRM}),
            # УТ has no word for it; a second exchange sees a legal entity.
            KindWords(kind=STATE_BODY, words={"ЮрФизЛицо": "ЮрЛицо", IN_LAW: FIRM}),
        ),
    ),
    contact_kinds={"phones": "ТелефонПартнера", "emails": "EmailПартнера", **ADDRESS_KINDS},
    names={"person_name": "НаименованиеПолное"},
    titles=TRADER_TITLES,
)

CONFIGURATIONS = (UT11, BP30, UNF)
"""In the order in which a base is recognised: by the kinds of contact information it has."""

OWNERS = {known.details.set_name: known.details.owner for known in CONFIGURATIONS if known.details}
"""Property that names the client, by catalogue that holds a part of him."""
