"""Rows as tables keep them: like dictionaries to read, and names shared by all alike."""

import orjson
import pytest

from b24_emulator.shapes import Kept, Shape, Shapes, picked, written

ROW = {"ID": "1", "TITLE": "Ромашка", "PHONE": [{"VALUE": "1"}], "LOGO": None}


@pytest.fixture
def shapes():
    return Shapes()


def test_a_kept_row_reads_as_the_dictionary_it_was(shapes):
    kept = shapes.kept(ROW)
    assert kept == ROW
    assert {**kept} == dict(kept) == dict(kept.items()) == ROW
    assert (list(kept), list(kept.values()), len(kept)) == (list(ROW), list(ROW.values()), 4)
    assert (kept["TITLE"], kept.get("LOGO", "-"), kept.get("NO", "-")) == ("Ромашка", None, "-")
    assert ("LOGO" in kept, "NO" in kept) == (True, False)
    with pytest.raises(KeyError, match="NO"):
        kept["NO"]


def test_a_kept_row_stays_what_it_was_when_the_dictionary_changes(shapes):
    row = dict(ROW)
    kept = shapes.kept(row)
    row["TITLE"] = "Лютик"
    assert kept["TITLE"] == "Ромашка"
    assert shapes.kept(kept) is kept


def test_rows_with_the_same_names_in_the_same_order_share_them(shapes):
    other = shapes.kept({**ROW, "ID": "2"})
    turned = shapes.kept(dict(reversed(ROW.items())))
    assert shapes.kept(ROW).shape is other.shape
    assert turned == ROW
    assert turned.shape is not other.shape


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["TITLE", "ID"], {"TITLE": "Ромашка", "ID": "1"}),
        (["LOGO"], {"LOGO": None}),
        (["NO", "ID"], {"ID": "1"}),
        (["NO"], {}),
    ],
)
def test_names_are_picked_where_a_row_has_them(shapes, names, expected):
    short = {"ID": "2"}
    rows = [shapes.kept(ROW), shapes.kept(short)]
    assert picked(rows, names) == [
        expected,
        {name: short[name] for name in names if name in short},
    ]
    assert [list(shown) for shown in picked(rows[:1], names)] == [list(expected)]


def test_the_json_of_a_view_is_written_once_for_each_row_and_choice_of_names(shapes, monkeypatch):
    monkeypatch.setattr("b24_emulator.shapes.SHOWN_MAX", 7)
    rows = [shapes.kept({**ROW, "ID": str(number)}) for number in range(5)]
    for names in (["ID"], ["TITLE", "ID"], ["ID"]):
        texts = orjson.dumps(picked(rows, names), default=written)
        assert orjson.loads(texts) == [{name: row[name] for name in names} for row in rows]
    (once,), (again,) = picked(rows[:1], ["ID"]), picked(rows[:1], ["ID"])
    assert written(once) is written(again)
    changed = shapes.kept({**ROW, "ID": "7"})
    assert orjson.dumps(picked([changed], ["ID"]), default=written) == b'[{"ID":"7"}]'


def test_what_is_no_row_is_no_json():
    with pytest.raises(TypeError, match="set is no JSON"):
        written({1})


def test_a_kept_row_is_all_there_is_of_it():
    assert not hasattr(Kept(Shape.of({}), ()), "__dict__")
