"""From a document to the records that its posting writes: declared movements made out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onec_emulator.schemas import (
    EMPTY_DATE,
    EMPTY_GUID,
    NAMESPACE,
    UNDEFINED,
    EntitySet,
    Field,
    Row,
)
from onec_emulator.schemas.behaviour import Movement
from onec_emulator.schemas.virtual import record_fields

Records = dict[str, list[Row]]
"""Register → records, without what is the same in all of them: recorder, period, number."""
NOTHING = (None, "", 0, "0", False, EMPTY_GUID, EMPTY_DATE)


class NoRecord(LookupError):
    """A row makes no record: it holds a text where the register keeps references."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A document and, where the movement is of a table part, one of its rows."""

    named: Callable[[str, str], str]
    schema: EntitySet
    row: Row
    part: str
    line: Row

    def value(self, text: str) -> tuple[object, str]:
        """Value and type of the first alternative that holds something; `("", "")` if none does."""
        for one in text.split("|"):
            value, kind = self._one(one)
            if value not in NOTHING:
                return value, kind
        return "", ""

    def _one(self, text: str) -> tuple[object, str]:
        if text == "@":
            return self.row["Ref_Key"], NAMESPACE + self.schema.name
        if text.startswith("="):
            entity, _, item = text[1:].partition(".")
            return (self.named(entity, item) if item else entity), ""
        if text.startswith("."):
            return _typed(self.schema.parts[self.part], self.line, text[1:])
        return _typed(self.schema.fields, self.row, text)


def records(
    schema: EntitySet,
    sets: Mapping[str, EntitySet],
    row: Row,
    named: Callable[[str, str], str],
) -> Records:
    """What posting writes, by register; a register without records gets an empty set.

    Args:
        named: Guid of a predefined item, by set and name.
    """
    found: Records = {movement.register: [] for movement in schema.behaviour.movements}
    for movement in schema.behaviour.movements:
        for line in row[movement.of] if movement.of else ({},):
            source = _Source(named, schema, row, movement.of, line)
            if not _holds(movement.condition, source):
                continue
            try:
                record = _record(movement, record_fields(sets[movement.register]), source)
            except NoRecord:
                continue
            found[movement.register].append(record)
    return found


def _holds(condition: str, source: _Source) -> bool:
    if not condition:
        return True
    value, _ = source.value(condition.removeprefix("!"))
    return (value in NOTHING) == condition.startswith("!")


def _record(movement: Movement, fields: Mapping[str, Field], source: _Source) -> Row:
    record: Row = {name: field.empty for name, field in fields.items()}
    record["Active"] = True
    if "RecordType" in fields:
        record["RecordType"] = movement.record_type
    for name, text in movement.values.items():
        value, kind = source.value(text)
        if f"{name}_Type" in fields:
            record[f"{name}_Type"] = kind or UNDEFINED
        elif kind and kind != NAMESPACE + str(fields[name].target):
            raise NoRecord(name)
        record[name] = fields[name].empty if value in NOTHING else value
    return record


def _typed(fields: Mapping[str, Field], row: Row, name: str) -> tuple[object, str]:
    if f"{name}_Type" in fields:
        return row[name], row[f"{name}_Type"]
    target = fields[name].target
    return row[name], "" if target is None else NAMESPACE + target
