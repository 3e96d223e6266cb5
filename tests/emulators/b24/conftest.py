"""A portal of its own for each test, and callers that speak to it without sockets."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from b24_emulator.connection_key import facts_of
from b24_emulator.portal import Portal
from collecting import COLLECTOR
from sverka_emulator_kit.clock import VirtualClock, WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.serve import LocalAuthority, serve

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Caller:
    """Calls one portal by a webhook, or as an application if it has a token."""

    portal: Portal
    path: str
    token: str = ""
    peer: str = "127.0.0.1"

    def send(self, method: str, params: dict[str, Any] | None = None) -> Reply:
        sent = {**(params or {}), **({"auth": self.token} if self.token else {})}
        body = json.dumps(sent).encode()
        return self.portal.answer(
            Request("POST", self.path + method, "", JSON, body, peer=self.peer)
        )

    def said(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """The whole answer, whatever its status."""
        return json.loads(self.send(method, params).body)

    def result(self, method: str, params: dict[str, Any] | None = None) -> Any:
        answer = self.said(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def refusal(self, method: str, params: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Status, code and text of a refusal; those two words are all there is."""
        with COLLECTOR.asserting():
            reply = self.send(method, params)
        answer = json.loads(reply.body)
        assert set(answer) == {"error", "error_description"}
        return reply.status, answer["error"], answer["error_description"]

    def listed(self, method: str, **params: Any) -> list[str]:
        """The numbers that a list shows."""
        return [row["ID"] for row in self.result(method, params)]

    def batch(self, commands: Any, **params: Any) -> Any:
        """The five sections of a batch."""
        reply = self.send("batch", {"cmd": commands, **params})
        assert reply.status == 200
        return json.loads(reply.body)["result"]

    def at(self, peer: str) -> "Caller":
        return replace(self, peer=peer)

    def with_connector(self, connector: str) -> Callable[..., Any]:
        """Calls that say which source they come from."""
        return lambda method, params: self.result(method, {**params, "auth_connector": connector})


def refreshed(portal: Portal, **changes: str) -> Reply:
    """The token endpoint's answer to a refresh by a new connection key."""
    facts = facts_of(portal.install_app())
    names = ("client_id", "client_secret", "refresh_token")
    sent = {"grant_type": "refresh_token", **{name: facts[name] for name in names}, **changes}
    return portal.answer(Request("GET", "/oauth/token/", urlencode(sent)))


@pytest.fixture
def portal() -> Portal:
    return Portal(clock=VirtualClock(), seed=1)


@pytest.fixture
def portals() -> Callable[..., Portal]:
    """Makes portals with settings of their own."""
    return lambda **settings: Portal(clock=VirtualClock(), **settings)


@pytest.fixture
def calling() -> Callable[[Portal], Caller]:
    """Makes a portal's caller by webhook."""
    return lambda portal: Caller(portal, portal.webhook_path)


@pytest.fixture
def hook(portal: Portal, calling: Callable[[Portal], Caller]) -> Caller:
    return calling(portal)


@pytest.fixture
def refresh() -> Callable[..., Reply]:
    return refreshed


@pytest.fixture
def installing() -> Callable[[Portal], Caller]:
    """Installs the application on a portal and calls as it."""

    def install(portal: Portal) -> Caller:
        return Caller(portal, "/rest/", json.loads(refreshed(portal).body)["access_token"])

    return install


@pytest.fixture
def app(portal: Portal, installing: Callable[[Portal], Caller]) -> Caller:
    return installing(portal)


@pytest.fixture
def company(portal: Portal) -> Callable[..., int]:
    """Enters a company in the portal's window and returns its number."""

    def make(title: str = "Ромашка ООО", **fields: object) -> int:
        number: int = portal.act("crm.company.add", {"fields": {"TITLE": title, **fields}})
        return number

    return make


@pytest.fixture
def requisite(portal: Portal, company: Callable[..., int]) -> Callable[..., int]:
    """Enters a requisite of a new company and returns its number."""

    def make(**fields: object) -> int:
        owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company(), "PRESET_ID": 1, "NAME": "Реквизиты"}
        number: int = portal.act("crm.requisite.add", {"fields": {**owner, **fields}})
        return number

    return make


@pytest.fixture(scope="module")
def authority() -> Iterator[LocalAuthority]:
    with closing(LocalAuthority()) as local:
        yield local


@pytest.fixture(scope="module")
def behind_tls(authority: LocalAuthority) -> Callable[..., AbstractContextManager[Portal]]:
    """Makes a portal and serves it over TLS; its origin is its TLS address."""

    @contextmanager
    def serving(**settings: Any) -> Iterator[Portal]:
        portal, lock = Portal(WallClock(), **{"pace": 0.01, **settings}), threading.RLock()
        options = {"tls_port": 0, "authority": authority, "clock": portal.clock, "lock": lock}
        with serve(build_app(portal, lock), **options) as running:
            portal.origin = running.tls_url
            yield portal

    return serving
