"""Rows of a set stay found, in order and bounded, whatever is written in whatever order."""

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
KEYS, CODES = st.sampled_from("abcdef"), st.sampled_from(["", "1", "2"])
DEEDS = st.one_of(
    st.tuples(st.just("put"), KEYS, CODES),
    st.tuples(st.just("drop"), KEYS, CODES),
    st.tuples(st.just("look"), KEYS, CODES),
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
            assert set(table.having("Code", code)) == {
                each for each, row in rows.items() if row["Code"] == code
            }
        assert table.order == sorted(rows)


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
