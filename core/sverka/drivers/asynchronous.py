"""The asynchronous driver: flows over `httpx.AsyncClient`, in an event loop of somebody else."""

import asyncio
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

import httpx

from sverka.asks import Answered, Ask, Flow, Request
from sverka.drivers.lanes import Lanes
from sverka.drivers.pacer import Pacer
from sverka.drivers.real import FAILURES, RealTime, answered, sent, unanswered
from sverka.drivers.scheduler import Journal, Scheduler, Task

T = TypeVar("T")


class Asynchronous(RealTime):
    """Runs flows as coroutines; any number at once, all stepped by the thread of one event loop.

    Use it as an asynchronous context manager: leaving it ends the flows that still run and their
    calls, and closes the client, not the journal. The journal is used in the loop's thread.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        pacer: Pacer,
        lanes: int = 4,
        client: httpx.AsyncClient | None = None,
        watch: Callable[[Ask], None] = lambda ask: None,
    ) -> None:
        self._client = client or httpx.AsyncClient()
        self._under_way: set[asyncio.Task[None]] = set()
        self._held: set[asyncio.Task[None]] = set()
        self._running: dict[Task, asyncio.Future[None]] = {}
        self._left_alone: set[asyncio.Task[None]] = set()
        self._scheduler = Scheduler(self, journal, pacer, Lanes(lanes), watch)

    async def __aenter__(self) -> "Asynchronous":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for task, ended in self._running.items():
            task.cancel()
            ended.cancel()
        for call in self._under_way:
            call.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    async def run(self, flow: Flow[T]) -> T:
        """Run one flow to its end and return its result, or raise its error.

        When it is cancelled, the flow ends where it stands: what the journal holds is whole, as
        after the death of a process. Calls that have left may still arrive, and the next flow
        begins after their end, so that it finds what came of them.
        """
        if self._left_alone:
            await asyncio.wait(self._left_alone)
            self._left_alone = set()
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = self._scheduler.start(flow)
        task.when_ended = partial(_settle, ended)
        self._running[task] = ended
        try:
            self._scheduler.step_ready()
            await ended
        finally:
            del self._running[task]
            if not task.ended:
                task.cancel()
                self._left_alone |= self._under_way - self._held
        result: T = task.outcome()
        return result

    def tell(self, signal: str) -> None:
        """Give a signal to the flow that awaits it; from the loop's thread."""
        self._go_on(self._scheduler.tell, signal)

    def at(self, moment_s: float, deed: Callable[[], None]) -> None:
        delay_s = max(0.0, moment_s - self.now_s())
        asyncio.get_running_loop().call_later(delay_s, self._go_on, deed)

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        call = asyncio.get_running_loop().create_task(self._call(request, done))
        for those in (self._under_way, self._held) if request.waits else (self._under_way,):
            those.add(call)
            call.add_done_callback(those.discard)

    async def _call(self, request: Request, done: Callable[[Answered], None]) -> None:
        try:
            answer: Answered = answered(await self._client.request(**sent(request)))
        except FAILURES as failure:
            answer = unanswered(failure)
        except Exception as error:  # noqa: BLE001 - a lane's error stops the runs, loudly
            for ended in self._running.values():
                _settle(ended, error)
            return
        self._go_on(done, answer)

    def _go_on(self, deed: Callable[..., None], *arguments: Any) -> None:  # Any: the deed's own
        deed(*arguments)
        self._scheduler.step_ready()


def _settle(ended: asyncio.Future[None], error: Exception | None = None) -> None:
    if ended.done():
        return
    if error:
        ended.set_exception(error)
    else:
        ended.set_result(None)
