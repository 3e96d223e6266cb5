"""The exchange plan's change table: which record waits for which node under which number.

The table is a set: one row per node and record, with the number of the message that carried
it, or None while it was not sent. A further write of a sent record takes its number away, so
an acknowledgement of the old message does not lose the new change.
"""

from collections.abc import Container, Iterable, Sequence

from onec_emulator.switches import Switches

Registrations = dict[str, dict[str, int | None]]
"""set → key → number of the message that carried the change, None if none did."""


class ExchangePlan:
    """Registrations of all nodes; nodes are named by their Ref_Key.

    Attributes:
        nodes: The change table of each node that changes are registered for: all but ThisNode.
        switches: Of these `resend` says what a message brings again.
    """

    def __init__(self, sets: Sequence[str], switches: Switches) -> None:
        self.nodes: dict[str, Registrations] = {}
        self.switches = switches
        self._sets = tuple(sets)

    def add_node(self, node: str) -> None:
        """Nothing that was written before is registered for a new node."""
        self.nodes.setdefault(node, {name: {} for name in self._sets})

    def drop_node(self, node: str) -> None:
        self.nodes.pop(node, None)

    def register(self, entity: str, key: str) -> None:
        """Register one write for every node. There is no sender: an echo is registered too."""
        for registrations in self.nodes.values():
            waiting = registrations.get(entity)
            if waiting is not None:
                waiting[key] = None

    def select(
        self, node: str, number: int, published: Container[str] | None = None
    ) -> list[tuple[str, str]]:
        """Stamp what was not sent with `number`; return (set, key) pairs of this message.

        Args:
            published: Sets that can be read from outside; None for all. Others are not stamped.
        """
        resends_lower = self.switches.resend == "unacknowledged"
        chosen: list[tuple[str, str]] = []
        for entity, waiting in self.nodes.get(node, {}).items():
            if published is not None and entity not in published:
                continue
            for key, sent in waiting.items():
                if sent is None:
                    waiting[key] = number
                elif sent != number and not (resends_lower and sent < number):
                    continue
                chosen.append((entity, key))
        return chosen

    def acknowledge(self, node: str, number: int) -> None:
        """Forget what was sent under `number` or a lower one."""
        for waiting in self.nodes.get(node, {}).values():
            done = [key for key, sent in waiting.items() if sent is not None and sent <= number]
            for key in done:
                del waiting[key]

    def waiting(self, node: str) -> Iterable[tuple[str, str, int | None]]:
        for entity, waiting in self.nodes.get(node, {}).items():
            for key, sent in waiting.items():
                yield entity, key, sent
