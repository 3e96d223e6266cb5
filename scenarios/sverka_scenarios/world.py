"""The world of a scenario: two systems on one clock, people at both, one exchange between them.

A scenario touches only the two systems, and says of the exchange no more than: settings, 'exchange
now', start, kill.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from b24_emulator.portal import Portal
from b24_emulator.rules.limits import LIMITS
from b24_emulator.rules.tariffs import TARIFFS, Block
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka.drivers.simulated import Crashed, CrashPoint
from sverka.engine import Report, Scope
from sverka.errors import SettingsError
from sverka.records import Level
from sverka.settings import (
    PRESETS,
    ClientSettings,
    Criterion,
    Directions,
    InfobaseSettings,
    Pace,
    Policy,
    PortalSettings,
    RealtimeSettings,
    Settings,
    Winner,
)
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.people import Registry
from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.trouble import Refuse
from sverka_scenarios.accounts import BaseAccounts, Money, PortalAccounts
from sverka_scenarios.builders import Builders, Someone
from sverka_scenarios.contacts import BaseContacts, PortalContacts, Staff
from sverka_scenarios.counterparties import Firms
from sverka_scenarios.ends import End
from sverka_scenarios.lists import Lists
from sverka_scenarios.moments import WatchedRoad
from sverka_scenarios.operator import Operator
from sverka_scenarios.people import API_LOGIN, CLERK, MANAGER, BasePeople, PortalPeople
from sverka_scenarios.roads import ROADS
from sverka_scenarios.skew import WrongClock
from sverka_scenarios.targets import EmbeddedCore
from sverka_scenarios.views import (
    CLIENT_SETS,
    OUR_MARK,
    Look,
    View,
    base_views,
    portal_views,
)

SETTLING_S = 30.0
NEW_GROUP = "Новые из Битрикс24"
LIMITLESS = (100_000, 1_000.0)
"""How hard a portal without limits may be pressed: calls at once, calls a second."""


class CheckFailed(AssertionError):
    """A sentence of a scenario is false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a world is set up.

    Attributes:
        configuration: Of the base: `unf` or `bp30`.
        limits: Profile of the portal's rate limits.
        told_limits: The profile that the settings tell the exchange to keep.
        tariff: Of the portal; `standard` sets no events aside until they are confirmed.
        connector: The tariff lets an application mark its own writes, if it does so at all.
        through: `direct`, `flask` or `sockets`.
        await_portal: In realtime the exchange waits for the portal's word.
    """

    seed: int = 1
    configuration: str = "unf"
    limits: str = "50-2-100"
    told_limits: str = "50-2-100"
    policy: str = "strict"
    winner: str = "infobase"
    criteria: tuple[str, ...] = ()
    tariff: str = "professional"
    connector: bool = True
    through: str = "direct"
    portion: int = 500
    batch: int = 50
    presets: dict[str, str] | None = None
    to_infobase: bool = True
    to_portal: bool = True
    await_portal: bool = False


class World(Lists):
    """Two systems, their people, and the exchange under test.

    Args:
        clock: Of both systems, virtual if none is given.

    Attributes:
        crowded_until_s: Until then others used the portal's limit up, so that the exchange
            could not help being refused.
    """

    def __init__(self, arrangement: Arrangement, clock: VirtualClock | None = None) -> None:
        self.arrangement = arrangement
        self.clock = clock or VirtualClock()
        self.portal_system = Portal(
            clock=self.clock, seed=arrangement.seed, limits=arrangement.limits
        )
        tariff = TARIFFS[arrangement.tariff]
        self.portal_system.tariff = (
            tariff if arrangement.connector else replace(tariff, auth_connector=False)
        )
        self.base_clock = WrongClock(self.clock)
        self.base_system = Infobase(
            clock=self.base_clock,
            seed=arrangement.seed,
            configuration=arrangement.configuration,
        )
        self.group = base_sample.group(self.base_system, NEW_GROUP)
        self.make = Builders(Registry(arrangement.seed))
        self._looks = (Look(), Look())
        self.checks = 0
        self.apart: set[str] = set()
        self.doubles: set[str] = set()
        self.unequal: set[str] = set()
        self.exempt = 0
        self.crowded_until_s = 0.0
        self.delays_s: list[float] = []
        self.roads = self._roads()
        self.connection_key = self.portal_system.install_app()
        self.portal = End(
            "portal",
            PortalPeople(self.portal_system),
            self.portal_views,
            self.portal_system.trouble,
            self.portal_system.calls,
            self.portal_system.ledger,
            self.check,
            self.wait,
            self.delays_s.append,
            self.roads["portal"],
            lambda who: "",
        )
        self.base = End(
            "base",
            BasePeople(self.base_system),
            self.base_views,
            self.base_system.trouble,
            self.base_system.calls,
            self.base_system.ledger,
            self.check,
            self.wait,
            self.delays_s.append,
            self.roads["infobase"],
            self._marked,
        )
        self.staff = Staff(
            PortalContacts(self.portal_system, MANAGER),
            BaseContacts(self.base_system, CLERK),
            self.check,
        )
        self.money = Money(
            PortalAccounts(self.portal_system, MANAGER),
            BaseAccounts(self.base_system, CLERK),
            self.check,
        )
        self.firms = Firms(self.portal_system, self.base_system, MANAGER, CLERK, self.check)
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
                key=self.connection_key,
                oauth_url=f"{self.roads['portal'].origin}/oauth/token/",
            ),
            infobase=InfobaseSettings(
                url=self.roads["infobase"].origin + self.base_system.publication,
                user=API_LOGIN,
                password="secret",
                group=self.group,
            ),
            clients=ClientSettings(
                criteria=tuple(Criterion(by) for by in a.criteria),
                policy=Policy(a.policy),
                presets=PRESETS if a.presets is None else a.presets,
                winner=Winner(a.winner),
            ),
            pace=self._pace(),
            directions=Directions(to_infobase=a.to_infobase, to_portal=a.to_portal),
            realtime=RealtimeSettings(await_portal=a.await_portal),
        )

    def _pace(self) -> Pace:
        a, told = self.arrangement, LIMITS[self.arrangement.told_limits]
        threshold, drain_per_s = (
            LIMITLESS if told.threshold is None else (told.threshold, told.drain_per_s)
        )
        return Pace(
            portion=a.portion,
            batch=a.batch,
            threshold=threshold,
            drain_per_s=drain_per_s,
            operating_s=told.operating_s or 0.0,
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

    def changes_settings(self, **differs: Any) -> None:  # Any: fields of Arrangement
        """A person changes these settings, and starts the exchange's process anew."""
        self.arrangement = replace(self.arrangement, **differs)
        self.core.settings = self._settings()
        self.core.start_anew()

    def portal_is_limited(self, profile: str) -> None:
        """The portal's limits change, and the settings tell the exchange so."""
        self.portal_system.limits = LIMITS[profile]
        self.changes_settings(limits=profile, told_limits=profile)

    def portal_works_long(self, on: str, seconds_s: float) -> None:
        """Each call of such a method takes the portal so long from now on."""
        self.portal_system.costs.set({on: (seconds_s, seconds_s)})

    def tokens_live(self, life_s: float) -> None:
        """Access tokens that the portal gives out from now on live so long."""
        self.portal_system.token_life_s = life_s

    def portal_changes_tariff(self, name: str) -> None:
        """The portal has another tariff from now on, and the exchange's process starts anew."""
        self.portal_system.tariff = TARIFFS[name]
        self.restarts()

    def portal_updates_app(self) -> None:
        """An administrator updates the application on the portal: its bindings are gone."""
        self.portal_system.update_app()

    def portal_reinstalls_app(self) -> None:
        """He removes the application and installs it anew: all tokens are gone, the key is new."""
        self.connection_key = self.portal_system.reinstall_app()

    def gets_new_key(self) -> None:
        """A person puts the application's present key into the settings."""
        self.changes_settings()

    def portal_is_renamed(self) -> None:
        """The portal gets another address; the old one only says where it is now."""
        self.portal_system.rename(self.roads["portal"].alias)

    def portal_is_closed(self, why: Block = Block.NONE) -> None:
        """The portal is closed to programs, or open again."""
        self.portal_system.block = why

    def base_merges(self, loser: Someone, into: Someone) -> None:
        """1C's people replace a duplicate by another client: references go over, he is marked.

        In УТ counterparties with the same INN are replaced, too; others go over.
        """
        lost, kept = self.base.key(loser), self.base.key(into)
        for key, view in self.staff.base.views().items():
            if view.owner == lost:
                self.staff.base.move(key, kept)
        twins = {view.inn: key for key, view in self.firms.of_partner(kept).items()}
        for key, firm in self.firms.of_partner(lost).items():
            if firm.inn in twins:
                self.money.base.hand_over(key, twins[firm.inn])
                self.firms.mark_in_base(key)
            else:
                self.firms.move_in_base(key, kept)
        self.money.base.hand_over(lost, kept)
        self.base.marks(loser)

    def base_is_saved(self) -> bytes:
        """An administrator makes a backup of the base."""
        return self.base_system.snapshot()

    def base_is_restored(self, backup: bytes) -> None:
        """He puts the backup back; for that he stops the exchange, and starts it afterwards."""
        self.base_system.restore(backup)
        self.restarts()

    def base_clock_is_ahead(self, seconds_s: float) -> None:
        """Somebody set the clock of the base's server wrong."""
        self.base_clock.ahead_s = seconds_s

    def restarts(self) -> None:
        """The exchange's process is ended and started again."""
        self.core.start_anew()

    def is_upgraded(self) -> None:
        """A newer program starts over a journal of the first format; its first start fails."""
        (said,) = self.core.upgrade(starts=2)
        self.check("held by another process" in said, f"the failed start says why: {said!r}")

    def breaks_off(self, words: str) -> None:
        """'Exchange now' ends early and says these words; a person starts it again later."""
        told = self.core.stop_at_exchange()
        self.check(words in told, f"the exchange breaks off with {words!r}: {told!r}")
        self.wait(1.0)

    def journal_has_room(self, *, room: bool) -> None:
        """The disk that holds the exchange's journal takes nothing more, or takes it again."""
        self.core.journal.full = not room

    @contextmanager
    def on_schedule(self, every_s: float) -> Iterator[None]:
        """Inside the block the exchange runs by itself, as time passes."""
        self.core.keep_schedule(every_s)
        yield
        self.core.start_anew()

    def neighbour_calls(self, times: int, *, every_s: float) -> None:
        """Another program calls the portal from the same address, beside what follows."""
        for number in range(times):
            self.later(number * every_s, self._neighbour)
        self.crowded_until_s = self.clock.now_s() + times * every_s

    def _neighbour(self) -> None:
        call = Request("GET", f"{self.portal_system.webhook_path}profile")
        self.portal_system.answer(call)

    def later(self, delay_s: float, deed: Callable[[], None]) -> None:
        """Have something done in the middle of what follows."""
        self.clock.after(delay_s, deed)

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

    def warned_before_writing(self, *words: str) -> None:
        """Each of these was said in a warning before anything was written on either side."""
        first_s = min((touch.at_s for touch in self.touches()), default=float("inf"))
        lines = [line for line in self.core.history() if line.level is not Level.INFO]
        early = [line.text for line in lines if line.at_s < first_s]
        for said in words:
            self.check(any(said in line for line in early), f"{early} say no {said!r}")

    def kill_at(self, point: CrashPoint, after: int = 1, call: str = "") -> None:
        """The exchange's process dies at this point of its next work, and is started again.

        With `call` only writing calls of that name count: `batch`, `POST Catalog_Контрагенты`.
        """
        self.core.die(point, after, call)

    def died(self) -> bool:
        return bool(self.core.crashes)

    def deaths(self) -> int:
        return len(self.core.crashes)

    @property
    def card_set(self) -> str:
        """The set of the base whose records are its clients."""
        return base_sample.wording_of(self.base_system).card

    def portal_events(self) -> int:
        """Events that wait in the portal's change table."""
        return len(self.portal_system.offline.entries)

    def nothing_waits(self) -> bool:
        registered = self.base_system.registered()
        counts = self.core.counts()
        left = counts["waiting"] + counts["intents"] + self.portal_events()
        return not left and not any(set_name in CLIENT_SETS for set_name, _, _ in registered)

    def base_also_exchanges_with(self, node: str) -> None:
        """The base has one more exchange over the same plan, with queue and number of its own."""
        self.base_system.act("create", {"set": self.base_system.plan, "fields": {"Code": node}})

    def base_waiting_for(self, node: str) -> int:
        """How many clients wait in the base's queue for another exchange."""
        waiting = self.base_system.registered(node)
        return sum(set_name == self.card_set for set_name, _, _ in waiting)

    def portal_bears_mark_of(self, who: Someone, spelled: Callable[[str], str] = str) -> None:
        """The portal's record carries our mark, as after a journal that was lost."""
        shape, number = who.keys["portal"].split(":")
        mark = {"ORIGINATOR_ID": OUR_MARK, "ORIGIN_ID": spelled(who.keys["base"])}
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

    def keys_of(self, who: Someone) -> set[str]:
        made = {view.key for end in (self.portal, self.base) for view in end.copies(who)}
        return made | set(who.keys.values())

    def leave_apart(self, *someone: Someone) -> None:
        """These clients rightly have no counterpart at the end: a person has to decide."""
        for who in someone:
            self.apart |= self.keys_of(who)

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

    def portal_views(self) -> dict[str, View]:
        return portal_views(self.portal_system.records(), self._looks[0])

    def base_views(self) -> dict[str, View]:
        return base_views(self.base_system.records(), self._looks[1])

    def writes(self, since_s: float = 0.0) -> list[str]:
        """Writes of programs, not of people, at both systems since a moment, in words."""
        return [in_words(touch) for touch in self.touches(since_s)]

    def touches(self, since_s: float = 0.0) -> list[Touch]:
        """Writes of programs, not of people, at both systems since a moment."""
        return [
            touch
            for system in (self.portal_system, self.base_system)
            for touch in system.ledger.since(since_s)
            if not touch.actor.startswith("user:")
        ]

    def marked_in_base(self, *someone: Someone) -> bool:
        """They are in the base, marked for deletion."""
        rows = self.base_system.records()[self.card_set]
        return all(rows[who.keys["base"]]["DeletionMark"] for who in someone)

    def gone_from_base(self, *someone: Someone) -> bool:
        """They are not in the base at all, not even marked for deletion."""
        rows = self.base_system.records()[self.card_set]
        return not any(who.keys["base"] in rows for who in someone)

    def lying_in_group(self) -> int:
        """How many clients of the base lie in the folder for new ones."""
        rows = self.base_system.records()[self.card_set].values()
        return sum(row["Parent_Key"] == self.group for row in rows)

    def write_count(self) -> int:
        return len(self.touches())


def in_words(touch: Touch) -> str:
    return f"{touch.verb} {touch.entity} {touch.key} by {touch.actor}: {sorted(touch.changed())}"


@contextmanager
def opened(arrangement: Arrangement) -> Iterator[World]:
    """A world that is closed whatever happens."""
    world = World(arrangement)
    try:
        yield world
    finally:
        world.close()
