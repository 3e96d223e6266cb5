"""The plan: what is written where, as values that can be printed, compared or refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sverka.records import Record, SideName, Values, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One record to be written.

    Attributes:
        side: Where.
        source: The record of the other side from which the values come.
        target: The record as it was just read; None to create it.
        external: 1C GUID of the pair: the mark on the portal, the key in the infobase.
        refs: Keys on this side of the records that `written` names, by field.
    """

    side: SideName
    source: Record
    target: Record | None
    written: Written
    external: str
    refs: Mapping[str, str] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        return self.source.entity

    @property
    def creates(self) -> bool:
        return self.target is None

    def __str__(self) -> str:
        verb = "create" if self.creates else "update"
        key = self.target.key if self.target else f"from {self.source.key}"
        return f"{verb} {self.side} {key}: {', '.join(self.written) or 'mark'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step ended.

    Attributes:
        key: Of the written record, `""` if nothing was written.
        settled: Values of the written side afterwards, by declared field name.
        went: Names of the fields that were written.
        reason: Why it, or a part of it, did not go; `""` if all went.
        doubtful: Nobody knows whether it was written: look it up before trying again.
        again_s: When what did not go may be tried again, unix seconds; 0 for the usual pause.
        put_off: It was not even tried: what it was decided from is out of date.
    """

    step: Step
    key: str = ""
    settled: Values = field(default_factory=dict)
    went: frozenset[str] = frozenset()
    reason: str = ""
    doubtful: bool = False
    again_s: float = 0.0
    put_off: bool = False


def pack(steps: Iterable[Step], cost: Callable[[Step], int], limit: int) -> list[tuple[Step, ...]]:
    """Steps in their order, in groups whose costs add up to `limit` at most.

    Creates go before updates, so that nobody waits for a record that is not there yet.
    """
    groups: list[list[Step]] = []
    room = 0
    for step in sorted(steps, key=lambda step: not step.creates):
        if not groups or cost(step) > room:
            groups.append([])
            room = limit
        groups[-1].append(step)
        room -= cost(step)
    return [tuple(group) for group in groups]
