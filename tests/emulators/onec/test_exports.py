"""Exports of bases: whatever stands in one fits its schema, and goes elsewhere whole."""

import json

import pytest

from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill_whole
from sverka_emulator_kit.exports import ExportRefused, exported, take_in

SET = "Catalog_Контрагенты"


@pytest.mark.parametrize("configuration", ["unf", "unf16", "ut11", "bp30"])
def test_an_exported_base_is_the_same_base_elsewhere(calling, configuration):
    odata = calling(configuration=configuration)
    fill_sales(odata.base, fill_whole(odata.base, 8))
    odata.selected(1)
    other = calling(configuration=configuration, seed=9)
    take_in(other.base, json.loads(json.dumps(exported(odata.base))))
    assert json.loads(other.base.snapshot()) == json.loads(odata.base.snapshot())
    assert other.base.registered() == odata.base.registered()


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [("ИНН", 7, ".ИНН is 7"), ("DeletionMark", "no", ".DeletionMark"), ("Нет", "", "Нет")],
)
def test_a_wrong_value_is_named_by_its_path_and_nothing_is_taken(base, made, field, value, place):
    guid = made()
    before, document = base.snapshot(), exported(base)
    document["state"]["rows"][SET][guid][field] = value
    with pytest.raises(ExportRefused) as told:
        take_in(base, document)
    assert place in str(told.value)
    assert f"$.state.rows.{SET}" in str(told.value)
    assert base.snapshot() == before


def test_an_export_of_another_configuration_is_refused(base, calling):
    with pytest.raises(ExportRefused, match=r"\$\.layout"):
        take_in(base, exported(calling(configuration="ut11").base))


def test_a_state_that_cannot_be_taken_leaves_the_base_as_it_was(base, made):
    made()
    before, document = base.snapshot(), exported(base)
    document["state"]["chance"] = [3, [1], None]
    with pytest.raises(ExportRefused, match="hang together"):
        take_in(base, document)
    assert base.snapshot() == before
