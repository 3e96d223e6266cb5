"""A console is declared: its pages, what each shows of a system, its words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sverka_emulator_kit.console.blocks import Block
from sverka_emulator_kit.console.cells import Link
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.system import System

S = TypeVar("S", bound=System)
Words = Mapping[str, tuple[str, str]]
"""key → English, Russian"""
PAGE_ROWS = 50
OFFSET = re.compile(r"[0-9]{1,9}")


class NotThere(LookupError):
    """A page was asked for what the system does not have; the sentence is shown to the reader."""


@dataclass(frozen=True, slots=True)
class Look(Generic[S]):
    """One look at a system.

    Attributes:
        args: What the address asks: `entity`, `key`, `q`, `from`.
        states: The snapshots that were taken.
    """

    system: S
    args: Mapping[str, str]
    states: NamedStates

    def asked(self, name: str) -> str:
        return self.args.get(name, "").strip()

    def offset(self) -> int:
        """How many rows are left out before the first."""
        text = self.asked("from")
        return int(text) if OFFSET.fullmatch(text) else 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows.

    Attributes:
        subject: Which one the page is about: a record's name.
        above: The way down to this page.
    """

    blocks: Sequence[Block]
    subject: object = ""
    above: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[S]):
    """One page.

    Attributes:
        path: Below the console's root, `""` for the first page.
        title: Key of a word.
        show: Raises NotThere for what is not there.
        listed: Whether the menu has it; a page that is not belongs to the one `under` which it is.
    """

    path: str
    title: str
    show: Callable[[Look[S]], Sheet]
    listed: bool = True
    under: str = ""


@dataclass(frozen=True, slots=True)
class Console(Generic[S]):
    """The console of one kind of system.

    Attributes:
        title: A name, in no language.
        words: Those of its own pages; the frame has its own.
    """

    title: str
    pages: Sequence[Page[S]]
    words: Words = field(default_factory=dict)
