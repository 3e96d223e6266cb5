"""What an entity is: a schema, events, stages, and the words when a record is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from b24_emulator import refusals
from b24_emulator.offline import Subject
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Schema
from b24_emulator.table import Row

VERBS = {"add": "ADD", "update": "UPDATE", "delete": "DELETE"}


@dataclass(frozen=True, slots=True)
class Staging:
    """How a kind of record moves through stages.

    Attributes:
        directory: ENTITY_ID of its stages in crm.status; that of a funnel has its number behind.
        field: Where the stage stands.
        semantics: Where P, S or F stands, `""` for nowhere.
        prefix: What the stages of a funnel begin with, before its number: `C`, `DT31_`.
        funnels: The table of its funnels, `""` for a kind without.
        template: Whose rows in `fresh_portal.json` a new funnel gets.
    """

    directory: str
    field: str = "STAGE_ID"
    semantics: str = ""
    prefix: str = ""
    funnels: str = ""
    template: str = ""
    has_history: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """One kind of record.

    Attributes:
        name: As the ledger and `records()` name it.
        event: What its events begin with, `""` for none.
        event_verbs: What its events end with.
        told: What its events say of a row.
        type_id: Its entityTypeId, 0 for none.
        overwritten: An update clears what it does not name.
        user_fields: What its user fields call it, `""` if it can have none.
        title: Of a record that nobody named, with `{}` for its number.
        staging: Its stages, if it has any.
        owner_code: What product rows call it, `""` if it has none.
        also: What further events of the same acts begin with.
        suffixed: Its events come a second time, with its entityTypeId behind.
        get_missing: Words the refusal of `get` of a missing record; so do the others.
    """

    name: str
    schema: Schema
    event: str = ""
    event_verbs: Mapping[str, str] = field(default_factory=lambda: VERBS)
    told: Callable[[Row], Subject] = lambda row: (("ID", row["ID"]),)
    type_id: int = 0
    overwritten: bool = False
    user_fields: str = ""
    title: str = ""
    staging: Staging | None = None
    owner_code: str = ""
    also: tuple[str, ...] = ()
    suffixed: bool = False
    get_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()
    update_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()
    delete_missing: Callable[[int], PortalRefusal] = lambda number: refusals.not_found()
