"""Push & Pull: where to listen, messages of applications, notes for telephones."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from b24_emulator import php, pull
from b24_emulator.access import ADMINISTRATOR
from b24_emulator.calls import Call, Result
from b24_emulator.methods.row import Method
from b24_emulator.pull import Channel
from b24_emulator.pull_wording import REVISION_MOBILE, REVISION_WEB
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.provenance import documented

PAGE = "settings/interactivity/push-and-pull"
SCOPES = ("pull",)
COMMAND = re.compile(r"[A-Za-z0-9_:|.-]+")
MODULE = re.compile(r"[a-z0-9._]+")
APPLICATION = "application"


def _config(call: Call) -> Result:
    """Addresses and channels of the caller's own application."""
    portal, caller = call.portal, call.caller
    if not portal.pull.is_on:
        raise PortalRefusal("SERVER_ERROR", "Push & Pull server is not configured")
    opened = pull.reopen if call.flag("reopen") else pull.channel_of
    shared, private = (opened(portal, caller.client_id, user) for user in ("", caller.user_id))
    config = {
        "server": _server(call),
        "api": {"revision_web": REVISION_WEB, "revision_mobile": REVISION_MOBILE},
        "channels": {"shared": shared.as_json(), "private": private.as_json()},
        "exp": int(min(shared.end_s, private.end_s)),
        "publicChannels": {private.user_id: _public(private)},
    }
    return Result(config | ({"clientId": portal.pull.account} if _is_shared(call) else {}))


def _is_shared(call: Call) -> bool:
    return call.portal.switches.pull_is_shared


def _server(call: Call) -> dict[str, object]:
    """Addresses. Without TLS on the portal the safe ones are as unsafe as the others."""
    portal = call.portal
    origin = urlsplit(portal.origin)
    host, tail = origin.netloc, "s" if origin.scheme == "https" else ""
    return {
        "version": portal.switches.pull_version,
        "server_enabled": True,
        "mode": "shared" if _is_shared(call) else "personal",
        "hostname": origin.hostname,
        "long_polling": f"http://{host}/sub/",
        # Spelled so by the portal.
        "long_pooling_secure": f"http{tail}://{host}/sub/",
        "websocket_enabled": True,
        "websocket": f"ws://{host}/subws/",
        "websocket_secure": f"ws{tail}://{host}/subws/",
        "publish_enabled": True,
        "publish": f"http://{host}/pub/",
        "publish_secure": f"http{tail}://{host}/pub/",
        "config_timestamp": int(portal.pull.configured_s),
    }


def _public(channel: Channel) -> dict[str, object]:
    shown = channel.as_json()
    return {
        "user_id": int(channel.user_id),
        "public_id": channel.public_code,
        "signature": channel.public_signature,
        "start": shown["start"],
        "end": shown["end"],
    }


def _event_add(call: Call) -> Result:
    """Say something in the channels of the caller's application."""
    command, module = call.text("command"), call.text("module_id") or APPLICATION
    if not COMMAND.fullmatch(command):
        raise PortalRefusal("COMMAND_ERROR", "Command format error")
    if not MODULE.fullmatch(module):
        raise PortalRefusal("MODULE_ID_ERROR", "Module ID format error")
    params, users = _params(call), _users(call)
    if call.caller.user_id != ADMINISTRATOR and set(users) - {"", call.caller.user_id}:
        raise PortalRefusal(
            "USER_ID_ACCESS_ERROR", "Only admin can send notifications to other users"
        )
    for user in users:
        # Nobody can listen to a channel that nobody has asked for.
        if channel := call.portal.pull.channel(call.caller.client_id, user):
            pull.say(call.portal, channel, module, command, params)
    return Result(value=True)


def _params(call: Call) -> Any:  # Any: JSON
    """An object, or its text; an empty array is an empty object."""
    sent = call.params.get("params")
    if isinstance(sent, str) and sent:
        try:
            sent = orjson.loads(sent)
        except orjson.JSONDecodeError:
            sent = None
        if not isinstance(sent, dict | list):
            raise PortalRefusal("PARAMS_ERROR", "Params format error")
    if isinstance(sent, dict | list):
        return sent or {}
    if sent in (None, ""):
        return {}
    raise PortalRefusal("PARAMS_ERROR", "Params format error")


def _users(call: Call) -> list[str]:
    """Whose channels are meant; `""` is the shared one."""
    sent = call.params.get("user_id")
    named = php.rows(sent) if isinstance(sent, dict | list) else [sent] if sent else []
    return [str(php.integer(one)) for one in named] or [""]


def _push_add(call: Call) -> Result:
    """Keep a note for a user's telephone; there is no telephone."""
    if call.caller.user_id != ADMINISTRATOR:
        raise PortalRefusal("ACCESS_ERROR", "You do not have access to send push notifications")
    if not call.text("text"):
        raise PortalRefusal("TEXT_ERROR", "Text can't be empty")
    pushes = call.portal.pull.pushes
    for user in _users(call):
        pushes.append({"user": user, "text": call.text("text"), "avatar": call.text("avatar")})
    del pushes[: -pull.PUSHES_MAX]
    return Result(value=True)


TYPE = "WRONG_AUTH_TYPE"

ROWS = (
    Method(
        "pull.application.config.get",
        _config,
        SCOPES,
        documented(f"{PAGE}/pull-application-config-get"),
        TYPE,
    ),
    Method(
        "pull.application.event.add",
        _event_add,
        SCOPES,
        documented(f"{PAGE}/pull-application-event-add"),
        TYPE,
    ),
    Method(
        "pull.application.push.add",
        _push_add,
        SCOPES,
        documented(f"{PAGE}/pull-application-push-add"),
        TYPE,
    ),
)
