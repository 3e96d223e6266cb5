"""Keep-alive calls over several connections, as fast as the server answers; raw sockets.

A client library would cost more than the servers that are measured; so one thread waits for all
connections at once and reads no more of an answer than where it ends.
"""

import selectors
import socket
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlsplit

TIMEOUT_S = 30.0


@dataclass(slots=True)
class Load:
    """What one round met."""

    seconds_s: float
    bytes_each: int
    latencies_s: list[float] = field(repr=False)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds_s

    @property
    def p99_s(self) -> float:
        return statistics.quantiles(self.latencies_s, n=100)[98]


@dataclass(slots=True)
class _Line:
    """One connection: its socket, what came of the answer, and when it was asked."""

    line: socket.socket
    came: bytearray = field(default_factory=bytearray)
    awaited: int = 0
    asked_s: float = 0.0

    @property
    def is_last(self) -> bool:
        """Whether the server closes the connection behind this answer."""
        return b"connection: close" in self.came[:2000].lower()

    def ask(self, request: bytes) -> None:
        self.came.clear()
        self.awaited = 0
        self.asked_s = time.perf_counter()
        self.line.sendall(request)

    def is_whole(self) -> bool:
        """Take what has come; whether the answer ends there."""
        part = self.line.recv(1 << 18)
        if not part:
            raise ConnectionError("The server closed a connection that was to be kept.")
        self.came += part
        if not self.awaited:
            self.awaited = _whole_bytes(self.came)
        return len(self.came) >= self.awaited > 0 or (
            self.awaited < 0 and self.came.endswith(b"0\r\n\r\n")
        )


def _whole_bytes(came: bytearray) -> int:
    """Length of the answer with its head; 0 while it is unknown, -1 where it comes in chunks.

    Raises:
        ConnectionError: The answer is no 200.
    """
    head, blank, _ = came.partition(b"\r\n\r\n")
    if not blank:
        return 0
    if b" 200" not in head[:16]:
        raise ConnectionError(f"Answered {bytes(came[:300])!r}")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(head) + len(blank) + int(line.partition(b":")[2])
    return -1


def _request(target: str, host: str, sent: bytes) -> bytes:
    verb = "POST" if sent else "GET"
    head = [f"{verb} {target} HTTP/1.1", f"Host: {host}", "Accept: */*"]
    if sent:
        head += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    return "\r\n".join([*head, "", ""]).encode() + sent


def pressed(
    url: str,
    sent: bytes | Sequence[bytes] = b"",
    *,
    seconds_s: float,
    answers_max: int = 1_000_000,
    connections: int = 8,
) -> Load:
    """Call `url` again and again on each connection: GET, or POST where JSON is sent.

    Args:
        sent: One body, or several that are sent in turn.
        seconds_s: How long, if `answers_max` have not come before.

    Raises:
        ConnectionError: An answer is no 200, or a connection was closed.
        TimeoutError: No answer came for half a minute.
    """
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    bodies = [sent] if isinstance(sent, bytes) else sent
    requests = cycle([_request(target, parts.netloc, body) for body in bodies])
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    latencies_s: list[float] = []
    with selectors.DefaultSelector() as waiting, ExitStack() as opened:

        def connected() -> socket.socket:
            line = opened.enter_context(socket.create_connection(address, TIMEOUT_S))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return line

        lines = [_Line(connected()) for _ in range(connections)]
        for one in lines:
            waiting.register(one.line, selectors.EVENT_READ, one)
        begun_s = time.perf_counter()
        for one in lines:
            one.ask(next(requests))
        until_s = begun_s + seconds_s
        while len(latencies_s) < min(2, answers_max) or (
            time.perf_counter() < until_s and len(latencies_s) < answers_max
        ):
            ready = waiting.select(TIMEOUT_S)
            if not ready:
                raise TimeoutError(f"No answer of {url} for {TIMEOUT_S:.0f} s.")
            for key, _ in ready:
                one = key.data
                if one.is_whole():
                    latencies_s.append(time.perf_counter() - one.asked_s)
                    size = len(one.came)
                    if one.is_last:
                        waiting.unregister(one.line)
                        one.line.close()
                        one.line = connected()
                        waiting.register(one.line, selectors.EVENT_READ, one)
                    one.ask(next(requests))
        took_s = time.perf_counter() - begun_s
    return Load(took_s, size, latencies_s)
