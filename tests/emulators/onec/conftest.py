"""A base of its own for each test, and a client that speaks OData to it without sockets."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from collecting import COLLECTOR
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.serve import serve

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"
COUNTERPARTIES = "Catalog_Контрагенты"


@dataclass
class Caller:
    """Calls one base as one of its users."""

    base: Infobase
    login: str = "obmen"
    password: str = "secret"

    def call(
        self, verb: str, path: str, query: str = "", body: object = None, **headers: str
    ) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.base.answer(self.request(verb, path, query, body, sent))

    def request(
        self,
        verb: str,
        path: str,
        query: str = "",
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Request:
        token = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return Request(
            verb=verb,
            path=self.base.service_root + quote(path, safe="/()',=$"),
            query=quote(query, safe="&=$'(),:/"),
            headers={"authorization": f"Basic {token}", **(headers or {})},
            body=b"" if body is None else raw,
        )

    def hs(self, verb: str, path: str, query: str = "", body: object = None) -> tuple[int, Any]:
        """Status and JSON of an HTTP service: `/exchange/clients`."""
        with COLLECTOR.asserting():
            reply = self.base.answer(self.service_request(verb, path, query, body))
        return reply.status, json.loads(reply.body) if reply.body else None

    def service_request(
        self,
        verb: str,
        path: str,
        query: str = "",
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Request:
        address = f"{self.base.publication}/hs{quote(path)}"
        return replace(self.request(verb, "", query, body, headers), path=address)

    def json(self, verb: str, path: str, query: str = "", body: object = None) -> Any:
        reply = self.call(verb, path, query, body, accept="application/json")
        assert reply.status < 300, reply.body.decode()
        return json.loads(reply.body)

    def error(self, verb: str, path: str, query: str = "", body: object = None) -> tuple[int, str]:
        """Status and code of a refusal."""
        with COLLECTOR.asserting():
            reply = self.call(verb, path, query, body, accept="application/json")
        return reply.status, json.loads(reply.body)["odata.error"]["code"]

    def rows(self, query: str = "", entity: str = COUNTERPARTIES) -> list[dict[str, Any]]:
        value: list[dict[str, Any]] = self.json("GET", f"/{entity}", query)["value"]
        return value

    def point(self, node: str = "B24") -> str:
        guid = self.base.node_key(node)
        return f"'http://localhost{self.base.service_root}/{self.base.plan}(guid'{guid}')'"

    def select(self, number: int, node: str = "B24") -> ElementTree.Element:
        query = f"DataExchangePoint={self.point(node)}&MessageNo={number}"
        reply = self.call("POST", "/SelectChanges", query)
        assert reply.status == 200, reply.body.decode()
        return ElementTree.fromstring(reply.body)

    def selected(self, number: int, node: str = "B24") -> set[str]:
        """Keys of the records in a message, tombstones among them."""
        feed = self.select(number, node)
        live = {entry.findtext(f"{ATOM}id", "") for entry in feed.findall(f"{ATOM}entry")}
        gone = {stone.get("ref", "") for stone in feed.findall(TOMBSTONE)}
        return {address.partition("guid'")[2][:36] for address in live | gone}

    def notify(self, number: int, node: str = "B24") -> Reply:
        query = f"DataExchangePoint={self.point(node)}&MessageNo={number}"
        return self.call("POST", "/NotifyChangesReceived", query)


@pytest.fixture
def base() -> Infobase:
    return Infobase(clock=VirtualClock(), seed=1)


@pytest.fixture
def contractless(tmp_path: Path) -> str:
    """Path of a УНФ whose clients bring no contract along: what is counted are they alone."""
    file = tmp_path / "contractless.json"
    sets = {COUNTERPARTIES: {"doings": None}}
    file.write_text(json.dumps({"changes": "unf", "sets": sets}), encoding="utf-8")
    return str(file)


@pytest.fixture
def odata(base: Infobase) -> Caller:
    return Caller(base)


@pytest.fixture
def calling() -> Callable[..., Caller]:
    """Makes a caller of a base with settings of its own."""

    def make(**settings: Any) -> Caller:
        return Caller(Infobase(clock=VirtualClock(), **settings))

    return make


@pytest.fixture
def made(base: Infobase) -> Callable[..., str]:
    """Enters a counterparty by hand and returns its guid."""

    def make(**fields: object) -> str:
        chosen = {"Description": "Ромашка ООО", **fields}
        guid: str = base.act("create", {"set": COUNTERPARTIES, "fields": chosen}, user="Иванова")
        return guid

    return make


@pytest.fixture
def owned(odata: Caller, made: Callable[..., str]) -> tuple[str, str]:
    """Guids of a bank account whose bank is there, and of the client that owns it."""
    client = made(Description="Ромашка ООО", ИНН="7707083893")
    bank = {"Code": "049999001", "Description": "БАНК"}
    owner = {
        "Owner": client,
        "Owner_Type": f"StandardODATA.{COUNTERPARTIES}",
        "Банк_Key": odata.json("POST", "/Catalog_Банки", body=bank)["Ref_Key"],
    }
    account: str = odata.json("POST", "/Catalog_БанковскиеСчета", body=owner)["Ref_Key"]
    return account, client


@pytest.fixture
def served() -> Callable[[Infobase], AbstractContextManager[str]]:
    """Serves a base on loopback for a `with`; yields the address of its publication."""

    @contextmanager
    def serving(base: Infobase) -> Iterator[str]:
        lock = threading.RLock()
        with serve(build_app(base, lock), clock=base.clock, lock=lock) as running:
            yield running.url + base.publication

    return serving
