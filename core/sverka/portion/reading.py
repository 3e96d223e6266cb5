"""Whole records of both sides, and what they tell of doubtful updates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sverka.asks import Flow, now, save
from sverka.decide.agreement import arrived, confirmed, narrowed, redone
from sverka.decide.matching import search_keys
from sverka.decide.own_part import meant
from sverka.entities.exchanged import ENTITIES
from sverka.portion.pairs import Pair
from sverka.portion.telling import Telling
from sverka.records import Fate, Level, Link, Record, SearchKeys, SideName, Waiting
from sverka.sides.side import PartOf, Side, Unread

REDONE = (
    "a doubtful update is made again: if it had arrived, what a person has done to these "
    "values since is undone"
)
LOOKS = 3
"""So often a record that changed is looked for before it is taken for gone."""


@dataclass(slots=True)
class Reading:
    """Reads the records of pairs.

    Attributes:
        known: Records by key that were read whole earlier in the pass; each is used once.
    """

    sides: Mapping[SideName, Side]
    known: dict[str, Record]
    telling: Telling

    def read_whole(self, pairs: Sequence[Pair]) -> Flow[None]:
        yield from self.read(pairs)
        for pair in pairs:
            leave_if_not_there_yet(pair)
        keys = [search_keys(r) for pair in pairs for r in pair.records.values()]
        keys += [SearchKeys(side=side, key=key, found_by={}) for side, key in _missing(pairs)]
        links = [link for pair in pairs if (link := _cleared(pair))]
        doubtful = [pair for pair in pairs if pair.doubts and not pair.unread]
        doubts = [intent for pair in doubtful for intent in pair.doubts]
        moment_s = yield from now()
        # Told with the doubts' end: nobody can tell it later.
        told = [line for pair in doubtful for line in self.telling.lines(pair, moment_s)]
        yield from save(puts=[*keys, *links, *told, *_wholes(pairs)], drops=doubts)

    def read(self, pairs: Iterable[Pair]) -> Flow[None]:
        pairs = list(pairs)
        for pair in pairs:
            for side, key in pair.keys.items():
                if side not in pair.records and (known := self.known.pop(key, None)):
                    pair.records[side] = known
                    pair.aged = True
        for side in SideName:
            wanted = [
                pair.keys[side] for pair in pairs if side in pair.keys and side not in pair.records
            ]
            found = (yield from self.sides[side].read(wanted)) if wanted else {}
            for pair in pairs:
                match found.get(pair.keys.get(side, "")):
                    case Record() as record:
                        pair.records[side] = record
                    case Unread() as unread if not pair.unread:
                        pair.leave(unread)
                    case PartOf(key):
                        pair.part_of = side, key
                        pair.close(f"counts for {key}")
        for pair in pairs:
            if len(pair.records) == len(SideName):
                pair.records = meant(pair.records, pair.link)


def _missing(pairs: Iterable[Pair]) -> Iterator[tuple[SideName, str]]:
    for pair in pairs:
        for side, key in pair.keys.items():
            if side not in pair.records and not pair.unread:
                yield side, key


def _wholes(pairs: Sequence[Pair]) -> list[Waiting]:
    """Whom parts count for, as changes of theirs; who is in work himself is read anyhow."""
    in_work = {(side, key) for pair in pairs for side, key in pair.keys.items()}
    wholes = dict.fromkeys(pair.part_of for pair in pairs if pair.part_of)
    return [Waiting(side=whole[0], key=whole[1]) for whole in wholes if whole not in in_work]


def _cleared(pair: Pair) -> Link | None:
    """The link if a doubtful update of the pair has arrived after all."""
    before = pair.link
    for intent in pair.doubts:
        target = pair.records.get(intent.side)
        if before and pair.link and target:
            base = before.base(intent.side)
            came = arrived(intent, target.values, base, target.homes)
            if came:
                pair.link = confirmed(pair.link, narrowed(intent, came), before)
            if stayed := intent.target_base.keys() - came:
                pair.tell(Level.WARNING, REDONE, redone(narrowed(intent, stayed), base))
    return pair.link if pair.link is not before else None


def _is_half_made(record: Record) -> bool:
    """What would name its owner is not there at all, as after a write that broke off."""
    return any(name not in record.values for name in ENTITIES[record.entity].refs)


def leave_if_not_there_yet(pair: Pair) -> None:
    """A change may be told before its record can be read; only a deletion says that it is gone."""
    for entry in pair.waiting:
        told = entry.fate is not Fate.GONE and pair.keys.get(entry.side) == entry.key
        if told and entry.side not in pair.records and entry.tries < LOOKS and not pair.closed:
            pair.leave(Unread(f"{entry.key} changed at the {entry.side}, but is not there yet"))


def close_if_gone(pair: Pair) -> None:
    if pair.closed:
        return
    for side, key in pair.keys.items():
        record = pair.records.get(side)
        if record is None:
            level = Level.WARNING if pair.link else None
            pair.close(f"{key} is gone from the {side}; its pair is left as it is", level)
        elif record.outside and not (pair.link and _is_half_made(record)):
            level = Level.INFO if pair.link else None
            pair.close(f"{key} is not exchanged: {record.outside}", level)
    if len({record.entity for record in pair.records.values()}) > 1 and not pair.closed:
        pair.close(f"{' and '.join(pair.keys.values())} are of two kinds now", Level.INFO)
