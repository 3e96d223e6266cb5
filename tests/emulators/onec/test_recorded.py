"""The structure of answers that a live base gave, against ours.

`recorded.json` holds, with its source, what recorded answers of an УТ 11.5 base on platform 8.5 are
made of: `$metadata` type by type, entries of SelectChanges, forms of values. No value is there, and
no text. Properties are `name:type`, with `!` where null is refused; `Edm.` and the namespace are
left out.
"""

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest

from onec_emulator import coverage
from onec_emulator.infobase import Infobase
from onec_emulator.odata.metadata import edmx
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill
from onec_emulator.schemas.imported import declaration
from sverka_emulator_kit.clock import VirtualClock

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))
METADATA, ENTRY, TYPES = RECORDED["metadata"], RECORDED["entry"], RECORDED["metadata"]["types"]
EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"
ATOM = "{http://www.w3.org/2005/Atom}"
D = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
M = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
SPACE = "StandardODATA."
PLAN = "ExchangePlan_ДляODATA"
NOTHING = "00000000-0000-0000-0000-000000000000"
FORMS = {
    "guid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "truth": "true|false",
    "whole": r"-?\d+",
    "decimal": r"-?\d+\.\d*[1-9]",
    "undefined": r"StandardODATA\.Undefined",
    "set": r"StandardODATA\.\w+",
    "unavailable": r"UnavailableEntities\.UnavailableEntity_[0-9a-f-]{36}",
    "text": r"(?s).+",
}
"""How values are written, each form behind those that are narrower."""
DIFFERENCES = {
    r"(AccumulationRegister_(ВыручкаИСебестоимостьПродаж|ЗаказыКлиентов|ТоварыОрганизаций"
    r"|СебестоимостьТоваров)|InformationRegister_СуммыДокументовВВалютахУчета)(_\w+)?(/.*)?"
    r": only there": "registers of cost and of own accounting, which nobody exchanges",
    r"ExchangePlan_ДляODATA: ThisNode:Boolean only here, ОбластьДанныхОсновныеДанные:Int64"
    r" only there": "the guide shows ThisNode; bases that are no service have no data areas",
    r"Catalog_Контрагенты: НаименованиеВТранскрипции:String only here": "of a later release",
    r"Catalog_Контрагенты_ИсторияНаименований: СокращенноеНаименование:String only here,"
    r" НаименованиеПолное:String only there": "of a later release",
    r"Document_ЗаказКлиента: open here": "where composites lead is not declared here; there none"
    " of it is published",
}
"""Where our УТ 11 is otherwise, with the reason."""


def properties(kind):
    def shown(one):
        edm = one.get("Type").replace("Edm.", "").replace(SPACE, "")
        return f"{one.get('Name')}:{edm}{'' if one.get('Nullable') == 'true' else '!'}"

    return [shown(one) for one in kind.findall(f"{EDM}Property")]


def functions(schema):
    for one in schema.iter(f"{EDM}FunctionImport"):
        bound, *parameters = one
        assert (one.get("IsBindable"), bound.get("Name")) == ("true", "bindingParameter")
        names = " ".join(f"{p.get('Name')}:{p.get('Type')[4:]}" for p in parameters)
        said = f"{bound.get('Type').removeprefix(SPACE)}/{one.get('Name')}({names})"
        if one.get("ReturnType"):
            said += f" -> {one.get('ReturnType')[len('Collection(' + SPACE) : -1]}"
        yield said + (" changes" if one.get("IsSideEffecting") == "true" else "")


class Published:
    """A `$metadata` in the words of the table."""

    def __init__(self, document):
        schema = ElementTree.fromstring(document)
        targets = {
            one.get("Name"): [(end.get("Type"), end.get("Multiplicity")) for end in one]
            for one in schema.iter(f"{EDM}Association")
        }
        self.types = {one.get("Name"): one for one in schema.iter(f"{EDM}EntityType")}
        self.rows = {one.get("Name"): properties(one) for one in schema.iter(f"{EDM}ComplexType")}
        self.links = {
            name: {
                link.get("Name"): targets[link.get("Relationship").removeprefix(SPACE)]
                for link in kind.findall(f"{EDM}NavigationProperty")
            }
            for name, kind in self.types.items()
        }
        self.sets = [one.get("Name") for one in schema.iter(f"{EDM}EntitySet")]
        self.functions = list(functions(schema))
        self.enumerations = [
            f"{one.get('Name')}: {' '.join(member.get('Name') for member in one)}"
            for one in schema.iter(f"{EDM}EnumType")
        ]

    def differences(self):
        """What is otherwise than recorded, of the sets that are recorded."""
        for name, told in TYPES.items():
            if name not in self.types:
                yield f"{name}: only there"
                continue
            yield from self._of_type(name, told)
        for name, told in METADATA["complex"].items():
            if name not in self.rows:
                yield f"{name}: only there"
            elif Counter(told.split(" ")) != Counter(self.rows[name]):
                yield f"{name}: {sorted(set(told.split(' ')) ^ set(self.rows[name]))}"
        lost = [one for one in METADATA["functions"] if one not in self.functions]
        yield from (f"{one}: only there" for one in lost)
        if self.enumerations != METADATA["enumerations"]:
            yield f"enumerations: {self.enumerations}"

    def _of_type(self, name, told):
        kind = self.types[name]
        ours, theirs = properties(kind), told["properties"].split(" ")
        said = [f"{one} only here" for one in ours if one not in theirs]
        if said := said + [f"{one} only there" for one in theirs if one not in ours]:
            yield f"{name}: {', '.join(said)}"
        if (kind.get("OpenType") == "true") != told.get("open", False):
            yield f"{name}: {'open' if kind.get('OpenType') else 'closed'} here"
        key = " ".join(one.get("Name") for one in kind.iter(f"{EDM}PropertyRef"))
        if set(key.split(" ")) != set(told["key"].split(" ")):
            yield f"{name}: key {key}"
        row_type = f"{name.removesuffix('_RecordType')}_RowType"
        if f"{name}_RecordType" not in self.types and self.rows.get(row_type, ours) != ours:
            yield f"{row_type}: not as its set"
        wanted = {
            link: [(SPACE + name, "*"), (SPACE + target, "0..1")]
            for link, target in (pair.split(":") for pair in told.get("navigations", "").split())
        }
        found = {
            link: ends
            for link, ends in self.links[name].items()
            if ends[1][0].removeprefix(SPACE) in TYPES
        }
        if found != wanted:
            yield f"{name}: navigations {sorted(set(found) ^ set(wanted))}"


def unexplained(found):
    return [one for one in found if not any(re.fullmatch(d, one) for d in DIFFERENCES)]


def rendered():
    """The recorded `$metadata` as a document, made of the table alone."""

    def each(told):
        for one in told.split(" "):
            name, _, edm = one.partition(":")
            bare = edm.removesuffix("!")
            is_own = bare.split("(")[-1].rstrip(")") in METADATA["complex"] or "_" in bare
            inner = bare.replace("Collection(", "").rstrip(")")
            full = (SPACE if is_own else "Edm.") + inner
            full = f"Collection({full})" if "(" in bare else full
            null = "false" if edm.endswith("!") else "true"
            yield f'<Property Name="{name}" Type="{full}" Nullable="{null}"/>'

    pieces = []
    for name, told in TYPES.items():
        key = "".join(f'<PropertyRef Name="{one}"/>' for one in told["key"].split(" "))
        links = [pair.split(":") for pair in told.get("navigations", "").split()]
        navigations = "".join(
            f'<NavigationProperty Name="{link}" Relationship="{SPACE}{name}_{link}"/>'
            for link, _ in links
        )
        whole = "".join(each(told["properties"]))
        pieces.append(
            f'<EntityType Name="{name}"><Key>{key}</Key>{whole}{navigations}</EntityType>'
        )
        row_type = f"{name.removesuffix('_RecordType')}_RowType"
        pieces.append(f'<ComplexType Name="{row_type}">{whole}</ComplexType>')
        pieces += [
            f'<Association Name="{name}_{link}"><End/><End Type="{SPACE}{target}"/></Association>'
            for link, target in links
        ]
        pieces.append(f'<EntitySet Name="{name}"/>')
    for name, told in METADATA["complex"].items():
        pieces.append(f'<ComplexType Name="{name}">{"".join(each(told))}</ComplexType>')
    return f'<Schema xmlns="{EDM[1:-1]}">{"".join(pieces)}</Schema>'.encode()


@pytest.fixture
def imported(tmp_path):
    """A base of the recorded structure, with a record of each set that was recorded."""
    file = tmp_path / "recorded.json"
    file.write_bytes(orjson.dumps(declaration(rendered(), "recorded")))
    base = Infobase(configuration=str(file), clock=VirtualClock(), seed=1)
    recorder = {"Recorder": NOTHING[:-1] + "1", "Recorder_Type": f"{SPACE}Document_ЗаказКлиента"}
    head = base.act("create", {"set": "Catalog_Контрагенты", "fields": {"Description": "А"}})
    for name in sorted(ENTRY["addresses"]):
        fields = {"RecordSet": [{"LineNumber": "1"}], **recorder}
        if "Recorder" not in TYPES[name]["key"]:
            fields = {}
        for link in TYPES[name].get("navigations", "").split():
            fields[f"{link.split(':')[0]}_Key"] = head
        base.act("create", {"set": name, "fields": fields})
    return base


@pytest.fixture
def sold(calling):
    """Our УТ 11 with clients, products, orders and shipments."""
    odata = calling(configuration="ut11")
    fill_sales(odata.base, fill(odata.base, 2))
    return odata


def test_metadata_of_our_own_configuration_differs_where_it_is_said(evidence):
    base = Infobase(configuration="ut11", clock=VirtualClock())
    document = edmx(base.configuration).decode().replace(base.plan, PLAN)
    found = list(Published(document).differences())
    assert unexplained(found) == []
    idle = [d for d in DIFFERENCES if not any(re.fullmatch(d, one) for one in found)]
    assert idle == []
    evidence.has_shape(coverage.PACKAGE, "GET $metadata")
    for name in set(TYPES) & set(base.configuration.published):
        if not any(re.match(rf"{name}\b", one) for one in found):
            evidence.has_shape(coverage.PACKAGE, coverage.key(base.configuration, name))


def test_a_base_of_the_recorded_structure_publishes_that_structure(imported):
    published = Published(edmx(imported.configuration))
    assert set(published.sets) == set(TYPES)
    assert unexplained(published.differences()) == []
    assert imported.plan == PLAN


def form(text):
    if not text:
        return "empty"
    return next(name for name, written in FORMS.items() if re.fullmatch(written, text))


def forms_of(edm, name):
    """Forms in which values of a type were seen; a text may look like any other value."""
    seen = RECORDED["values"][edm + (" of a type" if name.endswith("_Type") else "")].split(" ")
    return {*seen, "moment", "truth", "decimal"} if edm == "String" else set(seen)


def entry_differences(entry, published, root):
    """What is otherwise in an entry than in the recorded ones."""
    name = entry.find(f"{ATOM}category").get("term").removeprefix(SPACE)
    address = entry.findtext(f"{ATOM}id").removeprefix(f"{root}/")
    if (told := ENTRY["addresses"].get(name)) is not None:
        said = re.sub(FORMS["guid"], "…", address.removeprefix(name))
        if re.sub(r"StandardODATA\.\w+", "StandardODATA.…", said) != told:
            yield f"{name}: address {said}"
    shown = entry.find(f"{ATOM}content/{M}properties")
    values = {one.tag.removeprefix(D): one for one in shown}
    filled = [
        link for link in published.links[name] if values[f"{link}_Key"].text not in (NOTHING, None)
    ]
    children = ENTRY["children"].replace(
        "summary", " ".join(["summary", *["link:related"] * len(filled)])
    )
    found = [one.tag.removeprefix(ATOM) for one in entry]
    if found != [one.split(":")[0] for one in children.split(" ")]:
        yield f"{name}: children {found}"
    places = {"set": name, "address": address}
    wanted = [
        {k: v.format(**places, navigation=n) for k, v in ENTRY["link"].items()} for n in filled
    ]
    wanted.append({key: value.format(**places) for key, value in ENTRY["edit"].items()})
    if (links := [one.attrib for one in entry.findall(f"{ATOM}link")]) != wanted:
        yield f"{name}: links {links}"
    category = {key: value.format(**places) for key, value in ENTRY["category"].items()}
    for tag, attributes in (("category", category), *((t, ENTRY[t]) for t in ("title", "content"))):
        if entry.find(ATOM + tag).attrib != attributes:
            yield f"{name}: {tag} {entry.find(ATOM + tag).attrib}"
    if form(entry.findtext(f"{ATOM}updated")) != "moment":
        yield f"{name}: updated {entry.findtext(f'{ATOM}updated')}"
    yield from value_differences(name, shown, properties(published.types[name]), published)


def value_differences(name, shown, declared, published):
    types = dict(one.rstrip("!").split(":", 1) for one in declared)
    if {one.tag.removeprefix(D) for one in shown} != set(types):
        yield f"{name}: not all properties"
    for one in shown:
        field = one.tag.removeprefix(D)
        edm = types[field]
        if edm.startswith("Collection("):
            row_type = edm[len("Collection(") : -1]
            if one.attrib != {f"{M}type": f"Collection({SPACE}{row_type})"}:
                yield f"{name}.{field}: {one.attrib}"
            columns = [c for c in published.rows[row_type] if not c.startswith("Ref_Key:")]
            for line in one:
                if (line.tag, line.attrib) != (f"{D}element", {f"{M}type": SPACE + row_type}):
                    yield f"{name}.{field}: {line.tag} {line.attrib}"
                yield from value_differences(f"{name}.{field}", line, columns, published)
        elif one.attrib or len(one) or form(one.text) not in forms_of(edm, field):
            yield f"{name}.{field}: {edm} as {form(one.text)} {one.attrib}"


def changes(odata):
    reply = odata.call("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1")
    return reply.body.decode(), ElementTree.fromstring(reply.body)


@pytest.mark.parametrize("whose", ["sold", "imported"])
def test_entries_of_changes_are_made_as_recorded(whose, request, evidence):
    given = request.getfixturevalue(whose)
    odata = given if whose == "sold" else type(request.getfixturevalue("odata"))(given)
    text, feed = changes(odata)
    root = f"http://localhost{odata.base.service_root}"
    published = Published(edmx(odata.base.configuration))
    assert [text.startswith("<?xml")] == list({a["declaration"] for a in RECORDED["answers"][1:]})
    assert feed.tag == ATOM + RECORDED["feed"]["root"]
    assert dict(feed.attrib) == {"{http://www.w3.org/XML/1998/namespace}base": f"{root}/"}
    assert {one.tag for one in feed} == {ATOM + RECORDED["feed"]["children"]}
    names = [one.find(f"{ATOM}category").get("term").removeprefix(SPACE) for one in feed]
    assert len(list(groupby(names))) == len(set(names))
    found = {said for one in feed for said in entry_differences(one, published, root)}
    assert found == set()
    compared = set(ENTRY["addresses"]) & set(odata.base.configuration.published)
    assert compared <= set(names)
    assert len(compared) == {"sold": 4, "imported": 9}[whose]
    evidence.has_shape(coverage.PACKAGE, "POST SelectChanges")


def test_the_metadata_stands_in_the_recorded_envelope(odata):
    reply = odata.call("GET", "/$metadata")
    document = ElementTree.fromstring(reply.body)
    (services,) = document
    (schema,) = services
    assert reply.body.startswith(b"<?xml") == RECORDED["answers"][0]["declaration"]
    assert dict(document.attrib) == METADATA["edmx"]
    assert dict(services.attrib) == {M + name: v for name, v in METADATA["services"].items()}
    assert schema.get("Namespace") == METADATA["namespace"]
    container = schema.find(f"{EDM}EntityContainer")
    assert container.get("Name") == METADATA["container"]


def test_a_lost_link_and_a_null_are_seen(sold):
    text, _ = changes(sold)
    root = f"http://localhost{sold.base.service_root}"
    published = Published(edmx(sold.base.configuration))
    broken = text.replace("/related/Контрагент", "/related/Партнер").replace(
        "<d:Комментарий/>", '<d:Комментарий m:null="true"/>'
    )
    found = {
        said
        for one in ElementTree.fromstring(broken)
        for said in entry_differences(one, published, root)
    }
    assert {one.partition(" ")[0] for one in found} >= {
        "Document_ЗаказКлиента:",
        "Document_ЗаказКлиента.Комментарий:",
    }
