"""Which passes run when: manual is one pass when asked, schedule one after the other."""

from sverka.asks import Flow, now, save, sleep
from sverka.engine import Engine, Report, Scope
from sverka.errors import TryLater
from sverka.records import HistoryLine, Level
from sverka.settings import Settings
from sverka.sides.infobase import InfobaseSide
from sverka.sides.portal import PortalSide


def engine_for(settings: Settings) -> Engine:
    """An engine with both sides, new for each process: sides keep what they learned at opening."""
    return Engine(settings, PortalSide(settings), InfobaseSide(settings))


def manual(engine: Engine, scope: Scope) -> Flow[Report]:
    """One pass.

    Raises:
        TryLater: A side cannot be reached; the next pass goes on where this one stopped.
        SettingsError: A side does not let us in.
    """
    return (yield from engine.run(scope))


def schedule(engine: Engine, *, every_s: float) -> Flow[None]:
    """Passes without end, each `every_s` seconds after the end of the one before.

    A side that cannot be reached is noted in the history and tried again.

    Raises:
        SettingsError: A side does not let us in.
    """
    while True:
        try:
            yield from engine.run(Scope.CHANGES)
        except TryLater as trouble:
            moment_s = yield from now()
            yield from save(
                [HistoryLine(run=0, at_s=moment_s, text=str(trouble), level=Level.ERROR)]
            )
        yield from sleep(every_s)
