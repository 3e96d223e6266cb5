"""The limits once more, by the wall's clock and over sockets; everything else is virtual."""

import threading
import time
from dataclasses import replace
from itertools import pairwise

import httpx
import pytest

from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

pytestmark = pytest.mark.sockets

TOO_MANY = {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}


@pytest.fixture
def portal():
    return Portal(WallClock(), limits="cloud", pace=0.0)


@pytest.fixture
def call(portal):
    """Calls one method over HTTP as a webhook."""
    lock = threading.RLock()
    with (
        serve(build_app(portal, lock), clock=portal.clock, lock=lock) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=10.0) as client,
    ):
        yield lambda method: client.get(portal.webhook_path + method)


def expected(moments_s):
    """What a counter that loses 2 a second and holds 50 lets through at these moments."""
    level, passes = 0.0, []
    for before_s, now_s in pairwise([moments_s[0], *moments_s]):
        level = max(0.0, level - 2 * (now_s - before_s))
        passes.append(level + 1 <= 50)
        level += passes[-1]
    return passes


def test_a_burst_of_fifty_passes_and_then_two_a_second(portal, call):
    burst = [call("server.time") for _ in range(60)]
    time.sleep(1.2)
    later = [call("server.time") for _ in range(6)]
    refused = [reply for reply in burst if reply.status_code != 200]
    assert {reply.status_code for reply in refused} == {503}
    assert all(reply.json() == TOO_MANY for reply in refused)
    lines = list(portal.calls.lines)
    assert [line.status == 200 for line in lines] == expected([line.at_s for line in lines])
    assert 2 <= [reply.status_code for reply in later].count(200) < 6


def test_a_method_over_its_budget_is_blocked_alone(portal, call):
    portal.pace = 1.0
    portal.limits = replace(portal.limits, operating_s=0.3)
    portal.costs.set({"crm.company.list": [0.2, 0.2]})
    begun_s = time.time()
    answers = [call("crm.company.list") for _ in range(3)]
    assert time.time() - begun_s >= 0.4
    assert [reply.status_code for reply in answers] == [200, 200, 429]
    assert answers[2].json()["error"] == "OPERATION_TIME_LIMIT"
    spent = answers[1].json()["time"]
    assert spent["operating"] == pytest.approx(0.4)
    first_s = portal.calls.lines[0].at_s
    assert spent["operating_reset_at"] == int(first_s + 600)
    assert call("crm.contact.list").status_code == 200
