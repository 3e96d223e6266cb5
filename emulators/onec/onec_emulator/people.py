"""What people do in 1C's own window: no HTTP, no trouble, the same rules and registrations."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from onec_emulator import notices
from onec_emulator.books import Books
from onec_emulator.odata import rights
from onec_emulator.odata.values import read_fields
from onec_emulator.rules.before_write import local_time
from onec_emulator.schemas import EntitySet, Row
from onec_emulator.switches import chosen

Params = Mapping[str, Any]  # Any: JSON values from a test or the control plane


class DeedUnknown(LookupError):
    """An act, a set or a property was named that this base does not have."""


def do(books: Books, name: str, params: Params, user: str) -> object:
    """Do one deed and return what it says: a record's key, or the switches as they are now.

    Raises:
        DeedUnknown: The deed, the set or a property does not exist.
        ODataError: A value does not fit its type.
        RecordUnknown: There is no record under the key.
        WriteRefused: A handler of the configuration refuses the document.
    """
    if name not in DEEDS:
        raise DeedUnknown(f"Deed {name!r} is unknown. Use one of: {', '.join(DEEDS)}.")
    return DEEDS[name](books, params, f"user:{user}")


def _create(books: Books, params: Params, actor: str) -> str:
    schema = _schema(books, params)
    fields = _fields(books, schema, params)
    if schema.is_document and "Date" not in fields:
        # The window opens a new document with the present moment.
        fields["Date"] = local_time(books.clock.now_s())
    return books.create(schema.name, fields, actor)


def _update(books: Books, params: Params, actor: str) -> str:
    schema, key = _schema(books, params), str(params["key"])
    books.update(schema.name, key, _fields(books, schema, params), actor)
    return key


def _mark(books: Books, params: Params, actor: str) -> str:
    schema, key = _schema(books, params), str(params["key"])
    if "DeletionMark" not in schema.fields:
        raise DeedUnknown(f"{schema.name} knows no mark for deletion. Use delete.")
    books.update(schema.name, key, {"DeletionMark": params.get("mark", True)}, actor)
    return key


def _delete(books: Books, params: Params, actor: str) -> str:
    schema, key = _schema(books, params), str(params["key"])
    books.delete(schema.name, key, actor)
    return key


def _post(books: Books, params: Params, actor: str) -> str:
    return _posted(books, params, actor, posted=True)


def _unpost(books: Books, params: Params, actor: str) -> str:
    return _posted(books, params, actor, posted=False)


def _posted(books: Books, params: Params, actor: str, *, posted: bool) -> str:
    schema, key = _schema(books, params), str(params["key"])
    if not schema.is_document:
        raise DeedUnknown(f"{schema.name} holds no documents. Post one of a Document_… set.")
    books.update(schema.name, key, {"Posted": posted}, actor)
    return key


def _set_up(books: Books, params: Params, actor: str) -> str:
    """Set up what `Books.settings` names; None sets it back."""
    if unknown := sorted(set(params) - SETTINGS):
        raise DeedUnknown(f"Settings {unknown} are unknown. Use: {', '.join(sorted(SETTINGS))}.")
    for name, value in params.items():
        if value is not None and name in CHECKS:
            CHECKS[name](books, value)
    for name, value in params.items():
        if value is None:
            books.settings.pop(name, None)
        else:
            books.settings[name] = value
    return ""


def _switches(books: Books, params: Params, actor: str) -> Mapping[str, object]:
    """Choose disputed behaviours, `{"if_match": "documented"}`; those not named stay."""
    books.choose(chosen(books.switches, params))
    return asdict(books.switches)


def _check_seconds(books: Books, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"wakes_s is {value!r}. Give seconds, 0 or more.")


CHECKS: Mapping[str, Callable[[Books, object], None]] = {
    "wakes_s": _check_seconds,
    notices.NOTIFY: notices.check,
    rights.DENIED: rights.check_denied,
}
"""What must hold of a setting before any is set."""
SETTINGS = frozenset(
    (
        "closed_until",
        "stock_control",
        "broken_handlers",
        "forbidden",
        "read_only",
        "hidden",
        rights.DENIED,
        "wakes_s",
        notices.NOTIFY,
    )
)
DEEDS: Mapping[str, Callable[[Books, Params, str], object]] = {
    "create": _create,
    "update": _update,
    "mark": _mark,
    "delete": _delete,
    "post": _post,
    "unpost": _unpost,
    "set_up": _set_up,
    "switches": _switches,
}


def _schema(books: Books, params: Params) -> EntitySet:
    name = params.get("set")
    if name not in books.tables:
        raise DeedUnknown(f"Set {name!r} is unknown. Use one of: {', '.join(books.tables)}.")
    return books.schema(name)


def _fields(books: Books, schema: EntitySet, params: Params) -> Row:
    fields = params.get("fields", {})
    if unknown := sorted(set(fields) - set(schema.fields) - set(schema.parts)):
        raise DeedUnknown(f"{schema.name} has no {unknown}. It has: {', '.join(schema.blank)}.")
    # The window numbers the lines of a table part itself.
    return read_fields(schema, fields, replace(books.switches, line_numbers="auto"))
