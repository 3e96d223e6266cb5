"""What clients ask of the Push & Pull server in JSON-RPC: to pass messages on.

Source: b24jssdk: JS/pullClient/{client,json-rpc}.ts, JS/types/pull.ts.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from b24_emulator import php
from b24_emulator.pull import Channel, say

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Json = Any  # Any: whatever JSON was sent
ERRORS = {
    -32700: "Parse error",
    -32600: "Invalid Request",
    -32601: "Method not found",
    -32602: "Invalid params",
}


def answered(portal: "Portal", channels: Sequence[Channel], sent: bytes) -> str | None:
    """The answer to one request or to a list of them; None if there is nothing to say."""
    try:
        asked: Json = orjson.loads(sent)
    except orjson.JSONDecodeError:
        return _text(_worded(None, -32700))
    if not isinstance(asked, list):
        answer = _one(portal, channels, asked)
        return _text(answer) if answer else None
    answers = [answer for one in asked if (answer := _one(portal, channels, one))]
    return _text(answers) if answers else None


def _one(portal: "Portal", channels: Sequence[Channel], asked: Json) -> Mapping[str, object] | None:
    if not isinstance(asked, dict) or "method" not in asked:
        is_answer = isinstance(asked, dict) and ("result" in asked or "error" in asked)
        return None if is_answer else _worded(None, -32600)
    wrong = _published(portal, channels, asked) if asked["method"] == "publish" else -32601
    if wrong:
        return _worded(asked.get("id"), wrong)
    return {"jsonrpc": "2.0", "result": True, "id": asked["id"]} if "id" in asked else None


def _published(portal: "Portal", channels: Sequence[Channel], asked: Mapping[str, Json]) -> int:
    """Pass a message on to users, and to channels by their public names; returns what is wrong."""
    params = asked.get("params")
    body = params.get("body") if isinstance(params, dict) else None
    if not isinstance(body, dict) or not all(body.get(key) for key in ("module_id", "command")):
        return -32602
    sender = next((one.public_code for one in channels if one.public_code), "")
    for channel in _receivers(portal, channels[0].client_id, asked["params"]):
        words = str(body["module_id"]), str(body["command"])
        say(portal, channel, *words, body.get("params") or {}, sender)
    return 0


def _receivers(portal: "Portal", client_id: str, params: Mapping[str, Json]) -> list[Channel]:
    users = {str(php.integer(one)) for one in php.rows(params.get("userList"))}
    named = {_public_id(one) for one in php.rows(params.get("channelList"))}
    return [
        one
        for one in portal.pull.channels.values()
        if one.client_id == client_id and (one.user_id in users or one.public_id in named)
    ]


def _public_id(named: Json) -> str:
    if isinstance(named, dict):
        return f"{named.get('publicId')}.{named.get('signature')}"
    return str(named)


def _worded(number: object, code: int) -> dict[str, object]:
    return {"jsonrpc": "2.0", "error": {"code": code, "message": ERRORS[code]}, "id": number}


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
