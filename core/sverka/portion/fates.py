"""Clients who went away on one side: who goes on under another ID, and whom the other follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sverka.asks import CursorOf, Flow, LinksOf, load, save
from sverka.decide.fates import Removal, fated, gone_side
from sverka.decide.filters import kept_home
from sverka.entities.clients import CLIENT
from sverka.portion.departures import Departure
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, absorb
from sverka.records import Cursor, Level, Link, Record, SideName, split_key, typed_key
from sverka.settings import ClientSettings, OnDeletion, Settings
from sverka.sides.side import Holders, Side, Unread

BY_MARK = "the mark"
BY_REQUISITE = "the requisite"
BY_NUMBERS = "INN+KPP"
MERGED = "merged"
"""Cursors of clients whose record on the portal went into that of another client."""


@dataclass(slots=True)
class Fates:
    """Follows the clients of a portion that are gone from one side."""

    settings: Settings
    sides: Mapping[SideName, Side]
    pairs: Sequence[Pair]
    departures: list[Departure] = field(default_factory=list)

    def follow(self) -> Flow[None]:
        """A merge on the portal shows as a deletion, so the survivor is looked for first."""
        gone = [pair for pair in self.pairs if not pair.closed and _gone(pair)]
        yield from self._look_for_survivors([pair for pair in gone if PORTAL not in pair.records])
        yield from self._know_again()
        for pair in gone:
            if pair.link and not pair.closed:
                self._part(pair, pair.link)

    def _look_for_survivors(self, gone: Sequence[Pair]) -> Flow[None]:
        candidates = (yield from self._candidates(gone)) if gone else []
        keys = [key for _, key, _ in candidates]
        links = (yield from load(LinksOf(PORTAL, tuple(keys)))) if keys else []
        linked = {link.portal_key: link for link in links}
        shown = yield from self._read_again(keys)
        for pair, key, by in candidates:
            survivor = shown.get(key)
            is_settled = pair.closed or pair.link is None
            if is_settled or survivor is None or not _is_client(survivor):
                continue
            lost = pair.keys[PORTAL]
            if key in linked:
                told = f"{key} with {by} is {linked[key].infobase_key}"
                yield from save([Cursor(name=_merged(pair), value=told)])
                _leave_merged(pair, told)
                continue
            self._move(pair, survivor)
            pair.tell(Level.INFO, f"{lost} is gone; by {by} it goes on as {key}")
            linked[key] = Link(portal_key=key, infobase_key=pair.keys[INFOBASE])
        for pair in gone:
            # Whom a person has tidied up since, such as a second requisite, tells it no more.
            unknown = pair.link and not pair.closed
            if unknown and (told := (yield from load(CursorOf(_merged(pair))))):
                _leave_merged(pair, told)

    def _candidates(self, gone: Sequence[Pair]) -> Flow[list[tuple[Pair, str, str]]]:
        """Who of the portal may be the same client: who bears his mark, else his numbers."""
        guids = {split_key(pair.keys[INFOBASE])[1]: pair for pair in gone}
        marked = yield from self.sides[PORTAL].find(list(guids))
        # Asked of the portal itself: a merge moves requisites, and tells it in no certain order.
        links = [pair.link for pair in gone if pair.link]
        holders = yield from self.sides[PORTAL].holders(links)
        found = [(guids[guid], key, BY_MARK) for guid, key in marked.items() if guid in guids]
        for pair in gone:
            held = holders.get(pair.keys[INFOBASE], Holders())
            for by, keys in ((BY_REQUISITE, held.ours), (BY_NUMBERS, held.alike)):
                others = [key for key in keys if key != pair.keys[PORTAL]]
                found += [(pair, key, by) for key in others if len(others) == 1]
        return found

    def _read_again(self, keys: Sequence[str]) -> Flow[Mapping[str, Record]]:
        """Records of the portal as they are now: the journal may know who is gone meanwhile."""
        shown = (yield from self.sides[PORTAL].read(list(dict.fromkeys(keys)))) if keys else {}
        return {key: record for key, record in shown.items() if isinstance(record, Record)}

    def _move(self, pair: Pair, survivor: Record) -> None:
        """What both sides show meets anew: nobody agreed on it with this record yet."""
        pair.link, pair.records[PORTAL] = None, survivor
        absorb(pair, PORTAL, survivor.key, self.pairs)

    def _know_again(self) -> Flow[None]:
        """Who comes back from the portal's recycle bin has a new ID, and his old mark."""
        back: dict[str, Pair] = {}
        for pair in self.pairs:
            record = pair.records.get(PORTAL)
            if record and record.external and not (pair.closed or pair.link or len(pair.keys) > 1):
                back.setdefault(typed_key(record.entity, record.external), pair)
        links = (yield from load(LinksOf(INFOBASE, tuple(back)))) if back else []
        lost = yield from self._read_again([link.portal_key for link in links])
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

    def _part(self, pair: Pair, link: Link) -> None:
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
        elif fate.removal is not Removal.NOTHING:
            pair.depart(f"{lost} is gone: {kept} is to be {fate.removal}")
            self.departures.append(Departure(link, gone, tuple(pair.waiting)))
        elif clients.on_deletion is OnDeletion.MARK:
            pair.close(
                f"{lost} is gone from the {gone}, {kept} stays: the portal knows no mark",
                Level.WARNING,
            )


def _merged(pair: Pair) -> str:
    return f"{MERGED}.{pair.keys[INFOBASE]}"


def _leave_merged(pair: Pair, told: str) -> None:
    pair.close(
        f"{pair.keys[PORTAL]} is gone from the portal, and {told}: if they were merged, replace "
        "one by the other in 1C, too",
        Level.WARNING,
    )


def _is_client(record: Record) -> bool:
    return record.entity == CLIENT.name and not record.outside


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
