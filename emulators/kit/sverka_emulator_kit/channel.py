"""What waitress would hide from the door: odd headers, that a call came by TLS, WebSockets.

waitress drops a header with an underscore in its name, since a WSGI key cannot tell it from a
hyphen; 1C has one, `1C_OData-DataLoadMode`. And behind a TLS listener it believes in plain HTTP.
What it would take in is bounded here: bodies, except the control plane's.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, get_header_lines
from waitress.rfc7230 import HEADER_FIELD_RE
from waitress.task import WSGITask
from waitress.utilities import Error, RequestEntityTooLarge, build_http_date

from sverka_emulator_kit.bodies import BYTES_MAX, too_long
from sverka_emulator_kit.control import ROOT
from sverka_emulator_kit.door import UPGRADE
from sverka_emulator_kit.held import Upgrade
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.websocket import NoHandshake, WebSocket
from sverka_emulator_kit.wsgi import ODD_HEADERS

Peer = tuple[str, int]
PLAIN = ["Content-Type", "Content-Length"]
"""Headers of a reply that has no others."""
ODD_NAME = re.compile(rb"\n[^:\n]*_[^:\n]*:")


class Bounded(OverflowableBuffer):  # type: ignore[misc]  # waitress ships no types
    """Keeps a body as long as it is not too long; of a longer one it counts the bytes."""

    bytes_in = 0

    def append(self, data: bytes) -> None:
        self.bytes_in += len(data)
        if self.bytes_in <= BYTES_MAX:
            super().append(data)


class OddParser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    """Keeps the headers with an underscore apart, by their lower-case names; bounds the body.

    A body that is too long is heard to its end all the same: who is hung up on while he sends
    seldom reads the answer.
    """

    body: Bounded | None = None
    error: Error | None = None

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.completed and self.body and (told := too_long(self.body.bytes_in)):
            self.error = self.error or RequestEntityTooLarge(told)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.odd_headers = _odd_headers(header_plus) if ODD_NAME.search(header_plus) else {}
        if self.body_rcv is not None and not self.path.startswith(ROOT):
            self.body = self.body_rcv.buf = Bounded(self.adj.inbuf_overflow)


def _odd_headers(header_plus: bytes) -> dict[str, str]:
    _, _, block = header_plus.partition(b"\r\n")
    fields = (HEADER_FIELD_RE.match(line) for line in get_header_lines(block))
    return {
        field["name"].decode("latin-1").lower(): field["value"].strip(b" \t").decode("latin-1")
        for field in fields
        if field and b"_" in field["name"]
    }


@lru_cache(maxsize=16)
def _date(at_s: int) -> str:
    return str(build_http_date(at_s))


class OddTask(WSGITask):  # type: ignore[misc]  # waitress ships no types
    websocket: WebSocket | None = None
    wrote_header = False

    def get_environment(self) -> dict[str, Any]:  # Any: WSGI
        environ: dict[str, Any] = super().get_environment()
        environ[ODD_HEADERS] = self.request.odd_headers
        environ[UPGRADE] = self.upgraded
        if upgrade := environ.pop("HTTP_UPGRADE", ""):
            # Werkzeug routes an upgrade to no ordinary view.
            environ[ODD_HEADERS] = {**self.request.odd_headers, "upgrade": upgrade}
        if self.channel.addr in self.channel.server.tls_peers:
            environ["wsgi.url_scheme"] = "https"
        return environ

    def upgraded(self, upgrade: Upgrade, lock: AbstractContextManager[bool]) -> Reply:
        headers = [
            (name.replace("_", "-").lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.request.headers.items()
        ]
        try:
            self.websocket = WebSocket(self.channel, headers, upgrade, lock)
        except NoHandshake as error:
            return Reply(400, str(error).encode(), "text/plain; charset=utf-8")
        self.channel.websocket = self.websocket
        return Reply(101)

    def build_response_header(self) -> bytes:
        if self.websocket:
            return self.websocket.handshake
        if (
            self.version == "1.1"
            and [name for name, _ in self.response_headers] == PLAIN
            and self.request.headers.get("CONNECTION", "").lower() != "close"
            and self.has_body
        ):
            return self._plain_header(*(value for _, value in self.response_headers))
        header: bytes = super().build_response_header()
        return header

    def _plain_header(self, kind: str, length: str) -> bytes:
        """What waitress would write for most replies, with all that it asks of the others."""
        server = self.channel.server.adj.ident
        return (
            f"HTTP/1.1 {self.status}\r\nContent-Length: {length}\r\nContent-Type: {kind}\r\n"
            f"Date: {_date(int(self.start_time))}\r\nServer: {server}\r\n\r\n"
        ).encode("latin-1")

    def write(self, data: bytes) -> None:
        if self.wrote_header or not data or self.content_length != len(data) or not self.has_body:
            super().write(data)
            return
        # Head and body leave together: waitress would send each by itself.
        head = self.build_response_header()
        self.wrote_header, self.content_bytes_written = True, len(data)
        self.channel.write_soon(head + data)

    def finish(self) -> None:
        super().finish()
        if self.websocket:
            self.websocket.begin()


class OddChannel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """For a server with two things more.

    `tls_peers` are the addresses that its TLS listener calls from; `on_gone` takes a WebSocket
    whose channel is closed, in the loop's thread.
    """

    parser_class = OddParser
    task_class = OddTask
    websocket: WebSocket | None = None

    def received(self, data: bytes) -> bool:
        if self.websocket is None:
            return bool(super().received(data))
        self.websocket.received(data)
        return True

    def del_channel(self, map: object = None) -> None:
        super().del_channel(map)
        if self.websocket is not None:
            self.server.on_gone(self.websocket)

    def write_soon(self, data: bytes) -> int:
        """Send at once what can be; waitress would copy it into a buffer of its own first."""
        with self.outbuf_lock:
            if not (self.connected and data) or self.total_outbufs_len or type(data) is not bytes:
                return int(super().write_soon(data))
            try:
                sent = self.send(data, do_close=False)
            except OSError:
                # It meets the same error, and knows what to do about it.
                sent = 0
            if sent < len(data):
                super().write_soon(data[sent:])
            return len(data)

    def in_loop(self, deed: Callable[[], None]) -> None:
        """Have `deed` done by the server's loop, in the order of asking."""
        self.server.trigger.pull_trigger(deed)
