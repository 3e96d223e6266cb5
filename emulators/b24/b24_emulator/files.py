"""Files that fields hold: their bytes under a number of their own, as long as a field has it.

Source: b24restdocs: api-reference/files/*.md, api-reference/catalog/product/*.md. A broken base64
becomes a broken file, as there: nothing is refused for it.
"""

import mimetypes
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from b24_emulator import php
from b24_emulator.entity import Entity
from b24_emulator.schema import schema

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

FILE = Entity("file", schema("file"))
UNNAMED = "file"
ANY = "application/octet-stream"
NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: its name, and what is in it."""

    name: str
    content: bytes

    @property
    def kind(self) -> str:
        """The media type, told by the name's ending."""
        return mimetypes.guess_type(self.name)[0] or ANY

    @property
    def disposition(self) -> str:
        return f"attachment; filename*=UTF-8''{quote(self.name)}"


def keep(portal: "Portal", sent: object) -> int:
    """Keep `[name, base64]`, or base64 alone, and return the file's number."""
    parts = [str(part) for part in php.rows(sent)] if isinstance(sent, list | dict) else []
    name, content = (*parts, "")[:2] if parts else (UNNAMED, str(sent or ""))
    table = portal.tables[FILE.name]
    number = table.new_id()
    table.put(number, {"ID": str(number), "NAME": name, "CONTENT": content})
    return number


def found(portal: "Portal", number: object) -> File | None:
    row = portal.tables[FILE.name].rows.get(php.integer(number))
    return None if row is None else File(row["NAME"], _decoded(row["CONTENT"]))


def drop(portal: "Portal", number: object) -> None:
    """Forget a file that no field holds any more."""
    table = portal.tables[FILE.name]
    if php.integer(number) in table.rows:
        table.drop(php.integer(number))


def _decoded(text: str) -> bytes:
    """As PHP does: what is no base64 is passed over."""
    known = NOT_BASE64.sub("", text)
    whole = known[: len(known) - 1] if len(known) % 4 == 1 else known
    return b64decode(whole + "=" * (-len(whole) % 4))
