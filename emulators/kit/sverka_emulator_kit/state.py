"""The whole state of a system in two parts: shelves of much, and the rest."""

from collections.abc import Mapping
from typing import Any

Shelf = Mapping[Any, object]  # Any: numbers or texts
"""key → value. A value is never changed in place: a change is another object."""


def shown(value: object) -> object:
    """For `orjson.dumps(default=…)` where somebody only looks: a mapping, or the words of it."""
    return dict(value) if isinstance(value, Mapping) else str(value)


Shelves = Mapping[str, Shelf]
"""Shelves by their places in the rest: `tables/company/rows`."""


def whole(rest: dict[str, Any], shelves: Shelves) -> dict[str, Any]:  # Any: JSON
    """The rest with each shelf put into its place, which is empty there: a list or an object.

    Raises:
        LookupError: The rest has no such place.
    """
    for name, shelf in shelves.items():
        *way, last = name.split("/")
        place = rest
        for step in way:
            place = place[step]
        place[last] = list(shelf.values()) if isinstance(place[last], list) else dict(shelf)
    return rest
