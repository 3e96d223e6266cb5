"""A courier carries calls out over real sockets; whom it does not reach is not told."""

import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sverka_emulator_kit.courier import HttpCourier, nobody
from sverka_emulator_kit.serve import LocalAuthority

pytestmark = pytest.mark.sockets

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Handler:
    """Takes posts on a port of its own and keeps them."""

    def __init__(self, context=None):
        self.came, self.got, self.open = [], threading.Semaphore(0), threading.Event()
        self.open.set()
        outer = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                outer.open.wait(5)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.came.append((self.path, body, self.headers["Content-Type"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                outer.got.release()

            def log_message(self, *_):
                """Keeps quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        scheme = "https" if context else "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{scheme}://localhost:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def has(self, count):
        return all(self.got.acquire(timeout=5) for _ in range(count))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(5)


@pytest.fixture
def handler():
    with closing(Handler()) as running:
        yield running


def test_a_call_arrives_as_it_was_given(handler):
    with HttpCourier() as courier:
        assert courier(f"{handler.url}/a?to=1c", b"event=X&data%5BID%5D=1", FORM) is None
        assert handler.has(1)
    assert handler.came == [("/a?to=1c", b"event=X&data%5BID%5D=1", FORM["Content-Type"])]


def test_a_slow_handler_holds_nobody_up(handler):
    handler.open.clear()
    with HttpCourier() as courier:
        begun_s = time.monotonic()
        for number in range(20):
            courier(handler.url, str(number).encode(), FORM)
        assert time.monotonic() - begun_s < 1
        handler.open.set()
        assert handler.has(20)
    assert sorted(int(body) for _, body, _ in handler.came) == list(range(20))


def test_a_courier_knows_how_long_a_handler_took(handler):
    handler.open.clear()
    with HttpCourier() as courier:
        courier(handler.url, b"x", FORM)
        threading.Timer(0.2, handler.open.set).start()
        assert handler.has(1)
    assert 0.15 < courier.took_s[handler.url] < 5


@pytest.mark.parametrize(
    "address", ["http://localhost:1/", "no address", "", "ftp://x/", "http://["]
)
def test_a_call_that_cannot_be_made_is_lost_and_the_next_one_goes(handler, address):
    with HttpCourier() as courier:
        courier(address, b"lost", FORM)
        courier(handler.url, b"next", FORM)
        assert handler.has(1)
    assert [body for _, body, _ in handler.came] == [b"next"]


def test_a_handler_behind_the_local_authority_is_trusted_only_by_who_knows_it():
    with (
        closing(LocalAuthority()) as authority,
        closing(Handler(authority.context("localhost"))) as secret,
    ):
        with HttpCourier() as stranger:
            stranger(secret.url, b"1", FORM)
        with HttpCourier(authority.ca_file) as courier:
            courier(secret.url, b"2", FORM)
            assert secret.has(1)
        assert [body for _, body, _ in secret.came] == [b"2"]


def test_a_closed_courier_leaves_no_thread(handler):
    before = set(threading.enumerate())
    courier = HttpCourier()
    courier(handler.url, b"1", FORM)
    assert handler.has(1)
    courier.close()
    assert not [
        thread for thread in set(threading.enumerate()) - before if "courier" in thread.name
    ]


def test_nobody_carries_nothing():
    assert nobody("http://localhost:1/", b"", FORM) is None


def test_who_wants_to_know_is_told_how_each_call_has_ended(handler):
    ended = []
    known = threading.Semaphore(0)

    def end(headers, status):
        ended.append((headers["Number"], status))
        known.release()

    with HttpCourier(ended=end) as courier:
        courier(handler.url, b"{}", {"Number": "1", "Content-Type": "text/plain"})
        assert known.acquire(timeout=5)
        courier("http://127.0.0.1:1/nobody", b"{}", {"Number": "2"})
        assert known.acquire(timeout=5)
    assert ended == [("1", 200), ("2", None)]
