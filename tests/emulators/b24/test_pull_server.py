"""Push & Pull over real sockets: held calls and lines, tried with clients that are not ours."""

import json
import ssl
import threading
import time
from contextlib import closing
from urllib.parse import urlencode

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import LocalAuthority, serve

pytestmark = pytest.mark.sockets


class Desk:
    """One portal at a real address, an application of it, and who listens there."""

    def __init__(self, portal, url, app, lock, trusted=None):
        self.portal, self.url, self.app, self.lock, self.trusted = portal, url, app, lock, trusted
        self.config = app.result("pull.application.config.get")

    def query(self, **changes):
        channels = "/".join(one["id"] for one in self.config["channels"].values())
        sent = {"CHANNEL_ID": channels, "clientId": self.config["clientId"], "format": "json"}
        return "?" + urlencode({**sent, **changes})

    def polled(self, **changes):
        address = self.config["server"]["long_pooling_secure"] + self.query(**changes)
        verify = self.trusted or True
        return httpx.get(address, timeout=10.0, trust_env=False, verify=verify)

    def line(self, **changes):
        address = self.config["server"]["websocket_secure"] + self.query(**changes)
        return connect(address, proxy=None, ssl=self.trusted)

    def say(self, command, **params):
        with self.lock:
            self.app.result("pull.application.event.add", {"COMMAND": command, "PARAMS": params})

    def settled(self, listeners):
        """Wait until so many listen."""
        deadline_s = time.monotonic() + 5
        while self.portal.gauges()["pull"]["listeners"] != listeners:
            assert time.monotonic() < deadline_s
            time.sleep(0.005)

    def while_held(self, deed, *args):
        """Do something when the next call is held; returns that call's reply."""
        other = threading.Thread(target=lambda: (self.settled(1), deed(*args)))
        other.start()
        reply = self.polled()
        other.join()
        return reply

    def advance(self, seconds_s):
        httpx.post(f"{self.url}/_emulator/clock", json={"advance_s": seconds_s}, trust_env=False)


@pytest.fixture
def desk(installing):
    portal, lock = Portal(WallClock()), threading.RLock()
    with serve(build_app(portal, lock), clock=portal.clock, lock=lock) as served:
        portal.origin = served.url
        yield Desk(portal, served.url, installing(portal), lock)


def commands(text):
    return [row["text"]["command"] for row in json.loads(text)]


def test_a_call_is_held_until_something_is_said(desk):
    reply = desk.while_held(desk.say, "stage")
    assert (reply.status_code, commands(reply.text)) == (200, ["stage"])
    desk.say("missed")
    again = desk.polled(mid=reply.headers["Last-Message-Id"])
    assert commands(again.text) == ["missed"]


def test_a_quiet_call_ends_when_the_clock_says_so(desk):
    reply = desk.while_held(desk.advance, 60)
    assert reply.status_code == 304
    assert reply.headers["Expires"] == "Thu, 01 Jan 1973 11:11:01 GMT"


def test_a_line_in_json_hears_and_catches_up(desk):
    with desk.line() as line:
        for command in ("a", "b"):
            desk.say(command)
        heard = [json.loads(line.recv(5)) for _ in range(2)]
    assert [row["text"]["command"] for rows in heard for row in rows] == ["a", "b"]
    desk.say("c")
    with desk.line(mid=heard[-1][-1]["mid"]) as line:
        assert commands(line.recv(5)) == ["c"]


def test_a_line_in_json_rpc_speaks_as_the_vendors_client_does(desk):
    with desk.line(jsonRpc="true", revision="19") as line:
        desk.say("stage", ID=5)
        call = json.loads(line.recv(5))
        assert (call["method"], call["params"]["body"]["params"]) == ("incoming.message", {"ID": 5})
        line.send(f"mack:{call['params']['mid']}")
        line.send("ping")
        assert line.recv(5) == "pong"
        body = {"module_id": "orders", "command": "typing"}
        asked = {"method": "publish", "params": {"userList": [1], "body": body}, "id": 7}
        line.send(json.dumps({"jsonrpc": "2.0", **asked}))
        both = [json.loads(line.recv(5)) for _ in range(2)]
    assert {"jsonrpc": "2.0", "result": True, "id": 7} in both
    assert "typing" in json.dumps(both)


def test_the_server_pings_and_the_line_outlives_silence(desk):
    with desk.line(jsonRpc="true") as line:
        desk.advance(10)
        assert line.recv(5) == "ping"
        line.send("pong")
        desk.advance(10)
        assert line.recv(5) == "ping"
    with desk.line() as line:
        desk.advance(30)
        desk.say("still")
        assert commands(line.recv(5)) == ["still"]


@pytest.mark.parametrize("changes", [{"CHANNEL_ID": "0" * 32}, {"clientId": "another"}])
def test_a_wrong_channel_closes_the_line_with_its_code(desk, changes):
    with desk.line(**changes) as line, pytest.raises(ConnectionClosed) as closed:
        line.recv(5)
    assert closed.value.rcvd.code == 4010


def test_a_line_hears_that_its_channels_end(desk):
    with desk.line() as line:
        desk.advance(12 * 3600)
        assert commands(line.recv(5)) == ["channel_expire"]
    with desk.line() as line, pytest.raises(ConnectionClosed):
        line.recv(5)


def test_who_has_left_is_told_no_more(desk):
    with desk.line():
        pass
    desk.settled(0)
    desk.say("nobody")


def test_a_change_on_the_portal_reaches_a_line(desk):
    bind = {"event": "ONCRMCOMPANYADD", "event_type": "offline"}
    desk.app.result("event.bind", bind)
    with desk.line() as line:
        made = f"{desk.url}{desk.portal.webhook_path}crm.company.add"
        assert httpx.post(made, json={"fields": {}}, trust_env=False).status_code == 200
        assert commands(line.recv(5)) == ["offline_event"]


def test_both_ways_go_through_tls(installing):
    portal, lock = Portal(WallClock()), threading.RLock()
    with (
        closing(LocalAuthority()) as authority,
        serve(build_app(portal, lock), tls_port=0, authority=authority, lock=lock) as served,
    ):
        portal.origin = served.tls_url
        trusted = ssl.create_default_context(cafile=str(authority.ca_file))
        desk = Desk(portal, served.url, installing(portal), lock, trusted)
        assert desk.config["server"]["websocket_secure"].startswith("wss://localhost:")
        with desk.line() as line:
            desk.say("safe")
            assert commands(line.recv(5)) == ["safe"]
        assert commands(desk.polled(mid="0" * 26).text) == ["safe"]
