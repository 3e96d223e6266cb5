"""Long lists in pages of fifty."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sverka_emulator_kit.console.blocks import Pager
from sverka_emulator_kit.console.cells import Link, Word
from sverka_emulator_kit.console.page import PAGE_ROWS, Look

T = TypeVar("T")


def paged(look: Look[Any], page: str, rows: Sequence[T]) -> tuple[Sequence[T], Pager]:  # Any: S
    """The rows of the page that was asked for, and the way to the next and the one before."""
    begin = look.offset()
    end = min(begin + PAGE_ROWS, len(rows))
    before = _link(look, page, "page_before", max(0, begin - PAGE_ROWS)) if begin else None
    after = _link(look, page, "page_after", end) if end < len(rows) else None
    text = f"{begin + 1}–{end} / {len(rows)}" if before or after else ""
    return rows[begin:end], Pager(before, after, text)


def _link(look: Look[Any], page: str, word: str, begin: int) -> Link:  # Any: any system's
    return Link(Word(word), page, {**look.args, "from": str(begin)})
