"""The doors of the Push & Pull server: `/sub/` and `/subws/` to listen, `/pub/` to speak.

Source: b24restdocs: settings/interactivity/custom-push-and-pull-client.md; b24jssdk:
JS/pullClient/*.ts. How it refuses over HTTP, and how often it pings, is inferred.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from b24_emulator import php, pull_rpc
from b24_emulator.pull import Channel, Message
from b24_emulator.pull_wording import Form, worded, worded_alone
from sverka_emulator_kit.held import Answer, Held, Line, Upgrade
from sverka_emulator_kit.messages import Reply

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

HELD_S = 55.0
"""A call is held 'up to about 60 s'; some clients hang up at 60 themselves."""
PING_S = 10.0
"""b24jssdk takes a line without a ping in 20 s for stuck."""
WRONG_CHANNEL = 4010
TEXT = "text/plain; charset=utf-8"
REFUSED = Reply(403, b"Wrong channel id", TEXT)
SWITCHED_OFF = Reply(404, b"No push server here", TEXT)
BINARY = Reply(501, b"Protobuf is not emulated: ask for format=json or jsonRpc=true", TEXT)
UNCHANGED = ("Expires", "Thu, 01 Jan 1973 11:11:01 GMT")


@dataclass(slots=True)
class Listener:
    """Somebody who listens to channels of one application.

    Attributes:
        heard: Number of the last message that he has.
    """

    portal: "Portal"
    channels: tuple[Channel, ...]
    form: Form
    heard: int

    @property
    def topic(self) -> str:
        return self.channels[0].topic

    def news(self) -> list[Message]:
        """What he has not heard yet; he has from now on."""
        said = self.portal.pull.since((one.code for one in self.channels), self.heard)
        self.heard = said[-1].number if said else self.heard
        return said

    def last_mid(self) -> str:
        """Where he stands: a listener who comes back with it misses nothing."""
        return f"{int(self.portal.now_s):010d}{self.heard:016d}"


def answer(
    portal: "Portal", name: str, params: Mapping[str, Any], finish: Callable[[Reply], Reply]
) -> Answer:
    """Let somebody listen, in the form and from the message that he names.

    Args:
        name: `pull.listen` holds a call, `pull.connect` keeps a line.
        finish: Done to a reply when it leaves.
    """
    if not portal.pull.is_on:
        return finish(SWITCHED_OFF)
    if php.flag(params.get("binarymode", "")) and not php.flag(params.get("jsonrpc", "")):
        return finish(BINARY)
    listener = listening(portal, params)
    if name == "pull.connect":
        return Upgrade(lambda line: _Talk(listener, line) if listener else _Refusal(line))
    return _held(listener, finish) if listener else finish(REFUSED)


def published(portal: "Portal", params: Mapping[str, Any], body: bytes) -> Reply:
    """Say what a client sends in JSON-RPC over plain HTTP."""
    listener = listening(portal, params)
    if listener is None or not portal.pull.is_on:
        return REFUSED
    return Reply(200, (pull_rpc.answered(portal, listener.channels, body) or "").encode())


def listening(portal: "Portal", params: Mapping[str, Any]) -> Listener | None:
    """Who listens, None if he names no channel, a wrong one, or another portal's."""
    pull = portal.pull
    names = [name for name in str(params.get("channel_id") or "").split("/") if name]
    channels = [pull.named(name) for name in names]
    known = tuple(channel for channel in channels if channel)
    if not known or len(known) < len(names) or len({one.topic for one in known}) > 1:
        return None
    if portal.switches.pull_is_shared and params.get("clientid") != pull.account:
        return None
    return Listener(portal, known, _form(params), _heard(portal, params))


def _form(params: Mapping[str, Any]) -> Form:
    if php.flag(params.get("jsonrpc", "")):
        return Form.RPC
    return Form.JSON if params.get("format") == "json" else Form.MARKED


def _heard(portal: "Portal", params: Mapping[str, Any]) -> int:
    """The number in `mid`, or in `tag` of the old protocol; without one he asks for no history."""
    mid, tag = str(params.get("mid") or ""), str(params.get("tag") or "")
    if mid.isdecimal() and len(mid) == len(Message(0, "", 0, "", "", None).mid):
        return int(mid[-16:])
    return php.integer(tag) if tag.isdecimal() else portal.pull.last_number


def _held(listener: Listener, finish: Callable[[Reply], Reply]) -> Answer:
    portal = listener.portal

    def look() -> Reply | None:
        said = listener.news()
        if not said:
            return None
        body = worded(said, listener.form, portal.now_s).encode()
        return finish(Reply(200, body, headers=(("Last-Message-Id", listener.last_mid()),)))

    def nothing() -> Reply:
        head = (UNCHANGED, ("Last-Message-Id", listener.last_mid()))
        return finish(Reply(304, content_type=TEXT, headers=head))

    return look() or Held(listener.topic, HELD_S, portal.topics, look, nothing)


class _Talk:
    """A listener on the line: he is told at once, pinged, and may speak himself."""

    def __init__(self, listener: Listener, line: Line) -> None:
        self._listener, self._line = listener, line
        self._portal = listener.portal
        self._end = self._portal.topics.listen(listener.topic, self._tell)
        self._ping = self._portal.clock.after(PING_S, self._pinged)
        self._tell()

    def hear(self, text: str) -> None:
        if text == "ping":
            self._line.send("pong")
        elif text != "pong" and not text.startswith("mack:"):
            said = pull_rpc.answered(self._portal, self._listener.channels, text.encode())
            if said:
                self._line.send(said)

    def gone(self) -> None:
        self._end()
        self._ping.cancel()

    def _tell(self) -> None:
        form, now_s = self._listener.form, self._portal.now_s
        for message in self._listener.news():
            self._line.send(worded_alone(message, form, now_s))

    def _pinged(self) -> None:
        if self._listener.form is Form.RPC:
            self._line.send("ping")
        else:
            self._line.ping()
        self._ping = self._portal.clock.after(PING_S, self._pinged)


class _Refusal:
    """Nobody is let in by a wrong channel: the line is closed as soon as it is open."""

    def __init__(self, line: Line) -> None:
        line.close(WRONG_CHANNEL, "Wrong channel id")

    def hear(self, text: str) -> None:
        """Nothing of it is heard."""

    def gone(self) -> None:
        """There was nothing."""
