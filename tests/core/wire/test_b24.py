"""Bitrix24 REST: commands as PHP reads them, envelopes as PHP writes them."""

import json
import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.wire.b24 import (
    ACCESS_CODES,
    Command,
    Refusal,
    Result,
    batch_params,
    decode_batch,
    decode_reply,
    encode_body,
    php_query,
)

names = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1).map(
    lambda name: f"n{name}"
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
params = st.dictionaries(
    names,
    st.recursive(
        texts,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3)
            | st.dictionaries(names, inner, min_size=1, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


def as_php_reads(query):
    """`a[b][0]=1` as nested dictionaries with string keys, which is all that PHP has."""
    root = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        head, *rest = re.split(r"\]?\[", name.removesuffix("]") if "[" in name else name)
        node = root
        for key, following in zip([head, *rest], [*rest, None], strict=True):
            if following is None:
                node[key] = value
            else:
                node = node.setdefault(key, {})
    return root


def with_string_keys(value):
    if isinstance(value, list):
        value = {str(index): inner for index, inner in enumerate(value)}
    if isinstance(value, dict):
        return {key: with_string_keys(inner) for key, inner in value.items()}
    return value


@given(params=params)
def test_php_reads_what_was_meant(params):
    assert as_php_reads(php_query(params)) == with_string_keys(params)


def test_nested_parameters_are_written_with_brackets():
    query = php_query({"filter": {"@ID": [1, 2]}, "start": -1})

    assert query == "filter[%40ID][0]=1&filter[%40ID][1]=2&start=-1"


def test_a_comparison_in_a_name_does_not_end_the_name():
    assert php_query({"filter": {">=ID": 5}}) == "filter[%3E%3DID]=5"


def test_a_reference_to_another_commands_result_stays_readable():
    assert php_query({"ENTITY_ID": "$result[c0]"}) == "ENTITY_ID=$result[c0]"


def test_a_value_cannot_smuggle_in_a_second_parameter():
    assert php_query({"TITLE": "A&admin=Y#+ %"}) == "TITLE=A%26admin%3DY%23%2B%20%25"


def test_none_is_sent_empty():
    assert php_query({"PHONE": None}) == "PHONE="


def test_a_batch_goes_on_after_a_failed_command():
    params = batch_params({"c0": Command("crm.company.get", {"id": 1})})

    assert params == {"halt": 0, "cmd": {"c0": "crm.company.get?id=1"}}


@given(params=params)
def test_a_body_is_json_in_utf8(params):
    assert json.loads(encode_body(params).decode()) == params


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html><body>502 Bad Gateway</body></html>"),
        (200, b"<html>maintenance</html>"),
        (200, b'{"result": [{"ID": "1"}, {"ID'),
        (200, b""),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"result": "\xff"}'),
        (500, b'{"result": 1}'),
    ],
)
def test_what_is_no_envelope_is_no_reply(status, body):
    assert decode_reply(status, body) is None


@given(body=st.binary(max_size=60), status=st.sampled_from([200, 500, 503]))
def test_no_bytes_break_the_decoder(body, status):
    decode_reply(status, body)


def test_a_list_tells_its_total():
    assert decode_reply(200, b'{"result": [1], "total": 7}') == Result([1], 7)
    assert decode_reply(200, b'{"result": [1]}') == Result([1], -1)


def test_tokens_come_without_an_envelope():
    assert decode_reply(200, b'{"access_token": "a"}') == Result({"access_token": "a"})


def test_an_error_keeps_status_code_and_text():
    body = b'{"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}'

    reply = decode_reply(503, body)

    assert reply == Refusal("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
    assert reply.throttled
    assert str(reply) == "QUERY_LIMIT_EXCEEDED Too many requests"


def test_an_error_without_words_is_named_by_its_status():
    assert str(Refusal("", "", 500)) == "HTTP 500"


def test_a_spent_token_is_no_lack_of_limits():
    refusal = Refusal("expired_token", "", 401)

    assert (refusal.token_spent, refusal.throttled, refusal.no_access) == (True, False, True)


@pytest.mark.parametrize("code", sorted(ACCESS_CODES))
def test_every_access_code_is_recognised_whatever_its_case(code):
    assert Refusal(code.lower(), "").no_access


def test_a_plain_refusal_is_neither_limit_nor_access():
    refusal = Refusal("ERROR_CORE", "TITLE is required", 400)

    assert not (refusal.throttled)
    assert not (refusal.token_spent)
    assert not (refusal.no_access)


def test_a_batch_with_string_keys_is_taken_apart():
    result = {
        "result": {"a": 5},
        "result_error": {"b": {"error": "X", "error_description": "no"}},
        "result_total": {"a": 9},
    }

    assert decode_batch(result, ["a", "b"]) == {"a": Result(5, 9), "b": Refusal("X", "no")}


def test_a_batch_with_number_keys_is_a_list_in_php():
    result = {"result": [5, 6], "result_error": [], "result_total": [50, 60]}

    assert decode_batch(result, ["0", "1"]) == {"0": Result(5, 50), "1": Result(6, 60)}


def test_an_empty_batch_section_is_a_list_in_php():
    result = {"result": [], "result_error": {"a": {"error": "X"}}, "result_total": []}

    assert decode_batch(result, ["a"]) == {"a": Refusal("X", "")}


def test_a_command_that_was_not_reached_is_left_out():
    assert decode_batch({"result": {"a": 1}}, ["a", "b"]) == {"a": Result(1)}


def test_an_error_that_is_a_bare_text_is_kept():
    assert decode_batch({"result_error": {"a": "broken"}}, ["a"]) == {"a": Refusal("", "broken")}


def test_a_null_result_of_a_command_is_a_result():
    assert decode_batch({"result": {"a": None}}, ["a"]) == {"a": Result(None)}
