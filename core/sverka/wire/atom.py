"""1C's change feed: SelectChanges always answers Atom. Source: developer guide 17.4.13.3."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from sverka.entities.configurations import OWNERS

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
DATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
ADDRESS = re.compile(r"(?:^|/)([^/()]+)\(guid'([0-9a-fA-F-]{36})'\)$")


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered change.

    Attributes:
        deleted: It was deleted physically.
        owner: GUID of the record that it belongs to, as far as `OWNERS` says where it stands.
    """

    set_name: str
    guid: str
    deleted: bool
    owner: str = ""


def decode_feed(body: bytes) -> list[Registered] | None:
    """Changes of a feed in its order; None if this is no whole feed.

    Entries that have no GUID, such as record sets of registers, are left out.
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
        if match := ADDRESS.search(address):
            owner = _property(entry, OWNERS.get(match[1], ""))
            found.append(Registered(match[1], match[2].lower(), deleted, owner.lower()))
    return found


def _property(entry: ElementTree.Element, name: str) -> str:
    return (entry.findtext(f".//{DATA}{name}") or "") if name else ""
