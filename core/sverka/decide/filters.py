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
    return ""
