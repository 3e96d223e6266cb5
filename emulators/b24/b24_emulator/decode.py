"""What an HTTP request says, in all forms that clients use.

Source: b24restdocs: settings/how-to-call-rest-api/{general-principles,data-encoding}.md.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import orjson

from b24_emulator import multipart, php
from sverka_emulator_kit.messages import Request

FORM = "application/x-www-form-urlencoded"
JSON_LEVELS = 200
"""A body nested deeper is a broken one: PHP reads 512 levels, our own encoder writes 254."""
SUFFIXES = (".json", ".xml")


OAUTH_HOSTS = ("oauth.bitrix24.tech", "oauth.bitrix.info")
"""The OAuth servers that clients know by name; one that calls the portal so means them."""


class Door(StrEnum):
    """Which part of the portal is meant."""

    REST = "rest"
    REST_V3 = "rest v3"
    OAUTH = "oauth"
    PULL = "pull"
    FILE = "file"
    UPLOAD = "upload"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read.

    Attributes:
        name: The method's name, lower case; `oauth.token` and `oauth.app.info` at the OAuth server,
            `pull.listen`, `pull.connect` and `pull.publish` at the Push & Pull server.
        params: Query and body together, the body's word counts; names in lower case.
        files: Uploaded files in PHP's form; no method that is emulated takes any.
        webhook: User id and secret out of the path, None if there are none.
        wants_xml: The method's name ends with `.xml`.
    """

    door: Door
    name: str
    params: php.Tree = field(default_factory=dict)
    files: php.Tree = field(default_factory=dict)
    webhook: tuple[str, str] | None = None
    wants_xml: bool = False


def decode(request: Request) -> Asked:
    """Read a request; slashes may be doubled or trail, the name may end with `.json` or `.xml`."""
    parts = [part for part in request.path.split("/") if part]
    if "%" in request.path or "+" in request.path:
        parts = [php.unquoted(part) for part in parts]
    asked = _read(request, parts)
    if asked.door is Door.REST and parts[-1].lower().endswith(".xml"):
        return replace(asked, wants_xml=True)
    return asked


def _read(request: Request, parts: list[str]) -> Asked:
    match parts:
        case ["rest", "app.info"] if urlsplit(request.origin).hostname in OAUTH_HOSTS:
            return Asked(Door.OAUTH, "oauth.app.info", *_sent(request))
        case ["rest", "api", user_id, secret, *rest] if user_id.isdigit():
            return Asked(Door.REST_V3, _name(rest), _sent_v3(request), webhook=(user_id, secret))
        case ["rest", "api", *rest]:
            return Asked(Door.REST_V3, _name(rest), _sent_v3(request))
        case ["rest", user_id, secret, *rest] if user_id.isdigit():
            return Asked(Door.REST, _name(rest), *_sent(request), webhook=(user_id, secret))
        case ["rest", *rest]:
            return Asked(Door.REST, _name(rest), *_sent(request))
        case ["oauth", "token"]:
            return Asked(Door.OAUTH, "oauth.token", *_sent(request))
        case ["sub" | "subws"]:
            is_line = "websocket" in request.headers.get("upgrade", "").lower()
            return Asked(Door.PULL, "pull.connect" if is_line else "pull.listen", _query(request))
        case ["bitrix", "components", "bitrix", component, "show_file.php"]:
            return Asked(Door.FILE, component, _query(request))
        case ["bitrix", "tools", "crm_show_file.php"]:
            return Asked(Door.FILE, "crm_show_file", _query(request))
        case ["disk", "downloadFile" | "showFile", number]:
            return Asked(Door.FILE, "disk", {**_query(request), "fileid": number})
        case ["upload", "main", *rest]:
            return Asked(Door.UPLOAD, "/".join(rest))
        case ["pub"]:
            return Asked(Door.PULL, "pull.publish", _query(request))
    return Asked(Door.NOWHERE, request.path)


def _name(rest: list[str]) -> str:
    name = "/".join(rest).lower()
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _sent_v3(request: Request) -> php.Tree:
    """REST 3.0 takes its token from the body; what is no JSON is refused when it is served."""
    return _json(request.body) if request.verb != "GET" else {}


def _sent(request: Request) -> tuple[php.Tree, php.Tree]:
    """Parameters and files."""
    sent = _query(request)
    files: php.Tree = {}
    if request.body and request.verb != "GET":
        # A body is read for POST only: a GET with JSON lacks authorization (observed: b24pysdk).
        texts, files = _body(request)
        sent |= texts
    return {name.lower(): value for name, value in sent.items()}, files


def _query(request: Request) -> php.Tree:
    sent = php.parse_query(request.query) if request.query else {}
    return {name.lower(): value for name, value in sent.items()}


def _body(request: Request) -> tuple[php.Tree, php.Tree]:
    kind = request.headers.get("content-type", "")
    if multipart.MEDIA_TYPE in kind:
        return multipart.parsed(kind, request.body)
    if "json" in kind or (FORM not in kind and request.body.lstrip()[:1] in (b"{", b"[")):
        return _json(request.body), {}
    return php.parse_query(request.body.decode("utf-8", "replace")), {}


def _is_deep(sent: object) -> bool:
    level = [sent]
    for _ in range(JSON_LEVELS):
        nodes = (php.rows(node) for node in level)
        level = [inner for node in nodes for inner in node if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _json(body: bytes) -> php.Tree:
    """PHP reads a broken body as no parameters, and a list as positional ones."""
    try:
        sent: Any = orjson.loads(body)  # Any: whatever JSON was sent
    except orjson.JSONDecodeError:
        return {}
    if body.count(b"[") + body.count(b"{") > JSON_LEVELS and _is_deep(sent):
        return {}
    if isinstance(sent, list):
        return {str(index): value for index, value in enumerate(sent)}
    return sent if isinstance(sent, dict) else {}
