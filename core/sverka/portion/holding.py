"""Clients without requisites are held for a while: their numbers may tell who they are.

On the portal a company is saved first and its requisites later. Whoever is carried over in
between cannot be recognised by INN and KPP, and is doubled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sverka.asks import CursorOf, Flow, Stored, load, now, save
from sverka.decide.fates import held_until_s
from sverka.portion.pairs import PORTAL, Pair
from sverka.records import Cursor, Level
from sverka.settings import ClientSettings

WAITS = "no requisites yet"


@dataclass(frozen=True, slots=True)
class Holding:
    """Holds clients of the portal that nobody has recognised."""

    settings: ClientSettings

    def hold(self, pairs: Sequence[Pair]) -> Flow[None]:
        """Since when one is held is kept in the journal: further edits do not prolong it."""
        puts: list[Stored] = []
        for pair in self._strangers(pairs):
            moment_s = yield from now()
            record, cursor = pair.records[PORTAL], f"held.{pair.keys[PORTAL]}"
            since = yield from load(CursorOf(cursor))
            until_s = held_until_s(self.settings, record, float(since or moment_s))
            if until_s > moment_s:
                pair.hold_until(until_s, f"{record.key} has {WAITS}")
                if not since:
                    puts.append(Cursor(name=cursor, value=str(moment_s)))
                    pair.tell(Level.INFO, f"{WAITS}: waits {until_s - moment_s:.0f} s for them")
            elif until_s:
                pair.tell(Level.WARNING, f"{WAITS}, and no longer waited for")
        yield from save(puts)

    def _strangers(self, pairs: Sequence[Pair]) -> Iterator[Pair]:
        if self.settings.hold_without_requisites_s:
            for pair in pairs:
                if not pair.closed and pair.link is None and pair.keys.keys() == {PORTAL}:
                    yield pair
