"""Bugs in what is decided and kept of values: fields, phones, requisites, conflicts."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from sverka.decide.agreement import agreed
from sverka.decide.fields import Conflict, Decision, decide
from sverka.decide.items import Items
from sverka.decide.telling import Said, tell_conflict
from sverka.entities.declared import Digits, Entity
from sverka.records import Fate, Item, ItemChanges, Link, Record, SideName, Values
from sverka.wire.b24 import Json
from sverka.wire.b24_requisites import Choice
from sverka_scenarios.bugs.bug import Bug

digits_of = Digits.normal


def _first_of(card: Mapping[str, Json], requisites: Sequence[Mapping[str, Json]]) -> Choice:
    return Choice(min(requisites, key=lambda row: int(row["ID"]), default=None))


def _without_parts(*row: Any) -> dict[str, str]:
    """Nobody remembers what hangs on a card."""
    return {}


def _any_of_them(records: Mapping[SideName, Record], link: Link | None) -> Any:
    return records


def _whole_list(mine: Items, mine_base: Items, theirs: Items, theirs_base: Items) -> ItemChanges:
    """What the other side has replaces what is here."""
    return ItemChanges(
        added=tuple(Item(item.value) for item in theirs if item not in mine),
        removed=tuple(item for item in mine if item not in theirs),
    )


def _rows_without_ids(changes: ItemChanges) -> list[dict[str, str]]:
    """A changed value is sent as a new one."""
    new = [*(new for _, new in changes.changed), *changes.added]
    return [{"VALUE": item.value, "VALUE_TYPE": item.label or "WORK"} for item in new]


def _without_owners(entity: Entity, *sides: Record, link: Link | None, **more: Any) -> Decision:
    """Who belongs to whom is settled once."""
    decision = decide(entity, *sides, link=link, **more)
    for written in (decision.portal, decision.infobase) if link else ():
        written.pop("owner", None)
    return decision


def _owned_by_nobody(*pair: Any, owned: Set[str], **more: Any) -> Decision:
    return decide(*pair, **more)


def _agree_on_all(*records: Record | None, stayed: Set[str], **more: Any) -> Link:  # Any: as there
    return agreed(*records, **more)


def _whoever_differs(name: str, now: Values, base: Values) -> Fate:
    """A value that was never agreed on is an edit, be it empty."""
    return Fate.EDITED if now.get(name, "") != base.get(name) else Fate.SAME


def _tell_winner(conflict: Conflict) -> Said:
    return replace(tell_conflict(conflict), values={})


def _number(self: Digits, text: str) -> str:
    """A number that is a name is kept as a number."""
    return digits_of(self, text).lstrip("0")


BUGS = (
    Bug(
        "phones-replaced",
        "the list of phones is replaced whole, with those that others typed",
        "CR-11",
        {"sverka.decide.fields.merge_items": _whole_list},
    ),
    Bug(
        "phones-multiply",
        "a changed phone is sent without its id, and stands beside the old one",
        "CR-11",
        {"sverka.wire.b24_cards._item_rows": _rows_without_ids},
    ),
    Bug(
        "empty-wipes",
        "an empty value wipes a filled one at a first meeting",
        "CL-06",
        {"sverka.decide.fields.fate": _whoever_differs},
        in_random_lives=False,
    ),
    Bug(
        "forgets-the-loser",
        "the value that lost a conflict is kept nowhere",
        "CL-05",
        {"sverka.portion.noting.tell_conflict": _tell_winner},
    ),
    Bug(
        "drops-zeros",
        "the zeros in front of a number are lost",
        "LF-11",
        {"sverka.entities.declared.Digits.normal": _number},
        in_random_lives=False,
    ),
    Bug(
        "bound-for-ever",
        "a contact person who moves to another company stays with the first one",
        "CR-16",
        {"sverka.portion.deciding.decide": _without_owners},
        in_random_lives=False,
    ),
    Bug(
        "owned-by-nobody",
        "a field that is 1C's is changed there by an edit on the portal",
        "CL-18",
        {"sverka.decide.kinds.decide": _owned_by_nobody},
        in_random_lives=False,
    ),
    Bug(
        "first-requisite",
        "of a merged company the loser's requisite is taken, and overwrites the survivor in 1C",
        "CL-17",
        {"sverka.sides.portal_parts.choose": _first_of},
        in_random_lives=False,
    ),
    Bug(
        "requisite-anew",
        "a requisite that is on the portal already is not known, and another one is made",
        "CR-04",
        {"sverka.wire.b24_cards.parts_of_requisite": _without_parts},
    ),
    Bug(
        "any-requisite",
        "of two requisites the older one is taken, whosever numbers it bears",
        "CR-05",
        {"sverka.portion.reading.meant": _any_of_them},
        in_random_lives=False,
    ),
    Bug(
        "half-a-kind",
        "who becomes a client of another kind gets its numbers in 1C, and stays what he was",
        "CR-08",
        {"sverka.entities.configurations.Place.words_for": lambda self, kind: {}},
        in_random_lives=False,
    ),
    Bug(
        "agrees-unsent",
        "what a direction that is off keeps back is taken for agreed on",
        "SM-05",
        {"sverka.portion.noting.agreed": _agree_on_all},
        in_random_lives=False,
    ),
)
