"""Who is who: the criteria in their order, and what to do when they find none or too many."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from sverka.entities.accounts import BANK_ACCOUNT
from sverka.entities.clients import CLIENT
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.persons import CONTACT_PERSON
from sverka.records import Item, Record, Review, SearchKeys, Values, split_key
from sverka.settings import Criterion, Policy

EXTERNAL = "external ID"
MARKED_INN = "INN of a marked one"
"""By this nobody is recognised: it only lets who looks alike be warned of."""
NAME_IN_COMPANY = "name within the company"
NUMBER = "account number of the client"
NUMBERS_OF_CLIENT = "INN+KPP or name within the client"

Found = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Keys of records by criterion and value."""

NOBODY: Found = {}

WITHIN: Mapping[str, str] = {
    CONTACT_PERSON.name: NAME_IN_COMPANY,
    BANK_ACCOUNT.name: NUMBER,
    COUNTERPARTY.name: NUMBERS_OF_CLIENT,
}
"""By what a record that belongs to a client is known there."""

Keys = Mapping[str, tuple[str, ...]]
"""Values of one record by criterion, as in `SearchKeys`."""

NO_KEYS: Keys = {}

PARTS: Mapping[str, frozenset[str]] = {
    BANK_ACCOUNT.name: frozenset(("account", "bankdetail")),
    COUNTERPARTY.name: frozenset(("counterparty", "requisite")),
}
"""What keys begin with, by entity, where no other one's do."""
ALL_PARTS = frozenset().union(*PARTS.values())

LEGAL_FORMS = frozenset(("ооо", "ао", "пао", "зао", "оао", "нао", "ип", "ано", "нко", "тсж"))
NO_QUOTES = str.maketrans(dict.fromkeys("\"'«»„“”", " "))


@dataclass(frozen=True, slots=True)
class Matched:
    """It is this record."""

    key: str
    by: str


@dataclass(frozen=True, slots=True)
class New:
    """It is nobody we know; `hint` warns of what looks alike."""

    hint: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A person has to choose among the candidates."""

    by: str
    candidates: tuple[str, ...]


Match = Matched | New | Unclear


@dataclass(frozen=True, slots=True)
class Hits:
    """What one criterion found: keys on the other side.

    Attributes:
        rivals: Others on the record's own side could claim the same hit.
    """

    by: str
    keys: tuple[str, ...]
    rivals: bool = False

    @property
    def sole(self) -> bool:
        return len(self.keys) == 1 and not self.rivals


def match(hits: Sequence[Hits], *, taken: Set[str], policy: Policy, review: Review | None) -> Match:
    """Choose by the first criterion with exactly one hit.

    Args:
        hits: In the order of the criteria, the external ID first.
        taken: Keys that are linked to somebody else. They count as hits, but are not linked.
        review: What a person decided about this record before.
    """
    if review is not None and review.decided:
        return New() if review.decided == "new" else Matched(review.decided, "decision")
    unclear: Unclear | None = None
    for hit in hits:
        if hit.sole and hit.keys[0] not in taken:
            return Matched(hit.keys[0], hit.by)
        if hit.keys and unclear is None:
            unclear = Unclear(hit.by, hit.keys)
        if hit.sole:
            break
    if unclear is None:
        return New()
    if policy is Policy.MODULE:
        return New(f"{unclear.by} also on {', '.join(unclear.candidates)}")
    return unclear


def criteria_of(entity: str, of_clients: Sequence[Criterion]) -> tuple[str, ...]:
    """What comes after the external ID; what belongs to a client is known within him only."""
    return tuple(of_clients) if entity == CLIENT.name else (WITHIN[entity],)


def search_keys(record: Record) -> SearchKeys:
    """What this record can be found by from the other side; nothing if it is outside.

    A client that is marked for deletion is no candidate, but one to be warned of.
    """
    if record.marked and record.entity == CLIENT.name:
        inn = _folded(record, "inn")
        marked = {MARKED_INN: (inn,)} if inn else NO_KEYS
        return SearchKeys(side=record.side, key=record.key, found_by=marked)
    if record.outside:
        return SearchKeys(side=record.side, key=record.key, found_by={})
    values = _KEYS[record.entity](record)
    found_by = {by: tuple(v for v in found if v) for by, found in values.items()}
    return SearchKeys(side=record.side, key=record.key, found_by=found_by)


def _of_person(record: Record) -> Keys:
    return _within(record, name_key(_folded(record, "name")))


def _of_account(record: Record) -> Keys:
    return _within(record, _folded(record, "number"))


def _of_counterparty(record: Record) -> Keys:
    named = _folded(record, "full_name") or _folded(record, "person_name")
    return _within(record, _inn_kpp(record) or name_key(named))


def _within(record: Record, value: str) -> Keys:
    """The owner goes by the key of the record's own side."""
    within = f"{record.values.get('owner', '')}/{value}"
    return {EXTERNAL: (record.external,), WITHIN[record.entity]: (within,)}


def _of_client(record: Record) -> Keys:
    meant = (record, *record.rivals)
    return {
        EXTERNAL: (record.external,),
        Criterion.NAME: (name_key(_folded(record, "name")),),
        Criterion.EMAIL: _each(record, "emails"),
        Criterion.PHONE: _each(record, "phones"),
        Criterion.INN: tuple(_folded(one, "inn") for one in meant),
        Criterion.INN_KPP: tuple(map(_inn_kpp, meant)),
    }


_KEYS: Mapping[str, Callable[[Record], Keys]] = {
    CLIENT.name: _of_client,
    CONTACT_PERSON.name: _of_person,
    BANK_ACCOUNT.name: _of_account,
    COUNTERPARTY.name: _of_counterparty,
}


def _folded(record: Record, name: str) -> str:
    return _text(record.values, name)


def _text(values: Values, name: str) -> str:
    return " ".join(str(values.get(name, "")).casefold().split())


def name_key(folded: str) -> str:
    """`ооо "ромашка"` and `ромашка ооо` are one: no quotes, the legal form at the end."""
    words = folded.translate(NO_QUOTES).split()
    if words and words[0] in LEGAL_FORMS:
        words = [*words[1:], words[0]]
    return " ".join(words)


def _each(record: Record, name: str) -> tuple[str, ...]:
    return tuple(item.value for item in record.values.get(name, ()) if isinstance(item, Item))


def _inn_kpp(record: Record) -> str:
    return inn_kpp(record.values)


def inn_kpp(values: Values) -> str:
    """Both numbers, by which a client is found; `""` without an INN."""
    # Empty equals empty: a sole trader has no KPP, and that is not 'any'.
    inn = _text(values, "inn")
    return f"{inn}/{_text(values, 'kpp')}" if inn else ""


def likes(sought: Keys, found: Found) -> list[str]:
    """Who bears his INN, those marked for deletion with a word about it."""
    return [
        key if by is Criterion.INN else f"{key}, marked for deletion"
        for by in (Criterion.INN, MARKED_INN)
        for value in sought.get(Criterion.INN, ())
        for key in found.get(by, {}).get(value, ())
    ]


def fits(key: str, entity: str) -> bool:
    """A mark may stand on a client and on a requisite of another one: only alikes are pairs."""
    what = split_key(key)[0]
    return what in PARTS[entity] if entity in PARTS else what not in ALL_PARTS


def hits_of(
    sought: Keys,
    found: Found,
    criteria: Sequence[str],
    *,
    entity: str = CLIENT.name,
    mine: Keys = NO_KEYS,
    own: Found = NOBODY,
) -> list[Hits]:
    """The hits of a record.

    Args:
        sought: What the record is looked for by on the other side.
        found: Who bears these values there.
        mine: What the record can be found by on its own side.
        own: Who bears those values there, itself included.
    """
    hits = []
    for by in criteria:
        keys = {
            key: None
            for value in sought.get(by, ())
            for key in found.get(by, {}).get(value, ())
            if fits(key, entity)
        }
        rivals = any(len(own.get(by, {}).get(value, ())) > 1 for value in mine.get(by, ()))
        hits.append(Hits(by, tuple(keys), rivals))
    return hits
