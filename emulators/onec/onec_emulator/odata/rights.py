"""What a user may not do: whole sets, and single records of them.

Both are refused with 401 and code 20 (guide, 17.4.10); records are dropped in silence if the caller
asks for what is allowed only. That a key or a write of a hidden record is refused too is inferred.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from onec_emulator.odata import errors
from onec_emulator.odata.ask import Ask
from onec_emulator.table import Table

if TYPE_CHECKING:
    from onec_emulator.odata.service import Service

FORBIDDEN, HIDDEN = "forbidden", "hidden"
"""Settings of a base: sets by login, and by login and set a filter that hidden records pass."""


def check_set(service: "Service", ask: Ask) -> None:
    """Refuse a set, or a table part of one, that the caller has no right to.

    Raises:
        ODataError: The set is forbidden.
    """
    forbidden = service.books.settings.get(FORBIDDEN, {}).get(_login(ask), ())
    if forbidden and service.owner_name(ask.address.name) in forbidden:
        raise errors.rights_violated()


def visible(service: "Service", ask: Ask, table: Table, keys: Iterable[str]) -> Iterable[str]:
    """Those of the keys whose records the caller may see.

    Raises:
        ODataError: Some are hidden, and the caller did not ask for what is allowed only.
    """
    hidden = _hidden(service, ask, table)
    if not hidden:
        return keys
    passing = list(keys)
    left = [key for key in passing if key not in hidden]
    if len(left) < len(passing) and not ask.options.allowed_only:
        raise errors.rights_violated()
    return left


def check_record(service: "Service", ask: Ask, table: Table, key: str) -> None:
    """Refuse one record that the caller may not see.

    Raises:
        ODataError: It is hidden.
    """
    if key in _hidden(service, ask, table):
        raise errors.rights_violated()


def _hidden(service: "Service", ask: Ask, table: Table) -> frozenset[str]:
    rules = service.books.settings.get(HIDDEN, {}).get(_login(ask), {})
    text = rules.get(table.schema.name)
    found: Iterable[str] = ()
    if text is not None:
        found = service.filters.compiled(table.schema, text).keys(table)
    return frozenset(found)


def _login(ask: Ask) -> str:
    return ask.actor.removeprefix("odata:")
