"""The table of operations: total, sourced, and honest about what is not in it."""

import pytest

from onec_emulator.odata.operations import BY_NAME, OPERATIONS, TABLE, Target

SET = "Catalog_Контрагенты"
LINKS = "InformationRegister_СвязиКонтрагентКонтакт"
NOWHERE = "00000000-0000-0000-0000-000000000001"
PATHS = {
    Target.ROOT: "/",
    Target.METADATA: "/$metadata",
    Target.SET: f"/{SET}",
    Target.COUNT: f"/{SET}/$count",
    Target.RECORD: f"/{SET}(guid'{NOWHERE}')",
    Target.PATH: f"/{SET}(guid'{NOWHERE}')/Description",
    Target.SLICE: f"/{LINKS}/SliceLast()",
    Target.TOTALS: "/AccumulationRegister_ЗапасыНаСкладах/Balance()",
    Target.POSTING: f"/Document_ЗаказПокупателя(guid'{NOWHERE}')/Post",
    Target.SELECT_CHANGES: "/SelectChanges",
    Target.NOTIFY_RECEIVED: "/NotifyChangesReceived",
}


def test_each_target_has_an_operation_and_no_operation_stands_twice():
    assert {row.target for row in TABLE} == set(Target) == set(PATHS)
    assert len(OPERATIONS) == len(TABLE)
    assert set(BY_NAME.values()) <= set(Target)


def test_each_operation_says_how_we_know_it():
    assert all(row.source.where for row in TABLE)


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("verb", ["GET", "POST", "PATCH", "MERGE", "PUT", "DELETE", "OPTIONS"])
def test_a_verb_is_allowed_where_the_table_has_a_row_and_nowhere_else(odata, verb, target):
    reply = odata.call(verb, PATHS[target], body={})
    assert (reply.status != 405) is ((verb, target) in OPERATIONS)


@pytest.mark.parametrize(
    "path",
    [
        "/$batch",
        f"/{LINKS}/DrCrTurnovers()",
        f"/{SET}(guid'{NOWHERE}')/Start",
    ],
)
def test_what_1c_has_and_we_have_not_is_never_called_unknown(odata, path):
    assert odata.error("GET", path) == (501, "0")


def test_a_part_of_a_record_is_written_with_the_record_only(odata):
    assert odata.error("POST", f"/{SET}_КонтактнаяИнформация", body={}) == (400, "13")


def test_a_merge_is_a_patch(odata, made):
    path = f"/{SET}(guid'{made(ИНН='7700000000')}')"
    row = odata.json("MERGE", path, body={"Description": "Б"})
    assert (row["Description"], row["ИНН"]) == ("Б", "7700000000")
