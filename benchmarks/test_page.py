"""Page calls a second over the socket, beside a bare Flask view that returns the same bytes."""

import time
from collections.abc import Callable

import httpx
import pytest
from alternation import side_by_side
from flask import Flask, Response

from b24_emulator import sample
from b24_emulator.portal import Portal
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

CALLS = 300
PATH = "crm.company.list?start=-1&order[ID]=ASC"


@pytest.mark.parametrize("how", ["found anew", "asked for again"])
def test_pages_a_second_over_the_socket(how: str, capsys):
    portal = Portal(limits="box", pace=0.0)
    sample.fill(portal, 2000)
    kept = portal.tables["company"].pages
    with serve(build_app(portal)) as served, httpx.Client(trust_env=False) as client:
        address = served.url + portal.webhook_path + PATH
        told = beside_bare_flask(client, address, kept.clear if how == "found anew" else nothing)
    with capsys.disabled():
        print(f"{told}, {how}")


def nothing() -> None:
    """Leaves the system as it is."""


def beside_bare_flask(
    client: httpx.Client, address: str, between: Callable[[], None] = nothing
) -> str:
    """A line: calls a second of a page, and of a bare view of the same bytes.

    Args:
        between: Done before each call of either.
    """
    page = client.get(address).content
    with serve(bare_app(page)) as bare:
        rate, bare_rate, ratio = side_by_side(
            lambda: calls_a_second(client, address, between),
            lambda: calls_a_second(client, f"{bare.url}/page", between),
        )
    return (
        f"\npage of {len(page)} bytes: {rate:.0f} calls/s, bare Flask {bare_rate:.0f}; "
        f"ratio {ratio:.2f} (aim 0.5)"
    )


def bare_app(page: bytes) -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/page", view_func=lambda: Response(page, content_type="application/json"))
    return app


def calls_a_second(client: httpx.Client, address: str, between: Callable[[], None]) -> float:
    begun_s = time.perf_counter()
    for _ in range(CALLS):
        between()
        assert client.get(address).status_code == 200
    return CALLS / (time.perf_counter() - begun_s)
