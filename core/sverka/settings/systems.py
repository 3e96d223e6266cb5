"""Where the two systems are, and which way changes go between them."""

from dataclasses import dataclass, field

from sverka.errors import SettingsError
from sverka.records import SideName
from sverka.settings.checks import require_url


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
        require_url("portal.webhook", self.webhook, shown=_without_secret(self.webhook))
        require_url("portal.oauth_url", self.oauth_url)


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
        require_url("infobase.url", self.url)


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


def _without_secret(webhook: str) -> str:
    host, rest, _ = webhook.partition("/rest/")
    return f"{host}{rest}…" if rest else "…"
