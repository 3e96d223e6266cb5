"""Indexes: numbers under keys, ascending, and keys in their order, whatever is moved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from b24_emulator.indexes import Index, Span

VALUES = st.one_of(
    st.sampled_from(["а", "А", "б", "", None]),
    st.lists(st.sampled_from(["а", "Б", "в"]), max_size=3).map(
        lambda texts: [{"VALUE": text} for text in texts]
    ),
)


def keys(value):
    if isinstance(value, list):
        return {element["VALUE"].casefold() for element in value}
    return {(value or "").casefold()}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), VALUES)))
def test_an_index_finds_what_a_walk_over_the_rows_finds(moves):
    index, rows = Index("TITLE"), {}
    for number, value in moves:
        index.move(number, rows.get(number, []), value)
        rows[number] = value
        held = {key for row in rows.values() for key in keys(row)}
        assert list(index.keys()) == sorted(held)
        for key in held:
            expected = sorted(number for number, row in rows.items() if key in keys(row))
            assert list(index.with_key(key)) == expected
    assert list(index.with_key("г")) == []


def test_a_form_of_a_value_is_its_key():
    index = Index("PHONE:normal")
    index.move(1, [], [{"VALUE": "8 (916) 123-45-67"}, {"VALUE": "+7 916 1234567"}])
    assert (index.field, list(index.keys())) == ("PHONE", ["79161234567"])


def test_a_span_is_a_view():
    numbers = [3, 5, 8, 9]
    span = Span(numbers, range(1, 4))
    assert (len(span), list(span), list(span.part(slice(None, None, -1)))) == (
        3,
        [5, 8, 9],
        [9, 8, 5],
    )
    assert list(span.part(slice(2, 9))) == [9]
