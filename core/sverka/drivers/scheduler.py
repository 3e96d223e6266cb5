"""Stepping flows: what every driver does alike. What differs is who waits and who calls."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sverka.asks import (
    Answered,
    Ask,
    Await,
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
    Tell,
    Together,
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


@dataclass(slots=True, eq=False)
class Task:
    """One running flow, and how it ended.

    Attributes:
        awaits: How often it has awaited a signal: a time that is over belongs to one of them.
        parts: The flows that it runs side by side.
    """

    flow: Flow[Any]  # Any: the result's type is the caller's business
    ended: bool = False
    result: Any = None  # Any: as above
    error: Exception | None = None
    awaits: int = 0
    parts: list["Task"] = field(default_factory=list)
    when_ended: Callable[[], None] = lambda: None

    def end(self, result: Any = None, error: Exception | None = None) -> None:  # Any: as above
        self.ended, self.result, self.error = True, result, error
        self.when_ended()

    def cancel(self) -> None:
        """Have it, and all its parts, do nothing any more."""
        for part in self.parts:
            part.cancel()
        if not self.ended:
            self.ended = True
            self.flow.close()

    def outcome(self) -> Any:  # Any: as above
        """The flow's result. Raises its error."""
        if self.error:
            raise self.error
        return self.result


@dataclass(frozen=True, slots=True)
class Thrown:
    """An answer that is an error of one of the flow's parts."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a task, and what takes its answer."""

    task: Task
    done: Callable[[Answered], None]


@dataclass(slots=True)
class Scheduler:
    """One thread steps all flows; it alone touches the journal and the pacer.

    Attributes:
        watch: Is shown each ask before it is answered.
    """

    world: World
    journal: Journal
    pacer: Pacer
    lanes: Lanes[Call]
    watch: Callable[[Ask], None] = lambda ask: None
    _ready: deque[tuple[Task, Any]] = field(default_factory=deque)  # Any: an answer
    _told: set[str] = field(default_factory=set)
    _awaiting: dict[str, deque[Task]] = field(default_factory=dict)

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
            if not task.ended:
                self._step(task, answer)
        return True

    def tell(self, signal: str) -> None:
        """Give a signal to one flow that awaits it, or remember it for the next that will."""
        waiting = self._awaiting.get(signal, deque())
        while waiting:
            task = waiting.popleft()
            if not task.ended:
                self._ready.append((task, True))
                return
        self._told.add(signal)

    def _step(self, task: Task, answer: Any) -> None:
        try:
            while True:
                if isinstance(answer, Thrown):
                    ask = task.flow.throw(answer.error)
                else:
                    ask = task.flow.send(answer)
                self.watch(ask)
                if isinstance(ask, Calls | Sleep | Await | Together):
                    self._wait_for(task, ask)
                    return
                answer = self._at_once(ask)
        except StopIteration as end:
            task.end(end.value)
        except Exception as error:  # noqa: BLE001 - handed on, with its traceback, to who waits
            task.end(error=error)

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
            case Tell(signal):
                return self.tell(signal)
            case _:
                raise AssertionError(f"{ask!r} is no ask that is answered at once")

    def _wait_for(self, task: Task, ask: Calls | Sleep | Await | Together) -> None:
        match ask:
            case Sleep(seconds_s):
                moment_s = self.world.now_s() + seconds_s
                self.world.at(moment_s, lambda: self._ready.append((task, None)))
            case Await(signal, timeout_s):
                self._await(task, signal, timeout_s)
            case Together(flows):
                self._side_by_side(task, flows)
            case Calls(requests):
                self._call(task, requests)

    def _await(self, task: Task, signal: str, timeout_s: float) -> None:
        if signal in self._told:
            self._told.remove(signal)
            self._ready.append((task, True))
            return
        waiting = self._awaiting.setdefault(signal, deque())
        task.awaits += 1
        turn = task.awaits

        def late() -> None:
            if task in waiting and task.awaits == turn:
                waiting.remove(task)
                self._ready.append((task, False))

        waiting.append(task)
        self.world.at(self.world.now_s() + timeout_s, late)

    def _side_by_side(self, task: Task, flows: Sequence[Flow[None]]) -> None:
        def ended() -> None:
            error = next((part.error for part in task.parts if part.error), None)
            if task.ended or not (error or all(part.ended for part in task.parts)):
                return
            for part in task.parts:
                part.cancel()
            task.parts = []
            self._ready.append((task, Thrown(error) if error else None))

        task.parts = [Task(flow, when_ended=ended) for flow in flows]
        self._ready.extend((part, None) for part in task.parts)

    def _call(self, task: Task, requests: Sequence[Request]) -> None:
        answers: list[Answered | None] = [None] * len(requests)
        left = len(requests)

        def ended(index: int, answer: Answered) -> None:
            nonlocal left
            answers[index] = answer
            left -= 1
            if not left:
                self._ready.append((task, tuple(answers)))

        for index, request in enumerate(requests):
            call = Call(task, partial(ended, index))
            if request.waits:
                self.world.send(request, call.done)
            else:
                self._depart_all(self.lanes.enter(request, call))

    def _depart_all(self, free: Sequence[tuple[Request, Call]]) -> None:
        for request, call in free:
            self._depart(request, call)

    def _depart(self, request: Request, call: Call) -> None:
        def send() -> None:
            # The next flow looks up what this one may have done: nothing more may come of it.
            if call.task.ended:
                self._depart_all(self.lanes.leave(request))
            else:
                self.world.send(request, arrived)

        def arrived(answer: Answered) -> None:
            self._notice(request, answer)
            self._depart_all(self.lanes.leave(request))
            call.done(answer)

        moment_s = now_s = self.world.now_s()
        if request.side == SideName.PORTAL and not request.name.startswith("oauth."):
            moment_s = self.pacer.reserve(now_s)
        if moment_s <= now_s:
            send()
        else:
            self.world.at(moment_s, send)

    def _notice(self, request: Request, answer: Answered) -> None:
        refused = isinstance(answer, Response) and answer.status == THROTTLED
        if request.side == SideName.PORTAL and refused:
            self.pacer.refused(self.world.now_s())
