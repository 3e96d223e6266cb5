"""How clients are exchanged: kinds, templates, criteria, owners, deletions, filters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sverka.errors import SettingsError
from sverka.settings.checks import require_known


class Policy(StrEnum):
    """How doubtful matches are treated: carefully, or the way the vendor's module does."""

    STRICT = "strict"
    MODULE = "module"


class Winner(StrEnum):
    """Whose value stays where both sides differ and neither edit is newer knowledge."""

    INFOBASE = "infobase"
    PORTAL = "portal"


class OnDeletion(StrEnum):
    """What follows on the other side when a client is deleted, or in 1C marked for deletion."""

    IGNORE = "ignore"
    MARK = "mark"
    DELETE = "delete"


class Criterion(StrEnum):
    """By what a client is recognised after the external ID, which always comes first."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    INN = "inn"
    INN_KPP = "inn+kpp"


class Shape(StrEnum):
    """What a client is on the portal."""

    COMPANY = "company"
    CONTACT = "contact"


GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


DATE = re.compile(r"\d{4}-\d\d-\d\d")


COMPANY_PRESET = "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"


INDIVIDUAL_PRESET = "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#"


PERSON_PRESET = "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#"


SHAPES: Mapping[str, Shape] = {
    "legal": Shape.COMPANY,
    "sole_trader": Shape.COMPANY,
    "person": Shape.CONTACT,
    "state_body": Shape.COMPANY,
}


SHAPE_OF: Mapping[str, str] = {
    "person": Shape.CONTACT,
    "account": "bankdetail",
    "counterparty": "requisite",
}


PRESETS: Mapping[str, str] = {
    "legal": COMPANY_PRESET,
    "sole_trader": INDIVIDUAL_PRESET,
    "person": PERSON_PRESET,
    "state_body": COMPANY_PRESET,
}


FIELDS = (
    *("kind", "name", "full_name", "person_name", "inn", "kpp", "registration_no", "okpo"),
    *("phones", "emails", "legal_address", "actual_address"),
)
"""Names of a client's fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """How clients are exchanged.

    Attributes:
        shapes: Company or contact by kind of client.
        presets: XML_ID of the requisite template by kind; a kind without one keeps its
            requisites at home, visibly.
        criteria: Tried in this order after the external ID.
        update_existing: False: clients that the infobase has are linked but never changed.
        contact_persons: Exchange the contact persons of companies, too.
        bank_accounts: Exchange the bank accounts of clients, too.
        one_to_one: In УТ a partner has one counterparty, and a client one requisite: partners with
            several are left out, and say so. Else each further counterparty is a further requisite.
        owned_by_infobase: Names of fields that only 1C changes; what the portal's people make of
            them is taken back, with a line in the history.
        on_deletion: `ignore` leaves the other end with a line in the history; `mark` marks it in
            1C, and leaves it on the portal, which knows no mark; `delete` deletes it for good.
        export_groups: GUIDs of the folders whose clients leave 1C; none: all do. Folders inside
            of them are named, too.
        export_kinds: Kinds of clients that leave 1C; none: all do.
        export_attributes: Values by property of 1C's card, as OData names it; who has one of them
            in each of these properties leaves. A flag is `true` or `false`.
        export_since: Dates, `2026-01-31`, by property of 1C's card: who has no earlier one leaves.
        hold_without_requisites_s: So long a new company of the portal waits for its requisites,
            visibly, unless it is recognised without them; 0: it does not.
        deletions_max: An exchange that would delete or mark more clients does none of it, unless
            they are no more than `deletions_share` of all pairs.
        deletions_share: 0 to 1; 0: only the number counts.
    """

    shapes: Mapping[str, Shape] = field(default_factory=lambda: dict(SHAPES))
    presets: Mapping[str, str] = field(default_factory=lambda: dict(PRESETS))
    criteria: tuple[Criterion, ...] = ()
    policy: Policy = Policy.STRICT
    winner: Winner = Winner.INFOBASE
    update_existing: bool = True
    contact_persons: bool = True
    bank_accounts: bool = True
    one_to_one: bool = False
    owned_by_infobase: tuple[str, ...] = ()
    on_deletion: OnDeletion = OnDeletion.IGNORE
    deletions_max: int = 50
    deletions_share: float = 0.01
    hold_without_requisites_s: float = 0.0
    export_groups: tuple[str, ...] = ()
    export_kinds: tuple[str, ...] = ()
    export_attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    export_since: Mapping[str, str] = field(default_factory=dict)

    def exchanges(self, entity: str) -> bool:
        """Whether records of this entity are exchanged."""
        switches = {
            "person": self.contact_persons,
            "account": self.bank_accounts,
            "counterparty": not self.one_to_one,
        }
        return switches.get(entity, True)

    def shape_of(self, entity: str, kind: str) -> str:
        """What a record of this entity and kind becomes on the portal."""
        return self.shapes[kind] if entity == "client" else SHAPE_OF[entity]

    def told_apart(self, kind: str) -> str:
        """The first kind with the same template: the portal cannot tell more."""
        preset = self.presets.get(kind, "")
        return next((one for one in SHAPES if preset and self.presets.get(one) == preset), kind)

    def __post_init__(self) -> None:
        require_known("clients.shapes", self.shapes, SHAPES)
        require_known("clients.presets", self.presets, SHAPES)
        require_known("clients.export_kinds", self.export_kinds, SHAPES)
        for name, since in self.export_since.items():
            if not DATE.fullmatch(since):
                raise SettingsError(
                    setting=f"clients.export_since.{name}",
                    value=since,
                    remedy="Write the date as 2026-01-31.",
                )
        for group in self.export_groups:
            if not GUID.fullmatch(group):
                raise SettingsError(
                    setting="clients.export_groups",
                    value=group,
                    remedy="Name a folder by its GUID (Ref_Key), not by its name.",
                )
        require_known("clients.owned_by_infobase", self.owned_by_infobase, FIELDS, "fields")
        # A plain text would pass for a name and then be taken for none of them, in silence.
        for name, value, kind in (
            ("criteria", list(self.criteria), Criterion),
            ("policy", [self.policy], Policy),
            ("winner", [self.winner], Winner),
            ("on_deletion", [self.on_deletion], OnDeletion),
            ("shapes", list(self.shapes.values()), Shape),
        ):
            if any(not isinstance(one, kind) for one in value):
                raise SettingsError(
                    setting=f"clients.{name}",
                    value=value,
                    remedy=f"Use {kind.__name__}: {', '.join(kind)}.",
                )
        for name in ("deletions_max", "hold_without_requisites_s"):
            if getattr(self, name) < 0:
                raise SettingsError(
                    setting=f"clients.{name}",
                    value=getattr(self, name),
                    remedy="It must be 0 or more.",
                )
        if not 0 <= self.deletions_share <= 1:
            raise SettingsError(
                setting="clients.deletions_share",
                value=self.deletions_share,
                remedy="It is a share of all pairs, 0 to 1.",
            )
        for client_kind in SHAPES:
            if client_kind not in self.shapes:
                raise SettingsError(
                    setting="clients.shapes",
                    value=sorted(self.shapes),
                    remedy=f"Say whether {client_kind!r} is a company or a contact.",
                )
