"""A dry run: a full exchange over a copy of the journal, with sides that are only read."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, Protocol, TypeVar

from sverka.asks import Ask, Flow, HistoryOf, Load, Query, Save, Stored, Unsent, load
from sverka.engine import Engine, Scope
from sverka.preview.sheet import UNCOUNTED, Preview, Sheet
from sverka.records import Cursor, Level, SideName
from sverka.sides.portal_access import TOKENS
from sverka.sides.rehearsal import Rehearsal

T = TypeVar("T")


class Memory(Protocol):
    """A journal that may be forgotten."""

    def load(self, query: Query[Any]) -> Any: ...  # Any: the query's type says it

    def save(self, puts: tuple[Stored, ...], drops: tuple[Stored, ...]) -> None: ...


def preview(
    engine: Engine, copy: Memory, watch: Callable[[Ask], None] = lambda ask: None
) -> Flow[Preview]:
    """Rehearse a full exchange.

    Args:
        copy: Of the journal; the rehearsal leaves its traces there.
        watch: Is shown the asks that the driver does not come to see.

    Raises:
        TryLater: A side cannot be reached.
        SettingsError: A side does not let us in.
    """
    return (yield from over(copy, _rehearsed(engine), watch))


def over(copy: Memory, flow: Flow[T], watch: Callable[[Ask], None]) -> Flow[T]:
    """Run a flow over another journal than the driver's.

    Tokens alone are kept in both: once they are changed, the portal may refuse the old ones.
    """
    with closing(flow):
        step = partial(next, flow)
        while True:
            try:
                ask = step()
            except StopIteration as end:
                result: T = end.value
                return result
            answer: object = None
            if isinstance(ask, Load):
                watch(ask)
                answer = copy.load(ask.query)
            elif isinstance(ask, Save):
                watch(ask)
                copy.save(ask.puts, ask.drops)
                if tokens := tuple(put for put in ask.puts if _is_token(put)):
                    yield Save(tokens)
            else:
                answer = yield ask
            step = partial(flow.send, answer)


def _is_token(stored: object) -> bool:
    return isinstance(stored, Cursor) and stored.name == TOKENS


def _rehearsed(engine: Engine) -> Flow[Preview]:
    portal, infobase = Rehearsal(engine.portal), Rehearsal(engine.infobase)
    sheet = Sheet({side.name: side for side in (portal, infobase)})
    rehearsing = Engine(engine.settings, portal, infobase, witness=sheet.enter)
    report = yield from rehearsing.run(Scope.FULL)
    lines = yield from load(HistoryOf(run=report.run))
    said = [line.text for line in lines if not line.key and line.level is not Level.INFO]
    off = [side for side in SideName if side not in engine.settings.directions.sources]
    said += [f"Nothing is taken from the {side}: that direction is off." for side in off]
    rows = tuple(sheet.closed((yield from load(Unsent()))))
    uncounted = Counter(str(deed) for row in rows for deed in row.deeds if deed in UNCOUNTED)
    return Preview(counts={**report.counts, **uncounted}, rows=rows, warnings=tuple(said))
