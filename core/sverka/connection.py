"""The sync core to embed: one connection between a portal and an infobase, with its journal."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import httpx

from sverka.asks import Ask, Counts, Flow, HistoryOf, Reviews, Unsent
from sverka.drivers.asynchronous import Asynchronous
from sverka.drivers.blocking import Blocking
from sverka.drivers.pacer import Pacer
from sverka.engine import Report, Scope
from sverka.journal import SqliteJournal
from sverka.modes import engine_for, manual
from sverka.portion.newcomers import changes_signal
from sverka.preview import Preview, preview
from sverka.realtime import Realtime
from sverka.records import HistoryLine, Review, SideName, Waiting
from sverka.settings import Settings

T = TypeVar("T")


class Desk:
    """What a person asks of a journal, and decides: packages, reviews, history."""

    def __init__(
        self, settings: Settings, journal: str | Path, watch: Callable[[Ask], None]
    ) -> None:
        self._engine = engine_for(settings)
        self._journal = SqliteJournal(journal)
        self._watch = watch

    def unsent(self) -> list[Waiting]:
        """Packages that did not go, each with its reason, tries and next try."""
        return self._journal.load(Unsent())

    def resend(self, package: Waiting) -> None:
        """Let the next pass try a package again that waits for a person."""
        fresh = Waiting(side=package.side, key=package.key, fate=package.fate)
        self._journal.save([fresh], [])

    def reviews(self) -> list[Review]:
        """Records that look like others, open and decided."""
        return self._journal.load(Reviews())

    def decide(self, review: Review, key: str) -> None:
        """Say who a record on the review list is: a key of the other side, or `new`."""
        decided = Review(
            side=review.side,
            key=review.key,
            criterion=review.criterion,
            candidates=review.candidates,
            decided=key,
        )
        self._journal.save([decided, Waiting(side=review.side, key=review.key)], [])

    def history(self, key: str = "", run: int = 0) -> list[HistoryLine]:
        """What happened, oldest first: of one record by its key, or of one run."""
        return self._journal.load(HistoryOf(key, run))

    def counts(self) -> dict[str, int]:
        """Rows of the journal by kind: links, waiting, unsent, intents, reviews."""
        return self._journal.load(Counts())


class Connection(Desk):
    """Keeps one portal and one infobase in step. A context manager; one process at a time.

    Args:
        journal: The file of the journal; it is made when it is not there. Keep it: it holds
            the links between both sides.
        client: An httpx client of your own, for a proxy or a CA; it is closed with this.
        watch: Is shown each ask before it is made, in the calling thread.

    Raises:
        KeyDamaged, KeyForeign: The connection key cannot be read.
        JournalBusy, JournalForeign: The journal cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        journal: str | Path,
        *,
        client: httpx.Client | None = None,
        watch: Callable[[Ask], None] = lambda ask: None,
    ) -> None:
        super().__init__(settings, journal, watch)
        pace = settings.pace
        self._driver = Blocking(
            self._journal,
            pacer=Pacer(pace.threshold, pace.drain_per_s),
            lanes=pace.lanes,
            client=client,
            watch=watch,
        )

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._driver.__exit__(kind, error, at)
        self._journal.close()

    def full(self) -> Report:
        """Exchange everything that both sides hold."""
        return self._run(Scope.FULL)

    def changes(self) -> Report:
        """Exchange what changed, and everything that is unsent."""
        return self._run(Scope.CHANGES)

    def preview(self) -> Preview:
        """What `full` would do now, record by record; nothing is written on either side.

        The journal keeps nothing of it either, but for the portal's tokens if they are renewed.
        """
        with closing(self._journal.copy()) as copy:
            return self._driver.run(preview(self._engine, copy, self._watch))

    def realtime(self) -> None:
        """Keep both sides in step until `stop`. Trouble is noted in the history and ends nothing.

        Raises:
            SettingsError: The settings do not fit the sides.
        """
        self._driver.live(Realtime(self._engine).live())

    def stop(self) -> None:
        """End realtime; from any thread or signal handler. What was begun is taken up next time."""
        self._driver.stop()

    def has_news(self, side: SideName) -> None:
        """Spare realtime the wait for its next look at a side; from any thread."""
        self._driver.tell(changes_signal(side))

    def _run(self, scope: Scope) -> Report:
        return self._driver.run(manual(self._engine, scope))


class AsyncConnection(Desk):
    """The same inside an event loop of your own. An asynchronous context manager.

    One exchange at a time: a second one waits until the first has ended. One that is cancelled
    ends where it stands, as if the process had died: the next one takes up what was begun. What a
    `Desk` answers comes at once, from the journal.

    Args:
        journal: The file of the journal, as `Connection` has it.
        client: An httpx client of your own, for a proxy or a CA; it is closed with this.
        watch: Is shown each ask before it is made, in the loop's thread.

    Raises:
        KeyDamaged, KeyForeign: The connection key cannot be read.
        JournalBusy, JournalForeign: The journal cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        journal: str | Path,
        *,
        client: httpx.AsyncClient | None = None,
        watch: Callable[[Ask], None] = lambda ask: None,
    ) -> None:
        super().__init__(settings, journal, watch)
        pace = settings.pace
        self._one_at_a_time = asyncio.Lock()
        self._driver = Asynchronous(
            self._journal,
            pacer=Pacer(pace.threshold, pace.drain_per_s),
            lanes=pace.lanes,
            client=client,
            watch=watch,
        )

    async def __aenter__(self) -> "AsyncConnection":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._driver.__aexit__(kind, error, at)
        self._journal.close()

    async def full(self) -> Report:
        """Exchange everything that both sides hold."""
        return await self._run(manual(self._engine, Scope.FULL))

    async def changes(self) -> Report:
        """Exchange what changed, and everything that is unsent."""
        return await self._run(manual(self._engine, Scope.CHANGES))

    async def preview(self) -> Preview:
        """What `full` would do now; see `Connection.preview`."""
        with closing(self._journal.copy()) as copy:
            return await self._run(preview(self._engine, copy, self._watch))

    async def realtime(self) -> None:
        """Keep both sides in step until it is cancelled; see `Connection.realtime`."""
        await self._run(Realtime(self._engine).live())

    def has_news(self, side: SideName) -> None:
        """Spare realtime the wait for its next look at a side; from the loop's thread."""
        self._driver.tell(changes_signal(side))

    async def _run(self, flow: Flow[T]) -> T:
        async with self._one_at_a_time:
            return await self._driver.run(flow)
