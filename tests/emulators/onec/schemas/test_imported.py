"""A configuration from the `$metadata` of a base: the same sets, types, keys and functions."""

import json

import pytest
from typer.testing import CliRunner

from onec_emulator.__main__ import command
from onec_emulator.odata.metadata import edmx
from onec_emulator.schemas.files import load
from onec_emulator.schemas.imported import NoMetadata, declaration


@pytest.mark.parametrize("name", ["unf", "unf16", "ut11", "bp30"])
def test_an_imported_configuration_publishes_the_metadata_that_it_came_from(tmp_path, name):
    document, file = edmx(load(name)), tmp_path / f"{name}.xml"
    file.write_bytes(document)
    done = CliRunner().invoke(command, ["import-metadata", str(file)])
    assert done.exit_code == 0, done.output
    assert f"Run: onec-emulator --configuration {file.with_suffix('.json')}" in done.output
    assert edmx(load(str(file.with_suffix(".json")))) == document


def test_an_imported_base_lives(calling, tmp_path):
    file = tmp_path / "ours.json"
    facts = declaration(edmx(load("unf")), "ours", "ОбменСБитрикс24")
    file.write_text(json.dumps(facts), encoding="utf-8")
    odata = calling(configuration=str(file))
    assert odata.base.publication == "/ours"
    row = odata.json("POST", "/Catalog_Контрагенты", body={"Description": "Ромашка"})
    assert row["Code"] == "000000001"
    assert ("Catalog_Контрагенты", row["Ref_Key"], None) in odata.base.registered()
    assert odata.json("GET", "/AccumulationRegister_ЗапасыНаСкладах/Balance()")["value"] == []


def test_lengths_are_taken_where_the_platform_says_them():
    text = edmx(load("unf")).decode().replace('Name="ИНН" Type', 'Name="ИНН" MaxLength="12" Type')
    facts = declaration(text.encode(), "ours")
    assert facts["sets"]["Catalog_Контрагенты"]["refs"]["ИНН"] == "string(12)"


@pytest.mark.parametrize(
    ("document", "plan", "said"),
    [
        (b"{}", "", "no XML"),
        (b"<a/>", "", "declares no EntitySet"),
        (edmx(load("unf")), "Нет", "Plans are: ОбменСБитрикс24"),
    ],
)
def test_what_is_no_metadata_is_refused_by_what_it_lacks(document, plan, said):
    with pytest.raises(NoMetadata, match=said):
        declaration(document, "ours", plan)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    done = CliRunner().invoke(command, ["import-metadata", str(tmp_path / "no.xml")])
    assert done.exit_code == 2
