"""The door in front of a system: HTTP becomes calls and back; it knows no rules.

A plain call goes straight to the system. Flask has the rest: the control plane, the console, odd
requests, and what is said when something breaks.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, request
from werkzeug.wrappers import Response as AnyResponse

from sverka_emulator_kit import bodies, wsgi
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.console.page import Console
from sverka_emulator_kit.console.shell import console_pages
from sverka_emulator_kit.control import ROOT, control_plane
from sverka_emulator_kit.held import Held, Upgrade
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.system import System

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

S = TypeVar("S", bound=System)
ReplyTo = Callable[[Request, "WSGIEnvironment"], Reply]
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "MERGE", "HEAD", "OPTIONS"]
PLAIN_VERBS = frozenset(VERBS) - {"HEAD"}

UPGRADE = "sverka.upgrade"
"""Key of the WSGI environment with what opens a WebSocket; servers that cannot have none."""

BROKEN = "sverka.broken"
"""Key of the WSGI environment with the error that ended a plain call."""

LOOK_S = 0.05
"""How often a held call looks whether its caller is still there, in seconds."""

TEXT = "text/plain; charset=utf-8"
UNHEARD = Reply(503, b"The caller has left.", TEXT)
NO_SOCKETS = Reply(501, b"This server opens no WebSockets.", TEXT)


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
    reply_to = _asker(system, lock, hold)

    def enter(path: str = "") -> AnyResponse:
        if f"/{path}/".startswith(f"{ROOT}/"):
            below = f"/{path}".removeprefix(ROOT)
            return (pages and pages(below)) or plane(below)
        if error := request.environ.get(BROKEN):
            raise error
        reply = reply_to(wsgi.read(request.environ), request.environ)
        return wsgi.response(reply, tell_time=system.clock.is_virtual)

    for rule, endpoint in (("/", "root"), ("/<path:path>", "door")):
        app.add_url_rule(
            rule,
            endpoint,
            enter,
            methods=VERBS,
            provide_automatic_options=False,
            strict_slashes=False,
        )
    # Flask's own way to put something before it.
    app.wsgi_app = _straight(system, reply_to, app.wsgi_app)  # type: ignore[method-assign,assignment]  # a method
    return app


def _straight(system: System, reply_to: ReplyTo, flask: "WSGIApplication") -> "WSGIApplication":
    """What lets plain calls pass Flask by."""

    def enter(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if not is_plain(environ):
            return flask(environ, start)
        try:
            reply = reply_to(wsgi.read(environ), environ)
        except Exception as error:  # noqa: BLE001  # Flask says what it is, and logs it
            environ[BROKEN] = error
            return flask(environ, start)
        return wsgi.sent(reply, environ, start, tell_time=system.clock.is_virtual)

    return enter


def is_plain(environ: "WSGIEnvironment") -> bool:
    """Whether Flask would only hand this call on to the system."""
    path: str = environ.get("PATH_INFO", "")
    return (
        environ.get("REQUEST_METHOD") in PLAIN_VERBS
        and path[:1] == "/" != path[1:2]
        and not path.startswith(ROOT)
        and path.isascii()
        and path.isprintable()
        and "HTTP_UPGRADE" not in environ
    )


def _asker(
    system: System,
    lock: AbstractContextManager[bool],
    hold: Callable[[Held], Reply] | None,
) -> ReplyTo:
    def reply_to(asked: Request, environ: "WSGIEnvironment") -> Reply:
        if told := bodies.excess(asked.body):
            return Reply(413, told.encode(), TEXT)
        with lock:
            if isinstance(system.clock, WallClock):
                system.clock.run_due()
            answer = system.answer(asked)
            if isinstance(answer, Upgrade):
                opens: Callable[..., Reply] = environ.get(UPGRADE, lambda *_: NO_SOCKETS)
                return opens(answer, lock)
            if hold is not None and isinstance(answer, Held):
                answer = hold(answer)
            coming = _coming(answer, system, environ, lock)
        reply = coming()
        system.clock.wait(reply.takes_s)
        return reply

    return reply_to


def _coming(
    answer: Reply | Held,
    system: System,
    environ: "WSGIEnvironment",
    lock: AbstractContextManager[bool],
) -> Callable[[], Reply]:
    """What waits for the reply: a held call's comes by the system's clock or when it stirs."""
    if isinstance(answer, Reply):
        return lambda: answer
    came: queue.SimpleQueue[Reply] = queue.SimpleQueue()
    forget = answer.then(system.clock, came.put)
    has_left: Callable[[], bool] = environ.get("waitress.client_disconnected", lambda: False)

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
