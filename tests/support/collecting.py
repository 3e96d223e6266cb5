"""What tests find out about the emulators while they run, for the pages of coverage.

Watching is put on for a run with `--evidence DIR` only. A call is noted when its answer leaves;
one that met injected trouble never. A success counts if a real client has called from outside the
test's own thread; a refusal, if it is the subject's own and the test asks for it by `asserting`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hypothesis import currently_in_test_context

from sverka_emulator_kit.coverage import Axis
from sverka_emulator_kit.record import CallLine, CallRecord

Found = tuple[str, str, Axis]
"""package, subject, axis"""


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.is_asserting = False
        self.pending: list[Found] = []


@dataclass
class Collector:
    """What the test that runs has found out.

    Attributes:
        is_client: Whether it drives a real client.
        readers: What the line of a call alone tells, by emulator.
    """

    is_client: bool = False
    readers: list[Callable[[CallLine], Iterable[Found]]] = field(default_factory=list)
    found: set[Found] = field(default_factory=set)
    _here: _OfThread = field(default_factory=_OfThread)

    def begin(self, *, is_client: bool) -> None:
        self.is_client = is_client
        self.found = set()

    @contextmanager
    def asserting(self) -> Iterator[None]:
        """Calls in here are expected to be refused, and the refusal is checked."""
        self._here.is_asserting = True
        try:
            yield
        finally:
            self._here.is_asserting = False

    def has_shape(self, package: str, subject: str) -> None:
        """The answer's names and types were just held against a source."""
        self.found.add((package, subject, Axis.SHAPE))

    def answered(self, package: str, subject: str) -> None:
        self._here.pending.append((package, subject, Axis.CLIENT))

    def refused(self, package: str, subject: str) -> None:
        self._here.pending.append((package, subject, Axis.REFUSAL))

    def settle(self, line: CallLine) -> None:
        """The answer leaves."""
        here = self._here
        is_outside = threading.current_thread() is not threading.main_thread()
        counts = {
            Axis.CLIENT: self.is_client and is_outside,
            Axis.REFUSAL: here.is_asserting,
        }
        if not line.trouble and not currently_in_test_context():
            told = [one for reader in self.readers for one in reader(line)]
            self.found.update(one for one in [*here.pending, *told] if counts[one[2]])
        here.pending.clear()

    def watch_calls(self) -> None:
        """Settle whatever any system's record of calls gets from now on."""
        add = CallRecord.add

        def settled(record: CallRecord, line: CallLine) -> None:
            self.settle(line)
            add(record, line)

        CallRecord.add = settled


COLLECTOR = Collector()
