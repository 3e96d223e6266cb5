"""What the laws see of a world: its clients on both sides, and what people did to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.system import Records, System
from sverka_scenarios.counterparties import base_parts, portal_parts, unequal
from sverka_scenarios.views import View, text
from sverka_scenarios.world import World

UT = "ut11"


def views_of(world: World) -> tuple[dict[str, View], dict[str, View]]:
    """Clients of the portal, then of the base, by key."""
    return world.portal_views(), world.base_views()


@dataclass(frozen=True, slots=True)
class Several:
    """A client of УТ who has several counterparties, or several requisites on the portal.

    Attributes:
        client: GUID of the partner.
        card: Key on the portal.
        brought: Requisites that people moved here from another client.
    """

    client: str
    card: str
    portal: Mapping[str, View]
    base: Mapping[str, View]
    brought: frozenset[str]

    def unequal(self) -> Iterator[str]:
        return unequal(self.portal, self.base, set(self.brought))


def several_of(world: World) -> Iterator[Several]:
    """None where the pair is one to one."""
    if world.arrangement.configuration != UT or world.core.settings.clients.one_to_one:
        return
    portal, base = portal_parts(world.portal_system.records()), base_parts(_base_rows(world))
    brought = {f"requisite:{key}" for key in brought_by_merges(world)}
    for card, view in views_of(world)[0].items():
        ends = portal.get(card, {}), base.get(view.mark, {})
        if view.mark in base and max(map(len, ends)) > 1:
            yield Several(view.mark, card, *ends, frozenset(ends[0].keys() & brought))


def _base_rows(world: World) -> Records:
    system: System = world.base_system
    return system.records()


def brought_by_merges(world: World) -> set[str]:
    """Requisites that people moved from one client to another."""
    return {
        touch.key
        for touch in world.portal_system.ledger.touches
        if touch.entity == "requisite" and touch.before and touch.after and is_person(touch)
        if text(touch.before, "ENTITY_ID") != text(touch.after, "ENTITY_ID")
    }


def is_person(touch: Touch) -> bool:
    return touch.actor.startswith("user:")
