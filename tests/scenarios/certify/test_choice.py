"""`--suite` names suites and scenarios; what is not there is said with what is."""

import pytest

from sverka_scenarios.certify.choice import WrongUsage, chosen

IDS = ("MD-02", "IL-10", "IL-01", "CL-13")


@pytest.fixture
def built(scenario):
    return {id_: scenario(id_=id_) for id_ in IDS}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("all", "IL-01 IL-10 MD-02 CL-13"),
        ("", "IL-01 IL-10 MD-02 CL-13"),
        ("matching, initial", "IL-01 IL-10 MD-02"),
        ("CL-13,IL-10", "IL-10 CL-13"),
        ("il-10", "IL-10"),
        ("initial,IL-01", "IL-01 IL-10"),
        ("Matching,all", "IL-01 IL-10 MD-02 CL-13"),
    ],
)
def test_suites_and_ids_mix_and_come_in_the_catalogues_order(built, asked, expected):
    assert [scenario.id for scenario in chosen(asked, built)] == expected.split()


@pytest.mark.parametrize("asked", ["nonsense", "IL-99", "products", "initial,products"])
def test_what_is_unknown_or_not_built_is_refused_and_the_known_ones_are_named(built, asked):
    with pytest.raises(WrongUsage) as refusal:
        chosen(asked, built)
    for word in (asked.split(",")[-1], "initial", "matching", "conflicts", "IL-10"):
        assert word in str(refusal.value)
