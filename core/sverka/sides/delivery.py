"""Getting calls through: what is repeated after which failure, and what stays in doubt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sverka.asks import Answered, Flow, NoReply, Request, Response, calls, draw, sleep
from sverka.errors import Throttled, Unreachable
from sverka.settings import Pace

V = TypeVar("V")

PAUSE_MAX_S = 30.0


@dataclass(frozen=True, slots=True)
class Again:
    """This reply is no answer; the call should be made again.

    Attributes:
        untouched: The other side surely did nothing.
        late: It took longer than a call may take.
    """

    reason: str
    untouched: bool = False
    throttled: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A write of which nobody knows whether it was done, or what took too long to be repeated.

    Attributes:
        late: It was not answered in time.
    """

    reason: str
    late: bool = False


Reader = Callable[[Request, Response], V | Again]


@dataclass(frozen=True, slots=True)
class Delivery(Generic[V]):
    """How one side's replies are read and its failures retried."""

    read: Reader[V]
    pace: Pace

    def deliver(
        self, requests: Sequence[Request], *, repeats_late: bool = True
    ) -> Flow[list[V | Doubt]]:
        """Answers in order. A safe call is repeated until it is answered.

        Args:
            repeats_late: Else a safe call that took too long is in doubt, and not made again.

        Raises:
            Throttled, Unreachable: A call that may be repeated failed `pace.tries` times.
        """
        results: list[V | Doubt | None] = [None] * len(requests)
        open_calls = list(range(len(requests)))
        for attempt in range(1, self.pace.tries + 1):
            answers = yield from calls([requests[index] for index in open_calls])
            failed: list[tuple[int, Again]] = []
            for index, answer in zip(open_calls, answers, strict=True):
                verdict = self._judge(requests[index], answer)
                if isinstance(verdict, Again) and verdict.late and not repeats_late:
                    verdict = Doubt(verdict.reason, late=True)
                if isinstance(verdict, Again):
                    failed.append((index, verdict))
                else:
                    results[index] = verdict
            if not failed:
                return [result for result in results if result is not None]
            open_calls = [index for index, _ in failed]
            if attempt == self.pace.tries:
                raise _given_up(requests[open_calls[0]], failed[0][1], attempt)
            yield from sleep(pause_s(attempt, self.pace.calm_s, (yield from draw())))
        raise AssertionError("pace.tries is at least 1")

    def _judge(self, request: Request, answer: Answered) -> V | Again | Doubt:
        if isinstance(answer, NoReply):
            again = Again(answer.reason, untouched=not answer.arrived, late=answer.late)
        else:
            verdict = self.read(request, answer)
            if not isinstance(verdict, Again):
                return verdict
            again = verdict
        if request.safe or again.untouched:
            return again
        return Doubt(again.reason, again.late)


def pause_s(attempt: int, calm_s: float, jitter: float) -> float:
    """Pause before the next try: doubling from `calm_s`, with jitter of up to a half of it."""
    return float(min(calm_s * 2.0 ** (attempt - 1), PAUSE_MAX_S) * (1.0 + jitter / 2.0))


def _given_up(request: Request, again: Again, tries: int) -> Throttled | Unreachable:
    if again.throttled:
        return Throttled(side=request.side, call=request.name, tries=tries)
    return Unreachable(side=request.side, call=request.name, reason=again.reason)
