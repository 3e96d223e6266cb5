"""Addresses beside REST that send files: which record holds what they name, and who may have it."""

from typing import TYPE_CHECKING

from b24_emulator import attachments, files, record_files, rights
from b24_emulator.calls import Caller
from b24_emulator.decode import Asked, Door
from b24_emulator.entities import ENTITIES
from b24_emulator.files import File

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def found(portal: "Portal", caller: Caller | None, asked: Asked) -> File | None:
    """The file behind an address; None if there is none, or none for this caller."""
    if asked.door is Door.UPLOAD:
        return attachments.at_upload(portal, asked.name.split("/"))
    if caller is None:
        return None
    if asked.name in ("crm_show_file", "disk"):
        held = attachments.holder(portal, asked.name, asked.params)
        is_shown = held is not None and rights.may_read(portal, caller, *held)
        return files.found(portal, asked.params.get("fileid")) if is_shown else None
    entity = ENTITIES.get(asked.name.removeprefix("crm.").removesuffix(".show"))
    owner, field, number = (asked.params.get(n) for n in ("ownerid", "fieldname", "fileid"))
    file = record_files.found(portal, entity, owner, field, number)
    is_shown = entity is not None and rights.may_read(portal, caller, entity.name, owner)
    return file if is_shown else None
