"""Stepping flows: what every driver does alike. What differs is who waits and who calls."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sverka.asks import (
    Answered,
    Ask,
    Calls,
    Flow,
    Load,
    NewId,
    Now,
    Query,
    Random,
    Request,
    Response,
    Save,
    Sleep,
    Stored,
)
from sverka.drivers.lanes import Lanes
from sverka.drivers.pacer import Pacer
from sverka.records import SideName

THROTTLED = 503


class Journal(Protocol):
    """What a driver asks of the journal."""

    def load(self, query: Query[Any]) -> Any: ...  # Any: the query's type says it

    def save(self, puts: tuple[Stored, ...], drops: tuple[Stored, ...]) -> None: ...


class World(Protocol):
    """What a scheduler asks of the world around it: time, chance, ids and calls."""

    def now_s(self) -> float: ...

    def at(self, moment_s: float, deed: Callable[[], None]) -> object: ...

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        """Start a call; `done` is called by the scheduler's own thread when it has ended."""
        ...

    def new_id(self) -> str: ...

    def random(self) -> float: ...


@dataclass(slots=True)
class Task:
    """One running flow, and how it ended."""

    flow: Flow[Any]  # Any: the result's type is the caller's business
    ended: bool = False
    result: Any = None  # Any: as above
    error: Exception | None = None

    def outcome(self) -> Any:  # Any: as above
        """The flow's result. Raises its error."""
        if self.error:
            raise self.error
        return self.result


@dataclass(slots=True)
class Scheduler:
    """One thread steps all flows; it alone touches the journal and the pacer."""

    world: World
    journal: Journal
    pacer: Pacer
    lanes: Lanes[Callable[[Answered], None]]
    _ready: deque[tuple[Task, Any]] = field(default_factory=deque)  # Any: an answer

    def start(self, flow: Flow[Any]) -> Task:
        task = Task(flow)
        self._ready.append((task, None))
        return task

    def step_ready(self) -> bool:
        """Step every flow that has its answer; False if there was none."""
        if not self._ready:
            return False
        while self._ready:
            task, answer = self._ready.popleft()
            self._step(task, answer)
        return True

    def _step(self, task: Task, answer: Any) -> None:
        try:
            while True:
                ask = task.flow.send(answer)
                if isinstance(ask, Calls | Sleep):
                    self._wait_for(task, ask)
                    return
                answer = self._at_once(ask)
        except StopIteration as end:
            task.ended, task.result = True, end.value
        except Exception as error:  # noqa: BLE001 - handed on, with its traceback, to who waits
            task.ended, task.error = True, error

    def _at_once(self, ask: Ask) -> Any:
        match ask:
            case Load(query):
                return self.journal.load(query)
            case Save(puts, drops):
                return self.journal.save(puts, drops)
            case Now():
                return self.world.now_s()
            case NewId():
                return self.world.new_id()
            case Random():
                return self.world.random()
            case _:
                raise AssertionError(f"{ask!r} is no ask that is answered at once")

    def _wait_for(self, task: Task, ask: Calls | Sleep) -> None:
        if isinstance(ask, Sleep):
            moment_s = self.world.now_s() + ask.seconds_s
            self.world.at(moment_s, lambda: self._ready.append((task, None)))
            return
        answers: list[Answered | None] = [None] * len(ask.requests)
        left = len(ask.requests)

        def ended(index: int, answer: Answered) -> None:
            nonlocal left
            answers[index] = answer
            left -= 1
            if not left:
                self._ready.append((task, tuple(answers)))

        for index, request in enumerate(ask.requests):
            self._enter(request, partial(ended, index))

    def _enter(self, request: Request, done: Callable[[Answered], None]) -> None:
        for started, call in self.lanes.enter(request, done):
            self._depart(started, call)

    def _depart(self, request: Request, done: Callable[[Answered], None]) -> None:
        def arrived(answer: Answered) -> None:
            self._notice(request, answer)
            for started, call in self.lanes.leave(request):
                self._depart(started, call)
            done(answer)

        if request.side != SideName.PORTAL or request.name.startswith("oauth."):
            self.world.send(request, arrived)
            return
        moment_s = self.pacer.reserve(self.world.now_s())
        if moment_s <= self.world.now_s():
            self.world.send(request, arrived)
        else:
            self.world.at(moment_s, lambda: self.world.send(request, arrived))

    def _notice(self, request: Request, answer: Answered) -> None:
        refused = isinstance(answer, Response) and answer.status == THROTTLED
        if request.side == SideName.PORTAL and refused:
            self.pacer.refused(self.world.now_s())
