"""What is to be written where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sverka.asks import Flow, new_id
from sverka.decide.fields import decide
from sverka.decide.filters import kept_home
from sverka.decide.own_part import aligned
from sverka.decide.steps import Step
from sverka.decide.telling import tell_first_meeting
from sverka.entities.clients import CLIENT
from sverka.entities.exchanged import ENTITIES
from sverka.portion.owners import Owners
from sverka.portion.pairs import INFOBASE, PORTAL, Pair
from sverka.records import Level, Record, Written, split_key
from sverka.settings import ClientSettings, Directions
from sverka.sides.portal_writing import needs_mark


@dataclass(frozen=True, slots=True)
class Deciding:
    """Gives pairs their steps."""

    settings: ClientSettings
    owners: Owners
    directions: Directions

    def decide_all(self, pairs: Iterable[Pair]) -> Flow[None]:
        for pair in pairs:
            if pair.closed:
                continue
            if len(pair.records) == 2:
                self._decide_pair(pair)
            elif len(pair.keys) == 1:
                known = pair.keys.get(INFOBASE)
                guid = split_key(known)[1] if known else (yield from new_id())
                pair.steps = [self._create(pair.records[pair.own], guid)]
            else:
                pair.close(
                    f"{pair.keys[pair.own.other]} is gone from the other side", Level.WARNING
                )

    def _decide_pair(self, pair: Pair) -> None:
        if pair.link is None:
            pair.records = aligned(pair.records)
        portal, infobase = pair.records[PORTAL], pair.records[INFOBASE]
        clients = self.settings
        entity = ENTITIES[infobase.entity]
        decision = decide(
            entity,
            portal,
            infobase,
            link=pair.link,
            winner=clients.winner,
            portal_carries=entity.carried(split_key(portal.key)[0], _kind(portal, infobase)),
            owned=frozenset(clients.owned_by_infobase if entity is CLIENT else ()),
        )
        pair.conflicts = decision.conflicts
        pair.met = [] if pair.link else tell_first_meeting(decision)
        for source, target in ((infobase, portal), (portal, infobase)):
            written = decision.written(target.side)
            kept = entity is CLIENT and not clients.update_existing
            if written and target.side is INFOBASE and kept:
                names = ", ".join(sorted(written))
                pair.tell(Level.INFO, f"not updated, clients.update_existing is off: {names}")
                written = {}
            home = kept_home(clients, source) if source.side is INFOBASE else ""
            if written and home:
                pair.tell(Level.INFO, f"not updated, {home}: {', '.join(sorted(written))}")
            if home or source.side not in self.directions.sources:
                pair.withheld |= written.keys()
                written = {}
            guid = split_key(infobase.key)[1]
            marks = target.side is PORTAL and needs_mark(target, guid)
            if written or marks:
                refs = self.owners.keys_on(target.side, entity.name, written)
                pair.steps.append(step_to(source, target, written, guid, refs))

    def _create(self, record: Record, guid: str) -> Step:
        shape = self.settings.shape_of(record.entity, record.kind)
        carried = ENTITIES[record.entity].carried(shape, record.kind)
        written = {
            name: value for name, value in record.values.items() if value and name in carried
        }
        refs = self.owners.keys_on(record.side.other, record.entity, written)
        return step_to(record, None, written, guid, refs)


def _kind(portal: Record, infobase: Record) -> str:
    """A partner of УТ without a counterparty is a company of any kind: there the portal knows."""
    is_whole = set(infobase.homes.values()) <= infobase.parts.keys()
    return infobase.kind if is_whole else portal.kind


def step_to(
    source: Record, target: Record | None, written: Written, guid: str, refs: Mapping[str, str]
) -> Step:
    return Step(
        side=source.side.other,
        source=source,
        target=target,
        written=written,
        external=guid,
        refs=refs,
    )
