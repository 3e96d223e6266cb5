"""Keys and JSON types of answers, against those of the documents' example answers.

`shapes.json` holds, by method, what the page that the method's row names shows: names of keys with
the types of their values, the first element of each list. Values that are null on either side, and
keys that are numbers or names of user fields, say nothing.
"""

import json
import re
from pathlib import Path

import pytest

from b24_emulator.coverage import PACKAGE, spelt
from b24_emulator.methods.table import METHODS
from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import VirtualClock

SHAPES = json.loads((Path(__file__).parent / "shapes.json").read_text("utf-8"))
READS = re.compile(
    r"list|get|fields|getfields|getfieldsbyfilter|types|gettypes|current|search|countries|status"
    r"|availabletoadd|ownertype|addresstype|contenttype|activity\w+|mode|getlanguages|statuslist"
    r"|getorderownertypes|getbyentitytypeid|getavailableforpayment|getroundtypes"
    r"|getavailablefeaturesbyproperty|getstoredocumenttypes"
)
UNTOLD = re.compile(r"\d+|UF_.*|ufCrm.*|property\d+|PROPERTY_\d+|parentId\d+|PARENT_ID_\d+|C\d+:.*")
LANGUAGE = re.compile(r"[a-z]{2}")
VARYING = {"PHONE", "EMAIL", "WEB", "IM", "LINK", "SETTINGS", "settings", "lid"}
"""What is there only if it is filled, or is made by the type of a user field."""
LIFE = (Path(__file__).parent / "life.txt").read_text("utf-8")
"""A record of each kind, as people make them in the window: a method and its parameters a line."""
ANY = {"id": 1, "entityTypeId": 2, "entityId": 1, "moduleId": "crm", "productId": 1, "code": "info",
       "propertyId": 1, "preset": {"ID": 1}, "paymentId": 1, "ownerType": "D", "ownerId": 1,
       "ownerTypeId": 2, "itemType": 1, "itemId": 1, "activityId": 1, "LIST_ID": 1}  # fmt: skip
OF_PRODUCTS = {"select": ["*"], "filter": {"iblockId": 23}}
OF_OFFERS = {"select": ["*"], "filter": {"iblockId": 24}}
PARAMS = {
    "catalog.catalog.get": {"id": 23},
    "catalog.product.getfieldsbyfilter": OF_PRODUCTS,
    "catalog.product.list": OF_PRODUCTS,
    "catalog.product.sku.getfieldsbyfilter": OF_PRODUCTS,
    "catalog.product.sku.list": OF_PRODUCTS,
    "catalog.product.sku.get": {"id": 3},
    "catalog.product.service.getfieldsbyfilter": OF_PRODUCTS,
    "catalog.product.service.list": OF_PRODUCTS,
    "catalog.product.service.get": {"id": 4},
    "catalog.product.offer.getfieldsbyfilter": OF_OFFERS,
    "catalog.product.offer.list": OF_OFFERS,
    "catalog.product.offer.get": {"id": 2},
    "crm.currency.get": {"id": "RUB"},
    "crm.currency.localizations.get": {"id": "RUB"},
    "crm.company.userfield.get": {"id": 1},
    "crm.contact.userfield.get": {"id": 2},
    "crm.deal.userfield.get": {"id": 3},
    "crm.lead.userfield.get": {"id": 4},
    "crm.quote.userfield.get": {"id": 5},
    "crm.requisite.userfield.get": {"id": 6},
    "crm.item.fields": {"entityTypeId": 1030},
    "crm.item.get": {"entityTypeId": 1},
    "crm.item.list": {"entityTypeId": 1},
    "crm.item.productrow.list": {"filter": {"=ownerType": "D", "=ownerId": 1}},
    "crm.timeline.bindings.list": {"filter": {"OWNER_ID": 1}},
    "crm.timeline.comment.list": {"filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": 1}},
    "crm.type.getbyentitytypeid": {"entityTypeId": 1030},
    "crm.userfield.settings.fields": {"type": "double"},
    "department.get": {"id": 2},
    **{
        f"{family}.userfield.list": {"filter": {"LANG": "ru"}}
        for family in ("crm.company", "crm.contact", "crm.deal", "crm.lead", "crm.quote", "user")
    },
    "crm.requisite.userfield.list": {"filter": {"LANG": "ru"}},
    "userfieldconfig.get": {"id": 7},
    "userfieldconfig.list": {"filter": {"entityId": "CRM_DEAL"}},
}
UNREACHED = {
    "app.option.get": "only an application has options",
    "user.option.get": "only an application has options",
    "crm.timeline.layout.blocks.get": "only an application has layouts",
    "crm.item.delivery.get": "there are no deliveries",
    "event.get": "only an application has bindings",
    "event.offline.get": "only an application has a queue",
    "event.offline.list": "only an application has a queue",
    "feature.get": "its answer is one word",
    "sale.paysystem.settings.get": "settings are what somebody put there",
    "sale.paysystem.settings.invoice.get": "settings are what somebody put there",
    "sale.paysystem.settings.payment.get": "settings are what somebody put there",
    "crm.activity.configurable.get": "only an application has such activities",
}
"""What no window can ask, with the reason."""
DIFFERENCES = {
    "crm.deal.recurring.fields": "what PARAMS is made of is not described",
    "crm.deal.recurring.list": "the example has some names in small letters, the table none",
    "crm.documentgenerator.document.getfields": "of a document only its number is there",
    "crm.documentgenerator.template.getfields": "of a document only its number is there",
}
"""Where the emulator answers otherwise, with the reason."""


def kind(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "num"
    return {str: "str", list: "list", dict: "obj"}[type(value)]


def whole(shape):
    """A shape as JSON would hold it: `a:str b:num` are two keys."""
    if isinstance(shape, str) and ":" in shape:
        return dict(pair.rsplit(":", 1) for pair in shape.split(" "))
    return shape


def told(name):
    is_language = LANGUAGE.fullmatch(name) and name != "id"
    return not (UNTOLD.fullmatch(name) or is_language or name in VARYING)


def disagreements(shape, answer, place=""):
    """Keys that only the document has, and values of another type."""
    shape = whole(shape)
    wanted = shape if isinstance(shape, str) else kind(shape)
    if "null" in (wanted, kind(answer)) or not (shape or answer):
        return
    if {wanted, kind(answer)} == {"list", "obj"} and not (shape and answer):
        return
    if wanted != kind(answer):
        yield f"{place}: {wanted} in the documents, {kind(answer)} here"
    elif wanted == "obj":
        for name, inner in shape.items():
            if name in answer and told(name):
                yield from disagreements(inner, answer[name], f"{place}.{name}")
            elif name not in answer and told(name):
                yield f"{place}.{name}: only in the documents"
    elif wanted == "list" and shape and answer:
        yield from disagreements(shape[0], answer[0], f"{place}[0]")


def lives():
    """A portal with a record of each kind, and what it answered when they were made."""
    portal, answers = Portal(clock=VirtualClock(), seed=1), {}
    for line in LIFE.splitlines():
        name, _, params = line.partition(" ")
        answers[name.lower()] = plain(portal.act(name, json.loads(params)))
    return portal, answers


def plain(answer):
    """As it is sent: tuples and mappings are lists and objects."""
    return json.loads(json.dumps(answer, default=list))


@pytest.fixture(scope="module")
def lived():
    return lives()[0]


COMPARED = sorted(
    name
    for name in SHAPES
    if name in METHODS and READS.fullmatch(name.rsplit(".", 1)[-1]) and name not in UNREACHED
)


@pytest.mark.parametrize("name", COMPARED)
def test_an_answer_has_the_keys_and_types_of_the_documents_example(lived, name, evidence):
    answer = plain(lived.act(name, {**ANY, **PARAMS.get(name, {})}))
    found = list(disagreements(SHAPES[name], answer))
    assert bool(found) == (name in DIFFERENCES), found
    if name not in DIFFERENCES:
        evidence.has_shape(PACKAGE, spelt()[name])


def test_a_write_answers_with_the_keys_and_types_of_the_documents_example(evidence):
    answers = {name: answer for name, answer in lives()[1].items() if name in SHAPES}
    assert len(answers) > 80
    found = {name: list(disagreements(SHAPES[name], answer)) for name, answer in answers.items()}
    assert {name: said for name, said in found.items() if said} == {}
    for name in answers:
        evidence.has_shape(PACKAGE, spelt()[name])


def test_most_of_what_is_read_is_compared():
    assert len(COMPARED) >= 228


def test_a_lost_key_and_another_type_are_seen():
    shape = {"a": "str", "b": [{"c": "num"}], "e": "x:str y:num"}
    answer = {"a": 1, "b": [{}], "e": {"x": "1", "y": 2}}
    assert list(disagreements(shape, answer)) == [
        ".a: str in the documents, num here",
        ".b[0].c: only in the documents",
    ]
