"""The door in front of a system: Flask turns HTTP into calls and back, and knows no rules."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.sansio.utils import get_current_url, get_host
from werkzeug.wrappers import Response as AnyResponse

from sverka_emulator_kit import bodies
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.console.page import Console
from sverka_emulator_kit.console.shell import console_pages
from sverka_emulator_kit.control import ROOT, control_plane
from sverka_emulator_kit.held import Held, Upgrade
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.system import System

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

S = TypeVar("S", bound=System)
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "MERGE", "HEAD", "OPTIONS"]
TAKES_HEADER = "X-Emulator-Takes-S"
"""Tells a caller in virtual time how long the call took; nobody waits for it."""

ODD_HEADERS = "sverka.odd_headers"
"""Key of the WSGI environment with the headers that have an underscore, by lower-case name."""

UPGRADE = "sverka.upgrade"
"""Key of the WSGI environment with what opens a WebSocket; servers that cannot have none."""

LOOK_S = 0.05
"""How often a held call looks whether its caller is still there, in seconds."""

UNHEARD = Reply(503, b"The caller has left.", "text/plain; charset=utf-8")
NO_SOCKETS = Reply(501, b"This server opens no WebSockets.", "text/plain; charset=utf-8")


class ReplyCut(ConnectionError):
    """Raised inside a reply's stream so that the server closes the connection."""


class RawResponse(Response):
    """Sends `Location` as the system wrote it; Werkzeug would percent-encode it.

    Only behind our own server: callers of WSGI in this process may take nothing but ASCII.
    """

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        headers = super().get_wsgi_headers(environ)
        if "Location" in self.headers and ODD_HEADERS in environ:
            # WSGI carries bytes as latin-1.
            headers["Location"] = self.headers["Location"].encode().decode("latin-1")
        return headers


def build_app(
    system: S,
    lock: AbstractContextManager[bool] | None = None,
    console: Console[S] | None = None,
    hold: Callable[[Held], Reply] | None = None,
) -> Flask:
    """A WSGI application over `system`; systems on one clock share one `lock`.

    Args:
        console: The pages at `/_emulator/console/`, None for none.
        hold: For a caller who moves the clock himself and so cannot wait: takes a held call, and
            returns what is answered meanwhile.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    lock = lock or threading.RLock()
    states = NamedStates(system)
    plane = control_plane(system, lock, states)
    pages = console_pages(console, system, lock, states) if console else None

    def enter(path: str = "") -> AnyResponse:
        if f"/{path}/".startswith(f"{ROOT}/"):
            below = f"/{path}".removeprefix(ROOT)
            return (pages and pages(below)) or plane(below)
        with lock:
            asked = read_request()
            if told := bodies.excess(asked.body):
                return Response(told, 413, content_type="text/plain; charset=utf-8")
            if isinstance(system.clock, WallClock):
                system.clock.run_due()
            answer = system.answer(asked)
            if isinstance(answer, Upgrade):
                return _upgraded(answer, lock)
            if hold is not None and isinstance(answer, Held):
                answer = hold(answer)
            coming = _coming(answer, system, lock)
        reply = coming()
        system.clock.wait(reply.takes_s)
        return write_reply(reply, tell_time=system.clock.is_virtual)

    for rule, endpoint in (("/", "root"), ("/<path:path>", "door")):
        app.add_url_rule(
            rule,
            endpoint,
            enter,
            methods=VERBS,
            provide_automatic_options=False,
            strict_slashes=False,
        )
    return app


def _coming(
    answer: Reply | Held, system: System, lock: AbstractContextManager[bool]
) -> Callable[[], Reply]:
    """What waits for the reply: a held call's comes by the system's clock or when it stirs."""
    if isinstance(answer, Reply):
        return lambda: answer
    came: queue.SimpleQueue[Reply] = queue.SimpleQueue()
    forget = answer.then(system.clock, came.put)
    has_left: Callable[[], bool] = request.environ.get(
        "waitress.client_disconnected", lambda: False
    )

    def wait() -> Reply:
        while True:
            try:
                return came.get(timeout=LOOK_S)
            except queue.Empty:
                with lock:
                    if isinstance(system.clock, WallClock):
                        system.clock.run_due()
                    if has_left():
                        forget()
                        return UNHEARD

    return wait


def _upgraded(answer: Upgrade, lock: AbstractContextManager[bool]) -> Response:
    opens: Callable[..., Reply] = request.environ.get(UPGRADE, lambda *_: NO_SOCKETS)
    return write_reply(opens(answer, lock), tell_time=False)


def read_request() -> Request:
    """The present Flask request with its raw path: Werkzeug's is already decoded."""
    environ = request.environ
    path, _, query = _raw_target(environ).partition("#")[0].partition("?")
    odd: dict[str, str] = environ.get(ODD_HEADERS, {})
    return Request(
        verb=request.method,
        path=path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()} | odd,
        body=request.get_data(cache=False),
        peer=request.remote_addr or "127.0.0.1",
        origin=_origin(request.scheme, environ.get("HTTP_HOST"), request.server),
    )


@lru_cache(maxsize=256)
def _origin(scheme: str, host: str | None, server: tuple[str, int | None] | None) -> str:
    return get_current_url(scheme, get_host(scheme, host, server)).rstrip("/")


def _raw_target(environ: "WSGIEnvironment") -> str:
    target: str = environ.get("REQUEST_URI") or environ.get("RAW_URI", "")
    if not target:
        query = request.query_string.decode("latin-1")
        target = environ["PATH_INFO"] + ("?" + query if query else "")
    # A raw UTF-8 target reaches WSGI as latin-1.
    return "/" + target.split("://", 1)[-1].split("/", 1)[-1] if "://" in target[:8] else target


def write_reply(reply: Reply, *, tell_time: bool) -> Response:
    headers = {"Content-Type": reply.content_type, **dict(reply.headers)}
    if tell_time and reply.takes_s:
        headers[TAKES_HEADER] = str(reply.takes_s)
    if reply.cut_at is None and reply.rest:
        return RawResponse(chain((reply.body,), reply.rest), reply.status, headers)
    if reply.cut_at is None:
        return RawResponse(reply.body, reply.status, headers)
    headers["Content-Length"] = str(max(len(reply.body), reply.cut_at + 2))
    return RawResponse(_cut(reply), reply.status, headers)


def _cut(reply: Reply) -> Iterator[bytes]:
    # WSGI sends no headers without a first byte, so a lost reply still shows its head.
    yield reply.body[: max(reply.cut_at or 0, 1)] or b" "
    raise ReplyCut("the reply was cut by an injected trouble")
