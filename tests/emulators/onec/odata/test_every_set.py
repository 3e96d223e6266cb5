"""Every published set is read, filtered and written as it is declared, every document posted."""

import json
from functools import cache
from xml.etree import ElementTree

import pytest

from onec_emulator.odata.metadata import edmx
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill
from onec_emulator.schemas.files import load
from onec_emulator.schemas.virtual import record_fields

EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"
GUID = "a0000000-0000-4000-8000-00000000000a"
LITERALS = {
    "Edm.Guid": (GUID, f"guid'{GUID}'"),
    "Edm.String": ("Аб1", "'Аб1'"),
    "Edm.Boolean": (True, "true"),
    "Edm.DateTime": ("2025-03-04T05:06:07", "datetime'2025-03-04T05:06:07'"),
    "Edm.Double": (12, "12"),
    "Edm.Int16": (7, "7"),
    "Edm.Int32": (70000, "70000"),
    "Edm.Int64": ("5000000000", "5000000000"),
}
"""A value of each type: as it is sent, and as a filter says it."""
# A folder has no items' attributes; a posted document is more than its fields.
LEFT_OUT = {"DataVersion", "Predefined", "PredefinedDataName", "IsFolder", "Posted", "LineNumber"}
LEFT_OUT |= {"SurrogateKey"}


@cache
def declared(name):
    """Properties by set, from the configuration's `$metadata`."""
    document = ElementTree.fromstring(edmx(load(name)))
    types = {
        kind.get("Name"): {p.get("Name"): p.get("Type") for p in kind.iter(f"{EDM}Property")}
        for kind in document.iter(f"{EDM}EntityType")
    }
    return {each.get("Name"): types[each.get("Name")] for each in document.iter(f"{EDM}EntitySet")}


SETS = [(name, entity) for name in ("unf", "unf16", "ut11", "bp30") for entity in declared(name)]
DOCUMENTS = [
    (name, entity)
    for name, entity in SETS
    if entity.startswith("Document_") and entity in load(name).published
]


@pytest.fixture(scope="module")
def callers():
    """One base for all sets of a configuration: what is made is deleted again."""
    return {}


def sample(properties, fields):
    """A record with a value in each property, and the filter that finds it."""
    record, terms = {}, []
    for name, edm in properties.items():
        if name in LEFT_OUT or edm not in LITERALS or name.endswith("_Type"):
            continue
        value, literal = LITERALS[edm]
        if f"{name}_Type" in properties:
            record[f"{name}_Type"] = "StandardODATA.Catalog_Контрагенты"
            value, literal = GUID, f"cast(guid'{GUID}','Catalog_Контрагенты')"
        elif fields[name].choices:
            # An enumeration is no type of `$metadata`: its values are known from elsewhere.
            value = sorted(fields[name].choices)[0]
            literal = f"'{value}'"
        elif fields[name].length:
            value = value[: fields[name].length]
            literal = f"'{value}'"
        record[name] = value
        terms.append(f"{name} eq {literal}")
    return record, " and ".join(terms)


def written(odata, verb, path, body):
    reply = odata.base.answer(
        odata.request(verb, path, "$format=json", body, {"1c_odata-dataloadmode": "true"})
    )
    assert reply.status in (200, 201), reply.body.decode()
    return json.loads(reply.body)


@pytest.mark.parametrize(("name", "entity"), SETS)
def test_a_set_is_read_filtered_written_and_deleted_as_declared(calling, callers, name, entity):
    if name not in callers:
        callers[name] = calling(configuration=name)
    odata = callers[name]
    properties = declared(name)[entity]
    assert ElementTree.fromstring(odata.call("GET", f"/{entity}").body).tag.endswith("feed")
    schema = odata.base.configuration.sets.get(entity)
    if schema is None:
        # Rows of table parts and records of recorders are written with their owners.
        assert odata.call("POST", f"/{entity}", body={}).status in (400, 405)
        return
    if schema.is_recorded:
        fields = record_fields(schema)
        own = {field: kind.edm for field, kind in fields.items() if field not in properties}
        line, condition = sample(own, fields)
        who = {"Recorder": GUID, "Recorder_Type": "StandardODATA.Document_Х"}
        record = {**who, "RecordSet": [{**line, "LineNumber": "1"}]}
        entity_read, sent = schema.part_set("RecordSet"), line
    else:
        record, condition = sample(properties, schema.fields)
        entity_read, sent = entity, record
    present = odata.base.records()[entity] if schema.is_constant else {}
    if present:
        # A constant is made while it is undefined, and only changed ever after.
        made = written(odata, "PATCH", f"/{entity}(SurrogateKey=0)", record)
    else:
        made = written(odata, "POST", f"/{entity}", record)
    found = odata.rows(f"$filter={condition}", entity_read)
    assert [{name: row[name] for name in sent} for row in found] == [sent]
    path = f"/{entity}({schema.predicate(schema.key_of(made))})"
    assert odata.json("GET", path) == made
    changed = written(odata, "PATCH", path, record)
    assert {k: v for k, v in changed.items() if k != "DataVersion"} == {
        k: v for k, v in made.items() if k != "DataVersion"
    }
    if schema.is_constant:
        assert odata.error("DELETE", path) == (405, "19")
        return
    assert odata.call("DELETE", path).status == 204
    assert odata.error("GET", path) == (404, "9")
    assert odata.rows(f"$filter={condition}", entity_read) == []


@pytest.fixture
def selling(calling):
    """A base where people have sold."""

    def make(name):
        odata = calling(configuration=name)
        fill_sales(odata.base, fill(odata.base, 4))
        return odata

    return make


@pytest.mark.parametrize(("name", "entity"), DOCUMENTS)
def test_a_document_is_posted_and_its_posting_taken_back(selling, name, entity):
    odata = selling(name)
    # What nobody entered is made here; УТ's order is refused without what people choose in it.
    entered = next(iter(odata.base.records()[entity]), None)
    new = {"Date": "2025-11-03T00:00:00"}
    key = entered or odata.json("POST", f"/{entity}", body=new)["Ref_Key"]
    path, seen = f"/{entity}(guid'{key}')", []
    for deed in ("Unpost", "Post", "Unpost", "Post"):
        assert odata.call("POST", f"{path}/{deed}").status == 200
        row = odata.json("GET", path)
        found = odata.rows(f"$filter=Ref_Key eq guid'{key}' and Posted eq true", entity)
        assert [each["Ref_Key"] for each in found] == [key] * row["Posted"]
        seen.append(row["Posted"])
    assert seen == [False, True, False, True]


def test_all_documents_of_a_sale_are_among_them():
    assert {
        name: sum(each == name for each, _ in DOCUMENTS)
        for name in ("unf", "unf16", "ut11", "bp30")
    } == {
        # An event in УНФ, calls and meetings in УТ come on top.
        "unf": 5,
        "unf16": 5,
        "ut11": 6,
        "bp30": 3,
    }
