"""How calls reach the emulated systems: directly, or through real sockets. Nothing else differs."""

import threading
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from sverka.asks import NoReply, Request, Response
from sverka.drivers.simulated import Remote
from sverka_emulator_kit import messages
from sverka_emulator_kit.door import TAKES_HEADER, build_app
from sverka_emulator_kit.serve import Served, serve
from sverka_emulator_kit.system import System

CUT = NoReply("the connection closed before the reply was whole")


class Road(Protocol):
    """The way to one system; a context manager.

    Attributes:
        origin: Scheme, host and port under which the system is met.
    """

    origin: str

    def carry(self, request: Request) -> Remote: ...

    def close(self) -> None: ...


class DirectRoad:
    """Calls the system in this process: no sockets, no Flask, the same bytes."""

    def __init__(self, system: System, host: str) -> None:
        self._system = system
        self.origin = f"https://{host}"

    def carry(self, request: Request) -> Remote:
        target = urlsplit(request.url)
        reply = self._system.answer(
            messages.Request(
                verb=request.verb,
                path=target.path,
                query=target.query,
                headers={name.lower(): value for name, value in request.headers.items()},
                body=request.body,
                origin=self.origin,
            )
        )
        if reply.cut_at is not None:
            return Remote(CUT, reply.takes_s)
        headers = {"content-type": reply.content_type}
        return Remote(Response(reply.status, reply.body, headers), reply.takes_s)

    def close(self) -> None:
        """Nothing was opened."""


class SocketRoad:
    """Serves the system with Flask on waitress and calls it with httpx, over real sockets."""

    def __init__(self, system: System, host: str) -> None:
        self._served: Served = serve(build_app(system, threading.RLock()))
        self._client = httpx.Client(trust_env=False)
        self.origin = self._served.url

    def carry(self, request: Request) -> Remote:
        try:
            reply = self._client.request(
                request.verb, request.url, headers=dict(request.headers), content=request.body
            )
        except httpx.HTTPError:
            return Remote(CUT, 0.0)
        headers = {"content-type": reply.headers.get("content-type", "")}
        takes_s = float(reply.headers.get(TAKES_HEADER, 0.0))
        return Remote(Response(reply.status_code, reply.content, headers), takes_s)

    def close(self) -> None:
        self._client.close()
        self._served.stop()


ROADS: dict[str, Callable[[System, str], Road]] = {"direct": DirectRoad, "sockets": SocketRoad}
