"""Keys and JSON types of answers, against those of the documents' example answers.

`shapes.json` holds, by method, what the page that the method's row names shows: names of keys with
the types of their values, the first element of each list. Values that are null on either side, and
keys that are numbers or names of user fields, say nothing.
"""

import json
import re
from pathlib import Path

import pytest

from b24_emulator.coverage import PACKAGE, listed, spelt
from b24_emulator.methods.table import METHODS
from b24_emulator.portal import Portal
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.clock import VirtualClock

HERE = Path(__file__).parent
SHAPES = json.loads((HERE / "shapes.json").read_text("utf-8"))
WITHOUT = json.loads((HERE / "without_example.json").read_text("utf-8"))
"""Methods whose page has no example of an answer, by reason."""
NAMES = {name.lower() for name in listed()}
UNTOLD = re.compile(r"\d+|UF_.*|ufCrm.*|property\d+|PROPERTY_\d+|parentId\d+|PARENT_ID_\d+|C\d+:.*")
LANGUAGE = re.compile(r"[a-z]{2}")
VARYING = {"PHONE", "EMAIL", "WEB", "IM", "LINK", "SETTINGS", "settings", "lid"}
"""What is there only if it is filled, or is made by the type of a user field."""
LIFE, LATER = ((HERE / name).read_text("utf-8").splitlines() for name in ("life.txt", "later.txt"))
"""A record of each kind, as people make them in the window, a method and its parameters a line;
and what is done to them in the end. Lines that begin with `app:` are an application's calls."""
ANY = {"id": 1, "entityTypeId": 2, "entityId": 1, "moduleId": "crm", "productId": 1, "code": "info",
       "propertyId": 1, "preset": {"ID": 1}, "paymentId": 1, "ownerType": "D", "ownerId": 1,
       "ownerTypeId": 2, "itemType": 1, "itemId": 1, "activityId": 1, "LIST_ID": 1}  # fmt: skip
OF_PRODUCTS = {"select": ["*"], "filter": {"iblockId": 23}}
OF_OFFERS = {"select": ["*"], "filter": {"iblockId": 24}}
PARAMS = {
    "catalog.catalog.get": {"id": 24},
    "catalog.catalog.list": {"filter": {"id": 24}},
    "catalog.product.getfieldsbyfilter": OF_PRODUCTS,
    "catalog.product.list": OF_PRODUCTS,
    "catalog.product.sku.getfieldsbyfilter": OF_PRODUCTS,
    "catalog.product.sku.list": OF_PRODUCTS,
    "catalog.product.sku.get": {"id": 3},
    "catalog.pricetype.get": {"id": 2},
    "catalog.productimage.get": {"id": 9},
    "catalog.section.get": {"id": 2},
    "catalog.section.list": {"filter": {"id": 2}},
    "catalog.store.get": {"id": 2},
    "catalog.store.list": {"filter": {"id": 2}},
    "catalog.vat.get": {"id": 5},
    "catalog.vat.list": {"filter": {"id": 5}},
    "crm.vat.get": {"id": 6},
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
    "crm.status.get": {"id": 49},
    "crm.status.list": {"filter": {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "WON"}},
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
    "crm.activity.call.gettranscript": "no call is transcribed here",
    "crm.item.delivery.get": "there are no deliveries",
    "crm.orderentity.add": "there are no orders",
    "crm.orderentity.deletebyfilter": "there are no orders",
}
"""What answers with a refusal here, with the reason."""
DIFFERENCES = {
    "crm.activity.configurable.add": "the example has the envelope's time inside the result",
    "crm.activity.configurable.update": "the example has the envelope's time inside the result",
    "crm.deal.recurring.list": "the example has some names in small letters, the table none",
    "event.offline.get": "the example shows false for the data, which hold a number",
    "event.offline.list": "the example shows false for the data, which hold a number",
}
"""Where the emulator answers otherwise, with the reason."""


SILENT = {
    r"catalog\.product(\.offer)?\.list\.\w+\.(recur\w+|trialPriceId)": "nothing is let",
    r"catalog\.catalog\.list\.catalogs\.vatId": "a catalogue has no rate of its own",
    r"catalog\.productproperty\..*\.(userType(Settings)?|timestampX)": "it is of a plain type",
    r"catalog\.store\..*\.imageId": "stores have no pictures",
    r"crm\.calllist\.get\.WEBFORM_ID": "there are no forms",
    r"crm\.deal\.productrows\.get\..*RESERVE.*": "nothing is reserved",
    r"crm\.item\.productrow\..*\.storeId": "nothing is reserved",
    r"crm\.documentgenerator\.document\..*": "no file is made of a document",
    r"crm\.(item\.delivery\.list|orderentity\.list\.orderEntity)": "there are no orders",
    r"crm\.item\..*\.searchContent": "nothing is indexed",
    r"crm\.lead\.list\.ADDRESS_LOC_ADDR_ID": "there is no Location module",
    r"crm\.quote\.get\.QUOTE_NUMBER": "nobody numbers quotes",
    r"crm\.requisite\.preset\.get\..*": "nobody made the presets of a fresh portal",
}
"""Where an example has a value and ours has none to compare with it, with the reason."""


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


def asked(lines):
    for line in lines:
        name, _, params = line.partition(" ")
        yield name, json.loads(params)


def silent(shape, answer, place=""):
    """Places where the document shows a value and the answer nothing to compare with it."""
    shape = whole(shape)
    wanted = shape if isinstance(shape, str) else kind(shape)
    if wanted != "null" and (answer is None or (shape and answer in ([], {}, ()))):
        yield place
    elif wanted == "list" and shape and answer:
        yield from silent(shape[0], answer[0], place)
    elif wanted == "obj":
        told_here = (name for name in shape if name in answer and told(name))
        for name in told_here:
            yield from silent(shape[name], answer[name], f"{place}.{name}")


def lives():
    """A portal with a record of each kind, and what it answered when they were made."""
    portal = Portal(clock=VirtualClock(), seed=1)
    return portal, [(name, portal.act(name, params)) for name, params in asked(LIFE)]


def plain(answer):
    """As it is sent: tuples and mappings are lists and objects."""
    return json.loads(json.dumps(answer, default=list))


@pytest.fixture(scope="module")
def lived():
    return lives()[0]


SCRIPTED = {line.partition(" ")[0].removeprefix("app:").lower() for line in (*LIFE, *LATER)}
READ = sorted(set(SHAPES) - SCRIPTED - set(UNREACHED))


def read(portal, name):
    return plain(portal.act(name, {**ANY, **PARAMS.get(name, {})}))


@pytest.fixture
def done(installing):
    """All that is asked by a script, in the words of the table, with each answer."""
    portal, answers = lives()
    app = installing(portal)
    for name, params in asked(LATER):
        way, _, method = name.rpartition(":")
        answer = app.result(method, params) if way else portal.act(method, params)
        answers.append((method, answer))
    return [(name.lower(), plain(answer)) for name, answer in answers if name.lower() in SHAPES]


@pytest.mark.parametrize("name", READ)
def test_an_answer_has_the_keys_and_types_of_the_documents_example(lived, name, evidence):
    found = list(disagreements(SHAPES[name], read(lived, name)))
    assert bool(found) == (name in DIFFERENCES), found
    if name not in DIFFERENCES:
        evidence.has_shape(PACKAGE, spelt()[name])


def test_what_is_done_answers_with_the_keys_and_types_of_the_documents_example(done, evidence):
    found = {
        name: said for name, answer in done if (said := list(disagreements(SHAPES[name], answer)))
    }
    unexplained = {name: said for name, said in found.items() if name not in DIFFERENCES}
    assert unexplained == {}
    assert set(found) == set(DIFFERENCES) & SCRIPTED
    for name in {name for name, _ in done} - set(found):
        evidence.has_shape(PACKAGE, spelt()[name])


def test_nearly_every_value_of_an_example_has_one_to_compare_with(lived, done):
    answers = [*done, *((name, read(lived, name)) for name in READ)]
    nothing = {}
    for name, answer in answers:
        places = set(silent(SHAPES[name], answer, name))
        # What one of several calls shows is compared.
        nothing[name] = nothing.get(name, places) & places
    places = {place for found in nothing.values() for place in found}
    told_of = {reason for reason in SILENT for place in places if re.fullmatch(reason, place)}
    assert [p for p in sorted(places) if not any(re.fullmatch(r, p) for r in SILENT)] == []
    assert told_of == set(SILENT)


@pytest.mark.parametrize("name", sorted(UNREACHED))
def test_what_nobody_can_ask_is_refused(lived, name):
    with pytest.raises(PortalRefusal):
        lived.act(name, ANY)


def test_every_method_is_compared_or_has_a_reason():
    without = [name.lower() for names in WITHOUT.values() for name in names]
    assert len(NAMES) == 607
    assert sorted([*SHAPES, *without]) == sorted(NAMES) == sorted(NAMES & set(METHODS))
    assert set(DIFFERENCES) | set(UNREACHED) <= set(SHAPES)
    compared = set(SHAPES) - set(UNREACHED)
    assert compared == (SCRIPTED & set(SHAPES)) | set(READ)
    assert (len(without), len(UNREACHED), len(compared), len(DIFFERENCES)) == (75, 4, 528, 5)


def test_a_lost_key_and_another_type_are_seen():
    shape = {"a": "str", "b": [{"c": "num"}], "e": "x:str y:num"}
    answer = {"a": 1, "b": [{}], "e": {"x": "1", "y": 2}}
    assert list(disagreements(shape, answer)) == [
        ".a: str in the documents, num here",
        ".b[0].c: only in the documents",
    ]
