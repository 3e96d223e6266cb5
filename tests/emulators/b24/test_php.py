"""Names with brackets, arrays that are objects, numbers out of texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24_emulator import php


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
        ("a[1]=x&a[0]=y", {"a": {"1": "x", "0": "y"}}),
        ("a[5]=x&a[]=y", {"a": {"5": "x", "6": "y"}}),
        ("a[1]=x&a[]=y", {"a": {"1": "x", "2": "y"}}),
        ("a[n]=x&a[]=y", {"a": {"n": "x", "0": "y"}}),
        ("a[b][][c]=1&a[b][][c]=2", {"a": {"b": [{"c": "1"}, {"c": "2"}]}}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b=1", {"a_b": "1"}),
        ("a", {"a": ""}),
        ("a=&&b=%3D", {"a": "", "b": "="}),
        ("a=x+y%2B", {"a": "x y+"}),
        ("a=%D0%AF%d1%8f", {"a": "Яя"}),
        ("a=100%", {"a": "100%"}),
        ("a=%FF", {"a": "\ufffd"}),
    ],
)
def test_a_query_is_read_as_php_reads_it(query, tree):
    assert php.parse_query(query) == tree


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", 12),
        (" 7abc", 7),
        ("-3", -3),
        ("abc", 0),
        ("", 0),
        (None, 0),
        (True, 1),
        (4.9, 4),
        ([5], 0),
        ({}, 0),
        ("9" * 19, 2**63 - 1),
        (1e30, 2**63 - 1),
        (-1e30, -(2**63)),
    ],
)
def test_a_text_is_cast_by_its_leading_digits(value, number):
    assert php.integer(value) == number


def test_no_number_is_too_long_to_be_read():
    assert php.integer("9" * 5000) > 10**18
    assert php.parse_query(f"a[{'9' * 5000}]=x&a[]=y")["a"]


@pytest.mark.parametrize("value", ["Y", "y", "1", 1, True, "true", "True", "on", " yes "])
def test_many_words_mean_yes(value):
    assert php.flag(value)


@pytest.mark.parametrize("value", ["N", "0", 0, False, "false", "False", "", None, "None", []])
def test_all_others_mean_no(value):
    assert not php.flag(value)


def test_an_empty_array_is_encoded_as_a_list_and_one_with_names_as_an_object():
    assert php.encoded({}) == []
    assert php.encoded({"0": "a", "1": "b"}) == ["a", "b"]
    assert php.encoded({"1": "a"}) == {"1": "a"}


def test_a_name_with_too_many_subscripts_is_dropped():
    fits, deeper = ("a" + "[x]" * levels for levels in (php.LEVELS, php.LEVELS + 1))
    assert php.parse_query(f"{fits}=1")["a"]
    assert php.parse_query(f"{deeper}=1&b=2") == {"b": "2"}


def test_names_beyond_the_last_that_php_takes_are_dropped():
    read = php.nested(("a[]", n) for n in range(php.VARIABLES + 1))
    assert read["a"] == list(range(php.VARIABLES))


@given(st.text(alphabet="a[]=&%0169D ;+\u042f"))
def test_every_query_can_be_read(query):
    php.parse_query(query)
