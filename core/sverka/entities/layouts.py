"""The vocabulary in which a 1C configuration says where things are and what it calls them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sverka.entities.clients import ClientKind
from sverka.entities.declared import Entity


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
    """One set that holds a record of the exchange, or a part of it.

    Attributes:
        fields: Names of the declared fields that live there.
        kinds: The first that fits is the kind of a record; none where there are no kinds.
        owner: Property that names the record's card, `""` in the card itself.
        ended: Flag of a periodic register's row that is over, `""` in a catalogue. Such a place
            gets a new row for each change.
        new: Properties that only a new record gets.
        buyer, seller: Flags: who only sells is no client.
        only_buyers: Who has none of these flags is no client either: a partner that is a group.
    """

    set_name: str
    fields: frozenset[str]
    kinds: tuple[KindWords, ...] = ()
    owner: str = ""
    ended: str = ""
    new: Mapping[str, str | bool] = field(default_factory=dict)
    buyer: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()
    only_buyers: bool = False

    def words_of(self, kind: str) -> Mapping[str, str | bool]:
        """Properties that a new record of this kind gets."""
        return next((known.words for known in self.kinds if known.kind == kind), {})

    def words_for(self, kind: str) -> Mapping[str, str | bool]:
        """Properties that make a present record one of this kind.

        Flags of other kinds go, and numbers that alone would tell that he is of another one.
        """
        words = self.words_of(kind)
        if not words:
            return {}
        others = [known for known in self.kinds if known.kind != kind]
        flags = {n: False for one in others for n, w in one.words.items() if isinstance(w, bool)}
        telling = {n: "" for one in others if one.words == words for n in one.numbers}
        return {**flags, **telling, **words}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Join:
    """A record of another catalogue that a card names; its properties stand for the card's own.

    Attributes:
        by: The card's property with the GUID of that record.
        columns: Names in that catalogue by the names under which the card seems to have them.
        found_by: Of these the one by which the record is found when a card is written.
        is_made: One that is not there is made.
        type_name: What the card says of the catalogue beside `by`, `""` where it says nothing.
    """

    set_name: str
    by: str
    columns: Mapping[str, str]
    found_by: str
    is_made: bool = False
    type_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where one entity is in a configuration, and under which names.

    Attributes:
        card: Where a record is; its GUID is the record's.
        details: Where a part of it is, if that is another set.
        contact_kinds: Predefined kinds of contact information by field.
        names: Properties by field where they differ from those that the field declares.
        titles: Words before the name of a person of this kind: read without, written with one.
        words: Properties by field that hold its words one by one; they are only written.
        search_copies: Properties that hold a copy of the first phone or e-mail, by field.
        owned_by: Type of the owner where records of several catalogues may be one, else `""`.
        joins: Records of other catalogues that belong to the card.
        part_of: Property that names the card of which each record is a further detail, `""` where
            the records stand for themselves.
        called: Fields whose values together name a new card that has no name of its own.
    """

    entity: Entity
    card: Place
    details: Place | None = None
    contact_kinds: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search_copies: Mapping[str, str] = field(default_factory=dict)
    owned_by: str = ""
    joins: tuple[Join, ...] = ()
    part_of: str = ""
    called: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.card, self.details) if self.details else (self.card,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Configuration:
    """One configuration, with a layout for each entity that is exchanged with it.

    Attributes:
        known_by: Predefined kinds of contact information that it has beside those of its clients,
            and the next one does not.
    """

    name: str
    title: str
    clients: Layout
    persons: Layout
    accounts: Layout
    counterparties: Layout | None = None
    known_by: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        """Predefined kinds of contact information by which it is recognised."""
        return self.known_by | set(self.clients.contact_kinds.values())

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """In the order in which their records depend on each other."""
        further = (self.counterparties,) if self.counterparties else ()
        return (self.clients, *further, self.persons, self.accounts)
