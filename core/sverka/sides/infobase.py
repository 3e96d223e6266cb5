"""The infobase as a side: catalogues over OData, the exchange plan as its change table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sverka.asks import CursorOf, Flow, load, save
from sverka.decide.fates import Removal
from sverka.decide.fields import settled
from sverka.decide.filters import attributes_of
from sverka.decide.steps import Outcome, Step
from sverka.entities.clients import CLIENT
from sverka.entities.configurations import CONFIGURATIONS, Configuration, Layout
from sverka.errors import SettingsError
from sverka.records import Change, Cursor, Fate, Link, Record, SideName, split_key, typed_key
from sverka.settings import SHAPES, Settings
from sverka.sides import infobase_numbers
from sverka.sides.infobase_calls import InfobaseCalls
from sverka.sides.infobase_joins import groups_of, joined
from sverka.sides.infobase_removing import remove
from sverka.sides.infobase_writing import InfobaseWriting
from sverka.sides.side import Feed, Holders, Survey, Word
from sverka.wire import odata, odata_records
from sverka.wire.atom import Registered
from sverka.wire.odata import Json
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
            if set(configuration.clients.contact_kinds.values()) <= by_name.keys():
                return {
                    layout.entity.name: self._dialect(layout, by_name)
                    for layout in self._exchanged(configuration)
                }
        known = ", ".join(configuration.title for configuration in CONFIGURATIONS)
        raise SettingsError(
            setting="infobase.url",
            value=self._settings.url,
            remedy=f"Clients are exchanged with {known}. The kinds of contact information of this "
            "base are of none of them, or are not published.",
        )

    def _dialect(self, layout: Layout, kinds: Mapping[str, str]) -> Dialect:
        attributes = attributes_of(self._clients) if layout.entity is CLIENT else ()
        own_kinds = {field: kinds[name] for field, name in layout.contact_kinds.items()}
        told_apart = {kind: self._clients.told_apart(kind) for kind in SHAPES}
        return Dialect(layout, own_kinds, attributes, told_apart)

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
        changes = {change.key: change for entry in registered if (change := self._change_of(entry))}
        return Feed(tuple(changes.values()), Message(number) if registered else None)

    def _change_of(self, entry: Registered) -> Change | None:
        """Details count for their card; of deleted ones nobody can tell whose they were."""
        for entity, dialect in self._dialects.items():
            card, details = dialect.layout.card, dialect.layout.details
            if entry.set_name == card.set_name:
                fate = Fate.GONE if entry.deleted else Fate.EDITED
                return Change(side=self.name, key=typed_key(entity, entry.guid), fate=fate)
            if details and entry.set_name == details.set_name and entry.owner:
                return Change(side=self.name, key=typed_key(entity, entry.owner))
        return None

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
        for dialect in self._dialects.values():
            rows: dict[str, list[Json]] = {}
            for place in dialect.layout.places:
                rows[place.set_name] = (yield from self._calls.ask(place.set_name))["value"]
            records += yield from self._records(rows, dialect)
        return Survey(tuple(records))

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Record]]:
        guids: dict[str, list[str]] = {}
        for entity, guid in map(split_key, keys):
            guids.setdefault(entity, []).append(guid)
        found: dict[str, Record] = {}
        # What waits since before its entity was switched off is not read any more.
        for entity in filter(guids.get, self._dialects):
            found |= yield from self._read(guids[entity], self._dialects[entity])
        return found

    def _read(self, guids: Sequence[str], dialect: Dialect) -> Flow[dict[str, Record]]:
        rows: dict[str, list[Json]] = {}
        for place in dialect.layout.places:
            name = place.owner or "Ref_Key"
            if len(guids) == 1 and not place.owner:
                requests = [self._calls.get(odata.entity_path(place.set_name, guids[0]))]
            else:
                requests = [
                    self._calls.get(place.set_name, {"$filter": odata.any_of(group, name)})
                    for group in groups_of(guids)
                ]
            rows[place.set_name] = yield from self._calls.ask_rows(requests)
        records = yield from self._records(rows, dialect)
        return {record.key: record for record in records}

    def _records(self, rows: dict[str, list[Json]], dialect: Dialect) -> Flow[list[Record]]:
        layout = dialect.layout
        cards = rows[layout.card.set_name]
        _require_attributes(dialect, cards)
        rows[layout.card.set_name] = yield from joined(self._calls, layout.joins, cards)
        return _decoded(rows, dialect)

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found: dict[str, str] = {}
        for dialect in self._dialects.values():
            sought = [guid for guid in externals if guid not in found]
            records = (yield from self._read(sought, dialect)) if sought else {}
            found |= {split_key(key)[1]: key for key in records}
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


def _decoded(rows: Rows, dialect: Dialect) -> list[Record]:
    card, details = dialect.layout.card, dialect.layout.details
    of_card: dict[str, list[Json]] = {}
    for row in rows[details.set_name] if details else ():
        if details and not row.get("DeletionMark"):
            of_card.setdefault(str(row[details.owner]).lower(), []).append(row)
    return [
        odata_records.decode_record(row, of_card.get(str(row["Ref_Key"]).lower(), ()), dialect)
        for row in rows[card.set_name]
    ]
