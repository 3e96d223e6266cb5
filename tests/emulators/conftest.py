"""Strangers, who send what nobody should, and guests: real clients, each in a process of its own.

What a stranger sends goes through the whole door, so that a traceback of the door's is one too.

Guests speak other languages and newer Pythons. What a guest needs is a tool of this machine and, of
most, packages, installed once and kept. A test without its tool is skipped, unless
`SVERKA_REQUIRE` names it: `SVERKA_REQUIRE=node,php`.
"""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.system import System
from sverka_emulator_kit.wsgi import ODD_HEADERS

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sverka-guests"
GUEST_S = 120
"""No guest talks longer."""

LINE_S = 30
"""A line that says nothing for so long hangs."""


def through(app: Flask, request: Request) -> tuple[int, Headers, bytes]:
    """Status, headers and body that a request gets from the whole door."""
    environ = {
        "REQUEST_METHOD": request.verb,
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "REQUEST_URI": request.path + (f"?{request.query}" if request.query else ""),
        "REMOTE_ADDR": request.peer,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        ODD_HEADERS: {},
    }
    for name, value in request.headers.items():
        # WSGI carries bytes as latin-1.
        sent = value.encode().decode("latin-1")
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = sent
    told, line, headers = run_wsgi_app(app, environ, buffered=True)
    return int(line.split(" ")[0]), headers, b"".join(told)


def is_readable(headers: Headers, body: bytes) -> bool:
    """Whether the body is what its type says, and no header breaks out of its line."""
    kind = headers.get("Content-Type", "")
    if body and kind.startswith("application/json"):
        json.loads(body)
    elif body and "xml" in kind:
        ElementTree.fromstring(body)
    return b"Traceback" not in body and not any(
        mark in value for _, value in headers for mark in "\r\n\0"
    )


@pytest.fixture(scope="session")
def bombard() -> Callable[..., None]:
    """Sends what a stranger draws, through the door, a second after each other.

    Held calls are answered 503: nobody waits here.
    """

    def bombard(
        system: System, draw: Callable[[], Request], count: int, statuses: Collection[int]
    ) -> None:
        app = build_app(system, hold=lambda _: Reply(503))
        # An error of ours is no page, it ends the test.
        app.testing = True
        for _ in range(count):
            request = draw()
            status, headers, body = through(app, request)
            assert status in statuses, request
            assert is_readable(headers, body), request
            system.clock.advance(1)

    return bombard


@pytest.fixture(scope="session")
def said() -> Callable[..., tuple[int, str, bytes]]:
    """Says raw bytes to a port; tells status, head and body, status 0 if it was hung up.

    A head that ends in one line's end gets the usual headers, and leaves the line after its
    answer. After any other comes a call that leaves it, so that a live server never stays silent.
    """

    def say(port: int, head: str, body: bytes = b"", host: str = "localhost") -> Any:
        raw = head.encode("utf-8", "surrogateescape")
        usual = f"Host: {host}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        raw += (usual if not head.endswith("\r\n\r\n") else f"GET / HTTP/1.1\r\n{usual}").encode()
        answer = b""
        with socket.create_connection(("127.0.0.1", port), timeout=LINE_S) as line:
            with suppress(ConnectionError):
                line.sendall(raw)
                line.sendall(body)
            with suppress(ConnectionError):
                while chunk := line.recv(65_536):
                    answer += chunk
        top, _, rest = answer.partition(b"\r\n\r\n")
        return int(top.split(b" ", 2)[1]) if top else 0, top.decode("latin-1"), rest

    return say


def lacking(tool: str, why: str) -> NoReturn:
    """Skip the test, or fail it where the tool is required."""
    text = f"{tool}: {why}. Install it, or take it out of SVERKA_REQUIRE."
    if tool in os.environ.get("SVERKA_REQUIRE", "").split(","):
        pytest.fail(text)
    pytest.skip(text)


def found(tool: str) -> str:
    """The tool's path, if it also starts: a version manager leaves names that lead nowhere."""
    path = shutil.which(tool)
    if path is None:
        lacking(tool, "is not on this machine")
    started = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if started.returncode:
        lacking(tool, f"does not start: {started.stderr.strip()[:200]}")
    return path


def installed(tool: str, name: str, command: Callable[[Path], Sequence[str]]) -> Path:
    """The folder that `command` filled, now or in an earlier run."""
    folder = CACHE / f"{tool}-{name.replace('/', '_').replace(' ', '_')}"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(dir=CACHE))
    done = subprocess.run(command(fresh), capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(fresh)
        lacking(tool, f"{name} cannot be installed: {done.stderr.strip()[-300:]}")
    # Whoever comes second finds the folder of the first, which is as good.
    with suppress(OSError):
        fresh.rename(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    return folder


def answer(command: Sequence[str], facts: Any, env: dict[str, str], cwd: Path | None = None) -> Any:
    """What a guest prints as JSON when it is told `facts` as JSON."""
    done = subprocess.run(
        command,
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        timeout=GUEST_S,
        check=False,
        cwd=cwd,
        env={**os.environ, "NO_PROXY": "*", **env},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def python_guest() -> Callable[..., Any]:
    """Runs a program of a newer Python with one client installed."""

    def run(python: str, client: str, program: Path, facts: Any, **env: str) -> Any:
        tool = found(python)
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", tool, "install", "--target"]
        packages = installed(python, client, lambda folder: [*pip, str(folder), client])
        return answer([tool, str(program)], facts, {**env, "PYTHONPATH": str(packages)})

    return run


@pytest.fixture(scope="session")
def node_guest() -> Callable[..., Any]:
    """Runs a module of node with one package installed."""

    def run(package: str, program: Path, facts: Any, **env: str) -> Any:
        node, npm = found("node"), found("npm")
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        packages = installed(
            "node",
            package,
            lambda folder: [npm, "install", *quiet, "--prefix", str(folder), package],
        )
        command = [node, "--input-type=module", "--eval", program.read_text()]
        return answer(command, facts, env, cwd=packages)

    return run


@pytest.fixture(scope="session")
def php_guest() -> Callable[..., Any]:
    """Runs a script of PHP, which needs nothing but its own curl."""

    def run(program: Path, facts: Any) -> Any:
        return answer([found("php"), str(program)], facts, {})

    return run


@pytest.fixture(scope="session")
def curl() -> Callable[..., Any]:
    """Runs curl and reads its answer as JSON."""
    path = found("curl")
    return lambda *arguments: answer([path, "--silent", *arguments], None, {})
