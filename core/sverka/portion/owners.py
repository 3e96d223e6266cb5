"""Who belongs to whom: a record names its owner by the key of the owner's own side.

Between reading and writing all records name owners by their keys in the infobase, so that both
sides compare. Who has no linked owner yet waits for him.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sverka.asks import Flow, LinksOf, load
from sverka.entities.exchanged import ENTITIES
from sverka.entities.persons import CONTACT_PERSON
from sverka.portion.pairs import INFOBASE, PORTAL, Pair
from sverka.records import Level, Record, SideName, Values, Written, split_key
from sverka.settings import Shape


@dataclass(slots=True)
class Owners:
    """Pairs of owners, as far as records of this portion name them."""

    _on_portal: dict[str, str] = field(default_factory=dict)
    _in_infobase: dict[str, str] = field(default_factory=dict)

    def settle(self, pairs: Iterable[Pair]) -> Flow[None]:
        """Let the records of open pairs name owners alike, and hold those who must wait."""
        pairs = [pair for pair in pairs if not pair.closed]
        for side, known in ((PORTAL, self._in_infobase), (INFOBASE, self._on_portal)):
            named = {key: None for pair in pairs for key in _owners(pair.records.get(side))}
            unknown = tuple(key for key in named if key not in known and key != "")
            for link in (yield from load(LinksOf(side, unknown))) if unknown else ():
                self._in_infobase[link.portal_key] = link.infobase_key
                self._on_portal[link.infobase_key] = link.portal_key
        for pair in pairs:
            for side, record in list(pair.records.items()):
                pair.records[side] = self._alike(record)
                for key in _owners(pair.records[side]):
                    self._require(key, pair, record.entity)

    def _require(self, owner: str, pair: Pair, entity: str) -> None:
        """An owner without a pair is waited for; only companies have contact persons."""
        if owner not in self._on_portal:
            pair.hold(owner)
            return
        is_company = split_key(self._on_portal[owner])[0] == Shape.COMPANY
        if entity == CONTACT_PERSON.name and not is_company:
            level = Level.INFO if pair.link else None
            pair.close(f"{owner} is no company on the portal: it has no contact persons", level)

    def _alike(self, record: Record) -> Record:
        refs = {name: self._in_infobase.get(key, key) for name, key in _refs(record)}
        return replace(record, values={**record.values, **refs}) if refs else record

    def seen_from(self, side: SideName, record: Record) -> Record:
        """The record as a side would name its owner."""
        refs = self.keys_on(side, record.entity, record.values)
        return replace(record, values={**record.values, **refs}) if refs else record

    def keys_on(self, side: SideName, entity: str, values: Values | Written) -> dict[str, str]:
        """Keys on a side of the owners that these values name, by field."""
        known = self._on_portal if side is PORTAL else self._in_infobase
        return {
            name: known.get(key, key)
            for name in ENTITIES[entity].refs
            if isinstance(key := values.get(name), str)
        }


def _refs(record: Record) -> Iterator[tuple[str, str]]:
    for name in ENTITIES[record.entity].refs:
        if isinstance(key := record.values.get(name), str):
            yield name, key


def _owners(record: Record | None) -> Iterator[str]:
    return (key for _, key in _refs(record)) if record else iter(())
