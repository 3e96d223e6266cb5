"""`sverka certify` as it is typed: exit codes, what it prints, what it refuses."""

import json
from pathlib import Path

import pytest

from .conftest import breaks, holds, raises


def test_a_run_in_which_all_held_ends_with_0_and_leaves_three_files(sverka_certify, scenario):
    sverka_certify.has(scenario(holds), scenario(holds, "MD-01"))
    done = sverka_certify()
    assert done.exit_code == 0, done.output
    left = {path.name for path in Path(sverka_certify.folder).iterdir()}
    assert left == {"index.html", "junit.xml", "result.json"}


def test_one_failed_scenario_ends_the_run_with_1_and_stops_no_other(sverka_certify, scenario):
    sverka_certify.has(scenario(raises), scenario(breaks, "IL-02"), scenario(holds, "MD-01"))
    done = sverka_certify("--json")
    verdicts = {row["id"]: row["verdict"] for row in json.loads(done.stdout)["scenarios"]}
    assert done.exit_code == 1
    assert verdicts == {"IL-01": "failed", "IL-02": "failed", "MD-01": "passed"}


def test_a_run_that_checked_nothing_is_inconclusive_and_ends_with_3(sverka_certify, scenario):
    sverka_certify.has(scenario(holds, policy="module"))
    assert sverka_certify().exit_code == 3


def test_an_interrupted_run_ends_with_3_and_still_reports(sverka_certify, scenario):
    def interrupted(world):
        raise KeyboardInterrupt

    sverka_certify.has(scenario(holds), scenario(interrupted, "IL-02"), scenario(holds, "MD-01"))
    done = sverka_certify("--json")
    verdicts = [row["verdict"] for row in json.loads(done.stdout)["scenarios"]]
    assert done.exit_code == 3
    assert verdicts == ["passed", "skipped", "skipped"]


def test_json_on_stdout_is_one_object_and_equals_the_file(sverka_certify, scenario):
    sverka_certify.has(scenario(holds), scenario(breaks, "LF-05"))
    done = sverka_certify("--json", "--seed", "4")
    printed = json.loads(done.stdout)
    assert printed == json.loads(Path(sverka_certify.folder, "result.json").read_text("utf-8"))
    assert printed["seeds"] == [4]


def test_the_screen_tells_verdict_reason_replay_and_place_of_the_report(sverka_certify, scenario):
    sverka_certify.has(scenario(breaks), scenario(holds, "MD-01"))
    out = sverka_certify().stdout
    for words in ("Claim of IL-01", "the sky is green", "--suite IL-01", "FAILED", "index.html"):
        assert words in out


@pytest.mark.parametrize(
    ("option", "value", "there_is"),
    [
        ("--suite", "nonsense", "initial"),
        ("--suite", "products", "initial"),
        ("--configuration", "zup", "unf"),
        ("--mode", "file", "server"),
        ("--limits", "7-7", "50-2-100"),
        ("--policy", "lenient", "strict"),
        ("--target", "python:shop:sync", "embedded"),
        ("--through", "pigeons", "direct"),
        ("--portal", "https://our.example", "emulated"),
        ("--base", "https://our.example", "emulated"),
    ],
)
def test_what_is_not_there_is_refused_with_2_and_one_sentence(
    sverka_certify, scenario, option, value, there_is
):
    sverka_certify.has(scenario(holds))
    done = sverka_certify(option, value)
    assert done.exit_code == 2
    assert f"{option} {value}" in done.stderr
    assert there_is in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not done.stdout


def test_a_report_folder_that_is_a_file_is_wrong_usage(sverka_certify, scenario, tmp_path):
    sverka_certify.has(scenario(holds))
    (tmp_path / "taken").write_text("")
    done = sverka_certify("--report", str(tmp_path / "taken"))
    assert done.exit_code == 2
    assert "--report" in done.stderr


@pytest.mark.sockets
def test_through_sockets_the_same_scenario_holds(sverka_certify, scenario):
    def both_ways(world):
        who = world.make.legal()
        world.base.has(who)
        world.exchange_everything()
        world.portal.shows(who, copies=1)

    sverka_certify.has(scenario(both_ways))
    done = sverka_certify("--through", "sockets", "--json")
    assert done.exit_code == 0, done.stdout
    assert json.loads(done.stdout)["through"] == "sockets"
