"""1C's OData: addresses, bodies, errors. Source: 1C developer guide, chapter 17.4."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

Json: TypeAlias = Any  # Any: a JSON value, narrowed where it is read

SAFE = "/'(),=$-_.*:"
NO_GUID = "00000000-0000-0000-0000-000000000000"
KEY_EXISTS = "15"
NOT_FOUND = "9"
LOCK_WORDS = ("Конфликт блокировок", "ожидания предоставления блокировки")


@dataclass(frozen=True, slots=True)
class OdataError:
    """1C's error: HTTP status, its code as a string, its text."""

    status: int
    code: str
    text: str

    @property
    def passing(self) -> bool:
        """Another try may succeed: a lock of another transaction."""
        return any(words in self.text for words in LOCK_WORDS)

    def __str__(self) -> str:
        return f"HTTP {self.status}, code {self.code}: {self.text}"


def basic_auth(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def resource_url(root: str, path: str, options: Mapping[str, str] | None = None) -> str:
    """`root/path?$filter=…&$format=json`; blanks become %20, since 1C takes `+` for plus."""
    query = {**(options or {}), "$format": "json"}
    text = "&".join(
        f"{quote(name, safe=SAFE)}={quote(value, safe=SAFE)}" for name, value in query.items()
    )
    return f"{root}/{quote(path, safe=SAFE)}?{text}"


def exchange_url(root: str, function: str, plan: str, node_guid: str, message_no: int) -> str:
    """Address of SelectChanges or NotifyChangesReceived; inner quotes are not doubled."""
    point = f"{root}/{plan}(guid'{node_guid}')"
    return f"{root}/{function}?DataExchangePoint='{quote(point, safe=SAFE)}'&MessageNo={message_no}"


def entity_path(set_name: str, guid: str) -> str:
    return f"{set_name}(guid'{guid}')"


def any_of(guids: Iterable[str], name: str = "Ref_Key") -> str:
    """A `$filter` for entities with one of these GUIDs in a property."""
    return " or ".join(f"{name} eq guid'{guid}'" for guid in guids)


def any_text(texts: Iterable[str], name: str) -> str:
    """A `$filter` for entities with one of these texts in a property."""
    quoted = (text.replace("'", "''") for text in texts)
    return " or ".join(f"{name} eq '{text}'" for text in quoted)


def encode_entity(fields: Mapping[str, Json]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def decode_json(status: int, body: bytes) -> Json | OdataError | None:
    """The JSON of a reply, an error of 1C's, or None if it is neither (HTML, cut, empty)."""
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    if "odata.error" in value:
        error = value["odata.error"]
        return OdataError(status, str(error["code"]), str(error["message"]["value"]))
    if "exception" in value:
        inner = value["exception"].get("inner") or value["exception"]
        return OdataError(status, "exception", str(inner.get("descr", "")))
    return value if 200 <= status < 300 else None
