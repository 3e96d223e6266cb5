"""Templates of deals and of old invoices that repeat; nothing repeats by itself here.

Source: b24restdocs: api-reference/crm/deals/recurring-deals/*.md, crm/outdated/invoice/
crm-invoice-recurring-*.md.
"""

from typing import Any

from b24_emulator import php, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL
from b24_emulator.entity import Entity
from b24_emulator.marginal import RECURRING_DEAL, RECURRING_INVOICE
from b24_emulator.methods.records import delete_of, get_of, list_of, update_of
from b24_emulator.methods.row import Handler, family
from b24_emulator.money import OLD_INVOICE
from b24_emulator.table import Row

NOT_COPIED = {"ID", "DATE_CREATE", "DATE_MODIFY", "ACCOUNT_NUMBER"}


def _source(call: Call, entity: Entity, number: object) -> Row:
    row = call.portal.tables[entity.name].rows.get(php.integer(number))
    if row is None:
        raise refusals.not_found()
    return row


def _copy(call: Call, entity: Entity, row: Row, **changes: Any) -> int:  # Any: texts
    table = call.portal.tables[entity.name]
    hidden = {name: value for name, value in row.items() if name not in NOT_COPIED}
    hidden |= {name: value for name, value in changes.items() if name in table.schema.fields}
    if "ACCOUNT_NUMBER" in table.schema.fields:
        hidden["ACCOUNT_NUMBER"] = str(table.last_id + 1)
    return records.add(call.portal, entity, {}, call.caller, hidden=hidden)


def _add_of(entity: Entity, source: Entity, column: str) -> Handler:
    def answer(call: Call) -> Result:
        """A copy becomes the template: IS_RECURRING is Y."""
        sent = {str(name).upper(): value for name, value in call.tree("fields").items()}
        row = _source(call, source, sent.get(column))
        template = _copy(call, source, row, IS_RECURRING="Y")
        hidden = {column: str(template), "BASED_ID": row["ID"]}
        known = {n: value for n, value in hidden.items() if n in entity.schema.fields}
        sent.pop(column)
        return Result(records.add(call.portal, entity, sent, call.caller, hidden=known))

    return answer


def _expose_of(entity: Entity, source: Entity, column: str) -> Handler:
    def answer(call: Call) -> Result:
        """Make one more record from the template, now."""
        row = _source(call, entity, call.number())
        made = _copy(call, source, _source(call, source, row[column]), IS_RECURRING="N")
        count = str(php.integer(row["COUNTER_REPEAT"]) + 1)
        last = {"COUNTER_REPEAT": count, "LAST_EXECUTION": call.now()}
        call.portal.tables[entity.name].put(int(row["ID"]), {**row, **last})
        return Result({column: made})

    return answer


def _seven(entity: Entity, source: Entity, column: str) -> dict[str, Handler]:
    return {
        "fields": lambda call: Result(entity.schema.described),
        "list": list_of(entity),
        "get": get_of(entity),
        "add": _add_of(entity, source, column),
        "update": update_of(entity),
        "delete": delete_of(entity),
        "expose": _expose_of(entity, source, column),
    }


ROWS = (
    *family(
        "crm.deal.recurring",
        "api-reference/crm/deals/recurring-deals/crm-deal-recurring",
        _seven(RECURRING_DEAL, DEAL, "DEAL_ID"),
    ),
    *family(
        "crm.invoice.recurring",
        "api-reference/crm/outdated/invoice/crm-invoice-recurring",
        _seven(RECURRING_INVOICE, OLD_INVOICE, "INVOICE_ID"),
    ),
)
