"""Which clients leave 1C. Who stops passing is no longer updated on the portal, and stays there."""

from sverka.entities.clients import CLIENT
from sverka.records import Record
from sverka.settings import ClientSettings


def kept_home(clients: ClientSettings, record: Record) -> str:
    """Why a record of the infobase does not leave it, `""` if it does; only clients are chosen."""
    if record.entity != CLIENT.name:
        return ""
    groups = {group.lower() for group in clients.export_groups}
    if groups and record.group not in groups:
        return "its group is not in clients.export_groups"
    if clients.export_kinds and record.kind not in clients.export_kinds:
        return f"{record.kind} is not in clients.export_kinds"
    for name, values in clients.export_attributes.items():
        if (shown := record.attributes.get(name, "")) not in values:
            return f"{name} is {shown!r}, which clients.export_attributes does not name"
    for name, since in clients.export_since.items():
        if (shown := record.attributes.get(name, "")) < since:
            return f"{name} is {shown!r}, earlier than clients.export_since"
    return ""


def attributes_of(clients: ClientSettings) -> tuple[str, ...]:
    """Properties of 1C's card that must be known to choose."""
    return tuple(dict.fromkeys((*clients.export_attributes, *clients.export_since)))
