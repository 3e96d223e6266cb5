"""The connection key: read as it was pasted, or refused with an error that says why."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.errors import KeyDamaged, KeyForeign, SettingsError
from sverka.wire.connection_key import NAMES, VERSION, ConnectionKey, decode_key

FACTS = {
    "client_endpoint": "https://example.bitrix24.ru/rest/",
    "client_id": "app.1",
    "client_secret": "secret",
    "refresh_token": "token",
    "member_id": "m1",
}


def pasted(document, *, check=None):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    total = zlib.crc32(body).to_bytes(4, "big") if check is None else check
    return base64.urlsafe_b64encode(body + total).rstrip(b"=").decode()


KEY = pasted({"v": VERSION, **FACTS})


@given(facts=st.fixed_dictionaries(dict.fromkeys(NAMES, st.text(max_size=20))))
def test_every_whole_key_tells_its_facts(facts):
    assert decode_key(pasted({"v": VERSION, **facts})) == ConnectionKey(**facts)


@pytest.mark.parametrize("wrapped", [f"  {KEY}\n", f"{KEY[:60]}\r\n{KEY[60:]}", f"{KEY}=="])
def test_a_key_from_a_mail_is_read(wrapped):
    assert decode_key(wrapped) == ConnectionKey(**FACTS)


@given(left=st.integers(min_value=12, max_value=len(KEY) - 1))
def test_a_key_that_was_cut_is_damaged(left):
    with pytest.raises(KeyDamaged):
        decode_key(KEY[:left])


@given(at=st.integers(4, len(KEY) - 5), letter=st.sampled_from("AaZz09-_"))
def test_a_changed_letter_makes_the_key_damaged(at, letter):
    changed = KEY[:at] + letter + KEY[at + 1 :]
    if changed != KEY:
        with pytest.raises(KeyDamaged):
            decode_key(changed)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON"),
        ("not a key at all", "no JSON"),
        ("ключ", "not base64url"),
        ("https://example.bitrix24.ru/rest/1/secret/", "no JSON"),
        (pasted(b"[broken"), "no JSON"),
        (pasted(b"\xff\xfe"), "no JSON"),
        (pasted([1, 2]), "version"),
        (pasted({"v": VERSION + 1, **FACTS}), "version is not 1"),
        (pasted(FACTS), "version"),
        (pasted({"v": VERSION, **FACTS, "member_id": 5}), "member_id"),
    ],
)
def test_a_text_that_is_no_key_of_ours_is_foreign_and_says_why(text, why):
    with pytest.raises(KeyForeign, match=why):
        decode_key(text)


@given(text=st.text(max_size=80))
def test_no_text_does_worse_than_a_settings_error(text):
    with pytest.raises(SettingsError):
        decode_key(text)


def test_the_error_does_not_show_the_secret():
    with pytest.raises(KeyDamaged) as caught:
        decode_key(KEY[:-9])

    assert KEY[10:60] not in str(caught.value)
