"""The path below the service root: a set, a key in brackets, further segments."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from onec_emulator.odata import errors
from onec_emulator.odata.values import GUID, is_moment
from onec_emulator.schemas import EMPTY_GUID, SURROGATE, EntitySet

SEGMENT = re.compile(r"([^(/]+)(?:\(((?:'(?:[^']|'')*'|[^'()])*)\))?")
CALL = re.compile(r"\w+\(.*\)", re.DOTALL)
BARE_GUID = re.compile(rf"guid'({GUID.pattern})'")
SURROGATES = ("0", f"guid'{EMPTY_GUID}'")
"""How a constant's only record is addressed, besides by the name of its key."""
PART = re.compile(r"\s*(\w+)\s*=\s*(guid|datetime)?('(?:[^']|'')*'|[\w.+-]+)\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes.

    Attributes:
        name: First segment: a set, `$metadata`, a function, `""` for the root itself.
        key: Text inside the brackets, None without brackets.
        rest: Segments after the first.
    """

    name: str
    key: str | None = None
    rest: tuple[str, ...] = ()


def decoded(raw: str) -> str:
    """Text of a raw path or query: percent-encoded, raw UTF-8, or both."""
    if raw.isascii():
        return unquote_to_bytes(raw).decode("utf-8", "replace") if "%" in raw else raw
    try:
        # A server hands raw UTF-8 on as latin-1.
        return unquote_to_bytes(raw.encode("latin-1")).decode()
    except UnicodeError:
        return unquote_to_bytes(raw).decode("utf-8", "replace")


def parse(path: str) -> Address:
    """Split a decoded path below the service root.

    Raises:
        ODataError: The path is not of the form `name(key)/segment/…`.
    """
    path = path.strip("/")
    if not path:
        return Address("")
    head = SEGMENT.match(path)
    if head is None or (head.end() < len(path) and path[head.end()] != "/"):
        raise errors.segment_unknown(path)
    rest = path[head.end() + 1 :]
    if not rest:
        return Address(head[1], head[2])
    # The arguments of a function may hold slashes of their own.
    segments = (rest,) if CALL.fullmatch(rest) else tuple(rest.split("/"))
    return Address(head[1], head[2], segments)


@lru_cache(maxsize=4096)
def record_key(schema: EntitySet, text: str) -> str:
    """The key of a record, as its table knows it, from a key predicate in either form.

    Raises:
        ODataError: The predicate is malformed or does not name exactly the key's fields.
    """
    if schema.has_reference and (bare := BARE_GUID.fullmatch(text.strip())):
        return bare[1].lower()
    if schema.key == (SURROGATE,) and text.strip() in SURROGATES:
        return f"{SURROGATE}=0"
    if len(schema.key) == 1 and "=" not in text.partition("'")[0]:
        # A single key need not be named.
        text = f"{schema.key[0]}={text}"
    values = _parts(schema, text)
    if set(values) != set(schema.key):
        raise errors.bad_key(text)
    return schema.key_of(values)


def _parts(schema: EntitySet, text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    end = 0
    while end < len(text):
        found = PART.match(text, end)
        if found is None or found[1] not in schema.fields:
            raise errors.bad_key(text)
        values[found[1]] = _literal(found[2], found[3], text)
        end = found.end()
    return values


def _literal(kind: str | None, literal: str, whole: str) -> str:
    value = literal[1:-1].replace("''", "'") if literal.startswith("'") else literal
    if kind == "guid" and not GUID.fullmatch(value):
        raise errors.bad_key(whole)
    if kind == "datetime" and not is_moment(value):
        raise errors.bad_key(whole)
    return value.lower() if kind == "guid" else value
