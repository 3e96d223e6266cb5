"""Who may come in: incoming webhooks, applications, their tokens.

Source: b24restdocs: settings/oauth/*.md, local-integrations/local-webhooks.md.
"""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from b24_emulator.calls import Caller, Way
from b24_emulator.offline import ONLINE, Binding
from b24_emulator.refusals import PortalRefusal

REFRESH_LIVES_S = 180 * 86_400.0
ADMINISTRATOR = "1"
STATUS = "L"
"""Kind of the application: local."""
SCOPES = (
    "crm",
    "user",
    "user_basic",
    "user_brief",
    "catalog",
    "sale",
    "pay_system",
    "department",
    "userfieldconfig",
    "pull",
)
"""What the emulated methods need; a webhook has all of them unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook: acts as its owner, without an application."""

    user_id: str
    secret: str
    scopes: tuple[str, ...] = SCOPES

    @property
    def path(self) -> str:
        return f"/rest/{self.user_id}/{self.secret}/"


@dataclass(frozen=True, slots=True)
class OutgoingWebhook:
    """An outgoing webhook: tells one address of the events that were ticked when it was made."""

    number: int
    handler: str
    events: tuple[str, ...]
    token: str

    def binding(self, event: str) -> Binding:
        """It belongs to no application, so no tokens come with its calls."""
        return Binding("", event, ONLINE, self.handler, number=self.number)


@dataclass(frozen=True, slots=True)
class Application:
    """An installed application.

    Attributes:
        token: Proves to its handlers that a call comes from the portal; one per installation.
    """

    client_id: str
    client_secret: str
    code: str
    user_id: str
    scopes: tuple[str, ...] = SCOPES
    token: str = ""
    version: int = 1
    is_installed: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """An access or a refresh token; it stands for an application and a user."""

    text: str
    client_id: str
    user_id: str
    expires_s: float


@dataclass(slots=True)
class Access:
    """Webhooks, applications and tokens of one portal.

    Attributes:
        member_id: 32 hex digits, the portal's lasting name.
        app_handler: Who is told of events of the application itself, as its card says; `""` for
            only those that are bound.
        rights: User → kind of record → act → level, of those who do not have all; see rights.py.
    """

    member_id: str
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    access_tokens: dict[str, Token] = field(default_factory=dict)
    refresh_tokens: dict[str, Token] = field(default_factory=dict)
    outgoing: list[OutgoingWebhook] = field(default_factory=list)
    app_handler: str = ""
    rights: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def add_webhook(self, webhook: Webhook) -> Webhook:
        self.webhooks[webhook.secret] = webhook
        return webhook

    def by_webhook(self, user_id: str, secret: str, *, status: int) -> Caller:
        """The caller of `/rest/{user_id}/{secret}/`; `status` is that of a refusal."""
        webhook = self.webhooks.get(secret)
        if webhook is None or webhook.user_id != user_id:
            raise PortalRefusal("INVALID_CREDENTIALS", "Invalid request credentials", status)
        return Caller(f"webhook:{user_id}", user_id, Way.WEBHOOK, frozenset(webhook.scopes))

    def by_token(self, text: str, now_s: float) -> Caller:
        """The caller with `auth=text`."""
        if not text:
            raise PortalRefusal("NO_AUTH_FOUND", "Wrong authorization data", 401)
        token = self.access_tokens.get(text)
        if token is None:
            raise PortalRefusal("invalid_token", "Unable to get application by token", 401)
        if token.expires_s <= now_s:
            raise PortalRefusal("expired_token", "The access token provided has expired.", 401)
        scopes = frozenset(self.applications[token.client_id].scopes)
        actor = f"app:{token.client_id}"
        return Caller(actor, token.user_id, Way.APP, scopes, token.client_id)

    def grant_refresh(self, application: Application, chance: random.Random, now_s: float) -> Token:
        token = Token(
            hexes(chance, 35), application.client_id, application.user_id, now_s + REFRESH_LIVES_S
        )
        self.refresh_tokens[token.text] = token
        return token

    def grant_access(
        self, application: Application, chance: random.Random, expires_s: float, user_id: str = ""
    ) -> Token:
        """Give an access token for a user, for the one who installed the application if none."""
        whose = user_id or application.user_id
        token = Token(hexes(chance, 35), application.client_id, whose, expires_s)
        self.access_tokens[token.text] = token
        return token

    def revoke(self, client_id: str) -> None:
        """Forget all tokens of an application."""
        for shelf in (self.access_tokens, self.refresh_tokens):
            for text in [key for key, token in shelf.items() if token.client_id == client_id]:
                del shelf[text]

    def dump(self) -> object:
        """All but the tokens, whose places are empty."""
        return asdict(replace(self, access_tokens={}, refresh_tokens={}))

    @classmethod
    def loaded(cls, dump: Mapping[str, Any]) -> "Access":  # Any: JSON
        kinds = {
            "webhooks": Webhook,
            "applications": Application,
            "access_tokens": Token,
            "refresh_tokens": Token,
        }
        shelves = {
            name: {key: kind(**row) for key, row in dump[name].items()}
            for name, kind in kinds.items()
        }
        outgoing = [
            OutgoingWebhook(**{**row, "events": tuple(row["events"])}) for row in dump["outgoing"]
        ]
        # A portal that was kept before there were rights has none.
        handler, rights = dump["app_handler"], dump.get("rights", {})
        return cls(
            dump["member_id"], **shelves, outgoing=outgoing, app_handler=handler, rights=rights
        )


def hexes(chance: random.Random, count: int) -> str:
    """`2 * count` hex digits."""
    return chance.randbytes(count).hex()
