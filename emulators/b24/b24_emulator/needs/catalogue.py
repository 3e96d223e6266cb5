"""What the catalogue, and the shop beside it, ask for.

Where a page calls him an administrator who by its table of errors only reads the catalogue, to
read it is asked. Source: b24restdocs: api-reference/catalog/**, sale/person-type/*.md.
"""

from b24_emulator.needs.row import (
    CLASSIC,
    NO_BINDING,
    NO_EDIT,
    NO_PRODUCT,
    NO_READ,
    NO_SECTIONS,
    PROPERTIES,
    Rows,
    alike,
    each,
)
from b24_emulator.needs.subjects import settings, whole
from b24_emulator.rights import CATALOG

READ_CATALOG = whole("read", CATALOG)


def _products(family: str) -> Rows:
    return {
        **alike(family, NO_READ, READ_CATALOG, "getfieldsbyfilter list get download"),
        **each(
            family,
            NO_PRODUCT,
            **{verb: whole(verb, CATALOG) for verb in ("add", "update", "delete")},
        ),
    }


WRITE_CATALOG = whole("update", CATALOG)
READS, WRITES = "getfields list get", "add update delete"
DIRECTORIES = {
    "catalog": "list get isoffers",
    "ratio": READS,
    "storeproduct": READS,
    "measure": READS,
    "vat": READS,
    "pricetype": READS,
    "roundingrule": READS,
    "store": READS,
    "pricetypegroup": "getfields list",
    "pricetypelang": f"{READS} getlanguages",
    "price": READS,
    "productimage": READS,
}
"""What reads the catalogue's directories, prices and images."""
WRITTEN = {
    "measure": (settings, WRITES),
    "vat": (settings, WRITES),
    "pricetype": (settings, WRITES),
    "roundingrule": (settings, WRITES),
    "store": (settings, WRITES),
    "pricetypegroup": (settings, "add delete"),
    "pricetypelang": (settings, WRITES),
    "price": (WRITE_CATALOG, f"{WRITES} modify"),
    "productimage": (WRITE_CATALOG, "add delete"),
}
"""What writes them, and the right that it takes."""
OF_PROPERTIES = {
    "productproperty": (READS, WRITES),
    "productpropertyenum": (READS, WRITES),
    "productpropertyfeature": (f"{READS} getavailablefeaturesbyproperty", "add update"),
    "productpropertysection": ("list get", "set"),
}
CATALOGUE: Rows = {
    name: need
    for rows in (
        *(alike(f"catalog.{n}", NO_READ, READ_CATALOG, reads) for n, reads in DIRECTORIES.items()),
        *(alike(f"catalog.{n}", NO_EDIT, *written) for n, written in WRITTEN.items()),
        *(
            alike(f"catalog.{n}", PROPERTIES, READ_CATALOG, reads)
            | alike(f"catalog.{n}", PROPERTIES, WRITE_CATALOG, writes)
            for n, (reads, writes) in OF_PROPERTIES.items()
        ),
    )
    for name, need in rows.items()
} | {
    **alike("catalog.section", NO_SECTIONS, READ_CATALOG, "list"),
    **alike("catalog.section", NO_PRODUCT, READ_CATALOG, "get"),
    **each("catalog.section", NO_PRODUCT, add=whole("add", CATALOG), update=WRITE_CATALOG),
    **alike("catalog.section", NO_BINDING, whole("delete", CATALOG), "delete"),
    **_products("catalog.product"),
    **_products("catalog.product.offer"),
    **_products("catalog.product.sku"),
    **_products("catalog.product.service"),
    **alike("crm.product", CLASSIC, settings, "add update delete"),
    **alike("crm.product.property", CLASSIC, settings, "add update delete"),
    **alike("crm.vat", CLASSIC, settings, "add update delete"),
    **alike("sale.persontype", NO_READ, settings, READS),
    **alike("sale.persontype", NO_EDIT, settings, "add update delete"),
    **alike("crm.orderentity", NO_READ, settings, "getfields list"),
    **alike("crm.orderentity", NO_EDIT, settings, "add deletebyfilter"),
}
