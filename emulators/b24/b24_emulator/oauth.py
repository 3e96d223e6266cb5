"""The OAuth server's door: `/oauth/token/`. Source: b24restdocs: settings/oauth/*.md."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from b24_emulator.access import STATUS, Application, Token
from b24_emulator.refusals import PortalRefusal

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent


def token_answer(portal: "Portal", params: Sent) -> dict[str, object]:
    """Answer of the token endpoint to a refresh; there is no envelope around it.

    Raises:
        PortalRefusal: In the OAuth server's words; an unknown client is refused with HTTP 200.
    """
    if params.get("grant_type") != "refresh_token":
        raise PortalRefusal("invalid_request", "Grant type is missing or not supported")
    application = _application(portal, params)
    present = portal.access.refresh_tokens.get(str(params.get("refresh_token") or ""))
    if not params.get("refresh_token"):
        raise PortalRefusal("invalid_request", "The refresh token is missing")
    if present is None or present.client_id != application.client_id:
        raise PortalRefusal("invalid_grant", "Invalid refresh token")
    if present.expires_s <= portal.now_s:
        raise PortalRefusal("invalid_grant", "The refresh token has expired")
    return _granted(portal, application, present)


def _application(portal: "Portal", params: Sent) -> Application:
    application = portal.access.applications.get(str(params.get("client_id") or ""))
    if application is None:
        # The body has `error` only (observed: b24pysdk: PY/errors/oauth.py).
        raise PortalRefusal("wrong_client", "", 200)
    if application.client_secret != params.get("client_secret"):
        raise PortalRefusal("invalid_client", "Invalid client credentials")
    return application


def _granted(portal: "Portal", application: Application, present: Token) -> dict[str, object]:
    secrets = portal.chances.secrets
    expires_s = portal.now_s + portal.token_life_s
    access = portal.access.grant_access(application, secrets, expires_s)
    refresh = portal.access.grant_refresh(application, secrets, portal.now_s)
    if not portal.switches.old_refresh_token_lives:
        del portal.access.refresh_tokens[present.text]
    rest = f"{portal.origin}/rest/"
    return {
        "access_token": access.text,
        "expires": int(expires_s),
        "expires_in": int(portal.token_life_s),
        "scope": ",".join(application.scopes),
        # The OAuth server's host, not the portal's; here both are one.
        "domain": urlsplit(portal.origin).netloc,
        "server_endpoint": rest,
        "status": STATUS,
        "client_endpoint": rest,
        "member_id": portal.access.member_id,
        "user_id": int(application.user_id),
        "refresh_token": refresh.text,
    }
