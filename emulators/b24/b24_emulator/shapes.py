"""Rows as a table keeps them: the values, and beside them names that are shared by all alike.

A dictionary of its own for each row would take five times the memory.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from operator import itemgetter
from typing import Any

Row = Mapping[str, Any]  # Any: texts, null, lists of multi-field values
Values = tuple[Any, ...]
Picker = Callable[["Kept"], dict[str, Any]]


class Kept(Mapping[str, Any]):
    """One row. Never changed in place: a change is a new row.

    Attributes:
        places: Name → place in `kept`; one object for all rows of one shape.
        kept: The values.
    """

    __slots__ = ("kept", "places")

    def __init__(self, places: dict[str, int], values: Values) -> None:
        self.places = places
        self.kept = values

    def __getitem__(self, name: str) -> Any:
        return self.kept[self.places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        place = self.places.get(name)
        return default if place is None else self.kept[place]

    def __contains__(self, name: object) -> bool:
        return name in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def keys(self) -> KeysView[str]:
        return self.places.keys()

    def values(self) -> ValuesView[Any]:
        return self._whole().values()

    def items(self) -> ItemsView[str, Any]:
        return self._whole().items()

    def _whole(self) -> dict[str, Any]:
        return dict(zip(self.places, self.kept, strict=True))

    def __repr__(self) -> str:
        return repr(self._whole())


class Shapes:
    """The shapes of a table's rows: which names, in which order."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], dict[str, int]] = {}

    def kept(self, row: Row) -> Kept:
        """A row as it is kept; one that is kept already is itself."""
        if isinstance(row, Kept):
            return row
        names = tuple(row)
        places = self._known.get(names)
        if places is None:
            places = self._known[names] = {name: place for place, name in enumerate(names)}
        return Kept(places, tuple(row.values()))


def picked(rows: Sequence[Kept], names: Sequence[str]) -> list[dict[str, Any]]:  # Any: as in Row
    """Some names of each row, in this order, where the row has them."""
    pickers: dict[int, Picker] = {}
    shown = []
    for row in rows:
        pick = pickers.get(id(row.places))
        if pick is None:
            pick = pickers[id(row.places)] = _picker(row.places, names)
        shown.append(pick(row))
    return shown


def _picker(places: Mapping[str, int], names: Sequence[str]) -> Picker:
    known = [name for name in names if name in places]
    if not known:
        return lambda row: {}
    # With one place it would take a value, not a tuple of values; zip leaves the last one out.
    take = itemgetter(*(places[name] for name in known), 0)
    return lambda row: dict(zip(known, take(row.kept), strict=False))
