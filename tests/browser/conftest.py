"""Debian's Chromium before the consoles of both emulators, over real sockets."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from b24_emulator import console as portal_console
from b24_emulator import sample as portal_sample
from b24_emulator.portal import Portal
from onec_emulator import console as base_console
from onec_emulator import sales, sample
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def browser():
    """Skips without Chromium, unless SVERKA_REQUIRE names `browser`: then it fails."""
    if not CHROMIUM.exists():
        lack = f"There is no {CHROMIUM}. Install it: apt-get install -y chromium."
        if "browser" in os.environ.get("SVERKA_REQUIRE", "").split(","):
            pytest.fail(lack)
        pytest.skip(lack)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Reader:
    """Somebody before a console.

    Attributes:
        asked: Addresses that the browser has asked for.
    """

    browser: Browser
    system: Any
    url: str
    lock: Any
    asked: list[str]
    page: Page = None

    def sit_down(self, **habits: Any) -> Page:
        """A page in a browser of one's own: its language, colours and width."""
        habits.setdefault("viewport", {"width": 1280, "height": 900})
        context = self.browser.new_context(locale=habits.pop("locale", "en-GB"), **habits)
        context.set_default_timeout(PATIENCE_MS)
        self.page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        # What a page throws, and what its policy forbids, is a failure of the test.
        self.page.on("pageerror", lambda error: self.asked.append(f"error: {error}"))
        self.page.on("console", lambda line: self.asked.append(f"{line.type}: {line.text}"))
        return self.page

    def look_at(self, path: str) -> Page:
        self.page.goto(f"{self.url}/_emulator/console/{path}")
        return self.page

    def act(self, name: str, params: dict[str, Any], user: str = "") -> Any:
        with self.lock:
            return self.system.act(name, params, user)

    def now_s(self) -> float:
        with self.lock:
            return self.system.clock.now_s()


def reading(browser, system, console):
    lock = threading.RLock()
    with serve(build_app(system, lock, console), lock=lock) as served:
        reader = Reader(browser, system, served.url, lock, [])
        reader.sit_down()
        yield reader
        reader.page.context.close()
        # A refused order is told in the page; the browser complains of its status besides.
        told = (
            served.url,
            "error: Failed to load resource: the server responded with a status of 4",
        )
        strange = [line for line in reader.asked if not line.startswith(told)]
        assert not strange


@pytest.fixture
def portal(browser):
    """Before a portal with six clients."""
    system = Portal(VirtualClock())
    portal_sample.fill(system, 6)
    yield from reading(browser, system, portal_console.CONSOLE)


@pytest.fixture
def base(browser):
    """Before a base with four clients and what was sold to them."""
    system = Infobase(
        clock=VirtualClock(),
        filling=lambda made: sales.fill_sales(made, sample.fill_whole(made, 4)),
    )
    yield from reading(browser, system, base_console.CONSOLE)


@pytest.fixture(params=["portal", "base"])
def reader(request):
    return request.getfixturevalue(request.param)
