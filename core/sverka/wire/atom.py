"""1C's change feed: SelectChanges always answers Atom. Source: developer guide 17.4.13.3."""

import re
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

from sverka.entities.configurations import OWNERS

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
DATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
ADDRESS = re.compile(r"(?:^|/)([^/()]+)\((.+)\)$")
GUID = re.compile(r"guid'([0-9a-fA-F-]{36})'")


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered change.

    Attributes:
        guid: `""` for a row of a register.
        deleted: It was deleted physically.
        owner: GUID of the record that it belongs to, as far as `OWNERS` says where it stands.
    """

    set_name: str
    guid: str
    deleted: bool
    owner: str = ""


def decode_feed(body: bytes) -> list[Registered] | None:
    """Changes of a feed in its order; None if this is no whole feed.

    Entries that name neither a GUID nor an owner are left out.
    """
    try:
        feed = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None
    if feed.tag != f"{ATOM}feed":
        return None
    found = []
    for entry in feed:
        if entry.tag == f"{ATOM}entry":
            address, deleted = entry.findtext(f"{ATOM}id") or "", False
        elif entry.tag == TOMBSTONE:
            address, deleted = entry.get("ref", ""), True
        else:
            continue
        if match := ADDRESS.search(unquote(address)):
            set_name, key = match.groups()
            single = GUID.fullmatch(key)
            guid = single[1].lower() if single else ""
            owner = _owner(entry, key, OWNERS.get(set_name, "")).lower()
            if guid or owner:
                found.append(Registered(set_name, guid, deleted, owner))
    return found


def _owner(entry: ElementTree.Element, key: str, name: str) -> str:
    """From the record itself, or from the key of a register's row that is gone."""
    if not name:
        return ""
    in_key = re.search(rf"{name}={GUID.pattern}", key)
    return entry.findtext(f".//{DATA}{name}") or (in_key[1] if in_key else "")
