"""What УНФ does itself before a new record is written; a table of rules, one after another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from onec_emulator.schemas import EMPTY_DATE, Row
from onec_emulator.switches import Switches
from onec_emulator.table import Table

CODE_LENGTH = 9
ZONE = timedelta(hours=3)
"""A base knows no zones: its dates are those of its server, here Moscow's."""


class Numbering:
    """The last number that each set's codes were given."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def code(self, table: Table) -> str:
        """The next code that no record bears, `НФ-000001`."""
        prefix = table.schema.code_prefix or ""
        while True:
            number = self.last[table.schema.name] = self.last.get(table.schema.name, 0) + 1
            code = f"{prefix}{number:0{CODE_LENGTH - len(prefix)}}"
            if not table.having("Code", code):
                return code


def local_time(now_s: float) -> str:
    """The base's wall time at a unix moment, as 1C stores it: whole seconds, no zone."""
    return (datetime.fromtimestamp(now_s, UTC) + ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def give_code(row: Row, table: Table, numbering: Numbering, now_s: float) -> None:
    if table.schema.code_prefix is not None and not row["Code"]:
        row["Code"] = numbering.code(table)


def note_creation(row: Row, table: Table, numbering: Numbering, now_s: float) -> None:
    if row.get("ДатаСоздания") == EMPTY_DATE:
        row["ДатаСоздания"] = local_time(now_s)


RULES: tuple[Callable[[Row, Table, Numbering, float], None], ...] = (give_code, note_creation)


def strip_folder(row: Row, table: Table, switches: Switches) -> None:
    """A folder has no items' attributes and no table parts, whatever was sent."""
    if not row.get("IsFolder"):
        return
    empty = dict.fromkeys(table.schema.item_only)
    if switches.folder_attributes == "default":
        empty = {name: table.schema.blank[name] for name in table.schema.item_only}
    row.update(empty)
    row.update({name: [] for name in table.schema.parts})
