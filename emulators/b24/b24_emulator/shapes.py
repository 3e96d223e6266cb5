"""Rows as a table keeps them: the values, and beside them a shape that is shared by all alike.

A dictionary of its own for each row would take five times the memory. A list shows views of the
same values; their JSON is kept for a while, since whoever lists once lists again.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

Row = Mapping[str, Any]  # Any: texts, null, lists of multi-field values
Values = tuple[Any, ...]
TEXTS_MAX = 16_384
"""Rows whose JSON is kept, some 16 MB; all are forgotten when there are more."""


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


def picked(rows: Sequence[Kept], names: Sequence[str]) -> list[Kept]:
    """Views of some names, in this order, where the row has them."""
    wanted = tuple(names)
    views = {shape: _view(shape, wanted) for shape in {row.shape for row in rows}}
    return [Kept(views[row.shape], row.values_) for row in rows]


@lru_cache(maxsize=1024)
def _view(shape: Shape, names: tuple[str, ...]) -> Shape:
    return Shape.of({name: shape.places[name] for name in names if name in shape.places})


_texts: dict[tuple[int, int], tuple[Shape, Values, orjson.Fragment]] = {}


def written(row: object) -> object:
    """For `orjson.dumps(default=…)` of answers: a row as JSON that is written once.

    Raises:
        TypeError: It is no row.
    """
    if not isinstance(row, Kept):
        raise TypeError(f"{type(row).__name__} is no JSON")
    key = (id(row.shape), id(row.values_))
    known = _texts.get(key)
    if known is None:
        if len(_texts) >= TEXTS_MAX:
            _texts.clear()
        # Held beside it, neither can be freed and its id be given to another.
        known = row.shape, row.values_, orjson.Fragment(orjson.dumps(row.whole()))
        _texts[key] = known
    return known[2]
