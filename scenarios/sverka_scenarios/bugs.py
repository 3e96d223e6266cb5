"""Planted bugs: defects of real integrations, switched on in the core to prove that they are found.

Each replaces one decision of the core while it is planted. None of them is in the core itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from sverka import engine
from sverka.asks import Flow
from sverka.portion import Portion
from sverka.records import Fate, Value, Values
from sverka.sides.side import Side


@dataclass(frozen=True, slots=True)
class Bug:
    """One defect.

    Attributes:
        caught_by: The scenario that must fail while it is planted.
        replacements: What stands where instead, by dotted name.
    """

    name: str
    story: str
    caught_by: str
    replacements: Mapping[str, Any]  # Any: functions of several kinds


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
    )
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The core has this bug inside the block; `""` plants none."""
    with ExitStack() as stack:
        for place, instead in BUGS[name].replacements.items() if name else ():
            stack.enter_context(patch(place, instead))
        yield
