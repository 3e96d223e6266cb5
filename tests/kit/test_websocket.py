"""WebSockets at the same door as everything else, tried with a client that is not ours."""

import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing
from types import SimpleNamespace

import httpx
import pytest
import wsproto.events
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from wsproto import ConnectionType, WSConnection

from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.held import Upgrade
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.serve import LocalAuthority, serve
from sverka_emulator_kit.websocket import WebSocket

pytestmark = pytest.mark.sockets


@pytest.fixture
def choir(make_notes):
    """A system where whoever is connected hears what anybody says, and `POST` says something."""

    class Choir(make_notes):
        def answer(self, request):
            if "upgrade" in request.headers and request.path != "/plain":
                return Upgrade(self.joined)
            if request.verb == "POST":
                for singer in self.singers:
                    singer.line.send(request.body.decode())
            return Reply(200, b"plain", "text/plain")

        def joined(self, line):
            singer = Singer(self, line)
            self.singers.append(singer)
            line.send("welcome")
            return singer

    class Singer:
        def __init__(self, choir, line):
            self.choir, self.line = choir, line

        def hear(self, text):
            if text == "leave":
                self.line.close(4010, "wrong channel")
            elif text == "ping me":
                self.line.ping()
            else:
                for singer in self.choir.singers:
                    singer.line.send(text)

        def gone(self):
            self.choir.singers.remove(self)

    system = Choir(clock=WallClock())
    system.singers = []
    return system


@pytest.fixture
def door(choir):
    with serve(build_app(choir)) as served:
        yield served


def joined(door, path="/", **options):
    return connect(door.url.replace("http", "ws") + path, proxy=None, **options)


def settled(choir, count):
    deadline_s = time.monotonic() + 5
    while len(choir.singers) != count:
        assert time.monotonic() < deadline_s
        time.sleep(0.002)


def test_both_sides_speak_and_order_is_kept(door):
    with joined(door) as line:
        texts = [f"это {number}" for number in range(50)]
        for text in texts:
            line.send(text)
        assert [line.recv(5) for _ in range(51)] == ["welcome", *texts]


def test_words_said_before_the_line_has_begun_are_heard_then(choir, lock):
    """The handshake and what answers it are in two threads, so a quick caller can be first."""
    written = []
    channel = SimpleNamespace(
        connected=True, total_outbufs_len=0, write_soon=written.append, in_loop=lambda deed: deed()
    )
    caller = WSConnection(ConnectionType.CLIENT)
    asked = caller.send(wsproto.events.Request(host="localhost", target="/")).split(b"\r\n")
    pairs = [header.split(b": ", 1) for header in asked if b": " in header]
    headers = [(name.lower(), value) for name, value in pairs]
    line = WebSocket(channel, headers, Upgrade(choir.joined), lock)
    caller.receive_data(line.handshake)
    list(caller.events())
    line.received(caller.send(wsproto.events.TextMessage(data="at once")))
    line.begin()
    caller.receive_data(b"".join(written))
    assert [event.data for event in caller.events()] == ["welcome", "at once"]


def test_a_long_message_and_one_in_pieces_arrive_whole(door):
    long = "Ж" * 300_000
    with joined(door, max_size=None) as line:
        line.recv(5)
        line.send(long)
        assert line.recv(5) == long
        line.send(["in ", "three ", "pieces"])
        assert line.recv(5) == "in three pieces"


def test_one_call_reaches_all_who_are_connected(door, choir):
    with ExitStack() as opened:
        lines = [opened.enter_context(joined(door)) for _ in range(30)]
        settled(choir, 30)
        httpx.post(door.url, content="all", trust_env=False)
        assert [(line.recv(5), line.recv(5)) for line in lines] == [("welcome", "all")] * 30
    settled(choir, 0)


def test_a_ping_of_either_side_is_answered(door):
    with joined(door) as line:
        assert line.ping().wait(5)
        line.send("ping me")
        line.send("still here")
        assert (line.recv(5), line.recv(5)) == ("welcome", "still here")


def test_the_system_hangs_up_with_a_code_and_a_reason(door, choir):
    with joined(door) as line:
        line.recv(5)
        line.send("leave")
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(5)
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4010, "wrong channel")
    settled(choir, 0)


@pytest.mark.parametrize("politely", [True, False])
def test_a_line_that_breaks_is_told(door, choir, politely):
    with joined(door) as line:
        settled(choir, 1)
        line.close() if politely else line.socket.shutdown(socket.SHUT_RDWR)
        settled(choir, 0)


def test_a_system_may_refuse_the_upgrade(door):
    with pytest.raises(InvalidStatus) as refused, joined(door, "/plain"):
        pass
    assert refused.value.response.status_code == 200


def test_a_request_to_upgrade_that_is_no_handshake_is_refused(door):
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    refused = httpx.get(door.url, headers=headers, trust_env=False)
    assert (refused.status_code, "handshake" in refused.text) == (400, True)


def test_without_a_server_of_ours_there_are_no_sockets(choir):
    reply = build_app(choir).test_client().get("/", headers={"upgrade": "x"})
    assert (reply.status_code, reply.text) == (501, "This server opens no WebSockets.")


def test_plain_calls_go_on_beside_a_line(door):
    with joined(door) as line:
        assert httpx.get(door.url, trust_env=False).text == "plain"
        assert line.recv(5) == "welcome"


def test_a_line_goes_through_tls(choir):
    with (
        closing(LocalAuthority()) as authority,
        serve(build_app(choir), tls_port=0, authority=authority) as served,
    ):
        trusting = ssl.create_default_context(cafile=str(authority.ca_file))
        url = served.tls_url.replace("https", "wss")
        with connect(url, ssl=trusting, proxy=None) as line:
            line.send("secret")
            assert (line.recv(5), line.recv(5)) == ("welcome", "secret")


def test_a_stopped_server_leaves_no_line_and_no_thread(choir):
    before = set(threading.enumerate())
    served = serve(build_app(choir))
    with joined(served) as line:
        settled(choir, 1)
        served.stop()
        settled(choir, 0)
        with pytest.raises(ConnectionClosed):
            [line.recv(5) for _ in range(2)]
    for thread in set(threading.enumerate()) - before:
        # The client's own reader may be at its last step.
        thread.join(2)
    assert set(threading.enumerate()) == before
