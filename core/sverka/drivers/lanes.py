"""Which calls may be under way: a limited number of lanes per side, reads and writes apart."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sverka.asks import Request

C = TypeVar("C")


@dataclass(slots=True)
class Lanes(Generic[C]):
    """Queues of calls that wait for a lane. A pure object of the scheduler.

    Attributes:
        width: Calls under way at once in one kind of lane.
    """

    width: int
    _busy: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _queues: dict[tuple[str, bool], deque[tuple[Request, C]]] = field(default_factory=dict)

    def enter(self, request: Request, call: C) -> list[tuple[Request, C]]:
        """Queue a call; returns the calls that may start now."""
        lane = (request.side, request.safe)
        self._queues.setdefault(lane, deque()).append((request, call))
        return self._start(lane)

    def leave(self, request: Request) -> list[tuple[Request, C]]:
        """A call has ended; returns the calls that may start now."""
        lane = (request.side, request.safe)
        self._busy[lane] -= 1
        return self._start(lane)

    def _start(self, lane: tuple[str, bool]) -> list[tuple[Request, C]]:
        started = []
        queue = self._queues.get(lane)
        while queue and self._busy[lane] < self.width:
            self._busy[lane] += 1
            started.append(queue.popleft())
        return started
