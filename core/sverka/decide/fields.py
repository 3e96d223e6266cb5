"""The three-way decision: what each side did to each field since both last agreed."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from sverka.decide.items import merge_items
from sverka.entities.declared import Entity, Field, InLaw, Owner
from sverka.records import Fate, Item, ItemChanges, Link, Record, SideName, Value, Values
from sverka.settings import Winner

NOTHING_OWNED: Set[str] = frozenset()
NO_EXCEPTIONS: Mapping[str, "Winner"] = {}


class Verb(StrEnum):
    """What to do with one field."""

    NOTHING = "nothing"
    TO_PORTAL = "to portal"
    TO_INFOBASE = "to infobase"
    CONFLICT = "conflict"


VERBS: Mapping[tuple[Fate, Fate], Verb] = {
    # First what happened on the portal, then in the infobase.
    (Fate.SAME, Fate.SAME): Verb.NOTHING,
    (Fate.EDITED, Fate.SAME): Verb.TO_INFOBASE,
    (Fate.SAME, Fate.EDITED): Verb.TO_PORTAL,
    (Fate.EDITED, Fate.EDITED): Verb.CONFLICT,
}

WINNING: Mapping[Winner, Verb] = {
    Winner.INFOBASE: Verb.TO_PORTAL,
    Winner.PORTAL: Verb.TO_INFOBASE,
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """The value of one side stays; the loser's goes into the history.

    Attributes:
        owned: The field is the infobase's, and only the portal edited it; else both sides did.
    """

    field: str
    portal: str
    infobase: str
    winner: Winner
    owned: bool = False


@dataclass(slots=True)
class Decision:
    """What one pair of records needs, by side."""

    portal: dict[str, Value | ItemChanges] = field(default_factory=dict)
    infobase: dict[str, Value | ItemChanges] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def written(self, side: SideName) -> dict[str, Value | ItemChanges]:
        return self.portal if side is SideName.PORTAL else self.infobase


def decide(
    entity: Entity,
    portal: Record,
    infobase: Record,
    *,
    link: Link | None,
    winner: Winner,
    portal_carries: frozenset[str],
    owned: Set[str] = NOTHING_OWNED,
    winners: Mapping[str, Winner] = NO_EXCEPTIONS,
) -> Decision:
    """Decide each field of a pair.

    Args:
        link: None for a pair that was just found: then blanks are filled, and where both
            sides differ the winner's value stays.
        portal_carries: Names of the fields that the portal can hold for this record.
        owned: Names of the fields that only 1C changes, besides those declared so.
        winners: Whose value stays by field, where it is not `winner`'s.
    """
    bases = (link.portal_base, link.infobase_base) if link else ({}, {})
    decision = Decision()
    for declared in entity.fields:
        if declared.name not in portal_carries:
            continue
        is_owned = declared.owner is Owner.INFOBASE or declared.name in owned
        if declared.multiple and is_owned and link:
            _take_back_items(declared, portal.values, infobase.values, decision)
        elif declared.multiple:
            _decide_items(declared, portal.values, infobase.values, bases, decision)
            if is_owned:
                decision.infobase.pop(declared.name, None)
        else:
            rule = Winner.INFOBASE if is_owned else winners.get(declared.name, winner)
            _decide_scalar(declared, portal.values, infobase.values, bases, rule, decision)
            edited = is_owned and decision.infobase.pop(declared.name, None) is not None
            # At a first meeting nothing is an edit, and an empty value never wipes; what the
            # base cannot say is nobody's but the portal's.
            has_said = (
                declared.name in infobase.values if link else infobase.values.get(declared.name)
            )
            if edited and has_said:
                _take_back(declared, portal.values, infobase.values, decision)
    return decision


def fate(name: str, now: Values, base: Values) -> Fate:
    """What a side did to a field. A side that does not carry it did nothing to it."""
    if name not in now:
        return Fate.SAME
    if name not in base:
        # Nobody agreed on it yet: an empty value is no edit, and never wipes.
        return Fate.EDITED if now[name] else Fate.SAME
    return Fate.SAME if now[name] == base[name] else Fate.EDITED


def _decide_scalar(
    declared: Field,
    portal: Values,
    infobase: Values,
    bases: tuple[Values, Values],
    winner: Winner,
    decision: Decision,
) -> None:
    name = declared.name
    if same(portal.get(name), infobase.get(name)):
        return
    if isinstance(declared.kind, InLaw):
        if name not in portal or name not in infobase:
            return
        # A requisite that came later is measured by what 1C showed, and the other way round.
        bases = ({**bases[1], **bases[0]}, {**bases[0], **bases[1]})
    elif name not in portal or name not in infobase:
        # The requisite, or УТ's counterparty, that would hold it is not there: nobody agreed.
        bases = ({}, {})
    verb = VERBS[fate(name, portal, bases[0]), fate(name, infobase, bases[1])]
    if verb is Verb.CONFLICT:
        verb = WINNING[winner]
        values = (str(portal.get(name, "")), str(infobase.get(name, "")))
        decision.conflicts.append(Conflict(name, *values, winner))
    if verb is Verb.TO_PORTAL:
        decision.portal[name] = infobase.get(name, declared.empty)
    elif verb is Verb.TO_INFOBASE:
        decision.infobase[name] = portal.get(name, declared.empty)


def _take_back(declared: Field, portal: Values, infobase: Values, decision: Decision) -> None:
    name = declared.name
    decision.portal[name] = infobase.get(name, declared.empty)
    texts = (str(portal.get(name, "")), str(infobase.get(name, "")))
    decision.conflicts.append(Conflict(name, *texts, Winner.INFOBASE, owned=True))


def same(one: Value | None, other: Value | None) -> bool:
    """A value that is equal is not written, whatever happened to it."""
    return one == other


def _decide_items(
    declared: Field,
    portal: Values,
    infobase: Values,
    bases: tuple[Values, Values],
    decision: Decision,
) -> None:
    name = declared.name
    now = [_items(values.get(name)) for values in (portal, infobase)]
    base = [_items(values.get(name)) for values in bases]
    if changes := merge_items(now[0], base[0], now[1], base[1]):
        decision.portal[name] = changes
    if changes := merge_items(now[1], base[1], now[0], base[0]):
        decision.infobase[name] = changes


def _take_back_items(declared: Field, portal: Values, infobase: Values, decision: Decision) -> None:
    """The portal gets just the items of 1C."""
    name = declared.name
    mine, theirs = _items(portal.get(name)), _items(infobase.get(name))
    if changes := merge_items(mine, mine, theirs, mine):
        decision.portal[name] = changes
    told = [", ".join(item.value for item in items) for items in (mine, theirs)]
    if any(item not in theirs for item in mine):
        decision.conflicts.append(Conflict(name, told[0], told[1], Winner.INFOBASE, owned=True))


def _items(value: Value | None) -> tuple[Item, ...]:
    return value if isinstance(value, tuple) else ()


def settled(now: Values, written: Mapping[str, Value | ItemChanges]) -> dict[str, Value]:
    """The values of a side after `written` was written over `now`."""
    values = dict(now)
    for name, value in written.items():
        if isinstance(value, ItemChanges):
            values[name] = value.applied_to(_items(values.get(name)))
        else:
            values[name] = value
    return values
