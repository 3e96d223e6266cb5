"""Files of evidence claim nothing about what is gone; a run's evidence is merged and held to."""

import json
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence
from collecting import Collector
from sverka_emulator_kit.coverage import Axis, claims_of
from sverka_emulator_kit.record import CallLine

B24 = "b24_emulator"
HERE = "test_evidence.py"


@pytest.mark.parametrize("package", evidence.SUBJECTS)
def test_no_file_claims_evidence_for_a_subject_or_by_a_test_that_is_gone(package):
    assert evidence.gone(package, claims_of(package)) == []


@pytest.mark.parametrize("package", evidence.SUBJECTS)
def test_each_file_claims_something_on_every_axis_of_tests(package):
    assert {axis for axes in claims_of(package).values() for axis in axes} == {
        Axis.CLIENT,
        Axis.SHAPE,
        Axis.REFUSAL,
    }


def test_a_claim_about_what_is_gone_is_named():
    held = {"crm.no.such": {"client": [HERE]}, "crm.company.add": {"shape": ["test_gone.py"]}}
    assert evidence.gone(B24, held) == [
        f"{B24}: crm.no.such is said to have client by {HERE}, but there is no such subject. "
        "Write the files of evidence anew: make evidence.",
        f"{B24}: crm.company.add is said to have shape by test_gone.py, but there is no such "
        "test module. Write the files of evidence anew: make evidence.",
    ]


def left(folder, **modules):
    """A run of modules: whether they passed, and the axes that each has shown of one method."""
    told = {
        f"{name}.py": {"passed": passed, "found": [[B24, "crm.company.add", axis] for axis in axes]}
        for name, (passed, axes) in modules.items()
    }
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(json.dumps(told))
    return evidence.read(folder)


def test_a_claim_that_its_module_did_not_show_is_unproven(tmp_path):
    held = {"crm.company.add": {"client": [HERE], "shape": [HERE]}}
    (line,) = evidence.unproven(B24, held, left(tmp_path, test_evidence=(True, ["client"])))
    assert "crm.company.add is said to have shape" in line


def test_a_module_that_failed_in_one_worker_or_did_not_run_is_not_judged(tmp_path):
    held = {"crm.company.add": {"client": [HERE, "test_readmes.py"]}}
    left(tmp_path, test_evidence=(True, []))
    assert evidence.unproven(B24, held, left(tmp_path, test_evidence=(False, []))) == []


def test_workers_of_one_run_prove_claims_together(tmp_path):
    held = {"crm.company.add": {"client": [HERE], "shape": [HERE]}}
    left(tmp_path, test_evidence=(True, ["client"]))
    assert evidence.unproven(B24, held, left(tmp_path, test_evidence=(True, ["shape"]))) == []


def test_a_run_replaces_the_claims_of_its_modules_and_keeps_the_others(tmp_path):
    held = {
        "crm.company.add": {"client": [HERE], "shape": ["test_readmes.py"]},
        "crm.no.such": {"client": ["test_readmes.py"]},
    }
    run = left(tmp_path, test_evidence=(True, ["refusal"]))
    assert evidence.merged(B24, held, run) == {
        "crm.company.add": {"refusal": [HERE], "shape": ["test_readmes.py"]}
    }


def line(trouble=""):
    return CallLine(0.0, "note.add", "user:1", 200, trouble=trouble)


def answered(collector, trouble=""):
    """One call by a server's thread."""

    def call():
        collector.answered("notes", "note.add")
        collector.settle(line(trouble))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()


def test_a_success_counts_if_a_real_client_has_called_from_outside():
    collector = Collector()
    collector.begin(is_client=True)
    answered(collector)
    assert collector.found == {("notes", "note.add", Axis.CLIENT)}


def test_a_success_does_not_count_without_a_client_or_in_the_tests_own_thread():
    collector = Collector()
    collector.begin(is_client=False)
    answered(collector)
    collector.begin(is_client=True)
    collector.answered("notes", "note.add")
    collector.settle(line())
    assert collector.found == set()


def test_a_call_that_met_trouble_is_no_evidence():
    collector = Collector()
    collector.begin(is_client=True)
    answered(collector, trouble="drop_reply")
    assert collector.found == set()


def test_a_refusal_counts_only_where_it_is_asserted():
    collector = Collector()
    collector.begin(is_client=False)
    collector.refused("notes", "note.get")
    collector.settle(line())
    with collector.asserting():
        collector.refused("notes", "note.add")
        collector.settle(line())
    assert collector.found == {("notes", "note.add", Axis.REFUSAL)}


def test_what_hypothesis_has_drawn_is_no_evidence():
    collector = Collector()
    collector.begin(is_client=False)

    @settings(max_examples=1, database=None)
    @given(st.none())
    def drawn(_):
        with collector.asserting():
            collector.refused("notes", "note.add")
            collector.settle(line())

    drawn()
    assert collector.found == set()
    with collector.asserting():
        collector.settle(line())
    assert collector.found == set()
