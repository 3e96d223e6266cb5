"""Push & Pull on the wire: where an application listens, and what it is told.

Source: b24restdocs: settings/interactivity/**. Any message is taken for word of a change: how
the portal names that is not public.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sverka.asks import Answered, Response

ENDS = {"channel_expire", "config_expire", "server_restart"}
"""Commands of module `pull` after which the configuration is to be asked for again."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Where and from which message on we listen.

    Attributes:
        mid: The last message that we have, `""` before the first answer.
    """

    root: str
    query: Mapping[str, str]
    mid: str = ""

    @property
    def url(self) -> str:
        known = {"mid": self.mid} if self.mid else {}
        return f"{self.root}?{urlencode({**self.query, **known})}"


def decode_config(config: Any) -> Ear | None:  # Any: JSON
    """Where to listen; None if the configuration names no place for long polling."""
    try:
        server, channels = config["server"], config["channels"]
        # The portal misspells it; older ones do not.
        root = server.get("long_pooling_secure") or server["long_polling_secure"]
        ids = [str(channel["id"]) for channel in channels.values()]
    except (KeyError, TypeError, AttributeError):
        return None
    query = {"CHANNEL_ID": "/".join(ids), "format": "json"}
    if client := config.get("clientId"):
        query["clientId"] = str(client)
    return Ear(str(root), query) if ids else None


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer of the push server.

    Attributes:
        ear: Where to listen next, None if the configuration is to be asked for again.
        trouble: Why it is no answer, `""` if it is one.
    """

    ear: Ear | None = None
    is_news: bool = False
    trouble: str = ""


def decode_answer(ear: Ear, answer: Answered) -> Heard:
    if not isinstance(answer, Response):
        return Heard(trouble=answer.reason)
    if answer.status == 304:
        return Heard(_further(ear, answer.headers.get("last-message-id")))
    messages = _messages(answer.body) if answer.status == 200 else None
    if messages is None:
        return Heard(trouble=f"the push server answers HTTP {answer.status} without messages")
    if any(_is_end(message) for message in messages):
        return Heard(is_news=True)
    last = str(messages[-1]["mid"]) if messages else answer.headers.get("last-message-id")
    return Heard(_further(ear, last), is_news=bool(messages))


def _further(ear: Ear, mid: str | None) -> Ear:
    return replace(ear, mid=mid) if mid else ear


def _messages(body: bytes) -> Sequence[Mapping[str, Any]] | None:  # Any: JSON
    try:
        rows = json.loads(body) if body else []
    except ValueError:
        return None
    fits = isinstance(rows, list) and all(
        isinstance(row, dict) and "mid" in row and isinstance(row.get("text"), dict) for row in rows
    )
    return rows if fits else None


def _is_end(message: Mapping[str, Any]) -> bool:  # Any: JSON
    text = message["text"]
    return text.get("module_id") == "pull" and text.get("command") in ENDS
