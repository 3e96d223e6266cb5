"""Plays scenarios one by one, judges each by its checks and by the laws, and says the verdict."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sverka.drivers.simulated import Crashed
from sverka_emulator_kit.clock import START_S
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.suites.registry import Scenario
from sverka_scenarios.world import CheckFailed, World, opened

USUAL = Arrangement()
Judge = Callable[[World], list[str]]


class Status(StrEnum):
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"
    INCONCLUSIVE = "inconclusive"


NOT_RUN = frozenset({Status.SKIPPED, Status.INCONCLUSIVE})
"""A required scenario with such a verdict leaves the whole run inconclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one scenario.

    Attributes:
        scope: `clients` if only the clients' half is built, `""` if all of it is.
        checks: How many facts the play checked; the laws are not counted.
        reason: Sentences; empty if all is as it should be.
        replay: The command line that repeats it.
        seconds: Time on the wall, play and laws together.
        virtual_s: Virtual time that the play took, without the laws.
        writes: Writes of programs at both systems during the play.
        calls: Calls that both systems got during the play.
    """

    id: str
    claim: str
    suite: str
    behaviours: tuple[str, ...]
    status: Status
    scope: str
    checks: int = 0
    reason: tuple[str, ...] = ()
    replay: str
    seconds: float = 0.0
    virtual_s: float = 0.0
    writes: int = 0
    calls: int = 0


@dataclass(slots=True)
class Play:
    """What is known of a play so far, so that a broken one still shows its figures."""

    status: Status = Status.PASSED
    reason: tuple[str, ...] = ()
    checks: int = 0
    virtual_s: float = 0.0
    writes: int = 0
    calls: int = 0

    def measure(self, world: World) -> None:
        systems = (world.portal_system, world.base_system)
        self.checks = world.checks
        self.virtual_s = world.clock.now_s() - START_S
        self.writes = world.write_count()
        self.calls = sum(len(system.calls.lines) for system in systems)

    def fail(self, *sentences: str) -> None:
        self.status, self.reason = Status.FAILED, sentences


def run_one(scenario: Scenario, usual: Arrangement, *, laws: Judge = judge) -> Verdict:
    """Play one scenario in a world of its own and judge it; only an interrupt gets out."""
    if scenario.policy not in {"", usual.policy}:
        reason = f"Policy {scenario.policy} only."
        return verdict_on(scenario, usual, Play(Status.NOT_APPLICABLE, (reason,)))
    begun_s = time.perf_counter()
    play = Play()
    try:
        with opened(scenario.arranged(usual)) as world:
            _play(scenario, world, play, laws)
    # The shell's loop: whatever one scenario does, the others are played.
    except (Exception, Crashed) as error:  # noqa: BLE001 - the sentence keeps type, text and place
        play.fail(_told(error))
    return verdict_on(scenario, usual, play, time.perf_counter() - begun_s)


def _play(scenario: Scenario, world: World, play: Play, laws: Judge) -> None:
    try:
        scenario.play(world)
    finally:
        play.measure(world)
    violations = laws(world)
    if not play.checks:
        violations = ["The scenario made no check.", *violations]
    if violations:
        play.fail(*violations)
    else:
        play.reason = tuple(_noticed(world))


def _noticed(world: World) -> Iterator[str]:
    if world.exempt:
        yield f"Exempt edits, committed between our read and our write: {world.exempt}."
    if delays := sorted(world.delays_s):
        p50, p99 = (delays[(len(delays) - 1) * part // 100] for part in (50, 99))
        yield (
            f"Delays of {len(delays)} edits: p50 {p50:.1f} s, p99 {p99:.1f} s, "
            f"at most {delays[-1]:.1f} s."
        )


def _told(error: BaseException) -> str:
    if isinstance(error, CheckFailed):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    # Only the file's name: a report goes to people outside, where our folders mean nothing.
    place = f"{last.filename.replace(chr(92), '/').rpartition('/')[2]}:{last.lineno}"
    return f"{type(error).__name__}: {error} ({place}, in {last.name}: {last.line})"


def verdict_on(scenario: Scenario, usual: Arrangement, play: Play, seconds: float = 0.0) -> Verdict:
    return Verdict(
        id=scenario.id,
        claim=scenario.claim,
        suite=scenario.suite,
        behaviours=scenario.behaviours,
        status=play.status,
        scope=scenario.scope,
        checks=play.checks,
        reason=play.reason,
        replay=replay_line(scenario.id, usual),
        seconds=seconds,
        virtual_s=play.virtual_s,
        writes=play.writes,
        calls=play.calls,
    )


def not_played(scenario: Scenario, usual: Arrangement, why: str) -> Verdict:
    """The verdict on a scenario that was asked for and did not get its turn."""
    return verdict_on(scenario, usual, Play(Status.SKIPPED, (why,)))


def replay_line(scenario_id: str, usual: Arrangement) -> str:
    """The command line that plays this scenario again as it was played."""
    given = {
        name: getattr(usual, name) for name in ("configuration", "limits", "policy", "through")
    }
    other = [f" --{name} {value}" for name, value in given.items() if value != getattr(USUAL, name)]
    return f"sverka certify --suite {scenario_id} --seed {usual.seed}{''.join(other)}"


def overall(verdicts: Iterable[Verdict]) -> Status:
    """Failed, inconclusive or passed. A run that checked nothing has not passed."""
    found = list(verdicts)
    statuses = {verdict.status for verdict in found}
    if Status.FAILED in statuses:
        return Status.FAILED
    if statuses & NOT_RUN or not any(verdict.checks for verdict in found):
        return Status.INCONCLUSIVE
    return Status.PASSED
