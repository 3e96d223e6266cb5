"""What a call to an event handler says.

Source: b24restdocs: api-reference/events/index.md, api-reference/common/events/*.md,
local-integrations/local-webhooks.md.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from b24_emulator import php
from b24_emulator.access import STATUS, Application
from b24_emulator.event_names import INSTALLED, OFFLINE_NOTICE, PAID, REMOVED, UPDATED

if TYPE_CHECKING:
    from b24_emulator.online import Delivery
    from b24_emulator.portal import Portal

Pairs = tuple[tuple[str, str | int], ...]
WITHOUT_TOKENS = {REMOVED, PAID}
WITH_REFRESH = {OFFLINE_NOTICE, INSTALLED, UPDATED}
"""Event pages show a refresh token oftener than it comes; the overview names these."""


def message(portal: "Portal", delivery: "Delivery") -> list[tuple[str, object]]:
    """The call's parameters; PHP's encoder leaves an empty `data` out (inferred)."""
    binding = delivery.binding
    fields = {f"data[FIELDS][{name}]": value for name, value in delivery.subject}
    data = {f"data{name}": value for name, value in delivery.data}
    auth = {f"auth[{name}]": value for name, value in _auth(portal, delivery).items()}
    head = {"event": binding.event, "event_handler_id": binding.number}
    return list({**head, **fields, **data, "ts": int(portal.now_s), **auth}.items())


def in_brackets(value: Any, path: str = "") -> Pairs:  # Any: JSON
    """A tree as PHP's encoder names its leaves: `[QUERY][any]`."""
    return tuple(_leaves(value, path))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str | int]]:  # Any: JSON
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in rows:
            yield from _leaves(inner, f"{path}[{key}]")
    elif value is not None:
        yield path, int(value) if isinstance(value, bool | int) else str(value)


def _auth(portal: "Portal", delivery: "Delivery") -> dict[str, object]:
    application = portal.access.applications.get(delivery.binding.client_id)
    rest = f"{portal.origin}/rest/"
    return {
        **(_tokens(portal, application, delivery) if application else {}),
        "domain": urlsplit(portal.origin).netloc,
        "server_endpoint": rest,
        "client_endpoint": rest,
        "member_id": portal.access.member_id,
        "application_token": delivery.token or (application.token if application else ""),
    }


def _tokens(portal: "Portal", application: Application, delivery: "Delivery") -> dict[str, object]:
    """Tokens of the binding's own user, else of who did it; none if nobody knows who that is."""
    event, own = delivery.binding.event, delivery.binding.auth_type
    user_id = delivery.user_id if own == "0" else own
    if not user_id.isdecimal() or php.integer(user_id) not in portal.tables["user"].rows:
        return {}
    if event in WITHOUT_TOKENS:
        return {}
    expires_s = portal.now_s + portal.token_life_s
    events = portal.chances.events
    access = portal.access.grant_access(application, events, expires_s, user_id)
    tokens = {
        "access_token": access.text,
        "expires": int(expires_s),
        "expires_in": int(portal.token_life_s),
        "scope": ",".join(application.scopes),
        "status": STATUS,
        "user_id": user_id,
    }
    if event in WITH_REFRESH:
        refresh = portal.access.grant_refresh(application, events, portal.now_s)
        tokens["refresh_token"] = refresh.text
    return tokens
