"""Deeds of people that fall into an exchange: right after a call of it was answered."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sverka.asks import Request
from sverka.drivers.simulated import Later, Remote
from sverka_emulator_kit.record import CallLine
from sverka_emulator_kit.system import System
from sverka_scenarios.roads import Road


@dataclass(slots=True)
class Moment:
    """A deed that waits for a call.

    Attributes:
        match: Shell pattern over call names, as troubles have it: `batch/crm.company.list`.
        after: The how-manyth such call from now it waits for, from 1.
    """

    match: str
    after: int
    deed: Callable[[], object]

    def meets(self, line: CallLine) -> bool:
        """Count the call if it is such a one; whether it is the awaited one."""
        names = [line.name, *(f"{line.name}/{part}" for part in line.parts)]
        self.after -= any(fnmatchcase(name, self.match) for name in names)
        return self.after == 0


class WatchedRoad:
    """A road to a system, with people at the system who wait for their moment."""

    def __init__(self, road: Road, system: System) -> None:
        self._road = road
        self._system = system
        self.origin, self.alias = road.origin, road.alias
        self.moments: list[Moment] = []

    def carry(self, request: Request) -> Remote | Later:
        remote = self._road.carry(request)
        if isinstance(remote, Later):
            # It is recorded when it is answered.
            return remote
        line = self._system.calls.lines[-1]
        due = [moment for moment in self.moments if moment.meets(line)]
        self.moments = [moment for moment in self.moments if moment not in due]
        for moment in due:
            moment.deed()
        return remote

    def close(self) -> None:
        self._road.close()
