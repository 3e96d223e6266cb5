"""Families of the newer dialect: `getFields`, `list`, `get`, `add`, `update`, `delete` from a row.

Source: b24restdocs: api-reference/catalog/**, sale/**.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from b24_emulator import records
from b24_emulator.calls import Call, Result
from b24_emulator.controllers import NOT_FOUND, View, controller_row, page
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

Sent = dict[str, Any]  # Any: what was sent
Check = Callable[[Call, Row, Sent], None]
After = Callable[[Call, int, Sent], None]


def _nothing(call: Call, subject: Any, sent: Sent) -> None:  # Any: a row or a number
    """No check, no consequence."""


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """One family of methods over one kind of record.

    Attributes:
        name: `catalog.measure`.
        one: The wrapper of one record; `added` is that of add, where it differs.
        many: The wrapper of a list.
        page: Folder and beginning of the documents' pages.
        verbs: The methods that there are.
        required: What a new record must name.
        required_again: What a change must name too.
        missing: The refusal for a record that is not there.
        check: Looks at a write before it is done: (call, row before, sent in the row's words).
        after: What follows: (call, number, sent).
        fields_verb: `getfields`, or `fields` in the CRM.
    """

    name: str
    view: View
    one: str
    many: str
    page: str
    scopes: tuple[str, ...] = ("catalog",)
    verbs: tuple[str, ...] = ("list", "get", "add", "update", "delete")
    required: tuple[str, ...] = ()
    required_again: tuple[str, ...] = ()
    missing: PortalRefusal = NOT_FOUND
    check: Check = _nothing
    after: After = _nothing
    after_delete: After = _nothing
    before_delete: Check = _nothing
    added: str = ""
    fields_verb: str = "getfields"
    deleted: object = True
    more: Mapping[str, Handler] = field(default_factory=dict)


def rows_of(kind: Family) -> tuple[Method, ...]:
    """The rows of a family."""
    makers: dict[str, Callable[[Family], Handler]] = {
        "list": _list_of,
        "get": _get_of,
        "add": _add_of,
        "update": _update_of,
        "delete": _delete_of,
    }
    handlers = {kind.fields_verb: _fields_of(kind)} if kind.fields_verb else {}
    handlers |= {verb: makers[verb](kind) for verb in kind.verbs}
    return family(kind.name, kind.page, {**handlers, **kind.more}, kind.scopes)


def _fields_of(kind: Family) -> Handler:
    return lambda call: Result({kind.one: kind.view.described})


def _list_of(kind: Family) -> Handler:
    return lambda call: page(call, kind.view, kind.many)


def _get_of(kind: Family) -> Handler:
    def answer(call: Call) -> Result:
        return Result({kind.one: kind.view.shown(controller_row(call, kind.view, kind.missing))})

    return answer


def _add_of(kind: Family) -> Handler:
    def answer(call: Call) -> Result:
        sent = fields_sent(call, kind.view)
        insist(kind.view, kind.required, sent)
        kind.check(call, {}, sent)
        entity = kind.view.entity
        hidden = {name: value for name, value in sent.items() if name in entity.schema.hidden}
        number = records.add(call.portal, entity, sent, call.caller, hidden=hidden)
        kind.after(call, number, sent)
        return Result({kind.added or kind.one: _shown(call, kind, number)})

    return answer


def _update_of(kind: Family) -> Handler:
    def answer(call: Call) -> Result:
        before = controller_row(call, kind.view, kind.missing)
        sent = fields_sent(call, kind.view)
        insist(kind.view, kind.required_again, sent)
        kind.check(call, before, sent)
        entity, number = kind.view.entity, int(before["ID"])
        hidden = {name: value for name, value in sent.items() if name in entity.schema.hidden}
        records.update(call.portal, entity, number, sent, call.caller, hidden=hidden)
        kind.after(call, number, sent)
        return Result({kind.one: _shown(call, kind, number)})

    return answer


def _delete_of(kind: Family) -> Handler:
    def answer(call: Call) -> Result:
        row = controller_row(call, kind.view, kind.missing)
        kind.before_delete(call, row, {})
        records.delete(call.portal, kind.view.entity, int(row["ID"]), call.caller)
        kind.after_delete(call, int(row["ID"]), {})
        return Result(kind.deleted)

    return answer


def _shown(call: Call, kind: Family, number: int) -> dict[str, Any]:  # Any: JSON
    return kind.view.shown(call.portal.tables[kind.view.entity.name].rows[number])


def fields_sent(call: Call, view: View) -> Sent:
    """`fields` in the row's words.

    Raises:
        PortalRefusal: They were not sent.
    """
    if call.params.get("fields") in (None, "", [], {}):
        raise PortalRefusal("100", "Could not find value for parameter {fields}")
    return view.written(call.tree("fields"))


def insist(view: View, names: tuple[str, ...], sent: Mapping[str, Any]) -> None:  # Any: sent
    """Refuse a write without what it must name; a null is named.

    Raises:
        PortalRefusal: With the names that are missing.
    """
    lost = [name for name in names if sent.get(view.classic[name], "") == ""]
    if lost:
        raise PortalRefusal("0", f"Required fields: {', '.join(lost)}")


def no_such(code: str, text: str) -> PortalRefusal:
    return PortalRefusal(code, text)
