"""References into sets that are not published: their type is a guid that tells nothing.

`UnavailableEntities.UnavailableEntity_<guid>` was seen in a live БП (pavel-v-sobolev/onecdc:
DESIGN.md). That it is the same in every row, that keys of registers keep the name, and that a
writer may send it back, is inferred.
"""

from collections.abc import Mapping

from onec_emulator.books import Books
from onec_emulator.schemas import NAMESPACE, EntitySet, Row

PREFIX = "UnavailableEntities.UnavailableEntity_"


class Unavailable:
    """The types that one base shows in place of those that it does not publish."""

    def __init__(self, books: Books) -> None:
        hidden = sorted(books.configuration.unpublished)
        shown = {name: PREFIX + books.named_guid(name, "unavailable") for name in hidden}
        self._shown = {NAMESPACE + name: veiled for name, veiled in shown.items()}
        self._meant = {veiled: NAMESPACE + name for name, veiled in shown.items()}

    def shown(self, schema: EntitySet, values: Row) -> Row:
        """Values as they leave the base."""
        return _replaced(values, self._shown, schema.key) if self._shown else values

    def meant(self, values: Row) -> Row:
        """Values as they were meant by whoever sends back what was shown to him."""
        return _replaced(values, self._meant, ()) if self._meant else values

    def value(self, value: object) -> object:
        """One value as it leaves the base."""
        return self._shown.get(value, value) if isinstance(value, str) else value


def _replaced(values: Row, types: Mapping[str, str], kept: tuple[str, ...]) -> Row:
    found: Row = {}
    for name, value in values.items():
        if isinstance(value, list):
            found[name] = [_replaced(line, types, kept) for line in value if isinstance(line, dict)]
        elif name.endswith("_Type") and name not in kept and value in types:
            found[name] = types[value]
    return {**values, **found} if found else values
