"""Calling the portal: single calls and batches, and methods that pause for their running time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import TypeVar

from sverka.asks import Flow, Request, Response, now, sleep
from sverka.errors import Blocked, ProtocolSurprise, Throttled, Unreachable
from sverka.records import SideName
from sverka.settings import Settings
from sverka.sides.batch_size import BatchSize
from sverka.sides.delivery import Again, Delivery, Doubt
from sverka.sides.portal_access import PortalAccess, refused, surprise
from sverka.sides.portal_batches import (
    CUT_OFF,
    NO_ANSWER,
    Answers,
    Commands,
    is_late,
    refers,
    refused_here,
)
from sverka.sides.running_time import RunningTime
from sverka.wire import b24
from sverka.wire.b24 import Command, Refusal, Reply, Result

BATCH = "batch"
HALVINGS = 6
"""After so many a batch of 50 has one command."""
R = TypeVar("R")


class PortalCalls:
    """Speaks to one portal."""

    def __init__(self, settings: Settings) -> None:
        self._pace = settings.pace
        self._delivery: Delivery[Reply] = Delivery(_read, settings.pace)
        self._access = PortalAccess(settings.portal, self._delivery)
        self._time = RunningTime(settings.pace.operating_s or inf)
        self._sizes = {safe: BatchSize(settings.pace.batch) for safe in (True, False)}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is worth a line in the history about how the portal is reached."""
        return self._access.warnings

    @property
    def batch(self) -> int:
        """How many writing commands a batch should have for now."""
        return self._sizes[False].commands

    @property
    def reading_batch(self) -> int:
        """How many reading commands a batch should have for now."""
        return self._sizes[True].commands

    @property
    def is_application(self) -> bool:
        """Only an application has a change table and marks its own writes."""
        return self._access.is_application

    def ask(self, command: Command) -> Flow[Result]:
        """One reading call.

        Raises:
            AccessRefused: The portal does not let us in.
            ProtocolSurprise: It refused the call for another reason.
        """
        reply = (yield from self.send([command], safe=True))[0]
        if isinstance(reply, Result):
            return reply
        raise surprise(command.method, reply)

    def ask_batch(self, commands: Commands) -> Flow[Answers]:
        """Several reading commands in as few calls as `pace.batch` allows.

        A method that has spent its running time is waited for.
        """
        found: Answers = {}
        for _ in range(self._pace.tries):
            left = {key: commands[key] for key in commands if key not in found}
            found |= yield from self.ask_each(left)
            late_s = [r.until_s for r in found.values() if isinstance(r, Refusal) and r.until_s]
            if not late_s:
                return {key: found[key] for key in commands}
            found = {key: reply for key, reply in found.items() if not is_late(reply)}
            yield from self.wait_until(max(late_s))
        raise Throttled(side=SideName.PORTAL, call=BATCH, tries=self._pace.tries)

    def ask_each(self, commands: Commands) -> Flow[Answers]:
        """As `ask_batch`, but a method that has spent its running time is refused at once.

        What takes too long is asked in smaller batches; commands that refer to others of such a
        batch are answered by `CUT_OFF`, since they may be parted.
        """
        found: Answers = {}
        late = ""
        for _ in range(self._pace.tries + HALVINGS):
            left = {key: commands[key] for key in commands if key not in found}
            if not left:
                return {key: found[key] for key in commands}
            found |= {key: CUT_OFF for key in left if late and refers(left[key], left)}
            batches = self._batches({key: c for key, c in left.items() if key not in found})
            replies = yield from self.send_batches(batches, safe=True)
            for batch, answers in zip(batches, replies, strict=True):
                if not isinstance(answers, Doubt):
                    found |= {key: answers.get(key, NO_ANSWER) for key in batch}
                elif answers.late:
                    late = answers.reason
                else:
                    raise ProtocolSurprise(side="portal", call=BATCH, what=answers.reason)
        raise Unreachable(side=SideName.PORTAL, call=BATCH, reason=late)

    def _batches(self, commands: Commands) -> list[Commands]:
        keys, size = list(commands), self.reading_batch
        groups = [keys[at : at + size] for at in range(0, len(keys), size)]
        return [{key: commands[key] for key in group} for group in groups]

    def send_batches(
        self, batches: Sequence[Commands], *, safe: bool
    ) -> Flow[list[Answers | Doubt]]:
        """Answers by command key for each batch, or a doubt about the whole batch.

        Commands of a paused method are not sent but refused here, with those that refer to them;
        a batch without others is no call.
        """
        held = yield from self._held(batches)
        going = [
            {key: command for key, command in batch.items() if key not in refusals}
            for batch, refusals in zip(batches, held, strict=True)
        ]
        calls = [Command(BATCH, b24.batch_params(batch)) for batch in going if batch]
        replies = iter((yield from self.send(calls, safe=safe)))
        answers: list[Answers | Doubt] = []
        for batch, refusals in zip(going, held, strict=True):
            reply = next(replies) if batch else Result({})
            if isinstance(reply, Refusal):
                raise surprise(BATCH, reply)
            if isinstance(reply, Result) and not isinstance(reply.value, Mapping):
                what = f"its result is {reply.value!r} without sections"
                raise ProtocolSurprise(side="portal", call=BATCH, what=what)
            if isinstance(reply, Doubt):
                if reply.late:
                    self._sizes[safe].too_long(len(batch))
                answers.append(reply)
                continue
            if batch:
                self._sizes[safe].in_time()
            found = b24.decode_batch(reply.value, list(batch))
            methods = [batch[key].method for key in found]
            noted = yield from self._noted(methods, list(found.values()))
            answers.append({**refusals, **dict(zip(found, noted, strict=True))})
        return answers

    def send(self, commands: Sequence[Command], *, safe: bool) -> Flow[list[Reply | Doubt]]:
        """Replies in order. A spent token is refreshed, a paused method is waited for.

        Raises:
            AccessRefused, PortalMoved: Somebody has to act before the portal lets us in.
            Blocked: The portal is closed to programs.
            Throttled, Unreachable: It did not answer in time.
        """
        yield from self._access.ready()
        replies: dict[int, Reply | Doubt] = {}
        for _ in range(self._pace.tries):
            left = {at: command for at, command in enumerate(commands) if at not in replies}
            yield from self._until_free([command.method for command in left.values()])
            came = yield from self._let_in(list(left.values()), safe=safe)
            came = yield from self._noted([command.method for command in left.values()], came)
            fresh = zip(left, came, strict=True)
            replies |= {at: reply for at, reply in fresh if not is_late(reply)}
            if len(replies) == len(commands):
                return [replies[at] for at in range(len(commands))]
        late = next(command for at, command in enumerate(commands) if at not in replies)
        raise Throttled(side=SideName.PORTAL, call=late.method, tries=self._pace.tries)

    def wait_until(self, moment_s: float) -> Flow[None]:
        now_s = yield from now()
        yield from sleep(max(0.0, moment_s - now_s))

    def _let_in(self, commands: Sequence[Command], *, safe: bool) -> Flow[list[Reply | Doubt]]:
        grants = self._access.grants
        replies = yield from self._deliver(commands, safe=safe)
        stale = [at for at, reply in enumerate(replies) if self._access.can_be_renewed(reply)]
        if stale:
            yield from self._access.renew([replies[at] for at in stale], since=grants)
            fresh = yield from self._deliver([commands[at] for at in stale], safe=safe)
            for at, reply in zip(stale, fresh, strict=True):
                replies[at] = reply
        for command, reply in zip(commands, replies, strict=True):
            if isinstance(reply, Refusal) and reply.overloaded:
                raise Blocked(side=SideName.PORTAL, answer=str(reply))
            if isinstance(reply, Refusal) and reply.status == 401:
                raise refused(command.method, reply)
        return replies

    def _deliver(self, commands: Sequence[Command], *, safe: bool) -> Flow[list[Reply | Doubt]]:
        requests = [self._access.request(command, safe=safe) for command in commands]
        # A batch can be made smaller; another call can only be made again.
        repeats_late = any(command.method != BATCH for command in commands)
        return (yield from self._delivery.deliver(requests, repeats_late=repeats_late))

    def _until_free(self, methods: Sequence[str]) -> Flow[None]:
        if self._time.paused(methods):
            now_s = yield from now()
            until_s = max((self._time.until_s(m, now_s) for m in methods), default=0.0)
            yield from sleep(max(0.0, until_s - now_s))

    def _held(self, batches: Sequence[Commands]) -> Flow[list[Answers]]:
        """The refusals of those commands of each batch that need not be tried."""
        methods = {command.method for batch in batches for command in batch.values()}
        if not self._time.paused(methods):
            return [{} for _ in batches]
        now_s = yield from now()
        until_s = {method: self._time.until_s(method, now_s) for method in methods}
        return [refused_here(batch, until_s) for batch in batches]

    def _noted(self, methods: Sequence[str], replies: Sequence[R]) -> Flow[list[R | Refusal]]:
        """Keep what the answers tell of running times; a refusal for it learns until when."""
        if not any(_tells_time(reply) for reply in replies):
            return list(replies)
        now_s = yield from now()
        noted: list[R | Refusal] = []
        for method, reply in zip(methods, replies, strict=True):
            if isinstance(reply, Result) and reply.spent:
                self._time.told(method, reply.spent, now_s)
            if isinstance(reply, Refusal) and reply.out_of_time:
                noted.append(replace(reply, until_s=self._time.refused(method, now_s)))
            else:
                noted.append(reply)
        return noted


def _tells_time(reply: object) -> bool:
    if isinstance(reply, Result):
        return reply.spent is not None
    return isinstance(reply, Refusal) and reply.out_of_time


def _read(request: Request, response: Response) -> Reply | Again:
    moved_to = response.headers.get("location", "")
    if 300 <= response.status < 400 and moved_to:
        return Refusal(b24.MOVED, moved_to, response.status)
    reply = b24.decode_reply(response.status, response.body)
    if reply is None:
        return Again(f"HTTP {response.status} with a body that is no JSON envelope")
    if isinstance(reply, Refusal):
        if reply.throttled:
            return Again(str(reply), untouched=True, throttled=True)
        if response.status >= 500 and not reply.overloaded:
            return Again(str(reply))
    return reply
