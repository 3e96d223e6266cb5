"""Slices of a periodic register: its last or first records at a moment, one per dimensions."""

from collections.abc import Callable, Iterable

from onec_emulator.odata import errors
from onec_emulator.odata.answers import Rows
from onec_emulator.odata.arguments import arguments, function_of
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.reading import listed
from onec_emulator.odata.service import Service
from onec_emulator.schemas.virtual import PARAMETERS
from onec_emulator.table import Table
from onec_emulator.totals import Dimensions, dimensions

CHOOSE: dict[str, Callable[[Iterable[str]], str]] = {"SliceLast": max, "SliceFirst": min}


def slice_rows(service: Service, ask: Ask) -> Rows:
    """The records of a slice, with the query options of any list.

    Raises:
        ODataError: The set is no periodic register, or an argument is malformed or unknown.
    """
    register, name = service.register(ask.address.name), function_of(ask)
    if name not in register.schema.virtual_tables:
        raise errors.method_unknown()
    table = service.records(register)
    keys = _sliced(service, table, name, arguments(ask, PARAMETERS[name]))
    chosen = Table(table.schema)
    chosen.refill({key: table.rows[key] for key in keys})
    return listed(service, ask, chosen)


def _sliced(service: Service, table: Table, name: str, given: dict[str, str]) -> Iterable[str]:
    keys: Iterable[str] = table.order
    if condition := given.get("Condition", ""):
        keys = service.filters.compiled(table.schema, condition).keys(table)
    periods: dict[Dimensions, dict[str, str]] = {}
    for key in keys:
        row = table.rows[key]
        if _is_in(row["Period"], given.get("Period", ""), name):
            periods.setdefault(dimensions(table.schema, row), {})[row["Period"]] = key
    return [of_one[CHOOSE[name](of_one)] for of_one in periods.values()]


def _is_in(period: str, moment: str, name: str) -> bool:
    if not moment:
        return True
    return period <= moment if name == "SliceLast" else period >= moment
