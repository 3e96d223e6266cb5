"""Simulated seconds per wall second of the whole spine, one change a second on each side."""

import time

import pytest
from alternation import side_by_side

from sverka_emulator_kit.clock import VirtualClock
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import World, opened

CLIENTS = 40
SPAN_S = 60.0
EVERY_S = 5.0
AIMS = {"direct": 1000, "flask": 500, "sockets": None}


@pytest.mark.parametrize("through", AIMS)
def test_simulated_seconds_per_wall_second(through: str, capsys):
    rate, bare, ratio = side_by_side(lambda: spine(through), heap_loop, rounds=3)
    aim = f"aim {AIMS[through]}" if AIMS[through] else "no aim"
    with capsys.disabled():
        print(
            f"\nspine, {through}: {rate:.0f} simulated s per wall s ({aim}); "
            f"bare heap loop {bare:.0f}; ratio {ratio:.5f}"
        )


def spine(through: str) -> float:
    with opened(Arrangement(through=through, limits="50-2-100")) as world:
        somebody = world.make.many(CLIENTS)
        world.base.has(*somebody)
        world.exchange_everything()
        keys = {end.name: [end.key(who) for who in somebody] for end in (world.portal, world.base)}
        begun_s, begun_wall_s = world.clock.now_s(), time.perf_counter()
        plan_edits(world, keys)
        while world.clock.now_s() < begun_s + SPAN_S:
            world.core.exchange()
            world.wait(EVERY_S)
        return (world.clock.now_s() - begun_s) / (time.perf_counter() - begun_wall_s)


def plan_edits(world: World, keys: dict[str, list[str]]) -> None:
    for end, offset in ((world.portal, 0), (world.base, CLIENTS // 2)):
        for second in range(int(SPAN_S)):
            key = keys[end.name][(second + offset) % CLIENTS]
            phone = world.make.registry.phone()
            world.clock.after(
                float(second), lambda end=end, k=key, p=phone: end.people.add(k, "PHONE", p)
            )


def heap_loop() -> float:
    """The bare counterpart: the same number of timers that do nothing."""
    clock = VirtualClock()
    ticks = 200_000
    for tick in range(ticks):
        clock.after(tick / 2, lambda: None)
    begun_s, begun_wall_s = clock.now_s(), time.perf_counter()
    while clock.step():
        pass
    return (clock.now_s() - begun_s) / (time.perf_counter() - begun_wall_s)
