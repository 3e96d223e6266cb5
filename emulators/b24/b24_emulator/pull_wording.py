"""How messages of the Push & Pull server are worded, in the three forms that are text.

Source: b24restdocs: settings/interactivity/custom-push-and-pull-client.md (JSON, and the form of
old servers); b24jssdk: JS/pullClient/client.ts (JSON-RPC). The fourth form is binary, protobuf.
"""

from collections.abc import Sequence
from email.utils import formatdate
from enum import StrEnum

import orjson

from b24_emulator import moments
from b24_emulator.pull import Message

REVISION_WEB, REVISION_MOBILE = 19, 3
OPENING, CLOSING = "#!NGINXNMS!#", "#!NGINXNME!#"
CLIENT, BACKEND = 1, 2
"""Kinds of senders (observed: b24jssdk: JS/types/pull.ts)."""


class Form(StrEnum):
    JSON = "json"
    RPC = "rpc"
    MARKED = "marked"


def worded(messages: Sequence[Message], form: Form, now_s: float) -> str:
    """Several messages in one text, as long polling answers them."""
    if form is Form.MARKED:
        return "".join(f"{OPENING}{_text(_plain(one, now_s))}{CLOSING}\r\n" for one in messages)
    rows = [_called(one, now_s) if form is Form.RPC else _plain(one, now_s) for one in messages]
    return _text(rows)


def worded_alone(message: Message, form: Form, now_s: float) -> str:
    """One message as a WebSocket carries it; only JSON-RPC knows one without a list."""
    if form is Form.RPC:
        return _text(_called(message, now_s))
    return worded([message], form, now_s)


def _text(value: object) -> str:
    return orjson.dumps(value).decode()


def _plain(message: Message, now_s: float) -> dict[str, object]:
    return {
        "id": message.number,
        "mid": message.mid,
        "channel": message.channel,
        "tag": str(message.number),
        "time": formatdate(message.at_s, usegmt=True),
        "text": _body(message),
        "extra": {
            **_times(message, now_s),
            "revision": REVISION_WEB,
            "revisionMobile": REVISION_MOBILE,
            "channel": message.channel,
        },
    }


def _called(message: Message, now_s: float) -> dict[str, object]:
    extra = {
        **_times(message, now_s),
        "revision_web": REVISION_WEB,
        "revision_mobile": REVISION_MOBILE,
    }
    sender = {"type": CLIENT, "id": message.sender} if message.sender else {"type": BACKEND}
    body = {**_body(message), "extra": extra}
    params = {"mid": message.mid, "channel": message.channel, "body": body, "sender": sender}
    return {"jsonrpc": "2.0", "method": "incoming.message", "params": params}


def _body(message: Message) -> dict[str, object]:
    return {
        "module_id": message.module_id,
        "command": message.command,
        "params": message.params,
    }


def _times(message: Message, now_s: float) -> dict[str, object]:
    return {
        "server_time": moments.written(message.at_s),
        "server_time_unix": int(message.at_s),
        "server_time_ago": max(0, int(now_s) - int(message.at_s)),
    }
