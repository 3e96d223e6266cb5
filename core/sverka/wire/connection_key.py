"""The connection key of the portal's application '1C + CRM'.

The real key's format is not public; ours is base64url without padding of a JSON object in UTF-8,
followed by its CRC32 as four bytes, high byte first. Provenance: inferred.
"""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass

from sverka.errors import KeyDamaged, KeyForeign

VERSION = 1
NAMES = ("client_endpoint", "client_id", "client_secret", "refresh_token", "member_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionKey:
    """What the key holds.

    Attributes:
        client_endpoint: REST root of the portal, `https://example.bitrix24.ru/rest/`.
    """

    client_endpoint: str
    client_id: str
    client_secret: str
    refresh_token: str
    member_id: str


def decode_key(text: str) -> ConnectionKey:
    """Read a key as it was pasted.

    Raises:
        KeyDamaged: A part is missing or changed.
        KeyForeign: It never was a key of ours, or is of a newer version.
    """
    # A mail breaks a long key into lines. One character left of four is a key that was cut.
    pasted = "".join(text.split())
    whole = pasted[:-1] if len(pasted) % 4 == 1 else pasted
    try:
        data = base64.urlsafe_b64decode(whole + "=" * (-len(whole) % 4))
    except (binascii.Error, ValueError) as error:
        raise KeyForeign(text, "it is not base64url text") from error
    body, check = data[:-4], data[-4:]
    if zlib.crc32(body).to_bytes(4, "big") != check:
        raise KeyDamaged(text) if body.startswith(b"{") else KeyForeign(text, "no JSON inside")
    return _read(text, body)


def _read(text: str, body: bytes) -> ConnectionKey:
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise KeyForeign(text, "no JSON inside") from error
    if not isinstance(fields, dict) or fields.get("v") != VERSION:
        raise KeyForeign(text, f"its version is not {VERSION}")
    if missing := [name for name in NAMES if not isinstance(fields.get(name), str)]:
        raise KeyForeign(text, f"it lacks {', '.join(missing)}")
    return ConnectionKey(**{name: fields[name] for name in NAMES})
