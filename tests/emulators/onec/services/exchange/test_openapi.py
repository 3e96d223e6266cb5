"""The OpenAPI of the exchange service: valid, and what it says of every route is so."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from onec_emulator.coverage import PACKAGE, key
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill

CONFIGURATIONS = ("unf", "unf16", "ut11", "bp30")
PARTIES = ("Организация_Key", "Партнер_Key", "Контрагент_Key", "Соглашение_Key")
MOMENTS = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0"))


@pytest.fixture
def described(calling):
    """Makes a base with sales in it; returns a caller and the service's OpenAPI."""

    def make(configuration):
        odata = calling(configuration=configuration)
        fill_sales(odata.base, fill(odata.base, 2))
        # What only items have is null in a group, and a document may say so.
        group = {"Description": "Группа", "IsFolder": True}
        odata.base.act("create", {"set": "Catalog_Номенклатура", "fields": group})
        status, document = odata.hs("GET", "/exchange/openapi.json")
        assert status == 200
        return odata, document

    return make


def operations(document):
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation


def fitting(schema, document):
    """Values that a schema allows."""
    if "$ref" in schema:
        return fitting(document["components"]["schemas"][schema["$ref"].split("/")[-1]], document)
    if "anyOf" in schema:
        return st.one_of([fitting(one, document) for one in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type", "string")
    kinds = kind if isinstance(kind, list) else [kind]
    return st.one_of([of_kind(one, schema, document) for one in kinds])


def of_kind(kind, schema, document):
    if kind == "string":
        return texts(schema)
    if kind == "array":
        return st.lists(fitting(schema["items"], document), max_size=2)
    if kind == "object":
        needed = set(schema.get("required", ()))
        every = {name: fitting(one, document) for name, one in schema["properties"].items()}
        # A few fields at a time: a record has a hundred.
        some = st.sampled_from(sorted(every.keys() - needed or every))
        return st.sets(some, max_size=3).flatmap(
            lambda names: st.fixed_dictionaries({name: every[name] for name in needed | names})
        )
    scalars = {
        "null": st.none(),
        "boolean": st.booleans(),
        "number": st.floats(-1e15, 1e15),
        "integer": st.integers(schema.get("minimum", 0), schema.get("maximum", 1000)),
    }
    return scalars[kind]


def texts(schema):
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("contentEncoding") == "base64":
        return st.binary().map(lambda data: base64.b64encode(data).decode())
    if "T[" in schema.get("pattern", ""):
        return MOMENTS
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True).filter(str.isascii)
    return st.text(min_size=schema.get("minLength", 0), max_size=5)


def test_it_is_valid(described):
    # One is enough for seconds of validation: the others differ in the names of sets and fields.
    OpenAPIV31SpecValidator(described("unf")[1]).validate()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_it_names_every_route_that_the_service_has(described, configuration):
    odata, document = described(configuration)
    routes = {
        (verb, "/" + "/".join(template.segments))
        for template in odata.base.services["exchange"].templates
        for verb in template.handlers
    }
    assert {(verb, path) for verb, path, _ in operations(document)} == routes
    assert document["servers"] == [{"url": f"/{configuration}/hs/exchange"}]


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_route_does_what_the_document_says(described, configuration, evidence):
    odata, document = described(configuration)
    routes = [Driven(odata, document, *one) for one in operations(document)]
    start = odata.base.snapshot()

    @given(st.data())
    @settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
    def drive(data):
        odata.base.restore(start)
        for route in routes:
            route.drive(data)

    drive()
    assert [route.name for route in routes if not route.has_succeeded] == []
    for route in routes:
        route.refuse()
    for route in routes:
        name = f"{route.verb} /hs/exchange{route.path}"
        evidence.has_shape(PACKAGE, key(odata.base.configuration, name))


class Driven:
    """One operation, called with values that fit; each answer must be one that is promised."""

    def __init__(self, odata, document, verb, path, operation):
        self.odata, self.verb, self.path, self.name = odata, verb, path, operation["operationId"]
        self.has_succeeded = False
        self.query = {
            one["name"]: fitting(one["schema"], document)
            for one in operation["parameters"]
            if one["in"] == "query"
        }
        content = operation.get("requestBody", {}).get("content")
        self.body = fitting(content["application/json"]["schema"], document) if content else None
        self.promised = {
            int(status): self.judge(said, document)
            for status, said in operation["responses"].items()
        }

    def judge(self, said, document):
        if "content" not in said:
            return None
        schema = said["content"]["application/json"]["schema"]
        return Draft202012Validator({**schema, "components": document["components"]})

    def drive(self, data):
        chosen = data.draw(st.sampled_from(["", *self.query]))
        query = f"{chosen}={quote(str(data.draw(self.query[chosen])), safe='')}" if chosen else ""
        body = None if self.body is None else data.draw(self.body)
        address = self.addressed(is_known=data.draw(st.sampled_from([True, True, False])))
        body = None if body is None else self.referring(address, body)
        status, said = self.odata.hs(self.verb, f"/exchange{address}", query, body)
        assert status in self.promised.keys() - {400}, (self.name, address, query, body, said)
        if self.promised[status] is None:
            assert said is None
        else:
            self.promised[status].validate(said)
        self.has_succeeded |= status < 300

    def refuse(self):
        """What is addressed is not there; a route that addresses nothing cannot be asked so."""
        if "{" in self.path:
            address = self.addressed(is_known=False)
            body = None if self.body is None else {}
            status, said = self.odata.hs(self.verb, f"/exchange{address}", "", body)
            assert status in self.promised.keys() & {404, 410}, (self.name, address, said)
            self.promised[status].validate(said)

    def referring(self, address, body):
        """The body with what it refers to: a node, a sent message, parties of a document."""
        base = self.odata.base
        if self.name == "confirmChanges":
            sent = max(int(row["SentNo"]) for row in base.records()[base.plan].values())
            return {"node": "B24", "message": min(body["message"], sent)}
        if self.name == "createOrder":
            like = self.odata.hs("GET", "/exchange/orders", "top=1")[1]["items"][0]["fields"]
            parties = {name: like[name] for name in like if name in PARTIES}
            return {**body, "fields": {**body["fields"], **parties}}
        if self.verb == "PATCH":
            # Where there are several sets, the record's own says which fields it has.
            has = self.odata.hs("GET", f"/exchange{address}")[1].get("fields", ())
            return {
                "fields": {name: body["fields"][name] for name in body["fields"] if name in has}
            }
        known = {"selectChanges": {"node": "B24", "sets": None}, "startJob": {"session": None}}
        return {**body, **known.get(self.name, {})}

    def addressed(self, is_known):
        if "{key}" in self.path:
            listed = self.odata.hs("GET", f"/exchange/{self.path.split('/')[1]}", "top=1")[1][
                "items"
            ]
            key = listed[0]["key"] if is_known and listed else "нет"
            return self.path.replace("{key}", key)
        job = "job-0"
        if "{id}" in self.path and is_known:
            job = self.odata.hs("POST", "/exchange/jobs", body={"name": "export"})[1]["id"]
        return self.path.replace("{id}", job)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_value_of_another_type_is_refused_by_its_name(described, configuration):
    odata, document = described(configuration)
    for verb, path, operation in operations(document):
        if not operation["operationId"].startswith("create"):
            continue
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        for one in schema.get("anyOf", [schema]):
            fields = one["properties"]["fields"]["$ref"].split("/")[-1]
            for name, field in document["components"]["schemas"][fields]["properties"].items():
                if field.get("readOnly"):
                    continue
                wrong = {"fields": {name: {"нет": 1}}, "set": one["properties"]["set"]["const"]}
                status, told = odata.hs(verb, f"/exchange{path}", body=wrong)
                assert (status, told["thing"]) == (400, f"fields.{name}")


def test_the_version_of_the_platform_is_told_here_and_nowhere_else(calling):
    odata = calling(configuration="bp30", platform="8.3.10.2667")
    told = {"service": "1.0.0", "configuration": "bp30", "platform": "8.3.10.2667"}
    assert odata.hs("GET", "/exchange/version") == (200, told)
    assert b"8.3.10" not in odata.call("GET", "/$metadata").body


def test_a_platform_without_a_version_is_refused(calling):
    with pytest.raises(ValueError, match=r"platform is '8\.3'"):
        calling(platform="8.3")
