"""Random requests to filled bases: never a traceback, always an answer that 1C could give."""

import json
import random
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill

ATOM = "http://www.w3.org/2005/Atom"
SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"
NINES = "9" * 5000
GUID = "a0000000-0000-4000-8000-00000000000a"
VALUES = (
    *(
        "",
        "x",
        None,
        True,
        0,
        -1,
        1.5,
        1e30,
        "9" * 30,
        "ы" * 400,
        [],
        {},
        [None],
        "a\x01\x00b",
        "²",
    ),
    *("9" * 5000, 2**70, 1e308),
    *("2025-11-03T10:00:00", "2025-02-30T00:00:00", GUID, "КОтгрузке", "Receipt"),
    *("StandardODATA.Catalog_Контрагенты", "StandardODATA.Undefined", "Edm.String"),
)
TYPED = {
    "Edm.Boolean": (True, False),
    "Edm.DateTime": ("2025-11-03T10:00:00", "0001-01-01T00:00:00"),
    "Edm.Double": (0, 1.5, -2, 100),
    "Edm.Int16": (0, 7),
    "Edm.Int32": (0, -7),
    "Edm.Int64": ("5", 0),
}
BODIES = (b"", b"{", b"[]", b"null", b"<a/>", b"\xff", b'{"a":1}')
STATUSES = {200, 201, 204, 400, 401, 404, 405, 406, 500, 501}


def entry(sent):
    """A body as an Atom entry, with the rows of table parts."""
    return (
        f'<entry xmlns="{ATOM}" xmlns:m="{SERVICES}/metadata" xmlns:d="{SERVICES}"><content>'
        f"<m:properties>{properties(sent)}</m:properties></content></entry>"
    ).encode()


def properties(sent):
    return "".join(f"<d:{name}>{written(value)}</d:{name}>" for name, value in sent.items())


def written(value):
    if isinstance(value, list):
        rows = (row for row in value if isinstance(row, dict))
        return "".join(f"<d:element>{properties(row)}</d:element>" for row in rows)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


class Stranger:
    """Draws requests that nobody should send, about what the base really holds."""

    def __init__(self, odata, seed):
        self.odata, self.base, self.chance = odata, odata.base, random.Random(seed)
        self.sets = self.base.configuration.sets
        parts = [one.part_set(part) for one in self.sets.values() for part in one.parts]
        self.names = [*self.sets, *parts, "Catalog_Нет", "SelectChanges", "$metadata", "$batch"]

    def pick(self, *choices):
        return self.chance.choice(choices)

    def columns(self, name):
        schema = self.sets.get(name)
        return (*schema.fields, *schema.parts) if schema else ("Ref_Key", "LineNumber", "Period")

    def condition(self, name, depth=0):
        field, other = (self.pick(*self.columns(name), "Нет") for _ in range(2))
        if depth < 2 and self.chance.random() < 0.2:
            inner = self.condition(name, depth + 1)
            return f"({inner}) {self.pick('and', 'or')} not ({self.condition(name, depth + 1)})"
        function = self.pick("round", "year", "dateadd", "substring", "isof", "cast", "length")
        return self.pick(
            f"{field} {self.pick('eq', 'ne', 'gt')} {self.pick('1', 'true', 'null', NINES, other)}",
            f"{field} eq {self.pick(chr(39) + 'x' + chr(39), f'guid{chr(39)}{GUID}{chr(39)}')}",
            f"{field} {self.pick('eq', 'gt')} cast(guid'{GUID}','{self.pick(*self.sets)}')",
            f"cast({field}, '{self.pick(*self.sets)}')/{other} eq 'x'",
            f"{field}/{self.pick('any', 'all', 'some')}(d: d/{other} eq 1)",
            f"{function}({field}, {self.pick('1', '1.5', NINES, other)}) eq 1",
            f"{field} {self.pick('add', 'div')} {self.pick('0', '2.5', NINES, other)} gt 1",
        )

    def path(self, name):
        schema, rows = self.sets.get(name), list(self.base.records().get(name, ()))
        key = self.pick(f"(guid'{GUID}')", "(0)", "('x')", "(Ref_Key=guid'x')", "()")
        if schema and rows and self.chance.random() < 0.8:
            key = f"({schema.predicate(self.pick(*rows))})"
        behind = self.pick(*self.columns(name), "Post", "Unpost()", "Post(x=1)", "$value")
        return f"/{name}" + self.pick(
            *("", "", key, key, f"{key}/{behind}", f"{key}/{behind}/Description", "/$count"),
            *("/Balance()", f"/Balance(Condition='{self.condition(name)}')", "/SliceLast"),
            f"/Turnovers(Dimensions='{self.pick(*self.columns(name))}')",
            f"/Balance({self.of_accounts(name)})",
        )

    def of_accounts(self, name):
        """Arguments of a balance of accounts, of which two are conditions."""
        arguments = (
            f"AccountCondition='{self.pick(self.condition(name), 'Account/Code eq 7', '')}'",
            f"Condition='{self.condition(name)}'",
            f"ExtraDimensions='{self.pick(GUID, '', 'x,y', ',,,,')}'",
            f"Period={self.pick('x', GUID)}",
        )
        return ",".join(each for each in arguments if self.chance.random() < 0.5)

    def query(self, name):
        columns = self.columns(name)
        options = {
            "$filter": self.condition(name),
            "$orderby": self.pick(*columns, "Нет") + self.pick("", " desc", "/Code"),
            "$select": self.pick(*columns, "*", "**", "Presentation", "*____Presentation"),
            "$expand": self.pick("*", "Контрагент", "Owner/*", "Нет"),
            "$format": self.pick("json", "application/json;odata=fullmetadata", "xyz"),
            "$top": self.pick("2", "-1", NINES, "²"),
            "MessageNo": self.pick("1", NINES, "²"),
        }
        chosen = {each: text for each, text in options.items() if self.chance.random() < 0.2}
        return "&".join(f"{each}={quote(text)}" for each, text in chosen.items())

    def body(self, name):
        schema = self.sets.get(name)
        if schema is None or self.chance.random() < 0.05:
            return self.pick(*BODIES)
        sent = self.values(schema.fields)
        for part, columns in schema.parts.items():
            lines = [self.values(columns) for _ in range(self.chance.randint(0, 3))]
            sent[part] = [line | {"LineNumber": str(n)} for n, line in enumerate(lines, 1)]
        if self.chance.random() < 0.3:
            sent["Posted"] = True
        if self.chance.random() < 0.15:
            return entry(sent)
        return json.dumps(sent, ensure_ascii=False).encode()

    def values(self, columns):
        return {each: self.value(columns[each]) for each in columns if self.chance.random() < 0.3}

    def value(self, field):
        """Mostly a value of the field's type: what is refused at once finds nothing out."""
        if self.chance.random() < 0.02:
            return self.pick(*VALUES)
        if field.choices:
            return self.pick(*sorted(field.choices))
        if field.edm in ("Edm.Guid", "Edm.String"):
            rows = self.base.records().get(field.target or self.pick(*self.sets), ())
            kinds = [f"StandardODATA.{each}" for each in self.sets]
            return self.pick(*kinds) if field.names_type else self.pick(GUID, *rows)
        return self.pick(*TYPED.get(field.edm, (None,)))

    def request(self):
        name = self.pick(*self.names)
        path = self.path(name)
        verbs = ("PATCH", "PUT", "DELETE") if "(" in path else ("POST", "POST")
        verb = self.pick("GET", "GET", *verbs)
        request = self.odata.request(verb, path, "", self.body(name) if verb != "GET" else None)
        headers = {**request.headers, "accept": self.pick("application/json", "")}
        fields = {each: getattr(request, each) for each in request.__slots__}
        return type(request)(**{**fields, "query": self.query(name), "headers": headers})


def bombarded(bombard, odata, seed, count):
    fill_sales(odata.base, fill(odata.base, 4))
    bombard(odata.base, Stranger(odata, seed).request, count, STATUSES)


@pytest.mark.parametrize("name", ["unf", "unf16", "ut11", "bp30"])
def test_no_request_brings_a_traceback(bombard, calling, name):
    bombarded(bombard, calling(configuration=name), seed=1, count=300)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("name", ["unf", "unf16", "ut11", "bp30"])
def test_no_request_of_very_many_brings_a_traceback(bombard, calling, name, seed):
    bombarded(bombard, calling(configuration=name, mode="file"), seed=seed, count=1700)
