"""An emulated system for tests: behind real sockets, elsewhere, or with no socket at all.

Flask, httpx and requests are imported when they are asked for: a test run that needs no emulator
pays nothing for the plugin.
"""

import io
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    import httpx
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from requests.adapters import BaseAdapter

    from sverka_emulator_kit.serve import Served
    from sverka_emulator_kit.system import Records, System

QUICK = 0.001
"""Pace of a system in tests: a call takes no time that anybody would notice."""


class Emulator(Protocol):
    """One emulated system, wherever it runs.

    Attributes:
        url: The root of its server, `http://127.0.0.1:40123`.
    """

    @property
    def url(self) -> str: ...

    def reset(self) -> None:
        """Back to the seed: what other tests did is gone."""
        ...

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in the system's own window."""
        ...

    def records(self) -> "Records":
        """All records: entity → key → field → value."""
        ...

    def gauges(self) -> Mapping[str, Any]:  # Any: JSON
        """Levels and settings, as `GET /_emulator/` tells them."""
        ...


@dataclass(slots=True)
class Here:
    """A system in this process, behind real sockets of its own; under xdist one a worker."""

    system: "System"
    served: "Served"
    lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def started(cls, system: "System") -> "Here":
        """Serve a system on any free port."""
        from sverka_emulator_kit.clock import WallClock
        from sverka_emulator_kit.door import build_app
        from sverka_emulator_kit.serve import serve

        lock = threading.RLock()
        clock = system.clock if isinstance(system.clock, WallClock) else None
        return cls(system, serve(build_app(system, lock), clock=clock, lock=lock), lock)

    @property
    def url(self) -> str:
        return self.served.url

    def reset(self) -> None:
        with self.lock:
            self.system.reset()

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        with self.lock:
            return self.system.act(name, params, user)

    def records(self) -> "Records":
        with self.lock:
            return self.system.records()

    def gauges(self) -> Mapping[str, Any]:  # Any: JSON
        with self.lock:
            return self.system.gauges()


class Elsewhere:
    """A system that runs in another process, by its control plane."""

    def __init__(self, url: str) -> None:
        import httpx

        parts = urlsplit(url)
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._client = httpx.Client(base_url=f"{self.url}/_emulator", trust_env=False)

    def reset(self) -> None:
        self._asked("POST", "/reset")

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        order = {"name": name, "params": dict(params), "user": user}
        return self._asked("POST", "/act", order)["result"]

    def records(self) -> "Records":
        found: Records = self._asked("GET", "/records")
        return found

    def gauges(self) -> Mapping[str, Any]:  # Any: JSON
        told: Mapping[str, Any] = self._asked("GET", "/")
        return told

    def close(self) -> None:
        self._client.close()

    def _asked(self, verb: str, path: str, body: object = None) -> Any:  # Any: JSON
        answer = self._client.request(verb, path, json=body if body is not None else {})
        told = answer.json()
        if answer.is_error:
            raise ValueError(f"{self.url}/_emulator{path} refused: {told['error']}")
        return told


def transport(system: "System") -> "httpx.WSGITransport":
    """For `httpx.Client(transport=…)`: calls reach the system without a socket."""
    import httpx

    from sverka_emulator_kit.door import build_app

    app = build_app(system)

    def enter(environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        # httpx decodes the path to text; WSGI carries bytes, and the door wants the raw target.
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        environ["PATH_INFO"] = path.encode().decode("latin-1")
        environ["REQUEST_URI"] = quote(path, safe="/()',=$:@") + (f"?{query}" if query else "")
        return app(environ, start)

    return httpx.WSGITransport(app=enter)


def adapter(system: "System") -> "BaseAdapter":
    """For `requests.Session.mount`: calls reach the system without a socket."""
    import httpx
    import requests
    from requests.adapters import BaseAdapter

    client = httpx.Client(transport=transport(system))

    class InProcess(BaseAdapter):
        def send(self, request: Any, **_: object) -> Any:  # type: ignore[override]  # its options are about sockets; Any: requests
            came = client.request(
                request.method, request.url, headers=request.headers, content=request.body
            )
            reply = requests.Response()
            reply.status_code, reply.reason = came.status_code, came.reason_phrase
            reply.headers.update(came.headers)
            reply.encoding = requests.utils.get_encoding_from_headers(reply.headers)
            reply.raw, reply.url, reply.request = io.BytesIO(came.content), request.url, request
            return reply

        def close(self) -> None:
            client.close()

    return InProcess()
