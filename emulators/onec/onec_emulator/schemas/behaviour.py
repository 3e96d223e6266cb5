"""What a set does at a write, declared as data: rules by name, and movements of registers.

One movement is a JSON object: `register`; `of`, the table part whose every row makes a record,
absent for one record of the whole document; `type`, `Receipt` or `Expense`, absent for registers
of turnovers; `if`, a value that must not be empty, or with `!` must be; `set`, the record's
fields by value. A value is

    Поле        the document's own property; of a composite with its type
    .Поле       a property of the table part's row
    @           the document itself
    =слово      a constant
    =Набор.имя  a predefined item of a set, by the name that `predefined` gives it
    А|Б         the first that is not empty
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Movement:
    """One rule of a document's posting; the notation is that of the module."""

    register: str
    values: Mapping[str, str]
    of: str = ""
    record_type: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is done at the write of a record; names are those of the tables in `rules`.

    Attributes:
        doings: Before a document is written, of `documents.DOINGS`.
        conditions: What must hold when it is posted, of `documents.CONDITIONS`.
        movements: What its posting writes.
        after: When it has been written, of `derived.AFTER`.
        derives: When records of a register have been written, of `derived.DERIVED`.
        never_negative: Resources of a register that no posting may take below zero.
    """

    doings: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    movements: tuple[Movement, ...] = ()
    after: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    never_negative: tuple[str, ...] = ()


def read(entry: Mapping[str, Any]) -> Behaviour:  # Any: JSON of a declaration
    """The behaviour that the declaration of a set asks for."""
    names = {name: tuple(entry.get(name, ())) for name in NAMES}
    return Behaviour(**names, movements=tuple(map(_movement, entry.get("movements", ()))))


NAMES = ("doings", "conditions", "after", "derives", "never_negative")


def _movement(entry: Mapping[str, Any]) -> Movement:
    return Movement(
        entry["register"],
        entry["set"],
        entry.get("of", ""),
        entry.get("type", ""),
        entry.get("if", ""),
    )
