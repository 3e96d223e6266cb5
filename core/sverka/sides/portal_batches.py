"""What is in a batch: commands by key, their answers, and those that need not be sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from sverka.asks import Flow
from sverka.sides.delivery import Doubt
from sverka.wire import b24
from sverka.wire.b24 import Command, Refusal, Reply

Commands = Mapping[str, Command]
Answers = dict[str, Reply]
NO_ANSWER = Refusal("", "the portal gave no answer to this command")
CUT_OFF = Refusal("", "the command that it refers to is in another batch")


class Batching(Protocol):
    """Who takes batches to the portal."""

    @property
    def batch(self) -> int:
        """How many writing commands a batch should have for now."""
        ...

    def send_batches(
        self, batches: Sequence[Commands], *, safe: bool
    ) -> Flow[list[Answers | Doubt]]: ...


def refers(command: Command, keys: Iterable[str]) -> bool:
    """Whether it names the answer of one of these commands of its batch."""
    texts = str(command.params)
    return "$result" in texts and any(f"$result[{key}]" in texts for key in keys)


def refused_here(batch: Commands, until_s: Mapping[str, float]) -> Answers:
    """Refusals of commands whose methods pause, and of those that refer to them.

    Args:
        until_s: When each method may be called again; 0 if it may be now.
    """
    refusals: Answers = {}
    for key, command in batch.items():
        earlier = next((refusals[k] for k in refusals if refers(command, [k])), None)
        if moment_s := until_s[command.method]:
            text = f"{command.method} has spent its running time"
            refusals[key] = Refusal(b24.OUT_OF_TIME, text, until_s=moment_s)
        elif earlier:
            refusals[key] = earlier
    return refusals


def is_late(reply: object) -> bool:
    return isinstance(reply, Refusal) and reply.until_s > 0
