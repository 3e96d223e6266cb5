"""Which rows have a value: numbers by the keys of one field, and the keys in their order.

A page of a large table costs what a page of a small one does: nothing here copies or walks over
more than was asked for, but for the keys, which are sorted once.
"""

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from b24_emulator.phones import normal_phone


def index_key(value: object) -> str:
    """How an indexed value is looked up: texts without letter case."""
    text = "" if value is None else str(value)
    folded = text.casefold()
    # Most texts are folded already: then the index and the row share one.
    return text if folded == text else folded


FORMS: dict[str, Callable[[object], str]] = {"": index_key, "normal": normal_phone}
"""Forms that values are looked up in: `PHONE` as it is written, `PHONE:normal` as it is dialled."""
NOBODY: Sequence[int] = ()


class Index:
    """Numbers of the rows of a table by the keys of one field, ascending under each key.

    Args:
        name: `TITLE`, or `PHONE:normal` for another form of the same values.
    """

    def __init__(self, name: str) -> None:
        self.field, _, form = name.partition(":")
        self.form = FORMS[form]
        # A number alone stands bare: most values are of one row, and a list is 80 bytes.
        self._numbers: dict[str, int | list[int]] = {}
        self._order: list[str] | None = None

    def with_key(self, key: str) -> Sequence[int]:
        """Numbers under one key; a live list, not to be kept."""
        found = self._numbers.get(key, NOBODY)
        return (found,) if isinstance(found, int) else found

    def with_keys(self, keys: Sequence[str]) -> Sequence[int]:
        """Numbers under any of some keys, ascending."""
        found = [*map(self._numbers.__getitem__, keys)]
        alone = [one for one in found if isinstance(one, int)]
        lists = [many for many in found if isinstance(many, list)]
        return sorted(chain(alone, *lists))

    def keys(self) -> Sequence[str]:
        """All keys in their order; sorted once, when somebody asks."""
        if self._order is None:
            self._order = sorted(self._numbers)
        return self._order

    def move(self, number: int, was: object, now: object) -> None:
        """Enter a row under the keys of its present value, and take it out under the others.

        Args:
            was: The value before; `[]` is no value at all, of a new row; so `now` of one that goes.
        """
        left, come = self._keys(was), self._keys(now)
        for key in left - come:
            self._remove(key, number)
        for key in come - left:
            self._add(key, number)

    def _keys(self, value: object) -> set[str]:
        """One key of a scalar, one for each value of a multi-field."""
        if isinstance(value, list):
            return {self.form(element["VALUE"]) for element in value}
        return {self.form(value)}

    def _add(self, key: str, number: int) -> None:
        known = self._numbers.get(key)
        if isinstance(known, list):
            bisect.insort(known, number)
        elif known is not None:
            self._numbers[key] = sorted((known, number))
        else:
            self._numbers[key] = number
            if self._order is not None:
                bisect.insort(self._order, key)

    def _remove(self, key: str, number: int) -> None:
        known = self._numbers[key]
        if isinstance(known, list) and len(known) > 1:
            del known[bisect.bisect_left(known, number)]
            return
        del self._numbers[key]
        if self._order is not None:
            del self._order[bisect.bisect_left(self._order, key)]


@dataclass(frozen=True, slots=True)
class Groups:
    """Numbers under some keys of one index, key by key.

    Attributes:
        places: Of the keys, in their order; valid until the index changes.
    """

    index: Index
    places: range

    @classmethod
    def of(cls, index: Index) -> "Groups":
        return cls(index, range(len(index.keys())))

    def __iter__(self) -> Iterator[Sequence[int]]:
        return map(self.index.with_key, self._keys())

    def __reversed__(self) -> Iterator[Sequence[int]]:
        return map(self.index.with_key, reversed(self._keys()))

    def _keys(self) -> Sequence[str]:
        return self.index.keys()[self.places.start : self.places.stop]

    def flat(self) -> Sequence[int]:
        """All numbers, ascending."""
        return self.index.with_keys(self._keys())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of ascending numbers, seen without a copy, forwards or backwards.

    Attributes:
        places: Of the stretch, in `numbers`.
    """

    numbers: Sequence[int]
    places: range

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Span":
        return cls(numbers, range(len(numbers)))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[int]:
        return map(self.numbers.__getitem__, self.places)

    def __reversed__(self) -> Iterator[int]:
        return iter(self.part(slice(None, None, -1)))

    @property
    def first(self) -> int:
        return self.numbers[self.places[0]]

    @property
    def last(self) -> int:
        return self.numbers[self.places[-1]]

    def part(self, stretch: slice) -> "Span":
        return Span(self.numbers, self.places[stretch])
