"""How calls reach the emulated systems: directly, through Flask, or through real sockets.

Nothing else differs: one scenario has the same verdict on every road.
"""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import httpx

from sverka.asks import NoReply, Request, Response
from sverka.drivers.simulated import Later, Remote
from sverka_emulator_kit import messages
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.held import Held
from sverka_emulator_kit.serve import Served, serve
from sverka_emulator_kit.system import System
from sverka_emulator_kit.wsgi import TAKES_HEADER, ReplyCut

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CUT = NoReply("the connection closed before the reply was whole")


class Road(Protocol):
    """The way to one system; a context manager.

    Attributes:
        origin: Scheme, host and port under which the system is met.
        alias: Another address that leads to the same system.
    """

    origin: str
    alias: str

    def carry(self, request: Request) -> Remote | Later: ...

    def close(self) -> None: ...


def remote(reply: messages.Reply) -> Remote:
    """A reply as the core's driver takes it."""
    if reply.cut_at is not None:
        return Remote(CUT, reply.takes_s)
    headers = {name.lower(): value for name, value in reply.headers}
    headers["content-type"] = reply.content_type
    body = b"".join((reply.body, *reply.rest))
    return Remote(Response(reply.status, body, headers), reply.takes_s)


def later(held: Held, system: System) -> Later:
    """A held call, to be answered on the clock's heap."""
    return Later(lambda tell: held.then(system.clock, lambda reply: tell(remote(reply))))


class DirectRoad:
    """Calls the system in this process: no sockets, no Flask, the same bytes."""

    def __init__(self, system: System, host: str) -> None:
        self._system = system
        self.origin = f"https://{host}"
        self.alias = f"https://new.{host}"

    def carry(self, request: Request) -> Remote | Later:
        target = urlsplit(request.url)
        reply = self._system.answer(
            messages.Request(
                verb=request.verb,
                path=target.path,
                query=target.query,
                headers={name.lower(): value for name, value in request.headers.items()},
                body=request.body,
                origin=f"{target.scheme}://{target.netloc}",
            )
        )
        if isinstance(reply, Held):
            return later(reply, self._system)
        assert isinstance(reply, messages.Reply), f"{request.name}: the core opens no WebSocket"
        return remote(reply)

    def close(self) -> None:
        """Nothing was opened."""


class HttpRoad:
    """Calls the system through its door with httpx, straight at the transport.

    A held call comes back at once, and its answer past the door: who moves the clock cannot wait.
    """

    def __init__(self, transport: httpx.BaseTransport, origin: str, system: System) -> None:
        self._transport = transport
        self._system = system
        self._held: Held | None = None
        self.origin = origin
        self.alias = origin.replace("127.0.0.1", "localhost").replace("https://", "https://new.")

    def carry(self, request: Request) -> Remote | Later:
        try:
            reply = self._transport.handle_request(
                httpx.Request(
                    request.verb, request.url, headers=request.headers, content=request.body
                )
            )
            body = reply.read()
        except (httpx.HTTPError, ReplyCut):
            return Remote(CUT, 0.0)
        held, self._held = self._held, None
        if held is not None:
            return later(held, self._system)
        headers = dict(reply.headers)
        takes_s = float(reply.headers.get(TAKES_HEADER, 0.0))
        return Remote(Response(reply.status_code, body, headers), takes_s)

    def hold(self, held: Held) -> messages.Reply:
        self._held = held
        return messages.Reply(202)

    def close(self) -> None:
        self._transport.close()


class FlaskRoad(HttpRoad):
    """Through Flask in this process, without a socket."""

    def __init__(self, system: System, host: str) -> None:
        app = build_app(system, threading.RLock(), hold=self.hold)

        def enter(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            # httpx decodes the path, where WSGI wants bytes as latin-1.
            environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
            environ["REQUEST_URI"] = self._target
            return app.wsgi_app(environ, start)

        super().__init__(httpx.WSGITransport(enter), f"https://{host}", system)
        self._target = ""

    def carry(self, request: Request) -> Remote | Later:
        self._target = "/" + request.url.split("/", 3)[3]
        return super().carry(request)


class SocketRoad(HttpRoad):
    """Serves the system with Flask on waitress and calls it over real sockets."""

    def __init__(self, system: System, host: str) -> None:
        self._served: Served = serve(build_app(system, threading.RLock(), hold=self.hold))
        super().__init__(httpx.HTTPTransport(), self._served.url, system)

    def close(self) -> None:
        super().close()
        self._served.stop()


ROADS: dict[str, Callable[[System, str], Road]] = {
    "direct": DirectRoad,
    "flask": FlaskRoad,
    "sockets": SocketRoad,
}
