"""Deletions wait until the exchange has seen them all: too many at once are refused together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sverka.asks import Counts, Flow, Stored, load, now, save
from sverka.decide.fates import Removal, fated, gone_side, too_many
from sverka.portion.noting import NEVER_S, Failure, kept
from sverka.records import HistoryLine, Level, Link, Record, SearchKeys, SideName, Waiting
from sverka.settings import Settings
from sverka.sides.side import Shown, Side, Unread


@dataclass(frozen=True, slots=True)
class Departure:
    """A client who is gone from one side, and is to go from the other.

    Attributes:
        gone: Where he is gone already.
        waiting: What waits in the journal for him to be carried over.
    """

    link: Link
    gone: SideName
    waiting: tuple[Waiting, ...]

    @property
    def key(self) -> str:
        """Of the record that is left."""
        return self.link.key(self.gone.other)

    def forgotten(self) -> list[SearchKeys]:
        """Nobody finds either end any more."""
        return [SearchKeys(side=side, key=self.link.key(side), found_by={}) for side in SideName]


@dataclass(slots=True)
class Departing:
    """Has the other side follow."""

    settings: Settings
    sides: Mapping[SideName, Side]
    run: int
    tally: Counter[str]

    def carry_out(self, departures: Sequence[Departure]) -> Flow[None]:
        """All of them, or none with one error."""
        if not departures:
            return
        links = (yield from load(Counts()))["links"]
        if too_many(len(departures), links, self.settings.clients):
            yield from self._refuse(departures, self.settings.clients.deletions_max)
            return
        for gone in SideName:
            mine = [departure for departure in departures if departure.gone is gone]
            if mine:
                yield from self._follow(gone, mine)

    def _refuse(self, departures: Sequence[Departure], at_most: int) -> Flow[None]:
        count, moment_s = len(departures), (yield from now())
        reason = f"{count} deletions at once are more than clients.deletions_max = {at_most}"
        text = f"{reason}: none was carried out. Raise it if they are meant, and exchange again."
        left = [
            replace(entry, reason=reason, next_at_s=NEVER_S)
            for departure in departures
            for entry in departure.waiting
        ]
        line = HistoryLine(run=self.run, at_s=moment_s, text=text, level=Level.ERROR)
        self.tally["unsent"] += count
        yield from save([*left, line])

    def _follow(self, gone: SideName, departures: Sequence[Departure]) -> Flow[None]:
        """Both ends are read right before: what is back, or was edited meanwhile, stays."""
        left = gone.other
        back = yield from self.sides[gone].read([d.link.key(gone) for d in departures])
        shown = yield from self.sides[left].read([d.key for d in departures])
        removals: dict[Removal, list[Record]] = {}
        for departure in departures:
            ends = {gone: back.get(departure.link.key(gone)), left: shown.get(departure.key)}
            if record := self._still(departure, ends):
                fate = fated(self.settings.clients.on_deletion, record, departure.link)
                if fate.removal is not Removal.NOTHING:
                    removals.setdefault(fate.removal, []).append(record)
        failed: dict[str, str] = {}
        done: dict[str, Removal] = {}
        for removal, records in removals.items():
            failed |= yield from self.sides[left].remove(records, removal)
            done |= {record.key: removal for record in records}
        yield from self._note(departures, done, failed)

    def _still(self, departure: Departure, ends: Mapping[SideName, Shown | None]) -> Record | None:
        """The record that is left, if things are still as they were when it was decided."""
        records = {side: end for side, end in ends.items() if isinstance(end, Record)}
        unread = any(isinstance(end, Unread) for end in ends.values())
        gone = None if unread else gone_side(departure.link, records)
        return records[departure.gone.other] if gone is departure.gone else None

    def _note(
        self,
        departures: Sequence[Departure],
        done: Mapping[str, Removal],
        failed: Mapping[str, str],
    ) -> Flow[None]:
        moment_s = yield from now()
        puts: list[Stored] = []
        drops: list[Stored] = []
        for departure in departures:
            removal, reason = done.get(departure.key), failed.get(departure.key, "")
            if removal is None:
                # It is decided anew, by what both sides show now.
                puts += [replace(entry, next_at_s=0.0) for entry in departure.waiting]
                continue
            puts.append(self._line(departure, removal, reason, moment_s))
            if reason:
                failure, pace = Failure(reason=reason, passing=False), self.settings.pace
                puts += [kept(entry, failure, pace, moment_s) for entry in departure.waiting]
            else:
                puts += departure.forgotten()
                drops += [departure.link, *departure.waiting]
            self.tally["unsent" if reason else "removed"] += 1
        yield from save(puts, drops)

    def _line(
        self, departure: Departure, removal: Removal, reason: str, moment_s: float
    ) -> HistoryLine:
        side, lost = departure.gone.other, departure.link.key(departure.gone)
        text = f"{departure.key} is {removal}, since {lost} is gone"
        if reason:
            text = f"{departure.key} is not {removal}, though {lost} is gone: {reason}"
        return HistoryLine(
            run=self.run,
            at_s=moment_s,
            level=Level.ERROR if reason else Level.INFO,
            text=text,
            side=side,
            key=departure.key,
        )
