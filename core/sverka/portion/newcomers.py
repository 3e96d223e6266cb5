"""Realtime's newcomers: the same client may be entered on both sides within a second.

Whoever is made on the other side the moment he is seen meets his twin there, whom nobody has read
yet. So a newcomer waits a little, and both sides are looked at before he is carried over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sverka.asks import Flow, LinksOf, await_signal, load, now, save, tell
from sverka.decide.matching import search_keys
from sverka.records import Fate, Record, SearchKeys, SideName, Waiting
from sverka.sides.side import Side

LOOKED = "looked"
LOOK_MAX_S = 2.0
"""So long the looks are waited for: a side that is slow or away keeps no others back."""


def changes_signal(side: str) -> str:
    """The signal that a side has news; who gives it spares the wait for the next poll."""
    return f"changes.{side}"


@dataclass(slots=True)
class Newcomers:
    """Holds back who has no pair yet.

    Attributes:
        settle_s: How long.
        listened_to: Whose changes are taken over.
        looked_s: When the last whole look at a side began, unix seconds.
    """

    settle_s: float
    sides: Mapping[SideName, Side]
    listened_to: tuple[SideName, ...]
    looked_s: dict[SideName, float] = field(default_factory=dict)

    def settled(self, due: Sequence[Waiting]) -> Flow[bool]:
        """Whether `due` may go as it is; else some were put off, or news may have come."""
        new = yield from self._without_link(due)
        moment_s = yield from now()
        fresh = [entry for entry in new if not entry.next_at_s]
        if fresh:
            put_off = [replace(entry, next_at_s=moment_s + self.settle_s) for entry in fresh]
            yield from save([*put_off, *(yield from self._known_by(fresh))])
            return False
        ripe_s = max((entry.next_at_s for entry in new), default=0.0)
        if self._looked(ripe_s):
            return True
        yield from self._look(moment_s)
        return False

    def _without_link(self, due: Sequence[Waiting]) -> Flow[list[Waiting]]:
        new: list[Waiting] = []
        for side in SideName if self.settle_s else ():
            mine = [entry for entry in due if entry.side is side and entry.fate is not Fate.GONE]
            links = (yield from load(LinksOf(side, tuple(e.key for e in mine)))) if mine else []
            linked = {link.key(side) for link in links}
            new += [entry for entry in mine if entry.key not in linked]
        return new

    def _looked(self, since_s: float) -> bool:
        return all(self.looked_s.get(side, 0.0) >= since_s for side in self.listened_to)

    def _known_by(self, fresh: Sequence[Waiting]) -> Flow[list[SearchKeys]]:
        """By what those who wait can be found by a twin who does not wait any more."""
        keys: list[SearchKeys] = []
        for side in SideName:
            mine = [entry.key for entry in fresh if entry.side is side]
            shown = (yield from self.sides[side].read(mine)) if mine else {}
            keys += [search_keys(end) for end in shown.values() if isinstance(end, Record)]
        return keys

    def _look(self, since_s: float) -> Flow[None]:
        """Have both sides looked at anew; who does not answer in time is not waited for."""
        for side in self.listened_to:
            yield from tell(changes_signal(side))
        left_s = LOOK_MAX_S
        while left_s > 0 and not self._looked(since_s):
            yield from await_signal(LOOKED, left_s)
            left_s = since_s + LOOK_MAX_S - (yield from now())
        for side in self.listened_to:
            self.looked_s[side] = max(self.looked_s.get(side, 0.0), since_s)
