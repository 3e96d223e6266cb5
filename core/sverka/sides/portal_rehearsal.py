"""A portal that takes every write, and of which nobody asks anything."""

from collections.abc import Sequence

from sverka.asks import Flow
from sverka.sides.delivery import Doubt
from sverka.sides.portal_calls import Answers, Commands
from sverka.wire.b24 import Command, Result


class Agreeing:
    """Says yes to each writing command of a batch; a look at what was written stays unanswered."""

    def send_batches(
        self, batches: Sequence[Commands], *, safe: bool
    ) -> Flow[list[Answers | Doubt]]:
        return [
            {key: _agreed(command) for key, command in batch.items() if _writes(command)}
            for batch in batches
        ]
        yield


def _writes(command: Command) -> bool:
    return not command.method.endswith((".get", ".list"))


def _agreed(command: Command) -> Result:
    """A new record is called by the mark that it would bear: no real one has such an ID."""
    fields = command.params.get("fields", {})
    return Result(fields.get("ORIGIN_ID") or fields.get("XML_ID", ""))
