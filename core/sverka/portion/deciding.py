"""What is to be written where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sverka.asks import Flow, new_id
from sverka.decide.fields import decide
from sverka.decide.filters import kept_home
from sverka.decide.kinds import decide_client
from sverka.decide.steps import Step
from sverka.decide.telling import tell_first_meeting
from sverka.entities.clients import CLIENT, KIND
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.exchanged import ENTITIES
from sverka.portion.owners import Owners
from sverka.portion.pairs import INFOBASE, PORTAL, Pair
from sverka.records import Level, Record, Written, split_key
from sverka.settings import ClientSettings, Directions
from sverka.sides.portal_writing import needs_mark, needs_tidying

OF_TWO_KINDS = "are of two kinds now, and stay as they are: a further requisite keeps its template"


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
        portal, infobase = pair.records[PORTAL], pair.records[INFOBASE]
        clients = self.settings
        entity = ENTITIES[infobase.entity]
        if (
            entity is COUNTERPARTY
            and len({clients.told_apart(portal.kind), clients.told_apart(infobase.kind)}) > 1
        ):
            pair.close(f"{portal.key} and {infobase.key} {OF_TWO_KINDS}", Level.WARNING)
            return
        if entity is CLIENT:
            decided = decide_client(portal, infobase, pair.link, clients)
            decision = decided.decision
            pair.withheld |= decided.withheld
            if decided.reason:
                pair.tell(Level.WARNING, f"{infobase.key} {decided.reason}")
        else:
            decision = decide(
                entity,
                portal,
                infobase,
                link=pair.link,
                winner=clients.winner,
                portal_carries=entity.carried(split_key(portal.key)[0], portal.kind),
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
            marks = target.side is PORTAL and (needs_mark(target, guid) or needs_tidying(target))
            if written or marks:
                refs = self.owners.keys_on(target.side, entity.name, written)
                pair.steps.append(step_to(source, target, written, guid, refs))

    def _create(self, record: Record, guid: str) -> Step:
        shape = self.settings.shape_of(record.entity, record.kind)
        carried = ENTITIES[record.entity].carried(shape, record.kind)
        written = {
            name: value
            for name, value in record.values.items()
            # Of which kind a new one is says the record itself.
            if value and name in carried and name != KIND
        }
        refs = self.owners.keys_on(record.side.other, record.entity, written)
        return step_to(record, None, written, guid, refs)


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
