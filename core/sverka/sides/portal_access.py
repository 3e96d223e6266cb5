"""Being let in by the portal: its address, the tokens of a connection key and their refreshing."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode, urlsplit

from sverka.asks import CursorOf, Flow, Request, load, save, sleep
from sverka.errors import AccessRefused, PortalMoved, ProtocolSurprise
from sverka.records import Cursor, SideName
from sverka.settings import PortalSettings
from sverka.sides.delivery import Delivery, Doubt
from sverka.wire import b24
from sverka.wire.b24 import Command, Json, Refusal, Result
from sverka.wire.connection_key import ConnectionKey, decode_key

TOKENS = "portal.tokens"
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


REMEDIES = {
    "PAYMENT_REQUIRED": "The paid time of the portal or of the application is over: renew it. "
    "The journal keeps everything that waits.",
}
LOOK_EVERY_S = 0.1
"""How often a flow looks whether another one has renewed the tokens."""
NEW_KEY = (
    "Issue a new key in the application '1C + CRM' of the portal, as an administrator, and put it "
    "into portal.key. The journal keeps everything that waits."
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the OAuth server gave.

    Attributes:
        access: The token in use.
        refresh: What gets the next one.
        root: The portal's REST root as the OAuth server knows it, `""` if it told none.
        key: Print of the connection key they came from, `""` in journals of old.
    """

    access: str
    refresh: str
    root: str = ""
    key: str = ""


class PortalAccess:
    """Signs requests to one portal, by webhook or by the tokens of a connection key.

    Attributes:
        grants: How often the OAuth server has given other tokens.
    """

    def __init__(self, settings: PortalSettings, delivery: Delivery[b24.Reply]) -> None:
        self._oauth_url = settings.oauth_url
        self._webhook = settings.webhook
        self._key: ConnectionKey | None = decode_key(settings.key) if settings.key else None
        self._print = hashlib.sha256(settings.key.encode()).hexdigest()[:16]
        self._tokens: Tokens | None = None
        self._delivery = delivery
        self._is_renewing = False
        self.grants = 0

    @property
    def is_application(self) -> bool:
        """Only an application has a change table and marks its own writes."""
        return self._key is not None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is worth a line in the history: the key names an address of old."""
        if self._key is None or self._root == self._key.client_endpoint.rstrip("/"):
            return ()
        return (
            f"The portal has moved from {_host(self._key.client_endpoint)} to {_host(self._root)}. "
            "The exchange goes there; a new key in portal.key would name it.",
        )

    @property
    def _root(self) -> str:
        if self._key is None:
            return self._webhook.rstrip("/")
        told = self._tokens.root if self._tokens else ""
        return (told or self._key.client_endpoint).rstrip("/")

    def request(self, command: Command, *, safe: bool) -> Request:
        params: dict[str, Json] = dict(command.params)
        if self._tokens:
            params["auth"] = self._tokens.access
        return Request(
            side=SideName.PORTAL,
            name=command.method,
            verb="POST",
            url=f"{self._root}/{command.method}",
            headers=JSON_HEADERS,
            body=b24.encode_body(params),
            safe=safe,
        )

    def ready(self) -> Flow[None]:
        """Have a token at hand. Those of another key are worth nothing."""
        if self._key is None or self._tokens is not None:
            return
        stored = yield from load(CursorOf(TOKENS))
        tokens = Tokens(**json.loads(stored)) if stored else None
        if tokens and tokens.key in {"", self._print}:
            self._tokens = tokens
        else:
            yield from self._refresh()

    def can_be_renewed(self, reply: b24.Reply | Doubt) -> bool:
        """The call was not done, but may be after `renew`."""
        if not isinstance(reply, Refusal):
            return False
        return reply.moved or (reply.token_spent and self._key is not None)

    def renew(self, replies: Sequence[b24.Reply | Doubt], *, since: int) -> Flow[None]:
        """Get other tokens, with the portal's present address.

        A redirection alone is not followed: it would get our token. The OAuth server knows better.
        Of several flows that meet a spent token only one gets another: a refresh token may be good
        for once.

        Args:
            since: `grants` when the calls were signed.

        Raises:
            AccessRefused: The key is good no more.
            PortalMoved: The portal has another address, and only a person can tell whether to go.
        """
        while self._is_renewing:
            yield from sleep(LOOK_EVERY_S)
        if self.grants != since:
            return
        self._is_renewing = True
        try:
            yield from self._renew(replies)
        finally:
            self._is_renewing = False

    def _renew(self, replies: Sequence[b24.Reply | Doubt]) -> Flow[None]:
        before = self._root
        if self._key:
            yield from self._refresh()
        moves = (reply for reply in replies if isinstance(reply, Refusal) and reply.moved)
        moved_to = next((move.text for move in moves), "")
        if moved_to and self._root == before:
            raise PortalMoved(
                setting="portal.key" if self._key else "portal.webhook",
                address=_host(before),
                moved_to=_host(moved_to),
                remedy=NEW_KEY if self._key else "Make a webhook there and put it in its place.",
            )

    def _refresh(self) -> Flow[None]:
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
        told = reply.value
        self._tokens = Tokens(
            access=str(told["access_token"]),
            refresh=str(told["refresh_token"]),
            root=str(told.get("client_endpoint", "")),
            key=self._print,
        )
        self.grants += 1
        yield from save([Cursor(name=TOKENS, value=json.dumps(asdict(self._tokens)))])


def _host(address: str) -> str:
    return urlsplit(address).netloc or address


def surprise(call: str, reply: Refusal | Doubt) -> AccessRefused | ProtocolSurprise:
    if isinstance(reply, Refusal) and reply.no_access:
        return refused(call, reply)
    return ProtocolSurprise(side="portal", call=call, what=str(reply))


def refused(call: str, reply: Refusal | Doubt) -> AccessRefused:
    code = reply.code.upper() if isinstance(reply, Refusal) else ""
    return AccessRefused(
        side="portal",
        answer=f"{call}: {reply}",
        remedy=REMEDIES.get(code, NEW_KEY),
    )
