"""The Push & Pull server's memory: channels of applications, and what was said in them.

Source: b24restdocs: settings/interactivity/**. That a channel keeps its messages as long as it
lives, and the last thousand only, is inferred.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import md5
from typing import TYPE_CHECKING, Any

from b24_emulator import moments
from b24_emulator.access import hexes

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

CHANNEL_LIVES_S = 12 * 3600.0
MESSAGES_MAX = 1000
PUSHES_MAX = 1000
CODE_BYTES, SIGNATURE_BYTES = 16, 20
SHARED, PRIVATE = "shared", "private"
CONTROL = "pull"
"""Module of the commands by which the server manages its connections."""
QUEUE_GREW = ("rest", "offline_event")
"""Module and command of the word that an application's queue has a new record. The vendor's
realtime module waits for such a message; what it is called is not public (inferred)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where one application's messages go: for one user, or for all of them.

    Attributes:
        public_code: Under which others send to it and see it; private channels have one.
        user_id: `""` for the shared channel.
    """

    code: str
    signature: str
    public_code: str
    public_signature: str
    client_id: str
    user_id: str
    start_s: float
    end_s: float

    @property
    def kind(self) -> str:
        return PRIVATE if self.user_id else SHARED

    @property
    def shown(self) -> str:
        """What messages call it; that it is the public half is inferred from a sample."""
        return self.public_code or self.code

    @property
    def id(self) -> str:
        """What a listener names to be let in."""
        codes = f"{self.code}:{self.public_code}" if self.public_code else self.code
        return f"{codes}.{self.signature}"

    @property
    def public_id(self) -> str:
        return f"{self.public_code}.{self.public_signature}"

    @property
    def topic(self) -> str:
        """What stirs when something is said in any channel of the application."""
        return f"pull/{self.client_id}"

    def as_json(self) -> dict[str, object]:
        """As `pull.application.config.get` and `channel_expire` show it."""
        public = {"public_id": self.public_id} if self.public_code else {}
        span = {"start": moments.written(self.start_s), "end": moments.written(self.end_s)}
        return {"id": self.id, **public, **span, "type": self.kind}


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        channel: The channel's name as messages show it.
        sender: Public code of the client who sent it, `""` for the portal itself.
    """

    number: int
    channel: str
    at_s: float
    module_id: str
    command: str
    params: Any  # Any: JSON
    sender: str = ""

    @property
    def mid(self) -> str:
        """26 digits that grow: the second and the number."""
        return f"{int(self.at_s):010d}{self.number:016d}"


@dataclass(slots=True)
class PullServer:
    """The server as one portal sees it.

    Attributes:
        account: `clientId`, by which a cloud server tells the portals apart.
        configured_s: When its settings last changed, unix seconds.
        channels: By code, the living ones.
        pushes: The last notes for telephones.
    """

    account: str
    is_on: bool = True
    configured_s: float = 0.0
    last_number: int = 0
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    pushes: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, member_id: str) -> "PullServer":
        return cls(md5(f"{member_id}/pull".encode(), usedforsecurity=False).hexdigest())

    def channel(self, client_id: str, user_id: str) -> Channel | None:
        mine = (client_id, user_id)
        return next((c for c in self.channels.values() if (c.client_id, c.user_id) == mine), None)

    def named(self, channel_id: str) -> Channel | None:
        """The channel that somebody names with its signature to listen to."""
        found = self.channels.get(channel_id.partition(".")[0].partition(":")[0])
        return found if found and found.id == channel_id else None

    def since(self, codes: Iterable[str], number: int) -> list[Message]:
        """What was said in these channels after a message, the oldest first."""
        said = [one for code in codes for one in self.messages.get(code, ()) if one.number > number]
        return sorted(said, key=lambda one: one.number)

    def drop(self, client_id: str) -> None:
        """Forget an application's channels."""
        for code in [code for code, one in self.channels.items() if one.client_id == client_id]:
            del self.channels[code], self.messages[code]

    def dump(self) -> object:
        return asdict(self)

    @classmethod
    def loaded(cls, dump: Mapping[str, Any]) -> "PullServer":  # Any: JSON
        channels = {code: Channel(**row) for code, row in dump["channels"].items()}
        messages = {
            code: [Message(**row) for row in rows] for code, rows in dump["messages"].items()
        }
        return cls(**{**dump, "channels": channels, "messages": messages})


def start(portal: "Portal", pull: PullServer) -> None:
    """Let a snapshot's channels live on, and end in their time."""
    portal.pull = pull
    for channel in pull.channels.values():
        _end_in_time(portal, channel)


def channel_of(portal: "Portal", client_id: str, user_id: str) -> Channel:
    """The living channel of an application's user, or the shared one; a new one if none is."""
    return portal.pull.channel(client_id, user_id) or _opened(portal, client_id, user_id)


def reopen(portal: "Portal", client_id: str, user_id: str) -> Channel:
    """Put a new channel in the place of the living one; who listens is told which (inferred)."""
    old = portal.pull.channel(client_id, user_id)
    if old is None:
        return _opened(portal, client_id, user_id)
    del portal.pull.channels[old.code]
    new = _opened(portal, client_id, user_id)
    _expire(portal, old, {"action": "reconnect", "new_channel": new.as_json()})
    return new


def say(
    portal: "Portal", channel: Channel, module_id: str, command: str, params: Any, sender: str = ""
) -> None:
    """Say something in a channel: who listens hears it now, who names a `mid` hears it later."""
    pull = portal.pull
    pull.last_number += 1
    message = Message(
        pull.last_number, channel.shown, portal.now_s, module_id, command, params, sender
    )
    kept = pull.messages.setdefault(channel.code, [])
    kept.append(message)
    del kept[:-MESSAGES_MAX]
    portal.topics.stir(channel.topic)


def queue_grew(portal: "Portal", client_id: str) -> None:
    """Tell those who wait for changes that the change table has a new record."""
    channel = portal.pull.channel(client_id, "")
    if channel and portal.pull.is_on and portal.switches.pull_tells_of_queue:
        say(portal, channel, *QUEUE_GREW, params={})


def tell_all(portal: "Portal", command: str) -> None:
    """Say a control command in every channel: `server_restart`, `config_expire`."""
    for channel in list(portal.pull.channels.values()):
        say(portal, channel, CONTROL, command, {})


def switch(portal: "Portal", *, is_on: bool) -> None:
    """Set the server up for the portal, or take it away; who listens is told."""
    portal.pull.is_on, portal.pull.configured_s = is_on, portal.now_s
    tell_all(portal, "config_expire")


def _opened(portal: "Portal", client_id: str, user_id: str) -> Channel:
    secrets, now_s = portal.chances.secrets, portal.now_s
    public = hexes(secrets, CODE_BYTES) if user_id else ""
    channel = Channel(
        code=hexes(secrets, CODE_BYTES),
        signature=hexes(secrets, SIGNATURE_BYTES),
        public_code=public,
        public_signature=hexes(secrets, SIGNATURE_BYTES) if public else "",
        client_id=client_id,
        user_id=user_id,
        start_s=now_s,
        end_s=now_s + CHANNEL_LIVES_S,
    )
    portal.pull.channels[channel.code] = channel
    portal.pull.messages[channel.code] = []
    _end_in_time(portal, channel)
    return channel


def _end_in_time(portal: "Portal", channel: Channel) -> None:
    pull = portal.pull

    def end() -> None:
        # A portal that was reset or restored meanwhile has another set of channels.
        if portal.pull is pull and channel.code in pull.channels:
            del pull.channels[channel.code]
            _expire(portal, channel, {"action": "get_config"})

    portal.clock.at(channel.end_s, end)


def _expire(portal: "Portal", channel: Channel, what: Mapping[str, object]) -> None:
    """The last message of a channel, for those who listen at this moment."""
    about = {"id": channel.id, "type": channel.kind}
    say(portal, channel, CONTROL, "channel_expire", {"channel": about, **what})
    portal.pull.messages.pop(channel.code, None)
