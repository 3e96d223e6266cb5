"""A side that is read as it is and never written: writes are played, and shown afterwards."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from sverka.asks import Flow
from sverka.decide.fates import Removal
from sverka.decide.steps import Outcome, Step
from sverka.records import Link, Record, SideName
from sverka.sides.side import Feed, Holders, Shown, Side, Survey, Word


@dataclass(slots=True)
class Rehearsal:
    """Stands before a real side in a dry run.

    Attributes:
        made: Records that would be created, by a key that no real record has.
        removed: Keys of the records that would be deleted or marked.
        names: What the records that were read are called, by key.
    """

    side: Side
    name: SideName = field(init=False)
    made: dict[str, Record] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.side.name

    @property
    def entities(self) -> frozenset[str]:
        return self.side.entities

    def keep_to(self, entities: Set[str]) -> None:
        self.side.keep_to(entities)

    def open(self) -> Flow[tuple[str, ...]]:
        return (yield from self.look())

    def look(self) -> Flow[tuple[str, ...]]:
        return (yield from self.side.look())

    def changes(self) -> Flow[Feed]:
        """None: taking changes over leaves a mark at the side. A full pass reads everything."""
        return Feed()
        yield

    def confirm(self, feed: Feed) -> Flow[None]:
        return
        yield

    def word(self) -> Flow[Word]:
        return (yield from self.side.word())

    def everything(self) -> Flow[Survey]:
        survey = yield from self.side.everything()
        self._learn(survey.records)
        return survey

    def read(self, keys: Sequence[str]) -> Flow[Mapping[str, Shown]]:
        real = [key for key in keys if key not in self.made]
        found = dict((yield from self.side.read(real))) if real else {}
        self._learn([record for record in found.values() if isinstance(record, Record)])
        return found | {key: self.made[key] for key in keys if key in self.made}

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found = yield from self.side.find(externals)
        made = {record.external: key for key, record in self.made.items()}
        return found | {guid: made[guid] for guid in externals if guid in made}

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        outcomes = yield from self.rehearse(steps)
        new = [outcome for outcome in outcomes if outcome.step.creates and outcome.key]
        self.made |= {outcome.key: _made(outcome) for outcome in new}
        return outcomes

    def remove(self, records: Sequence[Record], removal: Removal) -> Flow[dict[str, str]]:
        self.removed |= {record.key for record in records}
        return {}
        yield

    def holders(self, links: Sequence[Link]) -> Flow[Mapping[str, Holders]]:
        return (yield from self.side.holders(links))

    def rehearse(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        return (yield from self.side.rehearse(steps))

    def _learn(self, records: Sequence[Record]) -> None:
        self.names |= {record.key: str(record.values.get("name", "")) for record in records}


def _made(outcome: Outcome) -> Record:
    step = outcome.step
    return Record(
        side=step.side,
        key=outcome.key,
        values=outcome.settled,
        entity=step.entity,
        kind=step.source.kind,
        external=step.external,
    )
