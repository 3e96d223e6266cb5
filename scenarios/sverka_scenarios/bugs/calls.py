"""Bugs in calling the portal: batches, limits, pauses."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from sverka.asks import Request, Response
from sverka.decide.steps import Outcome, Step
from sverka.sides.delivery import Again, Doubt
from sverka.sides.portal_calls import _read as read_reply
from sverka.sides.portal_writing import PortalWriting
from sverka.sides.running_time import RunningTime
from sverka.wire.b24 import Json, Refusal, Reply, Result, decode_batch, php_query
from sverka_scenarios.bugs.bug import Bug

outcome_of = PortalWriting._outcome


def _all_or_nothing(result: Json, keys: Sequence[str]) -> dict[str, Reply]:
    """One error in a batch is taken for an error of all its commands."""
    replies = decode_batch(result, keys)
    failed = [reply for reply in replies.values() if isinstance(reply, Refusal)]
    return {key: failed[0] if failed else reply for key, reply in replies.items()}


def _plain_query(params: Mapping[str, Json]) -> str:
    """What a batch is given goes into its address as it is."""
    return unquote(php_query(params))


def _refusal_is_done(request: Request, response: Response) -> Reply | Again:
    """A write that was refused for the limits is taken for an answer without errors."""
    reply = read_reply(request, response)
    is_refused = isinstance(reply, Again) and reply.throttled
    return Result({}) if is_refused and not request.safe and request.name == "batch" else reply


def _no_news_is_good(
    self: PortalWriting, number: int, step: Step, answers: Mapping[str, Reply] | Doubt
) -> Outcome:
    if answers:
        return outcome_of(self, number, step, answers)
    key = step.target.key if step.target else ""
    return Outcome(step=step, key=key, settled={}, went=frozenset(step.written))


def _soon_again(self: RunningTime, method: str, now_s: float) -> float:
    """A method that was refused for its running time is tried again each second."""
    return now_s + 1.0


def _all_pause(self: RunningTime, method: str, now_s: float) -> float:
    """One method that has spent its running time stops them all."""
    return max((until_s for until_s in self._paused_until_s.values() if until_s > now_s), default=0)


def _at_once(attempt: int, calm_s: float, jitter: float) -> float:
    """What failed is tried again without a pause."""
    return 0.0


BUGS = (
    Bug(
        "all-or-nothing",
        "a whole batch is taken for failed when one of its commands fails",
        "LF-09",
        {"sverka.wire.b24.decode_batch": _all_or_nothing},
        in_random_lives=False,
    ),
    Bug(
        "unencoded",
        "percent and ampersand stand in a batch as they are",
        "LF-10",
        {"sverka.wire.b24.php_query": _plain_query},
        in_random_lives=False,
    ),
    Bug(
        "refused-is-done",
        "a write that the portal refused for its limits is taken for done",
        "LF-02",
        {
            "sverka.sides.portal_calls._read": _refusal_is_done,
            "sverka.sides.portal_writing.PortalWriting._outcome": _no_news_is_good,
        },
        in_random_lives=False,
    ),
    Bug(
        "same-size",
        "a package that took too long is followed by others as large",
        "LF-16",
        {"sverka.sides.batch_size.BatchSize.too_long": lambda self, commands: None},
        in_random_lives=False,
    ),
    Bug(
        "hammers",
        "what failed is tried again without a pause",
        "LF-04",
        {"sverka.portion.noting.pause_s": _at_once, "sverka.sides.delivery.pause_s": _at_once},
        in_random_lives=False,
    ),
    Bug(
        "knocks-on",
        "a method that has spent its running time is tried again each second",
        "LF-03",
        {
            "sverka.sides.running_time.RunningTime.refused": _soon_again,
            "sverka.sides.running_time.RunningTime.told": lambda self, method, spent, now: None,
        },
        in_random_lives=False,
    ),
    Bug(
        "all-pause",
        "one method that has spent its running time stops all the others",
        "LF-03",
        {
            "sverka.sides.running_time.RunningTime.paused": lambda self, methods: True,
            "sverka.sides.running_time.RunningTime.until_s": _all_pause,
        },
        in_random_lives=False,
    ),
)
