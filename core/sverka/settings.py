"""Settings of one connection: values that are checked when they are made, and passed in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sverka.errors import SettingsError
from sverka.records import SideName


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
class PortalSettings:
    """Where the portal is: a key of the application '1C + CRM', or an incoming webhook.

    Attributes:
        webhook: `https://example.bitrix24.ru/rest/1/secret/`. It cannot read the change
            table, so each exchange reads everything.
        oauth_url: Where tokens are refreshed.
        originator: Our mark in ORIGINATOR_ID.
    """

    key: str = field(default="", repr=False)
    webhook: str = field(default="", repr=False)
    oauth_url: str = "https://oauth.bitrix.info/oauth/token/"
    originator: str = "ONE_C"

    def __post_init__(self) -> None:
        if bool(self.key) == bool(self.webhook):
            raise SettingsError(
                setting="portal",
                value=f"key {'given' if self.key else 'empty'}, "
                f"webhook {'given' if self.webhook else 'empty'}",
                remedy="Give exactly one of portal.key and portal.webhook.",
            )
        _require_url("portal.webhook", self.webhook, shown=_without_secret(self.webhook))
        _require_url("portal.oauth_url", self.oauth_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class InfobaseSettings:
    """Where the infobase is published.

    Attributes:
        url: The publication, `https://server/unf`, without `/odata`.
        plan: Exchange plan with auto-registration, as OData names it.
        node: Code of our node in that plan.
        group: GUID of the folder for clients that arrive from the portal, `""` for the root.
    """

    url: str
    user: str
    password: str = field(repr=False)
    plan: str = "ExchangePlan_ОбменСБитрикс24"
    node: str = "B24"
    group: str = ""

    def __post_init__(self) -> None:
        if not self.url:
            raise SettingsError(
                setting="infobase.url", value="", remedy="Give the address of the publication."
            )
        _require_url("infobase.url", self.url)


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
        _require_known("clients.shapes", self.shapes, SHAPES)
        _require_known("clients.presets", self.presets, SHAPES)
        _require_known("clients.export_kinds", self.export_kinds, SHAPES)
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
        _require_known("clients.owned_by_infobase", self.owned_by_infobase, FIELDS, "fields")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hard the portal is pressed and how long failures are retried.

    Attributes:
        threshold: The portal refuses above so many counted calls.
        drain_per_s: Calls that the portal forgets each second.
        batch: Commands a batch, 50 at most.
        portion: Records that are read, decided and noted at a time.
        operating_s: Running time of one method in ten minutes above which the portal refuses
            this method; 0 for a portal without that limit.
        lanes: Calls under way at once, per side.
        tries: Tries of one record before it is parked for a person.
        calm_s: First pause after a failure; it doubles with each next one.
    """

    threshold: int = 100
    drain_per_s: float = 2.0
    operating_s: float = 480.0
    batch: int = 50
    portion: int = 500
    lanes: int = 4
    tries: int = 5
    calm_s: float = 1.0

    def __post_init__(self) -> None:
        for name in ("portion", "lanes", "tries"):
            if getattr(self, name) < 1:
                raise SettingsError(
                    setting=f"pace.{name}", value=getattr(self, name), remedy="It must be above 0."
                )
        if self.calm_s < 0:
            raise SettingsError(
                setting="pace.calm_s", value=self.calm_s, remedy="It must be 0 or more."
            )
        if not 1 <= self.batch <= 50:
            raise SettingsError(
                setting="pace.batch", value=self.batch, remedy="The portal takes 1 to 50 commands."
            )
        if self.drain_per_s <= 0 or self.threshold < 1:
            raise SettingsError(
                setting="pace",
                value=(self.threshold, self.drain_per_s),
                remedy="threshold and drain_per_s must be above 0.",
            )
        if self.operating_s < 0:
            raise SettingsError(
                setting="pace.operating_s",
                value=self.operating_s,
                remedy="It must be 0 or more; 0 means that the portal has no such limit.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeSettings:
    """How realtime asks and carries.

    Attributes:
        portal_every_s: Pause between two looks at the portal's change table; each look is one
            of the two calls a second that the portal allows.
        infobase_every_s: Pause between two polls of the base.
        portion: Records that are carried at a time; smaller than in a full exchange, since a
            person waits for the next one.
        await_portal: The portal's word of a change is waited for, by Push & Pull, instead of
            looking every so often; needs a connection key. Where that cannot be, the history says
            so and `portal_every_s` holds.
        settle_s: So long a record without a pair waits for its twin, in case somebody enters the
            same client on the other side at that moment; 0: it does not.
    """

    portal_every_s: float = 2.0
    infobase_every_s: float = 1.0
    portion: int = 50
    await_portal: bool = False
    settle_s: float = 1.0

    def __post_init__(self) -> None:
        if self.settle_s < 0:
            raise SettingsError(
                setting="realtime.settle_s", value=self.settle_s, remedy="It must be 0 or more."
            )
        for name in ("portal_every_s", "infobase_every_s", "portion"):
            if getattr(self, name) <= 0:
                raise SettingsError(
                    setting=f"realtime.{name}",
                    value=getattr(self, name),
                    remedy="It must be above 0.",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """Which way changes go. Those of a side that is not listened to wait there, and are not lost.

    Attributes:
        to_infobase: Changes of the portal are carried into the infobase.
        to_portal: Changes of the infobase are carried to the portal.
    """

    to_infobase: bool = True
    to_portal: bool = True

    def __post_init__(self) -> None:
        if not (self.to_infobase or self.to_portal):
            raise SettingsError(
                setting="directions",
                value="to_infobase = false, to_portal = false",
                remedy="Switch on at least one of them, or do not start the exchange.",
            )

    @property
    def sources(self) -> tuple[SideName, ...]:
        """The sides whose changes are taken over."""
        carried = {SideName.PORTAL: self.to_infobase, SideName.INFOBASE: self.to_portal}
        return tuple(side for side in SideName if carried[side])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything one connection needs to know."""

    portal: PortalSettings
    infobase: InfobaseSettings
    clients: ClientSettings = field(default_factory=ClientSettings)
    pace: Pace = field(default_factory=Pace)
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)
    directions: Directions = field(default_factory=Directions)


def _require_url(setting: str, url: str, *, shown: str = "") -> None:
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(
            setting=setting,
            value=shown or url,
            remedy="Write the address with http:// or https://.",
        )


def _without_secret(webhook: str) -> str:
    host, rest, _ = webhook.partition("/rest/")
    return f"{host}{rest}…" if rest else "…"


def _require_known(
    setting: str, given: Iterable[str], known: Iterable[str], what: str = "kinds"
) -> None:
    if unknown := set(given) - set(known):
        raise SettingsError(
            setting=setting, value=sorted(unknown), remedy=f"Known {what} are {sorted(known)}."
        )
