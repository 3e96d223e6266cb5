"""Fixtures for tests against an infobase."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sverka_emulator_kit.fixtures import address, elsewhere
from sverka_emulator_kit.in_tests import QUICK, Elsewhere, Emulator, Here

USER = ("obmen", "secret")


@dataclass(frozen=True, slots=True)
class InfobaseInTest:
    """A base as a test sees it.

    Attributes:
        emulator: What is done to it beside OData.
        odata: Address of the OData service.
        user: Name and password of the OData user.
    """

    emulator: Emulator
    odata: str
    user: tuple[str, str] = USER

    def act(self, name: str, params: dict[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in 1C's window."""
        return self.emulator.act(name, params, user)

    def records(self) -> Any:  # Any: set → key → field → value
        return self.emulator.records()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("onec", "1C emulator")
    group.addoption("--onec-url", help="An onec-emulator that runs already, http://127.0.0.1:8081")
    parser.addini("onec_url", "The same as --onec-url.", default="")
    parser.addini("onec_configuration", "Configuration of `onec_server`: unf, unf16, ut11, bp30.")


@pytest.fixture(scope="session")
def onec_server(request: pytest.FixtureRequest) -> Iterator[Here]:
    """A base behind real sockets, for the whole session; `infobase` is one for each test."""
    from onec_emulator.infobase import Infobase
    from sverka_emulator_kit.clock import WallClock

    name = request.config.getini("onec_configuration") or "unf"
    here = Here.started(Infobase(clock=WallClock(), configuration=name, pace=QUICK))
    with here.served:
        yield here


@pytest.fixture(scope="session")
def onec_noproc(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """The base at --onec-url, which runs already; its user is obmen with secret."""
    yield from elsewhere(request.config, "onec", "base")


@pytest.fixture
def infobase(request: pytest.FixtureRequest) -> InfobaseInTest:
    """A base as it is after its installation; at --onec-url if that is given."""
    name = "onec_noproc" if address(request.config, "onec") else "onec_server"
    emulator: Emulator = request.getfixturevalue(name)
    emulator.reset()
    root = emulator.url + emulator.gauges()["publication"]
    return InfobaseInTest(emulator, f"{root}/odata/standard.odata")
