"""Servers a second, from nothing to the first answer, beside a bare Flask view."""

import threading
import time
from collections.abc import Callable
from functools import partial

import httpx
from alternation import side_by_side
from flask import Flask, Response

from b24_emulator.portal import Portal
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.in_tests import QUICK
from sverka_emulator_kit.serve import serve
from sverka_emulator_kit.system import System

STARTS = 10


def test_servers_a_second(capsys):
    with httpx.Client(trust_env=False) as client:
        for made in (Portal, Infobase):
            make = partial(made, clock=WallClock(), pace=QUICK)
            rate, bare_rate, ratio = side_by_side(
                partial(starts_a_second, client, make), partial(starts_a_second, client, None)
            )
            with capsys.disabled():
                print(
                    f"\n{made.name} to its first answer: {1000 / rate:.1f} ms (aim 10), "
                    f"bare Flask {1000 / bare_rate:.1f}; ratio {ratio:.2f}"
                )


def starts_a_second(client: httpx.Client, make: Callable[[], System] | None) -> float:
    spent_s = 0.0
    for _ in range(STARTS):
        begun_s = time.perf_counter()
        with started(make) as served:
            client.get(f"{served.url}/")
            spent_s += time.perf_counter() - begun_s
    return STARTS / spent_s


def started(make: Callable[[], System] | None):
    if make is None:
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", view_func=lambda: Response("{}", content_type="application/json"))
        return serve(app)
    system, lock = make(), threading.RLock()
    return serve(build_app(system, lock), clock=system.clock, lock=lock)
