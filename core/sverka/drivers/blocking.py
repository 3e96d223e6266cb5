"""The blocking driver: flows over `httpx.Client`, calls in a pool of threads."""

import heapq
import itertools
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import TypeVar

import httpx

from sverka.asks import Answered, Ask, Flow, Request
from sverka.drivers.lanes import Lanes
from sverka.drivers.pacer import Pacer
from sverka.drivers.real import FAILURES, RealTime, answered, sent, unanswered
from sverka.drivers.scheduler import Journal, Scheduler

T = TypeVar("T")


class Blocking(RealTime):
    """Runs flows until they end, in the calling thread.

    Use it as a context manager: leaving it closes the client and the pool, not the journal.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        pacer: Pacer,
        lanes: int = 4,
        client: httpx.Client | None = None,
        watch: Callable[[Ask], None] = lambda ask: None,
    ) -> None:
        self._client = client or httpx.Client()
        self._pool = ThreadPoolExecutor(max_workers=lanes * 4, thread_name_prefix="sverka-lane")
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = itertools.count()
        self._stopped = False
        self._scheduler = Scheduler(self, journal, pacer, Lanes(lanes), watch)

    def __enter__(self) -> "Blocking":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def live(self, flow: Flow[None]) -> None:
        """Run a flow until `stop`, or raise its error."""
        task = self._scheduler.start(flow)
        while not task.ended and not self._stopped:
            if not self._scheduler.step_ready():
                self._wait()
        self._stopped = False
        task.cancel()
        task.outcome()

    def run(self, flow: Flow[T]) -> T:
        """Run one flow to its end and return its result, or raise its error."""
        task = self._scheduler.start(flow)
        while not task.ended:
            if not self._scheduler.step_ready():
                self._wait()
        result: T = task.outcome()
        return result

    def stop(self) -> None:
        """Have the living flow end where it stands; from any thread or signal handler.

        Calls that are under way may still arrive: it is as if the process had died.
        """
        self._done.put(self._be_stopped)

    def tell(self, signal: str) -> None:
        """Give a signal to the flow that awaits it; from any thread."""
        self._done.put(lambda: self._scheduler.tell(signal))

    def _be_stopped(self) -> None:
        self._stopped = True

    def at(self, moment_s: float, deed: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (moment_s, next(self._sequence), deed))

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        def call() -> None:
            try:
                answer = self._call(request)
            except Exception as error:  # noqa: BLE001 - a lane's error stops the run, loudly
                self._done.put(partial(_fail, error))
            else:
                self._done.put(lambda: done(answer))

        if request.waits:
            # Nobody waits for it at the end: it would hold up the process for a minute.
            threading.Thread(target=call, daemon=True, name="sverka-held").start()
        else:
            self._pool.submit(call)

    def _call(self, request: Request) -> Answered:
        try:
            return answered(self._client.request(**sent(request)))
        except FAILURES as failure:
            return unanswered(failure)

    def _wait(self) -> None:
        """Until a call ends or a timer is due."""
        timeout_s = max(0.0, self._timers[0][0] - time.time()) if self._timers else None
        try:
            self._done.get(timeout=timeout_s)()
        except queue.Empty:
            heapq.heappop(self._timers)[2]()


def _fail(error: Exception) -> None:
    raise error
