"""The world of a scenario: two systems on one clock, people at both, one exchange between them.

A scenario touches only the two systems, and says of the exchange no more than: settings, 'exchange
now', start, kill.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from b24_emulator.portal import Portal
from b24_emulator.rules.tariffs import TARIFFS
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka.records import Level
from sverka.settings import (
    InfobaseSettings,
    PortalSettings,
    Settings,
)
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.people import Registry
from sverka_emulator_kit.record import Touch
from sverka_scenarios.accounts import BaseAccounts, Money, PortalAccounts
from sverka_scenarios.administrators import Administrators
from sverka_scenarios.arrangement import Arrangement, settings_of
from sverka_scenarios.builders import Builders, Someone
from sverka_scenarios.contacts import BaseContacts, PortalContacts, Staff
from sverka_scenarios.counterparties import Firms
from sverka_scenarios.ends import End
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

NEW_GROUP = "Новые из Битрикс24"


class CheckFailed(AssertionError):
    """A sentence of a scenario is false."""


class World(Administrators):
    """Two systems, their people, and the exchange under test.

    Args:
        clock: Of both systems, virtual if none is given.

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
        self.core = EmbeddedCore(self.settings(), self.clock, self.roads, arrangement.seed)
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

    def settings(self) -> Settings:
        return settings_of(
            self.arrangement,
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
        )

    def close(self) -> None:
        self.core.close()
        for road in self.roads.values():
            road.close()

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

    def base_waiting_for(self, node: str) -> int:
        """How many clients wait in the base's queue for another exchange."""
        waiting = self.base_system.registered(node)
        return sum(set_name == self.card_set for set_name, _, _ in waiting)

    def portal_bears_mark_of(self, who: Someone, spelled: Callable[[str], str] = str) -> None:
        """The portal's record carries our mark, as after a journal that was lost."""
        shape, number = who.keys["portal"].split(":")
        mark = {"ORIGINATOR_ID": OUR_MARK, "ORIGIN_ID": spelled(who.keys["base"])}
        self.portal_system.act(f"crm.{shape}.update", {"id": number, "fields": mark}, MANAGER)

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
