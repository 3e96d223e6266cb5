"""The data of one infobase and every way to change it: rules, versions, registration, ledger."""

import random
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from onec_emulator import consequences
from onec_emulator.exchange_plan import ExchangePlan
from onec_emulator.rules import before_write
from onec_emulator.rules.before_write import Numbering, strip_folder
from onec_emulator.schemas import EMPTY_GUID, Configuration, EntitySet, Row
from onec_emulator.switches import Switches
from onec_emulator.table import Table
from onec_emulator.totals import Balances
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.record import Ledger


class RecordUnknown(LookupError):
    """A record was named that the base does not hold."""


class KeyTaken(ValueError):
    """A record was to be made under a key that another one has."""


class Books:
    """Tables, the exchange plan, numbering and the source of new guids of one base.

    Attributes:
        tables: Table by set name, the exchange plan's nodes among them.
        plan: The change table; its nodes are the rows of the plan's set.
        guids: Source of new guids, and `chance` of durations and of troubles that come by chance.
        balances: Sums of the registers' records.
        settings: What people have set up: `closed_until` (a day), `stock_control`,
            `broken_handlers` (reason by `Set.Handler`), `forbidden` and `read_only` (sets by
            login), `hidden` (by login and set, the filter of records that the user may not see),
            `denied` (by login, set and right, true or the filter of records denied),
            `wakes_s` (how long the first call after a pause takes), `notify` (whom to tell of
            writes).
        due: Unix second at which each deferred job is due, by its name and subject.
        untold: By address, the changes that it was not told of yet: `Set key` and a mark of the
            last write.
        changed: Told of each write: set and key.
    """

    def __init__(
        self,
        configuration: Configuration,
        switches: Switches,
        clock: VirtualClock,
        ledger: Ledger,
        seed: int,
    ) -> None:
        self.configuration = configuration
        self.switches = switches
        self.clock = clock
        self.ledger = ledger
        self.tables = {name: Table(schema) for name, schema in configuration.sets.items()}
        self.plan = ExchangePlan(configuration.registered_sets, switches)
        self.numbering = Numbering()
        self.balances = Balances(configuration.sets.values())
        self.settings: dict[str, Any] = {}  # Any: JSON values
        self.due: dict[str, float] = {}
        self.untold: dict[str, dict[str, int]] = {}
        self.changed: Callable[[str, str], None] = lambda entity, key: None
        self.runs_jobs: Callable[[], bool] = lambda: True
        self._seed = seed
        # Two streams: no trouble and no duration shifts the guids of a run.
        self.guids = random.Random(f"guids of {seed}")
        self.chance = random.Random(f"chance of {seed}")

    def choose(self, switches: Switches) -> None:
        """Behave otherwise from now on where the sources disagree."""
        self.switches = self.plan.switches = switches

    def schema(self, entity: str) -> EntitySet:
        return self.tables[entity].schema

    def new_guid(self) -> str:
        return str(uuid.UUID(int=self.guids.getrandbits(128), version=4))

    def named_guid(self, entity: str, name: str) -> str:
        """Guid of what a base holds from its start: by its name, whatever else is there."""
        stream = random.Random(f"{self._seed} {entity} {name}")
        return str(uuid.UUID(int=stream.getrandbits(128), version=4))

    def found(self, entity: str, key: str) -> Row:
        """The record's row.

        Raises:
            RecordUnknown: There is none; the message names set and key.
        """
        row = self.tables[entity].rows.get(key)
        if row is None:
            raise RecordUnknown(f"{entity} has no record {key!r}. Take a key from records().")
        return row

    def create(self, entity: str, fields: Row, actor: str, *, follow_rules: bool = True) -> str:
        """Write a new record and return its key; records of a recorder replace those there are.

        Raises:
            KeyTaken: A record with the key that `fields` choose is there already.
            WriteRefused: A handler of the configuration refuses the document.
        """
        table = self.tables[entity]
        row = {**table.schema.blank, **fields}
        if row.get("Ref_Key") == EMPTY_GUID:
            row["Ref_Key"] = self.new_guid()
        key = table.schema.key_of(row)
        if key in table.rows:
            if table.schema.is_recorded:
                self.update(entity, key, fields, actor, follow_rules=follow_rules)
                return key
            raise KeyTaken(f"{entity} holds {key!r} already. Update it or choose another key.")
        if follow_rules:
            for rule in before_write.AT_CREATION:
                rule(row, table, self.numbering, self.clock.now_s())
        self._write("add", table, key, None, row, fields, actor, follow_rules=follow_rules)
        return key

    def update(
        self,
        entity: str,
        key: str,
        changes: Mapping[str, Any],
        actor: str,
        *,
        follow_rules: bool = True,
    ) -> Row:
        """Change the named fields but the key; the version grows even if no value differs."""
        table, before = self.tables[entity], self.found(entity, key)
        row = {**before, **changes, **{name: before[name] for name in table.schema.key}}
        if "DataVersion" in before:
            row["DataVersion"] = next_version(before["DataVersion"])
        self._write("update", table, key, before, row, changes, actor, follow_rules=follow_rules)
        if follow_rules:
            self._mark_with(table.schema, before, row, actor)
        return row

    def _write(
        self,
        verb: str,
        table: Table,
        key: str,
        before: Row | None,
        row: Row,
        changes: Mapping[str, Any],
        actor: str,
        *,
        follow_rules: bool,
    ) -> None:
        """Commit a row with all that its configuration does before and after."""
        if not follow_rules:
            self._commit(verb, table, key, before, row, actor)
            return
        before_write.follow_rules(row, table)
        draft = consequences.draft(self, table.schema, before, row, changes)
        self._commit(verb, table, key, before, row, actor)
        consequences.follow(self, table.schema, before, row, draft, actor)
        consequences.derive(self, table.schema, before, row, actor)

    def keep(self, entity: str, fields: Row, actor: str) -> None:
        """Have a record with these fields there; nothing is written if it is there already."""
        table = self.tables[entity]
        key = table.schema.key_of(fields)
        present = table.rows.get(key)
        if present is None:
            self.create(entity, fields, actor)
        elif any(present[name] != value for name, value in fields.items()):
            self.update(entity, key, fields, actor)

    def forget(self, entity: str, fields: Row, actor: str) -> None:
        """Have no record with the key that `fields` name."""
        key = self.tables[entity].schema.key_of(fields)
        if key in self.tables[entity].rows:
            self.delete(entity, key, actor)

    def _mark_with(self, schema: EntitySet, before: Row, after: Row, actor: str) -> None:
        """Mark what belongs to a record when the record's own mark changes, or unmark it."""
        mark = after.get("DeletionMark")
        if mark == before.get("DeletionMark"):
            return
        for entity, field in schema.marks_with_it.items():
            table = self.tables[entity]
            for key in sorted(table.having(field, after["Ref_Key"])):
                if table.rows[key]["DeletionMark"] != mark:
                    self.update(entity, key, {"DeletionMark": mark}, actor)

    def delete(self, entity: str, key: str, actor: str) -> None:
        """Delete for good, whoever refers to the record."""
        table, before = self.tables[entity], self.found(entity, key)
        table.drop(key)
        consequences.count(self, table, before, None)
        if entity == self.configuration.plan:
            self.plan.drop_node(key)
        self.plan.register(entity, key)
        self._enter("delete", entity, key, before, None, actor)
        if table.schema.is_document:
            consequences.empty_records(self, table.schema, before, actor)
        consequences.derive(self, table.schema, before, None, actor)

    def place(self, entity: str, fields: Row) -> str:
        """Put a record there as if it had always been: no rules, no registration, no ledger."""
        table = self.tables[entity]
        row = {**table.schema.blank, **fields}
        if row.get("Ref_Key") == EMPTY_GUID:
            row["Ref_Key"] = self.new_guid()
        key = table.schema.key_of(row)
        table.put(key, row)
        if entity == self.configuration.plan and not row["ThisNode"]:
            self.plan.add_node(key)
        return key

    def note_node(self, key: str, **numbers: int) -> None:
        """Keep a node's SentNo or ReceivedNo: the platform's own write, nobody's edit."""
        table = self.tables[self.configuration.plan]
        row = dict(table.rows[key])
        row.update({name: str(number) for name, number in numbers.items()})
        row["DataVersion"] = next_version(row["DataVersion"])
        table.put(key, row)

    def _commit(
        self, verb: str, table: Table, key: str, before: Row | None, row: Row, actor: str
    ) -> None:
        strip_folder(row, table, self.switches)
        if table.schema.is_recorded:
            consequences.sign(row)
        table.put(key, row)
        consequences.count(self, table, before, row)
        entity = table.schema.name
        if before is None and entity == self.configuration.plan:
            self.plan.add_node(key)
        self.plan.register(entity, key)
        self._enter(verb, entity, key, before, row, actor)

    def _enter(
        self,
        verb: str,
        entity: str,
        key: str,
        before: Row | None,
        after: Row | None,
        actor: str,
    ) -> None:
        # Rows are replaced, never changed, so the ledger may keep them without copying.
        self.ledger.wrote(
            verb,
            at_s=self.clock.now_s(),
            actor=actor,
            entity=entity,
            key=key,
            before=before,
            after=after,
        )
        self.changed(entity, key)


def next_version(version: str) -> str:
    """DataVersion after one more write: 8 bytes in base64, counted up by one."""
    number = int.from_bytes(b64decode(version), "big") + 1
    return b64encode(number.to_bytes(8, "big")).decode()
