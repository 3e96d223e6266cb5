"""The vocabulary between flows and drivers: what a flow asks for, and the answers it gets.

A flow is a generator that yields asks and receives answers. It does no I/O and takes neither
time nor chance by itself. The functions below ask and return the typed answer:

    moment_s = yield from now()
    replies = yield from calls(requests)
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from sverka.records import (
    Cursor,
    HistoryLine,
    Intent,
    Link,
    Review,
    SearchKeys,
    SideName,
    Waiting,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP call to a side.

    Attributes:
        name: How it is called in messages: `batch`, `PATCH Catalog_Контрагенты`.
        safe: It changes nothing, so after any doubt it may be repeated.
        waits: The other side holds it until something happens, so it takes up no lane, and no
            turn at the portal's limits.
    """

    side: SideName
    name: str
    verb: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    safe: bool = True
    timeout_s: float = 60.0
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A whole HTTP reply; header names are lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoReply:
    """No whole reply came.

    Attributes:
        arrived: False if the request surely did not reach the other side.
        late: The time for it was over; the other side may still be at work.
    """

    reason: str
    arrived: bool = True
    late: bool = False


Answered = Response | NoReply

Stored = Waiting | Link | Intent | Review | HistoryLine | SearchKeys | Cursor
"""What the journal keeps; each kind has one table."""


class Query(Generic[T]):
    """A question to the journal whose answer is a `T`."""


@dataclass(frozen=True, slots=True)
class LinksOf(Query[list[Link]]):
    """Links of these keys of one side, in no order."""

    side: SideName
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BelongingTo(Query[list[Link]]):
    """Links of the records that belong to one of these, by keys in the infobase, in no order."""

    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due(Query[list[Waiting]]):
    """Waiting changes of these sides that may be tried now: the oldest, or the newest ones."""

    now_s: float
    limit: int
    newest: bool = False
    sides: tuple[SideName, ...] = tuple(SideName)


@dataclass(frozen=True, slots=True)
class NextDue(Query[float | None]):
    """When the next change of these sides may be tried, unix seconds; None if none waits."""

    sides: tuple[SideName, ...] = tuple(SideName)


@dataclass(frozen=True, slots=True)
class NewestChange(Query[int]):
    """The sequence of the change that came last into the inbox, 0 if nothing waits."""


@dataclass(frozen=True, slots=True)
class WaitingOf(Query[list[Waiting]]):
    """Waiting changes of these keys of one side, whenever they may be tried; none is parked."""

    side: SideName
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldFor(Query[list[Waiting]]):
    """Waiting changes whose record belongs to one of these, by keys of either side."""

    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsent(Query[list[Waiting]]):
    """All waiting changes that have a reason."""


@dataclass(frozen=True, slots=True)
class IntentsOf(Query[list[Intent]]):
    """Open intents to write on `side`, made from these keys of the other side."""

    side: SideName
    source_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreatesOf(Query[list[Intent]]):
    """Open intents to create a record on `side` with one of these 1C GUIDs."""

    side: SideName
    externals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundBy(Query[dict[str, tuple[str, ...]]]):
    """Keys of records of one side by value of one criterion."""

    side: SideName
    criterion: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviews(Query[list[Review]]):
    """The review list, open and decided."""


@dataclass(frozen=True, slots=True)
class HistoryOf(Query[list[HistoryLine]]):
    """History, oldest first; of one record if a key is given, of one run if a run is."""

    key: str = ""
    run: int = 0


@dataclass(frozen=True, slots=True)
class CursorOf(Query[str]):
    """The value of a cursor, `""` if it was never set."""

    name: str


@dataclass(frozen=True, slots=True)
class Counts(Query[dict[str, int]]):
    """Number of rows by kind: links, waiting, unsent, intents, reviews."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls that run in lanes beside each other; the answers come in the order of asking."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Sleep:
    seconds_s: float


@dataclass(frozen=True, slots=True)
class Await:
    """A signal, or the end of a time. A signal that nobody awaited is remembered."""

    signal: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Tell:
    """Give a signal to the flow that awaits it."""

    signal: str


@dataclass(frozen=True, slots=True)
class Together:
    """Flows side by side. It ends when all have, or with the first error, which ends the others."""

    flows: tuple["Flow[None]", ...]


@dataclass(frozen=True, slots=True)
class Load:
    query: Query[Any]  # Any: `load` below gives the answer its type


@dataclass(frozen=True, slots=True)
class Save:
    """One transaction: all of it is durable when the answer comes, or none of it."""

    puts: tuple[Stored, ...] = ()
    drops: tuple[Stored, ...] = ()


@dataclass(frozen=True, slots=True)
class Now:
    pass


@dataclass(frozen=True, slots=True)
class NewId:
    pass


@dataclass(frozen=True, slots=True)
class Random:
    pass


Ask = Calls | Sleep | Await | Tell | Together | Load | Save | Now | NewId | Random

Flow: TypeAlias = Generator[Ask, Any, T]  # Any: each function below types its own answer


def calls(requests: Sequence[Request]) -> Flow[tuple[Answered, ...]]:
    """Answers of several calls, in order; no call is repeated here."""
    if not requests:
        return ()
    answers: tuple[Answered, ...] = yield Calls(tuple(requests))
    return answers


def sleep(seconds_s: float) -> Flow[None]:
    yield Sleep(seconds_s)


def await_signal(signal: str, timeout_s: float) -> Flow[bool]:
    """Whether the signal came before the time was over."""
    came: bool = yield Await(signal, timeout_s)
    return came


def tell(signal: str) -> Flow[None]:
    yield Tell(signal)


def together(*flows: "Flow[None]") -> Flow[None]:
    """Run flows side by side; raises the first error of one of them."""
    yield Together(flows)


def load(query: Query[T]) -> Flow[T]:
    """What the journal knows."""
    answer: T = yield Load(query)
    return answer


def save(puts: Sequence[Stored] = (), drops: Sequence[Stored] = ()) -> Flow[None]:
    """Make it durable, all or nothing, before going on."""
    if puts or drops:
        yield Save(tuple(puts), tuple(drops))


def now() -> Flow[float]:
    """The moment, unix seconds."""
    moment_s: float = yield Now()
    return moment_s


def new_id() -> Flow[str]:
    """A new GUID in lower case with dashes."""
    guid: str = yield NewId()
    return guid


def draw() -> Flow[float]:
    """A random number, 0 to 1."""
    number: float = yield Random()
    return number
