"""Realtime: two jobs take changes over as they happen, a third one carries them across.

Trouble ends no job: it is noted once, tried again with growing pauses, and its end is noted, too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sverka.asks import (
    Due,
    Flow,
    NextDue,
    await_signal,
    load,
    now,
    save,
    sleep,
    tell,
    together,
)
from sverka.engine import Engine, Scope, keep
from sverka.errors import AccessRefused, Blocked, ProtocolSurprise, TryLater
from sverka.portion import Departing, Departure, Portion
from sverka.portion.newcomers import LOOKED, Newcomers, changes_signal
from sverka.records import HistoryLine, Level, SideName, Waiting
from sverka.sides.side import Side, Word

T = TypeVar("T")

INBOX = "inbox"
PAUSE_MAX_S = 30.0
WORDLESS_PAUSE_S = 60.0
"""So often it is tried to wait for a side's word where that failed."""
HEARD_EVERY_S = 30.0
"""So often a change table is looked at though its side would tell: words can be lost."""
REFUSED_PAUSE_S = 60.0
"""Who is not let in asks again each minute: a person has to act first."""


@dataclass(slots=True)
class Realtime:
    """Keeps both sides in step until it is cancelled."""

    engine: Engine
    tally: Counter[str] = field(default_factory=Counter)
    _run: int = 0
    _departures: list[Departure] = field(default_factory=list)
    _newcomers: Newcomers = field(init=False)
    _heard: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        settle_s = self.engine.settings.realtime.settle_s
        self._newcomers = Newcomers(settle_s, self._sides, self._sources)

    def live(self) -> Flow[None]:
        """What was missed is taken up first. It never ends by itself.

        Raises:
            SettingsError: The settings do not fit the sides.
        """
        yield from self._patiently("catching up", self._catch_up)
        pace = self.engine.settings.realtime
        jobs = {
            SideName.INFOBASE: self._listen(self.engine.infobase, pace.infobase_every_s),
            SideName.PORTAL: self._listen(self.engine.portal, pace.portal_every_s),
        }
        listening = [job for side, job in jobs.items() if side in self._sources]
        if pace.await_portal and SideName.PORTAL in self._sources:
            listening.append(self._hear(self.engine.portal))
        yield from together(*listening, self._carry())

    @property
    def _sources(self) -> tuple[SideName, ...]:
        return self.engine.settings.directions.sources

    def _catch_up(self) -> Flow[None]:
        report = yield from self.engine.run(Scope.CHANGES)
        self._run = report.run

    def _listen(self, side: Side, every_s: float) -> Flow[None]:
        while True:
            begun_s = yield from now()
            yield from self._patiently(f"taking over from the {side.name}", lambda: _take(side))
            self._newcomers.looked_s[side.name] = begun_s
            yield from tell(LOOKED)
            pause_s = HEARD_EVERY_S if side.name in self._heard else every_s
            yield from await_signal(changes_signal(side.name), pause_s)

    def _hear(self, side: Side) -> Flow[None]:
        """Wait for the side's word of changes; without it its change table is looked at often."""
        is_lost = False
        while True:
            word = yield from self._word(side)
            if word.trouble and not is_lost:
                text = f"the word of the {side.name} cannot be waited for: {word.trouble}. Its "
                yield from self._note(Level.WARNING, f"{text}change table is looked at instead.")
            elif word.is_sure and is_lost:
                yield from self._note(
                    Level.INFO, f"the word of the {side.name} is waited for again"
                )
            is_lost = bool(word.trouble) or (is_lost and not word.is_sure)
            (self._heard.add if word.is_sure else self._heard.discard)(side.name)
            if word.is_news or not word.is_sure:
                yield from tell(changes_signal(side.name))
            if not word.is_news:
                # A server that should hold the call and does not is not hammered.
                calm_s = self.engine.settings.pace.calm_s
                yield from sleep(WORDLESS_PAUSE_S if word.trouble else calm_s)

    def _word(self, side: Side) -> Flow[Word]:
        try:
            return (yield from side.word())
        except (AccessRefused, Blocked, TryLater, ProtocolSurprise) as trouble:
            return Word(trouble=str(trouble))

    def _carry(self) -> Flow[None]:
        while True:
            if (yield from self._patiently("carrying over", self._carry_some)):
                continue
            yield from self._patiently("deleting", self._part)
            next_s = yield from load(NextDue(self._sources))
            moment_s = yield from now()
            wait_s = PAUSE_MAX_S if next_s is None else min(max(next_s - moment_s, 0), PAUSE_MAX_S)
            yield from await_signal(INBOX, wait_s)

    def _carry_some(self) -> Flow[bool]:
        """Whether there was anything to carry."""
        due = yield from self._due()
        if due and (yield from self._newcomers.settled(due)):
            portion = Portion(self.engine.settings, self._sides, self._run, self.tally)
            portion.departures, portion.is_alone = self._departures, False
            yield from portion.carry(due)
        return bool(due)

    def _part(self) -> Flow[None]:
        """Deletions that came in one go count together."""
        departing = Departing(self.engine.settings, self._sides, self._run, self.tally)
        yield from departing.carry_out(self._departures)
        self._departures = []

    @property
    def _sides(self) -> dict[SideName, Side]:
        return {side.name: side for side in self.engine.sides}

    def _due(self) -> Flow[list[Waiting]]:
        """Under a heap of changes the newest go first, too: a person waits for his edit."""
        moment_s = yield from now()
        limit = self.engine.settings.realtime.portion
        oldest = yield from load(Due(moment_s, limit, sides=self._sources))
        if len(oldest) < limit:
            return oldest
        newest = yield from load(Due(moment_s, limit // 2, newest=True, sides=self._sources))
        chosen = {entry.sequence: entry for entry in (*newest, *oldest[: limit - len(newest)])}
        return list(chosen.values())

    def _patiently(self, what: str, deed: Callable[[], Flow[T]]) -> Flow[T]:
        """Do it until it succeeds."""
        pause_s, begun_s = self.engine.settings.pace.calm_s, 0.0
        while True:
            try:
                result = yield from deed()
            except (AccessRefused, Blocked) as refusal:
                trouble: Exception = refusal
                pause_s = REFUSED_PAUSE_S
            except (TryLater, ProtocolSurprise) as passing:
                trouble = passing
                pause_s = min(pause_s * 2, PAUSE_MAX_S)
            else:
                if begun_s:
                    lasted_s = (yield from now()) - begun_s
                    yield from self._note(Level.INFO, f"{what} goes on after {lasted_s:.0f} s")
                return result
            if not begun_s:
                begun_s = yield from now()
                yield from self._note(Level.ERROR, f"{what} is interrupted: {trouble}")
            yield from sleep(pause_s)

    def _note(self, level: Level, text: str) -> Flow[None]:
        moment_s = yield from now()
        yield from save([HistoryLine(run=self._run, at_s=moment_s, text=text, level=level)])


def _take(side: Side) -> Flow[None]:
    more = True
    while more:
        feed = yield from side.changes()
        yield from keep(feed)
        yield from side.confirm(feed)
        if feed.changes:
            yield from tell(INBOX)
        more = feed.more
