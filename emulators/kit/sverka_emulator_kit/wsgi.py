"""How WSGI says a request, and how it takes a reply."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.sansio.utils import get_current_url, get_host
from werkzeug.wsgi import get_input_stream

from sverka_emulator_kit.messages import Reply, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TAKES_HEADER = "X-Emulator-Takes-S"
"""Tells a caller in virtual time how long the call took; nobody waits for it."""

ODD_HEADERS = "sverka.odd_headers"
"""Key of the WSGI environment with the headers that have an underscore, by lower-case name."""

SAFE = "/!$&'()*+,;=:@ []"
"""What a path may have unencoded, or what servers have let through."""

BARE = frozenset(("CONTENT_TYPE", "CONTENT_LENGTH"))
"""Headers whose keys have no prefix."""


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


def read(environ: "WSGIEnvironment") -> Request:
    """A request with its raw path: that of WSGI is already decoded."""
    path, _, query = _raw_target(environ).partition("#")[0].partition("?")
    host = environ.get("HTTP_HOST")
    server = _server(environ) if host is None else None
    return Request(
        verb=environ["REQUEST_METHOD"].upper(),
        path=path,
        query=query,
        headers=_headers(environ),
        body=get_input_stream(environ).read(),
        peer=environ.get("REMOTE_ADDR") or "127.0.0.1",
        origin=_origin(environ.get("wsgi.url_scheme", "http"), host, server),
    )


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    named = _header_keys(tuple(environ))
    sent = {name: value for name, key in named if (value := environ[key]) or key not in BARE}
    odd: dict[str, str] = environ.get(ODD_HEADERS, {})
    return {**sent, **odd} if odd else sent


@lru_cache(maxsize=256)
def _header_keys(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Names of headers and their keys: a client sends the same ones again and again."""
    return [
        (key.removeprefix("HTTP_").replace("_", "-").lower(), key)
        for key in keys
        if key in BARE or (key.startswith("HTTP_") and key.removeprefix("HTTP_") not in BARE)
    ]


def _server(environ: "WSGIEnvironment") -> tuple[str, int | None] | None:
    name, port = environ.get("SERVER_NAME"), str(environ.get("SERVER_PORT", ""))
    return (name, int(port) if port.isdecimal() else None) if name else None


@lru_cache(maxsize=256)
def _origin(scheme: str, host: str | None, server: tuple[str, int | None] | None) -> str:
    return get_current_url(scheme, get_host(scheme, host, server)).rstrip("/")


def _raw_target(environ: "WSGIEnvironment") -> str:
    target: str = environ.get("REQUEST_URI") or environ.get("RAW_URI", "")
    if not target:
        query = environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"]
        if "%" in path or not path.isascii():
            # It is decoded already, and will be once more.
            path = quote(path.encode("latin-1"), SAFE)
        target = path + ("?" + query if query else "")
    # A raw UTF-8 target reaches WSGI as latin-1.
    return "/" + target.split("://", 1)[-1].split("/", 1)[-1] if "://" in target[:8] else target


def sent(
    reply: Reply, environ: "WSGIEnvironment", start: "StartResponse", *, tell_time: bool
) -> Iterable[bytes]:
    """Send a reply, without Werkzeug where it would change nothing.

    Args:
        tell_time: Tell in a header how long the call took.
    """
    if reply.headers or reply.rest or reply.cut_at is not None or reply.status in BODILESS:
        return response(reply, tell_time=tell_time)(environ, start)
    headers = [("Content-Type", reply.content_type)]
    if tell_time and reply.takes_s:
        headers.append((TAKES_HEADER, str(reply.takes_s)))
    headers.append(("Content-Length", str(len(reply.body))))
    start(_status(reply.status), headers)
    return [reply.body]


BODILESS = frozenset((*range(100, 200), 204, 304))


@lru_cache(maxsize=512)
def _status(code: int) -> str:
    return Response(status=code).status


def response(reply: Reply, *, tell_time: bool) -> Response:
    """The same as Flask's response."""
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
