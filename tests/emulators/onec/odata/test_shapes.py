"""Names and JSON types of rows, of every set and virtual table, against the base's `$metadata`."""

from xml.etree import ElementTree

import pytest

from onec_emulator.coverage import PACKAGE, key
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill_whole
from onec_emulator.schemas.virtual import PERIODS

EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"
NAMESPACE = "StandardODATA."
KINDS = {
    "Edm.Boolean": bool,
    "Edm.Double": (int, float),
    "Edm.Int16": int,
    "Edm.Int32": int,
    "Edm.Stream": type(None),
}
"""What JSON has for a type; all that is not here is a text."""
SEEN = {
    "unf": {"sets": 75, "tables": 20},
    "ut11": {"sets": 68, "tables": 14},
    "bp30": {"sets": 49, "tables": 3},
}
"""How many of a filled base's sets and virtual tables have rows, at least."""


class Metadata:
    """Properties by type, types by set, and what functions return, as the base publishes them."""

    def __init__(self, document):
        types = (*document.iter(f"{EDM}EntityType"), *document.iter(f"{EDM}ComplexType"))
        self.types = {
            kind.get("Name"): {p.get("Name"): p.get("Type") for p in kind.iter(f"{EDM}Property")}
            for kind in types
        }
        self.sets = [one.get("Name") for one in document.iter(f"{EDM}EntitySet")]
        self.enums = {kind.get("Name") for kind in document.iter(f"{EDM}EnumType")}

    def wrong(self, kind, value, place=""):
        """What of a row is not as its type declares it."""
        declared = self.types[kind]
        shown = {name for name, edm in declared.items() if edm != "Edm.Stream"}
        # Rows inside a record declare whose they are and do not say it, as in recorded answers;
        # a breakdown by periods comes if it is asked for.
        optional = {"Ref_Key"} if kind.endswith("_RowType") else set()
        optional |= set(PERIODS) if kind.endswith("Turnover") else set()
        if lost := shown - optional - value.keys():
            yield f"{place}: without {sorted(lost)}"
        if strange := value.keys() - shown:
            yield f"{place}: with {sorted(strange)}"
        for name in shown & value.keys():
            yield from self._wrong(declared[name], value[name], f"{place}/{name}")

    def _wrong(self, edm, value, place):
        if value is None:
            return
        name = edm.removeprefix("Collection(").removesuffix(")").removeprefix(NAMESPACE)
        if edm.startswith("Collection("):
            rows = value if isinstance(value, list) and name in self.types else []
            if not isinstance(value, list):
                yield f"{place}: {value!r} is no {edm}"
            for row in rows:
                yield from self.wrong(name, row, place)
        elif name in self.types:
            yield from self.wrong(name, value, place)
        elif not isinstance(value, KINDS.get(edm, str)) or (edm != "Edm.Boolean" and value is True):
            yield f"{place}: {value!r} is no {edm}"


def completed(odata):
    """A further record, with a row in each table part, in all sets that have no rows yet."""
    for name, entity in odata.base.configuration.published.items():
        held = odata.base.records()[name].values()
        if entity.is_recorded or entity.is_constant or (held and not entity.parts):
            continue
        body = {part: [{"LineNumber": "1"}] for part in entity.parts}
        day = {"Date": "2025-11-03T00:00:00"} if entity.is_document else {}
        loading = {"1c_odata-dataloadmode": "true"}
        made = odata.base.answer(odata.request("POST", f"/{name}", "", body | day, loading))
        assert made.status == 201, made.body.decode()


@pytest.fixture(params=SEEN)
def filled(request, calling):
    """A base where people have sold, and its metadata."""
    odata = calling(configuration=request.param)
    fill_sales(odata.base, fill_whole(odata.base, 4))
    completed(odata)
    return odata, Metadata(ElementTree.fromstring(odata.call("GET", "/$metadata").body))


def answered(odata, path):
    return odata.json("GET", path, "$format=application/json;odata=nometadata")["value"]


def test_rows_of_every_set_are_as_the_metadata_declares_them(filled, evidence):
    odata, metadata = filled
    found = {name: answered(odata, f"/{name}") for name in metadata.sets}
    wrong = [line for name in found for row in found[name] for line in metadata.wrong(name, row)]
    assert wrong == []
    full = [name for name, rows in found.items() if rows]
    assert len(full) >= SEEN[odata.base.configuration.name]["sets"]
    for name in full:
        evidence.has_shape(PACKAGE, key(odata.base.configuration, name))


def test_rows_of_every_virtual_table_are_as_the_metadata_declares_them(filled, evidence):
    odata, metadata = filled
    found = {
        (name, function): answered(odata, f"/{name}/{function}()")
        for name, entity in odata.base.configuration.published.items()
        for function in entity.virtual_tables
    }
    kinds = {"Balance": "_Balance", "Turnovers": "_Turnover"}
    kinds["BalanceAndTurnovers"] = "_BalanceAndTurnover"
    kinds["RecordsWithExtDimensions"] = "_RecordsWithExtDimensions"
    wrong = []
    for (name, function), rows in found.items():
        recorded = f"{name}_RecordType"
        slices = recorded if recorded in metadata.types else name
        kind = name + kinds[function] if function in kinds else slices
        wrong += [line for row in rows for line in metadata.wrong(kind, row, f"{name}/{function}")]
    assert wrong == []
    full = [each for each, rows in found.items() if rows]
    assert len(full) >= SEEN[odata.base.configuration.name]["tables"]
    for name, function in full:
        evidence.has_shape(PACKAGE, key(odata.base.configuration, f"{name}/{function}"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"Number": "1"}, ["without ['Posted']"]),
        ({"Number": "1", "Posted": "true"}, ["'true' is no Edm.Boolean"]),
        ({"Number": 1, "Posted": True}, ["1 is no Edm.String"]),
        ({"Number": None, "Posted": True, "Date": ""}, ["with ['Date']"]),
    ],
)
def test_a_lost_name_a_strange_one_and_another_type_are_seen(row, told):
    text = (
        f'<Schema xmlns="{EDM[1:-1]}"><EntityType Name="X"><Property Name="Number" '
        'Type="Edm.String"/><Property Name="Posted" Type="Edm.Boolean"/></EntityType></Schema>'
    )
    found = list(Metadata(ElementTree.fromstring(text)).wrong("X", row))
    assert [line.split(": ")[-1] for line in found] == told
