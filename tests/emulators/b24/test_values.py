"""What the portal keeps of a sent value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24_emulator.schema import Field
from b24_emulator.values import comparable, storable, stored

WHOLE = st.integers(-(10**18), 10**18)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    WHOLE,
    st.floats(-1e18, 1e18),
    st.text(),
    st.lists(st.text(max_size=2)),
)
KINDS = ("string", "integer", "double", "char", "boolean", "datetime", "date", "crm_status", "user")


def field(kind):
    return Field("X", kind, read_only=False, immutable=False, descriptor={})


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("string", " Ромашка ", " Ромашка "),
        ("string", "", None),
        ("string", None, None),
        ("string", 0, "0"),
        ("string", 12.5, "12.5"),
        ("string", ["a"], None),
        ("integer", "12", "12"),
        ("integer", 0, "0"),
        ("integer", "0", "0"),
        ("integer", "", None),
        ("integer", "abc", "0"),
        ("user", "7 abc", "7"),
        ("double", "1000", "1000.00"),
        ("double", 999.99, "999.99"),
        ("double", "12,5", "12.00"),
        ("double", "1_000", "1.00"),
        ("double", "1e3", "1000.00"),
        ("double", "nan", "0.00"),
        ("double", 0, "0.00"),
        ("double", "", None),
        ("char", "Y", "Y"),
        ("char", "", "N"),
        ("boolean", 1, "Y"),
        ("datetime", "2024-08-30T14:29:00+00:00", "2024-08-30T17:29:00+03:00"),
        ("datetime", "2024-08-30 14:29:00.5", "2024-08-30T14:29:00+03:00"),
        ("datetime", "30.08.2024 14:29:00", "2024-08-30T14:29:00+03:00"),
        ("datetime", "30.08.2024", "2024-08-30T00:00:00+03:00"),
        ("datetime", "0001-01-01T00:00:00+05:00", ""),
        ("datetime", "завтра", ""),
        ("date", "2024-08-30", "2024-08-30T03:00:00+03:00"),
        ("date", "2024-08-30T23:59:59+03:00", "2024-08-30T03:00:00+03:00"),
        ("date", "30.08.2024", "2024-08-30T03:00:00+03:00"),
        ("date", "", ""),
    ],
)
def test_a_value_is_kept_in_the_portals_own_form(kind, sent, kept):
    assert stored(field(kind), sent) == kept


@pytest.mark.parametrize("kind", KINDS)
@given(sent=ANYTHING)
def test_what_was_kept_is_kept_again_unchanged(kind, sent):
    once = stored(field(kind), sent)
    assert once is None or isinstance(once, str)
    assert stored(field(kind), once) == once or once is None


@pytest.mark.parametrize("kind", KINDS)
@given(sent=ANYTHING)
def test_anything_can_stand_in_a_filter(kind, sent):
    comparable(field(kind), sent)


def test_texts_are_compared_without_letter_case_and_numbers_as_numbers():
    assert comparable(field("string"), "РоМашка") == comparable(field("string"), "ромашка")
    assert comparable(field("integer"), "9") < comparable(field("integer"), 10)


def test_a_file_is_kept_by_its_number_and_an_unknown_kind_not_at_all():
    assert stored(field("file"), "5") == "5"
    assert not storable(field("webdav"))
