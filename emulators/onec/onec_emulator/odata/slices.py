"""Slices of a periodic register: its last or first records at a moment, one per dimensions."""

import re
from collections.abc import Callable, Iterable

from onec_emulator.odata import errors
from onec_emulator.odata.answers import Rows
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.reading import listed
from onec_emulator.odata.service import Service, part_table
from onec_emulator.odata.values import is_moment
from onec_emulator.schemas import RECORDS, EntitySet, Row
from onec_emulator.table import Table

# Clients send the inner quotes of a condition as they are; 1C does not want them doubled.
PERIOD = re.compile(r"(?:^|,)\s*Period\s*=\s*(datetime'[^']*')\s*(?=,|$)")
CONDITION = re.compile(r"Condition\s*=\s*'(.*)'", re.DOTALL)
NAMES = frozenset(("Condition", "Period"))
CHOOSE: dict[str, Callable[[Iterable[str]], str]] = {"SliceLast": max, "SliceFirst": min}


def slice_rows(service: Service, ask: Ask) -> Rows:
    """The records of a slice, with the query options of any list.

    Raises:
        ODataError: The set is no periodic register, or an argument is malformed or unknown.
    """
    table = service.table(ask.address.name)
    name, _, brackets = ask.address.rest[0].partition("(")
    if name not in table.schema.virtual_tables:
        raise errors.method_unknown()
    arguments = _arguments(brackets.removesuffix(")"))
    plain = ask.options.plain
    arguments |= {argument: plain[argument] for argument in NAMES & set(plain)}
    if table.schema.is_recorded:
        table = part_table(table, RECORDS)
    keys = _sliced(service, table, name, arguments)
    chosen = Table(table.schema)
    chosen.refill({key: table.rows[key] for key in keys})
    return listed(service, ask, chosen)


def _arguments(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    # A condition reaches to the last quote there is, so the period is taken out before it.
    for name, pattern in (("Period", PERIOD), ("Condition", CONDITION)):
        if match := pattern.search(text):
            found[name] = match[1]
            text = text[: match.start()] + text[match.end() :]
    if text.strip(" ,"):
        raise errors.argument_missing(text.strip(" ,").partition("=")[0])
    return found


def _sliced(service: Service, table: Table, name: str, arguments: dict[str, str]) -> Iterable[str]:
    condition, moment = arguments.get("Condition", ""), _moment(arguments.get("Period", ""))
    keys: Iterable[str] = table.order
    if condition:
        keys = service.filters.compiled(table.schema, _unquoted(condition)).keys(table)
    periods: dict[tuple[object, ...], dict[str, str]] = {}
    for key in keys:
        row = table.rows[key]
        if _is_in(row["Period"], moment, name):
            periods.setdefault(_dimensions(table.schema, row), {})[row["Period"]] = key
    return [of_one[CHOOSE[name](of_one)] for of_one in periods.values()]


def _dimensions(schema: EntitySet, row: Row) -> tuple[object, ...]:
    names = schema.register.dimensions if schema.register is not None else ()
    return tuple((row[name], row.get(f"{name}_Type")) for name in names)


def _is_in(period: str, moment: str, name: str) -> bool:
    if not moment:
        return True
    return period <= moment if name == "SliceLast" else period >= moment


def _moment(literal: str) -> str:
    value = literal.removeprefix("datetime'").removesuffix("'")
    if value and not is_moment(value):
        raise errors.unparsable(value, "Edm.DateTime")
    return value


def _unquoted(condition: str) -> str:
    """The condition itself, from a text with quotes around it, or doubled quotes inside."""
    if condition.startswith("'") and condition.endswith("'"):
        condition = condition[1:-1]
    if "''" in condition and "'" not in condition.replace("''", ""):
        condition = condition.replace("''", "'")
    return condition
