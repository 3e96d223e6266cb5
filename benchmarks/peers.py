"""Servers that are measured beside ours: how each is installed, started and asked.

Nothing of them is a dependency of the package: npm and pip put them into the user's cache, pinned.
Each runs on one core, and whoever presses it on another.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import portals

Rows = list[dict[str, Any]]  # Any: JSON
Ask = tuple[str, bytes | Sequence[bytes]]
"""Path, and JSON that is sent with it, if any; several are sent in turn."""
CACHE = Path.home() / ".cache" / "sverka-peers"
HERE = Path(__file__).parent
SERVER_CORE, LOAD_CORE = 0, 1
START_S, INSTALL_S = 120.0, 600.0
PAGE = 50


class Absent(RuntimeError):
    """A peer cannot be measured here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One server.

    Attributes:
        package: With its version, `""` for ours.
        by: What installs it: `npm`, `pip`, or `""`.
        command: From its port, its own folder, and where its package is.
        prepare: Writes what it serves into its folder: our rows.
        page: What is asked for a page of 50 rows, or for what comes nearest.
        entity: The same for one row, None if it has none of the same size.
        fill: Puts rows into the running server, by its root.
        walk: Pages of other rows in turn; None is the page again and again.
    """

    name: str
    package: str
    by: str
    command: Callable[[int, Path, Path], list[str]]
    page: Ask
    entity: Ask | None = None
    prepare: Callable[[Path, Rows], None] = lambda folder, rows: None
    fill: Callable[[str, Rows], None] = lambda root, rows: None
    walk: Ask | None = None


def _written(folder: Path, name: str, value: object) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _page(rows: Rows) -> object:
    """What our portal answers, cut at the first page."""
    return {"result": rows[:PAGE], "total": 0}


def _wiremock(folder: Path, rows: Rows) -> None:
    for name, value in (("page", _page(rows)), ("entity", {"result": rows[0]})):
        _written(folder, f"__files/{name}.json", value)
        answer = {"status": 200, "bodyFileName": f"{name}.json"}
        answer["headers"] = {"Content-Type": "application/json"}
        request = {"method": "GET", "urlPath": f"/{name}"}
        _written(folder, f"mappings/{name}.json", {"request": request, "response": answer})


def _json_server(folder: Path, rows: Rows) -> None:
    _written(folder, "db.json", {"deals": [{"id": int(row["ID"]), **row} for row in rows]})


def _mockoon(folder: Path, rows: Rows) -> None:
    bucket = {
        "uuid": "b1",
        "id": "deal",
        "name": "deals",
        "documentation": "",
        "value": json.dumps([{"id": row["ID"], **row} for row in rows], ensure_ascii=False),
    }
    answer = {
        "uuid": "a1",
        "body": "{}",
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [],
        "bodyType": "DATABUCKET",
        "filePath": "",
        "databucketID": "deal",
        "sendFileAsBody": False,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": False,
        "fallbackTo404": False,
        "default": True,
        "crudKey": "id",
        "callbacks": [],
    }
    route = {
        "uuid": "r1",
        "type": "crud",
        "documentation": "",
        "method": "",
        "endpoint": "deals",
        "responses": [answer],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }
    environment = {
        "uuid": "e1",
        "lastMigration": 33,
        "name": "deals",
        "endpointPrefix": "",
        "latency": 0,
        "port": 3000,
        "hostname": "127.0.0.1",
        "folders": [],
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": "r1"}],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "tlsOptions": {
            "enabled": False,
            "type": "CERT",
            "pfxPath": "",
            "certPath": "",
            "keyPath": "",
            "caPath": "",
            "passphrase": "",
        },
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [bucket],
        "callbacks": [],
    }
    _written(folder, "deals.json", environment)


def _prism(folder: Path, rows: Rows) -> None:
    def answered(example: object) -> object:
        media = {"schema": {"type": "object"}, "example": example}
        return {"200": {"description": "", "content": {"application/json": media}}}

    paths = {
        "/page": {"get": {"responses": answered(_page(rows))}},
        "/entity": {"get": {"responses": answered({"result": rows[0]})}},
    }
    document = {"openapi": "3.0.3", "info": {"title": "deals", "version": "1"}, "paths": paths}
    _written(folder, "openapi.json", document)


def _moto(root: str, rows: Rows) -> None:
    """Keys for a list of some 42 KB."""
    for path in ("/deals", *(f"/deals/deal-{number:06}" for number in range(140))):
        urlopen(Request(root + path, method="PUT", data=b"" if path == "/deals" else b"x")).read()


PYTHON = sys.executable
OURS = "/rest/1/benchmark/crm.deal."
KEYSET = {
    "filter": {">ID": 5000, ">DATE_CREATE": "2020-01-01"},
    "order": {"ID": "ASC"},
    "select": portals.OF_PAGE,
    "start": -1,
}
LISTED = (f"{OURS}list", json.dumps(KEYSET).encode())
WALKED = (
    f"{OURS}list",
    [
        json.dumps(KEYSET | {"filter": {**KEYSET["filter"], ">ID": start}}).encode()
        for start in range(0, 9_950, 7)
    ],
)
"""More pages than are kept, so that each is found anew."""
GOT = (f"{OURS}get", b'{"id":5000}')
PEERS = (
    Peer(
        "ours on waitress",
        "",
        "",
        lambda port, folder, at: [PYTHON, str(HERE / "served.py"), str(port)],
        LISTED,
        GOT,
        walk=WALKED,
    ),
    Peer(
        "ours on granian",
        "granian==2.8.7",
        "pip",
        lambda port, folder, at: [
            PYTHON,
            "-m",
            "granian",
            *("--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "8", "--no-log", "served:app"),
        ],
        LISTED,
        GOT,
        walk=WALKED,
    ),
    Peer(
        "WireMock",
        "wiremock@3.13.2",
        "npm",
        lambda port, folder, at: [
            *("java", "-jar", next(str(jar) for jar in at.rglob("wiremock-standalone*.jar"))),
            *("--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(folder)),
            *("--no-request-journal", "--disable-banner", "--disable-request-logging"),
        ],
        ("/page", b""),
        ("/entity", b""),
        _wiremock,
    ),
    Peer(
        "json-server",
        "json-server@0.17.4",
        "npm",
        lambda port, folder, at: [
            str(at / "node_modules/.bin/json-server"),
            *("--quiet", "--host", "127.0.0.1", "--port", str(port), str(folder / "db.json")),
        ],
        (f"/deals?id_gte=5001&_sort=id&_limit={PAGE}", b""),
        ("/deals/5000", b""),
        _json_server,
    ),
    Peer(
        "Mockoon CLI",
        "@mockoon/cli@9.9.0",
        "npm",
        lambda port, folder, at: [
            str(at / "node_modules/.bin/mockoon-cli"),
            *("start", "--data", str(folder / "deals.json"), "--port", str(port)),
            *("--disable-log-to-file", "--disable-admin-api", "--max-transaction-logs", "0"),
        ],
        (f"/deals?limit={PAGE}&page=101", b""),
        ("/deals/5000", b""),
        _mockoon,
    ),
    Peer(
        "Prism",
        "@stoplight/prism-cli@5.14.2",
        "npm",
        lambda port, folder, at: [
            str(at / "node_modules/.bin/prism"),
            *("mock", "--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "silent"),
            str(folder / "openapi.json"),
        ],
        ("/page", b""),
        ("/entity", b""),
        _prism,
    ),
    Peer(
        "moto, S3 list",
        "moto[server,s3]==5.2.5",
        "pip",
        lambda port, folder, at: [PYTHON, "-m", "moto.server", "--port", str(port)],
        ("/deals?list-type=2&max-keys=140", b""),
        fill=_moto,
    ),
)


def place_of(peer: Peer) -> Path:
    """Where a peer's package is, installed now if it is not.

    Raises:
        Absent: What installs or runs it is not here.
    """
    place = CACHE / peer.package.replace("/", "_")
    if not peer.by or place.exists():
        return place
    tool = shutil.which("npm") if peer.by == "npm" else PYTHON
    if tool is None or (peer.name == "WireMock" and not shutil.which("java")):
        raise Absent(f"{peer.name} needs node with npm, and WireMock java too: install them.")
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    way = {
        "npm": [tool, "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"],
        "pip": [tool, "-m", "pip", "--quiet", "install", "--target"],
    }[peer.by]
    done = subprocess.run(
        [*way, str(fresh), peer.package], capture_output=True, text=True, timeout=INSTALL_S
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Absent(f"{peer.package} cannot be installed by {peer.by}: {done.stderr[-300:]}")
    fresh.rename(place)
    return place


@dataclass(frozen=True, slots=True)
class Running:
    """A peer that answers.

    Attributes:
        root: `http://127.0.0.1:40123`.
        session: Number of the session that all its processes are in.
    """

    root: str
    session: int

    def worked_s(self) -> float:
        """CPU time of all its processes so far, in seconds; needs Linux."""
        ticks = 0
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name, which may hold blanks: state, parent, group, session…
                words = file.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[3]) == self.session:
                ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(peer: Peer, folder: Path, rows: Rows) -> Iterator["Running"]:
    """Start a peer on a core of its own.

    Raises:
        Absent: It cannot be installed, or does not answer.
    """
    place = place_of(peer)
    folder.mkdir()
    peer.prepare(folder, rows)
    port = _free_port()
    root = f"http://127.0.0.1:{port}"
    paths = os.pathsep.join([str(HERE), str(place)])
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *peer.command(port, folder, place)],
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths, "NO_PROXY": "*"},
            start_new_session=True,
        )
        try:
            _await(process, f"{root}/", folder / "log")
            peer.fill(root, rows)
            yield Running(root, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            urlopen(url, timeout=5).read()
            return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise Absent(f"No answer of {url}: {log.read_text()[-500:]}")
