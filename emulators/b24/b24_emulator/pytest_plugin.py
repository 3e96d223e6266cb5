"""Fixtures for tests against a portal, and a guard that keeps tests away from real ones."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import pytest

from sverka_emulator_kit.fixtures import address, elsewhere
from sverka_emulator_kit.in_tests import QUICK, Elsewhere, Emulator, Here

REAL = ("*.bitrix24.*", "bitrix24.*")
MARK = "real_portal"


class RealPortalBlocked(RuntimeError):
    """A test was about to call a real portal. No `OSError`: clients would take it for a fault."""


@dataclass(frozen=True, slots=True)
class PortalInTest:
    """A portal as a test sees it.

    Attributes:
        emulator: What is done to it beside its REST methods.
        webhook: Address of the administrator's webhook, with its slash.
    """

    emulator: Emulator
    webhook: str

    def act(self, name: str, params: dict[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in the portal's window."""
        return self.emulator.act(name, params, user)

    def records(self) -> Any:  # Any: entity → number → field → value
        return self.emulator.records()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("b24", "Bitrix24 emulator")
    group.addoption("--b24-url", help="A b24-emulator that runs already: http://127.0.0.1:8024")
    parser.addini("b24_url", "The same as --b24-url.", default="")
    parser.addini("real_portals", "Real hosts that tests may call, as patterns.", "args", [])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{MARK}(*hosts): the test may call real portals; none named is all"
    )


@pytest.fixture(scope="session")
def b24_server() -> Iterator[Here]:
    """A portal behind real sockets, for the whole session; `portal` is one for each test."""
    from b24_emulator.portal import Portal
    from sverka_emulator_kit.clock import WallClock

    portal = Portal(WallClock(), pace=QUICK)
    here = Here.started(portal)
    portal.origin = here.url
    with here.served:
        yield here


@pytest.fixture(scope="session")
def b24_noproc(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """The portal at --b24-url, which runs already."""
    yield from elsewhere(request.config, "b24", "portal")


@pytest.fixture
def portal(request: pytest.FixtureRequest) -> PortalInTest:
    """A portal as it is on its first day; at --b24-url if that is given."""
    name = "b24_noproc" if address(request.config, "b24") else "b24_server"
    emulator: Emulator = request.getfixturevalue(name)
    emulator.reset()
    return PortalInTest(emulator, emulator.url + emulator.gauges()["webhook_path"])


@pytest.fixture(autouse=True)
def _no_real_portal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = list(request.config.getini("real_portals"))
    marker = request.node.get_closest_marker(MARK)
    if marker is not None:
        allowed += marker.args or ("*",)
    monkeypatch.setattr(socket, "getaddrinfo", _guarded(socket.getaddrinfo, allowed))


def _guarded(resolve: Callable[..., Any], allowed: list[str]) -> Callable[..., Any]:
    """Looking a name up is the one thing that all clients do before they call a host."""

    def look_up(host: Any, *rest: Any, **named: Any) -> Any:  # Any: as socket.getaddrinfo
        name = host.decode() if isinstance(host, bytes) else str(host)
        is_real = any(fnmatch(name.lower(), pattern) for pattern in REAL)
        if is_real and not any(fnmatch(name.lower(), pattern) for pattern in allowed):
            raise RealPortalBlocked(
                f"A test was about to call the real portal {name}. Call the emulator (fixture "
                f'`portal`), or allow it: @pytest.mark.{MARK}("{name}"), or real_portals = {name} '
                "in pytest's settings."
            )
        return resolve(host, *rest, **named)

    return look_up
