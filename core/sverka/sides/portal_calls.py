"""Calling the portal: the address, the token and its refreshing, single calls and batches."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sverka.asks import CursorOf, Flow, Request, Response, load, save
from sverka.errors import AccessRefused, ProtocolSurprise
from sverka.records import Cursor, SideName
from sverka.settings import Settings
from sverka.sides.delivery import Again, Delivery, Doubt
from sverka.wire import b24
from sverka.wire.b24 import Command, Json, Refusal, Result
from sverka.wire.connection_key import ConnectionKey, decode_key

TOKENS = "portal.tokens"
NO_ANSWER = b24.Refusal("", "the portal gave no answer to this command")
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The access token in use and the refresh token for the next one."""

    access: str
    refresh: str


class PortalCalls:
    """Speaks to one portal, by webhook or by the tokens of a connection key."""

    def __init__(self, settings: Settings) -> None:
        self._pace = settings.pace
        self._oauth_url = settings.portal.oauth_url
        self._webhook = settings.portal.webhook.rstrip("/")
        self._key: ConnectionKey | None = (
            decode_key(settings.portal.key) if settings.portal.key else None
        )
        self._tokens: Tokens | None = None
        self._delivery: Delivery[b24.Reply] = Delivery(_read, settings.pace)

    @property
    def is_application(self) -> bool:
        """Only an application has a change table and marks its own writes."""
        return self._key is not None

    def ask(self, command: Command) -> Flow[Result]:
        """One reading call.

        Raises:
            AccessRefused: The portal does not let us in.
            ProtocolSurprise: It refused the call for another reason.
        """
        reply = (yield from self.send([command], safe=True))[0]
        if isinstance(reply, Result):
            return reply
        raise surprise(command.method, reply)

    def ask_batch(self, commands: Mapping[str, Command]) -> Flow[dict[str, b24.Reply]]:
        """Several reading commands in as few calls as `pace.batch` allows."""
        keys = list(commands)
        groups = [keys[at : at + self._pace.batch] for at in range(0, len(keys), self._pace.batch)]
        batches = [{key: commands[key] for key in group} for group in groups]
        found: dict[str, b24.Reply] = {}
        for answers in (yield from self.send_batches(batches, safe=True)):
            if isinstance(answers, Doubt):
                raise ProtocolSurprise(side="portal", call="batch", what=answers.reason)
            found |= answers
        return {key: found.get(key, NO_ANSWER) for key in commands}

    def send_batches(
        self, batches: Sequence[Mapping[str, Command]], *, safe: bool
    ) -> Flow[list[dict[str, b24.Reply] | Doubt]]:
        """Answers by command key for each batch, or a doubt about the whole batch.

        A batch without commands is no call.
        """
        calls = [Command("batch", b24.batch_params(batch)) for batch in batches if batch]
        replies = iter((yield from self.send(calls, safe=safe)))
        answers: list[dict[str, b24.Reply] | Doubt] = []
        for batch in batches:
            reply = next(replies) if batch else Result({})
            if isinstance(reply, Refusal):
                raise surprise("batch", reply)
            if isinstance(reply, Result) and not isinstance(reply.value, Mapping):
                what = f"its result is {reply.value!r} without sections"
                raise ProtocolSurprise(side="portal", call="batch", what=what)
            answers.append(
                reply if isinstance(reply, Doubt) else b24.decode_batch(reply.value, list(batch))
            )
        return answers

    def send(self, commands: Sequence[Command], *, safe: bool) -> Flow[list[b24.Reply | Doubt]]:
        """Replies in order; a spent token is refreshed and its calls made again."""
        yield from self._ready()
        replies = yield from self._deliver(commands, safe=safe)
        spent = [
            index
            for index, reply in enumerate(replies)
            if isinstance(reply, Refusal) and reply.token_spent and self._key
        ]
        if spent:
            yield from self._refresh()
            fresh = yield from self._deliver([commands[index] for index in spent], safe=safe)
            for index, reply in zip(spent, fresh, strict=True):
                replies[index] = reply
        for command, reply in zip(commands, replies, strict=True):
            if isinstance(reply, Refusal) and reply.status == 401:
                raise refused(command.method, reply)
        return replies

    def _deliver(self, commands: Sequence[Command], *, safe: bool) -> Flow[list[b24.Reply | Doubt]]:
        requests = [self._request(command, safe=safe) for command in commands]
        return (yield from self._delivery.deliver(requests))

    def _request(self, command: Command, *, safe: bool) -> Request:
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

    def _ready(self) -> Flow[None]:
        if self._key is None or self._tokens is not None:
            return
        stored = yield from load(CursorOf(TOKENS))
        if stored:
            self._tokens = Tokens(**json.loads(stored))
        else:
            yield from self._refresh()

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
        self._tokens = Tokens(str(reply.value["access_token"]), str(reply.value["refresh_token"]))
        text = json.dumps({"access": self._tokens.access, "refresh": self._tokens.refresh})
        yield from save([Cursor(name=TOKENS, value=text)])


def _read(request: Request, response: Response) -> b24.Reply | Again:
    reply = b24.decode_reply(response.status, response.body)
    if reply is None:
        return Again(f"HTTP {response.status} with a body that is no JSON envelope")
    if isinstance(reply, Refusal):
        if reply.throttled:
            return Again(str(reply), untouched=True, throttled=True)
        if response.status >= 500:
            return Again(str(reply))
    return reply


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
