"""Clients who went away on one side: who goes on under another ID, and whom the other follows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sverka.asks import Flow, LinksOf, load, save
from sverka.decide.fates import Removal, fated, gone_side
from sverka.decide.filters import kept_home
from sverka.entities.clients import CLIENT
from sverka.portion.departures import Departure
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, absorb
from sverka.portion.survivors import Survivors, read_again
from sverka.records import Level, Link, Record, Review, SideName, split_key, typed_key
from sverka.settings import ClientSettings, OnDeletion, Settings
from sverka.sides.side import Side, Unread


@dataclass(slots=True)
class Fates:
    """Follows the clients of a portion that are gone from one side."""

    settings: Settings
    sides: Mapping[SideName, Side]
    pairs: Sequence[Pair]
    departures: list[Departure]
    tally: Counter[str]

    def follow(self) -> Flow[None]:
        """A merge shows as a deletion, so the survivor is looked for first."""
        gone = [pair for pair in self.pairs if not pair.closed and _gone(pair)]
        survivors = Survivors(self.sides, self.pairs)
        for side in SideName:
            lost = [pair for pair in gone if _is_client(pair) and _gone(pair) is side]
            yield from survivors.look_for(lost, side)
        yield from self._know_again()
        yield from self._follow_marks()
        for pair in gone:
            if pair.link and not pair.closed:
                self._part(pair, pair.link, survivors.doubt(pair, pair.link))

    def _know_again(self) -> Flow[None]:
        """Who comes back from the portal's recycle bin has a new ID, and his old mark."""
        back: dict[str, Pair] = {}
        for pair in self.pairs:
            record = pair.records.get(PORTAL)
            if record and record.external and not (pair.closed or pair.link or len(pair.keys) > 1):
                back.setdefault(typed_key(record.entity, record.external), pair)
        links = (yield from load(LinksOf(INFOBASE, tuple(back)))) if back else []
        lost = yield from read_again(self.sides[PORTAL], [link.portal_key for link in links])
        known = {
            link.infobase_key: link.portal_key
            for link in links
            if link.portal_key not in lost
            and link.portal_key != back[link.infobase_key].keys[PORTAL]
        }
        shown = (yield from self.sides[INFOBASE].read(list(known))) if known else {}
        for key, former in known.items():
            pair = back[key]
            absorb(pair, INFOBASE, key, self.pairs)
            pair.tell(Level.INFO, f"{former} is back as {pair.keys[PORTAL]}")
            match shown.get(key):
                case Record() as record:
                    pair.records[INFOBASE] = record
                case Unread() as unread:
                    pair.leave(unread)
            close_if_marked([pair])

    def _follow_marks(self) -> Flow[None]:
        """What belongs to a client may stand under a new ID, with its mark: it was moved."""
        lost = {
            split_key(pair.keys[INFOBASE])[1]: pair
            for pair in self.pairs
            if pair.link and not (pair.closed or _is_client(pair) or PORTAL in pair.records)
        }
        found = (yield from self.sides[PORTAL].find(list(lost))) if lost else {}
        shown = yield from read_again(self.sides[PORTAL], list(found.values()))
        links = []
        for guid, key in found.items():
            pair, record = lost[guid], shown.get(key)
            if pair.link and record and record.entity == split_key(pair.keys[INFOBASE])[0]:
                pair.link = replace(pair.link, portal_key=key)
                pair.records[PORTAL] = record
                absorb(pair, PORTAL, key, self.pairs)
                links.append(pair.link)
        yield from save(links)

    def _part(self, pair: Pair, link: Link, doubt: Review | None) -> None:
        gone = _gone(pair)
        clients, directions = self.settings.clients, self.settings.directions
        if gone is None or gone not in directions.sources:
            return
        mark = pair.records.get(gone)
        if mark and kept_home(clients, mark):
            return
        if gone is PORTAL and not clients.update_existing:
            return
        lost, kept = pair.keys[gone], pair.keys[gone.other]
        fate = fated(clients.on_deletion, pair.records[gone.other], link)
        if fate.reason:
            pair.close(f"{lost} is gone, {kept} stays: {fate.reason}", Level.WARNING)
        elif fate.removal is not Removal.NOTHING and doubt:
            pair.review = doubt
            who = f"into {' or '.join(doubt.candidates)}, " if doubt.candidates else ""
            pair.close(
                f"{lost} is gone, and nothing tells whether it was merged: {kept} stays until a "
                f"person says {who}or 'new' if it was deleted",
                Level.WARNING,
            )
            self.tally["review"] += 1
        elif fate.removal is not Removal.NOTHING:
            pair.depart(f"{lost} is gone: {kept} is to be {fate.removal}")
            self.departures.append(Departure(link, gone, tuple(pair.waiting)))
        elif clients.on_deletion is OnDeletion.MARK:
            pair.close(
                f"{lost} is gone from the {gone}, {kept} stays: the portal knows no mark",
                Level.WARNING,
            )


def _is_client(pair: Pair) -> bool:
    return split_key(pair.keys[INFOBASE])[0] == CLIENT.name


def _gone(pair: Pair) -> SideName | None:
    return None if pair.unread else gone_side(pair.link, pair.records)


def keep_home(pairs: Iterable[Pair], clients: ClientSettings) -> None:
    """Who has no pair and does not pass the filters is not offered to the portal."""
    for pair in pairs:
        record = pair.records.get(INFOBASE)
        is_alone = pair.keys.keys() == {INFOBASE} and not pair.closed and pair.link is None
        if record and is_alone and (why := kept_home(clients, record)):
            pair.close(f"{record.key} is not exported: {why}")


def close_if_marked(pairs: Iterable[Pair]) -> None:
    """Whom the portal has got back stays apart as long as 1C has him marked for deletion."""
    for pair in pairs:
        record = pair.records.get(INFOBASE)
        if record and record.marked and not pair.closed:
            pair.close(
                f"{record.key} is marked for deletion: it is exchanged again when 1C unmarks it",
                Level.WARNING,
            )
