"""A WebSocket inside a channel of waitress: the same listener, and no thread of its own.

The channel's socket belongs to the server's loop. So everything that is sent is put there by
the loop's trigger, from whatever thread it comes; what is heard is told under the system's lock.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from sverka_emulator_kit.held import Talker, Upgrade

if TYPE_CHECKING:
    from sverka_emulator_kit.channel import OddChannel

BACKLOG_MAX = 4_000_000
"""A caller who does not read so many bytes is hung up on: the loop must never wait for him."""

OPEN = {ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING}
"""When something may still be sent."""


class NoHandshake(ValueError):
    """The request to upgrade is none of WebSocket's."""


class WebSocket:
    """One line.

    Attributes:
        handshake: The answer to the upgrade, bytes for the channel. `begin` comes after it.
    """

    def __init__(
        self,
        channel: "OddChannel",
        headers: Iterable[tuple[bytes, bytes]],
        upgrade: Upgrade,
        lock: AbstractContextManager[bool],
    ) -> None:
        """Raises NoHandshake with what is wrong with the request."""
        self._channel, self._upgrade, self._lock = channel, upgrade, lock
        self._talker: Talker | None = None
        self._early: list[str] = []
        self._is_gone = False
        self._wire = WSConnection(ConnectionType.SERVER)
        self._heard = ""
        try:
            self._wire.initiate_upgrade_connection(list(headers), "/")
            self.handshake = self._wire.send(AcceptConnection())
        except (LocalProtocolError, RemoteProtocolError) as error:
            raise NoHandshake(f"No WebSocket handshake: {error}") from error

    def begin(self) -> None:
        with self._lock:
            if self._is_gone:
                return
            self._talker = self._upgrade.begin(self)
            for heard in self._early:
                self._talker.hear(heard)

    def send(self, text: str) -> None:
        self._put(TextMessage(data=text))

    def ping(self) -> None:
        self._put(Ping())

    def close(self, code: int, reason: str) -> None:
        self._put(CloseConnection(code=code, reason=reason))

    def received(self, data: bytes) -> None:
        """Take what came; in the loop's thread."""
        try:
            self._wire.receive_data(data)
            for event in self._wire.events():
                self._meet(event)
        except RemoteProtocolError:
            self._channel.will_close = True

    def gone(self) -> None:
        """The channel is closed."""
        with self._lock:
            talker, self._talker, self._is_gone = self._talker, None, True
            if talker is not None:
                talker.gone()

    def _meet(self, event: Event) -> None:
        match event:
            case TextMessage(data=text, message_finished=is_whole):
                self._heard += text
                if is_whole:
                    heard, self._heard = self._heard, ""
                    self._tell(heard)
            case Ping():
                self._write(event.response())
            case CloseConnection():
                if self._wire.state is ConnectionState.REMOTE_CLOSING:
                    self._write(event.response())
                self._channel.close_when_flushed = True

    def _tell(self, heard: str) -> None:
        with self._lock:
            if self._talker is not None:
                self._talker.hear(heard)
            elif not self._is_gone:
                # A quick caller speaks before the answer's thread has come to `begin`.
                self._early.append(heard)

    def _put(self, event: Event) -> None:
        if self._channel.connected:
            self._channel.in_loop(lambda: self._write(event))

    def _write(self, event: Event) -> None:
        channel = self._channel
        if not channel.connected or self._wire.state not in OPEN:
            return
        if channel.total_outbufs_len > BACKLOG_MAX:
            channel.will_close = True
            return
        channel.write_soon(self._wire.send(event))
