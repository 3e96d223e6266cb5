"""Planted bugs: defects of real integrations, switched on in the core to prove that they are found.

Each replaces one decision of the core while it is planted. None of them is in the core itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from sverka import engine
from sverka.asks import Flow
from sverka.decide.items import Items
from sverka.decide.matching import Hits, search_keys
from sverka.portion import Portion
from sverka.records import Fate, Item, ItemChanges, Record, SearchKeys, Value, Values
from sverka.settings import Criterion
from sverka.sides.side import Side


@dataclass(frozen=True, slots=True)
class Bug:
    """One defect.

    Attributes:
        caught_by: The scenario that must fail while it is planted.
        replacements: What stands where instead, by dotted name.
        by_chance: Random lives meet it too; else nobody lives in them who would show it.
    """

    name: str
    story: str
    caught_by: str
    replacements: Mapping[str, Any]  # Any: functions of several kinds
    by_chance: bool = True


def _forget_intents(self: Portion) -> Flow[None]:
    """Nothing is looked up after a doubtful create."""
    return
    yield


def _confirm_first(side: Side) -> Flow[None]:
    """The source forgets the changes before the journal has them."""
    more = True
    while more:
        feed = yield from side.changes()
        yield from side.confirm(feed)
        yield from engine.keep(feed)
        more = feed.more


def _never_same(one: Value | None, other: Value | None) -> bool:
    return False


def _always_edited(name: str, now: Values, base: Values) -> Fate:
    """A changed version is taken for a change of every value."""
    return Fate.EDITED if name in now else Fate.SAME


def _any_hit(self: Hits) -> bool:
    """The first of several hits is as good as a single one."""
    return bool(self.keys)


def _inn_alone(record: Record) -> str:
    """Branches of one firm are the same client."""
    return str(record.values.get("inn", ""))


def _kpp_or_none(record: Record) -> SearchKeys:
    """Who has a KPP is found by the lack of one as well."""
    keys = search_keys(record)
    pairs = keys.found_by.get(Criterion.INN_KPP, ())
    any_kpp = tuple(f"{pair.partition('/')[0]}/" for pair in pairs)
    found_by = {**keys.found_by, Criterion.INN_KPP: tuple(dict.fromkeys((*pairs, *any_kpp)))}
    return replace(keys, found_by=found_by)


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


BUGS = {
    bug.name: bug
    for bug in (
        Bug(
            "creates-again",
            "a create whose reply was lost is made again without looking it up",
            "LF-07",
            {"sverka.portion.Portion.recover": _forget_intents},
        ),
        Bug(
            "confirms-early",
            "changes are confirmed at their source before the journal has them",
            "RU-01",
            {"sverka.engine.collect": _confirm_first},
        ),
        Bug(
            "echoes",
            "its own write, coming back as a change, is sent on though the value is equal",
            "CL-02",
            {
                "sverka.decide.fields.same": _never_same,
                "sverka.decide.fields.fate": _always_edited,
            },
        ),
        Bug(
            "takes-the-first",
            "of several candidates the first one is linked",
            "MD-04",
            {"sverka.decide.matching.Hits.sole": property(_any_hit)},
            by_chance=False,
        ),
        Bug(
            "inn-alone",
            "INN+KPP compares the INN alone, so a branch is its head office",
            "MD-07",
            {"sverka.decide.matching._inn_kpp": _inn_alone},
            by_chance=False,
        ),
        Bug(
            "empty-kpp-is-any",
            "an empty KPP stands for any",
            "MD-10",
            {
                f"sverka.{place}.search_keys": _kpp_or_none
                for place in ("decide.matching", "portion", "engine")
            },
            by_chance=False,
        ),
        Bug(
            "phones-as-text",
            "phones are compared as they are written",
            "MD-08",
            {"sverka.entities.declared.normal_phone": str.strip},
            by_chance=False,
        ),
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
            {"sverka.wire.b24_clients._item_rows": _rows_without_ids},
        ),
    )
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The core has this bug inside the block; `""` plants none."""
    with ExitStack() as stack:
        for place, instead in BUGS[name].replacements.items() if name else ():
            stack.enter_context(patch(place, instead))
        yield
