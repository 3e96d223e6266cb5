"""Being let in by the portal: its address, the tokens of a connection key and their refreshing."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from sverka.asks import CursorOf, Flow, Request, load, save
from sverka.errors import AccessRefused, ProtocolSurprise
from sverka.records import Cursor, SideName
from sverka.settings import PortalSettings
from sverka.sides.delivery import Delivery, Doubt
from sverka.wire import b24
from sverka.wire.b24 import Command, Json, Refusal, Result
from sverka.wire.connection_key import ConnectionKey, decode_key

TOKENS = "portal.tokens"
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The access token in use and the refresh token for the next one."""

    access: str
    refresh: str


class PortalAccess:
    """Signs requests to one portal, by webhook or by the tokens of a connection key."""

    def __init__(self, settings: PortalSettings, delivery: Delivery[b24.Reply]) -> None:
        self._oauth_url = settings.oauth_url
        self._webhook = settings.webhook.rstrip("/")
        self._key: ConnectionKey | None = decode_key(settings.key) if settings.key else None
        self._tokens: Tokens | None = None
        self._delivery = delivery

    @property
    def is_application(self) -> bool:
        """Only an application has a change table and marks its own writes."""
        return self._key is not None

    def request(self, command: Command, *, safe: bool) -> Request:
        params: dict[str, Json] = dict(command.params)
        if self._key and self._tokens:
            params["auth"] = self._tokens.access
        root = self._key.client_endpoint.rstrip("/") if self._key else self._webhook
        return Request(
            side=SideName.PORTAL,
            name=command.method,
            verb="POST",
            url=f"{root}/{command.method}",
            headers=JSON_HEADERS,
            body=b24.encode_body(params),
            safe=safe,
        )

    def ready(self) -> Flow[None]:
        """Have a token at hand."""
        if self._key is None or self._tokens is not None:
            return
        stored = yield from load(CursorOf(TOKENS))
        if stored:
            self._tokens = Tokens(**json.loads(stored))
        else:
            yield from self.refresh()

    def is_spent(self, reply: b24.Reply | Doubt) -> bool:
        """The token was refused, and another one can be had."""
        return self._key is not None and isinstance(reply, Refusal) and reply.token_spent

    def refresh(self) -> Flow[None]:
        """Get other tokens, and keep them.

        Raises:
            AccessRefused: The key is good no more.
        """
        assert self._key is not None
        query = {
            "grant_type": "refresh_token",
            "client_id": self._key.client_id,
            "client_secret": self._key.client_secret,
            "refresh_token": self._tokens.refresh if self._tokens else self._key.refresh_token,
        }
        request = Request(
            side=SideName.PORTAL,
            name="oauth.token",
            verb="GET",
            url=f"{self._oauth_url}?{urlencode(query)}",
            headers={"Accept": "application/json"},
        )
        reply = (yield from self._delivery.deliver([request]))[0]
        if not isinstance(reply, Result):
            raise refused("oauth.token", reply)
        self._tokens = Tokens(str(reply.value["access_token"]), str(reply.value["refresh_token"]))
        text = json.dumps({"access": self._tokens.access, "refresh": self._tokens.refresh})
        yield from save([Cursor(name=TOKENS, value=text)])


def surprise(call: str, reply: Refusal | Doubt) -> AccessRefused | ProtocolSurprise:
    if isinstance(reply, Refusal) and reply.no_access:
        return refused(call, reply)
    return ProtocolSurprise(side="portal", call=call, what=str(reply))


def refused(call: str, reply: Refusal | Doubt) -> AccessRefused:
    return AccessRefused(
        side="portal",
        answer=f"{call}: {reply}",
        remedy="Issue a new key in the application '1C + CRM' of the portal, as an administrator, "
        "and put it into portal.key. The journal keeps everything that waits.",
    )
