"""The infobase as a side: catalogues over OData, the exchange plan as its change table."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sverka.asks import CursorOf, Flow, load, save
from sverka.decide.fates import Removal
from sverka.decide.fields import settled
from sverka.decide.filters import attributes_of
from sverka.decide.steps import Outcome, Step
from sverka.entities.clients import CLIENT
from sverka.entities.configurations import CONFIGURATIONS
from sverka.entities.layouts import Configuration, Layout
from sverka.errors import SettingsError
from sverka.records import Change, Cursor, Fate, Link, Record, SideName, split_key, typed_key
from sverka.settings import SHAPES, Settings
from sverka.sides import infobase_numbers, infobase_parts
from sverka.sides.infobase_calls import InfobaseCalls
from sverka.sides.infobase_joins import groups_of, joined
from sverka.sides.infobase_removing import remove
from sverka.sides.infobase_writing import InfobaseWriting
from sverka.sides.owning import own_parts
from sverka.sides.side import Feed, Holders, Shown, Survey, Word
from sverka.wire import odata, odata_records
from sverka.wire.atom import Registered
from sverka.wire.odata import NO_GUID, Json
from sverka.wire.odata_records import Dialect

Rows = Mapping[str, Sequence[Json]]
"""Rows by catalogue."""

PLATFORM = "platform"
"""Name of the cursor that says that a person was told of the platform."""

PLATFORM_UNKNOWN = (
    "The version of 1C's platform is unknown, since OData does not tell it. It must be 8.3.12 or "
    "newer: look in 1C under 'About'. This is said once."
)


@dataclass(frozen=True, slots=True)
class Message:
    """The number under which a packet of changes was taken."""

    number: int


class InfobaseSide:
    """One infobase behind its OData publication."""

    name = SideName.INFOBASE

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.infobase
        self._clients = settings.clients
        self._calls = InfobaseCalls(settings)
        self._node = ""
        self._next_number: int | None = None
        self._dialects: dict[str, Dialect] = {}

    @property
    def entities(self) -> frozenset[str]:
        return frozenset(self._dialects)

    def keep_to(self, entities: Set[str]) -> None:
        self._dialects = {name: one for name, one in self._dialects.items() if name in entities}

    def open(self) -> Flow[tuple[str, ...]]:
        is_new = not self._node
        yield from self.look()
        restored: tuple[str, ...] = ()
        if is_new and self._next_number:
            restored = yield from infobase_numbers.compared(self._next_number - 1)
        if (yield from load(CursorOf(PLATFORM))):
            return restored
        yield from save([Cursor(name=PLATFORM, value="told")])
        return (*restored, PLATFORM_UNKNOWN)

    def look(self) -> Flow[tuple[str, ...]]:
        """Nothing of it is left behind in 1C."""
        if not self._node:
            yield from self._find_node()
            self._dialects = yield from self._recognise()
        return ()

    def _find_node(self) -> Flow[None]:
        nodes = yield from self._calls.ask(self._settings.plan)
        for node in nodes["value"]:
            if node["Code"] == self._settings.node:
                self._node = str(node["Ref_Key"])
                self._next_number = int(node["ReceivedNo"]) + 1
                return
        raise SettingsError(
            setting="infobase.node",
            value=self._settings.node,
            remedy=f"{self._settings.plan} has the nodes "
            f"{[node['Code'] for node in nodes['value']]}. Name one, or make it in 1C.",
        )

    def _recognise(self) -> Flow[dict[str, Dialect]]:
        """Which configuration it is, by the predefined kinds of contact information.

        Dialects by entity, in the order in which their records depend on each other.
        """
        kinds = yield from self._calls.ask("Catalog_ВидыКонтактнойИнформации")
        by_name = {row["PredefinedDataName"]: str(row["Ref_Key"]) for row in kinds["value"]}
        for configuration in CONFIGURATIONS:
            if configuration.kinds <= by_name.keys():
                layouts = self._exchanged(configuration)
                parts = next((one.entity.name for one in layouts if one.part_of), "")
                return {
                    layout.entity.name: self._dialect(
                        layout, by_name, parts if layout is configuration.clients else ""
                    )
                    for layout in layouts
                }
        known = ", ".join(configuration.title for configuration in CONFIGURATIONS)
        raise SettingsError(
            setting="infobase.url",
            value=self._settings.url,
            remedy=f"Clients are exchanged with {known}. The kinds of contact information of this "
            "base are of none of them, or are not published.",
        )

    def _dialect(self, layout: Layout, kinds: Mapping[str, str], parts: str) -> Dialect:
        attributes = attributes_of(self._clients) if layout.entity is CLIENT else ()
        own_kinds = {field: kinds[name] for field, name in layout.contact_kinds.items()}
        told_apart = {kind: self._clients.told_apart(kind) for kind in SHAPES}
        return Dialect(layout, own_kinds, attributes, told_apart, parts)

    def _exchanged(self, configuration: Configuration) -> Sequence[Layout]:
        return [
            layout
            for layout in configuration.layouts
            if self._clients.exchanges(layout.entity.name)
        ]

    def changes(self) -> Flow[Feed]:
        if self._next_number is None:
            yield from self._find_node()
        number = self._next_number
        assert number is not None, "a node has a number"
        registered = yield from self._calls.select_changes(self._node, number)
        changes = {change.key: change for entry in registered for change in self._told(entry)}
        cards = [key for key in changes if split_key(key)[0] == CLIENT.name]
        for own in (yield from own_parts(self.name, cards)) if self._has_parts else ():
            # Its client is among the changes.
            changes.pop(own, None)
        return Feed(tuple(changes.values()), Message(number) if registered else None)

    @property
    def _has_parts(self) -> bool:
        return any(dialect.parts for dialect in self._dialects.values())

    def _told(self, entry: Registered) -> Iterator[Change]:
        """Details count for their card; of deleted ones nobody can tell whose they were."""
        for entity, dialect in self._dialects.items():
            card, details = dialect.layout.card, dialect.layout.details
            if entry.set_name == card.set_name:
                fate = Fate.GONE if entry.deleted else Fate.EDITED
                yield Change(side=self.name, key=typed_key(entity, entry.guid), fate=fate)
            elif details and entry.set_name == details.set_name and entry.owner:
                yield Change(side=self.name, key=typed_key(entity, entry.owner))

    def confirm(self, feed: Feed) -> Flow[None]:
        if isinstance(feed.token, Message):
            # Until it is answered nobody knows which number the node has reached.
            self._next_number = None
            yield from self._calls.notify_received(self._node, feed.token.number)
            self._next_number = feed.token.number + 1
            yield from infobase_numbers.confirmed(feed.token.number)

    def word(self) -> Flow[Word]:
        yield from ()
        return Word(trouble="1C says nothing by itself")

    def everything(self) -> Flow[Survey]:
        # Without $top 1C gives the whole table as it is at one moment: no page can move.
        records: list[Record] = []
        rows: dict[str, list[Json]] = {}
        for dialect in self._dialects.values():
            for place in dialect.layout.places:
                if place.set_name not in rows:
                    rows[place.set_name] = (yield from self._calls.ask(place.set_name))["value"]
            shown = yield from self._shown(rows, dialect)
            records += [record for record in shown.values() if isinstance(record, Record)]
        return Survey(tuple(records))

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Shown]]:
        guids: dict[str, list[str]] = {}
        for entity, guid in map(split_key, keys):
            guids.setdefault(entity, []).append(guid)
        found: dict[str, Shown] = {}
        # What waits since before its entity was switched off is not read any more.
        for entity in filter(guids.get, self._dialects):
            found |= yield from self._read(guids[entity], self._dialects[entity])
        return found

    def _read(self, guids: Sequence[str], dialect: Dialect) -> Flow[dict[str, Shown]]:
        rows: dict[str, list[Json]] = {}
        for place in dialect.layout.places:
            rows[place.set_name] = yield from self._rows(place.set_name, place.owner, guids)
        siblings: list[Json] = []
        if owner := dialect.layout.part_of:
            card = dialect.layout.card.set_name
            owners = dict.fromkeys(str(row[owner]) for row in rows[card] if row[owner] != NO_GUID)
            siblings = yield from self._rows(card, owner, list(owners))
        return (yield from self._shown(rows, dialect, siblings))

    def _rows(self, set_name: str, owner: str, guids: Sequence[str]) -> Flow[list[Json]]:
        """Rows by their own GUIDs, or by those of their owner."""
        if len(guids) == 1 and not owner:
            requests = [self._calls.get(odata.entity_path(set_name, guids[0]))]
        else:
            requests = [
                self._calls.get(set_name, {"$filter": odata.any_of(group, owner or "Ref_Key")})
                for group in groups_of(guids)
            ]
        return (yield from self._calls.ask_rows(requests))

    def _shown(
        self, rows: Rows, dialect: Dialect, siblings: Sequence[Json] | None = None
    ) -> Flow[dict[str, Shown]]:
        """Records by key, parts of others among them.

        Args:
            siblings: All further details of the same cards; None if all are in `rows`.
        """
        layout = dialect.layout
        cards = rows[layout.card.set_name]
        _require_attributes(dialect, cards)
        cards = yield from joined(self._calls, layout.joins, cards)
        if layout.part_of:
            beside = cards if siblings is None else siblings
            found = yield from infobase_parts.counterparties(cards, _standing(beside), dialect)
            return dict(found)
        details = _standing(rows[layout.details.set_name]) if layout.details else []
        if dialect.parts:
            records = yield from infobase_parts.partners(cards, details, dialect)
        else:
            records = _decoded(cards, details, dialect)
        return {record.key: record for record in records}

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found: dict[str, str] = {}
        for dialect in self._dialects.values():
            sought = [guid for guid in externals if guid not in found]
            shown = (yield from self._read(sought, dialect)) if sought else {}
            found |= {split_key(key)[1]: key for key in shown}
        return found

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        outcomes: dict[int, Outcome] = {}
        for entity, dialect in self._dialects.items():
            mine = [step for step in steps if step.entity == entity]
            writing = InfobaseWriting(self._calls, dialect, self._settings.group)
            done = (yield from writing.write(mine)) if mine else []
            outcomes |= {id(outcome.step): outcome for outcome in done}
        return [outcomes[id(step)] for step in steps]

    def remove(self, records: Sequence[Record], removal: Removal) -> Flow[dict[str, str]]:
        return (yield from remove(self._calls, records, removal))

    def holders(self, links: Sequence[Link]) -> Flow[Mapping[str, Holders]]:
        """Nobody: what is merged in 1C keeps its GUID, and is marked for deletion."""
        return {}
        yield

    def rehearse(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        return [self._taken(step) for step in steps]
        yield

    def _taken(self, step: Step) -> Outcome:
        """Each field that this configuration has goes; 1C may yet trim it."""
        held = {
            name for place in self._dialects[step.entity].layout.places for name in place.fields
        }
        went = {name: value for name, value in step.written.items() if name in held}
        return Outcome(
            step=step,
            key=step.target.key if step.target else typed_key(step.entity, step.external),
            settled=settled(step.target.values if step.target else {}, went),
            went=frozenset(went),
        )


def _require_attributes(dialect: Dialect, cards: Sequence[Json]) -> None:
    for name in dialect.attributes:
        if cards and name not in cards[0]:
            raise SettingsError(
                setting="clients.export_attributes, clients.export_since",
                value=name,
                remedy=f"{dialect.layout.card.set_name} has {', '.join(sorted(cards[0]))}.",
            )


def _standing(rows: Sequence[Json]) -> list[Json]:
    return [row for row in rows if not row.get("DeletionMark")]


def _decoded(cards: Sequence[Json], details: Sequence[Json], dialect: Dialect) -> list[Record]:
    place = dialect.layout.details
    of_card: dict[str, list[Json]] = {}
    for row in details if place else ():
        assert place, "who has no details has no rows of them"
        of_card.setdefault(str(row[place.owner]).lower(), []).append(row)
    return [
        odata_records.decode_record(row, of_card.get(str(row["Ref_Key"]).lower(), ()), dialect)
        for row in cards
    ]
