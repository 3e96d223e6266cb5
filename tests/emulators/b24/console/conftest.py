"""A portal with four clients behind a door with its console."""

import pytest

from b24_emulator import sample
from b24_emulator.console import CONSOLE
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Request


@pytest.fixture
def console(portal):
    sample.fill(portal, 4)
    return build_app(portal, console=CONSOLE).test_client()


@pytest.fixture
def shown(console):
    """What a page says in English, or in the language given."""

    def get(path, language="en"):
        answer = console.get(f"/_emulator/console/{path}", headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        return answer.text

    return get


@pytest.fixture
def ask(portal):
    def get(name, query=""):
        return portal.answer(Request("GET", portal.webhook_path + name, query))

    return get
