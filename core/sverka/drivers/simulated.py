"""The simulated driver: flows over a heap of (time, sequence), seeded, in virtual time.

A call takes time: it arrives, the other side commits, the reply comes; none of them at the same
moment. A crash may hit before, between and after them, and on either side of a save.
"""

import math
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sverka.asks import Answered, Flow, NoReply, Request, Response, Stored
from sverka.drivers.lanes import Lanes
from sverka.drivers.pacer import Pacer
from sverka.drivers.scheduler import Journal, Scheduler, Task
from sverka.records import Waiting

T = TypeVar("T")

TRAVEL_S = (0.002, 0.040)
"""Time on the wire, one way, in seconds: least and most."""


class TimeHeap(Protocol):
    """A clock with a heap of timers that somebody steps."""

    def now_s(self) -> float: ...

    def at(self, moment_s: float, deed: Callable[[], None]) -> object: ...

    def step(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Remote:
    """What came back from the other side, and how long it took there, in seconds."""

    answer: Answered
    takes_s: float


@dataclass(frozen=True, slots=True)
class Later:
    """The other side holds the call.

    Attributes:
        then: Takes what is given the answer, once, when it comes; returns what gives the call up.
    """

    then: Callable[[Callable[[Remote], None]], Callable[[], None]]


class CrashPoint(StrEnum):
    """Where a process can die."""

    BEFORE_ARRIVAL = "before the call arrives"
    AFTER_COMMIT = "after the other side committed"
    AFTER_REPLY = "after the reply"
    BEFORE_SAVE = "before a save"
    AFTER_SAVE = "after a save"


class Crashed(BaseException):
    """The simulated process died. What the journal holds is what is left."""

    def __init__(self, point: CrashPoint) -> None:
        self.point = point
        super().__init__(f"died {point}")


@dataclass(slots=True)
class Crash:
    """A crash that is due at the n-th passing of a point, counted from 1.

    Attributes:
        call: Only writing calls of this name count; `""` for all. A save is called `changes`
            if it brings changes into the inbox, else `notes`.
    """

    point: CrashPoint
    after: int
    call: str = ""

    def concerns(self, what: str) -> bool:
        return self.call in {"", what}


@dataclass(slots=True)
class Trip:
    """A call on its way.

    Attributes:
        left_s: When it set out.
        came_s: When its answer was here; infinite while it is not.
    """

    left_s: float
    came_s: float = math.inf


class Simulated:
    """Runs flows in virtual time against remotes that are called directly.

    Args:
        arriving: Is shown each call when it arrives.
    """

    def __init__(
        self,
        clock: TimeHeap,
        remotes: Mapping[str, Callable[[Request], Remote | Later]],
        journal: Journal,
        *,
        pacer: Pacer,
        seed: int,
        lanes: int = 4,
        arriving: Callable[[Request, Trip], None] = lambda request, trip: None,
    ) -> None:
        self._clock = clock
        self._arriving = arriving
        self._remotes = remotes
        self._journal = journal
        self._chance = random.Random(seed)
        self._dead = False
        self.crash: Crash | None = None
        self._scheduler = Scheduler(self, self, pacer, Lanes(lanes))

    def run(self, flow: Flow[T]) -> T:
        """Run one flow to its end, moving the clock.

        Raises:
            Crashed: The planned crash came; this driver is dead, make another one.
        """
        task = self._scheduler.start(flow)
        while not task.ended:
            if not self._scheduler.step_ready() and not self._clock.step():
                raise AssertionError("the flow waits for something that never comes")
        result: T = task.outcome()
        return result

    def start(self, flow: Flow[Any]) -> Task:
        """Have a flow live in the background: it is stepped whenever somebody moves the clock."""
        task = self._scheduler.start(flow)
        self._clock.at(self._clock.now_s(), self._if_alive(lambda: None))
        return task

    def now_s(self) -> float:
        return self._clock.now_s()

    def at(self, moment_s: float, deed: Callable[[], None]) -> None:
        self._clock.at(moment_s, self._if_alive(deed))

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def random(self) -> float:
        return self._chance.random()

    def load(self, query: Any) -> Any:  # Any: the query's type says it
        return self._journal.load(query)

    def save(self, puts: tuple[Stored, ...], drops: tuple[Stored, ...]) -> None:
        fresh = any(isinstance(put, Waiting) and not put.sequence for put in puts)
        name = "changes" if fresh else "notes"
        self._pass(CrashPoint.BEFORE_SAVE, name)
        self._journal.save(puts, drops)
        self._pass(CrashPoint.AFTER_SAVE, name)

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        # On its way a request outlives the process that sent it.
        trip = Trip(self._clock.now_s())

        def arrive() -> None:
            self._arriving(request, trip)
            self._arrive(request, came)

        def came(answer: Answered) -> None:
            if isinstance(answer, Response):
                trip.came_s = self._clock.now_s()
            done(answer)

        self._clock.at(self._later(), arrive)

    def die(self) -> None:
        """What a process does when it is ended from outside, between two steps."""
        self._dead = True

    def _arrive(self, request: Request, done: Callable[[Answered], None]) -> None:
        self._pass(CrashPoint.BEFORE_ARRIVAL, _what(request))
        remote = self._remotes[request.side](request)
        self._pass(CrashPoint.AFTER_COMMIT, _what(request))
        if self._dead:
            return
        if isinstance(remote, Later):
            self._hold(request, remote, done)
        else:
            self._leave(request, remote, done)

    def _hold(self, request: Request, later: Later, done: Callable[[Answered], None]) -> None:
        """Wait for what the other side holds, as long as the call may take."""
        begun_s, is_open = self._clock.now_s(), True

        def came(remote: Remote) -> None:
            nonlocal is_open
            is_open = False
            if not self._dead:
                self._leave(request, remote, done, self._clock.now_s() - begun_s)

        def late() -> None:
            if is_open:
                give_up()
                came(Remote(NoReply("never"), request.timeout_s))

        give_up = later.then(came)
        self._clock.at(begun_s + request.timeout_s, self._if_alive(late))

    def _leave(
        self,
        request: Request,
        remote: Remote,
        done: Callable[[Answered], None],
        waited_s: float = 0.0,
    ) -> None:
        """Let the answer set out, after what it has taken and in the time that is left."""
        answer, takes_s = remote.answer, remote.takes_s
        left_s = request.timeout_s - waited_s
        if takes_s >= left_s:
            reason = f"no answer within {request.timeout_s} s"
            answer, takes_s = NoReply(reason, late=True), left_s
        self._clock.at(
            self._later() + takes_s, self._if_alive(lambda: self._reply(request, answer, done))
        )

    def _reply(self, request: Request, answer: Answered, done: Callable[[Answered], None]) -> None:
        self._pass(CrashPoint.AFTER_REPLY, _what(request))
        done(answer)

    def _later(self) -> float:
        return self._clock.now_s() + self._chance.uniform(*TRAVEL_S)

    def _if_alive(self, deed: Callable[[], None]) -> Callable[[], None]:
        def unless_dead() -> None:
            if not self._dead:
                deed()
                self._scheduler.step_ready()

        return unless_dead

    def _pass(self, point: CrashPoint, what: str) -> None:
        if self._dead or self.crash is None or self.crash.point is not point:
            return
        if not self.crash.concerns(what):
            return
        self.crash.after -= 1
        if self.crash.after <= 0:
            self.crash = None
            self._dead = True
            raise Crashed(point)


def _what(request: Request) -> str:
    return "a reading call" if request.safe else request.name
