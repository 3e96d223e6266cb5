"""Families of the old catalogue: views of the same rows in classic words.

Source: b24restdocs: api-reference/crm/outdated/**; but for crm.vat the answers are inferred.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from b24_emulator import catalogue_rules as rules
from b24_emulator import lists, php, products, properties, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import (
    PRODUCT,
    PRODUCT_BLOCK,
    SIMPLE,
)
from b24_emulator.controllers import View
from b24_emulator.methods.records import total_of
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Schema
from b24_emulator.table import Row
from b24_emulator.values import DECIMALS

Sent = dict[str, Any]  # Any: what was sent
Check = Callable[[Call, Row, Sent], None]
PAGES = "api-reference/crm/outdated"


def _nothing(call: Call, row: Row, sent: Sent) -> None:
    """No check."""


@dataclass(frozen=True, slots=True, eq=False)
class Old:
    """One family of the old catalogue.

    Attributes:
        required: What a new record must name.
        check: Looks at a write before it is done: (call, row before, sent in the row's words).
        given: What a new record has without being told.
        answers_number: Update answers the number, and not True.
    """

    view: View
    required: tuple[str, ...] = ()
    check: Check = _nothing
    before_delete: Check = _nothing
    given: Sent = field(default_factory=dict)
    answers_number: bool = False


def _shown(view: View, row: Row) -> dict[str, Any]:  # Any: texts
    fields = view.entity.schema.fields
    found = {}
    for name, own in view.classic.items():
        value = row.get(own)
        is_decimal = own in fields and fields[own].kind in DECIMALS
        found[name] = f"{php.number(value):.2f}" if is_decimal and value is not None else value
    return found


def _schema(view: View) -> Schema:
    """The row's schema under the old names, for filters and orders."""
    known = view.entity.schema
    fields = {name: known.fields[own] for name, own in view.classic.items() if own in known.fields}
    return replace(known, fields=fields, plain=tuple(fields), hidden=())


def _row(call: Call, old: Old) -> Row:
    row = call.portal.tables[old.view.entity.name].rows.get(call.number())
    if row is None:
        raise refusals.not_found()
    return row


def _list_of(old: Old) -> Handler:
    def answer(call: Call) -> Result:
        asked = {"filter": call.tree("filter"), "order": call.tree("order")}
        ask = lists.query(_schema(old.view), {**call.params, **asked, "select": None})
        table = call.portal.tables[old.view.entity.name]
        whole = replace(ask, columns=list(table.schema.fields))
        found = lists.find(table, whole, call.portal.limits.page_size)
        select = {str(name).upper() for name in php.rows(call.params.get("select"))}
        rows = [_whole(call, old, row) for row in found.rows]
        if select and "*" not in select:
            rows = [{n: row[n] for n in row if n in select or n == "ID"} for row in rows]
        return Result(rows, total_of(call, found), found.next_start)

    return answer


def _whole(call: Call, old: Old, row: Row) -> dict[str, Any]:  # Any: JSON
    if old.view.entity is not PRODUCT:
        return _shown(old.view, row)
    shown = _shown(old.view, products.with_pictures(row))
    return shown | properties.shown(call.portal, row, "PROPERTY_")


def _get_of(old: Old) -> Handler:
    return lambda call: Result(_whole(call, old, _row(call, old)))


def _sent(call: Call, old: Old) -> Sent:
    fields = {str(name).upper(): value for name, value in call.tree("fields").items()}
    return old.view.written(fields)


def _add_of(old: Old) -> Handler:
    def answer(call: Call) -> Result:
        sent = old.given | _sent(call, old)
        for name in old.required:
            if sent.get(old.view.classic[name], "") == "":
                raise PortalRefusal("", f"The field {name} is required.")
        old.check(call, {}, sent)
        if old.view.entity is PRODUCT:
            number = products.add(call.portal, SIMPLE, sent, call.tree("fields"), call.caller)
            _price(call, number, sent)
        else:
            number = records.add(call.portal, old.view.entity, sent, call.caller)
        return Result(number)

    return answer


def _price(call: Call, number: int, sent: Sent) -> None:
    if sent.get("PRICE") not in (None, ""):
        rules.set_base_price(call, number, sent["PRICE"], sent.get("CURRENCY_ID"))


def _update_of(old: Old) -> Handler:
    def answer(call: Call) -> Result:
        row, sent = _row(call, old), _sent(call, old)
        old.check(call, row, sent)
        number = int(row["ID"])
        if old.view.entity is PRODUCT:
            products.update(call.portal, row, sent, call.tree("fields"), call.caller)
            _price(call, number, sent)
        else:
            records.update(call.portal, old.view.entity, number, sent, call.caller)
        return Result(number if old.answers_number else True)

    return answer


def _delete_of(old: Old) -> Handler:
    def answer(call: Call) -> Result:
        row = _row(call, old)
        old.before_delete(call, row, {})
        if old.view.entity is PRODUCT:
            products.delete(call.portal, int(row["ID"]), call.caller)
        else:
            records.delete(call.portal, old.view.entity, int(row["ID"]), call.caller)
        return Result(value=True)

    return answer


def _fields_of(old: Old) -> Handler:
    def answer(call: Call) -> Result:
        if old.view.entity is not PRODUCT:
            return Result(old.view.described)
        own = {
            f"PROPERTY_{row['ID']}": _described(row)
            for row in properties.of_block(call.portal, PRODUCT_BLOCK)
        }
        return Result({**old.view.described, **own})

    return answer


def _described(row: Row) -> dict[str, Any]:  # Any: JSON
    return {
        "type": "product_property",
        "isRequired": row["IS_REQUIRED"] == "Y",
        "isReadOnly": False,
        "isImmutable": False,
        "isMultiple": row["MULTIPLE"] == "Y",
        "isDynamic": True,
        "title": row["NAME"],
        "propertyType": row["PROPERTY_TYPE"],
        "userType": row["USER_TYPE"],
    }


def old_rows(name: str, page: str, old: Old, *verbs: str) -> tuple[Method, ...]:
    makers = {
        "fields": _fields_of,
        "list": _list_of,
        "get": _get_of,
        "add": _add_of,
        "update": _update_of,
        "delete": _delete_of,
    }
    wanted = {verb: maker(old) for verb, maker in makers.items() if not verbs or verb in verbs}
    return family(name, f"{PAGES}/{page}", wanted)
