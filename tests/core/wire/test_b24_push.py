"""What Push & Pull says on the wire, and what is made of it."""

import json

import pytest

from sverka.asks import NoReply, Response
from sverka.wire.b24_push import Ear, Heard, decode_answer, decode_config

ROOT = "https://rt.example/sub/"
CONFIG = {
    "server": {"long_pooling_secure": ROOT},
    "channels": {"shared": {"id": "aa.bb"}, "private": {"id": "cc:dd.ee"}},
    "clientId": "account",
}
EAR = Ear(ROOT, {"CHANNEL_ID": "aa.bb/cc:dd.ee", "format": "json", "clientId": "account"})


def message(mid, module="rest", command="offline_event"):
    return {"mid": mid, "text": {"module_id": module, "command": command, "params": {}}}


def answered(status, body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return decode_answer(EAR, Response(status, content, named))


def test_the_address_names_account_channels_and_form():
    assert decode_config(CONFIG) == EAR
    query = "CHANNEL_ID=aa.bb%2Fcc%3Add.ee&format=json&clientId=account"
    assert EAR.url == f"{ROOT}?{query}"
    assert Ear(ROOT, EAR.query, "17").url == f"{ROOT}?{query}&mid=17"


def test_a_portal_of_its_own_has_no_account_and_an_old_one_spells_otherwise():
    old = {**CONFIG, "server": {"long_polling_secure": ROOT}}
    del old["clientId"]
    assert decode_config(old) == Ear(ROOT, {"CHANNEL_ID": "aa.bb/cc:dd.ee", "format": "json"})


@pytest.mark.parametrize(
    "config",
    [{}, [], None, {**CONFIG, "server": {}}, {**CONFIG, "channels": {}}, {**CONFIG, "channels": 5}],
)
def test_without_address_or_channels_there_is_nothing_to_listen_to(config):
    assert decode_config(config) is None


def test_messages_are_news_and_the_last_one_is_remembered():
    heard = answered(200, [message("1"), message("2")])
    assert heard == Heard(Ear(ROOT, EAR.query, "2"), is_news=True)


def test_silence_is_no_news_and_says_where_we_stand():
    assert answered(304, last_message_id="7") == Heard(Ear(ROOT, EAR.query, "7"))
    assert answered(304) == Heard(EAR)
    assert answered(200, b"", last_message_id="7") == Heard(Ear(ROOT, EAR.query, "7"))
    assert answered(200, []) == Heard(EAR)


@pytest.mark.parametrize("command", ["channel_expire", "config_expire", "server_restart"])
def test_a_command_of_the_server_itself_ends_the_listening(command):
    assert answered(200, [message("1"), message("2", "pull", command)]) == Heard(is_news=True)


@pytest.mark.parametrize(
    ("module", "command"), [("pull", "other"), ("application", "config_expire")]
)
def test_other_commands_do_not(module, command):
    assert answered(200, [message("1", module, command)]).ear is not None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"Wrong channel id"),
        (502, b"<html>"),
        (200, b"<html>"),
        (200, {"error": "x"}),
        (200, [5]),
        (200, [{"text": {}}]),
        (200, [{"mid": "1", "text": "x"}]),
    ],
)
def test_anything_else_is_trouble_that_names_the_status(status, body):
    heard = answered(status, body)
    assert (heard.ear, heard.is_news) == (None, False)
    assert f"HTTP {status}" in heard.trouble


def test_no_reply_is_trouble_in_its_own_words():
    assert decode_answer(EAR, NoReply("cut")) == Heard(trouble="cut")
