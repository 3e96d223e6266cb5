"""Real sockets: waitress on loopback, and a TLS listener before it with a local CA."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from sverka_emulator_kit.channel import OddChannel, Peer
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.websocket import WebSocket

PUMP_S = 0.05
CHUNK = 65_536
THREADS = 24
"""A held call takes one while it lasts; a WebSocket takes none."""


@dataclass(slots=True)
class Served:
    """A running server.

    Attributes:
        url: Plain root, `http://127.0.0.1:8024`.
        tls_url: TLS root, `https://localhost:8443`, None without TLS.
        ca_file: The CA's certificate in PEM for clients to trust, None without TLS.
    """

    url: str
    tls_url: str | None = None
    ca_file: Path | None = None
    _stops: list[Callable[[], None]] = field(default_factory=list)

    def facts(self, path: str = "", **own: str) -> dict[str, str | None]:
        """What a command prints of it; what does not apply is None.

        Args:
            path: Where the system lies under the root, `/unf`.
            own: Any of `webhook`, `key`, `user`, `password`.
        """
        return {
            "url": self.url + path,
            "tls_url": self.tls_url + path if self.tls_url else None,
            "ca_file": str(self.ca_file) if self.ca_file else None,
            "control_url": f"{self.url}/_emulator/",
            **{name: own.get(name) for name in ("webhook", "key", "user", "password")},
        }

    def stop(self) -> None:
        while self._stops:
            self._stops.pop()()

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def console_of(facts: Mapping[str, str | None]) -> str:
    """Address of the console in the browser of a system with these facts."""
    return f"{facts['control_url']}console/"


class LocalAuthority:
    """A certificate authority for one run. Its key never leaves the process."""

    def __init__(self) -> None:
        # Ten MB of memory that only who wants TLS needs.
        import trustme

        self._ca = trustme.CA(organization_name="Sverka emulators, local")
        self._folder = tempfile.TemporaryDirectory(prefix="sverka-ca-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.ca_file))

    def context(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names).configure_cert(context)
        return context

    def close(self) -> None:
        self._folder.cleanup()


def serve(
    app: Flask,
    *,
    port: int = 0,
    tls_port: int | None = None,
    authority: LocalAuthority | None = None,
    tls_names: Sequence[str] = (),
    clock: WallClock | None = None,
    lock: AbstractContextManager[bool] | None = None,
) -> Served:
    """Serve `app` on loopback in threads of its own until `stop`.

    Args:
        port: Plain port, 0 for any free one.
        tls_port: TLS port, 0 for any, None for no TLS; needs an `authority`.
        tls_names: Names for the certificate besides this machine's, for clients with a fixed host.
        clock: Its due timers are done under `lock` even when nobody calls.

    Raises:
        OSError: A port is taken; nothing is left running.
    """
    # A cut reply is an exception inside waitress, and meant.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    sockets: dict[int, Any] = {}  # Any: waitress ships no types
    # Opened here: waitress starts its threads first, and leaves them when the port is taken.
    server = create_server(
        app,
        map=sockets,
        sockets=[listener(port)],
        threads=THREADS,
        # Else it would not be seen that the caller of a held call has left.
        channel_request_lookahead=1,
    )
    tls_peers: set[Peer] = set()
    server.channel_class, server.tls_peers = OddChannel, tls_peers
    server.on_gone = WebSocket.gone
    thread = threading.Thread(target=server.run, daemon=True, name="waitress")
    thread.start()

    def stop() -> None:
        # A system's lock is never waited for under the trigger's: its holder may want that one.
        left: list[WebSocket] = []
        server.on_gone = left.append
        # Closed in the loop's own thread: its select must not hold a closed socket.
        # The lock keeps the loop from closing the trigger before it is pulled.
        with server.trigger.lock:
            server.trigger.thunks.append(lambda: wasyncore.close_all(sockets, ignore_all=True))
            server.trigger.pull_trigger()
        thread.join(timeout=5)
        for line in left:
            line.gone()
        server.task_dispatcher.shutdown()

    served = Served(f"http://127.0.0.1:{server.effective_port}", _stops=[stop])
    if tls_port is not None and authority is not None:
        try:
            context = authority.context("localhost", "127.0.0.1", *tls_names)
            terminator = TlsTerminator(server.effective_port, tls_port, context, tls_peers)
        except OSError:
            served.stop()
            raise
        served.tls_url = f"https://localhost:{terminator.port}"
        served.ca_file = authority.ca_file
        served._stops.append(terminator.stop)
    if clock is not None:
        served._stops.append(pump(clock, lock or threading.RLock()))
    return served


def listener(port: int) -> socket.socket:
    """A socket that has taken a port of loopback, 0 for any free one."""
    opened = socket.socket()
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(("127.0.0.1", port))
    except OSError:
        opened.close()
        raise
    return opened


def until_stopped() -> Callable[[], None]:
    """Catch Ctrl-C and SIGTERM from now on; returns what waits for one of them."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())

    def wait() -> None:
        # Windows delivers signals only between waits.
        while not stopped.wait(1.0):
            pass

    return wait


def pump(clock: WallClock, lock: AbstractContextManager[bool]) -> Callable[[], None]:
    """Do a wall clock's due timers in a thread; returns what stops it."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(PUMP_S):
            if clock.is_due():
                with lock:
                    clock.run_due()

    thread = threading.Thread(target=run, daemon=True, name="clock-pump")
    thread.start()

    def stop() -> None:
        ended.set()
        thread.join(timeout=5)

    return stop


class TlsTerminator:
    """Takes TLS off and passes bytes on to the plain server, since waitress knows no TLS.

    Args:
        peers: Holds the addresses of its own connections to the plain server, while they last.
    """

    def __init__(
        self, plain_port: int, port: int, context: ssl.SSLContext, peers: set[Peer]
    ) -> None:
        self._plain_port = plain_port
        self._peers = peers
        self._loop = asyncio.new_event_loop()
        # A client that keeps its connection open says no farewell: do not wait long for one.
        start = asyncio.start_server(
            self._pass_on, "127.0.0.1", port, ssl=context, ssl_shutdown_timeout=0.5
        )
        try:
            self._server = self._loop.run_until_complete(start)
        except OSError:
            self._loop.close()
            raise
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="tls")
        self._thread.start()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._plain_port)
        peer = inner_writer.get_extra_info("sockname")
        # Before the first byte goes on: the server asks when it reads one.
        self._peers.add(peer)
        up = asyncio.create_task(_pump(reader, inner_writer))
        down = asyncio.create_task(_pump(inner_reader, writer))
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        self._peers.discard(peer)
        for task in (up, down):
            task.cancel()
        for end in (inner_writer, writer):
            end.close()
            with contextlib.suppress(OSError, ssl.SSLError, asyncio.CancelledError):
                await end.wait_closed()

    def stop(self) -> None:
        async def close() -> None:
            self._server.close()
            pending = asyncio.all_tasks() - {asyncio.current_task()}
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
