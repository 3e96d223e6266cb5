"""Notices out of 1C: after a write the base calls an address, by a background job of its own.

An extension does so: a subscription to writes notes what changed in the same transaction, and a job
sends it when that is over. The platform has no such thing by itself, so the message, the pauses
and the limits are ours. A notice says what changed, not how: whoever is told reads it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from sverka_emulator_kit.clock import Timer
from sverka_emulator_kit.courier import Courier

if TYPE_CHECKING:
    from onec_emulator.books import Books

NOTIFY = "notify"
"""The setting: a list of `{"url": …, "sets": […]}`; without `sets` an address is told of all."""
JOB_LAG_S = 1.0
"""How long after a write its job begins, so that a burst of writes is one message."""
PAUSES_S = (5.0, 30.0, 120.0, 600.0)
"""Before each further try; after the last one the changes wait for the next write."""
PATIENCE_S, LOOK_S = 15.0, 0.5
"""How long an answer is awaited, and how often a base looks for it."""
CHANGES_MAX = 1000
SENT_MAX = 1000
NUMBER = "Idempotency-Key"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sent:
    """One try to tell an address.

    Attributes:
        changes: How many records the message named.
        attempt: 1 for the first try.
        status: What was answered, None if nothing came in time.
    """

    at_s: float
    url: str
    changes: int
    attempt: int
    status: int | None

    @property
    def is_done(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Line:
    """The way to one address.

    Attributes:
        failures: Tries in a row that failed.
        number: The message that is under way, 0 if none is; `carried` are its changes.
    """

    failures: int = 0
    number: int = 0
    sent_at_s: float = 0.0
    carried: dict[str, int] = field(default_factory=dict)
    timer: Timer | None = None

    @property
    def has_given_up(self) -> bool:
        return self.failures > len(PAUSES_S)


class Notices:
    """Tells addresses of what changes in one base; what waits is part of the base's state.

    Attributes:
        lines: By address; a line that is thrown away has no more say.
        sent: The last tries, oldest first.
    """

    _books: "Books"

    def __init__(self, publication: str, courier: Callable[[], Courier]) -> None:
        self.lines: dict[str, Line] = {}
        self.sent: deque[Sent] = deque(maxlen=SENT_MAX)
        self._publication = publication
        self._courier = courier
        self._numbers = count(1)
        self._answers: SimpleQueue[tuple[str, int | None]] = SimpleQueue()
        self._answered: dict[str, int | None] = {}

    def begin(self, books: "Books") -> None:
        """Tell of the writes of these books; those before them are forgotten."""
        self._books = books
        books.changed = self.changed
        self.lines.clear()
        self.sent.clear()

    def changed(self, entity: str, key: str) -> None:
        """Note one write for all who want to know of it."""
        for url in self._listeners(entity):
            waiting = self._books.untold.setdefault(url, {})
            waiting[f"{entity} {key}"] = next(self._numbers)
            line = self.lines.setdefault(url, Line())
            if line.has_given_up:
                line.failures = 0
            self._arm(url, line, JOB_LAG_S)

    def wake(self) -> None:
        """Let the job run for all that waits: a window was opened, or a state restored."""
        for url in list(self._books.untold):
            self._arm(url, self.lines.setdefault(url, Line()), JOB_LAG_S)

    def restart(self) -> None:
        """Forget what is under way; what waits in the base's present state sets out anew."""
        self.lines.clear()
        self.wake()

    def ended(self, headers: Mapping[str, str], status: int | None) -> None:
        """Take the answer of a call that a courier has made. Any thread may bring it."""
        self._answers.put((headers[NUMBER], status))

    def waiting(self) -> dict[str, int]:
        """How many changes wait, by address."""
        return {url: len(changes) for url, changes in self._books.untold.items()}

    def _listeners(self, entity: str) -> Iterator[str]:
        for one in self._books.settings.get(NOTIFY, ()):
            if one.get("sets") is None or entity in one["sets"]:
                yield one["url"]

    def _arm(self, url: str, line: Line, delay_s: float) -> None:
        if line.timer is None and not line.number:
            line.timer = self._books.clock.after(delay_s, partial(self._run, url, line))

    def _run(self, url: str, line: Line) -> None:
        """The job: send what waits, if the base runs jobs now."""
        line.timer = None
        declared = {one["url"] for one in self._books.settings.get(NOTIFY, ())}
        if url not in declared:
            self._books.untold.pop(url, None)
        changes = self._books.untold.get(url, {})
        if self.lines.get(url) is line and changes and self._books.runs_jobs():
            self._send(url, line, dict(islice(changes.items(), CHANGES_MAX)))

    def _send(self, url: str, line: Line, changes: dict[str, int]) -> None:
        line.number, line.carried = next(self._numbers), changes
        line.sent_at_s = self._books.clock.now_s()
        number = f"{self._publication}-{line.number}"
        headers = {"Content-Type": JSON, NUMBER: number}
        body = orjson.dumps({"base": self._publication, "changes": [*self._named(changes)]})
        status = self._courier()(url, body, headers)
        if status is None:
            self._look_later(url, line, number)
        else:
            self._settle(url, line, status)

    def _named(self, changes: Iterable[str]) -> Iterator[dict[str, object]]:
        for change in changes:
            entity, key = change.split(" ", 1)
            is_there = key in self._books.tables[entity].rows
            yield {"set": entity, "key": key, "deleted": not is_there}

    def _look_later(self, url: str, line: Line, number: str) -> None:
        self._books.clock.after(LOOK_S, partial(self._look, url, line, number))

    def _look(self, url: str, line: Line, number: str) -> None:
        while not self._answers.empty():
            told, status = self._answers.get()
            self._answered[told] = status
        if self.lines.get(url) is not line:
            return
        is_late = self._books.clock.now_s() - line.sent_at_s >= PATIENCE_S
        if number in self._answered or is_late:
            self._settle(url, line, self._answered.pop(number, None))
        else:
            self._look_later(url, line, number)

    def _settle(self, url: str, line: Line, status: int | None) -> None:
        """Forget what has arrived and was not written since, or try again after a pause."""
        now_s = self._books.clock.now_s()
        sent = Sent(now_s, url, len(line.carried), line.failures + 1, status)
        self.sent.append(sent)
        line.number = 0
        if not sent.is_done:
            line.failures += 1
            if not line.has_given_up:
                self._arm(url, line, PAUSES_S[line.failures - 1])
            return
        line.failures = 0
        waiting = self._books.untold.get(url, {})
        for change, mark in line.carried.items():
            if waiting.get(change) == mark:
                del waiting[change]
        if waiting:
            self._arm(url, line, JOB_LAG_S)


def check(books: "Books", value: Any) -> None:  # Any: JSON of a setting
    """Refuse a setting that names nobody to tell.

    Raises:
        ValueError: It is no list of addresses with sets of this base.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{NOTIFY} is {value!r}. Give a list: {EXAMPLE}.")
    for one in value:
        if unknown := sorted(one.keys() - {"url", "sets"}):
            raise ValueError(f"{NOTIFY} has {unknown}. It takes url and sets: {EXAMPLE}.")
        _check_url(one.get("url"))
        _check_sets(books, one.get("sets"))


def _check_url(url: object) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"{NOTIFY} has url {url!r}. Give an address that can be called: {EXAMPLE}."
        )


def _check_sets(books: "Books", sets: object) -> None:
    if sets is None:
        return
    if not isinstance(sets, list) or (unknown := sorted({*map(str, sets)} - set(books.tables))):
        named = sets if not isinstance(sets, list) else unknown
        known = ", ".join(books.tables)
        raise ValueError(f"{NOTIFY} has sets {named!r}. Use some of: {known}.")


EXAMPLE = '[{"url": "http://127.0.0.1:9000/changed", "sets": ["Catalog_Контрагенты"]}]'
