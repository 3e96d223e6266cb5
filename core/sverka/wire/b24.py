"""Bitrix24 REST: commands to bytes, envelopes to values. Source: b24restdocs, settings/."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

Json: TypeAlias = Any  # Any: a JSON value, narrowed where it is read

THROTTLED = {"QUERY_LIMIT_EXCEEDED"}
OVERLOADED = "OVERLOAD_LIMIT"
OUT_OF_TIME = "OPERATION_TIME_LIMIT"
MOVED = "moved"
"""Not the portal's word: its web server answers for a portal that has another address now."""
TOKEN_SPENT = {"expired_token", "invalid_token"}
ACCESS_CODES = {
    "NO_AUTH_FOUND",
    "INVALID_CREDENTIALS",
    "INSUFFICIENT_SCOPE",
    "AUTHORIZATION_ERROR",
    "APPLICATION_NOT_FOUND",
    "ERROR_OAUTH",
    "PAYMENT_REQUIRED",
    "ACCESS_DENIED",
    "WRONG_AUTH_TYPE",
    "INVALID_GRANT",
    "INVALID_CLIENT",
    "WRONG_CLIENT",
    "NOT_INSTALLED",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One method with its parameters, as a call of its own or inside a batch."""

    method: str
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The portal's error: HTTP status, code and text; status 0 inside a batch.

    Attributes:
        until_s: When a method that is out of time may be called again, unix seconds; 0 else.
    """

    code: str
    text: str
    status: int = 0
    until_s: float = 0.0

    @property
    def throttled(self) -> bool:
        return self.code.upper() in THROTTLED

    @property
    def out_of_time(self) -> bool:
        """This method has spent its running time; others go on."""
        return self.code.upper() == OUT_OF_TIME

    @property
    def overloaded(self) -> bool:
        """The vendor's support has closed the portal to programs."""
        return self.code.upper() == OVERLOADED

    @property
    def moved(self) -> bool:
        """The portal has another address now; `text` is where this call should have gone."""
        return self.code == MOVED

    @property
    def token_spent(self) -> bool:
        return self.code.lower() in TOKEN_SPENT

    @property
    def no_access(self) -> bool:
        return self.status in {401, 403} or self.code.upper() in ACCESS_CODES

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.text) if part) or f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Spent:
    """The account of a method's running time, as an answer of it tells.

    Attributes:
        operating_s: How long it ran for us in the last ten minutes.
        resets_in_s: After so long the oldest part of that is forgotten.
    """

    operating_s: float
    resets_in_s: float


@dataclass(frozen=True, slots=True)
class Result:
    """A success: `result`, and `total` of a list (-1 if not told).

    Attributes:
        spent: None if the answer tells of no running time.
    """

    value: Json
    total: int = -1
    spent: Spent | None = field(default=None, compare=False)


Reply = Result | Refusal


def batch_params(commands: Mapping[str, Command]) -> dict[str, Json]:
    """Parameters of `batch` for commands by key; 50 at most."""
    return {
        "halt": 0,
        "cmd": {key: f"{c.method}?{php_query(c.params)}" for key, c in commands.items()},
    }


def php_query(params: Mapping[str, Json]) -> str:
    """`{"filter": {"@ID": [1, 2]}}` as `filter[@ID][0]=1&filter[@ID][1]=2`, encoded."""
    pairs = (pair for name, value in params.items() for pair in _pairs(quote(name), value))
    return "&".join(f"{name}={quote(value, safe='$[]')}" for name, value in pairs)


def _pairs(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _pairs(f"{name}[{quote(str(key))}]", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(value):
            yield from _pairs(f"{name}[{index}]", inner)
    else:
        yield name, "" if value is None else str(value)


def encode_body(params: Mapping[str, Json]) -> bytes:
    return json.dumps(params, ensure_ascii=False).encode()


def decode_reply(status: int, body: bytes) -> Reply | None:
    """The envelope of one call; None if this is no answer of the portal's (HTML, cut JSON)."""
    try:
        envelope = json.loads(body)
    except ValueError:
        return None
    if not isinstance(envelope, dict):
        return None
    if "error" in envelope:
        return _refusal(envelope, status)
    if status != 200:
        return None
    spent = _spent(envelope.get("time"))
    return Result(envelope.get("result", envelope), int(envelope.get("total", -1)), spent)


def _spent(time: Json) -> Spent | None:
    """Old answers lack the account, and a short call is not entered in it."""
    if not isinstance(time, Mapping) or not time.get("operating"):
        return None
    resets_in_s = float(time.get("operating_reset_at", 0)) - float(time.get("finish", 0))
    return Spent(float(time["operating"]), max(0.0, resets_in_s))


def decode_batch(result: Json, keys: Sequence[str]) -> dict[str, Reply]:
    """Answers of a batch by key; a command that has none is left out."""
    sections = {
        name: _by_key(result.get(name))
        for name in ("result", "result_error", "result_total", "result_time")
    }
    replies: dict[str, Reply] = {}
    for key in keys:
        if key in sections["result_error"]:
            replies[key] = _refusal(sections["result_error"][key], 0)
        elif key in sections["result"]:
            total = int(sections["result_total"].get(key, -1))
            spent = _spent(sections["result_time"].get(key))
            replies[key] = Result(sections["result"][key], total, spent)
    return replies


def _by_key(section: Json) -> dict[str, Json]:
    # PHP writes keys 0, 1, 2… as a list, and an empty object as `[]`.
    if isinstance(section, list):
        return {str(index): value for index, value in enumerate(section)}
    return section if isinstance(section, dict) else {}


def _refusal(envelope: Json, status: int) -> Refusal:
    if not isinstance(envelope, Mapping):
        return Refusal("", str(envelope), status)
    return Refusal(
        str(envelope.get("error", "")), str(envelope.get("error_description", "")), status
    )
