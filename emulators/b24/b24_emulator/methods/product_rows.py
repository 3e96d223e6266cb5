"""Product rows, of the old families and of `crm.item.productrow.*`.

Source: b24restdocs: api-reference/crm/universal/product-rows/*.md, crm/deals/
crm-deal-productrows-*.md, crm/outdated/productrow-old/*.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import php, product_rows, products, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.controllers import View, controller_row, page
from b24_emulator.documents import DEAL, LEAD, PRODUCT_ROW, QUOTE
from b24_emulator.entity import Entity
from b24_emulator.items import documents_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.records import list_of
from b24_emulator.methods.row import Handler, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row
from b24_emulator.values import DECIMALS, NUMBERS

Sent = Mapping[str, Any]  # Any: what was sent
VIEW = View.of("crm.item.productrow", PRODUCT_ROW)
AS_TEXT = {"ID", "OWNER_ID", "PRICE_ACCOUNT"}


def _rows(call: Call, entity: Entity, number: int) -> list[Row]:
    return product_rows.of_owner(call.portal, entity.owner_code, number)


def _put(call: Call, entity: Entity, owner: int, before: Row, sent: Sent) -> Row:
    """Enter one row of an owner, new if `before` is empty."""
    holder, owner_type = call.portal.tables[entity.name].rows[owner], entity.owner_code
    table = call.portal.tables[PRODUCT_ROW.name]
    product = products.in_row(call.portal, sent.get("PRODUCT_ID", before.get("PRODUCT_ID")))
    values = product_rows.written(product, before, sent)
    number = int(before["ID"]) if before else table.new_id()
    row = {"ID": str(number), "OWNER_ID": str(owner), "OWNER_TYPE": owner_type, **values}
    row |= product_rows.in_account(call.portal, row, holder)
    table.put(number, {name: row[name] for name in table.schema.plain})
    return table.rows[number]


def _replace(call: Call, entity: Entity, owner: int, sent: object) -> None:
    """Give an owner exactly these rows; those with the number of a present row keep it."""
    rows = [_upper(row) for row in php.rows(sent) if isinstance(row, dict)]
    present = {row["ID"]: row for row in _rows(call, entity, owner)}
    for row in rows:
        product_rows.written(None, present.get(str(row.get("ID")), {}), row)
    table = call.portal.tables[PRODUCT_ROW.name]
    kept = {str(row.get("ID")) for row in rows}
    for number in present:
        if number not in kept:
            table.drop(int(number))
    for place, row in enumerate(rows, start=1):
        before = present.get(str(row.get("ID")), {})
        sort = {} if row.get("SORT") or before else {"SORT": place * product_rows.SORT_STEP}
        _put(call, entity, owner, before, row | sort)
    follow(call, entity, owner)


def follow(call: Call, entity: Entity, owner: int) -> None:
    """An owner is updated with its rows: its amounts follow, and an event tells of it."""
    manual = call.portal.tables[entity.name].rows[owner].get("IS_MANUAL_OPPORTUNITY") == "Y"
    nothing = {"OPPORTUNITY": 0, "TAX_VALUE": 0}
    empty = {} if manual or _rows(call, entity, owner) else nothing
    records.update(call.portal, entity, owner, empty, call.caller)


def _upper(row: Sent) -> dict[str, Any]:  # Any: what was sent
    return {str(name).upper(): value for name, value in row.items()}


def _classic_owner(call: Call, entity: Entity) -> int:
    number = php.integer(call.params.get("id"))
    if number <= 0:
        raise refusals.not_found("The parameter id is invalid or not defined.")
    if number not in call.portal.tables[entity.name].rows:
        raise refusals.not_found()
    return number


def _classic(row: Row) -> Row:
    """A row as the old methods show it: numbers, but for three texts."""
    fields = PRODUCT_ROW.schema.fields
    return {
        name: value if value is None or name in AS_TEXT else _number(fields[name].kind, value)
        for name, value in {**row, "STORE_ID": row["STORE_ID"] or "0"}.items()
    }


def _number(kind: str, value: str) -> Any:  # Any: JSON
    if kind in DECIMALS:
        return php.brief(php.number(value))
    return php.integer(value) if kind in NUMBERS else value


def _get_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        owner = _classic_owner(call, entity)
        call.read(entity.name, owner)
        return Result([_classic(row) for row in _rows(call, entity, owner)])

    return answer


def _set_of(entity: Entity) -> Handler:
    def answer(call: Call) -> Result:
        owner = _classic_owner(call, entity)
        sent = call.params.get("rows")
        if not isinstance(sent, list | dict):
            raise refusals.not_found("The parameter rows must be array.")
        _replace(call, entity, owner, sent)
        return Result(value=True)

    return answer


def _owner_of(call: Call, owner_type: object, owner_id: object) -> tuple[Entity, int]:
    """Kind and number of an owner.

    Raises:
        PortalRefusal: Its kind has no rows, or it is not there.
    """
    code = str(owner_type)
    entity = next((one for one in documents_of(call.portal) if one.owner_code == code), None)
    if entity is None:
        text = f"Entity type {code} is not supported"
        raise PortalRefusal("ENTITY_TYPE_NOT_SUPPORTED", text)
    number = php.integer(owner_id)
    if number not in call.portal.tables[entity.name].rows:
        raise PortalRefusal("OWNER_NOT_FOUND", "Owner was not found")
    return entity, number


def _shown(row: Row) -> dict[str, Any]:  # Any: JSON
    """A row after a write: the store only where there is one."""
    shown = VIEW.shown(row)
    return {name: value for name, value in shown.items() if name != "storeId" or value}


def _fields(call: Call) -> Result:
    return Result({"fields": VIEW.described})


def _list(call: Call) -> Result:
    sent = call.tree("filter")
    for name in ("ownerType", "ownerId"):
        if not any(key.lstrip("=@") == name for key in sent):
            raise PortalRefusal("INVALID_ARG_VALUE", f"Required filter parameter {name} is missing")
    return page(call, VIEW, "productRows")


def _item(call: Call) -> Result:
    return Result({"productRow": VIEW.shown(controller_row(call, VIEW))})


def _add(call: Call) -> Result:
    needed(call, "fields")
    sent = VIEW.written(call.tree("fields"))
    for name in ("ownerId", "ownerType"):
        if not sent.get(VIEW.classic[name]):
            raise PortalRefusal("100", f"Could not find value for parameter {{{name}}}")
    entity, owner = _owner_of(call, sent["OWNER_TYPE"], sent["OWNER_ID"])
    rows = _rows(call, entity, owner)
    last = max((int(row["SORT"]) for row in rows), default=0)
    row = _put(call, entity, owner, {}, {"SORT": last + product_rows.SORT_STEP, **sent})
    follow(call, entity, owner)
    return Result({"productRow": _shown(row)})


def _update(call: Call) -> Result:
    before = controller_row(call, VIEW)
    needed(call, "fields")
    entity, owner = _owner_of(call, before["OWNER_TYPE"], before["OWNER_ID"])
    sent = VIEW.written(call.tree("fields"))
    row = _put(call, entity, owner, before, sent)
    follow(call, entity, owner)
    return Result({"productRow": _shown(row)})


def _delete(call: Call) -> Result:
    row = controller_row(call, VIEW)
    entity, owner = _owner_of(call, row["OWNER_TYPE"], row["OWNER_ID"])
    call.portal.tables[PRODUCT_ROW.name].drop(int(row["ID"]))
    follow(call, entity, owner)
    return Result(None)


def _set(call: Call) -> Result:
    entity, owner = _owner_of(call, needed(call, "ownerType"), needed(call, "ownerId"))
    sent = call.params.get("productrows")
    if not isinstance(sent, list | dict):
        raise PortalRefusal("100", "Could not find value for parameter {productRows}")
    rows = [VIEW.written(row) for row in php.rows(sent) if isinstance(row, dict)]
    _replace(call, entity, owner, rows)
    return Result({"productRows": [_shown(row) for row in _rows(call, entity, owner)]})


def _available(call: Call) -> Result:
    """Rows with what no payment has taken yet."""
    entity, owner = _owner_of(call, needed(call, "ownerType"), needed(call, "ownerId"))
    taken = products.taken_by_payments(call.portal)
    shown = []
    for row in _rows(call, entity, owner):
        left = php.number(row["QUANTITY"]) - taken.get(row["ID"], 0.0)
        if left > 0:
            shown.append(_shown({**row, "QUANTITY": f"{left:g}"}))
    return Result({"productRows": shown})


def _old_fields(call: Call) -> Result:
    return Result(PRODUCT_ROW.schema.described)


def _two(entity: Entity) -> dict[str, Handler]:
    return {"get": _get_of(entity), "set": _set_of(entity)}


ITEM_ROWS: dict[str, Handler] = {
    "fields": _fields,
    "list": _list,
    "get": _item,
    "add": _add,
    "update": _update,
    "delete": _delete,
    "set": _set,
    "getavailableforpayment": _available,
}
ROWS = (
    *family(
        "crm.item.productrow",
        "api-reference/crm/universal/product-rows/crm-item-productrow",
        ITEM_ROWS,
    ),
    *family("crm.deal.productrows", "api-reference/crm/deals/crm-deal-productrows", _two(DEAL)),
    *family("crm.lead.productrows", "api-reference/crm/leads/crm-lead-productrows", _two(LEAD)),
    *family("crm.quote.productrows", "api-reference/crm/quote/crm-quote-product-rows", _two(QUOTE)),
    *family(
        "crm.productrow",
        "api-reference/crm/outdated/productrow-old/crm-productrow",
        {"fields": _old_fields, "list": list_of(PRODUCT_ROW)},
    ),
)
