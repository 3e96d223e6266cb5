"""Entities in the words of newer methods: camelCase names, typed values, answers in a wrapper.

The rows are those of the classic engine; a view renames and types them. So both dialects share
lists, filters and storage. Source: b24restdocs: api-reference/catalog/**, crm/universal/**.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from b24_emulator import lists, php, rights
from b24_emulator.calls import Call, Result
from b24_emulator.entity import Entity
from b24_emulator.filters import Condition, Predicate, parted
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Field, packaged, upper
from b24_emulator.table import Row
from b24_emulator.values import DECIMALS, NUMBERS

Sent = Mapping[str, Any]  # Any: what was sent
NOT_FOUND = PortalRefusal("NOT_FOUND", "Not found")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """An entity as a newer family shows it.

    Attributes:
        described: Descriptors by name, the answer of `*.fields`.
        classic: Name in this family → name of the row's field.
        names: What an answer shows, in its order.
    """

    entity: Entity
    described: Mapping[str, Any]  # Any: JSON
    classic: Mapping[str, str]
    names: tuple[str, ...]

    @classmethod
    @functools.cache
    def of(cls, file_name: str, entity: Entity) -> "View":
        """The view that `schemas/<file_name>.json` describes."""
        document = packaged(f"{file_name}.json")
        fields = document["fields"]
        shown = {
            name: {key: value for key, value in entry.items() if key not in ("legacyName", "kind")}
            for name, entry in fields.items()
            if name not in document["undescribed"]
        }
        classic = {name: entry.get("legacyName") or upper(name) for name, entry in fields.items()}
        unshown = document.get("unshown", ())
        return cls(entity, shown, classic, tuple(name for name in fields if name not in unshown))

    def with_upper_names(self) -> dict[str, Any]:  # Any: JSON
        """Descriptors as the CRM's newer families give them."""
        return {name: {**entry, "upperName": upper(name)} for name, entry in self.described.items()}

    def shown(self, row: Row) -> dict[str, Any]:  # Any: JSON
        """A row in this family's words."""
        fields = self.entity.schema.fields
        return {
            name: typed(fields[own], row.get(own)) if own in fields else None
            for name, own in ((name, self.classic[name]) for name in self.names)
        }

    def written(self, sent: Sent) -> dict[str, Any]:  # Any: what was sent
        """What was sent, in the row's words; unknown names are dropped."""
        return {self.classic[name]: value for name, value in sent.items() if name in self.classic}

    def field(self, name: str) -> Field | None:
        own = self.classic.get(name)
        return self.entity.schema.fields.get(own) if own else None


def typed(field: Field, value: object) -> Any:  # Any: JSON
    """A stored text as a number, a text or null; lists and objects stay as they are."""
    if value is None or isinstance(value, list | dict):
        return value
    if field.kind in DECIMALS:
        if value == "":
            return None
        return php.brief(php.number(value))
    if field.kind in NUMBERS:
        return None if value == "" else php.integer(value)
    if field.kind in ("date", "datetime"):
        return value or None
    return value


def controller_row(call: Call, view: View, missing: PortalRefusal = NOT_FOUND) -> Row:
    """The row that `id` names.

    Raises:
        PortalRefusal: `id` was not sent, or there is no such row.
    """
    sent = call.params.get("id")
    if sent in (None, ""):
        raise PortalRefusal("100", "Could not find value for parameter {id}")
    row = call.portal.tables[view.entity.name].rows.get(php.integer(sent))
    if row is None:
        raise missing
    return row


def page(
    call: Call,
    view: View,
    many: str,
    *,
    filters: Sent | None = None,
    groups: Sequence[Predicate] = (),
    shown: Callable[[Row], dict[str, Any]] | None = None,  # Any: JSON
) -> Result:
    """One page of a list: filter, order, select, start in this family's names.

    Args:
        filters: What to filter by instead of the call's own `filter`.
        groups: What else must hold of a row.
        shown: How a row is shown, if not as the view says.

    Raises:
        PortalRefusal: A name in filter or order is not known, or a direction is none.
    """
    table = call.portal.tables[view.entity.name]
    wanted = call.tree("filter") if filters is None else filters
    ask = lists.Query(
        conditions=[_condition(view, key, value) for key, value in wanted.items()],
        order=[_rank(view, name, word) for name, word in call.tree("order").items()],
        columns=list(table.schema.fields),
        start=max(php.integer(call.params.get("start")), lists.WITHOUT_COUNT),
        groups=groups,
    )
    found = rights.find(call, view.entity.name, ask)
    select = [str(name) for name in php.rows(call.params.get("select"))]
    rows = [(shown or view.shown)(row) for row in found.rows]
    names = set(select)
    if names and "*" not in names:
        rows = [{name: row[name] for name in row if name in names} for row in rows]
    total = found.total
    if total is None and call.portal.switches.total_without_count:
        total = 0
    return Result({many: rows}, total, found.next_start)


def _condition(view: View, key: str, value: object) -> Condition:
    operator, name = parted(key)
    field = view.field(name)
    if field is None:
        text = f"Invalid filter: field '{name}' is not allowed in filter"
        raise PortalRefusal("INVALID_ARG_VALUE", text)
    values = php.rows(value) if isinstance(value, list | dict) else [value]
    return Condition(field, operator, tuple(values))


def _rank(view: View, name: str, direction: object) -> tuple[Field, bool]:
    field, word = view.field(name), str(direction).strip().upper()
    if field is None:
        text = f"Invalid order: field '{name}' is not allowed in order"
        raise PortalRefusal("INVALID_ARG_VALUE", text)
    if word not in ("ASC", "DESC"):
        text = f"Invalid order: allowed sort directions are ASC, DESC. But got '{direction}'"
        raise PortalRefusal("INVALID_ARG_VALUE", f"{text} for field '{name}'")
    return field, word == "DESC"
