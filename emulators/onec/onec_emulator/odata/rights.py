"""What a user may not do: whole sets, writing them, single rights to them, single records of them.

All are refused with 401 and code 20 (guide, 17.4.10); records are dropped in silence if the caller
asks for what is allowed only. That a key or a write of a hidden record is refused too is inferred,
as is which rights a write takes: changing a posted document takes no right to post.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from onec_emulator.odata import errors
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.filter import Filters
from onec_emulator.schemas import Row
from onec_emulator.table import Table

if TYPE_CHECKING:
    from onec_emulator.books import Books
    from onec_emulator.odata.service import Service

FORBIDDEN, READ_ONLY, HIDDEN, DENIED = "forbidden", "read_only", "hidden", "denied"
"""Settings of a base: sets by login, those that he may only read, by login and set a filter that
hidden records pass, and by login, set and right either true or a filter of records."""


class Right(StrEnum):
    """A right to the records of a set, beside that of reading; as 1C's roles call them."""

    INSERT = "Добавление"
    UPDATE = "Изменение"
    DELETE = "Удаление"
    POSTING = "Проведение"
    UNDO_POSTING = "ОтменаПроведения"


WHOLE = (Right.POSTING, Right.UNDO_POSTING)
"""Rights of a whole set: 1C restricts no records of them, only of the others."""


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


def check_change(
    service: "Service", ask: Ask, table: Table, before: Row | None, changes: Row | None
) -> None:
    """Refuse a write that takes a right which the caller lacks; `changes` is None for a deletion.

    Raises:
        ODataError: He lacks one, to the set or to the record as it is or shall be.
    """
    if lacking(service.books, _login(ask), table, before, changes, service.filters):
        raise errors.rights_violated()


def lacking(
    books: "Books",
    login: str,
    table: Table,
    before: Row | None,
    changes: Row | None,
    filters: Filters | None = None,
) -> Right | None:
    """The first right that a write takes and a login lacks."""
    denied = books.settings.get(DENIED, {}).get(login, {}).get(table.schema.name)
    if not denied:
        return None
    filters = filters or Filters(books.tables)
    rows = [row for row in (before, _after(table, before, changes)) if row is not None]
    for right in _taken(before, changes):
        text = denied.get(right)
        if text is True:
            return right
        if text and any(map(filters.compiled(table.schema, text).holds, rows)):
            return right
    return None


def _after(table: Table, before: Row | None, changes: Row | None) -> Row | None:
    return None if changes is None else {**(before or table.schema.blank), **changes}


def _taken(before: Row | None, changes: Row | None) -> Iterator[Right]:
    """The rights that a write takes."""
    if changes is None:
        yield Right.DELETE
        return
    yield Right.INSERT if before is None else Right.UPDATE
    was_posted = before is not None and before.get("Posted")
    if changes.get("Posted"):
        yield Right.POSTING
    elif was_posted and (changes.get("Posted") is False or changes.get("DeletionMark")):
        yield Right.UNDO_POSTING


def check_denied(books: "Books", told: object) -> None:
    """See whether a setting says which rights are denied.

    Raises:
        ValueError: It names no set, no right, or no records where they can be named.
    """
    shape = '{"login": {"Set": {"Проведение": true, "Изменение": "Posted eq true"}}}'
    if not isinstance(told, Mapping) or not all(
        isinstance(sets, Mapping) for sets in told.values()
    ):
        raise ValueError(f"{DENIED} is {told!r}. Give {shape}.")
    for entity, rights in ((name, held) for sets in told.values() for name, held in sets.items()):
        if entity not in books.tables or not isinstance(rights, Mapping):
            raise ValueError(f"{DENIED} names {entity!r}: {rights!r}. Give {shape}.")
        for right, text in rights.items():
            _check_right(books, entity, right, text)


def _check_right(books: "Books", entity: str, right: str, text: object) -> None:
    if right not in list(Right):
        raise ValueError(f"No right {right!r}. There are: {', '.join(Right)}.")
    if text is True:
        return
    if not isinstance(text, str) or right in WHOLE:
        hint = "true" if right in WHOLE else "true, or a filter of records"
        raise ValueError(f"{right} of {entity} is {text!r}. Give {hint}.")
    try:
        Filters(books.tables).compiled(books.schema(entity), text)
    except errors.ODataError as error:
        raise ValueError(f"{right} of {entity} is {text!r}, no filter: {error}.") from error


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
