"""One seed: a random life, exchanges through it, then peace; the laws must hold."""

import hashlib
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from sverka.entities.configurations import CONFIGURATIONS
from sverka.errors import SverkaError
from sverka.settings import Criterion
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.bugs import planted
from sverka_scenarios.laws import judge
from sverka_scenarios.simulation.life import SPAN_S, Life
from sverka_scenarios.world import World, opened

PAUSE_S = (0.0, 25.0)
PEACE_PASSES_MAX = 12
LIMITS = ("50-2-100", "cloud", "enterprise")
MODES = ("manual", "realtime")


@dataclass(slots=True, kw_only=True)
class SeedResult:
    """How one seed ended.

    Attributes:
        configuration: Of the base.
        mode: How the exchange ran once the first full one had ended.
        edits: Deeds of people by side.
        troubles: Troubles that calls really met, by kind.
        crashes: Points at which the process died.
        exempt: Edits that our write could not know of and overwrote; the one exemption.
        violations: Sentences, none if all laws hold.
        trace: SHA-256 over all writes, calls and history lines, times included.
    """

    seed: int
    configuration: str = ""
    mode: str = MODES[0]
    records: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    exempt: int = 0
    passes: int = 0
    calls: int = 0
    violations: list[str] = field(default_factory=list)
    trace: str = ""
    virtual_s: float = 0.0
    wall_s: float = 0.0
    story: list[tuple[float, str]] = field(default_factory=list)


def run_seed(seed: int, bug: str = "") -> SeedResult:
    """Play one seed, with a planted bug if one is named. The same seed gives the same trace."""
    started_s = time.perf_counter()
    with planted(bug), opened(_arrangement(seed)) as world:
        result = SeedResult(
            seed=seed,
            configuration=world.arrangement.configuration,
            mode=random.Random(f"mode {seed}").choice(MODES),
        )
        life = Life(world, random.Random(f"life {seed}"))
        begun_s = world.clock.now_s()
        try:
            _live(world, life, result)
            _make_peace(world, life, result)
            result.violations = judge(world)
        except SverkaError as error:
            result.violations = [f"stopped: {type(error).__name__}: {error}"]
        _count(world, life, result)
        result.virtual_s = world.clock.now_s() - begun_s
    result.wall_s = time.perf_counter() - started_s
    return result


def _arrangement(seed: int) -> Arrangement:
    chance = random.Random(f"arrangement {seed}")
    limits = chance.choice(LIMITS)
    return Arrangement(
        seed=seed,
        configuration=random.Random(f"configuration {seed}").choice(CONFIGURATIONS).name,
        limits=limits,
        told_limits=limits,
        tariff=random.Random(f"tariff {seed}").choice(["professional", "standard"]),
        connector=chance.random() < 0.5,
        criteria=chance.choice([(), (Criterion.INN_KPP,), (Criterion.INN_KPP, Criterion.PHONE)]),
        portion=chance.choice([5, 20, 50]),
    )


def _live(world: World, life: Life, result: SeedResult) -> None:
    life.begin()
    end_s = world.clock.now_s() + SPAN_S
    # Both sides are filled at the start, so a person repeats the full exchange until it ends.
    while not _pass(world, life, result, everything=True):
        world.wait(life.chance.uniform(*PAUSE_S))
    if result.mode == "realtime":
        life.tell("the exchange goes realtime")
        world.goes_realtime()
    while world.clock.now_s() < end_s:
        world.wait(life.chance.uniform(*PAUSE_S))
        if result.mode == "manual":
            _pass(world, life, result)


def _make_peace(world: World, life: Life, result: SeedResult) -> None:
    """No more edits and troubles; a person resends what is parked. A crash still due comes."""
    for end in life.ends():
        end.recovers()
    while not world.died():
        life.plan_crash(after=1)
        _pass(world, life, result)
    world.core.live_on()
    for _ in range(PEACE_PASSES_MAX):
        written = world.write_count()
        world.core.resend_all()
        _pass(world, life, result)
        if world.nothing_waits() and world.write_count() == written:
            return


def _pass(world: World, life: Life, result: SeedResult, *, everything: bool = False) -> bool:
    """One exchange; False if it broke off."""
    life.tell("an exchange begins")
    deaths = world.deaths()
    report = world.exchange_everything() if everything else world.exchange()
    result.passes += 1
    if world.deaths() > deaths:
        life.tell(f"the process died {world.core.crashes[-1]} and was started again")
    elif world.core.realtime:
        life.tell("half a minute passes in realtime")
    elif report is None:
        life.tell(f"the exchange broke off: {world.core.troubles[-1]}")
    else:
        life.tell(f"the exchange ended: {dict(report.counts)}")
    return report is not None


def _count(world: World, life: Life, result: SeedResult) -> None:
    systems = (world.portal_system, world.base_system)
    result.records = len(world.base.views())
    result.edits = life.edits
    for system in systems:
        result.troubles += system.trouble.met
        result.calls += len(system.calls.lines)
    result.crashes = Counter(str(point) for point in world.core.crashes)
    result.exempt = world.exempt
    result.story = life.story
    result.trace = _trace(world)


def _trace(world: World) -> str:
    digest = hashlib.sha256()
    for system in (world.portal_system, world.base_system):
        for touch in system.ledger.touches:
            digest.update(f"{touch.at_s!r} {touch}".encode())
        for line in system.calls.lines:
            digest.update(str(line).encode())
    for entry in world.core.history():
        digest.update(str(entry).encode())
    return digest.hexdigest()
