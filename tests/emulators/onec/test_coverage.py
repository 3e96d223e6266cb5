"""What a base says it answers."""

import json

import pytest
from typer.testing import CliRunner

from onec_emulator.__main__ import command
from onec_emulator.coverage import coverage, subjects
from onec_emulator.odata.operations import NOT_BUILT
from onec_emulator.schemas.files import BUILT, load
from sverka_emulator_kit.coverage import Extent


def told(*asked):
    done = CliRunner().invoke(command, ["coverage", *asked], env={"COLUMNS": "300"})
    return done.exit_code, done.output


@pytest.mark.parametrize("name", BUILT)
def test_every_published_set_is_there_once_with_its_rows_and_virtual_tables(name):
    configuration = load(name)
    names = [one.name for one in coverage(configuration).subjects]
    assert len(names) == len(set(names))
    for set_name, entity in configuration.published.items():
        beside = [f"{set_name}/{function}" for function in entity.virtual_tables]
        assert {set_name, *map(entity.part_set, entity.parts), *beside} <= set(names)


def test_what_is_refused_with_501_is_named_as_not_emulated():
    missing = {one.name for one in coverage(load("unf")).chosen("is-none")}
    assert missing == NOT_BUILT


def test_sets_are_observed_in_a_release_and_operations_documented():
    known = {one.name: one.source for one in coverage(load("bp30")).subjects if one.source}
    assert known["GET Set"].how == known["$filter"].how == "documented"
    assert "БП 3.0.82.24" in known["Catalog_Контрагенты"].where
    assert known["POST /hs/exchange/jobs"].how == "inferred"


@pytest.mark.parametrize("name", ["rusty", "unf"])
def test_a_configuration_of_ones_own_has_no_evidence_but_is_listed(tmp_path, name):
    file = tmp_path / f"{name}.json"
    fields = {"Ref_Key": "Edm.Guid", "Description": "Edm.String"}
    file.write_text(
        json.dumps(
            {
                "include": ["bsp"],
                "sets": {"Catalog_Контрагенты": {"key": ["Ref_Key"], "fields": fields}},
            }
        )
    )
    (own,) = coverage(load(str(file))).chosen(sought="Catalog_Контрагенты")
    assert (own.extent, own.source.how, own.tests) == (Extent.FULL, "inferred", {})


def test_each_function_of_a_filter_is_a_subject_of_its_own():
    groups = {one.name: one.group for one in coverage(load("unf")).subjects}
    assert groups["$filter startswith()"] == groups["$filter any()"] == "filter_function"
    assert groups["$filter tolower()"] == "filter_refusal"


def test_evidence_may_be_about_any_configuration():
    assert {"unf/Catalog_Контрагенты", "ut11/Catalog_Партнеры", "$filter"} <= subjects()


def test_the_command_prints_what_was_chosen():
    code, text = told("--configuration", "bp30", "--json", "--search", "Catalog_Контрагенты")
    assert code == 0
    assert {"Catalog_Контрагенты"} <= {one["name"] for one in json.loads(text)}
    code, text = told("--show", "is-none")
    assert [line.split()[0] for line in text.splitlines()[1 : 1 + len(NOT_BUILT)]] == sorted(
        NOT_BUILT
    )


@pytest.mark.parametrize("asked", [("--show", "clients"), ("--configuration", "no.json")])
def test_what_cannot_be_shown_is_wrong_usage_and_says_what_can(asked):
    code, text = told(*asked)
    assert code == 2
    assert "Use one of" in text
