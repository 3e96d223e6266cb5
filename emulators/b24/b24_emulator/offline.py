"""The offline queue: one record per event and object, kept until somebody takes it.

Source: b24restdocs: api-reference/events/offline-events.md, event-offline-*.md.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from b24_emulator import moments
from b24_emulator.calls import Caller

KEPT_S = 30 * 86_400.0
OFFLINE, ONLINE = "offline", "online"
Subject = tuple[tuple[str, str | int], ...]
"""What changed: FIELDS of the event in their order, `(("ID", "12"),)` for most."""
Key = tuple[str, str, str, Subject]


@dataclass(frozen=True, slots=True)
class Binding:
    """Somebody asked to be told of an event.

    Attributes:
        connector: The source whose changes are left out, and the queue that is filled.
        number: `event_handler_id` of the calls to a handler.
        min_timeout_s: Shortest time between two notices of the offline queue.
    """

    client_id: str
    event: str
    event_type: str
    handler: str = ""
    auth_type: str = "0"
    connector: str = ""
    number: int = field(default=0, compare=False)
    min_timeout_s: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the queue.

    Attributes:
        process_id: The reservation, `""` while it is free.
        reserved_s: When it was reserved, unix seconds.
    """

    number: int
    client_id: str
    connector: str
    event: str
    subject: Subject
    at_s: float
    message_id: str
    process_id: str = ""
    reserved_s: float = 0.0
    is_failed: bool = False

    @property
    def is_free(self) -> bool:
        return not self.process_id and not self.is_failed

    @property
    def key(self) -> Key:
        """What a free record is the only one of."""
        return (self.client_id, self.connector, self.event, self.subject)


class OfflineQueue:
    """Bindings and queued records of one portal."""

    def __init__(self) -> None:
        self.bindings: list[Binding] = []
        self.entries: dict[int, Entry] = {}
        self.last_id = 0
        self.last_binding = 0
        self._free: dict[Key, int] = {}

    def bind(self, binding: Binding) -> None:
        self.bindings.append(replace(binding, number=self.number_of_handler()))

    def number_of_handler(self) -> int:
        """The next `event_handler_id`."""
        self.last_binding += 1
        return self.last_binding

    def unbind(self, client_id: str) -> None:
        self.bindings = [one for one in self.bindings if one.client_id != client_id]

    def forget(self, client_id: str) -> None:
        """Drop all records of an application's queues."""
        self.remove([one.number for one in self.entries.values() if one.client_id == client_id])

    def happened(self, event: str, subject: Subject, caller: Caller, now_s: float) -> set[str]:
        """Queue a change for everybody who asked, except for its own source.

        Returns:
            The applications whose queues have a new record now.
        """
        asking = [
            binding
            for binding in self.bindings
            if binding.event == event
            and binding.event_type == OFFLINE
            and not (binding.connector and binding.connector == caller.connector)
        ]
        return {b.client_id for b in asking if self._queue(b, subject, now_s)}

    def _queue(self, binding: Binding, subject: Subject, now_s: float) -> bool:
        """Whether the record is a new one."""
        key = (binding.client_id, binding.connector, binding.event, subject)
        waiting = self._free.get(key)
        if waiting is not None:
            # A further change of the same object only moves the record's moment.
            self.entries[waiting] = replace(self.entries[waiting], at_s=now_s)
            return False
        self.last_id += 1
        self._free[key] = self.last_id
        self.entries[self.last_id] = Entry(
            self.last_id, *key, at_s=now_s, message_id=_message_id(key)
        )
        return True

    def of(self, client_id: str, connector: str, now_s: float) -> list[Entry]:
        """All records of one queue; reservations older than 30 days are gone."""
        stale = [
            entry.number
            for entry in self.entries.values()
            if entry.process_id and entry.reserved_s + KEPT_S <= now_s
        ]
        self.remove(stale)
        return [
            entry
            for entry in self.entries.values()
            if entry.client_id == client_id and entry.connector == connector
        ]

    def reserve(self, numbers: Iterable[int], process_id: str, now_s: float) -> None:
        for number in numbers:
            entry = self.entries[number]
            self._unlist(entry)
            self.entries[number] = replace(entry, process_id=process_id, reserved_s=now_s)

    def fail(self, numbers: Iterable[int]) -> None:
        """Mark as failed: such a record comes back only to who asks for errors."""
        for number in numbers:
            self.entries[number] = replace(self.entries[number], process_id="", is_failed=True)

    def remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._unlist(self.entries.pop(number))

    def _unlist(self, entry: Entry) -> None:
        if self._free.get(entry.key) == entry.number:
            del self._free[entry.key]

    def dump(self) -> object:
        """All but the records, whose place is empty."""
        return {
            "last_id": self.last_id,
            "last_binding": self.last_binding,
            "bindings": [asdict(binding) for binding in self.bindings],
            "entries": [],
        }

    @classmethod
    def loaded(cls, dump: Mapping[str, Any]) -> "OfflineQueue":  # Any: JSON
        queue = cls()
        queue.last_id, queue.last_binding = dump["last_id"], dump["last_binding"]
        queue.bindings = [Binding(**row) for row in dump["bindings"]]
        for row in dump["entries"]:
            subject = tuple((name, value) for name, value in row["subject"])
            entry = Entry(**{**row, "subject": subject})
            queue.entries[entry.number] = entry
            if entry.is_free:
                queue._free[entry.key] = entry.number
        return queue


def _message_id(key: Key) -> str:
    """A hash of what the record is about: the same for each record of one event and object."""
    words = (*key[:3], *(str(value) for _, value in key[3]))
    return hashlib.md5("|".join(words).encode(), usedforsecurity=False).hexdigest()


def as_row(entry: Entry, *, data_is_false: bool) -> dict[str, Any]:  # Any: JSON
    """A record as `event.offline.list` shows it."""
    return {
        "ID": str(entry.number),
        "TIMESTAMP_X": moments.written(entry.at_s),
        "EVENT_NAME": entry.event,
        "EVENT_DATA": False if data_is_false else {"FIELDS": dict(entry.subject)},
        "EVENT_ADDITIONAL": False,
        "MESSAGE_ID": entry.message_id,
        "PROCESS_ID": entry.process_id,
        "ERROR": "1" if entry.is_failed else "0",
    }
