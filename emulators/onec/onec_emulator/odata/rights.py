"""What a user may not do: whole sets, writing them, and single records of them.

All are refused with 401 and code 20 (guide, 17.4.10); records are dropped in silence if the caller
asks for what is allowed only. That a key or a write of a hidden record is refused too is inferred.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from onec_emulator.odata import errors
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.filter import Filters
from onec_emulator.table import Table

if TYPE_CHECKING:
    from onec_emulator.books import Books
    from onec_emulator.odata.service import Service

FORBIDDEN, READ_ONLY, HIDDEN = "forbidden", "read_only", "hidden"
"""Settings of a base: sets by login, those that he may only read, and by login and set a filter
that hidden records pass."""


def check_set(service: "Service", ask: Ask) -> None:
    """Refuse a set, or a table part of one, that the caller has no right to.

    Raises:
        ODataError: The set is forbidden.
    """
    sets = forbidden(service.books, _login(ask))
    if sets and service.owner_name(ask.address.name) in sets:
        raise errors.rights_violated()


def check_write(service: "Service", ask: Ask) -> None:
    """Refuse to write a set that the caller may only read.

    Raises:
        ODataError: It is such a set.
    """
    if service.owner_name(ask.address.name) in read_only(service.books, _login(ask)):
        raise errors.rights_violated()


def visible(service: "Service", ask: Ask, table: Table, keys: Iterable[str]) -> Iterable[str]:
    """Those of the keys whose records the caller may see.

    Raises:
        ODataError: Some are hidden, and the caller did not ask for what is allowed only.
    """
    unseen = hidden(service.books, _login(ask), table, service.filters)
    if not unseen:
        return keys
    passing = list(keys)
    left = [key for key in passing if key not in unseen]
    if len(left) < len(passing) and not ask.options.allowed_only:
        raise errors.rights_violated()
    return left


def check_record(service: "Service", ask: Ask, table: Table, key: str) -> None:
    """Refuse one record that the caller may not see.

    Raises:
        ODataError: It is hidden.
    """
    if key in hidden(service.books, _login(ask), table, service.filters):
        raise errors.rights_violated()


def forbidden(books: "Books", login: str) -> Collection[str]:
    """Sets that a login has no right to."""
    sets: Collection[str] = books.settings.get(FORBIDDEN, {}).get(login, ())
    return sets


def read_only(books: "Books", login: str) -> Collection[str]:
    """Sets that a login may read and not write."""
    sets: Collection[str] = books.settings.get(READ_ONLY, {}).get(login, ())
    return sets


def hidden(
    books: "Books", login: str, table: Table, filters: Filters | None = None
) -> frozenset[str]:
    """Keys of the records that a login may not see."""
    text = books.settings.get(HIDDEN, {}).get(login, {}).get(table.schema.name)
    if text is None:
        return frozenset()
    filters = filters or Filters(books.tables)
    return frozenset(filters.compiled(table.schema, text).keys(table))


def _login(ask: Ask) -> str:
    return ask.actor.removeprefix("odata:")
