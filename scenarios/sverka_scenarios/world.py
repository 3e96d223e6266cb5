"""The world of a scenario: two systems on one clock, people at both, one exchange between them.

A scenario touches only the two systems, and says of the exchange no more than: settings, 'exchange
now', start, kill.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from b24_emulator.portal import Portal
from b24_emulator.rules.tariffs import Tariff
from onec_emulator import sample as base_sample
from onec_emulator.contact_information import Address
from onec_emulator.infobase import Infobase
from sverka.drivers.simulated import Crashed, CrashPoint
from sverka.engine import Report, Scope
from sverka.errors import SettingsError
from sverka.records import Level
from sverka.settings import (
    PRESETS,
    ClientSettings,
    Criterion,
    InfobaseSettings,
    Pace,
    Policy,
    PortalSettings,
    Settings,
)
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.people import Registry
from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.trouble import Refuse, Trouble, TroubleBox
from sverka_scenarios.builders import Builders, Someone
from sverka_scenarios.moments import Moment, WatchedRoad
from sverka_scenarios.operator import Operator
from sverka_scenarios.people import MANAGER, BasePeople, PortalPeople
from sverka_scenarios.roads import ROADS
from sverka_scenarios.targets import EmbeddedCore
from sverka_scenarios.views import (
    CLIENTS,
    OUR_MARK,
    View,
    base_views,
    entered_values,
    phone_digits,
    portal_views,
)

SETTLING_S = 30.0
LOOK_EVERY_S = 0.1
NEW_GROUP = "Новые из Битрикс24"


class CheckFailed(AssertionError):
    """A sentence of a scenario is false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a world is set up.

    Attributes:
        limits: Profile of the portal's rate limits.
        connector: The tariff lets an application mark its own writes.
        through: `direct`, `flask` or `sockets`.
    """

    seed: int = 1
    limits: str = "50-2-100"
    policy: str = "strict"
    criteria: tuple[str, ...] = ()
    connector: bool = True
    through: str = "direct"
    portion: int = 500
    presets: dict[str, str] | None = None


@dataclass(slots=True)
class End:
    """One system with its people, as a scenario speaks of it: it has, edits, shows, suffers."""

    name: str
    people: PortalPeople | BasePeople
    views: Callable[[], dict[str, View]]
    box: TroubleBox
    check: Callable[[bool, str], None]
    wait: Callable[[float], None]
    took: Callable[[float], None]
    road: WatchedRoad
    named_elsewhere: Callable[[Someone], str]

    def has(self, *entered: Someone) -> Someone:
        """People entered these clients here. Returns the last one."""
        for who in entered:
            who.keys[self.name] = self.people.enter(who.client)
        return entered[-1]

    def knows(self, who: Someone, **otherwise: Any) -> None:  # Any: fields of Client
        """People entered this client here too, in words of their own."""
        who.keys[self.name] = self.people.enter(replace(who.client, **otherwise))

    def deletes(self, *entered: Someone) -> None:
        for who in entered:
            self.people.delete(self.key(who))

    def meanwhile(self, deed: Callable[[], object], on: str, after: int = 1) -> None:
        """People do this while an exchange runs: after the `after`-th such call was answered."""
        self.road.moments.append(Moment(on, after, deed))

    def edits(self, who: Someone, **fields: str) -> None:
        self.people.edit(self.key(who), **fields)

    def moves(self, who: Someone, address: Address, field: str = "legal_address") -> None:
        self.people.move(self.key(who), address, field)

    def adds_phone(self, who: Someone, value: str, value_type: str = "WORK") -> None:
        self.people.add(self.key(who), "PHONE", value, value_type)

    def changes_phone(self, who: Someone, old: str, new: str) -> None:
        self.people.replace(self.key(who), "PHONE", old, new)

    def removes_phone(self, who: Someone, old: str) -> None:
        self.people.remove(self.key(who), "PHONE", old)

    def suffers(self, trouble: Trouble, on: str = "*", times: int | None = 1) -> None:
        self.box.set(trouble, match=on, times=times)

    def recovers(self) -> None:
        """Troubles that were not met yet come no more."""
        self.box.clear()

    def suffered(self, *kinds: str) -> None:
        """The troubles that were set were really met, so the scenario tried something."""
        for kind in kinds:
            self.check(self.box.met[kind] > 0, f"{kind} was met at the {self.name}")

    def copies(self, who: Someone) -> list[View]:
        """The records here that are this client, by mark, number or name."""
        views = self.views()
        found = [view for view in views.values() if is_same(who, view, self.name)]
        twin = "" if found else self.named_elsewhere(who)
        return [views[twin]] if twin in views else found

    def key(self, who: Someone) -> str:
        if self.name in who.keys:
            return who.keys[self.name]
        found = self.copies(who)
        self.check(len(found) == 1, f"{who.name}: {len(found)} records at the {self.name}, not 1")
        return found[0].key

    def shows(self, who: Someone, *, copies: int = 1, **fields: object) -> None:
        """This client is here so many times, with these values."""
        found = self.copies(who)
        self.check(
            len(found) == copies,
            f"{who.name}: {len(found)} records at the {self.name}, not {copies}",
        )
        for view in found:
            for name, value in fields.items():
                shown = getattr(view, name)
                self.check(
                    shown == value,
                    f"{who.name}: {name} is {shown!r} at the {self.name}, not {value!r}",
                )

    def shows_within(self, limit_s: float, who: Someone, **fields: str | int) -> None:
        """This client is here with these values in time; the delay goes into the report."""
        looks = 0
        while looks * LOOK_EVERY_S < limit_s and not self._has(who, fields):
            self.wait(LOOK_EVERY_S)
            looks += 1
        self.shows(who, copies=1, **fields)
        self.took(looks * LOOK_EVERY_S)

    def _has(self, who: Someone, fields: Mapping[str, str | int]) -> bool:
        found = self.copies(who)
        return len(found) == 1 and all(getattr(found[0], n) == v for n, v in fields.items())

    def shows_whole(self, who: Someone) -> None:
        """He is here once, with all that people entered of him, and nobody else's values."""
        self.shows(who, **entered_values(who.client))

    def shows_phones(self, who: Someone, *phones: str) -> None:
        """He has exactly these phones here, each once."""
        wanted = Counter(phone_digits(phone) for phone in phones)
        self.shows(who)
        for view in self.copies(who):
            self.check(
                view.phones == wanted,
                f"{who.name}: phones at the {self.name} are {sorted(view.phones.elements())}, "
                f"not {sorted(wanted.elements())}",
            )

    def keeps_type(self, who: Someone, phone: str, value_type: str) -> None:
        """The portal still calls this phone so."""
        shape, number = self.key(who).split(":")
        assert isinstance(self.people, PortalPeople)
        rows = self.people.portal.records()[shape][number]["PHONE"]
        types = {phone_digits(row["VALUE"]): row["VALUE_TYPE"] for row in rows}
        shown = types.get(phone_digits(phone))
        self.check(shown == value_type, f"{phone} is {shown}, not {value_type}")

    def shows_count(self, count: int) -> None:
        found = len(self.views())
        self.check(found == count, f"{found} clients at the {self.name}, not {count}")


def is_same(who: Someone, view: View, name: str) -> bool:
    if view.key == who.keys.get(name) or (view.mark and view.mark == who.keys.get("base")):
        return True
    if view.mark and who.keys:
        return False
    if who.client.inn and view.inn:
        return view.inn == "".join(filter(str.isdigit, who.client.inn)) and (
            view.kpp == who.client.kpp or name == "portal"
        )
    return view.name == who.client.name


class World:
    """Two systems, their people, and the exchange under test."""

    def __init__(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.clock = VirtualClock()
        self.portal_system = Portal(
            clock=self.clock, seed=arrangement.seed, limits=arrangement.limits
        )
        self.portal_system.tariff = Tariff(
            license="ru_pro100", offline_extended=True, auth_connector=arrangement.connector
        )
        self.base_system = Infobase(clock=self.clock, seed=arrangement.seed)
        self.group = base_sample.group(self.base_system, NEW_GROUP)
        self.make = Builders(Registry(arrangement.seed))
        self.checks = 0
        self.apart: set[str] = set()
        self.doubles: set[str] = set()
        self.unequal: set[str] = set()
        self.exempt = 0
        self.delays_s: list[float] = []
        self.roads = self._roads()
        self.portal = End(
            "portal",
            PortalPeople(self.portal_system),
            lambda: portal_views(self.portal_system.records()),
            self.portal_system.trouble,
            self.check,
            self.wait,
            self.delays_s.append,
            self.roads["portal"],
            lambda who: "",
        )
        self.base = End(
            "base",
            BasePeople(self.base_system),
            lambda: base_views(self.base_system.records()),
            self.base_system.trouble,
            self.check,
            self.wait,
            self.delays_s.append,
            self.roads["infobase"],
            self._marked,
        )
        self.core = EmbeddedCore(self._settings(), self.clock, self.roads, arrangement.seed)
        self.operator = Operator(self.core)

    def _roads(self) -> dict[str, WatchedRoad]:
        open_road = ROADS[self.arrangement.through]
        portal, base = self.portal_system, self.base_system
        roads = {
            "portal": WatchedRoad(open_road(portal, "portal.example"), portal),
            "infobase": WatchedRoad(open_road(base, "base.example"), base),
        }
        self.portal_system.origin = roads["portal"].origin
        return roads

    def _marked(self, who: Someone) -> str:
        """His GUID, as the portal's record tells it that people entered."""
        portal = self.portal.views()
        return portal[who.keys["portal"]].mark if who.keys.get("portal") in portal else ""

    def _settings(self) -> Settings:
        a = self.arrangement
        return Settings(
            portal=PortalSettings(
                key=self.portal_system.install_app(),
                oauth_url=f"{self.roads['portal'].origin}/oauth/token/",
            ),
            infobase=InfobaseSettings(
                url=self.roads["infobase"].origin + self.base_system.publication,
                user="obmen",
                password="secret",
                group=self.group,
            ),
            clients=ClientSettings(
                criteria=tuple(Criterion(by) for by in a.criteria),
                policy=Policy(a.policy),
                presets=PRESETS if a.presets is None else a.presets,
            ),
            pace=Pace(portion=a.portion),
        )

    def close(self) -> None:
        self.core.close()
        for road in self.roads.values():
            road.close()

    def exchange(self, times: int = 1) -> Report | None:
        """'Exchange now', changes only; returns the last pass's report, None if it broke off.

        In realtime mode nobody presses a button: time passes instead.
        """
        report = None
        for _ in range(times):
            if self.core.realtime:
                self.wait(SETTLING_S)
            else:
                report = self.core.exchange(Scope.CHANGES)
                self.wait(1.0)
        return report

    def goes_realtime(self) -> None:
        """The exchange is switched to realtime; what was missed is taken up first."""
        self.core.go_realtime()
        self.wait(SETTLING_S)

    def leaves_realtime(self) -> None:
        self.core.end_realtime()

    def exchange_everything(self) -> Report | None:
        report = self.core.exchange(Scope.FULL)
        self.wait(1.0)
        return report

    def refused(self, *words: str) -> None:
        """'Exchange now' ends with one message that says what to repair."""
        try:
            self.core.exchange(Scope.FULL)
            message = "nothing"
        except SettingsError as error:
            message = str(error)
        for said in words:
            self.check(said in message, f"the message {message!r} says {said!r}")

    def kill_at(self, point: CrashPoint, after: int = 1, call: str = "") -> None:
        """The exchange's process dies at this point of its next work, and is started again.

        With `call` only writing calls of that name count: `batch`, `POST Catalog_Контрагенты`.
        """
        self.core.die(point, after, call)

    def died(self) -> bool:
        return bool(self.core.crashes)

    def deaths(self) -> int:
        return len(self.core.crashes)

    def unsent(self) -> list[str]:
        """Reasons of the unsent packages."""
        return [entry.reason for entry in self.core.unsent()]

    def parked(self, who: Someone, reason: str) -> None:
        """His package waits for a person, and says why."""
        mine = [entry for entry in self.core.unsent() if entry.key in who.listed_as]
        self.check(len(mine) == 1 and mine[0].parked, f"{who.name}: one package is parked")
        self.check(reason in mine[0].reason, f"{who.name}: {mine[0].reason!r} says {reason!r}")

    def reviewed(self, who: Someone, candidates: Sequence[Someone]) -> None:
        """He is on the review list with just these candidates."""
        found = [set(r.candidates) for r in self.core.reviews() if r.key in who.listed_as]
        wanted = {key for candidate in candidates for key in candidate.listed_as}
        self.check(found == [wanted], f"{who.name}: on the review list are {found}, not {wanted}")

    def asks_nothing(self) -> None:
        """No question on the review list is open."""
        left = [f"{r.key} among {r.candidates}" for r in self.core.reviews() if not r.decided]
        self.check(not left, f"open questions: {left}")

    def linked(self, *everybody: Someone) -> None:
        """Each of them was entered on both sides, and is one client now."""
        portal = self.portal.views()
        marks = Counter(view.mark for view in portal.values())
        for who in everybody:
            mark = portal[who.keys["portal"]].mark
            self.check(mark == who.keys["base"], f"{who.name}: bears {mark!r}")
            self.check(marks[mark] == 1, f"{who.name}: {marks[mark]} portal records bear {mark}")

    def linked_as(self, one: Someone, other: Someone) -> None:
        """These two, entered apart, are one client now."""
        self.linked(Someone(one.client, other.keys | one.keys))

    def history_warns(self, words: str, *of: Someone) -> None:
        """A warning says this, and names these clients by a key."""
        lines = [line.text for line in self.core.history() if line.level is not Level.INFO]
        found = [
            line
            for line in lines
            if words in line and all(any(k in line for k in who.listed_as) for who in of)
        ]
        self.check(bool(found), f"no warning says {words!r}: {lines}")

    def history_tells(self, who: Someone, words: str) -> None:
        """His own story in the history says this."""
        lines = [line.text for line in self.core.history() if line.key in who.listed_as]
        self.check(any(words in line for line in lines), f"{who.name}: {lines} say no {words!r}")

    def warned_before_writing(self, *words: str) -> None:
        """Each of these was said in a warning before anything was written on either side."""
        first_s = min((touch.at_s for touch in self.touches()), default=float("inf"))
        lines = [line for line in self.core.history() if line.level is not Level.INFO]
        early = [line.text for line in lines if line.at_s < first_s]
        for said in words:
            self.check(any(said in line for line in early), f"{early} say no {said!r}")

    def portal_events(self) -> int:
        """Events that wait in the portal's change table."""
        return len(self.portal_system.offline.entries)

    def nothing_waits(self) -> bool:
        registered = self.base_system.registered()
        counts = self.core.counts()
        left = counts["waiting"] + counts["intents"] + self.portal_events()
        return not left and not any(set_name == CLIENTS for set_name, _, _ in registered)

    def portal_bears_mark_of(self, who: Someone) -> None:
        """The portal's record carries our mark, as after a journal that was lost."""
        shape, number = who.keys["portal"].split(":")
        mark = {"ORIGINATOR_ID": OUR_MARK, "ORIGIN_ID": who.keys["base"]}
        self.portal_system.act(f"crm.{shape}.update", {"id": number, "fields": mark}, MANAGER)

    def weaken_key(self) -> None:
        """The key's owner is no administrator: the portal refuses what only one may do."""
        denied = Refuse(403, "ACCESS_DENIED", "Access denied!")
        for what in ("event.bind", "event.offline.*"):
            self.portal.suffers(denied, on=what, times=None)

    def wait(self, seconds_s: float) -> None:
        end_s = self.clock.now_s() + seconds_s
        while self.clock.now_s() < end_s:
            try:
                self.clock.advance(end_s - self.clock.now_s())
            except Crashed as crash:
                self.core.dies(crash)
        self.core.raise_error()

    def leave_apart(self, *someone: Someone) -> None:
        """These clients rightly have no counterpart at the end: a person has to decide."""
        for who in someone:
            self.apart |= {*who.keys.values(), *(view.key for view in self.base.copies(who))}

    def let_differ(self, *someone: Someone) -> None:
        """The rule under test keeps these pairs unequal."""
        for who in someone:
            self.unequal |= set(who.keys.values())

    def allow_double(self, *someone: Someone) -> None:
        """The rule under test makes these clients stand twice."""
        self.doubles |= {who.client.inn or who.name for who in someone}

    def check(self, truth: bool, sentence: str) -> None:  # noqa: FBT001 - the fact checked
        """Count a check; raise with the sentence if it is false."""
        self.checks += 1
        if not truth:
            raise CheckFailed(sentence)

    def writes(self, since_s: float = 0.0) -> list[str]:
        """Writes of programs, not of people, at both systems since a moment, in words."""
        return [
            f"{touch.verb} {touch.entity} {touch.key} by {touch.actor}: {sorted(touch.changed())}"
            for touch in self.touches(since_s)
        ]

    def touches(self, since_s: float = 0.0) -> list[Touch]:
        """Writes of programs, not of people, at both systems since a moment."""
        return [
            touch
            for system in (self.portal_system, self.base_system)
            for touch in system.ledger.since(since_s)
            if not touch.actor.startswith("user:")
        ]

    def lying_in_group(self) -> int:
        """How many clients of the base lie in the folder for new ones."""
        rows = self.base_system.records()[CLIENTS].values()
        return sum(row["Parent_Key"] == self.group for row in rows)

    def write_count(self) -> int:
        return len(self.writes())


@contextmanager
def opened(arrangement: Arrangement) -> Iterator[World]:
    """A world that is closed whatever happens."""
    world = World(arrangement)
    try:
        yield world
    finally:
        world.close()
