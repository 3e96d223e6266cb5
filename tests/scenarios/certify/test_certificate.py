"""The certificate in a sentence."""

from sverka_scenarios.certify.certificate import verdict_sentence
from sverka_scenarios.certify.runner import Status


def test_a_failed_run_says_how_many_of_how_many(certificate):
    made = certificate(IL_01=Status.PASSED, IL_02=Status.FAILED)
    assert verdict_sentence(made) == "1 of 2 scenarios failed."


def test_a_run_without_results_does_not_claim_success(certificate):
    made = certificate(IL_01=Status.PASSED, IL_02=Status.SKIPPED)
    assert "1 of 2 scenarios came to no result" in verdict_sentence(made)
    assert "Nothing was checked" in verdict_sentence(certificate(IL_01=Status.NOT_APPLICABLE))
