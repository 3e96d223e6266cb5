"""Which changes belong together, and what earlier, doubtful tries have left behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import CreatesOf, Flow, IntentsOf, LinksOf, WaitingOf, load, save
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, absorb
from sverka.records import Intent, Level, Link, SideName, Waiting, split_key
from sverka.sides.side import Side


@dataclass(slots=True)
class Pairing:
    """Makes the pairs of a portion."""

    sides: Mapping[SideName, Side]
    pairs: list[Pair] = field(default_factory=list)

    def pair_up(self, waiting: Sequence[Waiting]) -> Flow[None]:
        by_key: dict[tuple[SideName, str], Pair] = {}
        for side in SideName:
            keys = tuple(entry.key for entry in waiting if entry.side is side)
            for link in (yield from load(LinksOf(side, keys))):
                pair = by_key.get((side, link.key(side))) or Pair([], {}, link)
                for end in SideName:
                    pair.keys[end] = link.key(end)
                    by_key[end, link.key(end)] = pair
        for entry in (yield from with_other_ends(waiting, by_key)):
            pair = by_key.setdefault((entry.side, entry.key), Pair([], {entry.side: entry.key}))
            pair.waiting.append(entry)
        self.pairs = list({id(pair): pair for pair in by_key.values()}.values())

    def recover(self) -> Flow[None]:
        """Look up what an earlier, doubtful try may have created; never create it blindly."""
        for side in SideName:
            sources = {p.keys[side.other]: p for p in self.pairs if side.other in p.keys}
            intents = yield from load(IntentsOf(side, tuple(sources)))
            creates = [intent for intent in intents if not intent.target_key]
            for intent in intents:
                if intent.target_key:
                    sources[intent.source_key].doubts.append(intent)
            if not creates:
                continue
            found = yield from self.sides[side].find([intent.external for intent in creates])
            links = []
            for intent in creates:
                pair = sources[intent.source_key]
                if pair.link is None and (key := found.get(intent.external)):
                    links.append(self._restored(pair, intent, key))
            yield from save(puts=links, drops=creates)
        yield from self._recover_made()

    def _recover_made(self) -> Flow[None]:
        """A record that the infobase reports as new may be of our own doubtful making."""
        news = {
            split_key(key)[1]: pair
            for pair in self.pairs
            if pair.link is None and not pair.closed and (key := pair.keys.get(INFOBASE))
        }
        creates = (yield from load(CreatesOf(INFOBASE, tuple(news)))) if news else []
        links = []
        for intent in creates:
            pair = news[intent.external]
            absorb(pair, PORTAL, intent.source_key, self.pairs)
            links.append(self._restored(pair, intent, pair.keys[INFOBASE]))
        yield from save(puts=links, drops=creates)

    def _restored(self, pair: Pair, intent: Intent, key: str) -> Link:
        absorb(pair, intent.side, key, self.pairs)
        bases = {intent.side: intent.target_base, intent.side.other: intent.source_base}
        pair.link = Link.between(pair.keys, bases)
        pair.tell(Level.WARNING, f"found after a doubtful create: {key}")
        return pair.link


def with_other_ends(
    waiting: Sequence[Waiting], ends: Iterable[tuple[SideName, str]]
) -> Flow[Sequence[Waiting]]:
    """What waits for the other end of a pair is done with it: it is read but once."""
    mine = {(entry.side, entry.key) for entry in waiting}
    together = list(waiting)
    for side in SideName:
        keys = tuple(key for end, key in ends if end is side and (end, key) not in mine)
        together += (yield from load(WaitingOf(side, keys))) if keys else []
    return together
