"""What the kit asks of an emulated system, be it a portal or an infobase."""

from collections.abc import Mapping
from typing import Any, Protocol

from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.held import Answer
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.record import CallRecord, Ledger
from sverka_emulator_kit.state import Shelves
from sverka_emulator_kit.trouble import TroubleBox

Records = Mapping[str, Mapping[str, Mapping[str, object]]]
"""entity → key → field → value"""


class System(Protocol):
    """A plain object without Flask: state, clock, ids and chance of its own, all seeded.

    Attributes:
        layout: Names what the state is made of; a state of another layout cannot be restored.
    """

    name: str
    clock: VirtualClock
    trouble: TroubleBox
    calls: CallRecord
    ledger: Ledger

    @property
    def layout(self) -> str: ...

    def answer(self, request: Request) -> Answer:
        """Do the whole request path for one request.

        A system that holds calls or takes upgrades gives those; others always a reply.
        """
        ...

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in the system's own window: no limit, no trouble, no HTTP."""
        ...

    def records(self) -> Records:
        """All records as they are now. Not a copy: read only."""
        ...

    def gauges(self) -> Mapping[str, object]:
        """Levels and settings for the control plane: limits, queues, switches."""
        ...

    def reset(self) -> None:
        """Back to the seed: as it was when it was made, same seed, same bytes."""
        ...

    def snapshot(self) -> bytes:
        """The whole state as bytes that `restore` takes."""
        ...

    def restore(self, snapshot: bytes) -> None: ...

    def rest(self) -> dict[str, Any]:  # Any: JSON
        """The snapshot without what stands on shelves; their places are empty. Made anew."""
        ...

    def state_schema(self) -> Mapping[str, object]:
        """JSON Schemas of those parts of a snapshot that have a form of their own, by name."""
        ...

    def shelves(self) -> Shelves:
        """What there may be much of, as it is now. Not a copy: read only."""
        ...


def difference(before: Records, after: Records) -> list[dict[str, object]]:
    """What changed between two states: one row per field, `{entity, key, field, was, is}`."""
    rows: list[dict[str, object]] = []
    for entity in sorted(before.keys() | after.keys()):
        was, now = before.get(entity, {}), after.get(entity, {})
        for key in sorted(was.keys() | now.keys()):
            rows += _fields(entity, key, was.get(key, {}), now.get(key, {}))
    return rows


def _fields(
    entity: str, key: str, was: Mapping[str, object], now: Mapping[str, object]
) -> list[dict[str, object]]:
    return [
        {"entity": entity, "key": key, "field": name, "was": was.get(name), "is": now.get(name)}
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    ]
