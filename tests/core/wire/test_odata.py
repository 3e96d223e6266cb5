"""1C's OData: addresses, bodies, errors."""

import base64
import json
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.wire.odata import (
    KEY_EXISTS,
    OdataError,
    any_of,
    basic_auth,
    decode_json,
    encode_entity,
    entity_path,
    exchange_url,
    resource_url,
)

ROOT = "http://base.example/unf/odata/standard.odata"
GUID = "0a1b2c3d-0000-4000-8000-00000000000f"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def error_body(code="9", text="Не найдено"):
    return json.dumps(
        {"odata.error": {"code": code, "message": {"lang": "ru", "value": text}}}
    ).encode()


def test_a_filter_is_written_with_encoded_blanks():
    url = resource_url(ROOT, "Catalog_X", {"$filter": "Code eq '1'"})

    assert url == f"{ROOT}/Catalog_X?$filter=Code%20eq%20'1'&$format=json"


@given(value=texts)
def test_no_value_breaks_out_of_its_option(value):
    query = urlsplit(resource_url(ROOT, "Catalog_X", {"$filter": value})).query

    pairs = [pair.split("=", 1) for pair in query.split("&")]
    assert [name for name, _ in pairs] == ["$filter", "$format"]
    assert unquote(pairs[0][1]) == value
    assert "+" not in query


def test_cyrillic_names_are_percent_encoded():
    url = resource_url(ROOT, entity_path("Catalog_Контрагенты", GUID))

    assert url.isascii()
    assert unquote(url).endswith(f"/Catalog_Контрагенты(guid'{GUID}')?$format=json")


def test_an_exchange_address_names_the_node_and_the_message():
    url = exchange_url(ROOT, "SelectChanges", "ExchangePlan_X", GUID, 7)

    point = f"'{ROOT}/ExchangePlan_X(guid'{GUID}')'"
    assert url == f"{ROOT}/SelectChanges?DataExchangePoint={point}&MessageNo=7"


def test_keys_are_joined_by_or():
    assert any_of(["a", "b"]) == "Ref_Key eq guid'a' or Ref_Key eq guid'b'"


def test_a_login_in_cyrillic_goes_as_utf8():
    scheme, text = basic_auth("Обмен", "тайна:1").split()

    assert (scheme, base64.b64decode(text).decode()) == ("Basic", "Обмен:тайна:1")


@given(fields=st.dictionaries(texts, texts, max_size=4))
def test_a_body_is_read_back(fields):
    assert decode_json(200, encode_entity({**fields, "Ref_Key": GUID})) == {
        **fields,
        "Ref_Key": GUID,
    }


def test_a_byte_order_mark_is_no_trouble():
    assert decode_json(200, b"\xef\xbb\xbf" + b'{"value": []}') == {"value": []}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html>502</html>"),
        (200, b""),
        (204, b""),
        (200, b'{"value": [{"Ref_'),
        (200, b"[1]"),
        (200, b'"text"'),
        (200, b'{"a": "\xff"}'),
        (500, b'{"value": []}'),
        (302, b"{}"),
    ],
)
def test_what_is_neither_json_nor_an_error_of_1c_is_nothing(status, body):
    assert decode_json(status, body) is None


@given(body=st.binary(max_size=60), status=st.sampled_from([200, 401, 500]))
def test_no_bytes_break_the_decoder(body, status):
    decode_json(status, body)


def test_an_error_of_1c_keeps_status_code_and_text():
    error = decode_json(404, error_body())

    assert error == OdataError(404, "9", "Не найдено")
    assert str(error) == "HTTP 404, code 9: Не найдено"


def test_a_code_is_a_text_even_where_1c_sends_a_number():
    assert decode_json(500, error_body(code=15)).code == KEY_EXISTS


def test_an_unhandled_exception_of_1c_tells_its_inner_text():
    inner = b'{"exception": {"descr": "outer", "inner": {"descr": "inner"}}}'
    outer = b'{"exception": {"descr": "outer"}}'

    assert decode_json(500, inner) == OdataError(500, "exception", "inner")
    assert decode_json(500, outer) == OdataError(500, "exception", "outer")


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("Конфликт блокировок при выполнении транзакции", True),
        ("Превышено время ожидания предоставления блокировки", True),
        ("Поле Наименование не заполнено", False),
    ],
)
def test_only_locks_pass_by_themselves(text, passing):
    assert OdataError(500, "-1", text).passing is passing
