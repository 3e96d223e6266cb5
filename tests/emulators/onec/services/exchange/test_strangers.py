"""Calls of the exchange service that nobody should send: a refusal that names it, never a 500."""

import json
import random
from urllib.parse import quote

import pytest

from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill

VALUES = (
    *("", "x", None, True, 0, -1, 1.5, 1e30, 2**70, "9" * 30, "ы" * 400, [], {}, [None], [[]]),
    *("2025-02-30T00:00:00", "B24", "1C", "StandardODATA.Undefined", {"Тип": 7}, [{"Тип": [7]}]),
    *("Catalog_Контрагенты", ["Catalog_Контрагенты"], [{}], "\u0000", "'", "%FF"),
)
BODIES = (b"", b"{", b"[]", b"null", b"<a/>", b"\xff", b'{"fields":', b"[" * 5000)
CALLS = 200


class Stranger:
    """Draws calls of the service's own routes with whatever stands in the list above."""

    def __init__(self, odata, document, seed):
        self.odata, self.chance = odata, random.Random(seed)
        self.routes = [
            (verb.upper(), path, operation)
            for path, verbs in document["paths"].items()
            for verb, operation in verbs.items()
        ]

    def pick(self, choices):
        return self.chance.choice(tuple(choices))

    def fields(self):
        rows = self.odata.base.records()[self.pick(self.odata.base.configuration.sets)].values()
        names = self.pick(rows) if rows else {"Нет": 1}
        return {name: self.pick(VALUES) for name in names if self.chance.random() < 0.1}

    def body(self):
        if self.chance.random() < 0.2:
            return self.pick(BODIES)
        names = ("node", "message", "sets", "name", "session", "set", "fields")
        sent = {name: self.pick(VALUES) for name in names if self.chance.random() < 0.6}
        if self.chance.random() < 0.5:
            sent["fields"] = self.fields()
        return json.dumps(sent, ensure_ascii=False).encode()

    def call(self):
        verb, path, operation = self.pick(self.routes)
        for name in ("{key}", "{id}"):
            kept = self.odata.base.records()[self.pick(self.odata.base.configuration.sets)]
            path = path.replace(name, str(self.pick([*kept, "x", "'", "ы"])))
        query = "&".join(
            f"{one['name']}={quote(str(self.pick(VALUES)))}"
            for one in operation["parameters"]
            if one["in"] == "query" and self.chance.random() < 0.3
        )
        return verb, f"/exchange{path}", query, self.body() if verb in ("POST", "PATCH") else None


@pytest.mark.parametrize("configuration", ["unf", "unf16", "ut11", "bp30"])
def test_whatever_is_sent_is_done_or_refused_by_its_name(calling, configuration):
    odata = calling(configuration=configuration)
    fill_sales(odata.base, fill(odata.base, 2))
    stranger = Stranger(odata, odata.hs("GET", "/exchange/openapi.json")[1], seed=1)
    refused = 0
    for _ in range(CALLS):
        call = stranger.call()
        reply = odata.base.answer(odata.service_request(*call))
        assert reply.status < 500, (call, reply.body.decode())
        if reply.status >= 400 and reply.body:
            refused += 1
            assert set(json.loads(reply.body)) == {"error", "thing", "value", "remedy"}
    assert refused > CALLS / 4
