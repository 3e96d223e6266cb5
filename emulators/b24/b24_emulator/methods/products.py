"""Products, offers, products with offers, services: one storage, four families.

Source: b24restdocs: api-reference/catalog/product/**.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24_emulator import php, products, properties
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import OFFER, PRODUCT, SERVICE, SIMPLE, WITH_OFFERS
from b24_emulator.catalogue_rules import exists
from b24_emulator.controllers import View, controller_row, page
from b24_emulator.filters import Predicate
from b24_emulator.methods.controllers import fields_sent, insist
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

PAGES = "api-reference/catalog"
SCOPE = ("catalog",)
MISSING = PortalRefusal("0", "Product does not exist")
BESIDE = {
    "barcodeMulti": "N",
    "recurSchemeLength": None,
    "recurSchemeType": None,
    "trialPriceId": None,
    "withoutOrder": "N",
}


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One of the families.

    Attributes:
        type_id: TYPE of what it makes.
        types: TYPEs of what it shows; empty is any.
        added: The wrapper of add.
    """

    view: View
    one: str
    many: str
    type_id: str
    types: tuple[str, ...] = ()
    added: str = ""


def _shown(call: Call, kind: Kind, row: Row) -> dict[str, Any]:  # Any: JSON
    shown = kind.view.shown(products.with_pictures(row))
    found = {**shown, **properties.shown(call.portal, row)}
    if "parentId" in kind.view.classic:
        parent = row["PARENT_ID"]
        found["parentId"] = {"value": parent, "valueId": f"{row['ID']}0"} if parent else None
    return dict(sorted(found.items()))


def _fields_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        block = call.tree("filter").get("iblockId")
        if not block:
            raise PortalRefusal("0", "Required filter fields: iblockId")
        if not exists(call.portal, "catalog", block):
            raise PortalRefusal("200040300000", "Iblock does not exist")
        own = {
            f"property{row['ID']}": _described(row)
            for row in properties.of_block(call.portal, block)
        }
        return Result({kind.one: {**kind.view.described, **own}})

    return answer


def _described(row: Row) -> dict[str, Any]:  # Any: JSON
    return {
        "isDynamic": True,
        "isImmutable": False,
        "isMultiple": row["MULTIPLE"] == "Y",
        "isReadOnly": False,
        "isRequired": row["IS_REQUIRED"] == "Y",
        "name": row["NAME"],
        "propertyType": row["PROPERTY_TYPE"],
        "type": "productproperty",
        "userType": row["USER_TYPE"],
    }


def _list_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        select = {str(name) for name in php.rows(call.params.get("select"))}
        if "*" not in select and not {"id", "iblockId"} <= select:
            raise PortalRefusal("0", "Required select fields: iblockId, id")
        sent = call.tree("filter")
        if not any(key.lstrip("=@") == "iblockId" for key in sent):
            raise PortalRefusal("0", "Required filter fields: iblockId")
        plain, groups = properties.parts(sent)
        return page(
            call,
            kind.view,
            kind.many,
            filters=plain,
            groups=[*groups, _of_types(kind)],
            shown=lambda row: _listed(call, kind, row),
        )

    return answer


def _listed(call: Call, kind: Kind, row: Row) -> dict[str, Any]:  # Any: JSON
    """Lists have a few names more, of things that are not sold here, and a price as a number."""
    shown = _shown(call, kind, row)
    if kind.one in ("product", "offer"):
        shown |= BESIDE
    if shown.get("purchasingPrice"):
        shown["purchasingPrice"] = php.number(shown["purchasingPrice"])
    return dict(sorted(shown.items()))


def _of_types(kind: Kind) -> Predicate:
    return lambda row: not kind.types or row["TYPE"] in kind.types


def _row(call: Call, kind: Kind) -> Row:
    row = controller_row(call, kind.view, MISSING)
    if kind.types and row["TYPE"] not in kind.types:
        raise MISSING
    return row


def _get_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        row = _row(call, kind)
        call.read(PRODUCT.name, row["ID"])
        return Result({kind.one: _shown(call, kind, row)})

    return answer


def _add_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        sent = _parent(call, fields_sent(call, kind.view))
        insist(kind.view, ("iblockId", "name"), sent)
        raw = call.tree("fields")
        number = products.add(call.portal, kind.type_id, sent, raw, call.caller)
        row = call.portal.tables[PRODUCT.name].rows[number]
        return Result({kind.added or kind.one: _shown(call, kind, row)})

    return answer


def _parent(call: Call, sent: dict[str, Any]) -> dict[str, Any]:  # Any: what was sent
    """`parentId` comes as a number or as a value of its property."""
    parent = sent.get("PARENT_ID")
    return sent | ({"PARENT_ID": parent.get("value")} if isinstance(parent, Mapping) else {})


def _update_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        row = _row(call, kind)
        sent = _parent(call, fields_sent(call, kind.view))
        products.update(call.portal, row, sent, call.tree("fields"), call.caller)
        changed = call.portal.tables[PRODUCT.name].rows[int(row["ID"])]
        return Result({kind.added or kind.one: _shown(call, kind, changed)})

    return answer


def _delete_of(kind: Kind) -> Handler:
    def answer(call: Call) -> Result:
        products.delete(call.portal, int(_row(call, kind)["ID"]), call.caller)
        return Result(value=True)

    return answer


def _download(call: Call) -> Result:
    """The file itself, without an envelope."""
    sent = call.tree("fields")
    if not sent:
        raise PortalRefusal("100", "Could not find value for parameter {fields}")
    if lost := [name for name in ("fileId", "productId", "fieldName") if not sent.get(name)]:
        raise PortalRefusal("0", f"Required fields: {', '.join(lost)}")
    row = call.portal.tables[PRODUCT.name].rows.get(php.integer(sent["productId"]))
    if row is None:
        raise MISSING
    field, number = str(sent["fieldName"]), sent["fileId"]
    file = products.file_of(call.portal, row, field, number)
    if file is None:
        raise PortalRefusal("0", "File not found")
    return Result(None, file=file)


def _seven(kind: Kind) -> dict[str, Handler]:
    return {
        "getfieldsbyfilter": _fields_of(kind),
        "list": _list_of(kind),
        "get": _get_of(kind),
        "add": _add_of(kind),
        "update": _update_of(kind),
        "delete": _delete_of(kind),
        "download": _download,
    }


def _kind(name: str, many: str, type_id: str, *types: str) -> Kind:
    view = View.of(f"catalog.product.{name}", PRODUCT)
    return Kind(view, name, many, type_id, types)


KINDS = {
    "": Kind(View.of("catalog.product", PRODUCT), "product", "products", SIMPLE, added="element"),
    "offer": _kind("offer", "offers", OFFER, OFFER, "5"),
    "sku": _kind("sku", "units", WITH_OFFERS, WITH_OFFERS, "6"),
    "service": _kind("service", "services", SERVICE, SERVICE),
}


def _rows(name: str, kind: Kind) -> tuple[Method, ...]:
    dotted, dashed = (f".{name}", f"/{name}") if name else ("", "")
    beginning = f"catalog-product{dashed.replace('/', '-')}"
    pages = f"{PAGES}/product{dashed}/{beginning}"
    return family(f"catalog.product{dotted}", pages, _seven(kind), SCOPE)


ROWS = (*(row for name, kind in KINDS.items() for row in _rows(name, kind)),)
