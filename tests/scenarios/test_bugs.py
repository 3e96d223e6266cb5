"""Each planted bug is caught by the scenario that is named for it, and by the simulation."""

import pytest

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.bugs import BUGS, planted
from sverka_scenarios.laws import judge
from sverka_scenarios.simulation.seeds import run_seed
from sverka_scenarios.suites import SCENARIOS
from sverka_scenarios.world import CheckFailed, opened

SEEDS = range(1, 201)
FIRST_TO_FIND = {"confirms-early": 63, "skips-unread": 11}
"""Seeds to begin with, where those before would take minutes; should they miss, all are tried."""


@pytest.mark.parametrize("name", BUGS)
def test_the_named_scenario_fails_while_the_bug_is_planted(name: str):
    scenario = SCENARIOS[BUGS[name].caught_by]
    with planted(name), opened(scenario.arranged(Arrangement())) as world:
        assert broken(scenario.play, world)


@pytest.mark.parametrize("name", [name for name, bug in BUGS.items() if bug.in_random_lives])
def test_the_simulation_finds_the_bug_within_200_seeds(name: str):
    others_later = sorted(SEEDS, key=lambda seed: seed != FIRST_TO_FIND.get(name))
    assert any(run_seed(seed, name).violations for seed in others_later)


def test_no_bug_stays_planted():
    with planted("echoes"):
        pass
    scenario = SCENARIOS["CL-02"]
    with opened(scenario.arranged(Arrangement())) as world:
        assert not broken(scenario.play, world)


def broken(play, world) -> bool:
    try:
        play(world)
    except CheckFailed:
        return True
    return bool(judge(world))
