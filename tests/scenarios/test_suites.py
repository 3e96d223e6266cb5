"""Every built scenario holds for the built-in core, directly, through Flask and through sockets."""

from typing import Any

import pytest

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import judge
from sverka_scenarios.suites import SCENARIOS
from sverka_scenarios.world import opened

ASKED = [
    *("IL-01", "IL-02", "IL-03", "IL-05", "IL-06", "IL-07", "IL-09", "IL-10", "IL-11"),
    *("MD-01", "MD-02", "MD-03", "MD-04", "MD-05", "MD-06", "MD-07", "MD-08", "MD-10"),
    *("MD-11", "MD-14", "MD-15"),
    *("CR-01", "CR-02", "CR-03", "CR-04", "CR-05", "CR-06", "CR-07", "CR-08", "CR-09"),
    *("CR-10", "CR-11", "CR-12", "CR-13", "CR-14", "CR-15", "CR-16", "CR-17", "CR-18"),
    *("CR-19", "CR-20", "CR-21", "CR-22"),
    *("RT-01", "RT-02", "RT-03", "RT-04", "RT-05", "RT-06", "RT-07", "RT-08"),
    *("RT-09", "RT-10", "RT-11", "RT-12"),
    *("SM-01", "SM-02", "SM-03", "SM-05", "SM-07"),
    *("LF-01", "LF-02", "LF-03", "LF-04", "LF-05", "LF-06", "LF-07", "LF-08", "LF-09"),
    *("LF-10", "LF-11", "LF-12", "LF-13", "LF-14", "LF-15", "LF-16", "LF-17"),
    *("RU-01", "RU-02", "RU-03", "RU-04", "RU-05", "RU-06", "RU-07", "RU-09", "RU-11"),
    *("CL-01", "CL-02", "CL-03", "CL-04", "CL-05", "CL-06", "CL-07", "CL-08", "CL-09", "CL-11"),
    *("CL-12", "CL-13", "CL-14", "CL-15", "CL-16", "CL-17", "CL-18", "CL-19", "CL-20"),
    *("CL-21", "CL-22"),
]


UNDER_A_LESSER_TARIFF = [
    *("CR-03", "CR-06", "CR-08", "CR-11", "CR-16", "RT-07", "RU-03", "RU-07"),
    *("CL-03", "CL-04", "CL-09", "LF-06", "LF-07"),
]


@pytest.mark.parametrize("scenario_id", ASKED)
def test_the_scenario_holds_by_direct_calls(scenario_id: str):
    assert verdict(scenario_id, through="direct") == []


@pytest.mark.parametrize("configuration", ["bp30", "ut11", "unf16"])
@pytest.mark.parametrize("scenario_id", ASKED)
def test_the_scenario_holds_for_other_configurations(scenario_id: str, configuration: str):
    assert verdict(scenario_id, configuration=configuration) == []


@pytest.mark.parametrize("scenario_id", UNDER_A_LESSER_TARIFF)
def test_the_scenario_holds_under_a_lesser_tariff(scenario_id: str):
    assert verdict(scenario_id, tariff="standard") == []


@pytest.mark.parametrize("configuration", ["unf", "bp30", "ut11", "unf16"])
def test_the_way_of_the_module_keeps_a_client_of_the_kind_that_he_was(configuration: str):
    assert verdict("CR-08", policy="module", configuration=configuration) == []


LONG = {"RT-03", "RT-05"}
"""A minute each through sockets: a thousand changes, and a night's gap."""


@pytest.mark.sockets
@pytest.mark.parametrize(
    "scenario_id",
    [pytest.param(i, marks=pytest.mark.long) if i in LONG else i for i in ASKED],
)
def test_the_scenario_gives_the_same_verdict_through_sockets(scenario_id: str):
    assert verdict(scenario_id, through="sockets") == []


@pytest.mark.parametrize("scenario_id", ["IL-02", "CR-11", "LF-07", "RT-01"])
def test_some_scenarios_go_through_flask_without_a_socket_too(scenario_id: str):
    assert verdict(scenario_id, through="flask") == []


def test_no_scenario_is_left_out_of_these_tests():
    assert sorted(ASKED) == sorted(SCENARIOS)


def test_a_scenario_holds_for_other_seeds_too():
    for seed in (2, 3):
        for scenario_id in ("MD-01", "CR-11", "LF-07", "CL-02"):
            assert verdict(scenario_id, seed=seed) == []


def verdict(scenario_id: str, **differs: Any) -> list[str]:  # Any: fields of Arrangement
    scenario = SCENARIOS[scenario_id]
    with opened(scenario.arranged(Arrangement(**differs))) as world:
        scenario.play(world)
        assert world.checks > 0, "it checks nothing besides the laws"
        if world.arrangement.through == "sockets":
            # Ten quiet minutes of realtime are lived by direct calls; here exchanges are made.
            world.leaves_realtime()
        return judge(world)
