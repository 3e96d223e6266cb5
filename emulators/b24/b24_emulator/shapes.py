"""Rows as a table keeps them: the values, and beside them a shape that is shared by all alike.

A dictionary of its own for each row would take five times the memory. A list shows views of the
same values, which are kept for a while with their JSON, since whoever lists once lists again.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

Row = Mapping[str, Any]  # Any: texts, null, lists of multi-field values
Values = tuple[Any, ...]
SHOWN_MAX = 16_384
"""Views that are kept, some 20 MB with their JSON; all are forgotten when there are more."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which names a row has, in which order.

    Attributes:
        places: Name → place among the values.
        take: The values in the order of the names, and one more at their end.
    """

    places: Mapping[str, int]
    take: Callable[[Values], Values]

    @classmethod
    def of(cls, places: Mapping[str, int]) -> "Shape":
        # With a single place it would take a value and not a tuple of values.
        return cls(places, itemgetter(*places.values(), 0) if places else lambda values: ())


class Kept(Mapping[str, Any]):
    """One row, or a view of some of its names. Never changed in place: a change is a new row."""

    __slots__ = ("shape", "values_")

    def __init__(self, shape: Shape, values: Values) -> None:
        self.shape = shape
        self.values_ = values

    def __getitem__(self, name: str) -> Any:
        return self.values_[self.shape.places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        place = self.shape.places.get(name)
        return default if place is None else self.values_[place]

    def __contains__(self, name: object) -> bool:
        return name in self.shape.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.shape.places)

    def __len__(self) -> int:
        return len(self.shape.places)

    def keys(self) -> KeysView[str]:
        return self.shape.places.keys()

    def values(self) -> ValuesView[Any]:
        return self.whole().values()

    def items(self) -> ItemsView[str, Any]:
        return self.whole().items()

    def whole(self) -> dict[str, Any]:
        """A dictionary of its own."""
        return dict(zip(self.shape.places, self.shape.take(self.values_), strict=False))

    def __repr__(self) -> str:
        return repr(self.whole())


class Shown(Kept):
    """A view of some of a row's names, with its JSON once that was written.

    Attributes:
        row: Held here, it cannot be freed and its id be given to another.
    """

    __slots__ = ("json", "row")

    def __init__(self, shape: Shape, row: Kept) -> None:
        super().__init__(shape, row.values_)
        self.row = row
        self.json: orjson.Fragment | None = None


class Shapes:
    """The shapes of one table's rows."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Shape] = {}

    def kept(self, row: Row) -> Kept:
        """A row as it is kept; one that is kept already is itself."""
        if isinstance(row, Kept):
            return row
        names = tuple(row)
        shape = self._known.get(names)
        if shape is None:
            places = {name: place for place, name in enumerate(names)}
            shape = self._known[names] = Shape.of(places)
        return Kept(shape, tuple(row.values()))


class _Views:
    """The views that were shown last: by the names they show, and by the id of their row."""

    def __init__(self) -> None:
        self._by_names: dict[tuple[str, ...], dict[int, Shown]] = {}
        self._count = 0

    def known(self, names: tuple[str, ...]) -> dict[int, Shown]:
        known = self._by_names.get(names)
        return self._by_names.setdefault(names, {}) if known is None else known

    def added(self, rows: Sequence[Kept], names: tuple[str, ...]) -> list[Shown]:
        if self._count + len(rows) > SHOWN_MAX:
            self._by_names, self._count = {}, 0
        known = self.known(names)
        for row in rows:
            if id(row) not in known:
                known[id(row)] = Shown(_view(row.shape, names), row)
                self._count += 1
        return [known[id(row)] for row in rows]


_views = _Views()


def picked(rows: Sequence[Kept], names: Sequence[str]) -> list[Shown]:
    """Views of some names, in this order, where the row has them."""
    wanted = tuple(names)
    try:
        return [*map(_views.known(wanted).__getitem__, map(id, rows))]
    except KeyError:
        return _views.added(rows, wanted)


def without(row: Kept, hidden: Sequence[str]) -> Shown:
    """A view of all names but some."""
    return picked((row,), _others(row.shape, tuple(hidden)))[0]


@lru_cache(maxsize=1024)
def _others(shape: Shape, hidden: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in shape.places if name not in hidden)


@lru_cache(maxsize=1024)
def _view(shape: Shape, names: tuple[str, ...]) -> Shape:
    return Shape.of({name: shape.places[name] for name in names if name in shape.places})


def written(row: object) -> object:
    """For `orjson.dumps(default=…)` of answers: a view as JSON that is written once.

    Raises:
        TypeError: It is no row.
    """
    if isinstance(row, Shown):
        if row.json is None:
            # Copied: what orjson gives back keeps its 8 KB apart from others in memory.
            row.json = orjson.Fragment(bytes(memoryview(orjson.dumps(row.whole()))))
        return row.json
    if isinstance(row, Kept):
        return row.whole()
    raise TypeError(f"{type(row).__name__} is no JSON")
