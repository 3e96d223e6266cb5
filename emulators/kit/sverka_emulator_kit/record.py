"""The record of what was called, and the ledger of what was read and written by whom."""

import difflib
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from operator import itemgetter

LINES_MAX = 200_000
PAGES_KEPT = 500
"""Pages of which is not yet known which of their records anybody will ask for."""
READS_KEPT = 8
"""Of one record by one actor: a read and a write of his cross on their way only now and then."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A name that a call sent and that nobody read.

    Attributes:
        place: Where it stood: `method`, `parameter`, `fields`, `filter`, `set`…
        known: Names that would have been read there.
    """

    place: str
    name: str
    known: Collection[str] = field(default=(), repr=False, compare=False)

    @property
    def nearest(self) -> str:
        """The known name that was probably meant, `""` if none is near."""
        spelt = {known.casefold(): known for known in self.known}
        found = difflib.get_close_matches(self.name.casefold(), spelt, n=1, cutoff=0.7)
        return spelt[found[0]] if found else ""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call as the system saw it.

    Attributes:
        at_s: Arrival, unix seconds of the system's clock.
        name: `crm.company.add`, `batch`, or `PATCH Catalog_Контрагенты`.
        parts: Names of the commands inside a batch.
        actor: Who called: `user:1`, `app:…`, or a 1C user's name.
        trouble: Kind of the injected trouble, `""` if none: such an answer is no evidence.
        takes_s: From the arrival to the reply's departure, in seconds.
        missed: Names that nobody read, as far as the system can tell.
    """

    at_s: float
    name: str
    actor: str
    status: int
    error: str = ""
    parts: tuple[str, ...] = ()
    trouble: str = ""
    bytes_in: int = 0
    bytes_out: int = 0
    takes_s: float = 0.0
    missed: tuple[Miss, ...] = ()

    def as_json(self) -> dict[str, object]:
        # Without `known`, which may be a whole table of methods.
        missed = [
            {"place": miss.place, "name": miss.name, "nearest": miss.nearest}
            for miss in self.missed
        ]
        return asdict(replace(self, missed=())) | {"missed": missed}


class CallRecord:
    """The last calls of one system, oldest first."""

    def __init__(self, lines_max: int = LINES_MAX) -> None:
        self.lines: deque[CallLine] = deque(maxlen=lines_max)

    def add(self, line: CallLine) -> None:
        self.lines.append(line)

    def since(self, at_s: float) -> Iterable[CallLine]:
        return (line for line in self.lines if line.at_s >= at_s)

    def clear(self) -> None:
        self.lines.clear()


@dataclass(frozen=True, slots=True)
class Touch:
    """One write, with the record before and after it.

    Attributes:
        verb: `add`, `update` or `delete`.
        before: None for `add`.
        after: None for `delete`.
        reads_s: When the same actor read this record, ascending, the last few times: an edit by
            somebody else after the last of them could not be known to the writer.
    """

    at_s: float
    actor: str
    verb: str
    entity: str
    key: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    reads_s: tuple[float, ...] = ()

    @property
    def read_at_s(self) -> float | None:
        """When the same actor last read this record, None if never."""
        return self.reads_s[-1] if self.reads_s else None

    def changed(self) -> set[str]:
        """Names of the fields whose value this write changed."""
        before, after = self.before or {}, self.after or {}
        return {
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        }


@dataclass(slots=True)
class _Reads:
    """When one actor read the records of one entity.

    Pages are many and writes are few, so a page stays whole until somebody asks for a record.

    Attributes:
        pages: What was read together, and when, the last few times.
        of_key_s: Of each record, by its key as it was given, without the pages.
    """

    pages: dict[tuple[object, ...], list[float]] = field(default_factory=dict)
    of_key_s: defaultdict[object, list[float]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, keys: tuple[object, ...], at_s: float) -> None:
        times_s = self.pages.get(keys)
        if times_s is None:
            if len(self.pages) >= PAGES_KEPT:
                self._settle()
            times_s = self.pages[keys] = []
        times_s.append(at_s)
        if len(times_s) > READS_KEPT:
            del times_s[0]

    def of(self, key: str) -> tuple[float, ...]:
        self._settle()
        found = self.of_key_s.get(key, [])
        if key.isdecimal() and key == str(int(key)):
            found = sorted((*found, *self.of_key_s.get(int(key), [])))
        return tuple(found[-READS_KEPT:])

    def _settle(self) -> None:
        read = [(at_s, keys) for keys, times_s in self.pages.items() for at_s in times_s]
        self.pages.clear()
        for at_s, keys in sorted(read, key=itemgetter(0)):
            # Without a loop of our own: there are fifty keys in a page.
            deque(map(list.append, map(self.of_key_s.__getitem__, keys), repeat(at_s)), maxlen=0)
        for key in {key for _, keys in read for key in keys}:
            del self.of_key_s[key][:-READS_KEPT]


@dataclass(slots=True)
class Ledger:
    """Who wrote what, and who last read what, in one system. The laws are judged by it."""

    touches: list[Touch] = field(default_factory=list)
    _reads: dict[tuple[str, str], "_Reads"] = field(default_factory=dict)

    def read(self, actor: str, entity: str, key: str, at_s: float) -> None:
        self.read_all(actor, entity, (key,), at_s)

    def read_all(self, actor: str, entity: str, keys: tuple[object, ...], at_s: float) -> None:
        """The same of a whole page; its keys are numbers or texts."""
        reads = self._reads.get((actor, entity))
        if reads is None:
            reads = self._reads[actor, entity] = _Reads()
        reads.enter(keys, at_s)

    def reads_s(self, actor: str, entity: str, key: str) -> tuple[float, ...]:
        """When one actor last read one record, ascending, the last few times."""
        reads = self._reads.get((actor, entity))
        return reads.of(key) if reads else ()

    def wrote(
        self,
        verb: str,
        *,
        at_s: float,
        actor: str,
        entity: str,
        key: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object] | None,
    ) -> None:
        """Enter one write. The two states are kept as given: pass copies."""
        reads_s = self.reads_s(actor, entity, key)
        self.touches.append(Touch(at_s, actor, verb, entity, key, before, after, reads_s))

    def since(self, at_s: float) -> list[Touch]:
        return [touch for touch in self.touches if touch.at_s >= at_s]

    def clear(self) -> None:
        self.touches.clear()
        self._reads.clear()
