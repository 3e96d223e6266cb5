"""Families at the margin: right in shape and refusals, kept, without consequences.

Source: b24restdocs: api-reference/catalog/price-type/**, catalog/product-property-*/**,
crm/automated-solution/*.md.
"""

from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.catalogue import PRICE_TYPE, PROPERTY
from b24_emulator.catalogue_rules import exists
from b24_emulator.controllers import View
from b24_emulator.marginal import PRICE_TYPE_GROUP, PRICE_TYPE_LANG, PROPERTY_FEATURE, SOLUTION
from b24_emulator.methods.controllers import Family, Sent, rows_of
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept
from b24_emulator.table import Row

PAGES = "api-reference/catalog"
SCOPE = ("catalog",)
LANGUAGES = ("ar", "br", "de", "en", "fr", "id", "it", "kz", "pl", "ru", "tr", "ua", "vn")
FEATURES = (
    ("LIST_PAGE_SHOW", "Показывать на странице списка элементов"),
    ("DETAIL_PAGE_SHOW", "Показывать на детальной странице элемента"),
)


def _check_group(call: Call, before: Row, sent: Sent) -> None:
    if not exists(call.portal, PRICE_TYPE.name, sent["CATALOG_GROUP_ID"]):
        raise PortalRefusal("0", "The specified price type does not exist")
    if sent["ACCESS"] not in ("Y", "N"):
        text = "Invalid access type provided. The available values are Y, N"
        raise PortalRefusal("0", text)
    key = (str(sent["CATALOG_GROUP_ID"]), str(sent["GROUP_ID"]), sent["ACCESS"])
    rows = call.portal.tables[PRICE_TYPE_GROUP.name].rows.values()
    if any((r["CATALOG_GROUP_ID"], r["GROUP_ID"], r["ACCESS"]) == key for r in rows):
        text = "The specified access type for this group already exists"
        raise PortalRefusal("0", text)


def _check_language(call: Call, before: Row, sent: Sent) -> None:
    kind = sent.get("CATALOG_GROUP_ID", before.get("CATALOG_GROUP_ID"))
    if not exists(call.portal, PRICE_TYPE.name, kind):
        raise PortalRefusal("201000000000", "Price type does not exist")
    if sent.get("LANG", before.get("LANG")) not in LANGUAGES:
        raise PortalRefusal("201200000010", "Language does not exist")


def _check_feature(call: Call, before: Row, sent: Sent) -> None:
    number = sent.get("PROPERTY_ID", before.get("PROPERTY_ID"))
    if not exists(call.portal, PROPERTY.name, number):
        raise NO_FEATURE
    rows = call.portal.tables[PROPERTY_FEATURE.name].rows.values()
    key = (str(number), sent.get("MODULE_ID"), sent.get("FEATURE_ID"))
    is_double = any((r["PROPERTY_ID"], r["MODULE_ID"], r["FEATURE_ID"]) == key for r in rows)
    if not before and is_double:
        raise PortalRefusal("0", "Mysql query error: (1062) Duplicate entry")


NO_FEATURE = PortalRefusal("0", "productPropertyFeature does not exist.")
NO_SECTION = PortalRefusal("0", "productPropertySection does not exist.")


def _languages(call: Call) -> Result:
    rows = [{"active": "Y", "lid": language, "name": language} for language in LANGUAGES]
    return Result({"languages": rows})


def _features(call: Call) -> Result:
    if not exists(call.portal, PROPERTY.name, needed(call, "propertyId")):
        raise NO_FEATURE
    return Result(
        {
            "features": [
                {"featureId": code, "featureName": name, "moduleId": "iblock"}
                for code, name in FEATURES
            ]
        }
    )


def _sections(call: Call) -> dict[str, Any]:  # Any: JSON
    return dict(kept(call.portal, "property.sections") or {})


def _section_get(call: Call) -> Result:
    found = _sections(call).get(str(php.integer(needed(call, "propertyId"))))
    if found is None:
        raise NO_SECTION
    return Result({"productPropertySection": found})


def _section_list(call: Call) -> Result:
    rows = list(_sections(call).values())
    return Result({"productPropertySections": rows}, len(rows))


def _section_set(call: Call) -> Result:
    number = php.integer(needed(call, "propertyId"))
    needed(call, "fields")
    row = call.portal.tables[PROPERTY.name].rows.get(number)
    if row is None:
        raise NO_SECTION
    fields = call.tree("fields")
    default = {"smartFilter": "N", "displayType": "F", "displayExpanded": "N", "filterHint": ""}
    whole = {name: fields.get(name, value) for name, value in default.items()}
    section = {"propertyId": number, **whole}
    keep(call.portal, "property.sections", {**_sections(call), str(number): section})
    beside = {"iblockId": row["IBLOCK_ID"], "propertyId": str(number), "sectionId": "0"}
    return Result({"productPropertySection": {**whole, **beside}})


def _check_solution(call: Call, before: Row, sent: Sent) -> None:
    if not before and not sent.get("TITLE"):
        raise PortalRefusal("BX_EMPTY_REQUIRED", "Required field title is empty")
    if "TYPE_IDS" in sent or not before:
        sent["TYPE_IDS"] = [php.integer(one) for one in php.rows(sent.get("TYPE_IDS"))]


def _free_solution(call: Call, row: Row, sent: Sent) -> None:
    if row["TYPE_IDS"]:
        raise PortalRefusal("HAS_BOUND_TYPES", "The automated solution has bound types")


FAMILIES = (
    Family(
        "catalog.pricetypegroup",
        View.of("catalog.priceTypeGroup", PRICE_TYPE_GROUP),
        "priceTypeGroup",
        "priceTypeGroups",
        f"{PAGES}/price-type/price-type-group/catalog-price-type-group",
        verbs=("list", "add", "delete"),
        required=("catalogGroupId", "groupId", "access"),
        missing=PortalRefusal("0", "Entity is not exists"),
        check=_check_group,
    ),
    Family(
        "catalog.pricetypelang",
        View.of("catalog.priceTypeLang", PRICE_TYPE_LANG),
        "priceTypeLang",
        "priceTypeLangs",
        f"{PAGES}/price-type/price-type-lang/catalog-price-type-lang",
        required=("catalogGroupId", "lang"),
        missing=PortalRefusal("201200000000", "Translation does not exist"),
        check=_check_language,
        more={"getlanguages": _languages},
    ),
    Family(
        "catalog.productpropertyfeature",
        View.of("catalog.productPropertyFeature", PROPERTY_FEATURE),
        "productPropertyFeature",
        "productPropertyFeatures",
        f"{PAGES}/product-property-feature/catalog-product-property-feature",
        verbs=("list", "get", "add", "update"),
        required=("propertyId", "moduleId", "featureId", "isEnabled"),
        required_again=("moduleId", "featureId", "isEnabled"),
        missing=NO_FEATURE,
        check=_check_feature,
        more={"getavailablefeaturesbyproperty": _features},
    ),
    Family(
        "crm.automatedsolution",
        View.of("crm.automatedsolution", SOLUTION),
        "automatedSolution",
        "automatedSolutions",
        "api-reference/crm/automated-solution/crm-automated-solution",
        ("crm",),
        missing=PortalRefusal("NOT_FOUND", "Automated solution not found"),
        check=_check_solution,
        before_delete=_free_solution,
        fields_verb="",
        deleted=None,
        more={
            "fields": lambda call: Result(
                View.of("crm.automatedsolution", SOLUTION).with_upper_names()
            )
        },
    ),
)

ROWS = (
    *(row for kind in FAMILIES for row in rows_of(kind)),
    *family(
        "catalog.productpropertysection",
        f"{PAGES}/product-property-section/catalog-product-property-section",
        {"get": _section_get, "list": _section_list, "set": _section_set},
        SCOPE,
    ),
)
