"""What a page is made of; `templates/blocks.html` draws each. Names and labels are words' keys.

What is `live` is drawn anew every second; what a person types in is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    live: ClassVar[bool] = True
    name: str
    rows: Sequence[tuple[object, object]]
    empty: str = "nothing"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers; the first cell of a row names it.

    Attributes:
        columns: Keys of words, or cells; `numbers` are those of columns with figures.
        empty: What is said in place of a table without rows.
        note: What stands beside the name: how many there are.
    """

    live: ClassVar[bool] = True
    name: str
    columns: Sequence[object]
    rows: Sequence[Sequence[object]]
    empty: str = "nothing"
    note: object = ""
    numbers: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """A level below its ceiling.

    Attributes:
        text: The level in words, for those who read.
    """

    label: object
    level: float
    ceiling: float
    text: object


@dataclass(frozen=True, slots=True)
class Gauges:
    live: ClassVar[bool] = True
    name: str
    gauges: Sequence[Gauge]
    empty: str = "nothing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: what happened, and a row for each field, name, was, is."""

    head: Sequence[object]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class History:
    live: ClassVar[bool] = True
    name: str
    entries: Sequence[Entry]
    empty: str = "nothing"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a person types or chooses.

    Attributes:
        name: Its place in the order's JSON, `params.name` for one inside another.
        kind: What it looks like; `json` is a text of several lines.
        reads: What its text becomes in the order: `""` is the text itself.
        options: Values of a choice with what they are called, None for what it is called itself.
    """

    name: str
    label: str
    kind: Literal["text", "number", "json", "choice", "hidden", "search"] = "text"
    value: object = ""
    options: Mapping[str, object] = field(default_factory=dict)
    required: bool = False
    hint: str = ""
    reads: Literal["", "number", "json"] = ""


@dataclass(frozen=True, slots=True)
class Form:
    """An order to the control plane. What is left empty is left out.

    Attributes:
        order: Path below the control plane: `trouble`.
        button: Key of the word on the button.
    """

    live: ClassVar[bool] = False
    name: str
    order: str
    fields: Sequence[Field]
    button: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Orders that need nothing typed in: `cells.Act` each."""

    live: ClassVar[bool] = False
    name: str
    acts: Sequence[object]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Asks the same page anew. Changes nothing."""

    live: ClassVar[bool] = False
    page: str
    fields: Sequence[Field]
    button: str = "show"


@dataclass(frozen=True, slots=True)
class Pager:
    """Links to the pages before and after, each a `cells.Link` or None."""

    live: ClassVar[bool] = True
    before: object
    after: object
    text: object = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    live: ClassVar[bool] = True
    text: object


Block = Facts | Table | Gauges | History | Form | Buttons | Search | Pager | Note
