"""Random requests to a filled portal: never a traceback, always an answer a portal could give."""

import json
import random
import re
import time
from urllib.parse import quote

import pytest

from b24_emulator import sample
from b24_emulator.methods.table import METHODS
from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.messages import Request

STATUSES = {200, 301, 302, 400, 401, 403, 404, 405, 413, 429, 503}
FORM = "application/x-www-form-urlencoded"
NAMES = (
    *("id", "ID", "fields", "filter", "order", "select", "start", "params", "entityTypeId", "type"),
    *("ENTITY_TYPE_ID", "ENTITY_ID", "OWNER_ID", "ownerType", "ownerId", "productRows", "rows"),
    *("cmd", "halt", "event", "handler", "FIELD_NAME", "USER_TYPE_ID", "PRESET_ID", "values"),
    *("entityId", "categoryId", "auth_connector", "event_type", "offset", "limit", "clear"),
    *("process_id", "message_id", "error", "TITLE", "PHONE", "NAME", "LIST", "iblockId", "code"),
)
SCALARS = (
    *(
        "",
        "x",
        None,
        True,
        False,
        0,
        1,
        2,
        3,
        4,
        31,
        -1,
        1.5,
        1e30,
        -0.0,
        10**25,
        -(2**63),
        "9" * 30,
    ),
    *(
        "ы" * 400,
        "1",
        "Y",
        "N",
        "2025-02-30",
        "2025-11-03T10:00:00+03:00",
        "%s%n",
        "../../etc/passwd",
    ),
    *("$result[a]", "$result[0][ID]", "$result[", "\x00", "\r\nX-Evil: 1", "<a>&amp;</a>", "1e999"),
    *(
        "crm.company.list?select[]=ID",
        "crm.company.add?fields[TITLE]=x",
        "batch?cmd[]=batch",
        "٣",
        "²",
        "$result[0][²]",
        "$result[0][" + "9" * 5000 + "]",
    ),
)
SIGNS = ("", "=", "!", ">", "<", ">=", "<=", "@", "!@", "%", "=%", "!%", "><", "?", "!=%", "+")
RAW = (
    *(b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe\x00", b'{"a":1e999}', b'{"id":NaN}'),
    *(b"{" * 300, b"[" * 100_000, b'{"a":' * 20_000, b"a" + b"[b]" * 5_000 + b"=1", b"=&=&[=&]=1"),
    *(
        b"&".join(b"a[]=%d" % n for n in range(3_000)),
        b"a[[[=1&a]]]=2&[a]=3&a[=4&a[]b]=5&%=6&%zz=7",
    ),
    *(
        b"a[%5B]=1&a%5Bb%5D=2&a.b=3&a b=4&a%00b=5",
        b"id=" + b"9" * 100_000,
        b"\xd0",
        b"id=%D0%D0%FF",
    ),
    *(b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--"),
    b'--x\r\nContent-Disposition: form-data; name="f[a][]"; filename="../x"\r\n\r\n\xff\r\n--x--',
)
KINDS = (
    FORM,
    "application/json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "",
    "\xff",
)
TRICKS = (
    *(
        "/..",
        "/%2e%2e/",
        "//",
        "/%00",
        "/%",
        "/%D0",
        ".json",
        ".xml",
        ".json.json",
        "/;a=b",
        "/" * 900,
    ),
    *("?x", "/crm.company.list/", "/.", "/ы", "/%2F", "/rest", "/api", "/\r\nX: 1"),
)


BUSY = (
    "crm.company",
    "crm.contact",
    "crm.deal",
    "crm.item",
    "crm.requisite",
    "crm.product",
    "batch",
)


HEADERS = ("authorization", "cookie", "host", "x-forwarded-for", "idempotency-key", "upgrade")


class Stranger:
    """Draws requests that nobody should send, of methods and fields that there are."""

    def __init__(self, portal: Portal, seed: int):
        self.portal, self.chance = portal, random.Random(seed)
        self.methods = sorted(METHODS)
        self.busy = [name for name in self.methods if name.startswith(BUSY)]
        self.rows = {
            entity: list(rows.values()) for entity, rows in portal.records().items() if rows
        }
        held = {name for rows in self.rows.values() for row in rows for name in row}
        self.names = [*NAMES, *sorted(held)]

    def pick(self, *choices):
        return self.chance.choice(choices)

    def value(self, depth=0):
        draw = self.chance.random()
        if depth > 3 or draw < 0.55:
            return self.pick(*SCALARS)
        if draw < 0.7:
            return [self.value(depth + 1) for _ in range(self.chance.randint(0, 4))]
        return self.tree(depth + 1)

    def tree(self, depth=0):
        many = self.chance.randint(0, 5)
        return {self.pick(*SIGNS) + self.pick(*self.names): self.value(depth) for _ in range(many)}

    def params(self, method):
        """Mostly of the right shape: what is refused at once finds nothing out."""
        sent = {}
        for name in ("id", "fields", "filter", "order", "select", "entityTypeId", "start"):
            if self.chance.random() < 0.6:
                sent[name] = self.fitting(name, method)
        if method == "batch":
            names = self.chance.sample(self.methods, 2) + self.chance.sample(self.busy, 2)
            commands = [f"{name}?{'&'.join(self.pairs(self.params(name)))}" for name in names]
            sent["cmd"] = self.pick(
                commands, dict(zip("abcd", commands, strict=True)), self.value()
            )
        return sent | self.tree()

    def fitting(self, name, method):
        if name == "fields" and self.chance.random() < 0.7:
            # What a record holds, with some of it spoiled, reaches the rules of writing.
            entity = next((part for part in method.split(".") if part in self.rows), "company")
            row = self.pick(*self.rows[entity])
            return {each: self.value() if self.pick(0, 0, 0, 1) else row[each] for each in row}
        if name in ("fields", "filter", "order"):
            return self.tree() if self.chance.random() < 0.9 else self.value()
        if name == "select":
            return [self.pick(*self.names, "*", "UF_*", 1, None, []) for _ in range(3)]
        return self.pick(1, 2, 3, 4, "1", "2", 31, 128, -1, self.value())

    def request(self):
        own = self.portal.webhook_path
        root = self.pick(*[own] * 35, *[own.replace("/rest/", "/rest/api/")] * 3, self.root())
        method = self.pick(self.pick(*self.methods, "crm.nothing", ""), self.pick(*self.busy))
        path = root + method
        if self.chance.random() < 0.05:
            path += self.pick(*TRICKS)
        verb = self.pick("POST", "POST", "POST", "GET", "PUT", "DELETE", "HEAD", "OPTIONS")
        kind, body, query = self.sent(method)
        headers = {"content-type": kind, "accept": self.pick("", "*/*", "application/xml")}
        if self.chance.random() < 0.1:
            headers[self.pick(*HEADERS)] = re.sub(r"[\0\r\n]", "", self.text())
        return Request(verb, path, query, headers, body, peer="127.0.0.1")

    def root(self):
        return self.pick(
            *(
                "/rest/",
                "/rest/1/x/",
                "/rest/x/y/z/",
                "/rest/api/1/",
                "/oauth/token/",
                "/",
                "//rest//",
            ),
            *(
                "/rest/api/",
                "/oauth/authorize/",
                "/pub/",
                "/pull/",
                "/sub/",
                "/rest/0/",
                "/rest/٣/x/",
            ),
        )

    def text(self):
        return str(self.pick(*SCALARS))

    def sent(self, method):
        draw = self.chance.random()
        if draw < 0.1:
            return self.pick(*KINDS), self.pick(*RAW), self.pick(*RAW)[:4000].decode("latin-1")
        if draw < 0.6:
            body = json.dumps(self.params(method), ensure_ascii=self.pick(True, False), default=str)
            return self.pick("application/json", "application/json", ""), body.encode(), ""
        pairs = "&".join(self.pairs(self.params(method)))
        if self.chance.random() < 0.3:
            return "", b"", pairs
        return FORM, pairs.encode(), ""

    def pairs(self, params, prefix=""):
        items = params.items() if isinstance(params, dict) else enumerate(params)
        for key, value in items:
            name = f"{prefix}[{key}]" if prefix else str(key)
            if isinstance(value, dict | list):
                yield from self.pairs(value, name)
            else:
                yield f"{quote(name, safe='[]')}={quote(str(value))}"


def bombarded(bombard, seed, count):
    portal = Portal(clock=VirtualClock(), seed=seed, limits="box")
    sample.fill(portal, 8)
    bombard(portal, Stranger(portal, seed).request, count, STATUSES)


def test_no_request_brings_a_traceback(bombard):
    bombarded(bombard, seed=1, count=1_000)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(2, 27))
def test_no_request_of_very_many_brings_a_traceback(bombard, seed):
    bombarded(bombard, seed=seed, count=2_000)


def test_what_php_would_not_read_is_left_out_in_no_time(hook):
    began = time.monotonic()
    for bomb in (b"[" * 200_000, b"a" + b"[" * 200_000, b"&".join([b"a[]=1"] * 200_000)):
        reply = hook.portal.answer(
            Request("POST", hook.path + "server.time", "", {"content-type": FORM}, bomb)
        )
        assert reply.status == 200
    assert time.monotonic() - began < 5
