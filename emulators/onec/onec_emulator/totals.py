"""Balances of the registers of one base, kept as records come and go."""

from collections.abc import Iterable, Mapping

from onec_emulator.schemas import EntitySet, Row
from onec_emulator.schemas.register import ACCOUNTING

Dimensions = tuple[tuple[object, str | None], ...]
"""Values of the dimensions in their order, each with its type if it is a composite."""
Sums = dict[str, float]
SIGNS = {"Receipt": 1, "Expense": -1}
PLACES = 6


def dimensions(schema: EntitySet, row: Row, names: Iterable[str] | None = None) -> Dimensions:
    """Values of a record's dimensions, those of composites with their types."""
    chosen = names
    if chosen is None:
        chosen = schema.register.dimensions if schema.register is not None else ()
    return tuple((row[name], row.get(f"{name}_Type")) for name in chosen)


def moved(schema: EntitySet, records: Iterable[Row]) -> dict[Dimensions, Sums]:
    """What active records add to each resource, by dimensions; an expense is below zero."""
    found: dict[Dimensions, Sums] = {}
    resources = schema.register.resources if schema.register is not None else ()
    for row in records:
        if not row["Active"]:
            continue
        sign = SIGNS.get(row.get("RecordType", ""), 1)
        sums = found.setdefault(dimensions(schema, row), dict.fromkeys(resources, 0))
        for name in resources:
            sums[name] = round(sums[name] + sign * row[name], PLACES)
    return found


class Balances:
    """Sums by register and dimensions of all active records."""

    def __init__(self, schemas: Iterable[EntitySet]) -> None:
        self._schemas = {
            schema.name: schema
            for schema in schemas
            if schema.register is not None and schema.register.kind not in ("", ACCOUNTING)
        }
        self.clear()

    def clear(self) -> None:
        self._sums: dict[str, dict[Dimensions, Sums]] = {name: {} for name in self._schemas}

    def add(self, register: str, records: Iterable[Row], sign: int = 1) -> None:
        """Count records in, or with `sign=-1` out; registers without sums are left alone.

        So are those of accounts: their sums are reckoned when somebody asks.
        """
        schema = self._schemas.get(register)
        if schema is None:
            return
        for values, sums in moved(schema, records).items():
            held = self._sums[register].setdefault(values, dict.fromkeys(sums, 0))
            for name, number in sums.items():
                held[name] = round(held[name] + sign * number, PLACES)

    def of(self, register: str, values: Dimensions) -> Mapping[str, float]:
        """Balance of each resource; what never moved is not there."""
        return self._sums[register].get(values, {})

    def all_of(self, register: str) -> Mapping[Dimensions, Sums]:
        """Balances by dimensions; nothing for a register without sums. Read only."""
        return self._sums.get(register, {})

    def over(self, register: str, name: str, value: object) -> Sums:
        """Sums over all dimensions but one: those of the records with this value there."""
        schema = self._schemas[register]
        assert schema.register is not None
        place, found = schema.register.dimensions.index(name), dict[str, float]()
        for values, sums in self._sums[register].items():
            if values[place][0] == value:
                for resource, number in sums.items():
                    found[resource] = round(found.get(resource, 0) + number, PLACES)
        return found
