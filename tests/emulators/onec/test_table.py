"""Rows of a set stay found, in order and bounded, whatever is written in whatever order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onec_emulator import table as module
from onec_emulator.schemas import EntitySet, Field
from onec_emulator.table import Table

SCHEMA = EntitySet(
    "Catalog_X",
    ("Ref_Key",),
    {name: Field(name, "Edm.String") for name in ("Ref_Key", "Code")},
    {},
    indexes=("Code",),
)
KEYS, CODES = st.sampled_from("abcdef"), st.sampled_from([None, "", "1", "2", "3"])
DEEDS = st.one_of(
    st.tuples(st.just("put"), KEYS, CODES),
    st.tuples(st.just("drop"), KEYS, CODES),
    st.tuples(st.just("look"), KEYS, CODES),
    st.tuples(st.just("walk"), KEYS, CODES),
)


@pytest.mark.parametrize("few", [0, 100])
@given(deeds=st.lists(DEEDS, max_size=40))
def test_order_and_index_are_those_of_the_rows(few, deeds):
    table, rows = Table(SCHEMA), {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "FEW", few)
        for deed, key, code in deeds:
            if deed == "put":
                rows[key] = {"Ref_Key": key, "Code": code}
                table.put(key, rows[key])
            elif deed == "drop" and rows.pop(key, None):
                table.drop(key)
            elif deed == "look":
                assert table.order == sorted(rows)
            elif deed == "walk":
                assert_walked_as_sorted(table, rows)
            assert set(table.having("Code", code)) == {
                each for each, row in rows.items() if row["Code"] == code
            }
        assert table.order == sorted(rows)
        assert_walked_as_sorted(table, rows)


def assert_walked_as_sorted(table, rows):
    def code(key):
        return rows[key]["Code"] is not None, rows[key]["Code"] or ""

    for descending in (False, True):
        expected = sorted(sorted(rows), key=code, reverse=descending)
        assert list(table.by("Code", descending=descending)) == expected


def test_a_refilled_table_tells_its_watchers_of_what_came_and_what_went():
    table, told = Table(SCHEMA), set()
    table.watchers.append(told)
    table.put("a", {"Ref_Key": "a", "Code": ""})
    table.refill({"b": {"Ref_Key": "b", "Code": "1"}})
    assert told == {"a", "b"}
    assert list(table.by("Code", descending=False)) == ["b"]


def test_a_number_that_is_kept_as_text_has_no_order_to_walk_by():
    numbered = {**SCHEMA.fields, "Code": Field("Code", "Edm.Int64")}
    assert not Table(replace(SCHEMA, fields=numbered)).is_ordered("Code")
    assert Table(SCHEMA).is_ordered("Code")
    assert not Table(SCHEMA).is_ordered("Ref_Key")


def test_a_rendered_row_is_kept_until_it_is_written(monkeypatch):
    monkeypatch.setattr(module, "PIECES_MAX", 2)
    table, rendered = Table(SCHEMA), []

    def shown(key):
        return table.rendered("json", key, lambda: rendered.append(key) or key)

    for key in "abc":
        table.put(key, {"Ref_Key": key, "Code": ""})
    for key in "aab":
        shown(key)
    table.put("a", {"Ref_Key": "a", "Code": "1"})
    shown("a")
    assert rendered == ["a", "b", "a"]


def test_no_more_rendered_rows_are_kept_than_are_worth_it(monkeypatch):
    monkeypatch.setattr(module, "PIECES_MAX", 2)
    table = Table(SCHEMA)
    for key in "abcdefg":
        assert table.rendered("json", key, lambda key=key: key) == key
        assert len(table._pieces["json"]) <= 2
