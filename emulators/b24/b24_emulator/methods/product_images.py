"""Images of products: files that the product holds beside its fields.

Source: b24restdocs: api-reference/catalog/product-image/*.md.
"""

from b24_emulator import files, php, products
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import IMAGE, PRODUCT
from b24_emulator.controllers import View, controller_row, page
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

PAGES = "api-reference/catalog"
SCOPE = ("catalog",)
IMAGE_TYPES = ("DETAIL_PICTURE", "PREVIEW_PICTURE", "MORE_PHOTO")
IMAGES = View.of("catalog.productImage", IMAGE)


def _product_of_image(call: Call) -> int:
    number = php.integer(call.params.get("productid") or call.tree("fields").get("productId"))
    if number not in call.portal.tables[PRODUCT.name].rows:
        raise PortalRefusal("0", "Product was not found")
    return number


def _image(call: Call) -> Row:
    product = _product_of_image(call)
    row = controller_row(call, IMAGES, PortalRefusal("0", "Image was not found"))
    if row["PRODUCT_ID"] != str(product):
        raise PortalRefusal("0", "Image was not found")
    return row


def _image_list(call: Call) -> Result:
    filters = {"productId": _product_of_image(call)}
    return page(call, IMAGES, "productImages", filters=filters)


def _image_get(call: Call) -> Result:
    return Result({"productImage": IMAGES.shown(_image(call))})


def _image_add(call: Call) -> Result:
    fields, content = call.tree("fields"), php.rows(call.params.get("filecontent"))
    if not fields:
        raise PortalRefusal("100", "Could not find value for parameter {fields}")
    if not content:
        raise PortalRefusal("100", "Could not find value for parameter {fileContent}")
    product, kind = _product_of_image(call), str(fields.get("type") or "MORE_PHOTO")
    if kind not in IMAGE_TYPES:
        raise PortalRefusal("0", "Unsupported type of image")
    table = call.portal.tables[IMAGE.name]
    number = files.keep(call.portal, content)
    asked = f"fields[fileId]={number}&fields[productId]={product}&fields[fieldName]={kind}"
    url = f"/rest/catalog.product.download?{asked}"
    row = {
        "ID": str(number),
        "NAME": str(content[0]),
        "PRODUCT_ID": str(product),
        "TYPE": kind,
        "CREATE_TIME": call.now(),
        "DETAIL_URL": url,
        "DOWNLOAD_URL": url,
    }
    table.put(number, row)
    if kind in products.PICTURES:
        whole = call.portal.tables[PRODUCT.name]
        before = whole.rows[product]
        if before[kind]:
            products.forget(call.portal, before[kind]["id"])
        whole.put(product, {**before, kind: _id(row)})
    return Result({"productImage": IMAGES.shown(row)})


def _image_delete(call: Call) -> Result:
    image, table = _image(call), call.portal.tables[PRODUCT.name]
    product = table.rows[int(image["PRODUCT_ID"])]
    emptied = {name: None for name in products.PICTURES if (product[name] or {}) == _id(image)}
    table.put(int(product["ID"]), {**product, **emptied})
    products.forget(call.portal, image["ID"])
    return Result(value=True)


def _id(image: Row) -> dict[str, str]:
    return {"id": image["ID"]}


ROWS = family(
    "catalog.productimage",
    f"{PAGES}/product-image/catalog-product-image",
    {
        "getfields": lambda call: Result({"productImage": IMAGES.described}),
        "list": _image_list,
        "get": _image_get,
        "add": _image_add,
        "delete": _image_delete,
    },
    SCOPE,
)
