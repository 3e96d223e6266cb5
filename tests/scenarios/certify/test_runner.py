"""One scenario becomes one verdict, and verdicts become one."""

import pytest

from sverka.drivers.simulated import Crashed, CrashPoint
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.certify.runner import Status, not_played, overall, run_one

from .conftest import breaks, checks_nothing, holds, raises

USUAL = Arrangement()


def test_a_scenario_whose_checks_and_laws_hold_has_passed(scenario):
    verdict = run_one(scenario(holds), USUAL)
    assert (verdict.status, verdict.checks, verdict.reason) == (Status.PASSED, 1, ())
    assert verdict.virtual_s == 30.0


def test_a_false_check_fails_the_scenario_with_its_sentence(scenario):
    verdict = run_one(scenario(breaks), USUAL)
    assert (verdict.status, verdict.checks) == (Status.FAILED, 2)
    assert verdict.reason[0].startswith("the sky is green")


def test_a_scenario_that_made_no_check_has_failed(scenario):
    verdict = run_one(scenario(checks_nothing), USUAL)
    assert verdict.status is Status.FAILED
    assert "made no check" in verdict.reason[0]


def test_an_exception_fails_the_scenario_with_type_text_and_place(scenario):
    verdict = run_one(scenario(raises), USUAL)
    assert verdict.status is Status.FAILED
    for part in ("LookupError", "no such client", "conftest.py", "raise LookupError"):
        assert part in verdict.reason[0]
    assert "/" not in verdict.reason[0], "the folders of this machine stay here"


def test_a_crash_of_the_core_that_nobody_caught_fails_the_scenario(scenario):
    def crash(world):
        raise Crashed(CrashPoint.AFTER_REPLY)

    assert run_one(scenario(crash), USUAL).status is Status.FAILED


def test_a_broken_law_fails_a_scenario_whose_checks_hold(scenario):
    verdict = run_one(scenario(holds), USUAL, laws=lambda world: ["lost: a phone", "lost: a name"])
    assert verdict.status is Status.FAILED
    assert verdict.reason == ("lost: a phone", "lost: a name")


def test_the_real_laws_are_judged_without_being_asked_for(scenario):
    def forgets_to_exchange(world):
        world.base.has(world.make.legal())
        world.check(True, "the clerk is content")

    verdict = run_one(scenario(forgets_to_exchange), USUAL)
    assert verdict.status is Status.FAILED
    assert "not converged" in verdict.reason[0]


def test_checks_that_the_laws_make_do_not_count(scenario):
    def law(world):
        world.check(True, "a law")
        return []

    assert run_one(scenario(checks_nothing), USUAL, laws=law).status is Status.FAILED
    assert run_one(scenario(holds), USUAL, laws=law).checks == 1


def test_exempt_edits_are_told_and_fail_nothing(scenario):
    def law(world):
        world.exempt = 2
        return []

    verdict = run_one(scenario(holds), USUAL, laws=law)
    assert verdict.status is Status.PASSED
    assert "2" in verdict.reason[0]


def test_a_scenario_of_another_policy_is_not_applicable_and_is_not_played(scenario):
    verdict = run_one(scenario(raises, policy="module"), USUAL)
    assert verdict.status is Status.NOT_APPLICABLE
    assert verdict.reason == ("Policy module only.",)
    asked = Arrangement(policy="module")
    assert run_one(scenario(holds, policy="module"), asked).status is Status.PASSED


def test_an_interrupt_is_not_a_verdict(scenario):
    def interrupted(world):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_one(scenario(interrupted), USUAL)


def test_what_differs_in_a_scenario_beats_the_usual_arrangement(scenario):
    seen = []

    def looks(world):
        seen.append((world.arrangement.portion, world.arrangement.seed))
        holds(world)

    run_one(scenario(looks, differs={"portion": 7}), Arrangement(seed=5))
    assert seen == [(7, 5)]


def test_the_replay_line_names_the_seed_and_whatever_was_not_usual(scenario):
    asked = Arrangement(seed=9, limits="cloud", policy="module", through="sockets")
    plain = "sverka certify --suite IL-01 --seed 1"
    assert run_one(scenario(holds), USUAL).replay == plain
    assert not_played(scenario(), asked, "").replay == (
        "sverka certify --suite IL-01 --seed 9 --limits cloud --policy module --through sockets"
    )


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("passed warning", "passed"),
        ("passed not_applicable", "passed"),
        ("passed skipped", "inconclusive"),
        ("passed inconclusive", "inconclusive"),
        ("passed skipped failed", "failed"),
        ("not_applicable", "inconclusive"),
        ("", "inconclusive"),
    ],
)
def test_the_verdict_of_all_is_the_worst_that_matters(certificate, statuses, expected):
    verdicts = {f"IL_0{n}": Status[s.upper()] for n, s in enumerate(statuses.split())}
    assert overall(certificate(**verdicts).verdicts) == expected
