"""The connection key of the '1C + CRM' application, one text that an administrator pastes into 1C.

Our own format, since the real one is not public (provenance: inferred): base64url without
padding of the UTF-8 JSON followed by its CRC32 in four bytes, big-endian.
"""

import base64
import zlib
from collections.abc import Mapping

import orjson

VERSION = 1
CRC_BYTES = 4


def key_of(facts: Mapping[str, str]) -> str:
    """The key for `client_endpoint`, `client_id`, `client_secret`, `refresh_token`, `member_id`."""
    document = orjson.dumps({"v": VERSION, **facts})
    crc = zlib.crc32(document).to_bytes(CRC_BYTES, "big")
    return base64.urlsafe_b64encode(document + crc).rstrip(b"=").decode()


def facts_of(key: str) -> dict[str, str]:
    """What a key says.

    Raises:
        ValueError: The key was cut or mistyped.
    """
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError as error:
        raise ValueError(f"The connection key is no base64: {error}. Copy it whole.") from error
    document, crc = raw[:-CRC_BYTES], raw[-CRC_BYTES:]
    if zlib.crc32(document).to_bytes(CRC_BYTES, "big") != crc:
        raise ValueError("The connection key's check sum is wrong. Copy it whole.")
    facts: dict[str, str] = orjson.loads(document)
    return facts
