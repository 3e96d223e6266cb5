"""What a stranger sends over the wire to either emulator: bytes that are no request."""

import threading

import pytest

from b24_emulator.portal import Portal
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

pytestmark = pytest.mark.sockets

SYSTEMS = {
    "b24": lambda: Portal(clock=WallClock(), limits="box", pace=0.001),
    "onec": lambda: Infobase(clock=WallClock(), pace=0.001),
}
REFUSALS = {0, 301, 302, 400, 401, 403, 404, 405, 411, 413, 414, 431, 501, 505}
"""Status 0 is a line that was just closed."""

HEADS = (
    *(
        "GET / HTTP/1.1\r\n",
        "GET /%0d%0aX-Evil:%201 HTTP/1.1\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\n",
    ),
    *("GET http://evil.example/rest/ HTTP/1.1\r\n", "GET * HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n"),
    *(
        "GET /rest/\udcff\udcfe HTTP/1.1\r\n",
        "GET /rest/%ff%fe%00 HTTP/1.1\r\n",
        "get / http/9.9\r\n",
    ),
    *(
        "BREW /rest/ HTTP/1.1\r\n",
        "GET /ы HTTP/1.1\r\n",
        "\r\n\r\n",
        "\x00\x01\x02\r\n\r\n",
        "GET\r\n\r\n",
    ),
    "GET /rest/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "GET /rest/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "POST /rest/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "POST /rest/ HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded: 2\r\nX-Evil : 1\r\n",
    "GET /?" + "a" * 300_000 + " HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\n" + "X: y\r\n" * 20_000,
    "GET / HTTP/1.1\r\nHost: evil\x00.example\r\nAccept: \udcff\r\n",
)


@pytest.fixture(scope="module", params=SYSTEMS)
def door(request):
    """A system of each kind behind a real door; its port."""
    system, lock = SYSTEMS[request.param](), threading.RLock()
    with serve(build_app(system, lock), clock=system.clock, lock=lock) as running:
        yield int(running.url.rpartition(":")[2])


def is_alive(said, port):
    status, _, body = said(port, "GET /_emulator/ HTTP/1.1\r\n")
    return status == 200 and b"now_s" in body


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_broken_bytes_are_refused_and_the_server_lives_on(said, door, head):
    status, top, body = said(door, head)

    assert status in REFUSALS, top
    assert b"Traceback" not in body
    assert "X-Evil" not in top
    assert is_alive(said, door)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost", "https://evil.example"),
        ("localhost", "null"),
        ("evil.example", "http://evil.example"),
        ("evil.example", ""),
    ],
)
def test_the_control_plane_refuses_pages_of_strangers(said, door, host, origin):
    sent = f"Origin: {origin}\r\n" if origin else ""
    for order in ("POST /_emulator/reset", "GET /_emulator/calls"):
        status, _, body = said(door, f"{order} HTTP/1.1\r\n{sent}", host=host)
        assert (status, b"error" in body) == (403, True)


def test_a_program_that_names_no_host_may_call_the_control_plane(said, door):
    assert said(door, "GET /_emulator/ HTTP/1.0\r\n\r\n")[0] == 200
