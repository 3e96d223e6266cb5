"""Answers that come later: a call that is held, and a caller who stays on the line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.messages import Reply

Deed = Callable[[], None]


@dataclass(slots=True)
class Topics:
    """Who in one system waits for what. It is no part of the state: a snapshot has none of it."""

    _waiting: dict[str, list[Deed]] = field(default_factory=dict)

    def listen(self, topic: str, deed: Deed) -> Deed:
        """Have `deed` done whenever `topic` stirs; returns what ends that."""
        deeds = self._waiting.setdefault(topic, [])
        deeds.append(deed)

        def end() -> None:
            if deed in deeds:
                deeds.remove(deed)
            if not deeds and self._waiting.get(topic) is deeds:
                del self._waiting[topic]

        return end

    def stir(self, topic: str) -> None:
        for deed in list(self._waiting.get(topic, ())):
            deed()

    def count(self) -> int:
        """How many wait."""
        return sum(len(deeds) for deeds in self._waiting.values())


@dataclass(frozen=True, slots=True)
class Held:
    """A call whose answer is not there yet.

    Attributes:
        timeout_s: How long it is held, in seconds of the system's clock.
        look: What is answered when the topic stirs; None is to wait on.
        at_last: What is answered when the time is over.
    """

    topic: str
    timeout_s: float
    topics: Topics
    look: Callable[[], Reply | None]
    at_last: Callable[[], Reply]

    def then(self, clock: VirtualClock, tell: Callable[[Reply], None]) -> Deed:
        """Give the reply to `tell`, once, when it is there; returns what forgets the call.

        To be called at the moment of the system's answer, before anything else is done to it.
        """

        def forget() -> None:
            end()
            timer.cancel()

        def settle(reply: Reply | None) -> None:
            if reply is not None:
                forget()
                tell(reply)

        end = self.topics.listen(self.topic, lambda: settle(self.look()))
        timer = clock.after(self.timeout_s, lambda: settle(self.at_last()))
        return forget


class Line(Protocol):
    """The system's end of a WebSocket."""

    def send(self, text: str) -> None: ...

    def ping(self) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Talker(Protocol):
    """Who talks for the system over a line."""

    def hear(self, text: str) -> None: ...

    def gone(self) -> None:
        """The line is closed, by whomever."""
        ...


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The caller may speak over a WebSocket from now on.

    Attributes:
        begin: Takes the line when it is open.
    """

    begin: Callable[[Line], Talker]


Answer = Reply | Held | Upgrade
"""What a system gives back for a request."""
