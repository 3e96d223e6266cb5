"""What stands in a cell: a plain value, or one of these; `templates/cells.html` draws them.

A text that is no `Word` is data and is shown as it is, in either language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

LONG = 160
"""Longest text in characters that stands in a cell unfolded."""
Tone = Literal["good", "bad", "warn", "plain"]


@dataclass(frozen=True, slots=True)
class Word:
    """A key of the table of words."""

    key: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Unix seconds, shown in Moscow's time, as both systems show theirs."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length of time, in seconds."""

    length_s: float


@dataclass(frozen=True, slots=True)
class Size:
    count_bytes: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text that is good news, bad news, or worth a look."""

    text: object
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Code:
    """A name or a value as a program writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class LongName:
    """A name as a program writes it, that a line may break behind each `.`, `_` and `/`."""

    text: str

    @property
    def pieces(self) -> list[str]:
        return re.findall(r"[^._/]*[._/]|[^._/]+", self.text)


@dataclass(frozen=True, slots=True)
class Link:
    """Leads to a page of this console.

    Attributes:
        args: What the page is asked, as in its address.
    """

    text: object
    page: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """A button that gives the control plane an order.

    Attributes:
        label: Key of the word on it.
        order: Path below the control plane: `clock`.
        body: JSON of the order.
        asks: Whether it asks before it acts.
        about: Tells one button of a column from the next to who does not see the table.
    """

    label: str
    order: str
    body: Mapping[str, object] = field(default_factory=dict)
    verb: str = "POST"
    asks: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Several cells, one below the other."""

    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Beside:
    """Several cells in one line."""

    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Folded:
    """Several cells behind a summary."""

    summary: object
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside a cell: a table part, the values of a multi-field."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def value(stored: object) -> object:
    """A stored value as a cell: rows become a grid, a long text is folded."""
    if isinstance(stored, list | tuple) and stored and all(isinstance(s, Mapping) for s in stored):
        columns = list(dict.fromkeys(name for row in stored for name in row))
        return Grid(columns, [[row.get(name) for name in columns] for row in stored])
    if isinstance(stored, str) and len(stored) > LONG:
        return Folded(f"{stored[: LONG // 4]}…", (stored,))
    if isinstance(stored, list | tuple):
        return Lines(tuple(stored)) if stored else None
    return stored
